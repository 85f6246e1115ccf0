/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/steps.h"

#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "judge/terms.h"
#include "publish/turned.h"

/* In braces what the line has there, by its letter:
 *	a  a line or zone of the mission   d  "1.2 km", "950 km or more"
 *	p  "0.98 to 1"                     t  a time, or "not known"
 *	v  a verdict                       c  a count, "at_least 2"
 *	w  a word   l  words   k  words, each with its probability
 *	x  what is not translated          r  the rest, of the second table
 * The first form that a line has is its own.  Translations have these by their
 * number. */
struct form {
	const char *en, *uk, *ru, *fr;
};

static const struct form lines[] = {
	{
		"article {x}: {x}",
		"стаття {0}: {1}",
		"статья {0}: {1}",
		"article {0} : {1}",
	},
	{
		"rule {x} {x}",
		"правило {0} {1}",
		"правило {0} {1}",
		"règle {0} {1}",
	},
	{
		"kind: {k}; weapon {w} (no word of the agreement: "
			"open), calibre {r}",
		"вид: {0}; зброя: {1} (такого слова в угоді немає, "
			"питання відкрите), калібр {2}",
		"вид: {0}; оружие: {1} (такого слова в соглашении "
			"нет, вопрос открыт), калибр {2}",
		"nature : {0} ; arme : {1} (mot absent de l’accord, "
			"question ouverte), calibre {2}",
	},
	{
		"kind: {k}; weapon {w}, calibre {r}",
		"вид: {0}; зброя: {1}, калібр {2}",
		"вид: {0}; оружие: {1}, калибр {2}",
		"nature : {0} ; arme : {1}, calibre {2}",
	},
	{
		"kind: {k}",
		"вид: {0}",
		"вид: {0}",
		"nature : {0}",
	},
	{
		"inside {a}, its border at {d} +- {d}",
		"усередині «{0}», до межі {1} ± {2}",
		"внутри «{0}», до границы {1} ± {2}",
		"à l’intérieur de « {0} », limite à {1} ± {2}",
	},
	{
		"outside {a}, its border at {d} +- {d}",
		"поза «{0}», до межі {1} ± {2}",
		"вне «{0}», до границы {1} ± {2}",
		"hors de « {0} », limite à {1} ± {2}",
	},
	{
		"distance to {a} {d} +- {d}, limit {d}",
		"відстань до «{0}» {1} ± {2}, межа за правилом {3}",
		"расстояние до «{0}» {1} ± {2}, предел по правилу {3}",
		"distance à « {0} » {1} ± {2}, limite fixée à {3}",
	},
	{
		"distance to {a} {d} +- {d}, zone {a} reaches {d}",
		"відстань до «{0}» {1} ± {2}; зона «{3}» сягає {4}",
		"расстояние до «{0}» {1} ± {2}; зона «{3}» "
			"простирается на {4}",
		"distance à « {0} » {1} ± {2} ; la zone « {3} » "
			"s’étend sur {4}",
	},
	{
		"as {x} measures, distance to {a} {d} +- {d}: P = "
			"{p} (shown only: the clause names {a})",
		"за виміром сторони {0}, відстань до «{1}» {2} ± "
			"{3}: P = {4} (лише для відома: пункт називає «{5}»)",
		"по измерению стороны {0}, расстояние до «{1}» {2} ± "
			"{3}: P = {4} (только для сведения: пункт называет "
			"«{5}»)",
		"selon la mesure de {0}, distance à « {1} » {2} ± "
			"{3} : P = {4} (pour information : la clause nomme "
			"« {5} »)",
	},
	{
		"{a} has no geometry: {x}",
		"«{0}» не має обрисів: {1}",
		"«{0}» не имеет очертаний: {1}",
		"« {0} » n’a pas de tracé : {1}",
	},
	{
		"where it happened is not known, wanted outside {a}",
		"де це сталося, невідомо; йдеться про місце поза "
			"«{0}»",
		"где это произошло, неизвестно; речь о месте вне "
			"«{0}»",
		"le lieu est inconnu ; il s’agit d’un lieu hors de "
			"« {0} »",
	},
	{
		"where it happened is not known, wanted in reach of "
			"{a}",
		"де це сталося, невідомо; йдеться про місце біля "
			"«{0}»",
		"где это произошло, неизвестно; речь о месте у «{0}»",
		"le lieu est inconnu ; il s’agit d’un lieu à portée "
			"de « {0} »",
	},
	{
		"own side: whose is not known, so any side is the "
			"owner's",
		"власний бік: чиє це, невідомо, тож власним може "
			"бути будь-який",
		"своя сторона: чьё это, неизвестно, поэтому своей "
			"может быть любая",
		"propre côté : à qui, on l’ignore ; chaque côté peut "
			"donc être le sien",
	},
	{
		"on ground of {x}: control not known",
		"на землі сторони {0}: хто її контролює, невідомо",
		"на земле стороны {0}: кто её контролирует, "
			"неизвестно",
		"sur le terrain de {0} : on ignore qui le contrôle",
	},
	{
		"on ground of {x} by the map of {t}",
		"на землі сторони {0} за картою від {1}",
		"на земле стороны {0} по карте от {1}",
		"sur le terrain de {0} d’après la carte du {1}",
	},
	{
		"on ground of {x}",
		"на землі сторони {0}",
		"на земле стороны {0}",
		"sur le terrain de {0}",
	},
	{
		"time {t} to {t}, {x}",
		"час: від {0} до {1}; умова: {2}",
		"время: от {0} до {1}; условие: {2}",
		"heure : de {0} à {1} ; condition : {2}",
	},
	{
		"time {t}, {x}",
		"час: {0}; умова: {1}",
		"время: {0}; условие: {1}",
		"heure : {0} ; condition : {1}",
	},
	{
		"by {x}: the evidence names {x}",
		"чиє — {0}: докази вказують на {1}",
		"чьё — {0}: доказательства указывают на {1}",
		"par {0} : les éléments désignent {1}",
	},
	{
		"by {x}: who it was is not known",
		"чиє — {0}: хто це був, невідомо",
		"чьё — {0}: кто это был, неизвестно",
		"par {0} : on ignore qui c’était",
	},
	{
		"by mission: {r}",
		"чиє — місії: {0}",
		"чьё — миссии: {0}",
		"par la mission : {0}",
	},
	{
		"no notice of {w} covers this time",
		"жодне повідомлення («{0}») не охоплює цього часу",
		"ни одно уведомление («{0}») не охватывает этого "
			"времени",
		"aucun préavis (« {0} ») ne couvre ce moment",
	},
	{
		"no activity of the {w} is on record here at this "
			"time",
		"діяльності («{0}») тут у цей час не записано",
		"деятельности («{0}») здесь в это время не записано",
		"aucune activité (« {0} ») n’est consignée ici à ce "
			"moment",
	},
	{
		"notice {x} of {w} by {x}, received {t}{r}",
		"повідомлення {0} («{1}») від {2}, отримано {3}{4}",
		"уведомление {0} («{1}») от {2}, получено {3}{4}",
		"préavis {0} (« {1} ») de {2}, reçu {3}{4}",
	},
	{
		"exception {x} {x}: applies",
		"виняток {0} ({1}) діє",
		"исключение {0} ({1}) действует",
		"l’exception {0} ({1}) s’applique",
	},
	{
		"exception {x} {x}: fails",
		"виняток {0} ({1}) не діє",
		"исключение {0} ({1}) не действует",
		"l’exception {0} ({1}) ne s’applique pas",
	},
	{
		"exception {x} {x}: may apply",
		"виняток {0} ({1}), можливо, діє",
		"исключение {0} ({1}), возможно, действует",
		"l’exception {0} ({1}) s’applique peut-être",
	},
	{
		"party: undetermined, neither evidence nor control "
			"names one",
		"сторона: не визначено; ні докази, ні контроль над "
			"місцевістю її не називають",
		"сторона: не определена; ни доказательства, ни "
			"контроль над местностью её не называют",
		"partie : indéterminée ; ni les éléments ni le "
			"contrôle du terrain n’en désignent",
	},
	{
		"party: none of the parties, the mission",
		"сторона: жодна зі сторін, місія",
		"сторона: ни одна из сторон, миссия",
		"partie : aucune des parties, la mission",
	},
	{
		"party: {x}, on the evidence",
		"сторона: {0}, за доказами",
		"сторона: {0}, по доказательствам",
		"partie : {0}, d’après les éléments",
	},
	{
		"party: {x}, which controls this ground by the map "
			"of {t}",
		"сторона: {0}, яка контролює цю місцевість за картою "
			"від {1}",
		"сторона: {0}, которая контролирует эту местность по "
			"карте от {1}",
		"partie : {0}, qui contrôle ce terrain d’après la "
			"carte du {1}",
	},
	{
		"party: {x}, which controls this ground",
		"сторона: {0}, яка контролює цю місцевість",
		"сторона: {0}, которая контролирует эту местность",
		"partie : {0}, qui contrôle ce terrain",
	},
	{
		"party: {x}, who was asked",
		"сторона: {0}, її запитано",
		"сторона: {0}, её запросили",
		"partie : {0}, à qui il a été demandé",
	},
	{
		"party: {w}, nobody knows who is asked",
		"сторона: {0}, кого запитано, невідомо",
		"сторона: {0}, кого запросили, неизвестно",
		"partie : {0}, on ignore à qui il est demandé",
	},
	{
		"grade: count {c}: {w} at least, {w} at most: "
			"undetermined",
		"тяжкість за кількістю {0}: щонайменше «{1}», "
			"щонайбільше «{2}»: не визначено",
		"тяжесть по числу {0}: не менее «{1}», не более "
			"«{2}»: не определено",
		"gravité selon le nombre {0} : « {1} » au moins, "
			"« {2} » au plus : indéterminée",
	},
	{
		"grade: count {c}: {w}",
		"тяжкість за кількістю {0}: {1}",
		"тяжесть по числу {0}: {1}",
		"gravité selon le nombre {0} : {1}",
	},
	{
		"incident {x} version {x}, by nothing; evidence {x}",
		"подія {0}, версія {1}, без засобів; докази {2}",
		"событие {0}, версия {1}, без средств; "
			"доказательства {2}",
		"incident {0}, version {1}, sans moyen ; éléments {2}",
	},
	{
		"incident {x} version {x}, by {l}; evidence  (0 in "
			"all)",
		"подія {0}, версія {1}; засоби: {2}; доказів не "
			"вказано",
		"событие {0}, версия {1}; средства: {2}; "
			"доказательства не указаны",
		"incident {0}, version {1} ; moyens : {2} ; aucun "
			"élément indiqué",
	},
	{
		"incident {x} version {x}, by {l}; evidence {x} ({x} "
			"in all)",
		"подія {0}, версія {1}; засоби: {2}; докази {3} "
			"(усього {4})",
		"событие {0}, версия {1}; средства: {2}; "
			"доказательства {3} (всего {4})",
		"incident {0}, version {1} ; moyens : {2} ; éléments "
			"{3} ({4} en tout)",
	},
	{
		"together: P = {p}; standard {w} asks {p} and {x} "
			"modalities: {x} there, enough",
		"разом: P = {0}; стандарт «{1}» вимагає {2} і видів "
			"доказів {3}: є {4}, досить",
		"вместе: P = {0}; стандарт «{1}» требует {2} и видов "
			"доказательств {3}: есть {4}, достаточно",
		"ensemble : P = {0} ; le critère « {1} » demande {2} "
			"et {3} sortes d’éléments : il y en a {4}, c’est "
			"assez",
	},
	{
		"together: P = {p}; standard {w} asks {p} and {x} "
			"modalities: {x} there, not enough",
		"разом: P = {0}; стандарт «{1}» вимагає {2} і видів "
			"доказів {3}: є {4}, замало",
		"вместе: P = {0}; стандарт «{1}» требует {2} и видов "
			"доказательств {3}: есть {4}, мало",
		"ensemble : P = {0} ; le critère « {1} » demande {2} "
			"et {3} sortes d’éléments : il y en a {4}, c’est "
			"trop peu",
	},
	{
		"together: P = {p}; standard {w} asks {p}",
		"разом: P = {0}; стандарт «{1}» вимагає {2}",
		"вместе: P = {0}; стандарт «{1}» требует {2}",
		"ensemble : P = {0} ; le critère « {1} » demande {2}",
	},
	{
		"verdict: {v}, its place is outside the rule",
		"висновок: {0}, місце поза правилом",
		"вывод: {0}, место вне правила",
		"conclusion : {0}, le lieu est hors de la règle",
	},
	{
		"verdict: {v}, its time is outside the rule",
		"висновок: {0}, час поза правилом",
		"вывод: {0}, время вне правила",
		"conclusion : {0}, le moment est hors de la règle",
	},
	{
		"verdict: {v}, its party is outside the rule",
		"висновок: {0}, сторона поза правилом",
		"вывод: {0}, сторона вне правила",
		"conclusion : {0}, la partie est hors de la règle",
	},
	{
		"verdict: {v}, no {w} is on record",
		"висновок: {0}, запису («{1}») немає",
		"вывод: {0}, записи («{1}») нет",
		"conclusion : {0}, rien (« {1} ») n’est consigné",
	},
	{
		"verdict: {v}, excepted: {w}",
		"висновок: {0}, за винятком: {1}",
		"вывод: {0}, по исключению: {1}",
		"conclusion : {0}, par exception : {1}",
	},
	{
		"verdict: {v}, by {w}, which counts as {w}",
		"висновок: {0}, чиє — {1}, що вважається: {2}",
		"вывод: {0}, чьё — {1}, что считается: {2}",
		"conclusion : {0}, par {1}, ce qui compte comme : {2}",
	},
	{
		"verdict: {v}, by undetermined",
		"висновок: {0}, сторону не визначено",
		"вывод: {0}, сторона не определена",
		"conclusion : {0}, partie indéterminée",
	},
	{
		"verdict: {v}, by {w}",
		"висновок: {0}, чиє — {1}",
		"вывод: {0}, чьё — {1}",
		"conclusion : {0}, par {1}",
	},
	{
		"verdict: {v}",
		"висновок: {0}",
		"вывод: {0}",
		"conclusion : {0}",
	},
	{
		"incident version {x} is people's ({x}): two persons "
			"stand behind it",
		"версія події {0} — від людей ({1}): за нею стоять "
			"дві особи",
		"версия события {0} — от людей ({1}): за ней стоят "
			"два человека",
		"la version {0} de l’incident est de personnes "
			"({1}) : deux s’en portent garantes",
	},
	{
		"incident version {x} was rejected by people",
		"версію події {0} люди відхилили",
		"версию события {0} люди отклонили",
		"la version {0} de l’incident a été rejetée par des "
			"personnes",
	},
	{
		"no {w} is on record, which reaches to {t}; undone",
		"запису («{0}») немає; він сягає {1}; не виконано",
		"записи («{0}») нет; она доходит до {1}; не исполнено",
		"rien (« {0} ») n’est consigné ; les données vont "
			"jusqu’à {1} ; non fait",
	},
	{
		"{w} {x} to {x}, received {t}{r}",
		"«{0}» {1} до {2}, отримано {3}{4}",
		"«{0}» {1} к {2}, получено {3}{4}",
		"« {0} » {1} à {2}, reçu {3}{4}",
	},
	{
		"{w} {x}, received {t}{r}",
		"«{0}» {1}, отримано {2}{3}",
		"«{0}» {1}, получено {2}{3}",
		"« {0} » {1}, reçu {2}{3}",
	},
};

