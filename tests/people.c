/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who may append what: the whole table, each rule once; then random sequences
 * of acts, allowed and not, against a second model that was written from the
 * table in docs/people.md alone, and looks at everything from the start each
 * time. */
#include "check.h"

#include "base/encode.h"
#include "ledger/people.h"
#include "ledger/people_event.h"
#include "ledger/sign.h"

enum { MAX = 96, KEYS = 16, STEPS = 14, DAY_MS = 86400000 };

static uint64_t seed;

/* [0,1) (splitmix64: Steele, Lea, Flood 2014). */
static double uniform(void)
{
	uint64_t x = seed += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (double)((x ^ x >> 31) >> 11) * 0x1p-53;
}

static uint8_t room[1 << 20];
static struct arena memory;
static struct fault f;

/* -- the cast -- */

enum {
	ENGINE, ROOT1, ROOT2, ANN, BOB, REV, ANN_REV, CHI, LIA, LIB, GUA, REP,
	AUD, OLD, STRANGER, HALF
};

static const struct cast {
	const char *role;
	int person; /* 0: nobody */
	const char *org;
	int nb_day, na_day; /* about day 100, the start */
} cast[KEYS] = {
	[ENGINE] = {"engine", 0, "", 0, 9999},
	[ROOT1] = {"root", 20, "ra", 0, 9999},
	[ROOT2] = {"root", 21, "rb", 0, 9999},
	[ANN] = {"analyst", 1, "mission", 90, 170},
	[BOB] = {"analyst", 2, "other", 90, 170},
	[REV] = {"reviewer", 3, "mission", 90, 170},
	[ANN_REV] = {"reviewer", 1, "third", 90, 170},
	[CHI] = {"chief", 4, "x", 90, 170},
	[LIA] = {"liaison", 5, "A", 90, 170},
	[LIB] = {"liaison", 6, "B", 90, 170},
	[GUA] = {"guarantor", 7, "g", 90, 170},
	[REP] = {"reporter", 8, "r", 90, 170},
	[AUD] = {"auditor", 9, "u", 90, 170},
	[OLD] = {"analyst", 10, "o", 10, 99},
	[STRANGER] = {"", 11, "s", 0, 0},
	[HALF] = {"chief", 12, "h", 90, 170},
};

/* docs/people.md, "Who may append what". */
static const struct {
	const char *role, *appends, *confirms;
} table[] = {
	{"engine", "1 2 3 6 8 11 12 13 14", ""},
	{"analyst", "0 2 3 4 6 10", "2 3"},
	{"reviewer", "4", "0 2 3 5 9 10 15"},
	{"chief", "4 5 9 15", "0 2 3 5 9 10 15"},
	{"liaison", "4 14", "5 7"},
	{"guarantor", "6", ""},
	{"reporter", "14", ""},
	{"auditor", "", ""},
	{"root", "4 7", "7"},
};

static struct sign_key key[KEYS];
static struct sign_key logs[4]; /* that sign checkpoints; entry 0's first */
static struct digest leaves[MAX];
static struct merkle_tree tree;

static const char *row(const char *role, bool confirms)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].role, role) == 0)
			return confirms ? table[i].confirms : table[i].appends;
	return "";
}

static bool in_row(const char *list, int type)
{
	for (const char *s = list; *s;) {
		char *end;

		if (strtol(s, &end, 10) == type)
			return true;
		s = *end ? end + 1 : end;
	}
	return false;
}

/* -- one act, as both see it -- */

enum does { NOTHING, REJECT, TAKE, RELEASE, NOTE, NONSENSE };

enum { SING, AMEND, MERGE, SPLIT, LINK };

struct act {
	int type, flags, author;
	int64_t ms;
	uint8_t subject[ENTRY_SUBJECT];
	int root;      /* names a body root */
	enum does does; /* type 4 with its own body */
	int of;        /* index that 4, 9 are about */
	int act;       /* of type 9: PEOPLE_PUBLISH.. ; of 7: PEOPLE_REVOKE;
			* of a person's 2: AMEND .. */
	int with[2], withs; /* then: those that are one with it */
	bool mute;     /* gives no reason */
	int revokes;   /* a key */
	int64_t since_ms;
	int log;       /* of type 7, above 0: the log is handed to this key */
	int signs, last; /* who signs the last note, and of how much */
	bool lie;      /* with another root */
};

static int64_t day(double d)
{
	return (int64_t)(d * DAY_MS);
}

static struct digest root_of(int root)
{
	return sha256_of((struct bytes){(uint8_t *)&root, sizeof root});
}

static void hex_of(struct fields *s, const char *name, const void *at, size_t n)
{
	char hex[2 * SHA256_LEN + 1];
	struct text t = text_on(hex, sizeof hex);

	text_hex(&t, (struct bytes){at, n});
	fields_text(s, name, hex);
}

static void version_of(const struct act *a, struct fields *s)
{
	static const char *const does[] = {
		"sing", "amend", "merge", "split", "link"};
	char lines[2 * (2 * SHA256_LEN + 1) + 1];
	struct text t = text_on(lines, sizeof lines);

	fields_text(s, "does", does[a->act]);
	hex_of(s, "of", leaves[a->of].at, SHA256_LEN);
	fields_text(s, "why", a->mute ? "" : "b\"ecause\n");
	for (int i = 0; i < a->withs; i++) {
		text_add(&t, i ? "\n" : "");
		text_hex(&t, (struct bytes){leaves[a->with[i]].at,
			SHA256_LEN});
	}
	if (a->withs)
		fields_text(s, "with", lines);
}

