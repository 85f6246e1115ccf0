// SPDX-License-Identifier: GPL-3.0-or-later
//
// words.ts - every word of the page in four languages; English is the
// authority.  A missing one does not compile.
import { phrases, type Phrase } from "./phrases";
import { whereIn } from "./where";

const en = {
	lang: "English", title: "Truce", map: "Map", incidents: "Incidents",
	findings: "Findings", obligations: "Obligations", health: "Sensors",
	shown: "{n} of {m} shown", live: "live", lost: "connection lost",
	pinned: "as known at entry {n}", time: "Time", kind: "Kind",
	count: "Count", place: "Place", error: "Error", status: "Status",
	clause: "Clause", verdict: "Verdict", probability: "Probability",
	grade: "Grade", party: "Party", source: "Source", state: "State",
	why: "Why", from: "From", to: "To", whole: "Whole period", day: "24 h",
	hour: "1 h", sixHours: "6 h", close: "Close", evidence: "Evidence",
	silent: "Silent, though working", flips: "Would flip", none: "none",
	open: "Link", version: "Version", entry: "Log entry", log: "Log",
	watched: "watched", partly: "partly watched", unwatched: "not watched",
	coverage: "Could an explosion be heard? {t}", theme: "Light or dark",
	utc: "UTC", local: "Mission time", unplaced: "without a place",
	download: "Download", failed: "Not loaded", empty: "Nothing recorded. "
		+ "Where it was not watched, that says nothing.",
	radius: "± {n} m (90 %)", unknownFilter: "Not understood in the address: "
		+ "{s}", conflict: "conflict", byWhom: "side not determined",
	cut: "Only the first {n} are drawn: choose a shorter time",
	table: "as a table", act: "What is owed", due: "Due",
	traced: "How it was judged",
	picture: "Evidence, as a picture", audit: "Check the log",
	key: "The log’s key, as you got it on paper", check: "Check",
	checking: "Checking: {s}", cannot: "A page cannot vouch for its own server. "
		+ "From elsewhere: truce audit {s}",
};
export type Word = keyof typeof en;

const uk: Record<Word, string> = {
	lang: "Українська", title: "Truce", map: "Мапа", incidents: "Події",
	findings: "Висновки", obligations: "Зобов’язання", health: "Датчики",
	shown: "показано {n} з {m}", live: "наживо", lost: "зв’язок втрачено",
	pinned: "як було відомо на запис {n}", time: "Час", kind: "Вид",
	count: "Кількість", place: "Місце", error: "Похибка", status: "Стан",
	clause: "Пункт", verdict: "Висновок", probability: "Імовірність",
	grade: "Тяжкість", party: "Сторона", source: "Джерело", state: "Стан",
	why: "Чому", from: "Від", to: "До", whole: "Увесь період", day: "24 год",
	hour: "1 год", sixHours: "6 год", close: "Закрити", evidence: "Докази",
	silent: "Мовчали, хоча працювали", flips: "Змінило б висновок",
	none: "немає", open: "Посилання", version: "Версія",
	entry: "Запис журналу", log: "Журнал", watched: "під спостереженням",
	partly: "частково", unwatched: "без спостереження",
	coverage: "Чи було б чути вибух? {t}", theme: "Світла чи темна",
	utc: "UTC", local: "Час місії", unplaced: "без місця",
	download: "Завантажити", failed: "Не завантажено",
	empty: "Нічого не зафіксовано. Де не спостерігали, це нічого не означає.",
	radius: "± {n} м (90 %)", unknownFilter: "Не зрозуміло в адресі: {s}",
	conflict: "суперечність", byWhom: "сторону не встановлено",
	cut: "Показано лише перші {n}: виберіть коротший час",
	table: "таблицею", act: "Що належить зробити", due: "Строк",
	traced: "Як оцінено",
	picture: "Докази на малюнку", audit: "Перевірити журнал",
	key: "Ключ журналу, який ви отримали на папері", check: "Перевірити",
	checking: "Перевірка: {s}", cannot: "Сторінка не може ручатися за власний "
		+ "сервер. З іншого місця: truce audit {s}",
};

