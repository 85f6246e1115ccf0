/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/diff.h"

#include "judge/canon.h"

enum {
	TABLE_MAX = 32 << 20, /* cells of a longest common subsequence */
	WORDING_MAX = 1 << 20,
};

struct words {
	struct bytes *at;
	size_t count;
};

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool split(const char *text, struct arena *a, struct words *w,
	struct fault *f)
{
	struct bytes b = bytes_of(text);
	size_t n = 1;

	for (size_t i = 0; i < b.len; i++)
		n += blank(b.at[i]);
	w->at = arena_array(a, n, sizeof *w->at, f);
	w->count = 0;
	if (!w->at)
		return false;
	for (size_t i = 0, from; i < b.len;) {
		while (i < b.len && blank(b.at[i]))
			i++;
		from = i;
		while (i < b.len && !blank(b.at[i]))
			i++;
		if (i > from)
			w->at[w->count++] = bytes_part(b, from, i - from);
	}
	return true;
}

static bool same(struct bytes a, struct bytes b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

struct match { /* two lists of words, and what they have in common */
	struct bytes *was, *is;
	size_t n, m;
	uint16_t *longest; /* (n + 1) x (m + 1), from the end; NULL: too long */
};

static bool table(struct match *x, struct arena *a, struct fault *f)
{
	size_t row = x->m + 1;

	x->longest = NULL;
	if (x->n >= UINT16_MAX || x->m >= UINT16_MAX ||
		(x->n + 1) * row > TABLE_MAX)
		return true;
	x->longest = arena_array(
		a, (x->n + 1) * row, sizeof *x->longest, f);
	if (!x->longest)
		return false;
	for (size_t i = x->n; i-- > 0;)
		for (size_t k = x->m; k-- > 0;) {
			uint16_t *cell = &x->longest[i * row + k];
			uint16_t down = cell[row], right = cell[1];

			*cell = same(x->was[i], x->is[k])
				? (uint16_t)(cell[row + 1] + 1)
				: down > right ? down : right;
		}
	return true;
}

struct pieces {
	struct diff_piece *list;
	size_t count;
	char *room;  /* of all words */
	size_t used;
};

static void add(struct pieces *p, enum diff_is is, struct bytes word)
{
	bool more = p->count > 0 && p->list[p->count - 1].is == is;

	if (more)
		p->room[p->used - 1] = ' '; /* was the end mark */
	else
		p->list[p->count++] = (struct diff_piece){
			is, p->room + p->used};
	memcpy(p->room + p->used, word.at, word.len);
	p->used += word.len;
	p->room[p->used++] = '\0';
}

/* Of equals the old word goes first, so a change reads "old new". */
static void walk(const struct match *x, struct pieces *p)
{
	size_t i = 0, k = 0, row = x->m + 1;

	while (i < x->n || k < x->m) {
		const uint16_t *cell = x->longest
			? &x->longest[i * row + k] : NULL;

		if (i < x->n && k < x->m && cell &&
			same(x->was[i], x->is[k])) {
			add(p, DIFF_SAME, x->was[i++]);
			k++;
		} else if (i < x->n &&
			(k == x->m || !cell || cell[row] >= cell[1])) {
			add(p, DIFF_OLD, x->was[i++]);
		} else {
			add(p, DIFF_NEW, x->is[k++]);
		}
	}
}

bool diff_words(const char *was, const char *is, struct arena *a,
	struct diff_piece **out, size_t *count, struct fault *f)
{
	struct words old, new;
	struct pieces p = {0};
	struct match x;
	size_t head = 0, tail = 0;

	*count = 0;
	if (!split(was, a, &old, f) || !split(is, a, &new, f))
		return false;
	while (head < old.count && head < new.count &&
		same(old.at[head], new.at[head]))
		head++;
	while (tail < old.count - head && tail < new.count - head &&
		same(old.at[old.count - 1 - tail],
			new.at[new.count - 1 - tail]))
		tail++;
	x = (struct match){.was = old.at + head, .is = new.at + head,
		.n = old.count - head - tail, .m = new.count - head - tail};
	p.list = arena_array(
		a, old.count + new.count + 1, sizeof *p.list, f);
	p.room = arena_take(a, strlen(was) + strlen(is) + 2, f);
	if (!p.list || !p.room || !table(&x, a, f))
		return false;
	for (size_t i = 0; i < head; i++)
		add(&p, DIFF_SAME, old.at[i]);
	walk(&x, &p);
	for (size_t i = 0; i < tail; i++)
		add(&p, DIFF_SAME, old.at[old.count - tail + i]);
	*out = p.list;
	*count = p.count;
	return true;
}

/* -- wordings -- */

struct wording {
	enum change_of of;
	const char *name, *text;
};

struct wordings {
	struct arena *arena;
	struct fault *fault;
	struct wording *list;
	size_t count;
	struct text text;
	bool broke;
};

static const char *kept(struct wordings *w)
{
	const char *s;

	if (w->broke || !text_check(&w->text, w->fault)) {
		w->broke = true;
		return "";
	}
	s = arena_text(w->arena, text_view(&w->text), w->fault);
	w->broke = !s;
	w->text.len = 0;
	return s ? s : "";
}

static void name_it(struct wordings *w, enum change_of of, const char *what,
	const char *name)
{
	struct text t = text_on((char[200]){0}, 200);

	text_add(&t, what);
	text_add(&t, name);
	w->list[w->count].of = of;
	w->list[w->count].name = arena_text(w->arena, text_view(&t), w->fault);
	w->broke = w->broke || !w->list[w->count].name;
	w->list[w->count++].text = kept(w);
}

static void say_rule(struct wordings *w, const struct terms *t,
	const struct rule *r)
{
	struct text *out = &w->text;

	canon_rule(t, r, out);
	for (size_t i = 0; i < r->exceptions; i++) {
		const struct exception *e = &r->exception[i];

		text_add(out, " EXCEPT ");
		text_add(out, e->id);
		for (size_t k = 0; k < e->conditions; k++) {
			text_add(out, k ? ", " : " ");
			canon_condition(t, &e->condition[k], out);
		}
	}
	text_add(out, " STANDARD ");
	text_add(out, t->standard[r->standard].name);
	for (size_t i = 0; i < r->grades; i++) {
		text_add(out, i == 0 ? " GRADE " : ", ");
		if (r->by_count) {
			text_i64(out, r->grade[i].at_least);
			text_char(out, ' ');
		}
		text_add(out, r->grade[i].name);
	}
	name_it(w, CHANGE_RULE, "rule ", r->id);
}

static void say_area(struct wordings *w, const struct terms *t,
	const struct area *z)
{
	struct text *out = &w->text;

	if (z->is == AREA_BAND) {
		text_add(out, "WITHIN ");
		canon_length(out, z->limit_mm * (z->total ? 2 : 1));
		text_add(out, z->total ? " TOTAL OF " : " OF ");
		text_add(out, t->area[z->of].name);
	} else if (z->not_given) {
		text_fmt(out, "NOT GIVEN \"%.400s\"", z->not_given);
	} else {
		text_fmt(out, "FILE %.200s SHA256 %s", z->file, z->sha256_hex);
	}
	text_add(out, " ERROR ");
	canon_length(out, z->error_mm);
	if (*z->measured_by)
		text_fmt(out, " MEASURED BY %.40s", z->measured_by);
	if (z->floor_mm != TERMS_OPEN_MM && z->is != AREA_LINE) {
		text_add(out, " FLOOR ");
		canon_length(out, z->floor_mm);
	}
	if (z->ceiling_mm != TERMS_OPEN_MM && z->is != AREA_LINE) {
		text_add(out, " CEILING ");
		canon_length(out, z->ceiling_mm);
	}
	name_it(w, CHANGE_DEFINITION, z->is == AREA_LINE ? "line "
		: "zone ", z->name);
}

static void say_standard(struct wordings *w, const struct standard *s)
{
	text_add(&w->text, "probability >= ");
	canon_ppm(&w->text, s->ppm);
	if (s->modalities > 0)
		text_fmt(&w->text, " and modalities >= %d",
			(int)s->modalities);
	name_it(w, CHANGE_DEFINITION, "standard ", s->name);
}

static bool say_all(struct wordings *w, const struct terms *t)
{
	size_t n = t->articles + t->rules + t->areas + t->classes +
		t->standards + t->parties + 3;

	w->list = arena_array(w->arena, n, sizeof *w->list, w->fault);
	w->text = text_in(w->arena, WORDING_MAX);
	if (!w->list)
		return false;
	for (size_t i = 0; i < t->articles; i++) {
		text_add(&w->text, t->article[i].text);
		name_it(w, CHANGE_ARTICLE, "article ", t->article[i].id);
	}
	for (size_t i = 0; i < t->rules; i++)
		say_rule(w, t, &t->rule[i]);
	for (size_t i = 0; i < t->areas; i++)
		say_area(w, t, &t->area[i]);
	for (size_t i = 0; i < t->classes; i++) {
		canon_expression(t, t->class_[i].is, &w->text);
		name_it(w, CHANGE_DEFINITION, "class ", t->class_[i].name);
	}
	for (size_t i = 0; i < t->standards; i++)
		say_standard(w, &t->standard[i]);
	for (size_t i = 0; i < t->parties; i++) {
		text_add(&w->text, t->party[i].name);
		name_it(w, CHANGE_DEFINITION, "party ", t->party[i].id);
	}
	text_add(&w->text, t->title);
	name_it(w, CHANGE_DEFINITION, "", "title");
	text_add(&w->text, t->status);
	if (t->status_us != TERMS_NEVER_US) {
		text_char(&w->text, ' ');
		canon_time(&w->text, t->status_us);
	}
	name_it(w, CHANGE_DEFINITION, "", "status");
	text_add(&w->text, t->timezone);
	name_it(w, CHANGE_DEFINITION, "", "time zone");
	return !w->broke;
}

static const struct wording *named(const struct wordings *w, const char *name)
{
	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->list[i].name, name) == 0)
			return &w->list[i];
	return NULL;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static size_t times(const char *text, const char *phrase)
{
	size_t n = strlen(phrase), found = 0;

	for (; *text; text++) {
		size_t i = 0;

		while (i < n && lower(text[i]) == phrase[i])
			i++;
		found += i == n;
	}
	return found;
}