/* `act` log: whoever has the log key hands it over. */
static void handing(const struct act *a, struct fields *s)
{
	struct checkpoint c = {.origin = "m/1", .size = (uint64_t)a->last};
	char at[1024], vkey[256];
	struct text t = text_on(at, sizeof at), v = text_on(vkey, sizeof vkey);

	c.root = a->lie || a->last > MAX ? root_of(7) :
		merkle_tree_root(&tree, c.size);
	checkpoint_print(&c, &logs[a->signs], &t);
	sign_vkey_print("m/1", logs[a->log].public_key, &v);
	fields_text(s, "act", "log");
	fields_text(s, "last", at);
	fields_text(s, "log", vkey);
}

static void body_of(const struct act *a, struct fields *s)
{
	static const char *const does[] = {
		"", "reject", "take", "release", "note", "sing"};
	static const char *const acts[] = {
		"sing", "publish", "lift", "erase"};

	*s = fields_in(&memory);
	if (a->type == ENTRY_REVIEW) {
		fields_text(s, "does", does[a->does]);
		hex_of(s, "of", leaves[a->of].at, SHA256_LEN);
		fields_text(s, "why", "b\"ecause\n");
	} else if (a->type == ENTRY_PUBLICATION) {
		fields_text(s, "act", acts[a->act]);
		hex_of(s, "of", leaves[a->of].at, SHA256_LEN);
		fields_text(s, a->act == PEOPLE_PUBLISH ? "what" : "why", "");
		if (a->act != PEOPLE_PUBLISH)
			fields_i64(s, "index", a->of);
		if (a->act == PEOPLE_LIFT) {
			fields_i64(s, "type", 2);
			hex_of(s, "subject", leaves[0].at, ENTRY_SUBJECT);
		}
	} else if (a->type == ENTRY_INCIDENT && a->author != ENGINE) {
		version_of(a, s);
	} else if (a->type == ENTRY_KEY && a->log > 0) {
		handing(a, s);
	} else if (a->type == ENTRY_KEY) {
		fields_text(s, "act", "revoke");
		hex_of(s, "key", key[a->revokes].public_key, SIGN_KEY);
		fields_time(s, "since",
			(struct instant){a->since_ms * 1000000});
	}
	if (!fields_done(s, &f))
		abort();
}

/* What people.h says to it: a rule, or NULL. */
static const char *ask(struct people *p, const struct act *a, int index)
{
	struct entry e = {.type = (uint8_t)a->type, .flags = (uint8_t)a->flags,
		.clock = {a->ms * 1000000}, .body = root_of(a->root)};
	struct people_entry x = {(uint64_t)index, &e, &leaves[index], NULL,
		false};
	struct fields body;
	size_t mark = memory.used;

	memcpy(e.subject, a->subject, ENTRY_SUBJECT);
	sign_key_id(key[a->author].public_key, e.key_id);
	body_of(a, &body);
	x.body = &body;
	tree.count[0] = (size_t)index;
	p->rule = NULL;
	if (people_may(p, &x, &f) && people_take(p, &x, &tree, &f))
		p->rule = NULL;
	else if (!p->rule)
		abort();
	memory.used = mark;
	return p->rule;
}

/* -- the second model -- */

struct model {
	struct act act[MAX];
	int n, prefix; /* entries; before which keys were enrolled */
	int from[KEYS]; /* index after which a key is good; MAX: never */
	int half;       /* the enrolment that only one root stands behind */
	bool two_orgs;
};

static bool is_proposal(const struct act *a)
{
	return strchr("\x02\x03\x05\x07\x09\x0a\x0f", a->type) != NULL ||
		a->type == 0;
}

/* The entry that a C at i confirms; -1: i has a body of its own. */
static int confirmed(const struct model *m, const struct act *a, int i)
{
	while (i-- > 0)
		if (m->act[i].type != ENTRY_REVIEW && m->act[i].root ==
			a->root && memcmp(m->act[i].subject, a->subject,
				ENTRY_SUBJECT) == 0)
			return i;
	return -1;
}

static bool is_engines(const struct model *m, int i)
{
	return m->act[i].author == ENGINE;
}

static bool may_confirm(const struct model *m, int author, int p)
{
	const char *role = cast[author].role;

	return in_row(row(role, true), m->act[p].type) &&
		(strcmp(role, "analyst") != 0 || is_engines(m, p));
}

static bool same(const struct model *m, int a, int b)
{
	return cast[a].person == cast[b].person || (m->two_orgs &&
		strcmp(cast[a].org, cast[b].org) == 0);
}

/* Index at which entry p was rejected for good, as of entry n; n: not. */
static int dead_at(const struct model *m, int p, int n);

/* Does somebody (or their organisation) stand behind p, before entry n? */
static bool stands(const struct model *m, int p, int who, int n)
{
	int dead = dead_at(m, p, n);

	if (cast[m->act[p].author].person && same(m, m->act[p].author, who))
		return true;
	for (int i = p + 1; i < n && i < dead; i++)
		if (m->act[i].type == ENTRY_REVIEW &&
			confirmed(m, &m->act[i], i) == p &&
			same(m, m->act[i].author, who))
			return true;
	return false;
}

static bool revocation(const struct model *m, int k, int n, int *at,
	int64_t *since);

static int newest_confirmation(const struct model *m, int p, int n)
{
	int dead = dead_at(m, p, n), newest = -1;

	for (int i = p + 1; i < n && i < dead; i++)
		if (m->act[i].type == ENTRY_REVIEW &&
			confirmed(m, &m->act[i], i) == p)
			newest = i;
	return newest;
}

/* Does the signature of entry i behind p count, as known before entry n? */
static bool counts(const struct model *m, int p, int i, int n)
{
	int64_t since;
	int at;

	return !revocation(m, m->act[i].author, n, &at, &since) ||
		m->act[i].ms <= since || newest_confirmation(m, p, n) > at;
}