/* What follows a time of receipt, a weapon. */
static const struct form tails[] = {
	{
		"not known",
		"невідомий",
		"неизвестен",
		"inconnu",
	},
	{
		"{x} mm or more",
		"{0} мм або більше",
		"{0} мм или больше",
		"{0} mm ou plus",
	},
	{
		"{x} to {x} mm",
		"від {0} до {1} мм",
		"от {0} до {1} мм",
		"de {0} à {1} mm",
	},
	{
		"{x} mm",
		"{0} мм",
		"{0} мм",
		"{0} mm",
	},
	{
		" to {t}{r}",
		" – {0}{1}",
		" – {0}{1}",
		" – {0}{1}",
	},
	{
		" (receipt claimed, not proven){r}",
		" (отримання заявлене, не доведене){0}",
		" (получение заявлено, не доказано){0}",
		" (réception déclarée, non prouvée){0}",
	},
	{
		", deadline {t}{r}",
		", строк {0}{1}",
		", срок {0}{1}",
		", délai {0}{1}",
	},
	{
		", {d} away, limit {d}{r}",
		", за {0} звідси, межа {1}{2}",
		", в {0} отсюда, предел {1}{2}",
		", à {0} d’ici, limite fixée à {1}{2}",
	},
	{
		": its start is not known",
		": початок невідомий",
		": начало неизвестно",
		" : le début est inconnu",
	},
	{
		": no receipt is on record",
		": отримання не записане",
		": получение не записано",
		" : aucune réception n’est consignée",
	},
	{
		": not before its deadline",
		": не раніше строку",
		": не ранее срока",
		" : pas avant le délai",
	},
	{
		": another party acted",
		": діяла інша сторона",
		": действовала другая сторона",
		" : une autre partie a agi",
	},
	{
		": names no place",
		": місця не названо",
		": место не названо",
		" : ne nomme pas de lieu",
	},
	{
		": in time; undone",
		": вчасно; не виконано",
		": вовремя; не исполнено",
		" : à temps ; non fait",
	},
	{
		": perhaps in time; undone",
		": можливо, вчасно; не виконано",
		": возможно, вовремя; не исполнено",
		" : peut-être à temps ; non fait",
	},
	{
		": before it was asked; undone",
		": до запиту; не виконано",
		": до запроса; не исполнено",
		" : avant la demande ; non fait",
	},
	{
		": too late; undone",
		": запізно; не виконано",
		": слишком поздно; не исполнено",
		" : trop tard ; non fait",
	},
	{
		"; undone",
		"; не виконано",
		"; не исполнено",
		" ; non fait",
	},
	{
		": {w} due by {t}{r}",
		": «{0}» до {1}{2}",
		": «{0}» до {1}{2}",
		" : « {0} » avant {1}{2}",
	},
};

