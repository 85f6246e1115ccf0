/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/courier.h"

#include <stdlib.h>

#include "feeds/fetch.h"

enum { LIMIT_MS = 5000 };

static bool carry(
	void *self, struct letter *x, size_t count, struct fault *f)
{
	struct fetch *a = calloc(count ? count : 1, sizeof *a);
	bool ok;

	(void)self;
	if (!a)
		return fault(f, FAULT_LIMIT, "memory");
	for (size_t i = 0; i < count; i++)
		a[i] = (struct fetch){.url = x[i].url, .body = x[i].body,
			.post = x[i].body.len > 0, .most = sizeof x[i].reply,
			.limit_ms = LIMIT_MS};
	ok = fetch_all(a, count, f);
	for (size_t i = 0; ok && i < count; i++) {
		x[i].status = a[i].status;
		x[i].why = a[i].why;
		x[i].len = a[i].reply.len;
		if (x[i].len > 0)
			memcpy(x[i].reply, a[i].reply.at, x[i].len);
	}
	fetch_free(a, count);
	free(a);
	return ok;
}

const struct courier courier_http = {NULL, carry};