static bool complete(const struct model *m, int p, int n)
{
	int dead = dead_at(m, p, n), persons = 0, roots = 0;
	const struct act *a = &m->act[p];
	bool by = false;

	if (a->type == ENTRY_KEY) {
		roots = 1;
		for (int i = p + 1; i < n && i < dead; i++)
			roots += m->act[i].type == ENTRY_REVIEW &&
				confirmed(m, &m->act[i], i) == p &&
				strcmp(cast[m->act[i].author].role, "root") ==
					0;
		return roots >= 2;
	}
	if (!counts(m, p, p, n))
		return false;
	persons += cast[a->author].person != 0;
	for (int i = p + 1; i < n && i < dead; i++) {
		const char *role = cast[m->act[i].author].role;

		if (m->act[i].type != ENTRY_REVIEW ||
			confirmed(m, &m->act[i], i) != p || !counts(m, p, i, n))
			continue;
		persons++;
		by |= strcmp(role, "reviewer") == 0 ||
			strcmp(role, "chief") == 0 ||
			(a->type == ENTRY_AGREEMENT &&
				strcmp(role, "liaison") == 0);
	}
	return persons >= 2 && by;
}

/* Asked of ever earlier entries only, so it ends. */
static int dead_at(const struct model *m, int p, int n)
{
	for (int i = p + 1; i < n; i++) {
		const struct act *a = &m->act[i];

		if (a->type == ENTRY_REVIEW && a->does == REJECT &&
			confirmed(m, a, i) < 0 && a->of == p &&
			!stands(m, p, a->author, i) && !complete(m, p, i))
			return i;
	}
	return n;
}

/* The earliest T of all complete revocations of a key, and the entry by which
 * the first of those that say so was complete. */
static bool revocation(const struct model *m, int k, int n, int *at,
	int64_t *since)
{
	bool any = false;

	for (int i = m->prefix; i < n; i++) {
		const struct act *a = &m->act[i];
		int by = i + 1;

		if (a->type != ENTRY_KEY || a->log > 0 || a->revokes != k ||
			!complete(m, i, n))
			continue;
		while (!complete(m, i, by))
			by++;
		if (!any || a->since_ms < *since ||
			(a->since_ms == *since && by - 1 < *at))
			*at = by - 1;
		if (!any || a->since_ms < *since)
			*since = a->since_ms;
		any = true;
	}
	return any;
}

struct reign { /* of a key of the log: of checkpoints of these sizes */
	int key, from, to;
};

/* After which entry an event counts; n: not before entry n. */
static int counted(const struct model *m, int i, int n)
{
	for (int j = i + 1; j <= n; j++)
		if (complete(m, i, j))
			return j - 1;
	return n;
}

/* docs/people.md, "Whose word a checkpoint is", as of entry n; how many. */
static int reigns(const struct model *m, int n, struct reign out[MAX])
{
	int count = 1, since[MAX] = {-1};

	out[0] = (struct reign){0, 0, INT32_MAX};
	for (int at = 0; at < n; at++)
		for (int i = m->prefix; i <= at; i++) {
			const struct act *a = &m->act[i];
			int before = 0;

			if (a->type != ENTRY_KEY || a->log == 0 ||
				counted(m, i, n) != at)
				continue;
			while (before < count && since[before] < i)
				before++;
			if (before < count)
				continue; /* of a key that was gone by then */
			out[count - 1].to = a->last;
			out[count] = (struct reign){a->log, at + 1, INT32_MAX};
			since[count++] = at;
		}
	return count;
}

static const char *judge_log(const struct model *m, const struct act *a)
{
	struct reign r[MAX];
	int n = reigns(m, m->n, r);

	return a->lie || a->signs != r[n - 1].key || a->last < 1 ||
		a->last > m->n || a->last < r[n - 1].from ? "body" : NULL;
}

static bool is_incident(const struct model *m, int i)
{
	return i > 0 && i < m->n && m->act[i].type == ENTRY_INCIDENT;
}

/* docs/people.md (34). */
static const char *judge_version(const struct model *m, const struct act *a)
{
	bool own = is_incident(m, a->of) && memcmp(m->act[a->of].subject,
		a->subject, ENTRY_SUBJECT) == 0;

	if (a->act == SING || a->mute || !is_incident(m, a->of) ||
		(a->act != SPLIT && !own))
		return "body";
	if (a->act != MERGE)
		return NULL;
	for (int i = 0; i < a->withs; i++)
		if (!is_incident(m, a->with[i]) ||
			memcmp(m->act[a->with[i]].subject, a->subject,
				ENTRY_SUBJECT) == 0 ||
			(i > 0 && memcmp(leaves[a->with[i - 1]].at,
				leaves[a->with[i]].at, SHA256_LEN) >= 0))
			return "body";
	return a->withs > 0 ? NULL : "body";
}

static const char *judge_body(const struct model *m, const struct act *a)
{
	const struct act *of = &m->act[a->of];

	if (a->type == ENTRY_REVIEW) {
		if (a->does == NONSENSE || a->of >= m->n || a->of < 1 ||
			!is_proposal(of) || memcmp(of->subject, a->subject,
				ENTRY_SUBJECT) != 0)
			return "body";
		return may_confirm(m, a->author, a->of) ? NULL : "role";
	}
	if (a->type == ENTRY_PUBLICATION) {
		if (a->of >= m->n || a->of < 1)
			return "body";
		if (a->act == PEOPLE_PUBLISH)
			return is_proposal(of) ? NULL : "body";
		if (a->act == PEOPLE_LIFT)
			return of->type == 0 ? NULL : "body";
		if (a->act == PEOPLE_ERASE)
			return of->type != 4 && of->type != 7 && of->type != 9
				? NULL : "body";
		return "body";
	}
	if (a->type == ENTRY_INCIDENT && a->author != ENGINE)
		return judge_version(m, a);
	if (a->type == ENTRY_STEP && a->author == GUA)
		return "body"; /* which is empty: see tests/owed.c */
	if (a->type == ENTRY_KEY && a->log > 0)
		return judge_log(m, a);
	if (a->type == ENTRY_KEY)
		return cast[a->revokes].role[0] == 'r' &&
			strcmp(cast[a->revokes].role, "root") == 0 ? "body" :
			a->revokes == STRANGER ? "body" : NULL;
	return NULL;
}