enum { HOLES = 8, SAID = 1024 };

struct hole {
	char is;
	struct bytes said;
};

struct found {
	struct hole hole[HOLES];
	size_t holes;
};

static bool opens(struct bytes *s, const char *word)
{
	if (!bytes_start(*s, word))
		return false;
	*s = bytes_part(*s, strlen(word), s->len);
	return true;
}

static size_t digits(struct bytes s)
{
	size_t n = 0;

	while (n < s.len && ((s.at[n] >= '0' && s.at[n] <= '9') ||
			s.at[n] == '.'))
		n++;
	return n;
}

/* How much of it is what the letter says; 0: that is not there. */
static size_t moment(struct bytes s)
{
	size_t n = 0;

	if (bytes_start(s, "not known"))
		return strlen("not known");
	while (n < s.len && !strchr(" ,;", s.at[n]) &&
		!(s.at[n] == ':' && (n + 1 == s.len || s.at[n + 1] == ' ')))
		n++;
	return n;
}

static size_t range(struct bytes s)
{
	size_t n = digits(s), more = 0;
	struct bytes rest = bytes_part(s, n, s.len);

	if (n > 0 && opens(&rest, " to "))
		more = digits(rest);
	return more > 0 ? n + strlen(" to ") + more : n;
}

static size_t length(struct bytes s)
{
	static const char *const unit[] = {" km", " mm", " m"};
	size_t n = digits(s);
	struct bytes rest = bytes_part(s, n, s.len);

	for (size_t i = 0; n > 0 && i < sizeof unit / sizeof *unit; i++)
		if (opens(&rest, unit[i])) {
			(void)opens(&rest, " or more");
			return s.len - rest.len;
		}
	return 0;
}