/* The first phrase that stands more often in one than in the other. */
static const char *oftener(const char *in, const char *than,
	const char *const *phrase, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (times(in, phrase[i]) > times(than, phrase[i]))
			return phrase[i];
	return NULL;
}

const char *diff_hedge(const char *was, const char *is)
{
	/* Drafters' ways out, in small letters. */
	static const char *const phrases[] = {"where possible", "if possible",
		"as far as possible", "to the extent possible",
		"where feasible", "if feasible", "where practicable",
		"as appropriate", "where appropriate", "in principle",
		"best efforts", "reasonable efforts", "endeavour", "endeavor",
		"as a rule", "unless", "subject to", "without prejudice",
		"should circumstances", "aim to", "seek to", "aspire"};

	return oftener(is, was, phrases, sizeof phrases / sizeof *phrases);
}

const char *diff_promise_gone(const char *was, const char *is)
{
	static const char *const phrases[] = {"commitment", "commits",
		"undertake", "guarantee", "pledge", "obligation"};

	return oftener(was, is, phrases, sizeof phrases / sizeof *phrases);
}

int terms_weaker(const struct terms_change *c)
{
	if (c->of != CHANGE_ARTICLE)
		return 0;
	return (int)c->duty_was - (int)c->duty_is;
}

/* The weakest word of duty among the words of one side alone. */
static enum modality_word changed_duty(
	const struct terms_change *c, enum diff_is side)
{
	enum modality_word least = MODAL_NONE;

	for (size_t i = 0; i < c->pieces; i++) {
		enum modality_word m = c->piece[i].is == side
			? modality_of(c->piece[i].text) : MODAL_NONE;

		if (m != MODAL_NONE && (least == MODAL_NONE || m < least))
			least = m;
	}
	return least;
}