/* After which entry is a key good? */
static int good_from(const struct model *m, int k)
{
	if (k == HALF)
		for (int i = m->half + 1; i <= m->n; i++)
			if (complete(m, m->half, i))
				return i - 1;
	return m->from[k];
}

static const char *judge(const struct model *m, const struct act *a)
{
	const struct cast *c = &cast[a->author];
	int64_t since;
	int p = -1, at;

	if (a->author == STRANGER)
		return "author";
	if (good_from(m, a->author) >= m->n ||
		a->ms < day(c->nb_day) || a->ms > day(c->na_day) ||
		(revocation(m, a->author, m->n, &at, &since) && at < m->n))
		return "key";
	if (!in_row(row(c->role, false), a->type) ||
		(a->author == ENGINE && a->type == 3 && (a->flags & 2)))
		return "role";
	if ((a->flags & 1) != (a->type == 0) ||
		(strchr("\x05\x07\x09\x0a\x0f", a->type) && a->type != 0 &&
			!(a->flags & 2)) ||
		(a->type == 3 && a->author != ENGINE && !(a->flags & 2)) ||
		(a->type == 4 && a->flags != 0))
		return "flags";
	if (a->type == ENTRY_REVIEW)
		p = confirmed(m, a, m->n);
	if (p >= 0 && (!is_proposal(&m->act[p]) || p == 0 ||
			      !may_confirm(m, a->author, p)))
		return "role";
	if (p < 0)
		return judge_body(m, a);
	return stands(m, p, a->author, m->n) ? "self" : NULL;
}

static enum people_state state(const struct model *m, int p)
{
	bool published = false;

	if (dead_at(m, p, m->n) < m->n)
		return PEOPLE_REJECTED;
	if (!complete(m, p, m->n)) {
		bool some = cast[m->act[p].author].person != 0 ||
			newest_confirmation(m, p, m->n) >= 0;

		return some ? PEOPLE_PROPOSED : PEOPLE_AUTOMATIC;
	}
	for (int i = p + 1; i < m->n; i++)
		published |= m->act[i].type == ENTRY_PUBLICATION &&
			m->act[i].act == PEOPLE_PUBLISH && m->act[i].of == p &&
			dead_at(m, i, m->n) == m->n && complete(m, i, m->n);
	return published ? PEOPLE_PUBLISHED : PEOPLE_REVIEWED;
}

/* -- the beginning: entry 0, and all but two are enrolled -- */

static void person_of(int k, uint8_t out[PERSON_LEN])
{
	memset(out, 0, PERSON_LEN);
	out[0] = (uint8_t)cast[k].person;
}

static void begin(struct people *p, struct model *m, bool two_orgs)
{
	struct genesis g = {.mission = "m", .two_orgs = two_orgs,
		.origin = "m/1", .roots = {.count = 2, .threshold = 2}};
	struct entry e = {.type = ENTRY_KEY, .body = root_of(-1)};
	struct people_entry x = {0, &e, &leaves[0], NULL, false};
	struct fields body;

	memory.used = 0;
	body = fields_in(&memory);
	memcpy(g.engine, key[ENGINE].public_key, SIGN_KEY);
	memcpy(g.log, key[STRANGER].public_key, SIGN_KEY);
	for (int i = 0; i < 2; i++) {
		person_of(ROOT1 + i, g.roots.of[i].person);
		memcpy(g.roots.of[i].key, key[ROOT1 + i].public_key, SIGN_KEY);
		memcpy(g.roots.of[i].org, cast[ROOT1 + i].org, 3);
	}
	genesis_fields(&g, &body);
	x.body = &body;
	*p = (struct people){0};
	CHECK_QUIET(fields_done(&body, &f) && people_may(p, &x, &f) &&
		people_take(p, &x, &tree, &f), "entry 0: %s", f.text);
	*m = (struct model){.n = 1, .two_orgs = two_orgs};
	m->act[0] = (struct act){.type = ENTRY_KEY, .root = -1};
	for (int k = 0; k < KEYS; k++)
		m->from[k] = k <= ROOT2 ? 0 : MAX;
}

static void enrolment(int k, struct fields *s, uint8_t subject[ENTRY_SUBJECT])
{
	uint8_t person[PERSON_LEN], signature[SIGN_LEN];
	char at[1024], proof[128];
	struct text t = text_on(at, sizeof at), b = text_on(proof,
		sizeof proof);
	struct instant from = {day(cast[k].nb_day) * 1000000};

	person_of(k, person);
	*s = fields_in(&memory);
	fields_text(s, "act", "enrol");
	hex_of(s, "key", key[k].public_key, SIGN_KEY);
	hex_of(s, "person", person, PERSON_LEN);
	fields_text(s, "org", cast[k].org);
	fields_text(s, "role", cast[k].role);
	fields_time(s, "not_before", from);
	fields_time(s, "not_after",
		(struct instant){day(cast[k].na_day) * 1000000});
	people_proof("m/1", s, &t);
	sign_make(&key[k], text_view(&t), signature);
	text_base64(&b, (struct bytes){signature, SIGN_LEN});
	fields_text(s, "proof", proof);
	entry_subject(from, (struct bytes){key[k].public_key, SIGN_KEY},
		subject);
}

static const char *feed_key(struct people *p, struct model *m, int by,
	const struct act *a, const struct fields *body)
{
	struct entry e = {.type = (uint8_t)a->type, .flags = (uint8_t)a->flags,
		.clock = {a->ms * 1000000}, .body = root_of(a->root)};
	struct people_entry x = {(uint64_t)m->n, &e, &leaves[m->n], body,
		false};

	memcpy(e.subject, a->subject, ENTRY_SUBJECT);
	sign_key_id(key[by].public_key, e.key_id);
	p->rule = NULL;
	if (!people_may(p, &x, &f) || !people_take(p, &x, &tree, &f))
		return p->rule;
	m->act[m->n] = *a;
	m->act[m->n].author = by;
	m->n++;
	return NULL;
}

