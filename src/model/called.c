/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/called.h"

static const char *pick(const char *lang, const char *name, const char *uk,
	const char *ru, const char *fr)
{
	const char *s = strcmp(lang, "uk") == 0 ? uk
		: strcmp(lang, "ru") == 0       ? ru
		: strcmp(lang, "fr") == 0       ? fr
						: "";

	return s && *s ? s : name;
}

const char *called_in(const struct called *c, const char *lang)
{
	return pick(lang, c->name, c->name_uk, c->name_ru, c->name_fr);
}

const char *called_shape(const struct shape *s, const char *lang)
{
	return pick(lang, s->name, s->name_uk, s->name_ru, s->name_fr);
}

const char *called_town(const struct town *t, const char *lang)
{
	return pick(lang, t->name, t->name_uk, t->name_ru, t->name_fr);
}

static bool is(struct bytes word, const char *s)
{
	return word.len == strlen(s) && memcmp(word.at, s, word.len) == 0;
}

/* The judge's words before which nothing but a line or zone is named so. */
static bool leads(struct bytes word)
{
	static const char *const words[] = {"to", "from", "OF", "inside",
		"outside", "INSIDE", "OUTSIDE", "zone", "names"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is(word, words[i]))
			return true;
	return false;
}

static const struct called *named(const struct mission *m, struct bytes word)
{
	for (size_t i = 0; i < m->called_count; i++)
		if (is(word, m->called[i].id))
			return &m->called[i];
	return NULL;
}

bool called_twice(
	const struct mission *m, const struct called *c, const char *lang)
{
	for (size_t i = 0; i < m->called_count; i++)
		if (&m->called[i] != c && strcmp(called_in(&m->called[i], lang),
			called_in(c, lang)) == 0)
			return true;
	return false;
}

void called_text(const struct mission *m, const char *lang,
	const char *sentence, struct text *t)
{
	bool rule = strncmp(sentence, "rule ", 5) == 0;
	bool law = strncmp(sentence, "article ", 8) == 0;
	struct bytes before = {NULL, 0};

	for (const char *s = sentence; *s;) {
		struct bytes word = {(const uint8_t *)s, strcspn(s, " ,:;)")};
		size_t blanks = strspn(s + word.len, " ,:;)");
		const struct called *c = !law && leads(before)
			? named(m, word) : NULL;

		if (!c || rule)
			text_bytes(t, word);
		if (c)
			text_fmt(t, rule ? " (%s)" : "%s", called_in(c, lang));
		if (c && !rule && called_twice(m, c, lang))
			text_fmt(t, " (%s)", c->id);
		text_bytes(t, (struct bytes){word.at + word.len, blanks});
		before = word;
		s += word.len + blanks;
	}
}