static void note_duty(struct terms_change *c)
{
	enum modality_word went = changed_duty(c, DIFF_OLD);
	enum modality_word came = changed_duty(c, DIFF_NEW);

	c->duty_was = c->was ? modality_of(c->was) : MODAL_NONE;
	c->duty_is = c->is ? modality_of(c->is) : MODAL_NONE;
	if (went != MODAL_NONE && came != MODAL_NONE) {
		c->duty_was = went;
		c->duty_is = came;
	}
	if (c->was && c->is)
		c->hedge = diff_hedge(c->was, c->is);
}

static bool change(const struct wording *was, const struct wording *is,
	struct arena *a, struct terms_change *c, struct fault *f)
{
	*c = (struct terms_change){.of = is ? is->of : was->of,
		.name = is ? is->name : was->name,
		.was = was ? was->text : NULL, .is = is ? is->text : NULL};
	if (was && is && !diff_words(was->text, is->text, a, &c->piece,
		&c->pieces, f))
		return false;
	if (c->of == CHANGE_ARTICLE)
		note_duty(c);
	return true;
}

bool terms_diff(const struct terms *was, const struct terms *is,
	struct arena *a, struct terms_change **out, size_t *count,
	struct fault *f)
{
	struct wordings old = {.arena = a, .fault = f};
	struct wordings new = {.arena = a, .fault = f};

	*count = 0;
	if (!say_all(&old, was) || !say_all(&new, is))
		return false;
	*out = arena_array(a, old.count + new.count, sizeof **out, f);
	if (!*out)
		return false;
	for (int of = CHANGE_ARTICLE; of <= CHANGE_DEFINITION; of++) {
		for (size_t i = 0; i < new.count; i++) {
			const struct wording *w = named(&old, new.list[i].name);

			if ((int)new.list[i].of != of ||
				(w && strcmp(w->text, new.list[i].text) == 0))
				continue;
			if (!change(w, &new.list[i], a, &(*out)[(*count)++], f))
				return false;
		}
		for (size_t i = 0; i < old.count; i++)
			if ((int)old.list[i].of == of &&
				!named(&new, old.list[i].name) &&
				!change(&old.list[i], NULL, a,
					&(*out)[(*count)++], f))
				return false;
	}
	return true;
}