static void enrol_all(struct people *p, struct model *m)
{
	for (int k = ANN; k < KEYS; k++) {
		struct act a = {.type = ENTRY_KEY, .flags = ENTRY_TWO,
			.ms = day(95), .root = 1000 + k, .revokes = -1};
		struct fields body;

		if (k == STRANGER)
			continue;
		enrolment(k, &body, a.subject);
		CHECK_QUIET(fields_done(&body, &f) &&
			!feed_key(p, m, ROOT1, &a, &body), "%s: %s",
			cast[k].role, f.text);
		if (k == HALF)
			m->half = m->n - 1;
		if (k == HALF)
			continue;
		m->from[k] = m->n;
		a.type = ENTRY_REVIEW;
		a.flags = 0;
		CHECK_QUIET(!feed_key(p, m, ROOT2, &a, NULL), "%s: %s",
			cast[k].role, f.text);
	}
	m->prefix = m->n;
}

/* -- a copy of all that is known -- */

static void *copied(const void *at, size_t n)
{
	void *to = n ? malloc(n) : NULL;

	if (n && !to)
		abort();
	return n ? memcpy(to, at, n) : NULL;
}

static struct people clone(const struct people *p)
{
	struct people q = *p;

	q.key = copied(p->key, p->key_room * sizeof *p->key);
	q.item = copied(p->item, p->item_room * sizeof *p->item);
	q.behind = copied(p->behind, p->behind_room * sizeof *p->behind);
	q.event = copied(p->event, p->event_room * sizeof *p->event);
	q.log = copied(p->log, p->log_room * sizeof *p->log);
	struct table *of[] = {&q.by_id, &q.by_root, &q.by_leaf, &q.by_subject,
		&q.erased, &q.by_sensor};
	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		of[i]->slot = copied(of[i]->slot,
			of[i]->size * sizeof *of[i]->slot);
		of[i]->key = copied(of[i]->key,
			of[i]->room * sizeof *of[i]->key);
	}
	return q;
}

/* -- random acts -- */

static int below(int n)
{
	return (int)(uniform() * n);
}

/* Of one that is there, most often its own. */
static void random_version(const struct model *m, struct act *a)
{
	int other[2], n = 0;

	for (int i = m->n - 1; i >= m->prefix && below(8); i--)
		if (m->act[i].type == ENTRY_INCIDENT && below(2)) {
			memcpy(a->subject, m->act[i].subject, ENTRY_SUBJECT);
			break;
		}
	a->act = 1 + below(4);
	a->mute = below(40) == 0;
	if (below(40) == 0)
		a->act = SING;
	for (int i = m->n - 1; i >= m->prefix; i--) {
		bool own = memcmp(m->act[i].subject, a->subject,
			ENTRY_SUBJECT) == 0;

		if (m->act[i].type != ENTRY_INCIDENT)
			continue;
		if (own && below(10))
			a->of = i;
		if (n < 2 && (!own || below(20) == 0))
			other[n++] = i;
	}
	if (n == 2 && memcmp(leaves[other[0]].at, leaves[other[1]].at,
			SHA256_LEN) > 0 && below(10)) {
		int swap = other[0];

		other[0] = other[1];
		other[1] = swap;
	}
	a->withs = a->act == MERGE || below(10) == 0 ? below(n + 1) : 0;
	for (int i = 0; i < a->withs; i++)
		a->with[i] = other[i];
}

/* The log is handed over, most often as it should be. */
static void random_log(const struct model *m, struct act *a)
{
	struct digest d = sha256_of(bytes_of("log"));
	struct reign r[MAX];
	int n = reigns(m, m->n, r), from = r[n - 1].from;

	a->log = 1 + below(3);
	a->signs = below(20) ? r[n - 1].key : below(4);
	a->last = below(10) && from <= m->n ? from + below(m->n - from + 1)
		: below(m->n + 3);
	a->lie = below(20) == 0;
	memset(a->subject, 0, 6);
	memcpy(a->subject + 6, d.at, ENTRY_SUBJECT - 6);
}

/* Now and then the other root person confirms the newest of these. */
static void random_root(const struct model *m, struct act *a)
{
	for (int i = m->n - 1; i >= m->prefix; i--)
		if (m->act[i].type == ENTRY_KEY && m->act[i].log > 0) {
			a->of = i;
			a->author = m->act[i].author == ROOT1 ? ROOT2 : ROOT1;
			return;
		}
}

static struct act random_act(const struct model *m, int64_t now)
{
	static const int who[] = {ENGINE, ENGINE, ENGINE, ANN, ANN, BOB, REV,
		REV, ANN_REV, CHI, CHI, LIA, LIB, GUA, REP, AUD, OLD, STRANGER,
		HALF, ROOT1, ROOT1, ROOT2, ROOT2};
	static const int types[] = {0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4,
		4, 4, 5, 6, 7, 7, 8, 9, 9, 9, 10, 11, 12, 13, 14, 15};
	struct act a = {.author = who[below(sizeof who / sizeof *who)],
		.type = types[below(sizeof types / sizeof *types)], .ms = now,
		.root = 5000 + m->n, .revokes = -1};
	int p = m->prefix + (m->n > m->prefix ? below(m->n - m->prefix) : 0);

