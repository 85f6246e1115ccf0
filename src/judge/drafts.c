/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/drafts.h"

#include "base/sort.h"

/* So many letters of what stands in front are shown, and a clause that went
 * has as many words at least, or is none. */
enum { BEFORE = 80, CLAUSE_WORDS = 3 };

struct ordered {
	size_t at; /* in the register */
	bool final;
	int64_t ns;
};

struct comparing {
	const struct pledges *r;
	struct arena *arena;
	struct draft_change *change;
	struct weaker *weaker;
	size_t changes, count;
};

static int by_date(const void *a, const void *b, const void *self)
{
	const struct ordered *x = a, *y = b;

	(void)self;
	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	if (x->final != y->final)
		return x->final ? 1 : -1;
	return (x->at > y->at) - (x->at < y->at);
}

static size_t words_of(const char *s)
{
	size_t n = *s != '\0';

	for (; *s; s++)
		n += *s == ' ';
	return n;
}

/* The end of what is the same. */
static const char *end_of(struct arena *a, const char *text, struct fault *f)
{
	size_t n = strlen(text), from = n > BEFORE ? n - BEFORE : 0;

	while (from > 0 && from < n && text[from] != ' ')
		from++;
	return arena_text(a, bytes_of(text + from), f);
}

static bool is_weaker(const struct weaker *w)
{
	if (w->hedge || w->promise)
		return true;
	if (w->duty_was == MODAL_NONE || w->duty_is != MODAL_NONE)
		return w->duty_is < w->duty_was && w->duty_is != MODAL_NONE;
	return words_of(w->gone) >= CLAUSE_WORDS;
}

/* Pieces from *i on that differ, up to the next that is the same. */
static struct weaker place_at(
	const struct draft_change *c, size_t *i)
{
	struct weaker w = {.instrument = c->instrument, .was = c->was,
		.is = c->is, .gone = "", .came = "", .before = ""};

	for (; *i < c->pieces && c->piece[*i].is != DIFF_SAME; ++*i) {
		if (c->piece[*i].is == DIFF_OLD)
			w.gone = c->piece[*i].text;
		else
			w.came = c->piece[*i].text;
	}
	w.duty_was = modality_of(w.gone);
	w.duty_is = modality_of(w.came);
	w.hedge = diff_hedge(w.gone, w.came);
	if (words_of(w.gone) >= CLAUSE_WORDS)
		w.promise = diff_promise_gone(w.gone, w.came);
	return w;
}

/* weaker NULL: counted only. */
static bool places(struct comparing *x, const struct draft_change *c,
	struct weaker *out, size_t *n, struct fault *f)
{
	for (size_t i = 0; i < c->pieces;) {
		size_t from = i;
		struct weaker w;

		if (c->piece[i].is == DIFF_SAME) {
			i++;
			continue;
		}
		w = place_at(c, &i);
		if (!is_weaker(&w))
			continue;
		if (out && from > 0 && !(w.before = end_of(x->arena,
			c->piece[from - 1].text, f)))
			return false;
		if (out)
			out[*n] = w;
		++*n;
	}
	return true;
}

/* The final text comes behind the drafts of its day, and behind all of them
 * where its day is not stated. */
static struct ordered place_of(const struct draft *d, size_t at)
{
	struct ordered o = {.at = at, .ns = d->at.utc_ns,
		.final = strcmp(d->id, d->instrument) == 0};

	if (o.final && !instant_known(d->at))
		o.ns = INT64_MAX;
	return o;
}

static bool in_order(struct comparing *x, const struct draft_text *text,
	const char *instrument, struct ordered *o, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < x->r->drafts; i++)
		if (strcmp(x->r->draft[i].instrument, instrument) == 0 &&
			text[i].text)
			o[(*n)++] = place_of(&x->r->draft[i], i);
	sort_items(o, *n, sizeof *o, by_date, NULL);
	return *n > 1;
}

static bool compare(struct comparing *x, const struct draft_text *text,
	const char *instrument, struct ordered *o, struct fault *f)
{
	size_t n;

	if (!in_order(x, text, instrument, o, &n))
		return true;
	for (size_t i = 1; i < n; i++) {
		struct draft_change *c = &x->change[x->changes++];

		*c = (struct draft_change){.instrument = instrument,
			.was = x->r->draft[o[i - 1].at].id,
			.is = x->r->draft[o[i].at].id};
		if (!diff_words(text[o[i - 1].at].text, text[o[i].at].text,
			x->arena, &c->piece, &c->pieces, f))
			return fault_in(f, "%s", c->is);
	}
	return true;
}

bool drafts_compare(const struct pledges *r, const struct draft_text *text,
	struct arena *a, struct draft_change **changes, size_t *change_count,
	struct weaker **out, size_t *count, struct fault *f)
{
	struct comparing x = {.r = r, .arena = a};
	struct ordered *o = arena_array(a, r->drafts + 1, sizeof *o, f);
	size_t n = 0;

	x.change = arena_array(a, r->drafts + 1, sizeof *x.change, f);
	if (!o || !x.change)
		return false;
	for (size_t i = 0; i < r->instruments; i++)
		if (!compare(&x, text, r->instrument[i].id, o, f))
			return false;
	for (size_t i = 0; i < x.changes; i++)
		if (!places(&x, &x.change[i], NULL, &n, f))
			return false;
	*out = arena_array(a, n + 1, sizeof **out, f);
	n = 0;
	for (size_t i = 0; *out && i < x.changes; i++)
		if (!places(&x, &x.change[i], *out, &n, f))
			return false;
	*changes = x.change;
	*change_count = x.changes;
	*count = n;
	return *out != NULL;
}
