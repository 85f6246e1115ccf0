/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/tracker.h"

#include "base/csv.h"
#include "judge/lex.h"

enum what {
	W_PLEDGE, W_ACTOR, W_IS, W_DATE, W_AMOUNT, W_UNIT, /* wanted */
	W_TO, W_ACT, W_PRICES, W_SOURCE, WHATS,
	WANTED = W_TO,
	VALUES_MAX = 64,
	AMOUNT_TEXT = 48,
};

static const char *const whats[WHATS] = {"pledge", "actor", "is", "date",
	"amount", "unit", "to", "act", "prices", "source"};

struct column {
	int at;            /* of the table; -1 not mapped */
	const char *fixed; /* or the same of all rows */
};

struct value {
	const char *word;
	enum flow_is is;
};

struct promise {
	const char *id, *actor, *to, *act;
	size_t line; /* of its first row */
};

struct actor_seen {
	const char *id, *name;
};

struct row_read {
	const char *text[WHATS]; /* "" where there is none */
	const char *pledge, *actor, *to, *act, *unit; /* as words */
	enum flow_is is;
	char amount[AMOUNT_TEXT], date[11];
	bool rounded;
	size_t line;
};

struct tracker {
	struct arena *arena;
	struct csv csv;
	struct column column[WHATS];
	struct value value[VALUES_MAX];
	size_t values;
	struct promise *promise;
	struct actor_seen *actor;
	size_t promises, actors, room;
	struct text *out;
	struct tracker_done *done;
};

/* -- the map -- */

static struct bytes trimmed(struct bytes b)
{
	while (b.len > 0 && (b.at[0] == ' ' || b.at[0] == '\t'))
		b = bytes_part(b, 1, b.len - 1);
	while (b.len > 0 && (b.at[b.len - 1] == ' ' ||
		b.at[b.len - 1] == '\t' || b.at[b.len - 1] == '\r'))
		b.len--;
	return b;
}

static int flow_of(struct bytes word)
{
	for (int i = 0; i < FLOW_COUNT; i++)
		if (bytes_are(word, flow_name((enum flow_is)i)))
			return i;
	return -1;
}

static bool map_column(struct tracker *t, enum what w, const char *name,
	size_t line, struct fault *f)
{
	struct column *c = &t->column[w];
	size_t n = strlen(name);

	if (n >= 2 && name[0] == '"' && name[n - 1] == '"') {
		c->fixed = arena_text(t->arena, (struct bytes){
			(const uint8_t *)name + 1, n - 2}, f);
		return c->fixed != NULL;
	}
	c->at = csv_column(&t->csv, name);
	return c->at >= 0 || fault(f, FAULT_INPUT, "map line %zu: the table "
		"has no column '%.60s'", line, name);
}

static bool map_line(struct tracker *t, struct bytes b, size_t line,
	struct fault *f)
{
	const uint8_t *eq = b.len ? memchr(b.at, '=', b.len) : NULL;
	size_t n = eq ? (size_t)(eq - b.at) : 0;
	struct bytes left = trimmed(bytes_part(b, 0, n));
	const char *right = eq ? arena_text(t->arena,
		trimmed(bytes_part(b, n + 1, b.len - n - 1)), f) : "";
	int flow = flow_of(left);

	if (!right)
		return false;
	if (flow >= 0 && *right) {
		if (t->values == VALUES_MAX)
			return fault(f, FAULT_LIMIT, "map line %zu: more than "
				"%d values", line, VALUES_MAX);
		t->value[t->values++] =
			(struct value){right, (enum flow_is)flow};
		return true;
	}
	for (int w = 0; *right && w < WHATS; w++)
		if (bytes_are(left, whats[w]))
			return map_column(t, (enum what)w, right, line, f);
	return fault(f, FAULT_INPUT, "map line %zu: wants `field = column`, "
		"the field pledge, actor, is, date, amount, unit, to, act, "
		"prices, source, or COMMITTED, ALLOCATED, DELIVERED, VERIFIED",
		line);
}