	/* Mostly what is allowed, else nothing would ever get far. */
	for (int i = 0; i < 12 && !in_row(row(cast[a.author].role, false),
			a.type); i++)
		a.author = who[below(sizeof who / sizeof *who)];
	a.flags = a.type == 0 ? 1 + 2 * below(2) :
		strchr("\x05\x07\x09\x0a\x0f", a.type) ||
		(a.type == 3 && a.author != ENGINE) ? 2 : 0;
	if (below(30) == 0)
		a.flags = below(4);
	if (below(40) == 0)
		a.ms = day(below(200));
	a.subject[0] = (uint8_t)(1 + below(3));
	a.of = p < m->n && below(30) ? p : below(m->n);
	if (a.type == ENTRY_REVIEW && m->n > m->prefix) {
		if (below(4) == 0)
			random_root(m, &a);
		memcpy(a.subject, m->act[a.of].subject, ENTRY_SUBJECT);
		if (below(4)) /* C */
			a.root = m->act[a.of].root;
		else
			a.does = (enum does)(1 + below(10) % 5);
		for (int i = 0; i < 12 && !may_confirm(m, a.author, a.of); i++)
			a.author = who[below(sizeof who / sizeof *who)];
	}
	if (a.type == ENTRY_REVIEW && !a.does)
		a.does = NOTE;
	if (a.type == ENTRY_INCIDENT)
		random_version(m, &a);
	if (a.type == ENTRY_PUBLICATION)
		a.act = below(8) ? PEOPLE_PUBLISH : below(4);
	if (a.type == ENTRY_KEY && below(2)) {
		random_log(m, &a);
	} else if (a.type == ENTRY_KEY) {
		static const int whom[] = {ENGINE, ANN, BOB, REV, CHI, HALF,
			ROOT1, STRANGER};

		a.revokes = whom[below(sizeof whom / sizeof *whom)];
		a.since_ms = now - below(10) * 60000;
		entry_subject((struct instant){
			day(cast[a.revokes].nb_day) * 1000000},
			(struct bytes){key[a.revokes].public_key, SIGN_KEY},
			a.subject);
	}
	return a;
}

static const char *const rules[] = {
	"author", "key", "role", "flags", "body", "self"};
static size_t hits[6], states[6], accepted, refused;

static void count_rule(const char *rule)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		hits[i] += strcmp(rule, rules[i]) == 0;
	refused++;
}

static size_t versions[2][5]; /* refused, taken; by what they do */

static size_t handed[4], not_handed; /* keys that came to sign; refused */

/* Whose word checkpoints of each size are. */
static bool same_reigns(const struct people *p, const struct model *m)
{
	struct reign r[MAX];
	int n = reigns(m, m->n, r);

	handed[n < 4 ? n - 1 : 3]++;
	for (int size = 0; size <= m->n + 2; size++) {
		const uint8_t *got = people_log_key(p, (uint64_t)size);
		const uint8_t *want = NULL;

		for (int i = 0; i < n && !want; i++)
			if (size >= r[i].from && size <= r[i].to)
				want = logs[r[i].key].public_key;
		if (!got != !want || (got && memcmp(got, want, SIGN_KEY)))
			return false;
	}
	return true;
}

/* False: they differ. */
static bool one_sequence(const struct people *base, const struct model *from)
{
	struct people p = clone(base);
	static struct model m;
	int64_t now = day(100);
	bool ok = true;

	m = *from;
	for (int i = 0; ok && i < STEPS; i++) {
		struct act a;
		const char *want, *got;

		now += below(5) * 60000;
		a = random_act(&m, now);
		want = judge(&m, &a);
		got = ask(&p, &a, m.n);
		ok = want ? got && strcmp(want, got) == 0 : !got;
		CHECK_QUIET(ok, "entry %d type %d by %s: %s, wants %s (%s)",
			m.n, a.type, cast[a.author].role, got ? got : "taken",
			want ? want : "taken", f.text);
		if (a.type == ENTRY_INCIDENT && a.author != ENGINE)
			versions[!want][a.act]++;
		not_handed += want && a.log > 0 && strcmp(want, "body") == 0;
		if (want)
			count_rule(want);
		else
			m.act[m.n++] = a;
		accepted += !want;
	}
	if (ok) {
		ok = same_reigns(&p, &m);
		CHECK_QUIET(ok, "whose word a checkpoint is");
	}
	for (int i = m.prefix; ok && i < m.n; i++) {
		const struct people_item *x = people_item_at(&p, (uint64_t)i);
		enum people_state s;

		ok = !x == !is_proposal(&m.act[i]);
		CHECK_QUIET(ok, "item %d", i);
		if (!x || m.act[i].type == ENTRY_KEY)
			continue;
		s = people_state(&p, x);
		states[s]++;
		ok = s == state(&m, i);
		CHECK_QUIET(ok, "entry %d of %d is %s, wants %s", i, m.n,
			people_state_name(s), people_state_name(state(&m, i)));
	}
	people_free(&p);
	return ok;
}

static void test_random(const struct people *base, const struct model *m)
{
	long n = getenv("TRUCE_LONG") ? 500000 : 10000, wrong = 0;

	for (long i = 0; i < n && wrong < 3; i++)
		wrong += !one_sequence(base, m);
	CHECK(wrong == 0, "%ld random sequences%s: %zu acts taken, %zu "
		"refused, as the table wants", n,
		m->two_orgs ? ", two organisations" : "", accepted, refused);
}

/* -- each cell of the table -- */

static void test_table(const struct people *base, const struct model *m)
{
	int cells = 0, wrong = 0;

	for (int k = 0; k < KEYS; k++)
		for (int type = 0; type <= 16; type++) {
			if (k == STRANGER || k == OLD || k == HALF)
				continue;

			struct people p = clone(base);
			struct act a = {.type = type, .author = k,
				.ms = day(100), .root = 9999, .revokes = ANN,
				.subject = {7}, .does = NONSENSE,
				.of = m->n - 1, .since_ms = day(99)};
			bool in = type > 15 || in_row(row(cast[k].role, false),
				type);
			const char *got;

			a.flags = type == 0 ? 1 : type == 3 ? 2 * (k != ENGINE)
				: strchr("\x05\x07\x09\x0a\x0f", type) ? 2 : 0;
			got = ask(&p, &a, m->n);
			cells++;
			wrong += in == (got && strcmp(got, "role") == 0);
			people_free(&p);
		}
	CHECK(wrong == 0, "%d cells of type x role", cells);
}

