/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/pieces.h"

#include <stdlib.h>

#include "base/csv.h"

struct piece *piece_new(int64_t after, int64_t index, struct bytes text)
{
	struct piece *p = malloc(sizeof *p + text.len);

	if (!p)
		return NULL;
	*p = (struct piece){.after = after, .index = index, .len = text.len,
		.users = 1};
	memcpy(p->text, text.at, text.len);
	return p;
}

void piece_free(struct piece *p)
{
	if (p && --p->users == 0)
		free(p);
}

/* Records are "id: N\n...\n\n" (events.h). */
size_t piece_skip(const struct piece *p, int64_t index)
{
	static const char id[] = "id: ";
	struct bytes left = {(const uint8_t *)p->text, p->len};

	while (index > p->after && left.len > 0) {
		const uint8_t *end = memmem(left.at, left.len, "\n\n", 2);
		const uint8_t *line = memchr(left.at, '\n', left.len);
		int64_t n = INT64_MAX;
		struct fault f;

		if (bytes_start(left, id) && line &&
			integer_read(bytes_part(left, sizeof id - 1,
				(size_t)(line - left.at) - (sizeof id - 1)),
				&n, &f) && n > index)
			break;
		left = bytes_part(left, end ? (size_t)(end - left.at) + 2
			: left.len, left.len);
	}
	return p->len - left.len;
}

static void forget_first(struct pieces *s)
{
	struct piece **p = &s->kept[s->first++ % PIECES_KEPT];

	s->bytes -= (*p)->len;
	piece_free(*p);
	*p = NULL;
}

void pieces_begin(struct pieces *s, int64_t index)
{
	while (s->first < s->next)
		forget_first(s);
	*s = (struct pieces){.last = index};
}

void pieces_add(struct pieces *s, struct piece *p)
{
	while (s->first < s->next && (s->next - s->first == PIECES_KEPT ||
		s->bytes + p->len > PIECES_BYTES))
		forget_first(s);
	s->kept[s->next++ % PIECES_KEPT] = p;
	s->bytes += p->len;
	s->last = p->index;
}

struct piece *pieces_after(
	const struct pieces *s, int64_t index, bool *behind)
{
	uint64_t low = s->first, high = s->next;

	*behind = index < (low < high ? s->kept[low % PIECES_KEPT]->after
		: s->last);
	if (*behind)
		return NULL;
	while (low < high) { /* the first that ends above */
		uint64_t mid = low + (high - low) / 2;

		if (s->kept[mid % PIECES_KEPT]->index > index)
			high = mid;
		else
			low = mid + 1;
	}
	return low < s->next ? s->kept[low % PIECES_KEPT] : NULL;
}