static bool read_map(struct tracker *t, struct bytes map, struct fault *f)
{
	size_t line = 1;

	for (int w = 0; w < WHATS; w++)
		t->column[w] = (struct column){-1, NULL};
	for (; map.len > 0; line++) {
		const uint8_t *lf = memchr(map.at, '\n', map.len);
		size_t n = lf ? (size_t)(lf - map.at) : map.len;
		struct bytes b = trimmed(bytes_part(map, 0, n));

		if (b.len > 0 && b.at[0] != '#' && !map_line(t, b, line, f))
			return false;
		n += lf != NULL;
		map = bytes_part(map, n, map.len - n);
	}
	for (int w = 0; w < WANTED; w++)
		if (t->column[w].at < 0 && !t->column[w].fixed)
			return fault(f, FAULT_INPUT, "the map has no line for "
				"`%s`", whats[w]);
	return true;
}

/* -- one row -- */

/* A word of the register: what no word may hold becomes _. */
static const char *as_word(struct tracker *t, const char *s, struct fault *f)
{
	size_t n = strlen(s);
	char *w = arena_text(t->arena, bytes_of(s), f);

	for (size_t i = 0; w && i < n; i++) {
		unsigned char c = (unsigned char)w[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '.' || c == '-' ||
			    c > 127))
			w[i] = '_';
	}
	return w;
}

static bool is_space(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] != ' ')
			return false;
	return true;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_word(const char *a, const char *b)
{
	for (; *a && lower(*a) == lower(*b); a++)
		b++;
	return lower(*a) == lower(*b);
}

static bool read_is(struct tracker *t, struct row_read *r, struct fault *f)
{
	for (size_t i = 0; i < t->values; i++)
		if (same_word(r->text[W_IS], t->value[i].word)) {
			r->is = t->value[i].is;
			return true;
		}
	for (int i = 0; i < FLOW_COUNT; i++)
		if (same_word(r->text[W_IS], flow_name((enum flow_is)i))) {
			r->is = (enum flow_is)i;
			return true;
		}
	return fault(f, FAULT_INPUT, "'%.40s' is none of the values of `is` "
		"that the map has", r->text[W_IS]);
}

static bool read_date(struct row_read *r, struct fault *f)
{
	struct text d = text_on(r->date, sizeof r->date);
	struct instant at;
	struct fault no;

	text_bytes(&d, bytes_part(bytes_of(r->text[W_DATE]), 0,
		strlen(r->text[W_DATE]) < 10 ? strlen(r->text[W_DATE]) : 10));
	return (strlen(r->text[W_DATE]) >= 10 &&
		instant_parse(bytes_of(r->date), true, &at, &no)) ||
		fault(f, FAULT_INPUT, "'%.40s' is no date as 2026-01-06",
			r->text[W_DATE]);
}

/* Whole units: digits, or with a comma before each three. */
static const char *whole(const char *s, int64_t *v, bool *ok)
{
	int digits = 0, group = 0;
	bool comma = false;

	for (*v = 0; *ok && ((*s >= '0' && *s <= '9') || *s == ','); s++) {
		if (*s == ',') {
			*ok = digits > 0 && (comma ? group == 3 : group <= 3);
			comma = true;
			group = 0;
			continue;
		}
		*v = 10 * *v + (*s - '0');
		*ok = ++digits <= 14;
		group++;
	}
	*ok = *ok && digits > 0 && (!comma || group == 3);
	return s;
}

/* Rounded half away from zero to a hundredth, which is said. */
static bool read_amount(struct row_read *r, struct fault *f)
{
	const char *s = r->text[W_AMOUNT];
	bool below = *s == '-', ok = true, up = false;
	struct text t = text_on(r->amount, sizeof r->amount);
	int64_t v;
	int places = 0;

	s = whole(s + below, &v, &ok);
	if (ok && *s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++, places++) {
			up |= places == 2 && *s >= '5';
			r->rounded |= places >= 2 && *s != '0';
			if (places < 2)
				v = 10 * v + (*s - '0');
		}
	if (!ok || *s)
		return fault(f, FAULT_INPUT, "'%.40s' is no amount such as "
			"-1200000.50", r->text[W_AMOUNT]);
	for (; places < 2; places++)
		v *= 10;
	v += up;
	text_fmt(&t, "%s%lld.%02lld", below ? "-" : "", (long long)(v / 100),
		(long long)(v % 100));
	return true;
}