/* -- each rule once -- */

static const char *key_rule(const struct people *base, const struct model *m,
	int k, const char *field, const char *value, int64_t subject_ms)
{
	struct people p = clone(base);
	static struct model at;
	struct act a = {.type = ENTRY_KEY, .flags = ENTRY_TWO, .ms = day(100),
		.root = 7777};
	struct fields body;
	const char *rule;

	at = *m;
	enrolment(k, &body, a.subject);
	for (size_t i = 0; field && i < body.count; i++)
		if (strcmp(body.field[i].name, field) == 0)
			body.field[i].value = bytes_of(value);
	if (subject_ms)
		put_be(a.subject, (uint64_t)subject_ms, 6);
	CHECK_QUIET(fields_done(&body, &f), "%s", f.text);
	rule = feed_key(&p, &at, ROOT1, &a, &body);
	people_free(&p);
	return rule ? rule : "taken";
}

static void test_rules(const struct people *base, const struct model *m)
{
	static const struct {
		const char *what, *field, *value, *want;
		int key;
		int64_t ms;
	} cases[] = {
		{"key id that is taken", NULL, NULL, "key", ANN, 0},
		{"subject of another time", NULL, NULL, "body", ANN, 5},
		{"no such role", "role", "king", "body", ANN, 0},
		{"more than 90 days", "not_after",
			"\"1971-06-01T00:00:00.000000Z\"", "body", ANN, 0},
		{"a time in another form", "not_after",
			"\"1970-04-20 00:00:00Z\"", "body", ANN, 0},
		{"a person that is no hex", "person", "me", "body", ANN, 0},
		{"an act unknown", "act", "sing", "body", ANN, 0},
	};
	struct fields body;
	struct people p = {0};
	struct entry e = {.type = ENTRY_KEY, .flags = ENTRY_TWO};
	struct people_entry x = {0, &e, &leaves[0], NULL, false};
	struct act a = {.type = ENTRY_KEY, .flags = ENTRY_TWO, .ms = day(100),
		.root = 7777};
	static struct model at;
	const char *rule;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		rule = key_rule(base, m, cases[i].key, cases[i].field,
			cases[i].value, cases[i].ms);
		CHECK(strcmp(rule, cases[i].want) == 0, "%s: %s",
			cases[i].what, rule);
	}
	CHECK(!people_may(&p, &x, &f) && strcmp(p.rule, "genesis") == 0,
		"entry 0 with a flag: genesis");
	e.flags = 0;
	body = fields_in(&memory);
	fields_text(&body, "act", "genesis");
	x.body = &body;
	CHECK(fields_done(&body, &f) && people_may(&p, &x, &f) &&
		!people_take(&p, &x, &tree, &f) &&
		strcmp(p.rule, "genesis") == 0, "entry 0 without keys: %s",
		f.text);
	people_free(&p);

	/* Of a stranger, with another's proof. */
	p = clone(base);
	at = *m;
	enrolment(STRANGER, &body, a.subject);
	for (size_t i = 0; i < body.count; i++)
		if (strcmp(body.field[i].name, "role") == 0)
			body.field[i].value = bytes_of("chief");
	for (size_t i = 0; i < body.count; i++)
		if (strcmp(body.field[i].name, "not_after") == 0)
			body.field[i].value = bytes_of(
				"\"1970-01-02T00:00:00.000000Z\"");
	rule = fields_done(&body, &f) ?
		feed_key(&p, &at, ROOT1, &a, &body) : NULL;
	CHECK(rule && strcmp(rule, "proof") == 0,
		"an enrolment that the new key did not sign so: %s",
		rule ? rule : "taken");
	people_free(&p);
}

/* A key event whose body is missing: nothing can be said any more. */
static void test_blind(const struct people *base, const struct model *from)
{
	struct people p = clone(base);
	static struct model m;
	struct act a = {.type = 3, .author = ENGINE, .ms = day(100),
		.root = 1, .subject = {1}};
	int i;

	m = *from;
	CHECK(!ask(&p, &a, m.n), "a finding of the engine");
	i = m.n;
	m.act[m.n++] = a;
	a.type = ENTRY_REVIEW;
	a.author = ANN;
	CHECK(!ask(&p, &a, m.n), "confirmed by an analyst");
	m.act[m.n++] = a;
	a.author = REV;
	CHECK(!ask(&p, &a, m.n) && people_state(&p, people_item_at(&p,
		(uint64_t)i)) == PEOPLE_REVIEWED, "and a reviewer: reviewed");
	m.act[m.n++] = a;
	a = (struct act){.type = ENTRY_KEY, .flags = ENTRY_TWO,
		.ms = day(100), .root = 2};
	CHECK(!feed_key(&p, &m, ROOT1, &a, NULL) && people_state(&p,
		people_item_at(&p, (uint64_t)i)) == PEOPLE_UNDECIDED,
		"a key event that is not at hand: not decidable");
	a = (struct act){.type = 2, .author = STRANGER, .ms = day(100),
		.root = 3};
	CHECK(!ask(&p, &a, m.n), "its key may be the one we do not know");
	people_free(&p);
}

/* A person's version, field by field: what is withheld is not judged, what is
 * shown must fit.  %1, %2: leaves of incidents of other subjects, ascending;
 * %0: of its own. */
