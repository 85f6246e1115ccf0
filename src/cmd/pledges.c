/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pledges.c - the register of guarantees from the shell: what is wrong with
 * it, what it says, and what the findings of a mission call up. */
#include "base/json.h"
#include "cmd/commitments.h"
#include "cmd/drafting.h"
#include "cmd/load.h"
#include "cmd/step.h"
#include "cmd/take.h"
#include "judge/tracker.h"
#include "publish/catalogue.h"
#include "roles/owe.h"
#include "spool/files.h"

extern const struct cmd cmd_pledges;

enum { IMPORT_GIB = 4, ARENA_MIB = 2048, UNITS = 64, TEXT_MAX = 64 << 20 };

struct opened {
	struct loaded mission; /* of a mission folder */
	struct arena arena;    /* of what is made here */
	const struct pledges *pledges;
	const char *file;
	size_t wrong;
	struct instant now;
	const char *to; /* of the board; NULL: stdout */
	const char *lang; /* of the board's page */
	bool public;    /* the board's level */
	bool json;
	struct text out;
};

/* -- words -- */

static void say_date(struct text *t, struct instant at)
{
	char s[INSTANT_TEXT];

	if (!instant_known(at)) {
		text_add(t, "no date");
		return;
	}
	(void)instant_print(at, 0, s);
	if (at.utc_ns % (INT64_C(86400) * 1000000000) == 0)
		s[10] = '\0';
	text_add(t, s);
}

static void say_names(struct text *t, const struct names *n, const char *join)
{
	for (size_t i = 0; i < n->count; i++) {
		text_add(t, i ? join : "");
		text_add(t, n->at[i]);
	}
}

/* 12,345,678.90; whole numbers without hundredths. */
static void say_amount(struct text *t, int64_t hundredths)
{
	char s[32];
	int64_t v = hundredths < 0 ? -hundredths : hundredths;
	size_t at = sizeof s;
	int digits = 0;

	if (v % 100 != 0) {
		s[--at] = (char)('0' + v % 10);
		s[--at] = (char)('0' + v / 10 % 10);
		s[--at] = '.';
	}
	v /= 100;
	do {
		if (digits > 0 && digits % 3 == 0)
			s[--at] = ',';
		s[--at] = (char)('0' + v % 10);
		v /= 10;
		digits++;
	} while (v > 0);
	if (hundredths < 0)
		s[--at] = '-';
	text_bytes(t, (struct bytes){(uint8_t *)s + at, sizeof s - at});
}

static void say_citation(struct text *t, const struct citation *s)
{
	if (!*s->says)
		return;
	text_add(t, "\n      source ");
	text_add(t, s->says);
	if (s->line > 0)
		text_fmt(t, " line %zu", s->line);
	text_add(t, s->reported ? ", as reported" : "");
}

/* -- show -- */

static void say_stages(
	struct text *t, const struct legal_stage *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		text_add(t, i ? ", " : "\n      ");
		text_add(t, legal_name(s[i].is));
		text_char(t, ' ');
		say_date(t, s[i].at);
	}
}

static void say_endorsements(
	struct text *t, const struct pledges *r, const char *instrument)
{
	for (size_t i = 0; i < r->endorsements; i++) {
		const struct endorsement *e = &r->endorsement[i];

		if (strcmp(e->instrument, instrument) != 0)
			continue;
		text_add(t, e->withheld ? "\n      not endorsed by "
					: "\n      endorsed by ");
		say_names(t, &e->by, " ");
		if (instant_known(e->at)) {
			text_char(t, ' ');
			say_date(t, e->at);
		}
		if (*e->said)
			text_fmt(t, ": \"%.400s\"", e->said);
		say_citation(t, &e->source);
	}
}

static void say_instruments(struct text *t, const struct pledges *r)
{
	for (size_t i = 0; i < r->instruments; i++) {
		const struct instrument *x = &r->instrument[i];

		text_fmt(t, "%s\n  %s  \"%.400s\", ",
			i ? "" : "\nInstruments", x->id, x->title);
		say_date(t, x->at);
		say_stages(t, x->stage, x->stages);
		say_citation(t, &x->source);
		for (size_t k = 0; k < r->drafts; k++)
			if (strcmp(r->draft[k].instrument, x->id) == 0) {
				text_fmt(t, "\n      %s ",
					strcmp(r->draft[k].id, x->id)
						? r->draft[k].id : "text");
				say_date(t, r->draft[k].at);
				text_fmt(t, ", %.200s", r->draft[k].file);
			}
		say_endorsements(t, r, x->id);
	}
}

