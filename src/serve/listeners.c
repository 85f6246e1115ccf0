/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/listeners.h"

#include <stdlib.h>

#include "base/csv.h"

void listeners_begin(struct listeners *l, int64_t index)
{
	*l = (struct listeners){.before = index, .last = index};
}

static void forget_first(struct listeners *l)
{
	struct listeners_one *o = &l->kept[l->first++ % LISTENERS_KEPT];

	l->before = o->index;
	free(o->text);
	o->text = NULL;
}

static bool add(struct listeners *l, struct bytes text, struct fault *f)
{
	static const char id[] = "id: ";
	const uint8_t *end = memchr(text.at, '\n', text.len);
	struct listeners_one *o;
	int64_t index;

	if (!end || !bytes_start(text, id) ||
		!integer_read(bytes_part(text, sizeof id - 1,
			(size_t)(end - text.at) - (sizeof id - 1)), &index, f))
		return fault(f, FAULT_INPUT, "stream: a record without id");
	if (l->next - l->first == LISTENERS_KEPT)
		forget_first(l);
	o = &l->kept[l->next % LISTENERS_KEPT];
	o->text = malloc(text.len);
	if (!o->text)
		return fault(f, FAULT_LIMIT, "memory");
	memcpy(o->text, text.at, text.len);
	o->len = text.len;
	o->index = l->last = index;
	l->next++;
	return true;
}

bool listeners_tell(struct listeners *l, struct bytes text, struct fault *f)
{
	while (text.len > 0) {
		const uint8_t *end = memmem(text.at, text.len, "\n\n", 2);
		size_t n = end ? (size_t)(end - text.at) + 2 : text.len;

		if (!add(l, bytes_part(text, 0, n), f))
			return false;
		text = bytes_part(text, n, text.len);
	}
	return true;
}

const struct listeners_one *listeners_after(
	const struct listeners *l, int64_t after, bool *behind)
{
	uint64_t low = l->first, high = l->next;

	*behind = after < l->before;
	if (*behind)
		return NULL;
	while (low < high) { /* the first whose index is above */
		uint64_t mid = low + (high - low) / 2;

		if (l->kept[mid % LISTENERS_KEPT].index > after)
			high = mid;
		else
			low = mid + 1;
	}
	return low < l->next ? &l->kept[low % LISTENERS_KEPT] : NULL;
}

void listeners_end(struct listeners *l)
{
	while (l->first < l->next)
		forget_first(l);
}
