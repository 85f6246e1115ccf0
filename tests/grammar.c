/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * grammar.c - the grammars written in docs/terms.md and docs/pledges.md are
 * what the parsers accept.  Texts are made out of the printed rules, which the
 * parser must take; spoilt texts are held against the same rules by a
 * recogniser of this file's own, and the parser must find fault with those
 * that the rules refuse and with no others.  TRUCE_GRAMMAR=n makes n texts of
 * each language. */
#include "check.h"
#include "judge/pledges.h"
#include "model/incident.h"

enum { NODES = 2000, RULES = 120, TOKENS = 400, WORDS = TOKENS / 64 + 1,
	FAR = 1000 };

enum is { LITERAL, NAME, SEQUENCE, CHOICE, MAYBE, REPEAT };
struct node {
	enum is is;
	const char *text;  /* of a literal or name */
	int rule;          /* of a name; -1: left to words */
	int kid, next;     /* -1 none */
	int deep;          /* how deep its shallowest text is */
};
struct grammar {
	struct node node[NODES];
	int nodes;
	const char *name[RULES];
	int root[RULES], rules;
	char room[1 << 16];
	size_t used;
	const char *at; /* while it is read */
	const char *starts[32]; /* words that begin a statement */
	const char *list[2];    /* kinds, weapons */
};

struct token {
	char text[200];
	enum { WORD, QUOTED, MARK } is;
	bool literal; /* out of the printed rules */
	size_t line, column;
};
struct tokens {
	struct token at[TOKENS];
	int count;
	bool full;
};

struct set { /* of places between tokens */
	uint64_t bit[WORDS];
};

struct language {
	const char *doc, *head;
	const char *const *names; /* "a-line", "loc", "m", NULL, ... */
	const char *const *beyond; /* what no grammar says */
	bool (*read)(struct bytes, const struct terms_error **, size_t *);
};

static struct grammar g;
static const struct language *lang;
static struct arena arena;
static char current[40]; /* the rule whose exceptions are made */
static int serial;
static uint64_t seed;

static const char *copy(char *to, const char *s)
{
	(void)snprintf(to, 40, "%.39s", s);
	return to;
}

/* Below n (splitmix64: Steele, Lea, Flood 2014). */
static size_t pick(size_t n)
{
	uint64_t x = seed += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (size_t)((x ^ x >> 31) % n);
}

/* -- the printed rules are read -- */

static const char *symbol(void)
{
	char *out = g.room + g.used;
	size_t n = 0;

	while (*g.at == ' ' || *g.at == '\n')
		g.at++;
	if (*g.at == '"') {
		do
			out[n++] = *g.at++;
		while (*g.at && *g.at != '"');
		g.at++;
	} else if ((*g.at >= 'a' && *g.at <= 'z') || *g.at == '-') {
		while ((*g.at >= 'a' && *g.at <= 'z') || *g.at == '-' ||
			(*g.at >= '0' && *g.at <= '9'))
			out[n++] = *g.at++;
	} else if (*g.at) {
		out[n++] = *g.at++;
	}
	out[n] = '\0';
	g.used += n + 1;
	return out;
}

static int node(enum is is, const char *text)
{
	g.node[g.nodes] = (struct node){is, text, -1, -1, -1, FAR};
	return g.nodes++;
}

static int choice(const char **s);

static int item(const char **s)
{
	static const char open[] = "{[(";
	const char *in = **s ? strchr(open, **s) : NULL;
	int n;

	if (in) {
		n = node(in == open ? REPEAT : in == open + 1 ? MAYBE
			: SEQUENCE, "");
		*s = symbol();
		g.node[n].kid = choice(s);
		*s = symbol();
		return n;
	}
	n = **s == '"' ? node(LITERAL, *s + 1) : node(NAME, *s);
	*s = symbol();
	return n;
}

static int sequence(const char **s)
{
	int n = node(SEQUENCE, ""), last = -1;

	while (**s && !strchr("|;)]}", **s)) {
		int k = item(s);

		if (last < 0)
			g.node[n].kid = k;
		else
			g.node[last].next = k;
		last = k;
	}
	return n;
}

static int choice(const char **s)
{
	int n = node(CHOICE, ""), last = -1;

	for (;;) {
		int k = sequence(s);

		if (last < 0)
			g.node[n].kid = k;
		else
			g.node[last].next = k;
		last = k;
		if (**s != '|')
			return n;
		*s = symbol();
	}
}

