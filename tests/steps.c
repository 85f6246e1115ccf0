/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * steps.c - the lines by which a verdict follows, in three languages; and that
 * each form of them is met by the judge's own words: `steps -` reads lines and
 * gives back those that it leaves in English. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "publish/steps.h"
#include "publish/turned.h"

static struct called called[] = {
	{.id = "loc", .name = "line of contact", .name_uk = "лінія зіткнення",
		.name_ru = "линия соприкосновения", .name_fr = "ligne"},
};
static const struct mission mission = {
	.called = called, .called_count = 1};
static struct arena arena;

static struct view view_in(const char *lang)
{
	return (struct view){.mission = &mission, .arena = &arena,
		.words = catalogue_of(lang), .speaker = catalogue_of(lang)};
}

static const struct {
	const char *lang, *line, *said;
} cases[] = {
	{"en", "distance to loc 1.2 km +- 340 m, limit 5 km: P = 0.991",
		"distance to line of contact 1.2 km ± 340 m, limit 5 "
		"km: P = 0.991"},
	{"uk", "distance to loc 1.2 km +- 340 m, limit 5 km: P = 0.991",
		"відстань до «лінія зіткнення» 1,2 км ± 340 м, межа за "
		"правилом 5 км: P = 0,991"},
	{"fr", "distance to loc 950 km or more +- 40 m, limit 5 km: P = 0.000",
		"distance à « ligne » au moins 950 km ± 40 m, limite "
		"fixée à 5 km : P = 0,000"},
	{"ru", "kind: explosion 0.970, unknown 0.030; weapon mortar, calibre "
		"82 to 120 mm: P = 0.500 to 1.000",
		"вид: взрыв 0,970; неизвестно 0,030; оружие: миномёт, калибр "
		"от 82 до 120 мм: P = 0,500–1,000"},
	{"uk", "kind: weapon 1.000; weapon not known, calibre not known: P = "
		"0.000 to 1.000",
		"вид: озброєння 1,000; зброя: невідомо, калібр невідомий: P = "
		"0,000–1,000"},
	{"ru", "notice a-1 of training by B, received 2026-02-03T04:05:06Z to "
		"2026-02-03T04:06:00Z (receipt claimed, not proven), deadline "
		"2026-02-02T04:05:06Z, 340 m away, limit 2 km: not before its "
		"deadline: P = 0.000",
		"уведомление a-1 («учения») от B, получено "
		"2026-02-03 04:05:06 UTC – 2026-02-03 04:06:00 UTC (получение "
		"заявлено, не доказано), срок 2026-02-02 04:05:06 UTC, в 340 м "
		"отсюда, предел 2 км: не ранее срока: P = 0,000"},
	{"fr", "by mission: no activity of the mission is on record here at "
		"this time: P = 0.000",
		"par la mission : aucune activité (« mission ») n’est "
		"consignée ici à ce moment : P = 0,000"},
	{"uk", "exception 5.a.1 NOTIFIED demining 24 h BEFORE, NEAR 500 m: "
		"fails: P = 0.000",
		"виняток 5.a.1 (NOTIFIED demining 24 h BEFORE, NEAR 500 m) не "
		"діє: P = 0,000"},
	{"ru", "verdict: no_breach, excepted: training",
		"вывод: нет нарушения, по исключению: учения"},
	{"fr", "grade: count range 2 to 5: minor at least, grave at most: "
		"undetermined",
		"gravité selon le nombre de 2 à 5 : « mineure » au moins, "
		"« grave » au plus : indéterminée"},
	{"ru", "grade: count about 40: grave",
		"тяжесть по числу около 40: тяжкое"},
	{"uk", "grade: count uncountable: minor", "тяжкість за кількістю не "
		"піддається підрахунку: незначне"},
	{"en", "kind: explosion 0.970, quarry_blast 0.030: P = 0.970 to 1.000",
		"kind: explosion 0.970, quarry blast 0.030: P = 0.970 to "
		"1.000"},
	{"en", "grade: count exact 1: minor", "grade: count 1: minor"},
	{"en", "grade: count at_least 3: minor at least, grave at most: "
		"undetermined", "grade: count at least 3: minor at least, "
		"grave at most: undetermined"},
	{"en", "verdict: no_breach, excepted: training",
		"verdict: no breach, excepted: training"},
	{"en", "verdict: breach, by undetermined",
		"verdict: breach, side not determined"},
	{"fr", "verdict: breach, by undetermined",
		"conclusion : violation, partie indéterminée"},
	{"en", "outside certain_areas, its border at 3 km +- 20 m: P = 0.000",
		"outside certain_areas, its border at 3 km ± 20 m: P = "
		"0.000"},
	{"en", "rule 5.a forbids quarry_blast FROM 2026-02-02T00:00:00Z",
		"rule 5.a forbids quarry_blast FROM 2026-02-02 00:00:00 UTC"},
	{"en", "article 5: \"From 2026-02-02T00:00:00Z\"",
		"article 5: \"From 2026-02-02T00:00:00Z\""},
	{"fr", "time 2026-02-03T18:03:16.170500Z to 2026-02-03T18:03:16.2Z, "
		"DAILY 06:00-18:00: P = 1.000",
		"heure : de 2026-02-03 18:03:16.17 UTC à 2026-02-03 "
		"18:03:16.2 UTC ; condition : DAILY 06:00-18:00 : P = 1,000"},
	{"uk", "article 5: \"There is no fire.\"",
		"стаття 5: \"There is no fire.\""},
	{"uk", "rule 5.a forbids shot WITHIN 3 km OF loc",
		"правило 5.a forbids shot WITHIN 3 km OF loc (лінія "
		"зіткнення)"},
	{"en", "rule 5.a forbids shot WITHIN 3 km OF loc",
		"rule 5.a forbids shot WITHIN 3 km OF loc (line of contact)"},
	{"uk", "what no judge ever said of loc", "what no judge ever said of "
		"loc"},
	{"ru", "distance to loc far +- 340 m, limit 5 km: P = 0.991",
		"distance to линия соприкосновения far ± 340 m, limit 5 "
		"km: P = 0.991"},
};

static void known(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct view v = view_in(cases[i].lang);
		const char *said = view_step(&v, cases[i].line);
		char plain[1024];
		struct text t = text_on(plain, sizeof plain);

		for (const char *c = said; *c; c++) /* blanks that bind */
			if (strncmp(c, "\u00a0", 2) == 0) {
				text_char(&t, ' ');
				c++;
			} else {
				text_char(&t, *c);
			}
		CHECK(strcmp(plain, cases[i].said) == 0, "%s: %s\n# %s",
			cases[i].lang, cases[i].line, plain);
	}
}

/* The lines of standard input that one of three languages does not have. */
static int left(void)
{
	static const char *const lang[] = {"uk", "ru", "fr"};
	static const struct mission nameless; /* names differ by language */
	char line[4096];

	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < 3; i++) {
			struct view v = view_in(lang[i]), en = view_in("en");

			arena.used = 0;
			v.mission = en.mission = &nameless;
			if (strcmp(view_step(&v, line),
				view_step(&en, line)) == 0)
				printf("%s: %s\n", lang[i], line);
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct fault f;

	if (!arena_map(&arena, (size_t)1 << 20, &f))
		return 1;
	if (argc == 2 && strcmp(argv[1], "-") == 0)
		return left();
	known();
	arena_unmap(&arena);
	printf("1..%d\n", check_count);
	return check_failed > 0;
}