static bool fits(const char *word)
{
	return *word && strlen(word) <= LEX_WORD_MAX;
}

/* The same id for two names would mix two actors. */
static bool know_actor(struct tracker *t, const char *id, const char *name,
	struct fault *f)
{
	for (size_t i = 0; i < t->actors; i++)
		if (strcmp(t->actor[i].id, id) == 0)
			return strcmp(t->actor[i].name, name) == 0 ||
				fault(f, FAULT_INPUT, "'%.40s' and '%.40s' "
					"would both be %.40s",
					t->actor[i].name, name, id);
	t->actor[t->actors++] = (struct actor_seen){id, name};
	return true;
}

static bool know_promise(struct tracker *t, const struct row_read *r,
	struct fault *f)
{
	for (size_t i = 0; i < t->promises; i++) {
		const struct promise *p = &t->promise[i];

		if (strcmp(p->id, r->pledge) == 0)
			return strcmp(p->actor, r->actor) == 0 || fault(f,
				FAULT_INPUT, "pledge %.40s is of %.40s in line "
				"%zu", p->id, p->actor, p->line);
	}
	if (!know_actor(t, r->actor, r->text[W_ACTOR], f) ||
		(*r->to && !know_actor(t, r->to, r->text[W_TO], f)))
		return false;
	t->promise[t->promises++] = (struct promise){r->pledge, r->actor,
		r->to, r->act, r->line};
	return true;
}

static bool words(struct tracker *t, struct row_read *r, struct fault *f)
{
	const struct {
		enum what of;
		const char **to;
	} all[] = {{W_PLEDGE, &r->pledge}, {W_ACTOR, &r->actor},
		{W_TO, &r->to}, {W_ACT, &r->act}, {W_UNIT, &r->unit}};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		*all[i].to = as_word(t, r->text[all[i].of], f);
		if (!*all[i].to)
			return false;
		if (all[i].of < WANTED && !fits(*all[i].to))
			return fault(f, FAULT_INPUT, "no %s of 1 to %d bytes",
				whats[all[i].of], LEX_WORD_MAX);
	}
	if (!fits(r->act))
		r->act = "support";
	return strlen(r->to) <= LEX_WORD_MAX || fault(f, FAULT_INPUT,
		"`to` has more than %d bytes", LEX_WORD_MAX);
}

static bool read_prices(const struct row_read *r, struct fault *f)
{
	const char *s = r->text[W_PRICES];
	size_t n = strlen(s);

	return n == 0 || (n == 4 && strspn(s, "0123456789") == 4) ||
		fault(f, FAULT_INPUT, "'%.40s' is no year of prices", s);
}

static bool read_row(struct tracker *t, struct row_read *r, struct fault *f)
{
	*r = (struct row_read){.line = t->csv.line};
	for (int w = 0; w < WHATS; w++) {
		const struct column *c = &t->column[w];
		const char *s = c->fixed ? c->fixed : c->at < 0 ||
				is_space(csv_field(&t->csv, c->at)) ? ""
			: csv_text(&t->csv, c->at, t->arena, f);

		if (!s || !(r->text[w] = arena_text(
			t->arena, trimmed(bytes_of(s)), f)))
			return false;
	}
	return words(t, r, f) && read_is(t, r, f) && read_date(r, f) &&
		read_amount(r, f) && read_prices(r, f) && know_promise(t, r, f);
}

/* -- the text -- */

static void quote(struct text *t, const char *s)
{
	text_char(t, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			text_char(t, '\\');
		text_char(t, (unsigned char)*s < ' ' ? ' ' : *s);
	}
	text_char(t, '"');
}

static void print_flow(struct text *t, const struct row_read *r)
{
	text_fmt(t, "FLOW %s %s %s %s %s", r->pledge, flow_name(r->is),
		r->date, r->unit, r->amount);
	if (*r->text[W_PRICES])
		text_fmt(t, " PRICES %s", r->text[W_PRICES]);
	if (*r->text[W_SOURCE]) {
		text_add(t, " SOURCE ");
		quote(t, r->text[W_SOURCE]);
		text_add(t, " REPORTED");
	}
	if (r->rounded) {
		text_add(t, " # rounded from ");
		text_add(t, r->text[W_AMOUNT]);
	}
	text_char(t, '\n');
}

