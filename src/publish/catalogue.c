/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/catalogue.h"

/* CLDR 44, cardinal, whole numbers. */
static enum plural plural_en(uint64_t n)
{
	return n == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static enum plural plural_fr(uint64_t n)
{
	return n < 2 ? PLURAL_ONE : PLURAL_OTHER;
}

static enum plural plural_slavic(uint64_t n)
{
	uint64_t one = n % 10, hundred = n % 100;

	if (one == 1 && hundred != 11)
		return PLURAL_ONE;
	if (one >= 2 && one <= 4 && (hundred < 12 || hundred > 14))
		return PLURAL_FEW;
	return PLURAL_MANY;
}

static const struct catalogue english = {
	.lang = "en",
	.plural = plural_en,
	.word = {
		[W_REPORT] = "Daily report",
		[W_PERIOD] = "Reporting period",
		[W_FROM] = "From",
		[W_TO] = "To",
		[W_EVENINGS] = "Evenings covered",
		[W_CUTOFF] = "Cut-off rule",
		[W_TZDATA] = "Time zone data",
		[W_LEVEL] = "Publication level",
		[W_STATUS] = "Status",
		[W_RULES] = "Rule version",
		[W_TERMS] = "Terms of the agreement (SHA-256)",
		[W_LINES] = "Lines and zones",
		[W_SUMMARY] = "Summary",
		[W_MAP] = "Map",
		[W_TIMELINE] = "Course of the period",
		[W_FINDINGS] = "Findings",
		[W_EVENTS] = "Recorded events and findings",
		[W_WEAPONS] = "Weapons sighted",
		[W_HARM] = "Casualties and damage",
		[W_RESTRICTIONS] = "Restrictions, interference and outages",
		[W_COVERAGE] = "What was watched",
		[W_NOTIFIED] = "Notified activities and other assessed causes",
		[W_CLAIMS] = "What the parties say",
		[W_HEALTH] = "Where the mission was blind",
		[W_METHOD] = "Method and limits",
		[W_PROOF] = "Proof",
		[W_KIND] = "Kind",
		[W_RECORDED] = "Recorded",
		[W_OF_WHICH_NOTIFIED] = "of which notified or other cause",
		[W_BEFORE] = "Period before",
		[W_CHANGE] = "Change",
		[W_WATCHED] = "Watched",
		[W_WATCHED_BEFORE] = "Watched before",
		[W_PARTLY] = "Partly",
		[W_NOT_WATCHED] = "Not watched",
		[W_AREA] = "Area",
		[W_MEANS] = "Means",
		[W_POSITION] = "Position or sensor",
		[W_PLACE] = "Place of event",
		[W_NUMBER] = "No.",
		[W_OBSERVATION] = "Observation",
		[W_DESCRIPTION] = "Description",
		[W_WEAPON] = "Weapon",
		[W_TIME] = "Date, time",
		[W_FINDING] = "Finding",
		[W_ID] = "Id",
		[W_TYPE] = "Type",
		[W_CALIBRE] = "Calibre",
		[W_SOURCE] = "Source",
		[W_STATE] = "State",
		[W_BY_WHOM] = "By whom",
		[W_EXPLANATION] = "Explanation",
		[W_CAUSE] = "Cause",
		[W_NOTICE] = "Notice",
		[W_WHY] = "Why",
		[W_DURATION] = "Duration",
		[W_PARTY_SAYS] = "{0} says",
		[W_MISSION_FINDS] = "The mission finds",
		[W_INCIDENT] = "Incident",
		[W_DATE] = "Date",
		[W_ALL_AREA] = "whole area",
		[W_NOT_KNOWN] = "not known",
		[W_NOT_STATED] = "not stated",
		[W_NONE_RECORDED] = "none recorded",
		[W_NOT_COMPARABLE] = "not comparable",
		[W_OUTSIDE_ZONES] = "Outside the zones",
		[W_NO_RULE] = "no rule concerns it",
		[W_NOTICE_TRANSLATED] = "",
		[W_INCIDENTS] = "incidents",
		[W_ROOT] = "Root",
		[W_SIZE] = "Entries",
		[W_INDEX] = "Index of this report's data",
		[W_AT] = "Last entry",
		[W_PREVIOUS_PERIOD] = "Period before",
		[W_MODALITY] = "By",
		[W_DIFFERENCE] = "Difference",
		[W_SOFTWARE] = "Rules of the program",
		[W_PLACE_NOT_KNOWN] = "Place not known",
		[W_SPOT_REPORT] =
			"Spot report",
		[W_WEEK_REPORT] =
			"Weekly trend",
		[W_CORRECTIONS] =
			"Corrections of earlier reports",
		[W_DAYS] =
			"Day by day",
		[W_DID] =
			"What was done",
		[W_WHOLE_OF] =
			"by",
		[W_OTHER_INCIDENTS] =
			"Other incidents",
		[W_NO_CORRECTION] =
			"Nothing that an earlier report said was "
			"changed in this period.",
		[W_STEPS] =
			"Every step of the findings",
		[W_RECORDS] =
			"What each sensor recorded, and where it was",
		[W_REVIEWS] =
			"What people did",
		[W_KINDS_LIKELY] =
			"Kind, by probability",
		[W_SILENT] =
			"Working sources that did not notice it",
		[W_LIMITS] = "Explosions: heard, not heard, not observed",
	},
	.sentence = {
		[S_INCIDENTS] = {
			[PLURAL_ONE] = "The mission recorded {0} incident in "
				"this period and {1} in the period before.",
			[PLURAL_OTHER] = "The mission recorded {0} incidents "
				"in this period and {1} in the period before.",
		},
		[S_FINDINGS] = {
			[PLURAL_OTHER] = "Measured against the agreement: "
				"breach {0}, undetermined {1}, no breach {2}, "
				"not applicable {3}, conflict {4}.",
		},
		[S_WATCHED] = {
			[PLURAL_OTHER] = "For {0}, {1} of the area and hours "
				"were watched ({2} in the period before), so "
				"the counts of the two periods can be "
				"compared.",
		},
		[S_WATCHED_APART] = {
			[PLURAL_OTHER] = "For {0}, {1} of the area and hours "
				"were watched, but {2} in the period before: "
				"the counts of the two periods are not "
				"comparable.",
		},
		[S_WATCHED_ONCE] = {
			[PLURAL_OTHER] = "For {0}, {1} of the area and hours "
				"were watched; for the period before this is "
				"not known, so the counts are not comparable.",
		},
		[S_WATCHED_NEVER] = {
			[PLURAL_OTHER] = "It is not known what share of the "
				"area and hours was watched for {0}; their "
				"counts say only what was noticed.",
		},
		[S_GLIMPSED] = {
			[PLURAL_OTHER] = "For {0}, the area was watched only "
				"at times: {1}.",
		},
		[S_LIMIT] = {
			[PLURAL_OTHER] = "Of explosions not recorded, this "
				"much is known for the whole area: {0}.",
		},
		[S_NOTIFIED] = {
			[PLURAL_ONE] = "{0} incident matches an activity that "
				"was notified beforehand, or has another "
				"assessed cause, and is listed apart.",
			[PLURAL_OTHER] = "{0} incidents match activities that "
				"were notified beforehand, or have other "
				"assessed causes, and are listed apart.",
		},
		[S_BLIND] = {
			[PLURAL_ONE] = "{0} of {1} sources was down, degraded "
				"or in doubt for part of the period.",
			[PLURAL_OTHER] = "{0} of {1} sources were down, "
				"degraded or in doubt for part of the period.",
		},
		[S_NOT_BLIND] = {
			[PLURAL_OTHER] = "No failure of the {0} sources is on "
				"record for this period.",
		},
		[S_REJECTED] = {
			[PLURAL_ONE] = "{0} automatic incident was rejected "
				"on review and is not counted.",
			[PLURAL_OTHER] = "{0} automatic incidents were "
				"rejected on review and are not counted.",
		},
		[S_UNPLACED] = {
			[PLURAL_ONE] = "{0} incident without a known place is "
				"not on the map.",
			[PLURAL_OTHER] = "{0} incidents without a known place "
				"are not on the map.",
		},
		[S_OUTSIDE] = {
			[PLURAL_ONE] = "{0} incident wholly outside the "
				"mission's area is left out.",
			[PLURAL_OTHER] = "{0} incidents wholly outside the "
				"mission's area are left out.",
		},
		[S_MORE] = {
			[PLURAL_ONE] = "{0} more of this kind is in the table "
				"below.",
			[PLURAL_OTHER] = "{0} more of this kind are in the "
				"table below.",
		},
		[S_EVENINGS] = {
			[PLURAL_OTHER] = "{0}",
		},
		[S_NONE_OF_KIND] = {
			[PLURAL_OTHER] = "None recorded; {0} of the area and "
				"hours were watched.",
		},
		[S_NONE_UNKNOWN] = {
			[PLURAL_OTHER] = "None recorded; it is not known how "
				"much was watched, so this does not mean that "
				"there were none.",
		},
	},
	.kind = {"explosions", "shots", "bursts", "projectiles in flight",
		"muzzle flashes", "illumination flares", "fires", "flights",
		"vessels", "vehicles", "weapons", "damage", "jamming",
		"spoofing", "obstructions", "denials", "delays",
		"losses of signal", "tampering", "casualties", "earthquakes",
		"thunder", "quarry blasts", "fireworks", "sonic booms",
		"events of unknown kind"},
	.verdict = {"breach", "no breach", "undetermined", "not applicable",
		"conflict"},
};

static const struct catalogue ukrainian = {
	.lang = "uk",
	.plural = plural_slavic,
	.word = {
		[W_REPORT] = "Щоденний звіт",
		[W_PERIOD] = "Звітний період",
		[W_FROM] = "Від",
		[W_TO] = "До",
		[W_EVENINGS] = "Охоплено вечорів",
		[W_CUTOFF] = "Правило завершення періоду",
		[W_TZDATA] = "Дані часового поясу",
		[W_LEVEL] = "Рівень оприлюднення",
		[W_STATUS] = "Стан",
		[W_RULES] = "Версія правил",
		[W_TERMS] = "Умови угоди (SHA-256)",
		[W_LINES] = "Лінії та зони",
		[W_SUMMARY] = "Підсумок",
		[W_MAP] = "Карта",
		[W_TIMELINE] = "Перебіг періоду",
		[W_FINDINGS] = "Висновки",
		[W_EVENTS] = "Зафіксовані події та висновки",
		[W_WEAPONS] = "Помічене озброєння",
		[W_HARM] = "Постраждалі та пошкодження",
		[W_RESTRICTIONS] = "Обмеження, перешкоди та втрати зв’язку",
		[W_LIMITS] =
			"Вибухи: почуто, не почуто, не спостерігалося",
		[W_COVERAGE] = "Що спостерігалося",
		[W_NOTIFIED] = "Заявлені заходи та інші встановлені причини",
		[W_CLAIMS] = "Що заявляють сторони",
		[W_HEALTH] = "Де місія не бачила",
		[W_METHOD] = "Метод та обмеження",
		[W_PROOF] = "Доказ",
		[W_KIND] = "Вид",
		[W_RECORDED] = "Зафіксовано",
		[W_OF_WHICH_NOTIFIED] = "з них заявлені або з іншої причини",
		[W_BEFORE] = "Попередній період",
		[W_CHANGE] = "Зміна",
		[W_WATCHED] = "Спостерігалося",
		[W_WATCHED_BEFORE] = "Раніше спостерігалося",
		[W_PARTLY] = "Частково",
		[W_NOT_WATCHED] = "Не спостерігалося",
		[W_AREA] = "Район",
		[W_MEANS] = "Спосіб",
		[W_POSITION] = "Позиція або датчик",
		[W_PLACE] = "Місце події",
		[W_NUMBER] = "К-сть",
		[W_OBSERVATION] = "Спостереження",
		[W_DESCRIPTION] = "Опис",
		[W_WEAPON] = "Зброя",
		[W_TIME] = "Дата, час",
		[W_FINDING] = "Висновок",
		[W_ID] = "Код",
		[W_TYPE] = "Тип",
		[W_CALIBRE] = "Калібр",
		[W_SOURCE] = "Джерело",
		[W_STATE] = "Стан",
		[W_BY_WHOM] = "Ким",
		[W_EXPLANATION] = "Пояснення",
		[W_CAUSE] = "Причина",
		[W_NOTICE] = "Повідомлення",
		[W_WHY] = "Чому",
		[W_DURATION] = "Тривалість",
		[W_PARTY_SAYS] = "{0}: заява",
		[W_MISSION_FINDS] = "Висновок місії",
		[W_INCIDENT] = "Інцидент",
		[W_DATE] = "Дата",
		[W_ALL_AREA] = "увесь район",
		[W_NOT_KNOWN] = "невідомо",
		[W_NOT_STATED] = "не зазначено",
		[W_NONE_RECORDED] = "не зафіксовано",
		[W_NOT_COMPARABLE] = "не порівнянно",
		[W_OUTSIDE_ZONES] = "Поза зонами",
		[W_NO_RULE] = "жодне правило не стосується",
		[W_NOTICE_TRANSLATED] = "Переклад сталого тексту; "
			"автентичним є англійський текст.",
		[W_INCIDENTS] = "інциденти",
		[W_PREVIOUS_PERIOD] = "Попередній період",
		[W_MODALITY] = "Засіб",
		[W_DIFFERENCE] = "Різниця",
		[W_PLACE_NOT_KNOWN] = "Місце невідоме",
		[W_ROOT] = "Корінь журналу",
		[W_SIZE] = "Записів",
		[W_INDEX] = "Номер даних цього звіту",
		[W_AT] = "Останній запис",
		[W_SOFTWARE] = "Правила програми",
		[W_SPOT_REPORT] =
			"Терміновий звіт",
		[W_WEEK_REPORT] =
			"Тижневий огляд",
		[W_CORRECTIONS] =
			"Виправлення попередніх звітів",
		[W_DAYS] =
			"День за днем",
		[W_DID] =
			"Що зроблено",
		[W_WHOLE_OF] =
			"ким",
		[W_OTHER_INCIDENTS] =
			"Інші інциденти",
		[W_NO_CORRECTION] =
			"За цей період нічого зі сказаного в попередніх "
			"звітах не змінено.",
		[W_STEPS] =
			"Усі кроки висновків",
		[W_RECORDS] =
			"Що записав кожен датчик і де це було",
		[W_REVIEWS] =
			"Що зробили люди",
		[W_KINDS_LIKELY] =
			"Вид за ймовірністю",
		[W_SILENT] =
			"Справні джерела, які цього не помітили",
	},
	.sentence = {
		[S_INCIDENTS] = {
			[PLURAL_ONE] =
				"За цей період місія зафіксувала {0} "
				"інцидент, за попередній — {1}.",
			[PLURAL_FEW] =
				"За цей період місія зафіксувала {0} "
				"інциденти, за попередній — {1}.",
			[PLURAL_OTHER] =
				"За цей період місія зафіксувала {0} "
				"інцидентів, за попередній — {1}.",
		},
		[S_FINDINGS] = {
			[PLURAL_OTHER] =
				"За мірою угоди: порушень {0}, не визначено "
				"{1}, немає порушення {2}, не застосовується "
				"{3}, колізій {4}.",
		},
		[S_WATCHED] = {
			[PLURAL_OTHER] =
				"Спостереження ({0}): {1} району й часу (у "
				"попередній період {2}), тож числа двох "
				"періодів можна порівнювати.",
		},
		[S_WATCHED_APART] = {
			[PLURAL_OTHER] =
				"Спостереження ({0}): {1} району й часу, але "
				"{2} у попередній період: числа двох "
				"періодів не порівнянні.",
		},
		[S_WATCHED_ONCE] = {
			[PLURAL_OTHER] =
				"Спостереження ({0}): {1} району й часу; за "
				"попередній період це невідомо, тож числа не "
				"порівнянні.",
		},
		[S_WATCHED_NEVER] = {
			[PLURAL_OTHER] =
				"Невідомо, за якою часткою району й часу "
				"спостерігали ({0}); числа кажуть лише про "
				"помічене.",
		},
		[S_GLIMPSED] = {
			[PLURAL_OTHER] =
				"Спостереження ({0}) було лише часом: {1}.",
		},
		[S_LIMIT] = {
			[PLURAL_OTHER] =
				"Про незафіксовані вибухи в усьому районі "
				"відомо таке: {0}.",
		},
		[S_NOTIFIED] = {
			[PLURAL_ONE] =
				"{0} інцидент відповідає заздалегідь "
				"заявленому заходу або має іншу встановлену "
				"причину; його наведено окремо.",
			[PLURAL_FEW] =
				"{0} інциденти відповідають заздалегідь "
				"заявленим заходам або мають інші "
				"встановлені причини; їх наведено окремо.",
			[PLURAL_OTHER] =
				"{0} інцидентів відповідають заздалегідь "
				"заявленим заходам або мають інші "
				"встановлені причини; їх наведено окремо.",
		},
		[S_BLIND] = {
			[PLURAL_ONE] =
				"{0} джерело з {1} частину періоду не "
				"працювало, працювало гірше або під сумнівом.",
			[PLURAL_FEW] =
				"{0} джерела з {1} частину періоду не "
				"працювали, працювали гірше або під сумнівом.",
			[PLURAL_OTHER] =
				"{0} джерел з {1} частину періоду не "
				"працювали, працювали гірше або під сумнівом.",
		},
		[S_NOT_BLIND] = {
			[PLURAL_OTHER] =
				"Жодної відмови джерел за цей період не "
				"записано (джерел: {0}).",
		},
		[S_REJECTED] = {
			[PLURAL_ONE] =
				"{0} автоматичний інцидент відхилено під час "
				"перевірки; його не враховано.",
			[PLURAL_FEW] =
				"{0} автоматичні інциденти відхилено під час "
				"перевірки; їх не враховано.",
			[PLURAL_OTHER] =
				"{0} автоматичних інцидентів відхилено під "
				"час перевірки; їх не враховано.",
		},
		[S_UNPLACED] = {
			[PLURAL_ONE] =
				"{0} інцидент без відомого місця на карті не "
				"показано.",
			[PLURAL_FEW] =
				"{0} інциденти без відомого місця на карті "
				"не показано.",
			[PLURAL_OTHER] =
				"{0} інцидентів без відомого місця на карті "
				"не показано.",
		},
		[S_OUTSIDE] = {
			[PLURAL_ONE] =
				"{0} інцидент цілком поза районом місії не "
				"враховано.",
			[PLURAL_FEW] =
				"{0} інциденти цілком поза районом місії не "
				"враховано.",
			[PLURAL_OTHER] =
				"{0} інцидентів цілком поза районом місії не "
				"враховано.",
		},
		[S_MORE] = {
			[PLURAL_ONE] =
				"Ще {0} такий є в таблиці нижче.",
			[PLURAL_FEW] =
				"Ще {0} такі є в таблиці нижче.",
			[PLURAL_OTHER] =
				"Ще {0} таких є в таблиці нижче.",
		},
		[S_EVENINGS] = {
			[PLURAL_OTHER] =
				"{0}",
		},
		[S_NONE_OF_KIND] = {
			[PLURAL_OTHER] =
				"Не зафіксовано; спостерігалося {0} району й "
				"часу.",
		},
		[S_NONE_UNKNOWN] = {
			[PLURAL_OTHER] =
				"Не зафіксовано; невідомо, скільки "
				"спостерігали, тож це не означає, що нічого "
				"не було.",
		},
	},
	.kind = {"вибухи", "постріли", "черги", "снаряди в польоті",
		"дульні спалахи", "освітлювальні ракети", "пожежі",
		"польоти", "судна", "транспортні засоби", "озброєння",
		"пошкодження", "глушіння", "підміни сигналу",
		"перешкоджання",
		"відмови в доступі", "затримки", "втрати сигналу",
		"втручання в обладнання", "постраждалі", "землетруси",
		"грім", "вибухи в кар’єрах", "феєрверки", "звукові удари",
		"події невідомого виду"},
	.verdict = {"порушення", "немає порушення", "не визначено",
		"не застосовується", "колізія"},
};

static const struct catalogue russian = {
	.lang = "ru",
	.plural = plural_slavic,
	.word = {
		[W_REPORT] = "Ежедневный отчёт",
		[W_PERIOD] = "Отчётный период",
		[W_FROM] = "С",
		[W_TO] = "По",
		[W_EVENINGS] = "Охвачено вечеров",
		[W_CUTOFF] = "Правило завершения периода",
		[W_TZDATA] = "Данные часового пояса",
		[W_LEVEL] = "Уровень публикации",
		[W_STATUS] = "Статус",
		[W_RULES] = "Версия правил",
		[W_TERMS] = "Условия соглашения (SHA-256)",
		[W_LINES] = "Линии и зоны",
		[W_SUMMARY] = "Сводка",
		[W_MAP] = "Карта",
		[W_TIMELINE] = "Ход периода",
		[W_FINDINGS] = "Выводы",
		[W_EVENTS] = "Зафиксированные события и выводы",
		[W_WEAPONS] = "Замеченное вооружение",
		[W_HARM] = "Пострадавшие и повреждения",
		[W_RESTRICTIONS] = "Ограничения, помехи и потери связи",
		[W_LIMITS] =
			"Взрывы: услышано, не услышано, не наблюдалось",
		[W_COVERAGE] = "Что наблюдалось",
		[W_NOTIFIED] = "Заявленные мероприятия и иные "
			"установленные причины",
		[W_CLAIMS] = "Что заявляют стороны",
		[W_HEALTH] = "Где миссия не видела",
		[W_METHOD] = "Метод и ограничения",
		[W_PROOF] = "Доказательство",
		[W_KIND] = "Вид",
		[W_RECORDED] = "Зафиксировано",
		[W_OF_WHICH_NOTIFIED] = "из них заявленные или иной причины",
		[W_BEFORE] = "Предыдущий период",
		[W_CHANGE] = "Изменение",
		[W_WATCHED] = "Наблюдалось",
		[W_WATCHED_BEFORE] = "Наблюдалось ранее",
		[W_PARTLY] = "Частично",
		[W_NOT_WATCHED] = "Не наблюдалось",
		[W_AREA] = "Район",
		[W_MEANS] = "Способ",
		[W_POSITION] = "Позиция или датчик",
		[W_PLACE] = "Место события",
		[W_NUMBER] = "Кол-во",
		[W_OBSERVATION] = "Наблюдение",
		[W_DESCRIPTION] = "Описание",
		[W_WEAPON] = "Оружие",
		[W_TIME] = "Дата, время",
		[W_FINDING] = "Вывод",
		[W_ID] = "Код",
		[W_TYPE] = "Тип",
		[W_CALIBRE] = "Калибр",
		[W_SOURCE] = "Источник",
		[W_STATE] = "Состояние",
		[W_BY_WHOM] = "Кем",
		[W_EXPLANATION] = "Пояснение",
		[W_CAUSE] = "Причина",
		[W_NOTICE] = "Уведомление",
		[W_WHY] = "Почему",
		[W_DURATION] = "Длительность",
		[W_PARTY_SAYS] = "{0}: заявление",
		[W_MISSION_FINDS] = "Вывод миссии",
		[W_INCIDENT] = "Инцидент",
		[W_DATE] = "Дата",
		[W_ALL_AREA] = "весь район",
		[W_NOT_KNOWN] = "неизвестно",
		[W_NOT_STATED] = "не указано",
		[W_NONE_RECORDED] = "не зафиксировано",
		[W_NOT_COMPARABLE] = "несопоставимо",
		[W_OUTSIDE_ZONES] = "Вне зон",
		[W_NO_RULE] = "ни одно правило не касается",
		[W_NOTICE_TRANSLATED] = "Перевод постоянного текста; "
			"аутентичен английский текст.",
		[W_INCIDENTS] = "инциденты",
		[W_PREVIOUS_PERIOD] = "Предыдущий период",
		[W_MODALITY] = "Средство",
		[W_DIFFERENCE] = "Разница",
		[W_PLACE_NOT_KNOWN] = "Место неизвестно",
		[W_ROOT] = "Корень журнала",
		[W_SIZE] = "Записей",
		[W_INDEX] = "Номер данных этого отчёта",
		[W_AT] = "Последняя запись",
		[W_SOFTWARE] = "Правила программы",
		[W_SPOT_REPORT] =
			"Срочный отчёт",
		[W_WEEK_REPORT] =
			"Недельный обзор",
		[W_CORRECTIONS] =
			"Исправления прежних отчётов",
		[W_DAYS] =
			"День за днём",
		[W_DID] =
			"Что сделано",
		[W_WHOLE_OF] =
			"кем",
		[W_OTHER_INCIDENTS] =
			"Другие инциденты",
		[W_NO_CORRECTION] =
			"За этот период ничто из сказанного в прежних "
			"отчётах не изменено.",
		[W_STEPS] =
			"Все шаги выводов",
		[W_RECORDS] =
			"Что записал каждый датчик и где это было",
		[W_REVIEWS] =
			"Что сделали люди",
		[W_KINDS_LIKELY] =
			"Вид по вероятности",
		[W_SILENT] =
			"Исправные источники, которые этого не заметили",
	},
	.sentence = {
		[S_INCIDENTS] = {
			[PLURAL_ONE] =
				"За этот период миссия зафиксировала {0} "
				"инцидент, за предыдущий — {1}.",
			[PLURAL_FEW] =
				"За этот период миссия зафиксировала {0} "
				"инцидента, за предыдущий — {1}.",
			[PLURAL_OTHER] =
				"За этот период миссия зафиксировала {0} "
				"инцидентов, за предыдущий — {1}.",
		},
		[S_FINDINGS] = {
			[PLURAL_OTHER] =
				"По мере соглашения: нарушений {0}, не "
				"определено {1}, нет нарушения {2}, не "
				"применяется {3}, коллизий {4}.",
		},
		[S_WATCHED] = {
			[PLURAL_OTHER] =
				"Наблюдение ({0}): {1} района и времени (в "
				"предыдущий период {2}), поэтому числа двух "
				"периодов можно сравнивать.",
		},
		[S_WATCHED_APART] = {
			[PLURAL_OTHER] =
				"Наблюдение ({0}): {1} района и времени, но "
				"{2} в предыдущий период: числа двух "
				"периодов несопоставимы.",
		},
		[S_WATCHED_ONCE] = {
			[PLURAL_OTHER] =
				"Наблюдение ({0}): {1} района и времени; за "
				"предыдущий период это неизвестно, поэтому "
				"числа несопоставимы.",
		},
		[S_WATCHED_NEVER] = {
			[PLURAL_OTHER] =
				"Неизвестно, за какой долей района и времени "
				"наблюдали ({0}); числа говорят лишь о "
				"замеченном.",
		},
		[S_GLIMPSED] = {
			[PLURAL_OTHER] =
				"Наблюдение ({0}) было лишь временами: {1}.",
		},
		[S_LIMIT] = {
			[PLURAL_OTHER] =
				"О незафиксированных взрывах во всём районе "
				"известно следующее: {0}.",
		},
		[S_NOTIFIED] = {
			[PLURAL_ONE] =
				"{0} инцидент соответствует заранее "
				"заявленному мероприятию или имеет иную "
				"установленную причину; он приведён отдельно.",
			[PLURAL_FEW] =
				"{0} инцидента соответствуют заранее "
				"заявленным мероприятиям или имеют иные "
				"установленные причины; они приведены "
				"отдельно.",
			[PLURAL_OTHER] =
				"{0} инцидентов соответствуют заранее "
				"заявленным мероприятиям или имеют иные "
				"установленные причины; они приведены "
				"отдельно.",
		},
		[S_BLIND] = {
			[PLURAL_ONE] =
				"{0} источник из {1} часть периода не "
				"работал, работал хуже или под сомнением.",
			[PLURAL_FEW] =
				"{0} источника из {1} часть периода не "
				"работали, работали хуже или под сомнением.",
			[PLURAL_OTHER] =
				"{0} источников из {1} часть периода не "
				"работали, работали хуже или под сомнением.",
		},
		[S_NOT_BLIND] = {
			[PLURAL_OTHER] =
				"Ни одного отказа источников за этот период "
				"не записано (источников: {0}).",
		},
		[S_REJECTED] = {
			[PLURAL_ONE] =
				"{0} автоматический инцидент отклонён при "
				"проверке и не учтён.",
			[PLURAL_FEW] =
				"{0} автоматических инцидента отклонены при "
				"проверке и не учтены.",
			[PLURAL_OTHER] =
				"{0} автоматических инцидентов отклонены при "
				"проверке и не учтены.",
		},
		[S_UNPLACED] = {
			[PLURAL_ONE] =
				"{0} инцидент без известного места на карте "
				"не показан.",
			[PLURAL_FEW] =
				"{0} инцидента без известного места на карте "
				"не показаны.",
			[PLURAL_OTHER] =
				"{0} инцидентов без известного места на "
				"карте не показаны.",
		},
		[S_OUTSIDE] = {
			[PLURAL_ONE] =
				"{0} инцидент целиком вне района миссии не "
				"учтён.",
			[PLURAL_FEW] =
				"{0} инцидента целиком вне района миссии не "
				"учтены.",
			[PLURAL_OTHER] =
				"{0} инцидентов целиком вне района миссии не "
				"учтены.",
		},
		[S_MORE] = {
			[PLURAL_ONE] =
				"Ещё {0} такой есть в таблице ниже.",
			[PLURAL_FEW] =
				"Ещё {0} таких есть в таблице ниже.",
			[PLURAL_OTHER] =
				"Ещё {0} таких есть в таблице ниже.",
		},
		[S_EVENINGS] = {
			[PLURAL_OTHER] =
				"{0}",
		},
		[S_NONE_OF_KIND] = {
			[PLURAL_OTHER] =
				"Не зафиксировано; наблюдалось {0} района и "
				"времени.",
		},
		[S_NONE_UNKNOWN] = {
			[PLURAL_OTHER] =
				"Не зафиксировано; неизвестно, сколько "
				"наблюдали, поэтому это не значит, что "
				"ничего не было.",
		},
	},
	.kind = {"взрывы", "выстрелы", "очереди", "снаряды в полёте",
		"дульные вспышки", "осветительные ракеты", "пожары",
		"полёты", "суда", "транспортные средства", "вооружение",
		"повреждения", "глушение", "подмены сигнала",
		"препятствование",
		"отказы в доступе", "задержки", "потери сигнала",
		"вмешательство в оборудование", "пострадавшие",
		"землетрясения", "гром", "взрывы в карьерах", "фейерверки",
		"звуковые удары", "события неизвестного вида"},
	.verdict = {"нарушение", "нет нарушения", "не определено",
		"не применяется", "коллизия"},
};

static const struct catalogue french = {
	.lang = "fr",
	.plural = plural_fr,
	.word = {
		[W_REPORT] = "Rapport quotidien",
		[W_PERIOD] = "Période du rapport",
		[W_FROM] = "Du",
		[W_TO] = "Au",
		[W_EVENINGS] = "Soirées couvertes",
		[W_CUTOFF] = "Règle de clôture",
		[W_TZDATA] = "Données de fuseau horaire",
		[W_LEVEL] = "Niveau de publication",
		[W_STATUS] = "Statut",
		[W_RULES] = "Version des règles",
		[W_TERMS] = "Termes de l’accord (SHA-256)",
		[W_LINES] = "Lignes et zones",
		[W_SUMMARY] = "Résumé",
		[W_MAP] = "Carte",
		[W_TIMELINE] = "Déroulement de la période",
		[W_FINDINGS] = "Constats",
		[W_EVENTS] = "Événements enregistrés et constats",
		[W_WEAPONS] = "Armes observées",
		[W_HARM] = "Victimes et dommages",
		[W_RESTRICTIONS] = "Restrictions, brouillages et pannes",
		[W_LIMITS] =
			"Explosions : entendues, non entendues, non observées",
		[W_COVERAGE] = "Ce qui a été surveillé",
		[W_NOTIFIED] = "Activités notifiées et autres causes établies",
		[W_CLAIMS] = "Ce que disent les parties",
		[W_HEALTH] = "Là où la mission ne voyait pas",
		[W_METHOD] = "Méthode et limites",
		[W_PROOF] = "Preuve",
		[W_KIND] = "Nature",
		[W_RECORDED] = "Enregistré",
		[W_OF_WHICH_NOTIFIED] = "dont notifié ou autre cause",
		[W_BEFORE] = "Période précédente",
		[W_CHANGE] = "Évolution",
		[W_WATCHED] = "Surveillé",
		[W_WATCHED_BEFORE] = "Surveillé avant",
		[W_PARTLY] = "En partie",
		[W_NOT_WATCHED] = "Non surveillé",
		[W_AREA] = "Secteur",
		[W_MEANS] = "Moyen",
		[W_POSITION] = "Position ou capteur",
		[W_PLACE] = "Lieu de l’événement",
		[W_NUMBER] = "Nombre",
		[W_OBSERVATION] = "Observation",
		[W_DESCRIPTION] = "Description",
		[W_WEAPON] = "Arme",
		[W_TIME] = "Date, heure",
		[W_FINDING] = "Constat",
		[W_ID] = "Code",
		[W_TYPE] = "Type",
		[W_CALIBRE] = "Calibre",
		[W_SOURCE] = "Source",
		[W_STATE] = "État",
		[W_BY_WHOM] = "Par qui",
		[W_EXPLANATION] = "Explication",
		[W_CAUSE] = "Cause",
		[W_NOTICE] = "Notification",
		[W_WHY] = "Pourquoi",
		[W_DURATION] = "Durée",
		[W_PARTY_SAYS] = "{0} : déclaration",
		[W_MISSION_FINDS] = "Constat de la mission",
		[W_INCIDENT] = "Incident",
		[W_DATE] = "Date",
		[W_ALL_AREA] = "tout le secteur",
		[W_NOT_KNOWN] = "inconnu",
		[W_NOT_STATED] = "non précisé",
		[W_NONE_RECORDED] = "aucun enregistré",
		[W_NOT_COMPARABLE] = "non comparable",
		[W_OUTSIDE_ZONES] = "Hors des zones",
		[W_NO_RULE] = "aucune règle ne le concerne",
		[W_NOTICE_TRANSLATED] = "Traduction du texte fixe ; le texte "
			"anglais fait foi.",
		[W_INCIDENTS] = "incidents",
		[W_PREVIOUS_PERIOD] = "Période précédente",
		[W_MODALITY] = "Par",
		[W_DIFFERENCE] = "Écart",
		[W_PLACE_NOT_KNOWN] = "Lieu inconnu",
		[W_ROOT] = "Racine du journal",
		[W_SIZE] = "Entrées",
		[W_INDEX] = "Indice des données de ce rapport",
		[W_AT] = "Dernière entrée",
		[W_SOFTWARE] = "Règles du programme",
		[W_SPOT_REPORT] =
			"Rapport ponctuel",
		[W_WEEK_REPORT] =
			"Tendance hebdomadaire",
		[W_CORRECTIONS] =
			"Corrections de rapports antérieurs",
		[W_DAYS] =
			"Jour par jour",
		[W_DID] =
			"Ce qui a été fait",
		[W_WHOLE_OF] =
			"par",
		[W_OTHER_INCIDENTS] =
			"Autres incidents",
		[W_NO_CORRECTION] =
			"Rien de ce que disait un rapport antérieur n’a "
			"été changé pendant cette période.",
		[W_STEPS] =
			"Toutes les étapes des constats",
		[W_RECORDS] =
			"Ce que chaque capteur a enregistré, et où "
			"c’était",
		[W_REVIEWS] =
			"Ce que des personnes ont fait",
		[W_KINDS_LIKELY] =
			"Nature, par probabilité",
		[W_SILENT] =
			"Sources en service qui ne l’ont pas remarqué",
	},
	.sentence = {
		[S_INCIDENTS] = {
			[PLURAL_ONE] =
				"La mission a enregistré {0} incident "
				"pendant cette période et {1} pendant la "
				"précédente.",
			[PLURAL_OTHER] =
				"La mission a enregistré {0} incidents "
				"pendant cette période et {1} pendant la "
				"précédente.",
		},
		[S_FINDINGS] = {
			[PLURAL_OTHER] =
				"Mesuré à l’accord : violation {0}, "
				"indéterminé {1}, pas de violation {2}, sans "
				"objet {3}, conflit {4}.",
		},
		[S_WATCHED] = {
			[PLURAL_OTHER] =
				"Surveillance ({0}) : {1} du secteur et des "
				"heures ({2} pendant la période précédente) "
				"; les nombres des deux périodes sont donc "
				"comparables.",
		},
		[S_WATCHED_APART] = {
			[PLURAL_OTHER] =
				"Surveillance ({0}) : {1} du secteur et des "
				"heures, mais {2} pendant la période "
				"précédente : les nombres des deux périodes "
				"ne sont pas comparables.",
		},
		[S_WATCHED_ONCE] = {
			[PLURAL_OTHER] =
				"Surveillance ({0}) : {1} du secteur et des "
				"heures ; pour la période précédente ce "
				"n’est pas connu, les nombres ne sont donc "
				"pas comparables.",
		},
		[S_WATCHED_NEVER] = {
			[PLURAL_OTHER] =
				"On ne sait quelle part du secteur et des "
				"heures a été surveillée ({0}) ; les nombres "
				"ne disent que ce qui a été remarqué.",
		},
		[S_GLIMPSED] = {
			[PLURAL_OTHER] =
				"Surveillance ({0}) seulement par moments : "
				"{1}.",
		},
		[S_LIMIT] = {
			[PLURAL_OTHER] =
				"Des explosions non enregistrées, voici ce "
				"que l’on sait pour tout le secteur : {0}.",
		},
		[S_NOTIFIED] = {
			[PLURAL_ONE] =
				"{0} incident correspond à une activité "
				"notifiée à l’avance, ou a une autre cause "
				"établie, et figure à part.",
			[PLURAL_OTHER] =
				"{0} incidents correspondent à des activités "
				"notifiées à l’avance, ou ont d’autres "
				"causes établies, et figurent à part.",
		},
		[S_BLIND] = {
			[PLURAL_ONE] =
				"{0} source sur {1} a été hors service, "
				"dégradée ou douteuse une partie de la "
				"période.",
			[PLURAL_OTHER] =
				"{0} sources sur {1} ont été hors service, "
				"dégradées ou douteuses une partie de la "
				"période.",
		},
		[S_NOT_BLIND] = {
			[PLURAL_OTHER] =
				"Aucune panne des {0} sources n’est "
				"enregistrée pour cette période.",
		},
		[S_REJECTED] = {
			[PLURAL_ONE] =
				"{0} incident automatique a été rejeté à la "
				"revue et n’est pas compté.",
			[PLURAL_OTHER] =
				"{0} incidents automatiques ont été rejetés "
				"à la revue et ne sont pas comptés.",
		},
		[S_UNPLACED] = {
			[PLURAL_ONE] =
				"{0} incident sans lieu connu n’est pas sur "
				"la carte.",
			[PLURAL_OTHER] =
				"{0} incidents sans lieu connu ne sont pas "
				"sur la carte.",
		},
		[S_OUTSIDE] = {
			[PLURAL_ONE] =
				"{0} incident entièrement hors du secteur de "
				"la mission est omis.",
			[PLURAL_OTHER] =
				"{0} incidents entièrement hors du secteur "
				"de la mission sont omis.",
		},
		[S_MORE] = {
			[PLURAL_ONE] =
				"{0} autre de cette sorte est dans le "
				"tableau ci-dessous.",
			[PLURAL_OTHER] =
				"{0} autres de cette sorte sont dans le "
				"tableau ci-dessous.",
		},
		[S_EVENINGS] = {
			[PLURAL_OTHER] =
				"{0}",
		},
		[S_NONE_OF_KIND] = {
			[PLURAL_OTHER] =
				"Aucun enregistré ; {0} du secteur et des "
				"heures ont été surveillés.",
		},
		[S_NONE_UNKNOWN] = {
			[PLURAL_OTHER] =
				"Aucun enregistré ; on ne sait combien a été "
				"surveillé, cela ne veut donc pas dire qu’il "
				"n’y en a pas eu.",
		},
	},
	.kind = {"explosions", "coups de feu", "rafales",
		"projectiles en vol", "lueurs de départ",
		"fusées éclairantes", "incendies", "vols", "navires",
		"véhicules", "armes", "dommages", "brouillages",
		"leurrages", "entraves", "refus d’accès", "retards",
		"pertes de signal", "altérations", "victimes", "séismes",
		"tonnerre", "tirs de carrière", "feux d’artifice",
		"bangs supersoniques", "événements de nature inconnue"},
	.verdict = {"violation", "pas de violation", "indéterminé",
		"sans objet", "conflit"},
};

const struct catalogue *catalogue_of(const char *lang)
{
	static const struct catalogue *const all[] = {
		&english, &ukrainian, &russian, &french};

	for (size_t i = 0; lang && i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i]->lang, lang) == 0)
			return all[i];
	return &english;
}

