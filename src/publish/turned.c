/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/turned.h"

#include "model/called.h"

enum { PART = 100 };

static bool cut(const char **s, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*s, word, n) != 0)
		return false;
	*s += n;
	return true;
}

/* What stands before a word; past both. */
static bool before(const char **s, const char *word, char out[PART])
{
	const char *end = strstr(*s, word);
	struct text t = text_on(out, PART);

	if (!end || end - *s >= PART)
		return false;
	text_bytes(&t, (struct bytes){(const uint8_t *)*s,
			       (size_t)(end - *s)});
	*s = end + strlen(word);
	return true;
}

static bool verdict(const char **s, enum verdict *is)
{
	static const char *const w[VERDICT_COUNT] = {"a breach", "no breach",
		"undetermined", "not applicable", "a conflict"};

	for (int i = 0; i < VERDICT_COUNT; i++)
		if (cut(s, w[i])) {
			*is = (enum verdict)i;
			return true;
		}
	return false;
}

/* "1.2 km" in the view's language; NULL: something else. */
const char *turned_length(struct view *v, const char *said)
{
	size_t n = strspn(said, "0123456789."), point = strcspn(said, ".");
	char number[PART];
	struct text t = text_on(number, sizeof number);

	if (n == 0 || n >= sizeof number)
		return NULL;
	text_fmt(&t, "%.*s", (int)n, said);
	if (point < n)
		number[point] = ',';
	if (strcmp(said + n, " km") == 0)
		return SAY(v, "{0} km", number);
	if (strcmp(said + n, " m") == 0)
		return SAY(v, "{0} m", number);
	return strcmp(said + n, " mm") == 0 ? SAY(v, "{0} mm", number) : NULL;
}

const char *turned_area(struct view *v, const char *id)
{
	const struct mission *m = v->mission;

	for (size_t i = 0; i < m->called_count; i++) {
		const struct called *c = &m->called[i];
		const char *name = called_in(c, v->words->lang);

		if (strcmp(c->id, id) == 0)
			return called_twice(m, c, v->words->lang)
				? view_fmt(v, "%.200s (%.80s)", name, id)
				: view_fmt(v, "%.200s", name);
	}
	return view_fmt(v, "%.80s", id);
}

static const char *place(struct view *v, const char **s, const char *to)
{
	char far[PART], id[PART];
	const char *by;
	bool nearer = before(s, " nearer to ", far);
	size_t n;

	if (!nearer && !before(s, " farther from ", far))
		return NULL;
	n = strcspn(*s, ",");
	by = turned_length(v, far);
	if (!by || n == 0 || n >= sizeof id)
		return NULL;
	memcpy(id, *s, n);
	id[n] = '\0';
	*s += n;
	return nearer ? SAY(v, "\xe2\x80\x9c{0}\xe2\x80\x9d if it lay {1} "
			"nearer to \xe2\x80\x9c{2}\xe2\x80\x9d", to, by,
			turned_area(v, id))
		: SAY(v, "\xe2\x80\x9c{0}\xe2\x80\x9d if it lay {1} farther "
			"from \xe2\x80\x9c{2}\xe2\x80\x9d", to, by,
			turned_area(v, id));
}

static const char *region(struct view *v, const char **s, const char *to)
{
	char were[PART], is[PART];
	bool more = before(s, " or more (is ", were);
	const char *a, *b;

	if ((!more && !before(s, " or less (is ", were)) ||
		!before(s, ")", is))
		return NULL;
	a = turned_length(v, were);
	b = turned_length(v, is);
	if (!a || !b)
		return NULL;
	return more ? SAY(v, "\xe2\x80\x9c{0}\xe2\x80\x9d if the error region "
			"were {1} or more (it is {2})", to, a, b)
		: SAY(v, "\xe2\x80\x9c{0}\xe2\x80\x9d if the error region were "
			"{1} or less (it is {2})", to, a, b);
}

/* One change and what it would make of the finding. */
static const char *change(struct view *v, const char **s, const char *to)
{
	char n[PART];

	if (cut(s, " if the error region were "))
		return region(v, s, to);
	if (cut(s, " if it lay "))
		return place(v, s, to);
	if (!cut(s, " with ") || !before(s, " more modalit", n) ||
		!(cut(s, "y") || cut(s, "ies")))
		return NULL;
	return SAY(v, "\xe2\x80\x9c{0}\xe2\x80\x9d with so many more kinds of "
		"evidence: {1}", to, n);
}

const char *view_turned(struct view *v, const char *flips_if)
{
	char at[1024];
	struct text t = text_on(at, sizeof at);
	const char *s = flips_if;
	enum verdict is = VERDICT_BREACH;

	if (strcmp(v->words->lang, "en") == 0)
		return NULL;
	while (*s) {
		const char *one;

		if (cut(&s, t.len ? ", would be " : "would be ")) {
			if (!verdict(&s, &is))
				return NULL;
		} else if (t.len == 0 || !cut(&s, ", or")) {
			return NULL;
		}
		one = change(v, &s, catalogue_verdict(v->words, is));
		if (!one)
			return NULL;
		text_fmt(&t, "%s%s", t.len ? view_mark(v, ';') : "", one);
	}
	return t.len ? view_keep(v, &t) : NULL;
}