static void test_version(const struct people *base, const struct model *from)
{
	static const struct {
		const char *what, *does, *of, *why, *with;
		bool withheld, taken;
	} cases[] = {
		{"amended", "amend", "%0", "so", NULL, false, true},
		{"no reason", "amend", "%0", "", NULL, false, false},
		{"reason not there", "amend", "%0", NULL, NULL, false, false},
		{"reason withheld", "amend", "%0", NULL, NULL, true, true},
		{"what it does withheld", NULL, "%0", "so", NULL, true, true},
		{"of what withheld", "amend", NULL, "so", NULL, true, true},
		{"of another subject", "amend", "%1", "so", NULL, false, false},
		{"split from another", "split", "%1", "so", NULL, false, true},
		{"linked", "link", "%0", "so", NULL, false, true},
		{"of no hash", "amend", "ab", "so", NULL, false, false},
		{"merged", "merge", "%0", "so", "%1", false, true},
		{"with two", "merge", "%0", "so", "%1\n%2", false, true},
		{"with none", "merge", "%0", "so", NULL, false, false},
		{"with withheld", "merge", "%0", "so", NULL, true, true},
		{"with itself", "merge", "%0", "so", "%0", false, false},
		{"not ascending", "merge", "%0", "so", "%2\n%1", false, false},
		{"twice", "merge", "%0", "so", "%1\n%1", false, false},
		{"with no hash", "merge", "%0", "so", "ab", false, false},
		{"with no line's end", "merge", "%0", "so", "%1 %2", false,
			false},
		{"with an empty line", "merge", "%0", "so", "%1\n", false,
			false},
		{"with no hex", "merge", "%0", "so", "x%1", false, false},
	};
	struct act a = {.type = ENTRY_INCIDENT, .author = ENGINE,
		.ms = day(100)};
	struct people q = clone(base);
	int leaf[3], n = from->n;

	for (int i = 0; i < 3; i++, n++) {
		a.root = 100 + i;
		a.subject[0] = (uint8_t)(1 + i);
		CHECK_QUIET(!ask(&q, &a, n), "an incident");
		leaf[i] = n;
	}
	if (memcmp(leaves[leaf[1]].at, leaves[leaf[2]].at, SHA256_LEN) > 0) {
		int swap = leaf[1];

		leaf[1] = leaf[2];
		leaf[2] = swap;
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct people p = clone(&q);
		struct entry e = {.type = ENTRY_INCIDENT, .subject = {1},
			.clock = {day(100) * 1000000}, .body = root_of(200)};
		struct fields body = fields_in(&memory);
		struct people_entry x = {(uint64_t)n, &e, &leaves[n], &body,
			cases[i].withheld};
		const char *in[4] = {cases[i].does, cases[i].of, cases[i].why,
			cases[i].with};
		static const char *const names[] = {
			"does", "of", "why", "with"};
		size_t mark = memory.used;
		bool ok;

		sign_key_id(key[ANN].public_key, e.key_id);
		for (int k = 0; k < 4; k++) {
			char at[256];
			struct text t = text_on(at, sizeof at);

			for (const char *s = in[k]; s && *s; s++)
				if (*s == '%')
					text_hex(&t, (struct bytes){leaves[
						leaf[*++s - '0']].at,
						SHA256_LEN});
				else
					text_char(&t, *s);
			if (in[k])
				fields_text(&body, names[k], at);
		}
		tree.count[0] = (size_t)n;
		ok = fields_done(&body, &f) && people_may(&p, &x, &f) &&
			people_take(&p, &x, &tree, &f);
		CHECK(ok == cases[i].taken && (ok ||
			strcmp(p.rule, "body") == 0) && (!ok ||
			people_versions(people_item_at(&p, (uint64_t)n))),
			"a version %s: %s", cases[i].what,
			ok ? "taken" : p.rule);
		memory.used = mark;
		people_free(&p);
	}
	people_free(&q);
}

int main(void)
{
	static struct model m;
	struct people base;

	if (!sign_ready(&f))
		return 1;
	memory = arena_on(room, sizeof room);
	for (int k = 0; k < KEYS; k++) {
		memset(key[k].seed, k + 1, SIGN_SEED);
		sign_key_fill(&key[k]);
	}
	for (uint32_t i = 0; i < MAX; i++)
		leaves[i] = sha256_of((struct bytes){(uint8_t *)&i, sizeof i});
	for (int i = 0; i < MAX; i++)
		if (!merkle_tree_add(&tree, &leaves[i], &f))
			return 1;
	for (int i = 0; i < 4; i++) {
		logs[i] = key[STRANGER];
		logs[i].seed[0] = (uint8_t)(i == 0 ? STRANGER + 1 : 100 + i);
		memcpy(logs[i].name, "m/1", 4);
		sign_key_fill(&logs[i]);
	}
	for (int two = 0; two < 2; two++) {
		begin(&base, &m, two);
		enrol_all(&base, &m);
		CHECK(people_count(&base).persons == 12 - 0, "%d persons of "
			"%d keys", (int)people_count(&base).persons,
			(int)people_count(&base).keys);
		test_table(&base, &m);
		if (!two) {
			test_rules(&base, &m);
			test_blind(&base, &m);
			test_version(&base, &m);
		}
		test_random(&base, &m);
		people_free(&base);
	}
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		CHECK(hits[i] > 0, "%s was met %zu times", rules[i], hits[i]);
	for (int i = AMEND; i <= LINK; i++)
		CHECK(versions[0][i] > 0 && versions[1][i] > 0,
			"people's versions of kind %d: %zu refused, %zu taken",
			i, versions[0][i], versions[1][i]);
	CHECK(handed[1] > 0 && handed[2] > 0 && not_handed > 0, "the log was "
		"handed over %zu, twice %zu, more often %zu times; refused "
		"%zu", handed[1], handed[2], handed[3], not_handed);
	merkle_tree_free(&tree);
	printf("# states met: %zu automatic, %zu proposed, %zu reviewed, %zu "
		"published, %zu rejected\n", states[0], states[1], states[2],
		states[3], states[4]);
	CHECK(states[2] > 0 && states[3] > 0 && states[4] > 0,
		"all states were met");
	return check_done();
}
