/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/roll.h"

#include <string.h>

#include "base/sort.h"

static int by_bytes(const void *a, const void *b, const void *self)
{
	(void)self;
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool words_of(const struct token *t, size_t count, struct arena *a,
	struct words *w, struct fault *f)
{
	size_t n = 0;

	w->count = 0;
	w->at = arena_array(a, count + 1, sizeof *w->at, f);
	if (!w->at)
		return false;
	for (size_t i = 0; i < count; i++)
		if (t[i].is == TOKEN_WORD)
			w->at[n++] = t[i].what;
	sort_items(w->at, n, sizeof *w->at, by_bytes, NULL);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(w->at[w->count - 1], w->at[i]) != 0)
			w->at[w->count++] = w->at[i];
	return true;
}

/* Its number; the count if it is none of them. */
static size_t word_number(const struct words *w, const char *name, size_t len)
{
	size_t low = 0, high = w->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int way = strncmp(w->at[mid], name, len);

		if (way == 0 && w->at[mid][len] == '\0')
			return mid;
		if (way < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return w->count;
}

bool roll_start(struct roll *r, const struct words *w, size_t room,
	struct arena *a, struct fault *f)
{
	r->words = w;
	r->room = room;
	r->place = arena_array(a, w->count + 1, sizeof *r->place, f);
	if (!r->place)
		return false;
	r->word = arena_array(a, room + 1, sizeof *r->word, f);
	if (!r->word)
		return false;
	r->name = arena_array(a, room + 1, sizeof *r->name, f);
	return r->name != NULL;
}

void roll_put(struct roll *r, size_t place, const char *name)
{
	size_t word = word_number(r->words, name, strlen(name));

	assert(place <= r->room);
	r->name[place] = name;
	r->word[place] = (uint32_t)word;
	r->place[word] = (uint32_t)place;
}

/* A word that a trial put in another's place, or none, may be a name, too. */
static size_t look_through(
	const struct roll *r, size_t count, const char *name, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (r->word[i] == r->words->count &&
			strncmp(r->name[i], name, len) == 0 &&
			r->name[i][len] == '\0')
			return i;
	return SIZE_MAX;
}

size_t roll_find(
	const struct roll *r, size_t count, const char *name, size_t len)
{
	size_t word = word_number(r->words, name, len), place;

	if (word == r->words->count)
		return look_through(r, count, name, len);
	place = r->place[word];
	return place < count && r->word[place] == word ? place : SIZE_MAX;
}