static void say_ladders(struct text *t, const struct pledges *r)
{
	for (size_t i = 0; i < r->ladders; i++) {
		const struct ladder *x = &r->ladder[i];

		text_fmt(t, "%s\n  %s, from the first breach",
			i ? "" : "\n\nLadders", x->id);
		if (*x->grade)
			text_fmt(t, " of grade %.40s", x->grade);
		if (*x->standard)
			text_fmt(t, " at standard %.40s", x->standard);
		for (size_t k = 0; k < x->steps; k++)
			text_fmt(t, "%s%lld h %.40s", k ? ", " : ": ",
				(long long)(x->step[k].after_us / 3600000000),
				x->step[k].what);
		say_citation(t, &x->source);
	}
}

static void say_trigger(struct text *t, const struct pledge *p)
{
	const struct trigger *x = &p->trigger;

	if (!x->given)
		return;
	text_fmt(t, "\n      called up by %lld breach%s",
		(long long)x->at_least, x->at_least == 1 ? "" : "es");
	if (*x->clause)
		text_fmt(t, " of clause %.40s", x->clause);
	if (*x->party)
		text_fmt(t, " by %.40s", x->party);
	if (*x->grade)
		text_fmt(t, " of grade %.40s", x->grade);
	if (*x->standard)
		text_fmt(t, " at standard %.40s", x->standard);
	if (x->within_us > 0)
		text_fmt(t, " within %g h", (double)x->within_us / 3.6e9);
	text_add(t, x->reviewed ? ", reviewed" : "");
	text_add(t, x->joint ? ", jointly accepted" : "");
	if (p->due_us >= 0)
		text_fmt(t, "; due %g h after", (double)p->due_us / 3.6e9);
	if (*p->ladder)
		text_fmt(t, "; by ladder %.40s", p->ladder);
}

static bool say_accounts(struct text *t, const struct pledges *r,
	const char *pledge, struct fault *f)
{
	struct account a[UNITS];
	size_t n;

	if (!pledges_accounts(r, pledge, a, UNITS, &n, f))
		return false;
	for (size_t i = 0; i < n; i++) {
		text_fmt(t, "\n      %.40s", a[i].unit);
		if (a[i].price_year)
			text_fmt(t, " in prices of %lld",
				(long long)a[i].price_year);
		for (int k = 0; k < FLOW_COUNT; k++) {
			static const char *const words[] = {": committed ",
				", allocated ", ", delivered ", ", verified "};

			text_add(t, words[k]);
			say_amount(t, a[i].sum[k]);
		}
		text_add(t, "; still open ");
		say_amount(t, a[i].open);
		text_add(t, a[i].over ? "; more than the step before says"
				      : "");
	}
	return true;
}

static bool say_pledge(struct text *t, const struct pledges *r,
	const struct pledge *p, struct fault *f)
{
	text_fmt(t, "\n  %s  ", p->id);
	if (p->from_endorsers)
		text_fmt(t, "endorsers of %s", p->under);
	else
		say_names(t, &p->from, " ");
	text_add(t, " to ");
	say_names(t, &p->to, " ");
	text_add(t, ": ");
	say_names(t, &p->act, " or ");
	if (p->quantity_min >= 0) {
		text_fmt(t, ", %lld", (long long)p->quantity_min);
		if (p->quantity_max > p->quantity_min)
			text_fmt(t, " to %lld", (long long)p->quantity_max);
		text_fmt(t, " %.40s", p->unit);
	}
	if (*p->domain)
		text_fmt(t, ", %s", p->domain);
	if (*p->modality)
		text_fmt(t, "\n      \"%.400s\" (strength: %s)", p->modality,
			modality_word_name(modality_of(p->modality)));
	say_stages(t, p->stage, p->stages);
	if (*p->under)
		text_fmt(t, "\n      under %s", p->under);
	if (*p->authority)
		text_fmt(t, "\n      decided by %.200s", p->authority);
	say_trigger(t, p);
	say_citation(t, &p->source);
	return say_accounts(t, r, p->id, f);
}

static const char *const notice_words[NOTICE_COUNT] = {
	"has not endorsed it", "withholds endorsement", "no source is stated",
	"it stands under no instrument",
	"more is allocated, delivered or verified than the step before says",
	"it, or its instrument, is suspended or ended"};

