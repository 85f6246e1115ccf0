/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/phrases.h"

#include <string.h>

struct phrase {
	const char *en, *uk, *ru, *fr;
};

/* By the bytes of the English. */
static const struct phrase phrases[] = {
	{
		" (a clause with a duty is gone)",
		" (зник пункт з обов’язком)",
		" (исчез пункт с обязанностью)",
		" (une clause avec un devoir a disparu)",
	},
	{
		" (a promise is gone: {0})",
		" (зникла обіцянка: {0})",
		" (исчезло обещание: {0})",
		" (une promesse a disparu : {0})",
	},
	{
		" (leaves a way out: {0})",
		" (лишає лазівку: {0})",
		" (оставляет лазейку: {0})",
		" (laisse une échappatoire : {0})",
	},
	{
		" (“{0}” where “{1}” stood)",
		" («{0}» там, де було «{1}»)",
		" («{0}» там, где было «{1}»)",
		" (« {0} » là où figurait « {1} »)",
	},
	{
		"(a statement that is not shown here)",
		"(заява, якої тут не показано)",
		"(заявление, которое здесь не показано)",
		"(une déclaration qui n’est pas montrée ici)",
	},
	{
		"(has not endorsed it)",
		"(не підтримано)",
		"(не поддержано)",
		"(non appuyé)",
	},
	{
		"(no reply until {0})",
		"(відповіді до {0} не надійшло)",
		"(ответа до {0} не поступило)",
		"(pas de réponse avant {0})",
	},
	{
		"(no reply yet; may reply until {0})",
		"(ще без відповіді; час на неї — до {0})",
		"(пока без ответа; срок для него — до {0})",
		"(pas encore de réponse ; délai jusqu’à {0})",
	},
	{
		"(no statement)",
		"(заяви немає)",
		"(заявления нет)",
		"(pas de déclaration)",
	},
	{
		"(withholds endorsement)",
		"(у підтримці відмовлено)",
		"(в поддержке отказано)",
		"(appui refusé)",
	},
	{
		"1 {0}",
		"1 {0}",
		"1 {0}",
		"1 {0}",
	},
	{
		"A count keeps its word. A sum with “at least” is "
			"“at least”; what could not be counted adds no "
			"number and is named apart. Two periods are "
			"compared only where their coverage differs by no "
			"more than 10 points.",
		"Число зберігає своє слово. Сума з «щонайменше» є "
			"«щонайменше»; чого не вдалося порахувати, не "
			"додає числа й назване окремо. Два періоди "
			"порівнюють лише там, де спостереження різниться "
			"не більш як на 10 п. п.",
		"Число сохраняет своё слово. Сумма с «не менее» "
			"есть «не менее»; что нельзя было подсчитать, не "
			"добавляет числа и названо отдельно. Два периода "
			"сравнивают лишь там, где наблюдение различается "
			"не более чем на 10 п. п.",
		"Un nombre garde son mot. Une somme avec « au "
			"moins » est « au moins » ; ce qui n’a pu être "
			"compté n’ajoute rien et est nommé à part. Deux "
			"périodes ne se comparent que si leur surveillance "
			"diffère d’au plus 10 points.",
	},
	{
		"A deadline runs from the time of the first breach, which "
			"is known within an interval; so is the deadline. "
			"The program opens, shows and remembers; it decides "
			"nothing.",
		"Строк іде від часу першого порушення, відомого в межах "
			"проміжку; тому й строк є проміжком. Програма "
			"відкриває, показує й пам’ятає; вона нічого не "
			"вирішує.",
		"Срок идёт от времени первого нарушения, известного в "
			"пределах промежутка; потому и срок есть "
			"промежуток. Программа открывает, показывает и "
			"помнит; она ничего не решает.",
		"Le délai court depuis la première violation, connue à un "
			"intervalle près ; l’échéance aussi. Le programme "
			"ouvre, montre et retient ; il ne décide rien.",
	},
	{
		"A finding measures an incident against the "
			"wording of the agreement. It attributes nothing "
			"beyond what evidence carries; the parties’ "
			"statements stand beside it, and none replaces "
			"another.",
		"Висновок зіставляє інцидент із текстом угоди. Він "
			"нічого не приписує понад те, що несуть докази; "
			"заяви сторін стоять поруч, і жодна не заміняє "
			"іншої.",
		"Вывод сопоставляет инцидент с текстом соглашения. "
			"Он ничего не приписывает сверх того, что несут "
			"доказательства; заявления сторон стоят рядом, и "
			"ни одно не заменяет другого.",
		"Un constat mesure un incident au texte de l’accord. "
			"Il n’attribue rien au-delà de ce que portent les "
			"éléments ; les déclarations des parties figurent à "
			"côté, et aucune n’en remplace une autre.",
	},
	{
		"Agreement",
		"Угода",
		"Соглашение",
		"Accord",
	},
	{
		"All {0} working sensors in range heard it",
		"Усі справні датчики в межах чутності це почули: {0}",
		"Все исправные датчики в пределах слышимости это "
			"услышали: {0}",
		"Les {0} capteurs en service à portée l’ont tous "
			"entendu",
	},
	{
		"Allocated",
		"Виділено",
		"Выделено",
		"Alloué",
	},
	{
		"Anyone with the mission’s log can derive this finding "
			"again: {0}.",
		"Кожен, хто має журнал місії, може вивести цей висновок "
			"знову: {0}.",
		"Каждый, у кого есть журнал миссии, может получить этот "
			"вывод заново: {0}.",
		"Quiconque a le journal de la mission peut obtenir à nouveau "
			"ce constat : {0}.",
	},
	{
		"Article {0}",
		"Стаття {0}",
		"Статья {0}",
		"Article {0}",
	},
	{
		"Article {0}: “{1}”",
		"Стаття {0}: «{1}»",
		"Статья {0}: «{1}»",
		"Article {0} : « {1} »",
	},
	{
		"As of {0}.",
		"Станом на {0}.",
		"По состоянию на {0}.",
		"État au {0}.",
	},
	{
		"Boundaries that the mission chose to have drawn: "
			"{0}. Drawing one acknowledges nothing.",
		"Кордони, які місія вирішила показати: {0}. Показ "
			"нічого не визнає.",
		"Границы, которые миссия решила показать: {0}. "
			"Показ ничего не признаёт.",
		"Limites que la mission a choisi de dessiner : {0}. "
			"Les dessiner ne reconnaît rien.",
	},
	{
		"By whom is undetermined.",
		"Ким: не визначено.",
		"Кем: не определено.",
		"Par qui : indéterminé.",
	},
	{
		"Called up by",
		"Зумовлено",
		"Вызвано",
		"Déclenché par",
	},
	{
		"Check with: {0}",
		"Перевірити: {0}",
		"Проверить: {0}",
		"Vérifier avec : {0}",
	},
	{
		"Columns: incidents of each day. Beneath them: what "
			"share of area and hours was watched for {0}.",
		"Стовпці: інциденти за кожен день. Під ними: яку "
			"частку площі й часу спостерігали ({0}).",
		"Столбцы: инциденты за каждый день. Под ними: какую "
			"долю площади и времени наблюдали ({0}).",
		"Colonnes : incidents de chaque jour. Au-dessous : "
			"part du secteur et des heures surveillée ({0}).",
	},
	{
		"Commitments board, as of {0}.",
		"Дошка гарантій станом на {0}.",
		"Доска гарантий на {0}.",
		"Tableau des engagements, état au {0}.",
	},
	{
		"Committed",
		"Обіцяно",
		"Обещано",
		"Promis",
	},
	{
		"Counted with it: ",
		"Також ураховано: ",
		"Также учтено: ",
		"Pris en compte aussi : ",
	},
	{
		"Coverage is that for {0}, over the whole period.",
		"Показано спостереження за весь період; вид: {0}.",
		"Показано наблюдение за весь период; вид: {0}.",
		"La surveillance est celle de toute la période ; "
			"nature : {0}.",
	},
	{
		"Date",
		"Дата",
		"Дата",
		"Date",
	},
	{
		"Decided by",
		"Хто вирішує",
		"Кто решает",
		"Qui décide",
	},
	{
		"Delivered",
		"Доставлено",
		"Доставлено",
		"Livré",
	},
	{
		"Domain",
		"Сфера",
		"Сфера",
		"Domaine",
	},
	{
		"Draft of it",
		"Проєкт",
		"Проект",
		"Projet",
	},
	{
		"Due",
		"Строк",
		"Срок",
		"Échéance",
	},
	{
		"E",
		"Сх",
		"В",
		"E",
	},
	{
		"Each is scaled by itself to its largest value in "
			"the frame, stated beside it. Grey: not used. Late "
			"by: arrived less expected, in milliseconds and in "
			"standard deviations (σ) of clock, pick, survey, "
			"path and weather together. Pd: probability that a "
			"working sensor there reports such a sound.",
		"Кожен має свій масштаб — за найбільшим значенням у "
			"рамці, зазначеним поруч. Сіре: не вжито. "
			"Запізнення: прийшло мінус очікуване, у мілісекундах "
			"і в стандартних відхиленнях (σ) годинника, вступу, "
			"знімання, шляху й погоди разом. Pd: імовірність, що "
			"справний датчик там повідомить про такий звук.",
		"У каждого свой масштаб — по наибольшему значению в "
			"рамке, указанному рядом. Серое: не использовано. "
			"Запаздывание: пришло минус ожидаемое, в "
			"миллисекундах и в стандартных отклонениях (σ) "
			"часов, вступления, съёмки, пути и погоды вместе. "
			"Pd: вероятность, что исправный датчик там сообщит о "
			"таком звуке.",
		"Chacun a sa propre échelle, celle de sa plus grande "
			"valeur dans le cadre, indiquée à côté. Gris : non "
			"retenu. Retard : arrivée moins heure attendue, en "
			"millisecondes et en écarts types (σ) de l’horloge, "
			"du pointé, du relevé, du trajet et du temps qu’il "
			"fait, ensemble. Pd : probabilité qu’un capteur en "
			"service y signale un tel son.",
	},
	{
		"Endorsed by",
		"Підтримали",
		"Поддержали",
		"Appuyé par",
	},
	{
		"Events set apart",
		"Події, винесені окремо",
		"События, вынесенные отдельно",
		"Événements mis à part",
	},
	{
		"Every record behind this page is in a log whose "
			"root stands above. Whoever holds a copy of the "
			"mission folder, of either party, checks "
			"signatures, hashes and every finding anew with",
		"Кожен запис, що стоїть за цим звітом, є в "
			"журналі, корінь якого наведено вище. Хто має "
			"копію теки місії, будь-яка зі сторін, наново "
			"перевіряє підписи, хеші та кожен висновок командою",
		"Каждая запись, стоящая за этим отчётом, есть в "
			"журнале, корень которого приведён выше. Кто имеет "
			"копию папки миссии, любая из сторон, заново "
			"проверяет подписи, хеши и каждый вывод командой",
		"Chaque enregistrement derrière ce rapport est "
			"dans un journal dont la racine figure ci-dessus. "
			"Quiconque détient une copie du dossier de la "
			"mission, de l’une ou l’autre partie, vérifie à "
			"nouveau signatures, empreintes et chaque constat "
			"par",
	},
	{
		"Exception",
		"Виняток",
		"Исключение",
		"Exception",
	},
	{
		"Explosions",
		"Вибухи",
		"Взрывы",
		"Explosions",
	},
	{
		"Finding on rule {0}",
		"Висновок за правилом {0}",
		"Вывод по правилу {0}",
		"Constat sur la règle {0}",
	},
	{
		"Fires, damage, casualties",
		"Пожежі, пошкодження",
		"Пожары, повреждения",
		"Incendies, dommages",
	},
	{
		"Flights, vessels, vehicles",
		"Польоти, судна, транспорт",
		"Полёты, суда, транспорт",
		"Vols, navires, véhicules",
	},
	{
		"For the public: what is promised, by whom and in which "
			"words. What findings called up and what parties "
			"gave notice of is not shown here, whether there is "
			"any or none.",
		"Для загалу: що обіцяно, ким і якими словами. Чого "
			"вимагають висновки і про що повідомили сторони, "
			"тут не показано, незалежно від того, чи є таке.",
		"Для общественности: что обещано, кем и какими словами. Что "
			"вызвали выводы и о чём уведомили стороны, здесь не "
			"показано, есть оно или нет.",
		"Pour le public : ce qui est promis, par qui et en quels "
			"termes. Ce que les constats ont déclenché et ce "
			"que les parties ont notifié n’est pas montré ici, "
			"qu’il y en ait ou non.",
	},
	{
		"Freedom of movement",
		"Свобода пересування",
		"Свобода передвижения",
		"Liberté de mouvement",
	},
	{
		"From {0} to {1}",
		"Від {0} до {1}",
		"От {0} к {1}",
		"De {0} à {1}",
	},
	{
		"Grade",
		"Тяжкість",
		"Тяжесть",
		"Gravité",
	},
	{
		"How many",
		"Скільки",
		"Сколько",
		"Combien",
	},
	{
		"How the verdict follows",
		"Як обґрунтовано висновок",
		"Как обоснован вывод",
		"Comment le verdict en découle",
	},
	{
		"In doubt",
		"Під сумнівом",
		"Под сомнением",
		"En doute",
	},
	{
		"Incident",
		"Подія",
		"Событие",
		"Incident",
	},
	{
		"Incidents are automatic until reviewed; their "
			"status is given. A later version never overwrites "
			"an earlier one.",
		"Інциденти є автоматичними, доки їх не перевірено; "
			"їхній стан указано. Пізніша версія ніколи не "
			"перезаписує ранішу.",
		"Инциденты автоматические, пока не проверены; их "
			"статус указан. Поздняя версия никогда не "
			"перезаписывает раннюю.",
		"Les incidents sont automatiques jusqu’à leur "
			"revue ; leur statut est donné. Une version "
			"ultérieure n’efface jamais une antérieure.",
	},
	{
		"Incidents in each few hours by their likeliest "
			"time; each row has a scale of its own, to the "
			"maximum beside it.",
		"Інциденти по кількох годинах за найімовірнішим "
			"часом; кожен рядок має власний масштаб, до "
			"максимуму поруч.",
		"Инциденты по нескольким часам по вероятнейшему "
			"времени; у каждой строки свой масштаб, до "
			"максимума рядом.",
		"Incidents par tranche de quelques heures selon "
			"l’instant le plus probable ; chaque ligne a sa "
			"propre échelle, jusqu’au maximum indiqué.",
	},
	{
		"Incidents in each hour by their likeliest time; "
			"each row has a scale of its own, to the maximum "
			"beside it.",
		"Інциденти по годинах за найімовірнішим часом; "
			"кожен рядок має власний масштаб, до максимуму "
			"поруч.",
		"Инциденты по часам по вероятнейшему времени; у "
			"каждой строки свой масштаб, до максимума рядом.",
		"Incidents de chaque heure selon l’instant le plus "
			"probable ; chaque ligne a sa propre échelle, "
			"jusqu’au maximum indiqué.",
	},
	{
		"Instrument",
		"Документ",
		"Документ",
		"Instrument",
	},
	{
		"Instruments",
		"Документи",
		"Документы",
		"Instruments",
	},
	{
		"It would turn to: {0}.",
		"Що змінило б висновок: {0}.",
		"Что изменило бы вывод: {0}.",
		"Ce qui changerait le constat : {0}.",
	},
	{
		"Known by",
		"Звідки відомо",
		"Откуда известно",
		"Connu par",
	},
	{
		"Ladder",
		"Щаблі",
		"Ступени",
		"Échelons",
	},
	{
		"Laid before the parties {0}; the time to reply ended {1}.",
		"Подано сторонам {0}; час на відповідь сплив {1}.",
		"Представлено сторонам {0}; срок для ответа истёк {1}.",
		"Soumis aux parties le {0} ; le délai de réponse a pris fin "
			"le {1}.",
	},
	{
		"Laid before the parties {0}; they may reply until {1}.",
		"Подано сторонам {0}; відповісти можуть до {1}.",
		"Представлено сторонам {0}; ответить могут до {1}.",
		"Soumis aux parties le {0} ; elles peuvent répondre jusqu’au "
			"{1}.",
	},
	{
		"Late by",
		"Запізнення",
		"Запаздывание",
		"Retard",
	},
	{
		"Line",
		"Лінія",
		"Линия",
		"Ligne",
	},
	{
		"Log entry {0}, leaf {1}.",
		"Запис журналу {0}, лист {1}.",
		"Запись журнала {0}, лист {1}.",
		"Entrée du journal {0}, feuille {1}.",
	},
	{
		"Loss of sensors and data",
		"Втрата датчиків і даних",
		"Потеря датчиков и данных",
		"Perte de capteurs et de données",
	},
	{
		"Map: equirectangular projection, true to scale at "
			"its middle latitude, WGS 84. Disputed boundaries "
			"are not drawn. Hues and shapes stand for kinds of "
			"events, never for a side.",
		"Карта: рівнопроміжна проєкція, масштаб точний на "
			"середній широті, WGS 84. Спірних кордонів не "
			"показано. Кольори й форми означають види подій, "
			"ніколи не сторону.",
		"Карта: равнопромежуточная проекция, масштаб точен "
			"на средней широте, WGS 84. Спорные границы не "
			"показаны. Цвета и формы означают виды событий, "
			"никогда не сторону.",
		"Carte : projection équirectangulaire, à l’échelle à "
			"sa latitude moyenne, WGS 84. Les limites contestées "
			"ne sont pas dessinées. Teintes et formes désignent "
			"des natures d’événements, jamais un camp.",
	},
	{
		"Map: {0} incidents",
		"Карта; інцидентів: {0}",
		"Карта; инцидентов: {0}",
		"Carte : {0} incidents",
	},
	{
		"Maps: north is up; distances are true. Shading: "
			"root of the probability per area. Dashed grey: "
			"zones; heavy: the line. All times are UTC, "
			"distances straight. Located anew from the mission's "
			"records; drawn by truce explain from evidence whose "
			"bytes were held against their names.",
		"Карти: північ угорі; відстані істинні. Тон: корінь "
			"з імовірності на площу. Сірий пунктир: зони; жирна: "
			"лінія. Усі часи — UTC, відстані по прямій. "
			"Визначено наново із записів місії; накреслено з "
			"доказів, байти яких звірено з їхніми іменами.",
		"Карты: север вверху; расстояния истинны. Тон: "
			"корень из вероятности на площадь. Серый пунктир: "
			"зоны; жирная: линия. Все времена — UTC, расстояния "
			"по прямой. Определено заново из записей миссии; "
			"начерчено из доказательств, байты которых сверены с "
			"их именами.",
		"Cartes : le nord est en haut, les distances sont "
			"vraies. Teinte : racine de la probabilité par "
			"surface. Gris tireté : zones ; trait épais : la "
			"ligne. Heures en UTC, distances en ligne droite. "
			"Localisé de nouveau à partir des enregistrements de "
			"la mission ; tracé à partir d’éléments dont les "
			"octets ont été confrontés à leurs noms.",
	},
	{
		"N",
		"Пн",
		"С",
		"N",
	},
	{
		"Next update: {0}.",
		"Наступне оновлення: {0}.",
		"Следующее обновление: {0}.",
		"Prochaine mise à jour : {0}.",
	},
	{
		"No activity was notified and no other cause "
			"assessed.",
		"Жодного заходу не заявлено, іншої причини не "
			"встановлено.",
		"Ни одного мероприятия не заявлено, иной причины "
			"не установлено.",
		"Aucune activité notifiée, aucune autre cause "
			"établie.",
	},
	{
		"No coverage is on record: all is drawn as not "
			"watched.",
		"Запису про спостереження немає: усе показано як "
			"неспостережуване.",
		"Записи о наблюдении нет: всё показано как "
			"ненаблюдаемое.",
		"Aucune surveillance n’est enregistrée : tout est "
			"dessiné comme non surveillé.",
	},
	{
		"No failure of a source is on record.",
		"Жодної відмови джерел не записано.",
		"Ни одного отказа источников не записано.",
		"Aucune panne de source n’est enregistrée.",
	},
	{
		"No finding has reached a trigger.",
		"Жоден висновок не досяг умови.",
		"Ни один вывод не достиг условия.",
		"Aucun constat n’a atteint de condition.",
	},
	{
		"No look of a sound network is on record: nothing "
			"can be said of explosions that were not recorded.",
		"Немає запису роботи звукової мережі: про "
			"незафіксовані вибухи нічого сказати не можна.",
		"Нет записи работы звуковой сети: о "
			"незафиксированных взрывах ничего сказать нельзя.",
		"Aucun regard d’un réseau sonore n’est enregistré : "
			"rien ne peut être dit d’explosions non enregistrées.",
	},
	{
		"No party has said anything of it.",
		"Жодна сторона нічого про нього не заявила.",
		"Ни одна сторона ничего о нём не заявила.",
		"Aucune partie n’en a rien dit.",
	},
	{
		"No party has said anything of this period's "
			"incidents.",
		"Жодна сторона нічого не заявила про інциденти "
			"цього періоду.",
		"Ни одна сторона ничего не заявила об инцидентах "
			"этого периода.",
		"Aucune partie n’a rien dit des incidents de cette "
			"période.",
	},
	{
		"No record of coverage: nothing can be said of "
			"what was not recorded.",
		"Немає запису про спостереження: про незафіксоване "
			"нічого сказати не можна.",
		"Нет записи о наблюдении: о незафиксированном "
			"ничего сказать нельзя.",
		"Aucune trace de surveillance : rien ne peut être "
			"dit de ce qui n’a pas été enregistré.",
	},
	{
		"None recorded. Restrictions are known only where "
			"the mission moved or a source reported.",
		"Не зафіксовано. Про обмеження відомо лише там, де "
			"місія пересувалася або джерело повідомило.",
		"Не зафиксировано. Об ограничениях известно лишь "
			"там, где миссия передвигалась или источник "
			"сообщил.",
		"Aucune enregistrée. Les restrictions ne sont "
			"connues que là où la mission s’est déplacée ou "
			"une source les a signalées.",
	},
	{
		"Not endorsed by",
		"Не підтримали",
		"Не поддержали",
		"Non appuyé par",
	},
	{
		"Note",
		"Примітка",
		"Примечание",
		"Note",
	},
	{
		"Nothing recorded does not mean that nothing "
			"happened: every count is to be read beside the "
			"share that was watched. Watched means that an "
			"event of the stated kind would have been noticed "
			"with a probability of 90 % or more; partly, 10 to "
			"90 %. Of explosions three things are said, and no "
			"more: heard; not heard, and would have been heard "
			"above a stated charge (kilograms of TNT, from the "
			"noise and the threshold that each sensor "
			"measured, and from the wind); not observed. A "
			"sensor that failed is the third, never calm.",
		"«Не зафіксовано» не означає, що нічого не сталося: "
			"кожне число слід читати поруч із часткою, за якою "
			"спостерігали. «Спостерігалося» означає, що подію "
			"названого виду помітили б з імовірністю 90 % чи "
			"більше; «частково» — від 10 до 90 %. Про вибухи "
			"сказано три речі й не більше: почуто; не почуто, "
			"але було б чути понад указаний заряд (кілограми "
			"тротилу, за шумом і порогом, які виміряв кожен "
			"датчик, та за вітром); не спостерігалося. Датчик, "
			"що відмовив, — це третє, а не спокій.",
		"«Не зафиксировано» не значит, что ничего не "
			"произошло: каждое число следует читать рядом с "
			"долей, за которой наблюдали. «Наблюдалось» значит, "
			"что событие названного вида заметили бы с "
			"вероятностью 90 % или более; «частично» — от 10 до "
			"90 %. О взрывах сказаны три вещи и не более: "
			"услышано; не услышано, но было бы слышно свыше "
			"указанного заряда (килограммы тротила, по шуму и "
			"порогу, измеренным каждым датчиком, и по ветру); не "
			"наблюдалось. Отказавший датчик — это третье, а не "
			"спокойствие.",
		"Rien d’enregistré ne veut pas dire que rien ne "
			"s’est passé : chaque nombre se lit à côté de la "
			"part surveillée. Surveillé veut dire qu’un "
			"événement de la nature indiquée aurait été remarqué "
			"avec une probabilité de 90 % ou plus ; en partie, "
			"de 10 à 90 %. Des explosions, trois choses sont "
			"dites, et pas davantage : entendue ; non entendue, "
			"et l’aurait été au-dessus d’une charge indiquée "
			"(kilogrammes de TNT, d’après le bruit et le seuil "
			"mesurés par chaque capteur, et d’après le vent) ; "
			"non observée. Un capteur en panne est le troisième "
			"cas, jamais le calme.",
	},
	{
		"Nothing: it reaches no trigger of a guarantee.",
		"Нічого: умови жодної гарантії не досягнуто.",
		"Ничего: условие ни одной гарантии не достигнуто.",
		"Rien : aucune condition de garantie n’est atteinte.",
	},
	{
		"Notices in force",
		"Чинні повідомлення",
		"Действующие уведомления",
		"Notifications en vigueur",
	},
	{
		"Notified",
		"Повідомлено",
		"Уведомлено",
		"Notifié",
	},
	{
		"Of {1} working sensors in range, {0} heard it",
		"Із {1} справних датчиків у межах чутності почули: "
			"{0}",
		"Из {1} исправных датчиков в пределах слышимости "
			"услышали: {0}",
		"Sur {1} capteurs en service à portée, {0} l’ont "
			"entendu",
	},
	{
		"On the evidence, the rule addresses {0}.",
		"За доказами правило адресоване: {0}.",
		"По доказательствам правило адресовано: {0}.",
		"D’après les éléments, la règle s’adresse à : {0}.",
	},
	{
		"Other causes, unknown",
		"Інші причини, невідомо",
		"Иные причины, неизвестно",
		"Autres causes, inconnu",
	},
	{
		"Pledge",
		"Зобов’язання",
		"Обязательство",
		"Engagement",
	},
	{
		"Pledge, step",
		"Зобов’язання, крок",
		"Обязательство, шаг",
		"Engagement, étape",
	},
	{
		"Pledges",
		"Зобов’язання",
		"Обязательства",
		"Engagements",
	},
	{
		"Probability that its conditions hold: {0} to {1}.",
		"Імовірність, що його умови виконано: від {0} до {1}.",
		"Вероятность, что его условия выполнены: от {0} до {1}.",
		"Probabilité que ses conditions soient remplies : de {0} à "
			"{1}.",
	},
	{
		"Projectiles, flashes, flares",
		"Снаряди, спалахи, ракети",
		"Снаряды, вспышки, ракеты",
		"Projectiles, lueurs, fusées",
	},
	{
		"Public level: places are generalised to cells, "
			"and what could identify persons or sensors is "
			"left out. The full record is in the log that the "
			"proof below commits to.",
		"Публічний рівень: місця узагальнено до клітин, а "
			"те, що могло б указати на осіб чи датчики, "
			"вилучено. Повний запис є в журналі, на який "
			"посилається доказ нижче.",
		"Публичный уровень: места обобщены до клеток, а "
			"то, что могло бы указать на лиц или датчики, "
			"убрано. Полная запись есть в журнале, на который "
			"ссылается доказательство ниже.",
		"Niveau public : les lieux sont généralisés à des "
			"cellules, et ce qui pourrait identifier des "
			"personnes ou des capteurs est omis. "
			"L’enregistrement complet est dans le journal auquel "
			"renvoie la preuve ci-dessous.",
	},
	{
		"Published before that, {0}, because: {1}.",
		"Оприлюднено раніше, {0}, бо: {1}.",
		"Опубликовано раньше, {0}, поскольку: {1}.",
		"Publié avant, le {0}, parce que : {1}.",
	},
	{
		"Quantity",
		"Обсяг",
		"Объём",
		"Quantité",
	},
	{
		"Record",
		"Запис",
		"Запись",
		"Inscription",
	},
	{
		"Records, nearest first",
		"Записи, від найближчого",
		"Записи, от ближайшего",
		"Enregistrements, du plus proche",
	},
	{
		"Records: each moved back by its distance at the "
			"speed of sound that fits best, so that one sound "
			"stands in one column.",
		"Записи: кожен зсунуто назад на його відстань за "
			"найліпше узгодженої швидкості звуку, тож один звук "
			"стоїть в одному стовпці.",
		"Записи: каждый сдвинут назад на его расстояние при "
			"наилучше согласованной скорости звука, так что один "
			"звук стоит в одном столбце.",
		"Enregistrements : chacun est reculé de sa distance "
			"à la vitesse du son qui convient le mieux, si bien "
			"qu’un même son tient dans une colonne.",
	},
	{
		"Register {0}. Every obligation is a record of the "
			"mission’s log: {1} derives it again from findings and "
			"register, and verifies who took which step.",
		"Реєстр {0}. Кожне зобов’язання є записом журналу місії: "
			"{1} виводить його знову з висновків і реєстру та "
			"перевіряє, хто зробив який крок.",
		"Реестр {0}. Каждое обязательство есть запись журнала "
			"миссии: {1} выводит его снова из выводов и реестра и "
			"проверяет, кто сделал какой шаг.",
		"Registre {0}. Chaque obligation est inscrite au journal "
			"de la mission : {1} la dérive à nouveau des "
			"constats et du registre, et vérifie qui a fait "
			"quel pas.",
	},
	{
		"Restrictions, interference",
		"Обмеження, перешкоди",
		"Ограничения, помехи",
		"Restrictions, brouillages",
	},
	{
		"Rule",
		"Правило",
		"Правило",
		"Règle",
	},
	{
		"Rule {0}. {1}",
		"Правило {0}. {1}",
		"Правило {0}. {1}",
		"Règle {0}. {1}",
	},
	{
		"Rule {0}: {1} ({2}).",
		"Правило {0}: {1} ({2}).",
		"Правило {0}: {1} ({2}).",
		"Règle {0} : {1} ({2}).",
	},
	{
		"Rule {0}: {1}.",
		"Правило {0}: {1}.",
		"Правило {0}: {1}.",
		"Règle {0} : {1}.",
	},
	{
		"S",
		"Пд",
		"Ю",
		"S",
	},
	{
		"Sensor, distance",
		"Датчик, відстань",
		"Датчик, расстояние",
		"Capteur, distance",
	},
	{
		"Sensors, and what lies around",
		"Датчики й що довкола",
		"Датчики и что вокруг",
		"Les capteurs, et ce qui les entoure",
	},
	{
		"Shots and bursts",
		"Постріли та черги",
		"Выстрелы и очереди",
		"Coups de feu et rafales",
	},
	{
		"Signal interference",
		"Перешкоди сигналу",
		"Помехи сигналу",
		"Brouillage du signal",
	},
	{
		"Source",
		"Джерело",
		"Источник",
		"Source",
	},
	{
		"Stage in law",
		"Правовий стан",
		"Правовая стадия",
		"Stade juridique",
	},
	{
		"Standard",
		"Стандарт доказування",
		"Стандарт доказывания",
		"Niveau de preuve",
	},
	{
		"State",
		"Стан",
		"Состояние",
		"État",
	},
	{
		"Statements of control are as of {0} and follow "
			"the gazetteer; they decide nothing.",
		"Дані про контроль станом на {0} взято з "
			"географічного довідника; вони нічого не вирішують.",
		"Данные о контроле на {0} взяты из географического "
			"справочника; они ничего не решают.",
		"Les mentions de contrôle datent du {0} et suivent "
			"le répertoire géographique ; elles ne décident de "
			"rien.",
	},
	{
		"Status: {0}.",
		"Стан: {0}.",
		"Статус: {0}.",
		"Statut : {0}.",
	},
	{
		"Still open",
		"Ще лишається",
		"Ещё остаётся",
		"Encore ouvert",
	},
	{
		"Text",
		"Текст",
		"Текст",
		"Texte",
	},
	{
		"The conditions are not met, or one exception of "
			"the agreement applies.",
		"Умови не виконано, або діє один виняток угоди.",
		"Условия не выполнены, либо действует одно "
			"исключение соглашения.",
		"Les conditions ne sont pas remplies, ou une "
			"exception de l’accord s’applique.",
	},
	{
		"The conditions of a rule are met at the standard "
			"of proof that the agreement asks for. This says "
			"what happened, not who is to answer for it.",
		"Умови правила виконано за стандартом доказування, "
			"якого вимагає угода. Це говорить, що сталося, а "
			"не хто за це відповідає.",
		"Условия правила выполнены по стандарту "
			"доказывания, которого требует соглашение. Это "
			"говорит, что произошло, а не кто за это отвечает.",
		"Les conditions d’une règle sont remplies au "
			"niveau de preuve que demande l’accord. Cela dit "
			"ce qui s’est passé, non qui en répond.",
	},
	{
		"The evidence decides neither way at the standard "
			"of proof. It is neither a breach nor its absence.",
		"За стандартом доказування докази не вирішують ні "
			"так, ні інакше. Це ні порушення, ні його "
			"відсутність.",
		"По стандарту доказывания доказательства не решают "
			"ни так, ни иначе. Это ни нарушение, ни его "
			"отсутствие.",
		"Au niveau de preuve, les éléments ne tranchent "
			"pas. Ce n’est ni une violation ni son absence.",
	},
	{
		"The exception “{0}” applies.",
		"Застосовано виняток «{0}».",
		"Применено исключение «{0}».",
		"L’exception « {0} » s’applique.",
	},
	{
		"The facts",
		"Факти",
		"Факты",
		"Les faits",
	},
	{
		"The finding {0}.",
		"Що змінило б висновок (англійською): {0}.",
		"Что изменило бы вывод (по-английски): {0}.",
		"Ce qui changerait le constat (en anglais) : {0}.",
	},
	{
		"The incident is not at hand.",
		"Самої події тут немає.",
		"Самого события здесь нет.",
		"L’incident n’est pas à disposition.",
	},
	{
		"The law",
		"Норма угоди",
		"Норма соглашения",
		"Le droit",
	},
	{
		"The mission has no incident of its own that this "
			"speaks of.",
		"Місія не має власного інциденту, про який тут "
			"ідеться.",
		"У миссии нет своего инцидента, о котором здесь "
			"речь.",
		"La mission n’a pas d’incident propre qui y "
			"corresponde.",
	},
	{
		"The records that are held here do not give the "
			"recorded origin again: drawn is the nearest that "
			"they give.",
		"Записи, що є тут, не дають знову записаного "
			"джерела: накреслено найближче з тих, що вони дають.",
		"Записи, которые есть здесь, не дают снова "
			"записанного источника: начерчен ближайший из тех, "
			"что они дают.",
		"Les enregistrements disponibles ici ne redonnent "
			"pas l’origine consignée : est tracée la plus proche "
			"qu’ils donnent.",
	},
	{
		"The root printed there for this number of entries "
			"must be the one above.",
		"Корінь, надрукований там для цього числа записів, "
			"має збігатися з наведеним.",
		"Корень, напечатанный там для этого числа записей, "
			"должен совпадать с приведённым.",
		"La racine imprimée là pour ce nombre d’entrées "
			"doit être celle ci-dessus.",
	},
	{
		"The rule does not concern that time, place or "
			"party.",
		"Правило не стосується того часу, місця чи сторони.",
		"Правило не касается того времени, места или "
			"стороны.",
		"La règle ne concerne pas ce moment, ce lieu ou "
			"cette partie.",
	},
	{
		"The rule’s conditions hold with a probability "
			"between {0} and {1} %.",
		"Імовірність того, що умови правила виконано: від "
			"{0} до {1} %.",
		"Вероятность того, что условия правила выполнены: от "
			"{0} до {1} %.",
		"Les conditions de la règle sont remplies avec une "
			"probabilité de {0} à {1} %.",
	},
	{
		"The rule’s conditions hold with a probability "
			"between {0} and {1} %; standard of proof: {2}.",
		"Імовірність того, що умови правила виконано: від "
			"{0} до {1} %; стандарт доказування: {2}.",
		"Вероятность того, что условия правила выполнены: от "
			"{0} до {1} %; стандарт доказывания: {2}.",
		"Les conditions de la règle sont remplies avec une "
			"probabilité de {0} à {1} % ; niveau de preuve : {2}.",
	},
	{
		"The rule’s conditions hold with a probability of "
			"{0} %.",
		"Імовірність того, що умови правила виконано: {0} %.",
		"Вероятность того, что условия правила выполнены: "
			"{0} %.",
		"Les conditions de la règle sont remplies avec une "
			"probabilité de {0} %.",
	},
	{
		"The rule’s conditions hold with a probability of "
			"{0} %; standard of proof: {1}.",
		"Імовірність того, що умови правила виконано: {0} %; "
			"стандарт доказування: {1}.",
		"Вероятность того, что условия правила выполнены: "
			"{0} %; стандарт доказывания: {1}.",
		"Les conditions de la règle sont remplies avec une "
			"probabilité de {0} % ; niveau de preuve : {1}.",
	},
	{
		"The smallest change that would change it",
		"Найменша зміна, яка змінила б висновок",
		"Наименьшее изменение, которое изменило бы вывод",
		"Le plus petit changement qui le modifierait",
	},
	{
		"The square holds the checkpoint of the log: its "
			"name, the number of entries and the root, in the "
			"form that witnesses sign.",
		"Квадрат містить контрольну точку журналу: його "
			"назву, число записів і корінь, у вигляді, який "
			"підписують свідки.",
		"Квадрат содержит контрольную точку журнала: его "
			"имя, число записей и корень, в виде, который "
			"подписывают свидетели.",
		"Le carré contient le point de contrôle du journal : "
			"son nom, le nombre d’entrées et la racine, sous la "
			"forme que signent les témoins.",
	},
	{
		"They are not filtered, less their mean.",
		"Їх не фільтровано, середнє відняте.",
		"Они не фильтрованы, среднее вычтено.",
		"Ils ne sont pas filtrés, moyenne retirée.",
	},
	{
		"They are passed from {0} to {1} Hz, the band of "
			"most arrivals (Butterworth, 2 poles each, run "
			"forward only).",
		"Пропущено від {0} до {1} Гц, смугу більшості "
			"вступів (Баттерворт, по 2 полюси, лише вперед).",
		"Пропущено от {0} до {1} Гц, полоса большинства "
			"вступлений (Баттерворт, по 2 полюса, только вперёд).",
		"Ils sont filtrés de {0} à {1} Hz, bande de la "
			"plupart des arrivées (Butterworth, 2 pôles de "
			"chaque côté, en avant seulement).",
	},
	{
		"Those who endorsed {0}",
		"Ті, хто підтримав {0}",
		"Те, кто поддержал {0}",
		"Ceux qui ont appuyé {0}",
	},
	{
		"Times are those of the mission’s clocks, with the "
			"half-width of the interval that holds the true "
			"moment in 90 of 100 cases. Places are the "
			"likeliest; the region behind “within” holds the "
			"true place in 90 of 100 cases. Findings weigh the "
			"whole region, tables are sorted by the likeliest "
			"place.",
		"Час подано за годинниками місії, з половиною "
			"інтервалу, що містить справжній момент у 90 зі "
			"100 випадків. Місця найімовірніші; область за "
			"словом «в межах» містить справжнє місце в 90 зі "
			"100 випадків. Висновки зважують усю область, "
			"таблиці впорядковано за найімовірнішим місцем.",
		"Время дано по часам миссии, с половиной "
			"интервала, содержащего истинный момент в 90 из "
			"100 случаев. Места вероятнейшие; область за "
			"словом «в пределах» содержит истинное место в 90 "
			"из 100 случаев. Выводы взвешивают всю область, "
			"таблицы упорядочены по вероятнейшему месту.",
		"Les heures sont celles des horloges de la mission, "
			"avec la demi-largeur de l’intervalle qui contient "
			"l’instant vrai dans 90 cas sur 100. Les lieux sont "
			"les plus probables ; la région indiquée contient le "
			"lieu vrai dans 90 cas sur 100. Les constats pèsent "
			"toute la région, les tableaux sont triés par le "
			"lieu le plus probable.",
	},
	{
		"Two exceptions of the agreement apply at once; "
			"the agreement must be read by those who signed it.",
		"Діють одразу два винятки угоди; тлумачити її "
			"мають ті, хто її підписав.",
		"Действуют сразу два исключения соглашения; "
			"толковать его должны те, кто его подписал.",
		"Deux exceptions de l’accord s’appliquent à la "
			"fois ; c’est à ses signataires de le lire.",
	},
	{
		"Under",
		"За документом",
		"По документу",
		"En vertu de",
	},
	{
		"Unit",
		"Одиниця",
		"Единица",
		"Unité",
	},
	{
		"Verified",
		"Перевірено",
		"Проверено",
		"Vérifié",
	},
	{
		"Versions",
		"Редакції",
		"Редакции",
		"Versions",
	},
	{
		"W",
		"Зх",
		"З",
		"O",
	},
	{
		"Weaker wording",
		"Слабші слова",
		"Более слабые слова",
		"Termes affaiblis",
	},
	{
		"Weapons",
		"Озброєння",
		"Вооружение",
		"Armes",
	},
	{
		"What",
		"Що",
		"Что",
		"Quoi",
	},
	{
		"What is due",
		"Що належить",
		"Что причитается",
		"Ce qui est dû",
	},
	{
		"What it calls up",
		"Що це викликає",
		"Что это вызывает",
		"Ce que cela appelle",
	},
	{
		"What the parties say",
		"Що кажуть сторони",
		"Что говорят стороны",
		"Ce que disent les parties",
	},
	{
		"When",
		"Коли",
		"Когда",
		"Quand",
	},
	{
		"Where",
		"Де",
		"Где",
		"Où",
	},
	{
		"Where is not known.",
		"Де саме — невідомо.",
		"Где именно — неизвестно.",
		"Le lieu n’est pas connu.",
	},
	{
		"Where it was: probability, and its 90 %",
		"Де це було: імовірність і її 90 %",
		"Где это было: вероятность и её 90 %",
		"Où c’était : la probabilité et ses 90 %",
	},
	{
		"Who owes it",
		"Хто зобов’язаний",
		"Кто обязан",
		"Qui le doit",
	},
	{
		"Zone",
		"Зона",
		"Зона",
		"Zone",
	},
	{
		"a fire",
		"пожежа",
		"пожар",
		"un incendie",
	},
	{
		"a later step of its account is more than the one before",
		"пізніший крок рахунку більший за попередній",
		"более поздний шаг счёта больше предыдущего",
		"une étape ultérieure du compte dépasse la précédente",
	},
	{
		"a probability that is not known",
		"невідомою ймовірністю",
		"неизвестной вероятностью",
		"une probabilité inconnue",
	},
	{
		"a thing",
		"предмет",
		"предмет",
		"un objet",
	},
	{
		"about {0}",
		"близько {0}",
		"около {0}",
		"environ {0}",
	},
	{
		"about {0} within {1} m",
		"близько {0}, у межах {1} м",
		"около {0}, в пределах {1} м",
		"vers {0}, à {1} m près",
	},
	{
		"acknowledge",
		"визнає",
		"признаёт",
		"reconnaît",
	},
	{
		"acknowledged",
		"визнано",
		"признано",
		"reconnue",
	},
	{
		"acoustic",
		"акустика",
		"акустика",
		"acoustique",
	},
	{
		"acoustic sensor",
		"акустичний датчик",
		"акустический датчик",
		"capteur acoustique",
	},
	{
		"air defence",
		"засіб ППО",
		"средство ПВО",
		"défense antiaérienne",
	},
	{
		"airburst",
		"розрив у повітрі",
		"разрыв в воздухе",
		"explosion aérienne",
	},
	{
		"aircraft",
		"літак",
		"самолёт",
		"avion",
	},
	{
		"all means",
		"усі засоби",
		"все средства",
		"tous moyens",
	},
	{
		"amend",
		"змінено",
		"изменено",
		"modifié",
	},
	{
		"an explosion",
		"вибух",
		"взрыв",
		"une explosion",
	},
	{
		"announced",
		"оголошено",
		"объявлено",
		"annoncé",
	},
	{
		"anti tank",
		"протитанкова зброя",
		"противотанковое оружие",
		"arme antichar",
	},
	{
		"apc",
		"БТР",
		"БТР",
		"véhicule blindé de transport de troupes",
	},
	{
		"array",
		"група датчиків",
		"группа датчиков",
		"réseau",
	},
	{
		"arrival used",
		"враховано",
		"учтено",
		"arrivée retenue",
	},
	{
		"artillery",
		"артилерія",
		"артиллерия",
		"artillerie",
	},
	{
		"assessed as {0}",
		"оцінка: {0}",
		"оценка: {0}",
		"évalué : {0}",
	},
	{
		"associated",
		"пов’язано",
		"связано",
		"associé",
	},
	{
		"at least {0}",
		"щонайменше {0}",
		"не менее {0}",
		"au moins {0}",
	},
	{
		"at one time: a look with {0}",
		"в один момент: спостереження з {0}",
		"в один момент: наблюдение с {0}",
		"à un moment : une vue à {0}",
	},
	{
		"at times: {0} looks, each with {1}",
		"часом: спостережень {0}, кожне з {1}",
		"временами: наблюдений {0}, каждое с {1}",
		"par moments : {0} vues, chacune à {1}",
	},
	{
		"at {0}",
		"{0}, на місці",
		"{0}, на месте",
		"à {0}",
	},
	{
		"automatic",
		"автоматично",
		"автоматически",
		"automatique",
	},
	{
		"balance",
		"перевага ймовірностей",
		"перевес вероятностей",
		"prépondérance",
	},
	{
		"beyond the lines, or excepted; outside storage",
		"за лініями або виняток; поза складом",
		"за линиями или исключение; вне склада",
		"au-delà des lignes, ou excepté ; hors dépôt",
	},
	{
		"beyond the lines, outside storage",
		"за лініями, поза складом",
		"за линиями, вне склада",
		"au-delà des lignes, hors dépôt",
	},
	{
		"breach of {0}",
		"порушення пункту {0}",
		"нарушение пункта {0}",
		"violation de {0}",
	},
	{
		"burst",
		"черга",
		"очередь",
		"rafale",
	},
	{
		"by {0}",
		"сторона: {0}",
		"сторона: {0}",
		"par {0}",
	},
	{
		"camera",
		"камера",
		"камера",
		"caméra",
	},
	{
		"casualty",
		"постраждалі",
		"пострадавшие",
		"victime",
	},
	{
		"chain broken",
		"ланцюг порушено",
		"цепь нарушена",
		"chaîne rompue",
	},
	{
		"clear",
		"ясне й переконливе",
		"ясное и убедительное",
		"clair et convaincant",
	},
	{
		"clipped",
		"сигнал обрізано",
		"сигнал ограничен",
		"signal écrêté",
	},
	{
		"clock drift",
		"дрейф годинника",
		"дрейф часов",
		"dérive d’horloge",
	},
	{
		"clock in GPS time",
		"годинник за часом GPS",
		"часы по времени GPS",
		"horloge à l’heure GPS",
	},
	{
		"clock in TAI",
		"годинник за TAI",
		"часы по TAI",
		"horloge à l’heure TAI",
	},
	{
		"clock in doubt",
		"сумнів щодо годинника",
		"сомнение в часах",
		"horloge douteuse",
	},
	{
		"clock off by a time zone",
		"годинник зсунуто на часовий пояс",
		"часы сдвинуты на часовой пояс",
		"horloge décalée d’un fuseau horaire",
	},
	{
		"clock off by whole weeks",
		"годинник зсунуто на цілі тижні",
		"часы сдвинуты на целые недели",
		"horloge décalée de semaines entières",
	},
	{
		"clock offset",
		"зсув годинника",
		"сдвиг часов",
		"décalage d’horloge",
	},
	{
		"clock or path",
		"годинник або шлях звуку",
		"часы или путь звука",
		"horloge ou trajet du son",
	},
	{
		"clock or place wrong",
		"хибний годинник або місце",
		"неверны часы или место",
		"horloge ou position fausse",
	},
	{
		"clock step",
		"стрибок годинника",
		"скачок часов",
		"saut d’horloge",
	},
	{
		"clock step, or moved",
		"стрибок годинника або переміщення",
		"скачок часов или перемещение",
		"saut d’horloge, ou déplacement",
	},
	{
		"confirm",
		"підтверджено",
		"подтверждено",
		"confirmé",
	},
	{
		"contest",
		"оскаржує",
		"оспаривает",
		"conteste",
	},
	{
		"correct",
		"виправлено новою публікацією",
		"исправлено новой публикацией",
		"corrigé par une publication",
	},
	{
		"corrected",
		"виправлено",
		"исправлено",
		"corrigé",
	},
	{
		"damage",
		"пошкодження",
		"повреждение",
		"dommage",
	},
	{
		"dashed outline: undetermined or conflict",
		"пунктирний контур: не визначено або колізія",
		"пунктирный контур: не определено или коллизия",
		"contour tireté : indéterminé ou conflit",
	},
	{
		"dead",
		"датчик мовчить",
		"датчик молчит",
		"capteur muet",
	},
	{
		"deadline near",
		"строк близько",
		"срок близок",
		"échéance proche",
	},
	{
		"deadline passed",
		"строк минув",
		"срок истёк",
		"échéance passée",
	},
	{
		"deadline perhaps passed",
		"строк, можливо, минув",
		"срок, возможно, истёк",
		"échéance peut-être passée",
	},
	{
		"decide",
		"вирішує",
		"решает",
		"décide",
	},
	{
		"decided",
		"вирішено",
		"решено",
		"décidée",
	},
	{
		"decline",
		"відмовляє",
		"отказывает",
		"décline",
	},
	{
		"declined",
		"відмовлено",
		"отказано",
		"déclinée",
	},
	{
		"degraded",
		"погіршено",
		"ухудшено",
		"dégradé",
	},
	{
		"delay",
		"затримка",
		"задержка",
		"retard",
	},
	{
		"demining",
		"розмінування",
		"разминирование",
		"déminage",
	},
	{
		"denial",
		"відмова в доступі",
		"отказ в доступе",
		"refus d’accès",
	},
	{
		"direction {0}",
		"напрямок {0}",
		"направление {0}",
		"direction {0}",
	},
	{
		"down",
		"не працює",
		"не работает",
		"hors service",
	},
	{
		"down or not believed",
		"не в рахунок",
		"не в счёт",
		"hors service ou non cru",
	},
	{
		"draft",
		"проєкт",
		"проект",
		"projet",
	},
	{
		"drone",
		"дрон",
		"дрон",
		"drone",
	},
	{
		"earthquake",
		"землетрус",
		"землетрясение",
		"séisme",
	},
	{
		"east",
		"схід",
		"востоку",
		"à l’est",
	},
	{
		"east-north-east",
		"схід-північний схід",
		"востоко-северо-востоку",
		"à l’est-nord-est",
	},
	{
		"east-south-east",
		"схід-південний схід",
		"востоко-юго-востоку",
		"à l’est-sud-est",
	},
	{
		"ended",
		"припинено",
		"прекращено",
		"terminé",
	},
	{
		"endorsed",
		"підтримано",
		"поддержано",
		"appuyé",
	},
	{
		"every step of the finding",
		"кожен крок висновку",
		"каждый шаг вывода",
		"chaque étape du constat",
	},
	{
		"evidence",
		"доказ",
		"доказательство",
		"preuve",
	},
	{
		"expected, and 90 % band",
		"очікуване, смуга 90 %",
		"ожидаемое, полоса 90 %",
		"attendue, bande de 90 %",
	},
	{
		"explosion",
		"вибух",
		"взрыв",
		"explosion",
	},
	{
		"finding {0}",
		"висновок {0}",
		"вывод {0}",
		"constat {0}",
	},
	{
		"fire",
		"пожежа",
		"пожар",
		"incendie",
	},
	{
		"fireworks",
		"феєрверк",
		"фейерверк",
		"feu d’artifice",
	},
	{
		"flare",
		"освітлювальна ракета",
		"осветительная ракета",
		"fusée éclairante",
	},
	{
		"flight",
		"політ",
		"полёт",
		"vol",
	},
	{
		"flood of picks",
		"потік хибних вступів",
		"поток ложных вступлений",
		"afflux d’arrivées",
	},
	{
		"frames missing",
		"бракує кадрів",
		"не хватает кадров",
		"trames manquantes",
	},
	{
		"fulfil",
		"виконує",
		"исполняет",
		"remplit",
	},
	{
		"fulfilled",
		"виконано",
		"исполнено",
		"remplie",
	},
	{
		"gain changed",
		"змінилася чутливість",
		"изменилась чувствительность",
		"sensibilité modifiée",
	},
	{
		"grave",
		"тяжке",
		"тяжкое",
		"grave",
	},
	{
		"gravity undetermined",
		"тяжкість не визначено",
		"тяжесть не определена",
		"gravité indéterminée",
	},
	{
		"grenade launcher",
		"гранатомет",
		"гранатомёт",
		"lance-grenades",
	},
	{
		"ground motion",
		"коливання ґрунту",
		"колебания грунта",
		"mouvement du sol",
	},
	{
		"has not endorsed",
		"не підтримано",
		"не поддержано",
		"n’a pas appuyé",
	},
	{
		"has not endorsed the instrument",
		"документ не підтримано",
		"документ не поддержан",
		"n’a pas appuyé l’instrument",
	},
	{
		"heard",
		"чули",
		"слышали",
		"entendu",
	},
	{
		"heard it",
		"почув",
		"услышал",
		"l’a entendu",
	},
	{
		"heat",
		"тепло",
		"тепло",
		"chaleur",
	},
	{
		"helicopter",
		"вертоліт",
		"вертолёт",
		"hélicoptère",
	},
	{
		"howitzer",
		"гаубиця",
		"гаубица",
		"obusier",
	},
	{
		"ifv",
		"БМП",
		"БМП",
		"véhicule de combat d’infanterie",
	},
	{
		"image",
		"зображення",
		"изображение",
		"image",
	},
	{
		"impact",
		"влучання",
		"попадание",
		"impact",
	},
	{
		"in force",
		"чинне",
		"в силе",
		"en vigueur",
	},
	{
		"in storage",
		"на складі",
		"на складе",
		"en dépôt",
	},
	{
		"in violation of the withdrawal lines",
		"з порушенням ліній відведення",
		"с нарушением линий отвода",
		"en violation des lignes de retrait",
	},
	{
		"incident {0}, version {1}, {2}",
		"подія {0}, версія {1}, {2}",
		"событие {0}, версия {1}, {2}",
		"incident {0}, version {1}, {2}",
	},
	{
		"incoming",
		"вхідний",
		"входящий",
		"arrivée",
	},
	{
		"infrasound",
		"інфразвук",
		"инфразвук",
		"infrasons",
	},
	{
		"infrasound sensor",
		"датчик інфразвуку",
		"датчик инфразвука",
		"capteur d’infrasons",
	},
	{
		"inside storage",
		"у місці зберігання",
		"в месте хранения",
		"dans le dépôt",
	},
	{
		"it stands under no instrument",
		"не ґрунтується на жодному документі",
		"не основано ни на каком документе",
		"ne relève d’aucun instrument",
	},
	{
		"it, or its instrument, is suspended or ended",
		"зобов’язання чи його документ зупинено або припинено",
		"обязательство или его документ приостановлены или "
			"прекращены",
		"l’engagement ou son instrument est suspendu ou terminé",
	},
	{
		"its reply (entry {0})",
		"її відповідь (запис {0})",
		"её ответ (запись {0})",
		"sa réponse (entrée {0})",
	},
	{
		"its reply, late (entry {0})",
		"її відповідь із запізненням (запис {0})",
		"её ответ с опозданием (запись {0})",
		"sa réponse, tardive (entrée {0})",
	},
	{
		"jamming",
		"глушіння",
		"глушение",
		"brouillage",
	},
	{
		"jointly accepted",
		"спільно прийнято",
		"совместно принято",
		"accepté conjointement",
	},
	{
		"key revoked, counts nothing",
		"ключ відкликано, не враховується",
		"ключ отозван, не учитывается",
		"clé révoquée, ne compte pas",
	},
	{
		"key used twice",
		"ключ ужито двічі",
		"ключ использован дважды",
		"clé employée deux fois",
	},
	{
		"kind at {0} % only",
		"вид лише на {0} %",
		"вид лишь на {0} %",
		"nature à {0} % seulement",
	},
	{
		"lapsed",
		"минуло",
		"истекло",
		"échue",
	},
	{
		"lapsed undecided",
		"минули без рішення",
		"истекли без решения",
		"échues sans décision",
	},
	{
		"leap second missed",
		"пропущено додаткову секунду",
		"пропущена дополнительная секунда",
		"seconde intercalaire manquée",
	},
	{
		"likeliest place",
		"імовірне місце",
		"вероятное место",
		"lieu le plus probable",
	},
	{
		"line of the agreement",
		"лінія угоди",
		"линия соглашения",
		"ligne de l’accord",
	},
	{
		"link",
		"пов’язано",
		"связано",
		"lié",
	},
	{
		"log entry {0}",
		"запис журналу {0}",
		"запись журнала {0}",
		"entrée {0} du journal",
	},
	{
		"machine gun",
		"кулемет",
		"пулемёт",
		"mitrailleuse",
	},
	{
		"max {0}",
		"макс. {0}",
		"макс. {0}",
		"max {0}",
	},
	{
		"mentioned",
		"згадано",
		"упомянуто",
		"mentionné",
	},
	{
		"merge",
		"об’єднано",
		"объединено",
		"fusionné",
	},
	{
		"mine",
		"міна",
		"мина",
		"mine",
	},
	{
		"minor",
		"незначне",
		"незначительное",
		"mineure",
	},
	{
		"missile",
		"ракета",
		"ракета",
		"missile",
	},
	{
		"missing from storage",
		"відсутнє на складі",
		"отсутствует на складе",
		"absent du dépôt",
	},
	{
		"mission",
		"для місії",
		"для миссии",
		"mission",
	},
	{
		"mlrs",
		"РСЗВ",
		"РСЗО",
		"lance-roquettes multiple",
	},
	{
		"mortar",
		"міномет",
		"миномёт",
		"mortier",
	},
	{
		"moved",
		"переміщено",
		"перемещён",
		"déplacé",
	},
	{
		"muzzle flash",
		"дульний спалах",
		"дульная вспышка",
		"lueur de départ",
	},
	{
		"near their deadline",
		"близькі до строку",
		"близки к сроку",
		"près de l’échéance",
	},
	{
		"no change",
		"без змін",
		"без изменений",
		"inchangé",
	},
	{
		"no data",
		"немає даних",
		"нет данных",
		"pas de données",
	},
	{
		"no date",
		"без дати",
		"без даты",
		"sans date",
	},
	{
		"no endorsement of its instrument is on record",
		"про підтримку документа записів немає",
		"о поддержке документа записей нет",
		"aucun appui à son instrument n’est consigné",
	},
	{
		"no endorsement on record",
		"записів про підтримку немає",
		"записей о поддержке нет",
		"aucun appui consigné",
	},
	{
		"no longer called up",
		"більше не діє",
		"больше не действует",
		"n’est plus appelé",
	},
	{
		"no longer called up: its finding is no breach any more",
		"більше не вимагається: висновок уже не є порушенням",
		"больше не требуется: вывод уже не нарушение",
		"n’est plus appelé : son constat n’est plus une violation",
	},
	{
		"no longer called up: the trigger is reached by others, or "
			"by too few",
		"більше не вимагається: умову виконали інші або замало",
		"больше не требуется: условие выполнили другие или слишком "
			"немногие",
		"n’est plus appelé : la condition est atteinte par "
			"d’autres, ou par trop peu",
	},
	{
		"no one place",
		"місця не встановлено",
		"место не установлено",
		"aucun lieu déterminé",
	},
	{
		"no other heard over {0} of area and hours, and "
			"would have been heard there with 90 % above {1}",
		"інших не почуто на {0} площі й часу; там з 90 % "
			"почули б понад {1}",
		"других не услышано на {0} площади и времени; там с "
			"90 % услышали бы свыше {1}",
		"aucune autre entendue sur {0} du secteur et des "
			"heures, où elle l’aurait été à 90 % au-dessus de "
			"{1}",
	},
	{
		"no other heard over {0} of area and hours, and "
			"would have been heard there with 90 % above {1} "
			"in nine tenths of it (above {2} in half, above "
			"{3} in all)",
		"інших не почуто на {0} площі й часу; там з 90 % "
			"почули б понад {1} на дев’яти десятих (понад {2} на "
			"половині, понад {3} всюди)",
		"других не услышано на {0} площади и времени; там с "
			"90 % услышали бы свыше {1} на девяти десятых (свыше "
			"{2} на половине, свыше {3} везде)",
		"aucune autre entendue sur {0} du secteur et des "
			"heures, où elle l’aurait été à 90 % au-dessus de "
			"{1} sur neuf dixièmes (de {2} sur la moitié, de {3} "
			"partout)",
	},
	{
		"no other heard over {0} of area and hours, and "
			"would have been heard there with 90 % above {1} "
			"in nine tenths of it (above {2} in half, above "
			"{3} in all); {4} not observed",
		"інших не почуто на {0} площі й часу; там з 90 % "
			"почули б понад {1} на дев’яти десятих (понад {2} на "
			"половині, понад {3} всюди); {4} не спостерігалося",
		"других не услышано на {0} площади и времени; там с "
			"90 % услышали бы свыше {1} на девяти десятых (свыше "
			"{2} на половине, свыше {3} везде); {4} не "
			"наблюдалось",
		"aucune autre entendue sur {0} du secteur et des "
			"heures, où elle l’aurait été à 90 % au-dessus de "
			"{1} sur neuf dixièmes (de {2} sur la moitié, de {3} "
			"partout) ; {4} non observé",
	},
	{
		"no other heard over {0} of area and hours, and "
			"would have been heard there with 90 % above {1}; "
			"{4} not observed",
		"інших не почуто на {0} площі й часу; там з 90 % "
			"почули б понад {1}; {4} не спостерігалося",
		"других не услышано на {0} площади и времени; там с "
			"90 % услышали бы свыше {1}; {4} не наблюдалось",
		"aucune autre entendue sur {0} du secteur et des "
			"heures, où elle l’aurait été à 90 % au-dessus de "
			"{1} ; {4} non observé",
	},
	{
		"no record",
		"немає запису",
		"нет записи",
		"pas de trace",
	},
	{
		"no rule concerns it",
		"жодне правило не стосується",
		"ни одно правило не касается",
		"aucune règle ne le concerne",
	},
	{
		"no source is stated",
		"джерела не вказано",
		"источник не указан",
		"aucune source n’est indiquée",
	},
	{
		"no time stated",
		"строк не вказано",
		"срок не указан",
		"sans délai indiqué",
	},
	{
		"none",
		"немає",
		"нет",
		"aucun",
	},
	{
		"none in both",
		"немає в обох",
		"нет в обоих",
		"aucun dans les deux",
	},
	{
		"north",
		"північ",
		"северу",
		"au nord",
	},
	{
		"north-east",
		"північний схід",
		"северо-востоку",
		"au nord-est",
	},
	{
		"north-north-east",
		"північ-північний схід",
		"северо-северо-востоку",
		"au nord-nord-est",
	},
	{
		"north-north-west",
		"північ-північний захід",
		"северо-северо-западу",
		"au nord-nord-ouest",
	},
	{
		"north-west",
		"північний захід",
		"северо-западу",
		"au nord-ouest",
	},
	{
		"not countable",
		"не піддається підрахунку",
		"не поддаётся подсчёту",
		"non dénombrable",
	},
	{
		"not counted ({0} incident)",
		"без підрахунку ({0} інцидент)",
		"без подсчёта ({0} инцидент)",
		"non compté ({0} incident)",
	},
	{
		"not counted ({0} incidents)",
		"без підрахунку (інцидентів: {0})",
		"без подсчёта (инцидентов: {0})",
		"non compté ({0} incidents)",
	},
	{
		"not decidable here",
		"тут не вирішується",
		"здесь не решается",
		"ne se décide pas ici",
	},
	{
		"not heard over {0} of area and hours, and would "
			"have been heard there with 90 % above {1}",
		"не почуто на {0} площі й часу; там з 90 % почули б "
			"понад {1}",
		"не услышано на {0} площади и времени; там с 90 % "
			"услышали бы свыше {1}",
		"aucune entendue sur {0} du secteur et des heures, "
			"où elle l’aurait été à 90 % au-dessus de {1}",
	},
	{
		"not heard over {0} of area and hours, and would "
			"have been heard there with 90 % above {1} in nine "
			"tenths of it (above {2} in half, above {3} in all)",
		"не почуто на {0} площі й часу; там з 90 % почули б "
			"понад {1} на дев’яти десятих (понад {2} на "
			"половині, понад {3} всюди)",
		"не услышано на {0} площади и времени; там с 90 % "
			"услышали бы свыше {1} на девяти десятых (свыше {2} "
			"на половине, свыше {3} везде)",
		"aucune entendue sur {0} du secteur et des heures, "
			"où elle l’aurait été à 90 % au-dessus de {1} sur "
			"neuf dixièmes (de {2} sur la moitié, de {3} partout)",
	},
	{
		"not heard over {0} of area and hours, and would "
			"have been heard there with 90 % above {1} in nine "
			"tenths of it (above {2} in half, above {3} in "
			"all); {4} not observed",
		"не почуто на {0} площі й часу; там з 90 % почули б "
			"понад {1} на дев’яти десятих (понад {2} на "
			"половині, понад {3} всюди); {4} не спостерігалося",
		"не услышано на {0} площади и времени; там с 90 % "
			"услышали бы свыше {1} на девяти десятых (свыше {2} "
			"на половине, свыше {3} везде); {4} не наблюдалось",
		"aucune entendue sur {0} du secteur et des heures, "
			"où elle l’aurait été à 90 % au-dessus de {1} sur "
			"neuf dixièmes (de {2} sur la moitié, de {3} "
			"partout) ; {4} non observé",
	},
	{
		"not heard over {0} of area and hours, and would "
			"have been heard there with 90 % above {1}; {4} "
			"not observed",
		"не почуто на {0} площі й часу; там з 90 % почули б "
			"понад {1}; {4} не спостерігалося",
		"не услышано на {0} площади и времени; там с 90 % "
			"услышали бы свыше {1}; {4} не наблюдалось",
		"aucune entendue sur {0} du secteur et des heures, "
			"où elle l’aurait été à 90 % au-dessus de {1} ; "
			"{4} non observé",
	},
	{
		"not observed",
		"не спостерігалося",
		"не наблюдалось",
		"non observé",
	},
	{
		"not stated",
		"не зазначено",
		"не указано",
		"non précisé",
	},
	{
		"not used",
		"не вжито",
		"не использовано",
		"non retenue",
	},
	{
		"not watched",
		"не спостерігалося",
		"не наблюдалось",
		"non surveillé",
	},
	{
		"note",
		"примітка",
		"примечание",
		"note",
	},
	{
		"notified demining",
		"заявлене розмінування",
		"заявленное разминирование",
		"déminage notifié",
	},
	{
		"notified training",
		"заявлене навчання",
		"заявленные учения",
		"entraînement notifié",
	},
	{
		"number: incidents in one mark",
		"число: інцидентів у позначці",
		"число: инцидентов в знаке",
		"nombre : incidents dans un signe",
	},
	{
		"obligations fulfilled",
		"виконано",
		"исполнено",
		"remplies",
	},
	{
		"obligations stand",
		"зобов’язань чинні",
		"обязательств в силе",
		"obligations en vigueur",
	},
	{
		"obstruction",
		"перешкоджання",
		"препятствование",
		"entrave",
	},
	{
		"of rule {0}, by whom is undetermined.",
		"за правилом {0}; ким — не визначено.",
		"по правилу {0}; кем — не определено.",
		"selon la règle {0} ; par qui : indéterminé.",
	},
	{
		"of rule {0}, by {1}.",
		"за правилом {0}; сторона: {1}.",
		"по правилу {0}; сторона: {1}.",
		"selon la règle {0} ; partie : {1}.",
	},
	{
		"open",
		"відкрито",
		"открыто",
		"ouverte",
	},
	{
		"open: no upper bound",
		"відкрито: немає верхньої межі",
		"открыто: нет верхней границы",
		"ouvert : pas de borne supérieure",
	},
	{
		"other arrival",
		"інший вступ",
		"другое вступление",
		"autre arrivée",
	},
	{
		"other incidents",
		"інші інциденти",
		"другие инциденты",
		"autres incidents",
	},
	{
		"otherwise",
		"в іншому разі",
		"в остальном",
		"sinon",
	},
	{
		"outage",
		"втрата сигналу",
		"потеря сигнала",
		"perte de signal",
	},
	{
		"outgoing",
		"вихідний",
		"исходящий",
		"départ",
	},
	{
		"over 99 %",
		"понад 99 %",
		"более 99 %",
		"plus de 99 %",
	},
	{
		"over 99.9",
		"понад 99,9",
		"более 99,9",
		"plus de 99,9",
	},
	{
		"over {0}",
		"понад {0}",
		"более {0}",
		"plus de {0}",
	},
	{
		"parties",
		"для сторін",
		"для сторон",
		"parties",
	},
	{
		"partly watched",
		"частково спостерігалося",
		"частично наблюдалось",
		"surveillé en partie",
	},
	{
		"party",
		"сторона",
		"сторона",
		"partie",
	},
	{
		"patrol",
		"патруль",
		"патруль",
		"patrouille",
	},
	{
		"peak {0}",
		"пік {0}",
		"пик {0}",
		"crête {0}",
	},
	{
		"place uncertain",
		"місце непевне",
		"место неточно",
		"lieu incertain",
	},
	{
		"place within {0} ({1} %)",
		"місце в межах {0} ({1} %)",
		"место в пределах {0} ({1} %)",
		"lieu à {0} près ({1} %)",
	},
	{
		"place within {0} by {1} ({2} %)",
		"місце в межах {0} на {1} ({2} %)",
		"место в пределах {0} на {1} ({2} %)",
		"lieu à {0} sur {1} près ({2} %)",
	},
	{
		"place wrong",
		"хибне місце",
		"неверное место",
		"position fausse",
	},
	{
		"polarity reversed",
		"обернена полярність",
		"обратная полярность",
		"polarité inversée",
	},
	{
		"probability, ring of 90 %",
		"імовірність, 90 %",
		"вероятность, 90 %",
		"probabilité, contour 90 %",
	},
	{
		"projectile in flight",
		"снаряд у польоті",
		"снаряд в полёте",
		"projectile en vol",
	},
	{
		"public",
		"публічний",
		"публичный",
		"public",
	},
	{
		"publish",
		"оприлюднено",
		"опубликовано",
		"publié",
	},
	{
		"published",
		"оприлюднено",
		"опубликовано",
		"publié",
	},
	{
		"quarantined",
		"під сумнівом",
		"под сомнением",
		"mis en doute",
	},
	{
		"quarry blast",
		"вибух у кар’єрі",
		"взрыв в карьере",
		"tir de carrière",
	},
	{
		"radar",
		"радар",
		"радар",
		"radar",
	},
	{
		"ratified",
		"ратифіковано",
		"ратифицировано",
		"ratifié",
	},
	{
		"reasonable",
		"розумні підстави",
		"разумные основания",
		"motifs raisonnables",
	},
	{
		"received {0}",
		"отримано {0}",
		"получено {0}",
		"reçu {0}",
	},
	{
		"recorded",
		"записано",
		"записано",
		"enregistré",
	},
	{
		"recorded ({0})",
		"записано ({0})",
		"записано ({0})",
		"enregistré ({0})",
	},
	{
		"recorded ellipse, 90 %",
		"записаний еліпс",
		"записанный эллипс",
		"ellipse consignée, 90 %",
	},
	{
		"records of evidence: {0}",
		"доказових записів: {0}",
		"записей-доказательств: {0}",
		"éléments de preuve : {0}",
	},
	{
		"region that holds the place in 90 of 100 cases",
		"область, де місце в 90 зі 100 випадків",
		"область, где место в 90 из 100 случаев",
		"région qui contient le lieu dans 90 cas sur 100",
	},
	{
		"reject",
		"відхилено",
		"отклонено",
		"rejeté",
	},
	{
		"rejected",
		"відхилено",
		"отклонено",
		"rejeté",
	},
	{
		"reported",
		"повідомлено",
		"сообщено",
		"signalé",
	},
	{
		"restarted",
		"перезапущено",
		"перезапущен",
		"redémarré",
	},
	{
		"restricted",
		"обмежений",
		"ограниченный",
		"restreint",
	},
	{
		"reviewed",
		"перевірено",
		"проверено",
		"vérifié",
	},
	{
		"reviewed by two persons",
		"перевірено двома особами",
		"проверено двумя лицами",
		"vérifié par deux personnes",
	},
	{
		"satellite",
		"супутник",
		"спутник",
		"satellite",
	},
	{
		"saw",
		"бачили",
		"видели",
		"vu",
	},
	{
		"seconds after the origin, less distance at {0} m/s "
			"(0: in still air)",
		"секунд після джерела, мінус відстань за {0} м/с (0: "
			"у тихому повітрі)",
		"секунд после источника, минус расстояние при {0} "
			"м/с (0: в неподвижном воздухе)",
		"secondes après l’origine, moins la distance à {0} "
			"m/s (0 : en air calme)",
	},
	{
		"seismic",
		"сейсміка",
		"сейсмика",
		"sismique",
	},
	{
		"seismic sensor",
		"сейсмічний датчик",
		"сейсмический датчик",
		"capteur sismique",
	},
	{
		"serious",
		"серйозне",
		"серьёзное",
		"sérieuse",
	},
	{
		"shot",
		"постріл",
		"выстрел",
		"coup de feu",
	},
	{
		"signal looped or replayed",
		"сигнал повторюється",
		"сигнал повторяется",
		"signal répété ou rejoué",
	},
	{
		"signed",
		"підписано",
		"подписано",
		"signé",
	},
	{
		"silent",
		"мовчав",
		"молчал",
		"muet",
	},
	{
		"small arms",
		"стрілецька зброя",
		"стрелковое оружие",
		"armes légères",
	},
	{
		"sonic boom",
		"звуковий удар",
		"звуковой удар",
		"bang supersonique",
	},
	{
		"sound",
		"звук",
		"звук",
		"son",
	},
	{
		"source",
		"джерело",
		"источник",
		"source",
	},
	{
		"sources that should have noticed and did not: {0}",
		"джерел, що мали помітити й не помітили: {0}",
		"источников, которые должны были заметить и не заметили: {0}",
		"sources qui auraient dû le remarquer et ne l’ont pas fait : "
			"{0}",
	},
	{
		"south",
		"південь",
		"югу",
		"au sud",
	},
	{
		"south-east",
		"південний схід",
		"юго-востоку",
		"au sud-est",
	},
	{
		"south-south-east",
		"південь-південний схід",
		"юго-юго-востоку",
		"au sud-sud-est",
	},
	{
		"south-south-west",
		"південь-південний захід",
		"юго-юго-западу",
		"au sud-sud-ouest",
	},
	{
		"south-west",
		"південний захід",
		"юго-западу",
		"au sud-ouest",
	},
	{
		"split",
		"розділено",
		"разделено",
		"divisé",
	},
	{
		"spoofing",
		"підміна сигналу",
		"подмена сигнала",
		"leurrage",
	},
	{
		"stated place jumped",
		"заявлене місце стрибнуло",
		"заявленное место скакнуло",
		"position déclarée qui saute",
	},
	{
		"strength of these words: {0}",
		"сила цих слів: {0}",
		"сила этих слов: {0}",
		"force de ces mots : {0}",
	},
	{
		"stuck",
		"сигнал завмер",
		"сигнал застыл",
		"signal figé",
	},
	{
		"suspended",
		"зупинено",
		"приостановлено",
		"suspendu",
	},
	{
		"swapped",
		"датчики переплутано",
		"датчики перепутаны",
		"capteurs intervertis",
	},
	{
		"tampering",
		"втручання в обладнання",
		"вмешательство в оборудование",
		"altération",
	},
	{
		"tank",
		"танк",
		"танк",
		"char",
	},
	{
		"terms {0}",
		"угода {0}",
		"соглашение {0}",
		"accord {0}",
	},
	{
		"terms {0}, line {1}",
		"угода {0}, лінія {1}",
		"соглашение {0}, линия {1}",
		"accord {0}, ligne {1}",
	},
	{
		"the P wave in the ground",
		"P-хвиля в ґрунті",
		"P-волна в грунте",
		"l’onde P dans le sol",
	},
	{
		"the S wave in the ground",
		"S-хвиля в ґрунті",
		"S-волна в грунте",
		"l’onde S dans le sol",
	},
	{
		"the air wave at other sensors",
		"хвиля в повітрі на інших датчиках",
		"волна в воздухе на других датчиках",
		"l’onde dans l’air à d’autres capteurs",
	},
	{
		"the ellipse of 90 % has semi-axes of {0} and {1} m",
		"еліпс 90 % має півосі {0} і {1} м",
		"эллипс 90 % имеет полуоси {0} и {1} м",
		"l’ellipse à 90 % a des demi-axes de {0} et {1} m",
	},
	{
		"the register does not say it any more",
		"у реєстрі цього вже немає",
		"в реестре этого уже нет",
		"le registre ne le dit plus",
	},
	{
		"thick outline: breach",
		"товстий контур: порушення",
		"толстый контур: нарушение",
		"contour épais : violation",
	},
	{
		"thunder",
		"грім",
		"гром",
		"tonnerre",
	},
	{
		"to the standard {0}",
		"за стандартом «{0}»",
		"по стандарту «{0}»",
		"au critère « {0} »",
	},
	{
		"track",
		"траєкторія",
		"траектория",
		"trajectoire",
	},
	{
		"training",
		"навчання",
		"учения",
		"entraînement",
	},
	{
		"uav",
		"БПЛА",
		"БПЛА",
		"drone",
	},
	{
		"under 0.1",
		"менше 0,1",
		"менее 0,1",
		"moins de 0,1",
	},
	{
		"under 1 %",
		"менше 1 %",
		"менее 1 %",
		"moins de 1 %",
	},
	{
		"under review",
		"переглядається",
		"пересматривается",
		"en cours de réexamen",
	},
	{
		"undetermined",
		"не визначено",
		"не определено",
		"indéterminé",
	},
	{
		"unknown",
		"невідомо",
		"неизвестно",
		"inconnu",
	},
	{
		"unknown event",
		"подія невідомого виду",
		"событие неизвестного вида",
		"événement de nature inconnue",
	},
	{
		"up",
		"працює",
		"работает",
		"en service",
	},
	{
		"vehicle",
		"транспортний засіб",
		"транспортное средство",
		"véhicule",
	},
	{
		"vessel",
		"судно",
		"судно",
		"navire",
	},
	{
		"wait for a decision",
		"чекають рішення",
		"ждут решения",
		"attendent une décision",
	},
	{
		"watched (90 % of the period or more)",
		"спостерігалося (90 % періоду чи більше)",
		"наблюдалось (90 % периода или более)",
		"surveillé (90 % de la période ou plus)",
	},
	{
		"weapon",
		"озброєння",
		"вооружение",
		"arme",
	},
	{
		"weather station",
		"метеостанція",
		"метеостанция",
		"station météo",
	},
	{
		"west",
		"захід",
		"западу",
		"à l’ouest",
	},
	{
		"west-north-west",
		"захід-північний захід",
		"западо-северо-западу",
		"à l’ouest-nord-ouest",
	},
	{
		"west-south-west",
		"захід-південний захід",
		"западо-юго-западу",
		"à l’ouest-sud-ouest",
	},
	{
		"what each sensor recorded, and where it was",
		"що записав кожен датчик і де це було",
		"что записал каждый датчик и где это было",
		"ce que chaque capteur a enregistré, et où c’était",
	},
	{
		"whence arrays heard it",
		"звідки це чули групи датчиків",
		"откуда это слышали группы датчиков",
		"la direction entendue par des réseaux",
	},
	{
		"withdraw",
		"публікацію відкликано",
		"публикация отозвана",
		"publication retirée",
	},
	{
		"withholds endorsement",
		"у підтримці відмовлено",
		"в поддержке отказано",
		"refuse son appui",
	},
	{
		"within {0}",
		"протягом {0}",
		"в течение {0}",
		"en {0}",
	},
	{
		"witness",
		"свідок",
		"свидетель",
		"témoin",
	},
	{
		"worked, did not",
		"не почув",
		"не услышал",
		"en service, muet",
	},
	{
		"zone",
		"зона",
		"зона",
		"zone",
	},
	{
		"{0} %",
		"{0} %",
		"{0} %",
		"{0} %",
	},
	{
		"{0} (as reported)",
		"{0} (за повідомленнями)",
		"{0} (по сообщениям)",
		"{0} (selon la presse)",
	},
	{
		"{0} (assessed)",
		"{0} (оцінка)",
		"{0} (оценка)",
		"{0} (évalué)",
	},
	{
		"{0} (party {1}-controlled)",
		"{0} (контроль сторони {1})",
		"{0} (контроль стороны {1})",
		"{0} (sous contrôle de la partie {1})",
	},
	{
		"{0} (probability {1})",
		"{0} (імовірність {1})",
		"{0} (вероятность {1})",
		"{0} (probabilité {1})",
	},
	{
		"{0} (reply of {1})",
		"{0} (відповідь від {1})",
		"{0} (ответ от {1})",
		"{0} (réponse du {1})",
	},
	{
		"{0} (reply of {1}, late)",
		"{0} (відповідь від {1}, із запізненням)",
		"{0} (ответ от {1}, с опозданием)",
		"{0} (réponse du {1}, tardive)",
	},
	{
		"{0} after the trigger",
		"{0} після умови",
		"{0} после условия",
		"{0} après la condition",
	},
	{
		"{0} and {1} more",
		"{0} та ще {1}",
		"{0} и ещё {1}",
		"{0} et {1} autres",
	},
	{
		"{0} breach",
		"порушень: {0}",
		"нарушений: {0}",
		"{0} violation",
	},
	{
		"{0} breach of {1}",
		"порушень пункту {1}: {0}",
		"нарушений пункта {1}: {0}",
		"{0} violation de {1}",
	},
	{
		"{0} breaches",
		"порушень: {0}",
		"нарушений: {0}",
		"{0} violations",
	},
	{
		"{0} breaches of {1}",
		"порушень пункту {1}: {0}",
		"нарушений пункта {1}: {0}",
		"{0} violations de {1}",
	},
	{
		"{0} by {1}",
		"{0}, сторона: {1}",
		"{0}, сторона: {1}",
		"{0} par {1}",
	},
	{
		"{0} h",
		"{0} год",
		"{0} ч",
		"{0} h",
	},
	{
		"{0} h {1} min",
		"{0} год {1} хв",
		"{0} ч {1} мин",
		"{0} h {1} min",
	},
	{
		"{0} incident lies outside the map.",
		"{0} інцидент поза картою.",
		"{0} инцидент вне карты.",
		"{0} incident est hors de la carte.",
	},
	{
		"{0} incidents lie outside the map.",
		"Інцидентів поза картою: {0}.",
		"Инцидентов вне карты: {0}.",
		"{0} incidents sont hors de la carte.",
	},
	{
		"{0} kg",
		"{0} кг",
		"{0} кг",
		"{0} kg",
	},
	{
		"{0} km",
		"{0} км",
		"{0} км",
		"{0} km",
	},
	{
		"{0} km {1} of {2}",
		"{0} км на {1} від: {2}",
		"{0} км к {1} от: {2}",
		"{0} km {1} de {2}",
	},
	{
		"{0} local time, every day",
		"{0} за місцевим часом, щодня",
		"{0} по местному времени, ежедневно",
		"{0}, heure locale, chaque jour",
	},
	{
		"{0} local time; Saturday and Sunday close with "
			"Monday",
		"{0} за місцевим часом; субота й неділя "
			"закриваються понеділком",
		"{0} по местному времени; суббота и воскресенье "
			"закрываются понедельником",
		"{0}, heure locale ; samedi et dimanche se ferment "
			"avec lundi",
	},
	{
		"{0} look, which would have shown {1} with {2}",
		"спостереження: {0}; було б видно з {2}: {1}",
		"наблюдение: {0}; было бы видно с {2}: {1}",
		"{0} vue, qui aurait montré {1} à {2}",
	},
	{
		"{0} looks, each of which would have shown {1} with "
			"{2}",
		"спостережень: {0}; за кожного було б видно з {2}: "
			"{1}",
		"наблюдений: {0}; при каждом было бы видно с {2}: {1}",
		"{0} vues, dont chacune aurait montré {1} à {2}",
	},
	{
		"{0} m",
		"{0} м",
		"{0} м",
		"{0} m",
	},
	{
		"{0} m {1} of {2}",
		"{0} м на {1} від: {2}",
		"{0} м к {1} от: {2}",
		"{0} m {1} de {2}",
	},
	{
		"{0} min",
		"{0} хв",
		"{0} мин",
		"{0} min",
	},
	{
		"{0} mm",
		"{0} мм",
		"{0} мм",
		"{0} mm",
	},
	{
		"{0} more are not believed",
		"не викликають довіри ще: {0}",
		"не вызывают доверия ещё: {0}",
		"{0} autres ne sont pas crus",
	},
	{
		"{0} more is not believed",
		"ще {0} не викликає довіри",
		"ещё {0} не вызывает доверия",
		"{0} autre n’est pas cru",
	},
	{
		"{0} more lines: truce explain",
		"ще рядків: {0} (truce explain)",
		"ещё строк: {0} (truce explain)",
		"lignes de plus : {0} (truce explain)",
	},
	{
		"{0} more was not working",
		"ще {0} не працював",
		"ещё {0} не работал",
		"{0} autre était hors service",
	},
	{
		"{0} more were not working",
		"не працювали ще: {0}",
		"не работали ещё: {0}",
		"{0} autres étaient hors service",
	},
	{
		"{0} of them against expectation (Pd over 50 %)",
		"із них усупереч очікуванню (Pd понад 50 %): {0}",
		"из них вопреки ожиданию (Pd свыше 50 %): {0}",
		"dont {0} contre toute attente (Pd de plus de 50 %)",
	},
	{
		"{0} of {1} kg",
		"{0} ({1} кг)",
		"{0} ({1} кг)",
		"{0} de {1} kg",
	},
	{
		"{0} of {1} m",
		"{0} ({1} м)",
		"{0} ({1} м)",
		"{0} de {1} m",
	},
	{
		"{0} of {1} m² at {2} K",
		"{0} ({1} м², {2} K)",
		"{0} ({1} м², {2} K)",
		"{0} de {1} m² à {2} K",
	},
	{
		"{0} or worse",
		"{0} або тяжче",
		"{0} или тяжелее",
		"{0} ou plus grave",
	},
	{
		"{0} or {1}",
		"{0} або {1}",
		"{0} или {1}",
		"{0} ou {1}",
	},
	{
		"{0} pass of a satellite, which would have shown "
			"{1} with {2}",
		"проліт супутника: {0}; було б видно з {2}: {1}",
		"пролёт спутника: {0}; было бы видно с {2}: {1}",
		"{0} passage de satellite, qui aurait montré {1} à "
			"{2}",
	},
	{
		"{0} passes of satellites, each of which would "
			"have shown {1} with {2}",
		"прольотів супутників: {0}; на кожному було б "
			"видно з {2}: {1}",
		"пролётов спутников: {0}; на каждом было бы видно "
			"с {2}: {1}",
		"{0} passages de satellites, dont chacun aurait "
			"montré {1} à {2}",
	},
	{
		"{0} points",
		"{0} п. п.",
		"{0} п. п.",
		"{0} points",
	},
	{
		"{0} reported another arrival",
		"повідомили про інший вступ: {0}",
		"сообщили о другом вступлении: {0}",
		"{0} ont signalé une autre arrivée",
	},
	{
		"{0} reported nothing",
		"не повідомили нічого: {0}",
		"не сообщили ничего: {0}",
		"{0} n’ont rien signalé",
	},
	{
		"{0} s",
		"{0} с",
		"{0} с",
		"{0} s",
	},
	{
		"{0} t",
		"{0} т",
		"{0} т",
		"{0} t",
	},
	{
		"{0} to {1}",
		"від {0} до {1}",
		"от {0} до {1}",
		"de {0} à {1}",
	},
	{
		"{0} to {1}: {2}",
		"{0} → {1}: {2}",
		"{0} → {1}: {2}",
		"{0} → {1} : {2}",
	},
	{
		"{0} view by drone or camera, of a part of the "
			"area, which would have shown {1} with {2}",
		"знімок дрона чи камери: {0}, частини району; було "
			"б видно з {2}: {1}",
		"снимок дрона или камеры: {0}, части района; было "
			"бы видно с {2}: {1}",
		"{0} vue par drone ou caméra, d’une partie du "
			"secteur, qui aurait montré {1} à {2}",
	},
	{
		"{0} views by drone or camera, each of a part of "
			"the area, which would have shown {1} with {2}",
		"знімків дрона чи камери: {0}, кожен частини "
			"району; було б видно з {2}: {1}",
		"снимков дрона или камеры: {0}, каждый части "
			"района; было бы видно с {2}: {1}",
		"{0} vues par drone ou caméra, chacune d’une "
			"partie du secteur, qui auraient montré {1} à {2}",
	},
	{
		"{0} {1}",
		"{1}: {0}",
		"{1}: {0}",
		"{1} : {0}",
	},
	{
		"{0} {1} incident that began outside the period, "
			"or at a time not known, is not drawn.",
		"{0} {1} інцидент, що почався поза періодом або "
			"невідомо коли, не показано.",
		"{0} {1} инцидент, начавшийся вне периода или "
			"неизвестно когда, не показан.",
		"{0} {1} incident commencé hors de la période, ou "
			"à un moment inconnu, n’est pas dessiné.",
	},
	{
		"{0} {1} incidents that began outside the period, "
			"or at a time not known, are not drawn.",
		"{0} Не показано інцидентів, що почалися поза "
			"періодом або невідомо коли: {1}.",
		"{0} Не показано инцидентов, начавшихся вне "
			"периода или неизвестно когда: {1}.",
		"{0} {1} incidents commencés hors de la période, "
			"ou à un moment inconnu, ne sont pas dessinés.",
	},
	{
		"{0}, and {1} incident not counted",
		"{0}, і ще {1} інцидент без підрахунку",
		"{0}, и ещё {1} инцидент без подсчёта",
		"{0}, et {1} incident non compté",
	},
	{
		"{0}, and {1} incidents not counted",
		"{0}, і ще без підрахунку інцидентів: {1}",
		"{0}, и ещё без подсчёта инцидентов: {1}",
		"{0}, et {1} incidents non comptés",
	},
	{
		"{0}, contested",
		"{0}, оскаржено",
		"{0}, оспорено",
		"{0}, contesté",
	},
	{
		"{0}, hardly counted",
		"{0}, майже не враховано",
		"{0}, почти не учтено",
		"{0}, à peine compté",
	},
	{
		"{0}, line {1}",
		"{0}, рядок {1}",
		"{0}, строка {1}",
		"{0}, ligne {1}",
	},
	{
		"{0}, notified by {1}",
		"{0}, заявник: {1}",
		"{0}, заявитель: {1}",
		"{0}, notifié par {1}",
	},
	{
		"{0}, number {1}",
		"{0}, число: {1}",
		"{0}, число: {1}",
		"{0}, nombre : {1}",
	},
	{
		"{0}, prices of {1}",
		"{0}, у цінах {1} року",
		"{0}, в ценах {1} года",
		"{0}, aux prix de {1}",
	},
	{
		"{0}, version {1}",
		"{0}, версія {1}",
		"{0}, версия {1}",
		"{0}, version {1}",
	},
	{
		"{0}, version {1}, SHA-256 {2}…",
		"{0}, версія {1}, SHA-256 {2}…",
		"{0}, версия {1}, SHA-256 {2}…",
		"{0}, version {1}, SHA-256 {2}…",
	},
	{
		"{0}, {1} to {2}",
		"{0}, від {1} до {2}",
		"{0}, с {1} по {2}",
		"{0}, de {1} à {2}",
	},
	{
		"{0}, {1}; received {2}",
		"{0}, {1}; отримано {2}",
		"{0}, {1}; получено {2}",
		"{0}, {1} ; reçu {2}",
	},
	{
		"{0}, {1}; received {2} (as the file states)",
		"{0}, {1}; отримано {2} (за твердженням файлу)",
		"{0}, {1}; получено {2} (по утверждению файла)",
		"{0}, {1} ; reçu {2} (selon le fichier)",
	},
	{
		"{0}: {1}",
		"{0}: {1}",
		"{0}: {1}",
		"{0} : {1}",
	},
	{
		"{0} % of the probability lies in an ellipse of "
			"semi-axes {1} and {2} m about {3}, and within {4} s "
			"of that time.",
		"{0} % імовірності лежить в еліпсі з півосями {1} та "
			"{2} м навколо {3} і в межах {4} с від цього часу.",
		"{0} % вероятности лежит в эллипсе с полуосями {1} и "
			"{2} м вокруг {3} и в пределах {4} с от этого "
			"времени.",
		"{0} % de la probabilité se trouve dans une ellipse "
			"de demi-axes {1} et {2} m autour du point {3}, et à "
			"moins de {4} s de cette heure.",
	},
	{
		"± not known",
		"± невідомо",
		"± неизвестно",
		"± inconnu",
	},
	{
		"± {0} h",
		"± {0} год",
		"± {0} ч",
		"± {0} h",
	},
	{
		"± {0} min",
		"± {0} хв",
		"± {0} мин",
		"± {0} min",
	},
	{
		"± {0} s",
		"± {0} с",
		"± {0} с",
		"± {0} s",
	},
	{
		"“{0}”",
		"«{0}»",
		"«{0}»",
		"« {0} »",
	},
	{
		"“{0}” if it lay {1} farther from “{2}”",
		"«{0}», якби місце було на {1} далі від «{2}»",
		"«{0}», если бы место было на {1} дальше от «{2}»",
		"« {0} » si le lieu était {1} plus loin de « {2} »",
	},
	{
		"“{0}” if it lay {1} nearer to “{2}”",
		"«{0}», якби місце було на {1} ближче до «{2}»",
		"«{0}», если бы место было на {1} ближе к «{2}»",
		"« {0} » si le lieu était {1} plus près de « {2} »",
	},
	{
		"“{0}” if the error region were {1} or less (it is "
			"{2})",
		"«{0}», якби область похибки була {1} або менша "
			"(вона {2})",
		"«{0}», если бы область погрешности была {1} или "
			"меньше (она {2})",
		"« {0} » si la région d’erreur était de {1} ou moins "
			"(elle est de {2})",
	},
	{
		"“{0}” if the error region were {1} or more (it is "
			"{2})",
		"«{0}», якби область похибки була {1} або більша "
			"(вона {2})",
		"«{0}», если бы область погрешности была {1} или "
			"больше (она {2})",
		"« {0} » si la région d’erreur était de {1} ou plus "
			"(elle est de {2})",
	},
	{
		"“{0}” with so many more kinds of evidence: {1}",
		"«{0}», якби було більше видів доказів, ще: {1}",
		"«{0}», если бы было больше видов доказательств, "
			"ещё: {1}",
		"« {0} » avec davantage de sortes d’éléments : "
			"encore {1}",
	},
};

