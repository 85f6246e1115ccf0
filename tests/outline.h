/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * outline.h - for tests of geometry: rings as the outline of a line, as an
 * agreement binds it. */
#ifndef TESTS_OUTLINE_H
#define TESTS_OUTLINE_H

#include "base/arena.h"
#include "judge/terms.h"

/* The rings stay where they are; what it is made of is static, for one outline
 * at a time. */
static inline const struct outline *outline_of(
	const struct ring *ring, size_t count, struct arena *a)
{
	static struct shape shape;
	static struct mission mission;
	struct digest d = sha256_of(bytes_of("line"));
	const struct terms_error *e;
	char s[400], hex[SHA256_HEX];
	struct terms *t;
	struct fault f;
	size_t n;

	shape = (struct shape){.name = "line", .file = "line", .sha256 = d,
		.version = "1", .class_ = "", .party = "", .role = SHAPE_LINE,
		.ring = ring, .ring_count = count};
	mission = (struct mission){.timezone = "UTC", .shape = &shape,
		.shape_count = 1};
	(void)snprintf(s, sizeof s, "AGREEMENT t/1 LINE loc FILE line SHA256 "
		"%s", digest_hex(&d, hex));
	if (!terms_read(bytes_of(s), a, &t, &e, &n, &f) || n > 0 ||
		!terms_bind(t, &mission, a, &e, &n, &f) || n > 0)
		abort();
	return &t->area[0].outline;
}

#endif