/* How much stands before the pattern's next words; all, where it has none. */
static size_t before(const char *pattern, struct bytes s)
{
	size_t n = strcspn(pattern, "{");

	if (n == 0)
		return s.len;
	for (size_t i = 1; i + n <= s.len; i++)
		if (memcmp(s.at + i, pattern, n) == 0)
			return i;
	return 0;
}

static bool fits(const char *p, struct bytes s, struct found *x)
{
	for (x->holes = 0; *p;) {
		size_t n;

		if (*p != '{') {
			if (s.len == 0 || s.at[0] != (uint8_t)*p++)
				return false;
			s = bytes_part(s, 1, s.len);
			continue;
		}
		struct hole *h = &x->hole[x->holes++];

		h->is = p[1];
		p += strlen("{x}");
		n = h->is == 'r'   ? s.len
			: h->is == 'd' ? length(s)
			: h->is == 'p' ? range(s)
			: h->is == 't' ? moment(s)
				       : before(p, s);
		if (n == 0 && h->is != 'r')
			return false;
		h->said = bytes_part(s, 0, n);
		s = bytes_part(s, n, s.len);
	}
	return s.len == 0;
}

static const char *word(struct view *v, struct bytes said)
{
	char at[80];
	struct text t = text_on(at, sizeof at);

	text_bytes(&t, said);
	if (strcmp(at, "not known") == 0)
		return catalogue_word(v->words, W_NOT_KNOWN);
	if (view_tr(v, at) != at)
		return view_tr(v, at);
	for (char *c = at; *c; c++)
		*c = *c == '_' ? ' ' : *c;
	return view_tr(v, at) == at ? view_fmt(v, "%.*s", (int)said.len,
		(const char *)said.at) : view_tr(v, at);
}