static const char *in(const struct phrase *p, const char *lang)
{
	return strcmp(lang, "uk") == 0 ? p->uk
		: strcmp(lang, "ru") == 0 ? p->ru
		: strcmp(lang, "fr") == 0 ? p->fr
					  : p->en;
}

const char *phrase_in(const char *lang, const char *english)
{
	size_t lo = 0, hi = sizeof phrases / sizeof *phrases;

	if (strcmp(lang, "en") == 0)
		return english;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(phrases[mid].en, english);

		if (c == 0)
			return in(&phrases[mid], lang);
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return english;
}

/* "de Odarivka" is "d'Odarivka": before a vowel, with or without an accent
 * (U+00C0 to U+00FF, of which each letter that begins a name is one). */
static void elide(struct text *t, const char *next)
{
	bool vowel = (*next && strchr("AEIOUaeiou", *next)) ||
		(uint8_t)*next == 0xc3;

	if (vowel && t->len >= 4 &&
		memcmp(t->at + t->len - 4, " de ", 4) == 0) {
		t->len -= 2;
		text_add(t, "\u2019");
	}
}

void phrase_fill(struct text *t, const char *lang, const char *s,
	const char *const *arg)
{
	bool french = strcmp(lang, "fr") == 0;
	size_t n = 0;

	while (arg[n])
		n++;
	for (; *s; s++) {
		size_t i = (size_t)(s[1] - '0');

		if (s[0] != '{' || s[1] < '0' || s[1] > '9' || s[2] != '}') {
			text_char(t, *s);
			continue;
		}
		if (i < n && french)
			elide(t, arg[i]);
		text_add(t, i < n ? arg[i] : "?");
		s += 2;
	}
}
