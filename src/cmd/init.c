/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * truce init: a commented, working mission folder to begin from.  Its places
 * are invented; `truce check` finds nothing wrong with it. */
#include <errno.h>

#include "base/sha256.h"
#include "base/text.h"
#include "cmd/ui.h"
#include "feeds/file.h"
#include "ledger/genesis.h"

enum { PATH_BYTES = 1024, PAGE = 1 << 14 };

extern const struct cmd cmd_init;

static const char mission_yaml[] =
	"# The mission.  Every key that may stand here stands here; those\n"
	"# with (optional) may go.  `truce check DIR` says what is wrong,\n"
	"# with line and column.\n"
	"\n"
	"name: example             # short: letters, digits, dashes\n"
	"title: \"Example mission\"  # as reports print it\n"
	"\n"
	"# Reports are of the time between two cut-offs, local time in this\n"
	"# zone; all records are in UTC.  weekend_joins: true makes Friday's\n"
	"# cut-off to Monday's one period.\n"
	"timezone: Europe/Kyiv\n"
	"cutoff: \"19:30\"\n"
	"weekend_joins: true\n"
	"\n"
	"# Of the names of places; the first is the one that reports use.\n"
	"languages: [en, uk, ru, fr]\n"
	"\n"
	"# What is watched: west, south, east, north, degrees (WGS 84).\n"
	"area:\n"
	"  bbox: [37.0, 48.1, 37.8, 48.5]\n"
	"\n"
	"parties:\n"
	"  - id: A\n"
	"    name: \"Party A\"\n"
	"  - id: B\n"
	"    name: \"Party B\"\n"
	"\n"
	"# Files of this folder.\n"
	"agreement: agreement.terms\n"
	"sensors: sensors.csv       # one row a sensor, drone, patrol, feed\n"
	"gazetteer: geo/places.csv  # names in four languages; who controls\n"
	"control_at: 2026-02-01     # (optional) date of that control\n"
	"geometry:                  # (optional) else all of geo/*.geojson\n"
	"  - geo/loc.geojson\n"
	"\n"
	"# Places in public reports are rounded to cells of this size.\n"
	"# Parties have so many hours to reply before a finding is published.\n"
	"publication:\n"
	"  public_cell_m: 5000\n"
	"  reply_h: 24\n"
	"\n"
	"# Raw sound is kept for so many hours; windows about incidents stay.\n"
	"retention:\n"
	"  raw_h: 72\n";

/* sensitivity is in counts per pascal; position_err_m one sigma an axis. */
static const char sensors_csv[] =
	"id,kind,lat,lon,elev_m,rate_hz,sensitivity,owner,host_party,installed,"
	"position_err_m,public_key,array\n"
	"XX_S01_00,acoustic,48.31,37.35,140,100,64,mission,A,"
	"2026-02-01T00:00:00Z,2,,\n"
	"P-1,patrol,,,,,,mission,,,,,\n";

static const char places_csv[] =
	"name,name_uk,name_ru,name_fr,former,lat,lon,population,control\n"
	"Example Town,Приклад,Пример,Exemple,,48.32,37.33,1200,A\n";

static const char loc_geojson[] =
	"{\"type\":\"FeatureCollection\",\"features\":[\n"
	"{\"type\":\"Feature\",\"properties\":{\"role\":\"line\",\"name\":"
	"\"Line of contact\",\"version\":\"2026-02-01\"},\n"
	" \"geometry\":{\"type\":\"LineString\",\"coordinates\":"
	"[[37.38,48.48],[37.41,48.33],[37.40,48.27],[37.43,48.12]]}}\n"
	"]}\n";

/* %s: the SHA-256 of geo/loc.geojson. */
static const char agreement_terms[] =
	"# The agreement: its text, and beside each article its rule.\n"
	"# `truce terms check agreement.terms` shows what is wrong.  When you\n"
	"# change geo/loc.geojson, put its new hash here: sha256sum "
	"geo/loc.geojson\n"
	"\n"
	"AGREEMENT example/1  TITLE \"Example cease-fire\"  STATUS signed "
	"2026-02-01  TIMEZONE Europe/Kyiv\n"
	"PARTIES   A \"Party A\"   B \"Party B\"\n"
	"LINE      loc     FILE geo/loc.geojson  SHA256 %s  ERROR 50 m\n"
	"ZONE      buffer  = WITHIN 2 km OF loc\n"
	"CLASS     shooting = explosion or burst or shot or projectile\n"
	"STANDARD  reasonable = probability >= 0.50\n"
	"\n"
	"ARTICLE 1  TEXT \"The parties cease fire within 30 kilometres of the "
	"line. Demining that was notified a day before is no breach.\"\n"
	"RULE 1.a   FORBIDS  shooting WITHIN 30 km OF loc\n"
	"           EXCEPT   1.a.1  NOTIFIED demining 24 h BEFORE, NEAR 500 m\n"
	"           STANDARD reasonable\n"
	"           GRADE    by count (1 minor, 10 serious, 100 grave)\n"
	"\n"
	"ARTICLE 2  TEXT \"Only the mission flies over the buffer.\"\n"
	"RULE 2.a   FORBIDS  flight of uav INSIDE buffer\n"
	"           EXCEPT   2.a.1  BY mission\n"
	"           STANDARD reasonable\n"
	"           GRADE    minor\n";