static const char *number(struct view *v, struct bytes said)
{
	char at[SAID];
	struct text t = text_on(at, sizeof at);

	text_bytes(&t, said);
	for (char *c = at; *c; c++)
		*c = *c == '.' ? ',' : *c;
	return view_keep(v, &t);
}

/* "0.98 to 1" is "0,98-1", with a dash. */
static const char *chance(struct view *v, struct bytes said)
{
	size_t n = digits(said);
	const char *low = number(v, bytes_part(said, 0, n));

	return n == said.len ? low : view_fmt(v, "%s\u2013%s", low, number(v,
		bytes_part(said, n + strlen(" to "), said.len)));
}

static const char *count(struct view *v, struct bytes said)
{
	struct bytes s = said;
	size_t n;

	if (opens(&s, "exact "))
		return number(v, s);
	if (opens(&s, "about "))
		return SAY(v, "about {0}", number(v, s));
	if (opens(&s, "at_least "))
		return SAY(v, "at least {0}", number(v, s));
	if (opens(&s, "over "))
		return SAY(v, "over {0}", number(v, s));
	if (!opens(&s, "range ")) /* uncountable, and no number */
		return view_tr(v, "not countable");
	n = digits(s);
	return SAY(v, "{0} to {1}", number(v, bytes_part(s, 0, n)), number(v,
		bytes_part(s, n + strlen(" to "), s.len)));
}

