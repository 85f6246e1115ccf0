/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/custodian.h"

#include <stdio.h>

#include "roles/intake.h"
#include "spool/files.h"

#define ARENA_BYTES ((size_t)8 << 30)

enum { FIRST_ROOM = 1024 };

struct custodian_note {
	struct intake_note n;
	uint64_t record;
};

static int by_blob(const void *a, const void *b)
{
	const struct custodian_note *x = a, *y = b;
	int d = memcmp(x->n.blob.sha256.at, y->n.blob.sha256.at, SHA256_LEN);

	return d ? d : (x->record > y->record) - (x->record < y->record);
}

static bool take(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct custodian *c = self;
	size_t more = c->room ? 2 * c->room : FIRST_ROOM;
	struct custodian_note *wide;

	if (r->kind != JOURNAL_FILE)
		return true;
	if (c->count == c->room) {
		if (!(wide = arena_array(&c->arena, more, sizeof *wide, f)))
			return false;
		if (c->count > 0)
			memcpy(wide, c->note, c->count * sizeof *wide);
		c->note = wide;
		c->room = more;
	}
	c->note[c->count].record = r->sequence;
	return intake_note_read(r, &c->arena, &c->note[c->count++].n, f);
}

static bool read_all(
	struct custodian *c, const char *mission, struct fault *f)
{
	struct files files = {.root = -1};
	struct spool s;
	struct journal j;
	bool ok;

	c->read = true;
	if (!arena_map(&c->arena, ARENA_BYTES, f) ||
		!files_open(&files, mission, f))
		return false;
	ok = spool_open(&s, &files.disk, "inbox", SPOOL_READ, 0, f);
	if (ok) {
		j = spool_journal(&s);
		ok = j.read(j.self, 0, take, c, f);
		spool_close(&s);
	}
	files_close(&files);
	if (c->count > 0)
		qsort(c->note, c->count, sizeof *c->note, by_blob);
	return ok;
}

/* The first that was taken. */
static const struct custodian_note *find(
	const struct custodian *c, const struct digest *blob)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (memcmp(c->note[mid].n.blob.sha256.at, blob->at,
			    SHA256_LEN) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < c->count && memcmp(c->note[low].n.blob.sha256.at,
		blob->at, SHA256_LEN) == 0 ? &c->note[low] : NULL;
}

bool custodian_tell(struct custodian *c, const char *mission,
	const struct digest *blob, const char *lead, struct fault *f)
{
	const struct custodian_note *x;

	if (!c->read && !read_all(c, mission, f))
		return false;
	if (!(x = find(c, blob)))
		return true;
	printf("%s%s, as %s", lead, x->n.name,
		*x->n.format ? x->n.format : "what nobody knows");
	if (*x->n.at)
		printf(", obtained %s from %s", x->n.at,
			*x->n.from ? x->n.from : "its source");
	printf("; record inbox/%llu\n", (unsigned long long)x->record);
	if (x->n.frames_after > 0)
		printf("%smade by %s of records frames/%llu to frames/%llu, %s"
			"\n", lead, *x->n.tool ? x->n.tool : "truce",
			(unsigned long long)x->n.frames_first,
			(unsigned long long)x->n.frames_after - 1,
			x->n.params);
	return true;
}

void custodian_done(struct custodian *c)
{
	arena_unmap(&c->arena);
	*c = (struct custodian){.read = false};
}