static bool write_file(const char *folder, const char *name, struct bytes b,
	struct fault *f)
{
	char path[PATH_BYTES];
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file;
	bool ok;

	if (n < 0 || (size_t)n >= sizeof path)
		return fault(f, FAULT_LIMIT, "%s: path too long", folder);
	file = fopen(path, "wbx");
	if (!file && errno == EEXIST)
		return fault(f, FAULT_INPUT, "%s is there already; nothing "
			"was overwritten", path);
	if (!file)
		return fault_errno(f, "%s", path);
	ok = fwrite(b.at, 1, b.len, file) == b.len;
	if (fclose(file) != 0)
		ok = false;
	return ok || fault_errno(f, "%s", path);
}

static bool write_terms(const char *folder, struct fault *f)
{
	struct digest d = sha256_of(bytes_of(loc_geojson));
	struct bytes in = bytes_of(agreement_terms);
	const char *mark = strstr(agreement_terms, "%s");
	size_t before = (size_t)(mark - agreement_terms);
	char page[PAGE], hex[SHA256_HEX];
	struct text t = text_on(page, sizeof page);

	text_bytes(&t, bytes_part(in, 0, before));
	text_add(&t, digest_hex(&d, hex));
	text_bytes(&t, bytes_part(in, before + 2, in.len));
	return text_check(&t, f) &&
		write_file(folder, "agreement.terms", text_view(&t), f);
}

static bool make_folders(const char *folder, struct fault *f)
{
	static const char *const below[] = {"geo", "inbox"};
	char path[PATH_BYTES];

	for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
		int n = snprintf(path, sizeof path, "%s/%s", folder, below[i]);

		if (n < 0 || (size_t)n >= sizeof path)
			return fault(f, FAULT_LIMIT, "%s: path too long",
				folder);
		if (!folder_make(path, f))
			return false;
	}
	return true;
}

static bool make(const char *folder, struct fault *f)
{
	static const struct {
		const char *name, *text;
	} files[] = {
		{"mission.yaml", mission_yaml},
		{"sensors.csv", sensors_csv},
		{"geo/loc.geojson", loc_geojson},
		{"geo/places.csv", places_csv},
	};

	if (!make_folders(folder, f))
		return false;
	/* mission.yaml first: if one is there, nothing is touched. */
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (!write_file(folder, files[i].name, bytes_of(files[i].text),
			f))
			return false;
	return write_terms(folder, f);
}

struct roots_ask {
	const char *file, *threshold;
	bool two_orgs;
};

/* The root keys that entry 0 will name, lines PERSON KEY ORG, ascending;
 * without them one is made at the first intake, beside the log's. */
static bool write_roots(const char *folder, const struct roots_ask *q,
	struct fault *f)
{
	struct arena a;
	struct genesis g = {0};
	char page[PAGE];
	struct text t = text_on(page, sizeof page);
	struct bytes b;
	bool ok;

	if (!arena_map(&a, 1 << 20, f))
		return false;
	text_fmt(&t, "threshold %s\ntwo_orgs %s\n",
		q->threshold ? q->threshold : "1", q->two_orgs ? "yes" : "no");
	ok = file_read(q->file, &a, &b, f);
	if (ok)
		text_bytes(&t, b);
	ok = ok && text_check(&t, f) && roots_file(text_view(&t), &g, f) &&
		write_file(folder, "roots", text_view(&t), f);
	arena_unmap(&a);
	return ok || fault_in(f, "%s", q->file);
}

static int run(int argc, char **argv)
{
	static struct roots_ask q;
	const struct ui_option options[] = {{"--roots", &q.file, NULL},
		{"--threshold", &q.threshold, NULL},
		{"--two-orgs", NULL, &q.two_orgs}, {NULL, NULL, NULL}};
	struct fault f = {0};

	if (!ui_options(&cmd_init, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return cmd_usage(&cmd_init, "one folder is wanted");
	if (!q.file && (q.threshold || q.two_orgs))
		return cmd_usage(&cmd_init, "--threshold and --two-orgs are "
			"of the root keys that --roots FILE names");
	if (!make(argv[1], &f) ||
		(q.file && !write_roots(argv[1], &q, &f)))
		return cmd_fault(&cmd_init, &f);
	(void)fprintf(stderr, "%s: made. Next: put files into %s/inbox, edit "
		"%s/mission.yaml, then `truce check %s`\n", argv[1], argv[1],
		argv[1], argv[1]);
	return EXIT_DONE;
}

const struct cmd cmd_init = {
	.name = "init",
	.usage = "init DIR [--roots FILE [--threshold N] [--two-orgs]]",
	.about = "make a commented, working mission folder",
	.run = run,
};