/* "shot 0.9, burst 0.1", or words alone. */
static const char *listed(struct view *v, struct bytes said)
{
	char at[SAID];
	struct text t = text_on(at, sizeof at);

	while (said.len > 0) {
		const uint8_t *end = memchr(said.at, ',', said.len);
		struct bytes one = bytes_part(said, 0,
			end ? (size_t)(end - said.at) : said.len);
		const uint8_t *gap = memchr(one.at, ' ', one.len);
		size_t n = gap ? (size_t)(gap - one.at) : one.len;

		text_fmt(&t, "%s%s", t.len ? view_mark(v, ';') : "",
			word(v, bytes_part(one, 0, n)));
		if (gap)
			text_fmt(&t, " %s", number(v,
				bytes_part(one, n + 1, one.len)));
		said = bytes_part(said, one.len + strlen(", "), said.len);
	}
	return view_keep(v, &t);
}

/* "950 km or more" is at least that. */
static const char *far(struct view *v, const char *said)
{
	size_t n = strcspn(said, "o"); /* of "or more" */

	return said[n] ? SAY(v, "at least {0}", turned_length(v,
		view_fmt(v, "%.*s", (int)n - 1, said)))
		       : turned_length(v, said);
}

static const char *rest(struct view *, struct bytes);

static const char *filled(struct view *v, const struct hole *h)
{
	const char *as_is = view_fmt(v, "%.*s", (int)h->said.len,
		(const char *)h->said.at);
	int is;

	switch (h->is) {
	case 'a':
		return turned_area(v, as_is);
	case 'd':
		return far(v, as_is);
	case 'p':
		return chance(v, h->said);
	case 'c':
		return count(v, h->said);
	case 'l':
	case 'k':
		return listed(v, h->said);
	case 'v':
		is = verdict_named(as_is);
		return is < 0 ? as_is
			: catalogue_verdict(v->words, (enum verdict)is);
	case 'w':
		return word(v, h->said);
	case 'x':
		return as_is;
	case 't':
		return strcmp(as_is, "not known") == 0
			? catalogue_word(v->words, W_NOT_KNOWN) : as_is;
	default:
		return rest(v, h->said);
	}
}