const char *catalogue_word(const struct catalogue *c, enum word w)
{
	return c->word[w] ? c->word[w] : english.word[w];
}

void catalogue_spoken(struct text *t, const char *name)
{
	for (; *name; name++)
		text_char(t, *name == '_' ? ' ' : *name);
}

const char *catalogue_kind(const struct catalogue *c, enum kind k)
{
	return c->kind[k] ? c->kind[k] : english.kind[k];
}

const char *catalogue_verdict(const struct catalogue *c, enum verdict v)
{
	return c->verdict[v] ? c->verdict[v] : english.verdict[v];
}

const struct catalogue *catalogue_speaker(const struct catalogue *c)
{
	for (int i = 0; i < SENTENCE_COUNT; i++)
		if (!c->sentence[i][PLURAL_OTHER])
			return &english;
	return c;
}

void catalogue_say(const struct catalogue *c, struct text *out,
	enum sentence s, uint64_t n, const char *const *args, size_t count)
{
	const char *form;

	c = catalogue_speaker(c);
	form = c->sentence[s][c->plural(n)];
	if (!form)
		form = c->sentence[s][PLURAL_OTHER];
	for (; *form; form++) {
		if (form[0] == '{' && form[1] >= '0' && form[1] <= '9' &&
			form[2] == '}') {
			size_t i = (size_t)(form[1] - '0');

			text_add(out, i < count ? args[i] : "?");
			form += 2;
		} else {
			text_char(out, *form);
		}
	}
}