static bool say_notices(struct opened *o, struct fault *f)
{
	struct text *t = &o->out;
	struct pledge_notice *x;
	size_t n;

	if (!pledges_notices(o->pledges, &o->arena, &x, &n, f))
		return false;
	for (size_t i = 0; i < n; i++)
		text_fmt(t, "%s\n  line %zu, %s: %s%s%s",
			i ? "" : "\n\nNotices", x[i].line, x[i].pledge,
			x[i].actor, *x[i].actor ? " " : "",
			notice_words[x[i].is]);
	return true;
}

/* What became weaker; a text of another hash than stated is an error. */
static bool say_drafts(struct opened *o, struct fault *f)
{
	const char *slash = strrchr(o->file, '/');
	const char *folder = o->mission.folder ? o->mission.folder
		: !slash ? "." : arena_text(&o->arena, (struct bytes){
			(const uint8_t *)o->file, (size_t)(slash - o->file)},
			f);
	struct drafting d;

	if (!folder || !drafting_read(o->pledges, *folder ? folder : "/",
		o->mission.folder ? o->mission.mission.pledges : o->file,
		&o->arena, &d, f))
		return false;
	drafting_say(&d, &o->out);
	o->wrong += d.wrong;
	return true;
}

static int printed(struct opened *o, struct fault *f)
{
	text_char(&o->out, '\n');
	if (!text_check(&o->out, f))
		return cmd_fault(&cmd_pledges, f);
	(void)fwrite(o->out.at, 1, o->out.len, stdout);
	return o->wrong ? EXIT_NO : EXIT_DONE;
}

static int show(struct opened *o, struct fault *f)
{
	const struct pledges *r = o->pledges;

	if (o->json)
		return pledges_canonical(r, &o->out, f)
			? printed(o, f) : cmd_fault(&cmd_pledges, f);
	text_fmt(&o->out, "%s  %.400s\n", r->id, r->title);
	say_instruments(&o->out, r);
	say_ladders(&o->out, r);
	for (size_t i = 0; i < r->pledge_count; i++) {
		text_add(&o->out, i ? "" : "\n\nPledges");
		if (!say_pledge(&o->out, r, &r->pledge[i], f))
			return cmd_fault(&cmd_pledges, f);
	}
	if (!say_notices(o, f) || !say_drafts(o, f))
		return cmd_fault(&cmd_pledges, f);
	return printed(o, f);
}

/* -- check -- */

static int check(struct opened *o, struct fault *f)
{
	struct digest d;
	char hex[SHA256_HEX];

	if (o->wrong > 0) {
		printf("%s: %zu error%s\n", o->file, o->wrong,
			o->wrong == 1 ? "" : "s");
		return EXIT_NO;
	}
	if (!pledges_canonical(o->pledges, &o->out, f))
		return cmd_fault(&cmd_pledges, f);
	d = sha256_of(text_view(&o->out));
	o->out.len = 0;
	text_fmt(&o->out, "%s: sound: %zu instruments, %zu pledges, %zu rows "
		"of flows, sha256 %s", o->file, o->pledges->instruments,
		o->pledges->pledge_count, o->pledges->flows,
		digest_hex(&d, hex));
	if (!say_notices(o, f) || !say_drafts(o, f))
		return cmd_fault(&cmd_pledges, f);
	return printed(o, f);
}

/* -- due -- */

struct due { /* what the store's findings call up now */
	struct store store;
	struct files files;
	struct ledger *ledger;
	struct jointly jointly;
	struct standing standing;
	struct owing owing;
	struct instant now;
};

/* What people and witnesses made of the findings; nothing before the first
 * replay. */
static bool read_log(struct opened *o, struct due *d, struct fault *f)
{
	bool there;

	if (!files_open(&d->files, o->mission.folder, f) ||
		!ledger_exists(&d->files.disk, &there, f))
		return false;
	return !there || (ledger_open(&d->ledger, &d->files.disk, false, f) &&
		jointly_read(&d->jointly, &d->files.disk, d->ledger, f) &&
		standing_read(&d->standing, ledger_people(d->ledger),
			d->jointly.size, &o->arena, f));
}