static const char *translated(const struct view *v, const struct form *f)
{
	const char *lang = v->words->lang;

	return strcmp(lang, "uk") == 0 ? f->uk
		: strcmp(lang, "ru") == 0 ? f->ru : f->fr;
}

/* NULL: of none of these forms. */
static const char *of_form(struct view *v, const struct form *form, size_t n,
	struct bytes said)
{
	const char *arg[HOLES + 1] = {NULL};
	struct found x;

	for (size_t i = 0; i < n; i++) {
		if (!fits(form[i].en, said, &x))
			continue;
		for (size_t k = 0; k < x.holes; k++)
			arg[k] = filled(v, &x.hole[k]);
		for (size_t k = 0; k < x.holes; k++)
			if (!arg[k])
				return NULL;
		return view_fill(v, translated(v, &form[i]), arg);
	}
	return NULL;
}

static const char *rest(struct view *v, struct bytes said)
{
	const char *is;

	if (said.len == 0)
		return "";
	is = of_form(v, tails, sizeof tails / sizeof *tails, said);
	return is ? is : of_form(v, lines, sizeof lines / sizeof *lines, said);
}

/* Where the line ends with how probable that is: its begin; else its end. */
static size_t probable(struct bytes line)
{
	static const char mark[] = ": P = ";
	size_t n = sizeof mark - 1;

	for (size_t i = line.len; i-- > 0;)
		if (bytes_start(bytes_part(line, i, line.len), mark))
			return range(bytes_part(line, i + n, line.len)) ==
					line.len - i - n ? i : line.len;
	return line.len;
}

/* The record has "+-", as a keyboard does; people read a sign. */
static const char *plus_minus(struct view *v, const char *line)
{
	const char *at = strstr(line, " +- ");

	return !at ? line : view_fmt(v, "%.*s ± %s", (int)(at - line), line,
		at + strlen(" +- "));
}

/* "2026-02-04T05:16:21.300000Z" to the hundredth of a second, as a clock is
 * read; how much of s that was, 0 when it is no such thing. */
static size_t moment_said(struct text *t, const char *s)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";
	size_t n = 0, end;

	for (; form[n]; n++)
		if (form[n] == 'd' ? !isdigit((unsigned char)s[n])
				   : s[n] != form[n])
			return 0;
	end = n;
	if (s[n] == '.')
		end += 1 + strspn(s + n + 1, "0123456789");
	if (s[end] != 'Z')
		return 0;
	text_fmt(t, "%.10s %.8s", s, s + strlen("dddd-dd-ddT"));
	if (end > n && strspn(s + n + 1, "0") < end - n - 1)
		text_fmt(t, "%.*s", end - n < 3 ? (int)(end - n) : 3, s + n);
	text_add(t, " UTC");
	return end + 1;
}