static int rule_named(const char *name)
{
	for (int i = 0; i < g.rules; i++)
		if (strcmp(g.name[i], name) == 0)
			return i;
	return -1;
}

static int deep(int n)
{
	const struct node *x = &g.node[n];
	int most = 0, least = FAR;

	if (x->is == NAME)
		return x->rule < 0 ? 0 : 1 + g.node[g.root[x->rule]].deep;
	for (int k = x->kid; k >= 0; k = g.node[k].next) {
		if (g.node[k].deep > most)
			most = g.node[k].deep;
		if (g.node[k].deep < least)
			least = g.node[k].deep;
	}
	return x->is == CHOICE ? least : x->is == SEQUENCE ? most : 0;
}

static const char *first_word(int n)
{
	while (n >= 0 && g.node[n].is != LITERAL)
		n = g.node[n].is == NAME && g.node[n].rule >= 0
			? g.root[g.node[n].rule] : g.node[n].kid;
	return n >= 0 ? g.node[n].text : "";
}

/* The row of the page's table that begins with this cell. */
static const char *row(const char *page, const char *cell)
{
	char start[40], *out = g.room + g.used;
	const char *at;
	size_t n;

	(void)snprintf(start, sizeof start, "\n| %s | ", cell);
	at = strstr(page, start);
	if (!at)
		return "";
	at += strlen(start);
	n = strcspn(at, "|\n");
	n -= n > 0 && at[n - 1] == ' ';
	memcpy(out, at, n);
	out[n] = '\0';
	g.used += n + 1;
	return out;
}

static void read_grammar(const char *file)
{
	static char page[1 << 17];
	size_t len;
	unsigned char *at = check_file(file, &len);
	const char *s, *end;
	int starts = 0;

	memset(&g, 0, sizeof g);
	memcpy(page, at, len < sizeof page ? len : sizeof page - 1);
	page[len < sizeof page ? len : sizeof page - 1] = '\0';
	free(at);
	g.at = strstr(page, "```ebnf");
	g.at = g.at ? g.at + 7 : "";
	end = strstr(g.at, "```");
	if (end)
		page[end - page] = '\0';
	for (s = symbol(); *s; s = symbol()) {
		const char *equals = symbol();

		CHECK_QUIET(*equals == '=', "'%s' is followed by =", s);
		g.name[g.rules] = s;
		s = symbol();
		g.root[g.rules++] = choice(&s);
	}
	if (end)
		page[end - page] = '`';
	for (int i = 0; i < g.nodes; i++)
		if (g.node[i].is == NAME)
			g.node[i].rule = rule_named(g.node[i].text);
	for (int round = 0; round < 60; round++)
		for (int i = 0; i < g.nodes; i++)
			g.node[i].deep = deep(i);
	for (int k = g.node[g.root[rule_named("statement")]].kid; k >= 0;
		k = g.node[k].next)
		g.starts[starts++] = first_word(k);
	g.list[0] = row(page, "kinds");
	g.list[1] = row(page, "weapons");
	CHECK(g.rules > 20 && starts >= 8, "%s: %d rules, %d statements", file,
		g.rules, starts);
}

/* -- what the rules leave to words -- */