const ru: Record<Word, string> = {
	lang: "Русский", title: "Truce", map: "Карта", incidents: "События",
	findings: "Выводы", obligations: "Обязательства", health: "Датчики",
	shown: "показано {n} из {m}", live: "в реальном времени",
	lost: "связь потеряна", pinned: "как было известно на запись {n}",
	time: "Время", kind: "Вид", count: "Количество", place: "Место",
	error: "Погрешность", status: "Состояние", clause: "Пункт",
	verdict: "Вывод", probability: "Вероятность", grade: "Тяжесть",
	party: "Сторона", source: "Источник", state: "Состояние",
	why: "Почему", from: "От", to: "До", whole: "Весь период", day: "24 ч",
	hour: "1 ч", sixHours: "6 ч", close: "Закрыть",
	evidence: "Доказательства", silent: "Молчали, хотя работали",
	flips: "Изменило бы вывод", none: "нет", open: "Ссылка",
	version: "Версия", entry: "Запись журнала", log: "Журнал",
	watched: "под наблюдением", partly: "частично",
	unwatched: "без наблюдения", coverage: "Был бы слышен взрыв? {t}",
	theme: "Светлая или тёмная", utc: "UTC", local: "Время миссии",
	unplaced: "без места", download: "Скачать", failed: "Не загружено",
	empty: "Ничего не зафиксировано. Где не наблюдали, это ничего не значит.",
	radius: "± {n} м (90 %)", unknownFilter: "Не понято в адресе: {s}",
	conflict: "противоречие", byWhom: "сторона не установлена",
	cut: "Показаны лишь первые {n}: выберите меньшее время",
	table: "таблицей", act: "Что причитается", due: "Срок",
	traced: "Как оценено",
	picture: "Доказательства на рисунке", audit: "Проверить журнал",
	key: "Ключ журнала, полученный вами на бумаге", check: "Проверить",
	checking: "Проверка: {s}", cannot: "Страница не может ручаться за свой же "
		+ "сервер. Из другого места: truce audit {s}",
};

const fr: Record<Word, string> = {
	lang: "Français", title: "Truce", map: "Carte", incidents: "Incidents",
	findings: "Constats", obligations: "Obligations", health: "Capteurs",
	shown: "{n} sur {m} affichés", live: "en direct",
	lost: "connexion perdue", pinned: "tel que connu à l’entrée {n}",
	time: "Heure", kind: "Nature", count: "Nombre", place: "Lieu",
	error: "Erreur", status: "État", clause: "Clause", verdict: "Constat",
	probability: "Probabilité", grade: "Gravité", party: "Partie",
	source: "Source", state: "État", why: "Pourquoi", from: "De", to: "À",
	whole: "Toute la période", day: "24 h", hour: "1 h", sixHours: "6 h",
	close: "Fermer", evidence: "Preuves",
	silent: "Silencieux, bien qu’en marche", flips: "Changerait le constat",
	none: "aucun", open: "Lien", version: "Version",
	entry: "Entrée du journal", log: "Journal", watched: "surveillé",
	partly: "en partie surveillé", unwatched: "non surveillé",
	coverage: "Une explosion serait-elle entendue ? {t}",
	theme: "Clair ou sombre", utc: "UTC", local: "Heure de la mission",
	unplaced: "sans lieu", download: "Télécharger", failed: "Non chargé",
	empty: "Rien d’enregistré. Là où l’on n’a pas surveillé, cela ne dit "
		+ "rien.",
	radius: "± {n} m (90 %)",
	unknownFilter: "Non compris dans l’adresse : {s}", conflict: "conflit",
	byWhom: "partie non déterminée",
	cut: "Seuls les {n} premiers sont dessinés : choisissez moins de temps",
	table: "en tableau", act: "Ce qui est dû", due: "Échéance",
	traced: "Comment c’est jugé",
	picture: "Les preuves en image", audit: "Vérifier le journal",
	key: "La clé du journal, reçue sur papier", check: "Vérifier",
	checking: "Vérification : {s}", cannot: "Une page ne peut pas se porter "
		+ "garante de son propre serveur. D’ailleurs : truce audit {s}",
};

export const catalogues = { en, uk, ru, fr } as const;
export type Lang = keyof typeof catalogues;

