/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <sys/mman.h>

enum { ALIGN = 16 };

void *arena_room(struct arena *a, size_t n, struct fault *f)
{
	size_t from = (a->used + ALIGN - 1) & ~(size_t)(ALIGN - 1);

	if (from > a->size || n > a->size - from) {
		fault(f, FAULT_LIMIT,
			"memory: %zu bytes wanted, %zu left of %zu", n,
			a->size - a->used, a->size);
		return NULL;
	}
	a->used = from + n;
	return a->at + from;
}

void *arena_take(struct arena *a, size_t n, struct fault *f)
{
	void *p = arena_room(a, n, f);

	if (p)
		memset(p, 0, n);
	return p;
}

void *arena_array(struct arena *a, size_t count, size_t size, struct fault *f)
{
	if (size != 0 && count > SIZE_MAX / size) {
		fault(f, FAULT_LIMIT, "memory: %zu x %zu bytes", count, size);
		return NULL;
	}
	return arena_take(a, count * size, f);
}

char *arena_text(struct arena *a, struct bytes b, struct fault *f)
{
	char *s = arena_room(a, b.len + 1, f);

	if (!s)
		return NULL;
	if (b.len > 0)
		memcpy(s, b.at, b.len);
	s[b.len] = '\0';
	return s;
}

bool arena_map(struct arena *a, size_t size, struct fault *f)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*a = (struct arena){0};
	if (p == MAP_FAILED)
		return fault_errno(f, "memory: %zu bytes", size);
	a->at = p;
	a->size = size;
	return true;
}

void arena_unmap(struct arena *a)
{
	if (a->at)
		(void)munmap(a->at, a->size);
	*a = (struct arena){0};
}