static bool find_due(struct opened *o, struct due *d, struct fault *f)
{
	struct breach *list;
	size_t n;

	return d->store.engine->open(&d->store, o->mission.folder, false, f) &&
		read_log(o, d, f) &&
		owe_breaches(&d->store, &d->standing, &o->arena, &list, &n,
			f) &&
		owing_find(o->pledges, list, n, &o->arena, &d->owing, f);
}

static void close_due(struct due *d)
{
	ledger_close(d->ledger);
	files_close(&d->files);
	d->store.engine->close(&d->store);
}

static void say_span(struct text *t, struct span s)
{
	char from[INSTANT_TEXT], to[INSTANT_TEXT];

	text_add(t, instant_print(s.from, 3, from));
	if (instant_known(s.to) && s.to.utc_ns != s.from.utc_ns) {
		text_add(t, " to ");
		text_add(t, instant_print(s.to, 3, to));
	}
}

/* "may include" (may), under paris, which US withholds; announced */
static void say_wording(struct text *t, const struct obligation *o)
{
	const char *stand = strcmp(o->endorsed, "yes") == 0 ? "has endorsed"
		: strcmp(o->endorsed, "withheld") == 0 ? "withholds"
						       : "has not endorsed";

	text_add(t, "    ");
	if (*o->modality)
		text_fmt(t, "\"%s\" (strength: %s)", o->modality,
			*o->strength ? o->strength : "not stated");
	else
		text_add(t, "in no stated words");
	if (*o->instrument)
		text_fmt(t, ", under %s, which %s %s", o->instrument, o->actor,
			stand);
	else
		text_add(t, ", under no instrument");
	if (*o->stage)
		text_fmt(t, "; %s", o->stage);
	if (strcmp(o->stage, "ended") == 0 ||
		strcmp(o->stage, "suspended") == 0)
		text_add(t, ": told for the record, and owed by nobody");
	if (*o->authority)
		text_fmt(t, "\n    decided by %s", o->authority);
	text_char(t, '\n');
}

/* In the register's order, then by due time and actor. */
static bool before(const struct pledges *r, const struct obligation *a,
	const struct obligation *b)
{
	size_t i = 0, k = 0;

	while (i < r->pledge_count && strcmp(r->pledge[i].id, a->pledge) != 0)
		i++;
	while (k < r->pledge_count && strcmp(r->pledge[k].id, b->pledge) != 0)
		k++;
	if (i != k)
		return i < k;
	if (a->opens.from.utc_ns != b->opens.from.utc_ns)
		return a->opens.from.utc_ns < b->opens.from.utc_ns;
	if (a->due.from.utc_ns != b->due.from.utc_ns)
		return a->due.from.utc_ns < b->due.from.utc_ns;
	return strcmp(a->actor, b->actor) < 0;
}

static void in_order(const struct pledges *r, struct obligation *x, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct obligation o = x[i];
		size_t k = i;

		for (; k > 0 && before(r, &o, &x[k - 1]); k--)
			x[k] = x[k - 1];
		x[k] = o;
	}
}

static void say_owed(struct text *t, const struct due *d,
	const struct obligation *o)
{
	enum obligation_clock clock = obligation_clock(o, d->now);
	enum obligation_state state = OBLIGATION_OPEN;
	uint8_t subject[ID_SUBJECT];
	const struct people_owed *owed = d->ledger &&
			id_subject(&o->id, subject)
		? owed_of(ledger_people(d->ledger), subject) : NULL;

	if (owed)
		state = owed_state(ledger_people(d->ledger), owed);
	text_fmt(t, "%s  %s: ", o->pledge, o->actor);
	for (size_t i = 0; i < o->acts; i++)
		text_fmt(t, "%s%s", i ? " or " : "", o->act[i]);
	if (*o->step)
		text_fmt(t, ", step %s", o->step);
	text_fmt(t, "\n    %s, opened by %s, ", o->id.text, o->finding.text);
	say_span(t, o->opens);
	text_add(t, "\n    due ");
	if (instant_known(o->due.from))
		say_span(t, o->due);
	else
		text_add(t, "at no stated time");
	text_fmt(t, "; %s%s%s\n",
		obligation_state_name(obligation_at(state, clock)),
		owed ? "" : ", not logged yet: truce replay",
		clock == CLOCK_PERHAPS && state < OBLIGATION_DECIDED
			? ", perhaps passed" : clock == CLOCK_NEAR &&
			state < OBLIGATION_DECIDED ? ", near" : "");
	say_wording(t, o);
}