/* In one line, and so that it can be made again. */
static void keep_row(struct tracker *t, struct text *kept, struct fault *why)
{
	struct bytes raw = bytes_part(t->csv.in, t->csv.row_at,
		t->csv.pos - t->csv.row_at);

	while (raw.len > 0 && (raw.at[raw.len - 1] == '\n' ||
		raw.at[raw.len - 1] == '\r'))
		raw.len--;
	for (char *s = why->text; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 127)
			*s = ' ';
	text_fmt(kept, "# line %zu not understood: %s: ", t->csv.line,
		why->text);
	for (size_t i = 0; i < raw.len; i++) {
		uint8_t c = raw.at[i];

		if (c == '\\')
			text_add(kept, "\\\\");
		else if (c < ' ' || c == 127)
			text_fmt(kept, "\\x%02x", c);
		else
			text_char(kept, (char)c);
	}
	text_char(kept, '\n');
	if (t->done->kept++ == 0) {
		struct text w = text_on(t->done->why, sizeof t->done->why);

		t->done->first_line = t->csv.line;
		text_add(&w, why->text);
	}
}

static void print_head(const struct tracker *t, const char *name)
{
	struct text *o = t->out;

	text_add(o, "REGISTER tracker/1  TITLE ");
	quote(o, name);
	for (size_t i = 0; i < t->actors; i++) {
		text_add(o, i ? "  " : "\nACTORS ");
		text_add(o, t->actor[i].id);
		text_char(o, ' ');
		quote(o, t->actor[i].name);
	}
	text_char(o, '\n');
	for (size_t i = 0; i < t->promises; i++) {
		const struct promise *p = &t->promise[i];

		text_fmt(o, "PLEDGE %s  FROM %s", p->id, p->actor);
		if (*p->to)
			text_fmt(o, " TO %s", p->to);
		text_fmt(o, "  ACT %s  SOURCE ", p->act);
		quote(o, name);
		text_fmt(o, " LINE %zu REPORTED\n", p->line);
	}
}

static bool all_rows(struct tracker *t, struct text *flows, struct text *kept,
	struct fault *f)
{
	while (!csv_done(&t->csv)) {
		struct row_read r;
		struct fault why = {0};
		bool ok = csv_row(&t->csv, &why);

		if (ok && t->csv.fields == 0)
			continue;
		t->done->rows++;
		if (ok && read_row(t, &r, &why)) {
			print_flow(flows, &r);
			t->done->taken++;
		} else if (why.kind == FAULT_INPUT) {
			keep_row(t, kept, &why);
		} else {
			*f = why;
			return false;
		}
	}
	return text_check(flows, f) && text_check(kept, f);
}

bool tracker_read(struct bytes csv, struct bytes map, const char *name,
	struct arena *a, struct text *out, struct tracker_done *done,
	struct fault *f)
{
	struct tracker t = {.arena = a, .out = out, .done = done};
	struct text flows, kept;

	*done = (struct tracker_done){0};
	if (csv.len > TRACKER_BYTES_MAX)
		return fault(f, FAULT_LIMIT, "the table has %zu bytes, at most "
			"%d are read", csv.len, TRACKER_BYTES_MAX);
	if (!csv_open(&t.csv, csv, f) || !read_map(&t, map, f))
		return false;
	for (size_t i = 0; i < csv.len; i++)
		t.room += csv.at[i] == '\n';
	t.promise = arena_array(a, t.room + 2, sizeof *t.promise, f);
	t.actor = arena_array(a, 2 * t.room + 4, sizeof *t.actor, f);
	if (!t.promise || !t.actor)
		return false;
	flows = text_in(a, 8 * csv.len + 256 * (t.room + 2));
	kept = text_in(a, 5 * csv.len + 256 * (t.room + 2));
	if (!all_rows(&t, &flows, &kept, f))
		return false;
	print_head(&t, name);
	text_bytes(out, text_view(&flows));
	text_bytes(out, text_view(&kept));
	done->pledges = t.promises;
	done->actors = t.actors;
	return text_check(out, f);
}
