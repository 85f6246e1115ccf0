/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/source.h"

#include <string.h>

static const char *const kinds[SOURCE_KINDS] = {"acoustic", "infrasound",
	"seismic", "drone", "satellite", "camera", "patrol", "party",
	"weather", "other"};

const char *source_kind_name(enum source_kind k)
{
	return (size_t)k < SOURCE_KINDS ? kinds[k] : "?";
}

int source_kind_named(const char *s)
{
	for (size_t i = 0; s && i < SOURCE_KINDS; i++)
		if (strcmp(kinds[i], s) == 0)
			return (int)i;
	return -1;
}

/* Compares id with the n bytes at `key`. */
static int order(const char *id, const char *key, size_t n)
{
	int d = strncmp(id, key, n);

	return d ? d : id[n] != '\0';
}

static const struct source *find(
	const struct source *s, size_t count, const char *key, size_t n)
{
	size_t low = 0;

	while (low < count) {
		size_t mid = low + (count - low) / 2;
		int d = order(s[mid].id, key, n);

		if (d == 0)
			return &s[mid];
		if (d < 0)
			low = mid + 1;
		else
			count = mid;
	}
	return NULL;
}

const struct source *source_find(
	const struct source *s, size_t count, const char *id)
{
	return id ? find(s, count, id, strlen(id)) : NULL;
}

const struct source *source_of_channel(
	const struct source *s, size_t count, const char *channel)
{
	size_t n = channel ? strlen(channel) : 0;

	while (n > 0) {
		const struct source *got = find(s, count, channel, n);

		if (got)
			return got;
		while (n > 0 && channel[n - 1] != '_')
			n--;
		if (n > 0)
			n--; /* drop the underscore itself */
	}
	return NULL;
}