static int due(struct opened *o, struct fault *f)
{
	struct due d = {.store = {stores[0], NULL}, .files = {.root = -1},
		.now = o->now};
	bool ok;

	if (!o->mission.folder) {
		(void)fprintf(stderr, "truce pledges due: a mission folder is "
			"wanted: what is due follows from its findings\n");
		return EXIT_USAGE;
	}
	ok = find_due(o, &d, f);
	if (ok)
		in_order(o->pledges, d.owing.owed, d.owing.count);
	for (size_t i = 0; ok && i < d.owing.count; i++)
		say_owed(&o->out, &d, &d.owing.owed[i]);
	if (ok)
		text_fmt(&o->out, "%zu obligation%s by %zu breaches",
			d.owing.count, d.owing.count == 1 ? "" : "s",
			d.owing.breaches);
	close_due(&d);
	return ok ? printed(o, f) : cmd_fault(&cmd_pledges, f);
}

/* -- the board -- */

static int board(struct opened *o, struct fault *f)
{
	const struct commitments_ask ask = {.mission = &o->mission,
		.now = o->now, .out = o->to, .json = o->json, .lang = o->lang,
		.public = o->public};

	if (!o->mission.folder) {
		(void)fprintf(stderr, "truce pledges board: a mission folder "
			"is wanted: it shows what its findings call up\n");
		return EXIT_USAGE;
	}
	return commitments_write(&ask, &o->arena, f)
		? EXIT_DONE : cmd_fault(&cmd_pledges, f);
}

/* -- */

static const struct {
	const char *name;
	int (*run)(struct opened *, struct fault *);
} verbs[] = {{"check", check}, {"show", show}, {"due", due},
	{"board", board}};
enum { VERBS = sizeof verbs / sizeof *verbs };

static bool open_file(const char *file, struct opened *o, struct fault *f)
{
	const struct terms_error *e;
	struct pledges *r;
	struct bytes in;

	if (!file_read(file, &o->arena, &in, f) ||
		!pledges_read(in, &o->arena, &r, &e, &o->wrong, f))
		return false;
	for (size_t i = 0; i < o->wrong; i++)
		(void)fprintf(stderr, "%s:%zu:%zu: %s\n", file, e[i].line,
			e[i].column, e[i].text);
	o->pledges = r;
	return true;
}

static int open_mission(const char *folder, struct opened *o)
{
	int code = load_mission(&cmd_pledges, folder, &o->mission);

	if (code != EXIT_DONE)
		return code;
	load_print(&o->mission);
	o->wrong = o->mission.wrong;
	o->pledges = o->mission.pledges;
	if (o->pledges)
		return EXIT_DONE;
	(void)fprintf(stderr, "truce pledges: %s has no register of "
		"guarantees (%s)\n", folder, o->mission.mission.pledges);
	return EXIT_INPUT;
}

static int run_verb(size_t verb, const char *what, const struct opened *ask)
{
	struct opened o = *ask;
	struct fault f = {0};
	int code = EXIT_DONE;

	o.file = what;
	if (!arena_map(&o.arena, (size_t)ARENA_MIB << 20, &f))
		return cmd_fault(&cmd_pledges, &f);
	o.out = text_in(&o.arena, TEXT_MAX);
	if (folder_exists(what)) {
		code = open_mission(what, &o);
	} else if (!open_file(what, &o, &f)) {
		fault_in(&f, "%s", what);
		code = cmd_fault(&cmd_pledges, &f);
	}
	if (code == EXIT_DONE)
		code = verbs[verb].run(&o, &f);
	arena_unmap(&o.arena);
	if (o.mission.arena.at)
		load_free(&o.mission);
	return code;
}

/* EXIT_DONE and *taken false: it is no word for a step. */
static int run_step(int argc, char **argv, struct step_ask *ask, bool *taken)
{
	*taken = false;
	for (int i = 0; argc > 1 && i < OWED_WORDS; i++)
		if (strcmp(argv[1], owed_word((enum owed_does)i)) == 0) {
			ask->does = (enum owed_does)i;
			*taken = true;
		}
	if (!*taken)
		return EXIT_DONE;
	if (argc != 4 || !ask->key || !ask->why || !*ask->why)
		return cmd_usage(&cmd_pledges, "%s wants MISSION ID --key FILE "
			"--why TEXT", argv[1]);
	if (ask->does == OWED_FULFIL && !ask->evidence)
		return cmd_usage(&cmd_pledges, "fulfil wants --evidence FILE, "
			"what shows it");
	ask->mission = argv[2];
	ask->id = argv[3];
	return step_take(&cmd_pledges, ask);
}