static bool in_list(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += n)
		if ((at == list || at[-1] == ' ') &&
			(at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

static bool digits(const char *s, int after, int *places)
{
	int n = 0;

	*places = -1;
	for (; *s; s++) {
		if (*s == '.' && *places < 0 && n > 0)
			*places = 0;
		else if (*s < '0' || *s > '9')
			return false;
		else if (*places >= 0)
			(*places)++;
		n++;
	}
	return n > 0 && n < 12 && *places != 0 && *places <= after;
}

static bool is_hours(const char *s)
{
	static const char shape[] = "dd:dd-dd:dd";

	if (strlen(s) != 11)
		return false;
	for (int i = 0; i < 11; i++)
		if (shape[i] == 'd' ? s[i] < '0' || s[i] > '9'
				    : s[i] != shape[i])
			return false;
	return strncmp(s, s + 6, 5) != 0 && strncmp(s, "24", 2) < 0 &&
		strncmp(s + 6, "24:01", 5) < 0 && s[3] < '6' && s[9] < '6';
}

static bool is_hex(const char *s)
{
	return strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

static bool is_name(const char *what, const char *s)
{
	const char *const *n = lang->names;

	for (; *n; n++) {
		bool it = strcmp(*n, what) == 0;

		for (n++; *n; n++)
			if (it && strcmp(*n, s) == 0)
				return true;
	}
	return false;
}

/* "12", "-1.5e6": an amount; "4", "10..20": a quantity. */
static bool is_amount(const char *s)
{
	char whole[40];
	int places;
	size_t n = strcspn(s += *s == '-', "eE");

	(void)snprintf(whole, sizeof whole, "%.*s", (int)n, s);
	return digits(whole, 2, &places) &&
		(!s[n] || (s[n + 1] >= '0' && s[n + 1] <= '9' && !s[n + 2]));
}

static bool is_quantity(const char *s)
{
	const char *dots = strstr(s, "..");
	char low[40];
	int places;

	if (!dots)
		return digits(s, 0, &places);
	(void)snprintf(low, sizeof low, "%.*s", (int)(dots - s), s);
	return digits(low, 0, &places) && digits(dots + 2, 0, &places) &&
		strtol(low, NULL, 10) <= strtol(dots + 2, NULL, 10);
}

static bool fits(const char *what, const struct token *t)
{
	struct instant at;
	struct fault f;
	int places;

	if (strcmp(what, "source") == 0)
		what = t->is == QUOTED ? "text" : "word";
	if (strcmp(what, "text") == 0)
		return t->is == QUOTED;
	if (t->is != WORD)
		return false;
	if (strcmp(what, "kind") == 0 || strcmp(what, "weapon") == 0)
		return in_list(g.list[*what == 'w'], t->text);
	if (strcmp(what, "whole") == 0)
		return digits(t->text, 0, &places);
	if (strcmp(what, "decimal") == 0)
		return digits(t->text, 3, &places);
	if (strcmp(what, "chance") == 0)
		return digits(t->text, 6, &places);
	if (strcmp(what, "date") == 0 || strcmp(what, "moment") == 0)
		return *t->text >= '0' && *t->text <= '9' &&
			instant_parse(bytes_of(t->text), *what == 'd', &at,
				&f);
	if (strcmp(what, "hours") == 0)
		return is_hours(t->text);
	if (strcmp(what, "sha256") == 0)
		return is_hex(t->text);
	if (strcmp(what, "amount") == 0)
		return is_amount(t->text);
	if (strcmp(what, "quantity") == 0)
		return is_quantity(t->text);
	if (strncmp(what, "a-", 2) == 0 && strcmp(what, "a-grade") != 0)
		return is_name(what, t->text);
	for (int i = 0; g.starts[i]; i++)
		if (strcmp(g.starts[i], t->text) == 0)
			return false;
	return strcmp(what, "a-grade") != 0 || strcmp(t->text, "by") != 0;
}

static const char *one_of(const char *list, char *out)
{
	size_t n = 1;

	for (const char *s = list; *s; s++)
		n += *s == ' ';
	n = pick(n);
	for (; n > 0; list = strchr(list, ' ') + 1)
		n--;
	(void)snprintf(out, 200, "%.*s", (int)strcspn(list, " "), list);
	return out;
}

static const char *some_name(const char *what, char *out)
{
	const char *const *n = lang->names;

	for (; *n; n++) {
		bool it = strcmp(*n, what) == 0;
		size_t k = 0;

		for (n++; n[k]; k++)
			;
		if (it)
			return copy(out, n[pick(k)]);
		n += k;
	}
	CHECK(false, "'%s' is left to words, and no word is known", what);
	exit(1);
}

static void make(const char *what, struct token *t)
{
	static const char *const texts[] = {"\"a text\"", "\"\"",
		"\"with \\\"quotes\\\"\"", "\"two \" \"pieces\""};
	char *s = t->text;

	if (strcmp(what, "text") == 0 ||
		(strcmp(what, "source") == 0 && pick(2))) {
		t->is = QUOTED;
		copy(s, texts[pick(4)]);
	} else if (strcmp(what, "kind") == 0 || strcmp(what, "weapon") == 0) {
		one_of(g.list[*what == 'w'], s);
	} else if (strcmp(what, "whole") == 0) {
		(void)snprintf(s, 40, "%d", ++serial);
	} else if (strcmp(what, "decimal") == 0) {
		(void)snprintf(s, 40, "%d%s", 1 + (int)pick(400),
			pick(4) ? "" : ".000");
	} else if (strcmp(what, "chance") == 0) {
		copy(s, pick(2) ? "0.95" : "0.500001");
	} else if (strcmp(what, "date") == 0) {
		copy(s, pick(2) ? "2026-02-01" : "2026-02-01T03:00+02:00");
	} else if (strcmp(what, "moment") == 0) {
		copy(s, pick(2) ? "2026-02-01T00:00Z"
				  : "2026-02-01T00:00:00.5+02:00");
	} else if (strcmp(what, "hours") == 0) {
		copy(s, pick(2) ? "06:00-18:00" : "22:30-24:00");
	} else if (strcmp(what, "sha256") == 0) {
		memset(s, pick(2) ? '0' : 'f', 64);
		s[64] = '\0';
	} else if (strcmp(what, "amount") == 0) {
		copy(s, pick(2) ? "500e6" : "-1200000.5");
	} else if (strcmp(what, "quantity") == 0) {
		copy(s, pick(2) ? "4" : "1000..5000");
	} else if (strncmp(what, "a-", 2) == 0 && strcmp(what, "a-grade")) {
		some_name(what, s);
	} else if (strcmp(what, "new-exception") == 0) {
		(void)snprintf(s, 60, "%s.%d", current, ++serial);
	} else if (strcmp(what, "new-draft") == 0) {
		(void)snprintf(s, 60, "paper/n%d", ++serial);
	} else {
		(void)snprintf(s, 40, "n%d", ++serial);
		if (strcmp(what, "new-rule") == 0)
			copy(current, s);
	}
}

/* -- texts are made -- */

static void add(struct tokens *o, const struct token *t)
{
	if (o->count < TOKENS - 2)
		o->at[o->count++] = *t;
	else
		o->full = true;
}

static void grow(int n, int depth, struct tokens *o)
{
	const struct node *x = &g.node[n];
	struct token t = {.is = WORD};
	size_t times = 1, among = 0;

	if (x->is == LITERAL) {
		t.literal = true;
		copy(t.text, x->text);
		if (strchr("(),=<>-", *t.text))
			t.is = MARK;
		add(o, &t);
	} else if (x->is == NAME && x->rule >= 0) {
		grow(g.root[x->rule], depth + 1, o);
	} else if (x->is == NAME) {
		make(x->text, &t);
		add(o, &t);
	} else if (x->is == CHOICE) {
		int chosen = -1;

		for (int k = x->kid; k >= 0; k = g.node[k].next)
			if ((depth < 12 || g.node[k].deep <= x->deep) &&
				pick(++among) == 0)
				chosen = k;
		grow(chosen, depth, o);
	} else {
		if (x->is == MAYBE)
			times = depth < 12 ? pick(2) : 0;
		if (x->is == REPEAT)
			times = depth < 12 ? pick(4) : 0;
		while (times-- > 0)
			for (int k = x->kid; k >= 0; k = g.node[k].next)
				grow(k, depth, o);
	}
}

/* -- and recognised -- */

static struct set memo[RULES][TOKENS];
static int stamp[RULES][TOKENS], now;

static bool has(const struct set *s, int i)
{
	return s->bit[i / 64] >> (i % 64) & 1;
}

static void put(struct set *s, int i)
{
	s->bit[i / 64] |= UINT64_C(1) << (i % 64);
}

static void match(int n, int from, const struct tokens *t, struct set *to);

/* One after the other, from each place of a set. */
static void chain(int k, const struct tokens *t, struct set *s)
{
	for (; k >= 0; k = g.node[k].next) {
		struct set next = {0};

		for (int i = 0; i <= t->count; i++)
			if (has(s, i))
				match(k, i, t, &next);
		*s = next;
	}
}

static void match(int n, int from, const struct tokens *t, struct set *to)
{
	const struct node *x = &g.node[n];
	struct set s = {0};

	put(&s, from);
	if (x->is == LITERAL || (x->is == NAME && x->rule < 0)) {
		if (from < t->count && (x->is == LITERAL
				? t->at[from].is != QUOTED &&
					!strcmp(t->at[from].text, x->text)
				: fits(x->text, &t->at[from])))
			put(to, from + 1);
		return;
	}
	if (x->is == NAME) {
		struct set *m = &memo[x->rule][from];

		if (stamp[x->rule][from] != now) {
			stamp[x->rule][from] = now;
			*m = (struct set){0};
			s = (struct set){0};
			match(g.root[x->rule], from, t, &s);
			*m = s;
		}
		s = *m;
	} else if (x->is == CHOICE) {
		s = (struct set){0};
		for (int k = x->kid; k >= 0; k = g.node[k].next)
			match(k, from, t, &s);
	} else if (x->is == SEQUENCE) {
		chain(x->kid, t, &s);
	} else {
		struct set seen = s;

		do {
			struct set next = s;

			chain(x->kid, t, &next);
			for (int i = 0; i < WORDS; i++) {
				s.bit[i] = next.bit[i] & ~seen.bit[i];
				seen.bit[i] |= next.bit[i];
			}
			if (x->is == MAYBE)
				break;
		} while (memcmp(&s, &(struct set){0}, sizeof s) != 0);
		s = seen;
	}
	for (int i = 0; i < WORDS; i++)
		to->bit[i] |= s.bit[i];
}

static bool recognised(const struct tokens *t)
{
	struct set s = {0};

	now++;
	match(g.root[0], 0, t, &s);
	return has(&s, t->count);
}

/* -- printed, and read by the parser -- */

/* With blanks, line ends and remarks anywhere; says where each stands. */
static size_t print(struct tokens *t, char *out, size_t size)
{
	static const char *const gaps[] = {" ", " ", " ", " ", "\n", "\t",
		" # a remark \"\n", "\r\n  "};
	size_t n = 0, line = 1, column = 1;

	for (int i = 0; i < t->count; i++) {
		const char *gap = gaps[pick(8)];

		t->at[i].line = line;
		t->at[i].column = column;
		n += (size_t)snprintf(
			out + n, size - n, "%s%s", t->at[i].text, gap);
		column += strlen(t->at[i].text);
		for (; *gap; gap++) {
			column = *gap == '\n' ? 1 : column + 1;
			line += *gap == '\n';
		}
	}
	t->at[t->count].line = line;
	t->at[t->count].column = column;
	return n;
}

static bool beyond(const struct terms_error *e)
{
	for (const char *const *s = lang->beyond; *s; s++)
		if (strstr(e->text, *s))
			return true;
	return false;
}

struct tally {
	size_t texts, clean, spoilt, refused, taken, keywords, near, placed;
};

/* Each error has a place and says what was wanted. */
static void well_said(const struct tokens *t, const struct terms_error *e,
	size_t n, const char *text)
{
	for (size_t k = 0; k < n; k++) {
		bool place = e[k].line == 1 && e[k].column == 1;

		for (int i = 0; i <= t->count; i++)
			place = place || (t->at[i].line == e[k].line &&
				t->at[i].column == e[k].column);
		CHECK_QUIET(place && strstr(e[k].text, "wanted"),
			"%zu:%zu: %s\n%s", e[k].line, e[k].column, e[k].text,
			text);
	}
}

static void compare(struct tokens *t, struct tally *y, int spoilt_at,
	const char *was)
{
	static char text[1 << 17], meant[80];
	const struct terms_error *e;
	size_t n, len = print(t, text, sizeof text), odd = 0;
	bool taken = recognised(t);

	arena.used = 0;
	if (!lang->read((struct bytes){(const uint8_t *)text, len}, &e, &n)) {
		CHECK(false, "the text is read");
		exit(1);
	}
	for (size_t k = 0; k < n; k++)
		odd += !beyond(&e[k]);
	well_said(t, e, n, text);
	for (size_t k = 0; k < n && taken && odd > 0; k++)
		printf("# %s%s\n", beyond(&e[k]) ? "" : "odd: ", e[k].text);
	CHECK_QUIET(taken ? odd == 0 : n > 0, "%s, and the parser says %s\n%s",
		taken ? "the printed rules take it" : "they refuse it",
		n ? e[0].text : "nothing", text);
	y->taken += taken;
	y->refused += !taken;
	y->clean += n == 0;
	while (n > 0 && beyond(e)) {
		n--;
		e++;
	}
	if (!was || taken || n == 0)
		return;
	y->keywords++;
	(void)snprintf(meant, sizeof meant, "did you mean %s?", was);
	y->near += strstr(e[0].text, meant) != NULL;
	y->placed += e[0].line == t->at[spoilt_at].line &&
		e[0].column == t->at[spoilt_at].column;
	if (getenv("TRUCE_GRAMMAR_SHOW") && !strstr(e[0].text, meant))
		printf("# %s: %s\n", was, e[0].text);
}

/* Texts that follow each other are one. */
static void join(struct tokens *t)
{
	int n = 0;

	for (int i = 0; i < t->count; i++)
		if (i == 0 || t->at[i].is != QUOTED ||
			t->at[n - 1].is != QUOTED)
			t->at[n++] = t->at[i];
	t->count = n;
}

static void spoil(const struct tokens *was, int head, struct tally *y)
{
	static struct tokens t;
	int n = was->count - head, at = head + (int)pick((size_t)n);
	const char *word = NULL;

	t = *was;
	y->spoilt++;
	switch (pick(5)) {
	case 0: /* gone */
		memmove(&t.at[at], &t.at[at + 1],
			sizeof *t.at * (size_t)(t.count - at - 1));
		t.count--;
		break;
	case 1: /* twice */
		memmove(&t.at[at + 1], &t.at[at],
			sizeof *t.at * (size_t)(t.count - at));
		t.count++;
		break;
	case 2: /* with its neighbour's place */
		if (at + 1 < t.count) {
			t.at[at] = was->at[at + 1];
			t.at[at + 1] = was->at[at];
		}
		break;
	case 3: /* another in its place */
		t.at[at] = was->at[head + (int)pick((size_t)n)];
		break;
	default: /* misspelt */
		if (!t.at[at].literal || strlen(t.at[at].text) < 4)
			break;
		word = was->at[at].text;
		memmove(&t.at[at].text[1], &t.at[at].text[2],
			strlen(t.at[at].text) - 1);
		break;
	}
	join(&t);
	compare(&t, y, at, word);
}

static void split(const char *s, struct tokens *o)
{
	while (*(s += strspn(s, " \n"))) {
		struct token t = {.is = *s == '"' ? QUOTED
				: strchr("(),=<>", *s) ? MARK : WORD};
		size_t n = *s == '"' ? strcspn(s + 1, "\"") + 2
				     : strcspn(s, " \n");

		(void)snprintf(t.text, sizeof t.text, "%.*s", (int)n, s);
		add(o, &t);
		s += n;
	}
}

static void test_language(const struct language *l)
{
	static struct tokens t;
	const char *asked = getenv("TRUCE_GRAMMAR");
	int texts = asked ? (int)strtol(asked, NULL, 10) : 3000, head;
	struct tally made = {0}, bad = {0};

	lang = l;
	seed = 5;
	read_grammar(l->doc);
	for (int i = 0; i < texts; i++) {
		int failed = check_failed;

		serial = 0;
		copy(current, "n0");
		t.count = 0;
		t.full = false;
		split(l->head, &t);
		head = t.count;
		for (size_t k = 1 + pick(3); k > 0; k--)
			grow(g.root[rule_named("statement")], 0, &t);
		if (t.full || t.count == head)
			continue;
		made.texts++;
		compare(&t, &made, 0, NULL);
		for (int k = 0; k < 3; k++)
			spoil(&t, head, &bad);
		if (check_failed > failed && check_failed > 20)
			break;
	}
	CHECK(made.refused == 0 && made.clean * 5 >= made.texts,
		"%zu texts of the printed rules, %zu without any error",
		made.texts, made.clean);
	CHECK(bad.refused * 2 > bad.spoilt, "%zu spoilt, of which the rules "
		"refuse %zu and take %zu: the parser agrees", bad.spoilt,
		bad.refused, bad.taken);
	CHECK(bad.near * 100 >= bad.keywords * 95 &&
			bad.placed * 100 >= bad.keywords * 95,
		"of %zu misspelt keywords %zu are named, %zu at their place",
		bad.keywords, bad.near, bad.placed);
}

/* -- the two languages -- */

static bool read_terms(
	struct bytes in, const struct terms_error **e, size_t *n)
{
	struct terms *t;
	struct fault f;

	return terms_read(in, &arena, &t, e, n, &f);
}

static const char *const terms_names[] = {"a-party", "A", "B", NULL,
	"a-line", "loc", "loc_b", NULL, "a-zone", "buf", "store", NULL,
	"a-class", "heavy", NULL, "a-standard", "clear", "fair", NULL,
	"a-rule", "1.a", NULL, NULL};
static const char *const terms_beyond[] = {"stands twice", "a second",
	"rising counts", "is no matter of", "begins with", "0.5 to 1",
	"names no probability", "wanted at most", "more than", "beyond what",
	"finer than", "names the mission", "already", NULL};

static const struct language terms = {"docs/terms.md",
	"AGREEMENT t/1 PARTIES A \"a\" B \"b\" LINE loc NOT GIVEN \"w\" "
	"LINE loc_b NOT GIVEN \"w\" ZONE buf = WITHIN 2 km OF loc "
	"ZONE store NOT GIVEN \"w\" CLASS heavy = tank "
	"STANDARD clear = probability >= 0.95 "
	"STANDARD fair = probability >= 0.5 RULE 1.a FORBIDS shot",
	terms_names, terms_beyond, read_terms};

static bool read_pledges(
	struct bytes in, const struct terms_error **e, size_t *n)
{
	struct pledges *r;
	struct fault f;

	return pledges_read(in, &arena, &r, e, n, &f);
}

static const char *const pledges_names[] = {"a-actor", "P", "Q", "V", NULL,
	"a-instrument", "paper", NULL, "a-ladder", "steps", NULL, "a-pledge",
	"p-01", NULL, NULL};
static const char *const pledges_beyond[] = {"stands twice", "a second",
	"one REGISTER only", "FILE is missing", "by nobody", "STATUS earlier",
	"STEP no later", "without a STEP", "who promises", "is promised",
	"of what?", "and no TRIGGER", "trigger of no", "wanted at most",
	"at most 64", "is a word of", "beyond what", "finer than",
	"no draft of", NULL};

static const struct language pledges = {"docs/pledges.md",
	"REGISTER r/1 ACTORS P \"p\" Q \"q\" V \"v\" INSTRUMENT paper "
	"LADDER steps STEP 1 h consult PLEDGE p-01 FROM P ACT aid",
	pledges_names, pledges_beyond, read_pledges};

/* The pieces of a page that show the language, as one text. */
static struct bytes shown(const char *page, const char *fence)
{
	static char sample[1 << 14];
	size_t len, skip = strlen(fence);
	unsigned char *at = check_file(page, &len);
	struct text t = text_on(sample, sizeof sample);

	at[len - 1] = '\0';
	for (const char *s = (const char *)at; (s = strstr(s, fence));) {
		const char *end = strstr(s += skip, "```");

		text_bytes(&t, (struct bytes){(const uint8_t *)s,
				(size_t)(end - s)});
		s = end + 3;
	}
	free(at);
	return text_view(&t);
}

/* What the pages show lawyers is sound, and its examples come out. */
static void test_pages(void)
{
	const struct terms_error *e;
	struct terms *agreement;
	struct fault f;
	size_t n, wrong = 0;

	arena.used = 0;
	CHECK(terms_read(shown("docs/terms.md", "```terms"), &arena,
		      &agreement, &e, &n, &f) &&
			n == 0 && terms_examples(agreement) >= 5,
		"what docs/terms.md shows is sound%s%s", n ? ": " : "",
		n ? e[0].text : "");
	for (size_t i = 0; i < terms_examples(agreement); i++) {
		struct example_result r;

		if (!terms_example(agreement, i, &arena, &r, &f))
			exit(1);
		CHECK_QUIET(r.got == r.want, "%s: %s", r.says,
			verdict_name(r.got));
		wrong += r.got != r.want;
	}
	CHECK(wrong == 0, "and its examples come out");
	CHECK(read_pledges(
		      shown("docs/pledges.md", "```pledges"), &e, &n) &&
			n == 0, "what docs/pledges.md shows is sound%s%s",
		n ? ": " : "", n ? e[0].text : "");
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, (size_t)256 << 20, &f))
		return 1;
	test_language(&terms);
	test_language(&pledges);
	test_pages();
	arena_unmap(&arena);
	return check_done();
}