/** Words of records (kinds, verdicts, states): as CONTRACT spells them. */
const records: Record<string, [string, string, string]> = {
	explosion: ["вибух", "взрыв", "explosion"],
	shot: ["постріл", "выстрел", "coup de feu"],
	burst: ["черга", "очередь", "rafale"],
	projectile: ["снаряд", "снаряд", "projectile"],
	muzzle_flash: ["дульний спалах", "дульная вспышка", "lueur de départ"],
	flare: ["освітлювальна ракета", "осветительная ракета",
		"fusée éclairante"],
	fire: ["пожежа", "пожар", "incendie"],
	flight: ["політ", "полёт", "vol"], vessel: ["судно", "судно", "navire"],
	vehicle: ["транспортний засіб", "транспортное средство", "véhicule"],
	weapon: ["озброєння", "вооружение", "arme"],
	damage: ["пошкодження", "повреждение", "dommage"],
	casualty: ["постраждалі", "пострадавшие", "victime"],
	earthquake: ["землетрус", "землетрясение", "séisme"],
	thunder: ["грім", "гром", "tonnerre"],
	quarry_blast: ["вибух у кар’єрі", "взрыв в карьере", "tir de carrière"],
	fireworks: ["феєрверк", "фейерверк", "feu d’artifice"],
	sonic_boom: ["звуковий удар", "звуковой удар", "bang supersonique"],
	unknown: ["невідомо", "неизвестно", "inconnu"],
	breach: ["порушення", "нарушение", "violation"],
	no_breach: ["немає порушення", "нет нарушения", "pas de violation"],
	undetermined: ["не визначено", "не определено", "indéterminé"],
	not_applicable: ["не застосовується", "не применяется", "sans objet"],
	conflict: ["колізія", "коллизия", "conflit"],
	automatic: ["автоматично", "автоматически", "automatique"],
	associated: ["пов’язано", "связано", "associé"],
	reviewed: ["перевірено", "проверено", "vérifié"],
	rejected: ["відхилено", "отклонено", "rejeté"],
	published: ["оприлюднено", "опубликовано", "publié"],
	withdrawn: ["відкликано", "отозвано", "retiré"],
	corrected: ["виправлено", "исправлено", "corrigé"],
	minor: ["незначне", "незначительное", "mineure"],
	serious: ["серйозне", "серьёзное", "sérieuse"],
	grave: ["тяжке", "тяжкое", "grave"],
	exact: ["", "", ""], about: ["близько", "около", "environ"],
	at_least: ["щонайменше", "не менее", "au moins"],
	over: ["понад", "свыше", "plus de"],
	range: ["діапазон", "диапазон", "fourchette"],
	uncountable: ["незліченно", "не поддаётся счёту", "innombrable"],
	up: ["працює", "работает", "en service"],
	degraded: ["погіршено", "ухудшено", "dégradé"],
	"chain broken": ["ланцюг порушено", "цепь нарушена", "chaîne rompue"],
	clipped: ["сигнал обрізано", "сигнал ограничен", "signal écrêté"],
	"clock drift": ["дрейф годинника", "дрейф часов", "dérive d’horloge"],
	"clock in GPS time": ["годинник за часом GPS", "часы по времени GPS",
		"horloge à l’heure GPS"],
	"clock in TAI": ["годинник за TAI", "часы по TAI", "horloge à l’heure TAI"],
	"clock in doubt": ["сумнів щодо годинника", "сомнение в часах",
		"horloge douteuse"],
	"clock off by a time zone": ["годинник зсунуто на часовий пояс",
		"часы сдвинуты на часовой пояс",
		"horloge décalée d’un fuseau horaire"],
	"clock off by whole weeks": ["годинник зсунуто на цілі тижні",
		"часы сдвинуты на целые недели",
		"horloge décalée de semaines entières"],
	"clock offset": ["зсув годинника", "сдвиг часов", "décalage d’horloge"],
	"clock or path": ["годинник або шлях звуку", "часы или путь звука",
		"horloge ou trajet du son"],
	"clock or place wrong": ["хибний годинник або місце",
		"неверны часы или место",
		"horloge ou position fausse"],
	"clock step": ["стрибок годинника", "скачок часов", "saut d’horloge"],
	"clock step, or moved": ["стрибок годинника або переміщення",
		"скачок часов или перемещение",
		"saut d’horloge, ou déplacement"],
	demining: ["розмінування", "разминирование", "déminage"],
	training: ["навчання", "учения", "entraînement"],
	movement: ["пересування", "перемещение", "mouvement"],
	query: ["запит", "запрос", "demande"],
	dead: ["датчик мовчить", "датчик молчит", "capteur muet"],
	"flood of picks": ["потік хибних вступів", "поток ложных вступлений",
		"afflux d’arrivées"],
	"frames missing": ["бракує кадрів", "не хватает кадров",
		"trames manquantes"],
	"gain changed": ["змінилася чутливість", "изменилась чувствительность",
		"sensibilité modifiée"],
	"key used twice": ["ключ ужито двічі", "ключ использован дважды",
		"clé employée deux fois"],
	"leap second missed": ["пропущено додаткову секунду", "пропущена дополнительная секунда",
		"seconde intercalaire manquée"],
	moved: ["переміщено", "перемещён", "déplacé"],
	"place wrong": ["хибне місце", "неверное место", "position fausse"],
	"polarity reversed": ["обернена полярність", "обратная полярность",
		"polarité inversée"],
	restarted: ["перезапущено", "перезапущен", "redémarré"],
	"signal looped or replayed": ["сигнал повторюється", "сигнал повторяется",
		"signal répété ou rejoué"],
	"stated place jumped": ["заявлене місце стрибнуло", "заявленное место скакнуло",
		"position déclarée qui saute"],
	stuck: ["сигнал завмер", "сигнал застыл", "signal figé"],
	swapped: ["датчики переплутано", "датчики перепутаны",
		"capteurs intervertis"],
	"no data": ["немає даних", "нет данных", "pas de données"],
	reasonable: ["розумні підстави", "разумные основания",
		"motifs raisonnables"],
	clear: ["ясне й переконливе", "ясное и убедительное",
		"clair et convaincant"],
	down: ["не працює", "не работает", "hors service"],
	quarantined: ["під сумнівом", "под сомнением", "mis en doute"],
	open: ["відкрито", "открыто", "ouverte"],
	other: ["інше", "иное", "autre"],
	new: ["нове", "новое", "nouveau"],
	claimed: ["узято", "взято", "pris"],
	needs_more: ["бракує даних", "нужно больше", "à compléter"],
	proposed: ["запропоновано", "предложено", "proposé"],
	decided: ["вирішено", "решено", "décidé"],
	disputed: ["оскаржено", "оспорено", "contesté"],
	confirm: ["підтвердити", "подтвердить", "confirmer"],
	reject: ["відхилити", "отклонить", "rejeter"],
	note: ["примітка", "примечание", "note"],
	amend: ["виправити", "исправить", "amender"],
	merge: ["об’єднати", "объединить", "fusionner"],
	split: ["розділити", "разделить", "séparer"],
	link: ["пов’язати", "связать", "lier"],
	publish: ["оприлюднити", "опубликовать", "publier"],
	withdraw: ["відкликати публікацію", "отозвать публикацию",
		"retirer la publication"],
	reply: ["відповідь", "ответ", "réponse"],
	confirms: ["підтверджує", "подтверждает", "confirme"],
	denies: ["заперечує", "отрицает", "nie"],
	comments: ["коментує", "комментирует", "commente"],
	analyst: ["аналітик", "аналитик", "analyste"],
	reviewer: ["рецензент", "рецензент", "réviseur"],
	chief: ["голова", "глава", "chef"],
	liaison: ["зв’язковий", "офицер связи", "liaison"],
	guarantor: ["гарант", "гарант", "garant"],
	reporter: ["доповідач", "докладчик", "rapporteur"],
	auditor: ["аудитор", "аудитор", "auditeur"],
	acknowledge: ["визнати", "признать", "reconnaître"],
	decide: ["вирішити", "решить", "décider"],
	fulfil: ["виконати", "исполнить", "remplir"],
	decline: ["відмовити", "отказать", "décliner"],
	contest: ["оскаржити", "оспорить", "contester"],
	acknowledged: ["визнано", "признано", "reconnue"],
	fulfilled: ["виконано", "исполнено", "remplie"],
	declined: ["відмовлено", "отказано", "déclinée"],
	lapsed: ["минуло", "истекло", "échue"],
	"not stated": ["не вказано", "не указано", "non précisée"],
	no_trigger: ["умови немає", "условия нет", "sans déclencheur"],
	no_pledge: ["зобов’язання немає", "обязательства нет", "sans engagement"],
	not_endorsed: ["не підтримано", "не поддержано", "non appuyé"],
	endorsement_withheld: ["у підтримці відмовлено", "в поддержке отказано",
		"appui refusé"],
	no_source: ["без джерела", "без источника", "sans source"],
	no_instrument: ["без документа", "без документа", "sans instrument"],
	account_over: ["рахунок перевищено", "счёт превышен", "compte dépassé"],
	suspended: ["зупинено", "приостановлено", "suspendu"],
	mentioned: ["згадано", "упомянуто", "mentionné"],
	draft: ["проєкт", "проект", "projet"],
	announced: ["оголошено", "объявлено", "annoncé"],
	endorsed: ["підтримано", "поддержано", "appuyé"],
	signed: ["підписано", "подписано", "signé"],
	ratified: ["ратифіковано", "ратифицировано", "ratifié"],
	in_force: ["чинне", "в силе", "en vigueur"],
	ended: ["припинено", "прекращено", "terminé"],
	committed: ["обіцяно", "обещано", "promis"],
	allocated: ["виділено", "выделено", "alloué"],
	delivered: ["доставлено", "доставлено", "livré"],
	verified: ["перевірено", "проверено", "vérifié"],
	heard: ["чули", "слышали", "entendu"],
	saw: ["бачили", "видели", "vu"],
	recorded: ["записано", "записано", "enregistré"],
	silent: ["мовчав", "молчал", "muet"],
	late: ["пізно", "поздно", "tard"],
	acoustic: ["акустика", "акустика", "acoustique"],
	seismic: ["сейсміка", "сейсмика", "sismique"],
	infrasound: ["інфразвук", "инфразвук", "infrasons"],
	radar: ["радар", "радар", "radar"],
	heat: ["тепло", "тепло", "chaleur"],
	image: ["зображення", "изображение", "image"],
	track: ["траєкторія", "траектория", "trajectoire"],
	witness: ["свідок", "свидетель", "témoin"],
	drone: ["дрон", "дрон", "drone"],
	party: ["сторона", "сторона", "partie"],
	patrol: ["патруль", "патруль", "patrouille"],
	satellite: ["супутник", "спутник", "satellite"],
	weather: ["погода", "погода", "météo"],
	camera: ["камера", "камера", "caméra"],
	mic: ["мікрофон", "микрофон", "microphone"],
	near: ["поблизу", "рядом", "près de"],
	impact_of: ["влучання від", "попадание от", "impact de"],
	shock_of: ["ударна хвиля від", "ударная волна от", "onde de choc de"],
	part_of: ["частина", "часть", "partie de"],
	echo_of: ["відлуння від", "эхо от", "écho de"],
	replaces: ["замінює", "заменяет", "remplace"],
	split_from: ["відділено від", "отделено от", "séparé de"],
	incident: ["подія", "событие", "incident"],
	finding: ["висновок", "вывод", "constat"],
	obligation: ["зобов’язання", "обязательство", "obligation"],
	claim: ["заява", "заявление", "déclaration"],
	activity: ["повідомлення", "уведомление", "avis"],
	source: ["джерело", "источник", "source"],
	place: ["місце", "место", "lieu"],
	clause: ["пункт", "пункт", "clause"],
	jamming: ["глушіння", "глушение", "brouillage"],
	spoofing: ["підміна сигналу", "подмена сигнала", "leurrage"],
	denial: ["відмова в доступі", "отказ в доступе", "refus d’accès"],
	delay: ["затримка", "задержка", "retard"],
	outage: ["втрата сигналу", "потеря сигнала", "perte de signal"],
	tampering: ["втручання в обладнання", "вмешательство в оборудование",
		"altération"],
	obstruction: ["перешкоджання", "препятствование", "entrave"],
	impact: ["влучання", "попадание", "impact"],
	outgoing: ["вихідний", "исходящий", "départ"],
	incoming: ["вхідний", "входящий", "arrivée"],
	airburst: ["розрив у повітрі", "разрыв в воздухе", "explosion aérienne"],
	signal: ["перешкоди", "помехи", "brouillage"],
	tank: ["танк", "танк", "char"],
	mlrs: ["РСЗВ", "РСЗО", "lance-roquettes multiple"],
	artillery: ["артилерія", "артиллерия", "artillerie"],
	mortar: ["міномет", "миномёт", "mortier"],
	missile: ["ракета", "ракета", "missile"],
	apc: ["БТР", "БТР", "véhicule blindé de transport de troupes"],
	ifv: ["БМП", "БМП", "véhicule de combat d’infanterie"],
	anti_tank: ["протитанкова зброя", "противотанковое оружие",
		"arme antichar"],
	air_defence: ["засіб ППО", "средство ПВО", "défense antiaérienne"],
	machine_gun: ["кулемет", "пулемёт", "mitrailleuse"],
	small_arms: ["стрілецька зброя", "стрелковое оружие", "armes légères"],
	grenade_launcher: ["гранатомет", "гранатомёт", "lance-grenades"],
	uav: ["БПЛА", "БПЛА", "drone"],
	aircraft: ["літак", "самолёт", "avion"],
	helicopter: ["вертоліт", "вертолёт", "hélicoptère"],
	mine: ["міна", "мина", "mine"],
};