const char *view_moments(struct view *v, const char *line)
{
	struct text t = text_in(v->arena, 2 * strlen(line) + 1);

	if (!strstr(line, "Z"))
		return line;
	while (*line) {
		size_t n = moment_said(&t, line);

		if (n == 0)
			text_char(&t, *line);
		line += n > 0 ? n : 1;
	}
	return text_check(&t, &v->why) ? t.at : "";
}

/* Is it a word of the records, whose "_" stands for a blank?  The agreement has
 * names of its own, which are quoted. */
static bool of_records(const char *word)
{
	return kind_named(word) >= 0 || verdict_named(word) >= 0 ||
		terms_weapon(word) >= 0 || strcmp(word, "at_least") == 0;
}

/* The judge's English, less what only a machine would say. */
static const char *in_words(struct view *v, const char *line)
{
	static const struct {
		const char *said, *better;
	} turns[] = {{"count exact ", "count "},
		{", by undetermined", ", side not determined"}};
	struct text t = text_in(v->arena, 2 * strlen(line) + 1);

	while (*line) {
		size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyz_"), k = 0;
		char word[40];

		for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
			if (strncmp(line, turns[i].said,
				strlen(turns[i].said)) == 0) {
				text_add(&t, turns[i].better);
				k = strlen(turns[i].said);
			}
		if (k == 0 && n > 0 && n < sizeof word) {
			memcpy(word, line, n);
			word[n] = '\0';
			if (of_records(word))
				catalogue_spoken(&t, word);
			else
				text_add(&t, word);
			k = n;
		}
		if (k == 0)
			text_fmt(&t, "%.*s", (int)(k = n > 0 ? n : 1), line);
		line += k;
	}
	return text_check(&t, &v->why) ? t.at : "";
}

static const char *step_said(struct view *v, const char *line)
{
	struct bytes all = bytes_of(line), head;
	const char *said = NULL;
	size_t n = probable(all);

	/* A rule's own words, with the names of what it names behind them. */
	if (bytes_start(all, "rule ")) {
		line = view_named(v, line);
		all = bytes_of(line);
		n = all.len;
	}
	if (strcmp(v->words->lang, "en") != 0) {
		head = bytes_part(all, 0, n);
		said = of_form(v, lines, sizeof lines / sizeof *lines, head);
	}
	if (!said && bytes_start(all, "rule "))
		return line;
	if (!said && bytes_start(all, "article "))
		return view_named(v, line);
	if (!said)
		return plus_minus(v, in_words(v, view_named(v, line)));
	if (n == all.len)
		return said;
	return view_fmt(v, "%s%sP = %s", said, view_mark(v, ':'), chance(v,
		bytes_part(all, n + strlen(": P = "), all.len)));
}

const char *view_step(struct view *v, const char *line)
{
	return strncmp(line, "article ", 8) == 0
		? step_said(v, line)
		: view_moments(v, step_said(v, line));
}

bool steps_json(const struct mission *m, const char *lang,
	const struct finding *x, struct arena *a, struct text *out,
	struct fault *f)
{
	const struct catalogue *words = catalogue_of(lang);
	struct view v = {.mission = m, .arena = a, .words = words,
		.speaker = words};
	bool turns = x->flips_if && *x->flips_if;
	const char *turned = turns ? view_turned(&v, x->flips_if) : NULL;
	struct json j = json_on(out);

	if (turns && !turned)
		turned = view_named(&v, x->flips_if);
	json_object(&j);
	json_key(&j, "explanation");
	json_list(&j);
	for (size_t i = 0; i < x->explanation_count; i++)
		json_text(&j, view_step(&v, x->explanation[i]));
	json_close(&j);
	json_key_text(&j, "flips_if", turned);
	json_key_text(&j, "lang", words->lang);
	json_close(&j);
	if (v.why.kind != FAULT_NONE)
		*f = v.why;
	return v.why.kind == FAULT_NONE && text_check(out, f);
}