/* A tracker's table, by a map of its columns, as a register on stdout. */
static int import(const char *table, const char *map)
{
	const char *slash = strrchr(table, '/');
	struct tracker_done done;
	struct fault f = {0};
	struct bytes csv = {0}, lines = {0};
	struct text out;
	struct arena a;
	int code = EXIT_DONE;

	if (!arena_map(&a, (size_t)IMPORT_GIB << 30, &f))
		return cmd_fault(&cmd_pledges, &f);
	if (!file_read(table, &a, &csv, &f) || !file_read(map, &a, &lines, &f))
		goto out;
	out = text_in(&a, 16 * csv.len + TEXT_MAX);
	if (!tracker_read(csv, lines, slash ? slash + 1 : table, &a, &out,
		&done, &f)) {
		(void)fault_in(&f, "%s", table);
		goto out;
	}
	(void)fwrite(out.at, 1, out.len, stdout);
	(void)fprintf(stderr, "%zu rows: %zu taken into %zu pledges of %zu "
		"actors, %zu not understood and kept as comments\n",
		done.rows, done.taken, done.pledges, done.actors, done.kept);
	if (done.kept > 0)
		(void)fprintf(stderr, "the first, line %zu: %s\n",
			done.first_line, done.why);
	if (fflush(stdout) != 0)
		(void)fault_errno(&f, "write");
out:
	if (f.kind != FAULT_NONE)
		code = cmd_fault(&cmd_pledges, &f);
	arena_unmap(&a);
	return code;
}

static int run(int argc, char **argv)
{
	const char *map = NULL, *at = NULL, *level = NULL;
	struct opened ask = {.now = take_now(), .lang = "en"};
	bool taken;
	struct step_ask step = {.key = NULL};
	const struct ui_option options[] = {{"--json", NULL, &ask.json},
		{"--key", &step.key, NULL}, {"--why", &step.why, NULL},
		{"--evidence", &step.evidence, NULL}, {"--map", &map, NULL},
		{"--at", &at, NULL}, {"--level", &level, NULL},
		{"--lang", &ask.lang, NULL},
		{"-o", &ask.to, NULL}, {"--output", &ask.to, NULL}, {0}};
	const char *names[VERBS];
	char meant[UI_MEANT];
	int code;

	if (!ui_options(&cmd_pledges, &argc, argv, options))
		return EXIT_USAGE;
	if (at && !ui_time(&cmd_pledges, at, &ask.now))
		return EXIT_USAGE;
	ask.public = level && strcmp(level, "public") == 0;
	if (level && (argc < 2 || strcmp(argv[1], "board") != 0 ||
		(!ask.public && strcmp(level, "mission") != 0)))
		return cmd_usage(&cmd_pledges, "--level public or mission, of "
			"the board");
	if (strcmp(catalogue_of(ask.lang)->lang, ask.lang) != 0)
		return cmd_usage(&cmd_pledges, "--lang wants en, uk, ru or fr");
	code = run_step(argc, argv, &step, &taken);
	if (taken)
		return code;
	if (argc == 3 && strcmp(argv[1], "import") == 0)
		return map ? import(argv[2], map) : cmd_usage(&cmd_pledges,
			"import wants --map FILE, which columns mean what");
	if (argc != 3)
		return cmd_usage(&cmd_pledges, "a word and a file or mission "
			"folder are wanted");
	for (size_t i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (strcmp(argv[1], verbs[i].name) == 0)
			return run_verb(i, argv[2], &ask);
	}
	return cmd_usage(&cmd_pledges, "no '%s'%s", argv[1],
		ui_meant(argv[1], names, VERBS, meant));
}

const struct cmd cmd_pledges = {
	.name = "pledges",
	.usage = "pledges check|show|due|board FILE|MISSION [--json] [--at T] "
		"[--level public] [--lang en|uk|ru|fr] [-o FILE]\n"
		"       truce pledges acknowledge|decide|fulfil|decline|"
		"contest MISSION ID --key FILE --why TEXT [--evidence FILE]\n"
		"       truce pledges import TABLE.csv --map FILE",
	.about = "the guarantees: what is promised, and what findings call up",
	.run = run,
};