/** One of the records' own words, whose "_" is a blank to people. */
export const isRecord = (word: string): boolean => word in records;

/** Where a record's own word says too little on a button. */
const english: Record<string, string> = {
	withdraw: "withdraw the publication",
};

const PLACES = { en: 0, uk: 1, ru: 2, fr: 3 } as const;

export class Tongue {
	constructor(readonly lang: Lang) {}

	say(word: Word | Phrase, values: Record<string, string | number> = {}):
	string {
		const said = word in phrases
			? phrases[word as Phrase][PLACES[this.lang]]
			: catalogues[this.lang][word as Word];
		return said.replace(/\{(\w+)\}/g,
			(_, k: string) => String(values[k] ?? ""));
	}

	/** One of four forms by the rule of the language (CLDR): "one|few|many|
	 * other"; English and French give "one|other". */
	plural(word: Word | Phrase, n: number): string {
		const forms = this.say(word, { n: "{n}" }).split("|");
		const is = new Intl.PluralRules(this.lang).select(n);
		const at = forms.length === 2 ? is === "one" ? 0 : 1
			: ["one", "few", "many"].indexOf(is);
		return (forms[at < 0 ? forms.length - 1 : at] ?? "")
			.replace("{n}", this.number(n));
	}

	/** A unit as it is written in this language's letters. */
	unit(of: "m" | "km" | "s" | "ms" | "MW" | "kB" | "dB" | "Hz" | "K"): string {
		return this.lang === "uk" || this.lang === "ru" ? { m: "м", km: "км",
			s: "с", ms: "мс", MW: "МВт", dB: "дБ", Hz: "Гц", K: "К",
			kB: this.lang === "uk" ? "кБ" : "КБ" }[of]
			: this.lang === "fr" && of === "kB" ? "Ko" : of;
	}

	/** The phrase of a place, out of a record. */
	place(phrase: unknown): string {
		return typeof phrase === "string" ? whereIn(phrase, this.lang) : "";
	}

	/** A word out of a record. */
	record(word: string): string {
		const at = PLACES[this.lang] - 1;
		if (at < 0 && english[word])
			return english[word];
		return records[word]?.[at] ?? (at >= 0 && records[word]?.[at] === ""
			? "" : word === "exact" ? "" : word.replaceAll("_", " "));
	}

	/** "99.2", with a comma where the language has one; never "-0.0". */
	fixed(n: number, digits: number): string {
		if (!Number.isFinite(n))
			return "–";
		const s = n.toFixed(digits).replace("-", "−");
		return (/[1-9]/.test(s) ? s : s.replace("−", "")).replace(".",
			this.lang === "en" ? "." : ",");
	}

	number(n: number): string {
		return new Intl.NumberFormat(this.lang).format(n);
	}
}

export const tongueOf = (lang: string | null): Tongue =>
	new Tongue(lang && lang in catalogues ? lang as Lang
		: (navigator.languages.map((l) => l.slice(0, 2))
			.find((l) => l in catalogues) ?? "en") as Lang);
