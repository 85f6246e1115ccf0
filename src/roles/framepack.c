/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * framepack.c - what kept frames carry, to files of the mission. */
#include "roles/frames.h"

#define CUT_BYTES ((size_t)64 << 20)

enum { NAME_ROOM = 96, FIRST_ROOM = 1024 };

struct carried {
	uint8_t sensor[FRAME_SENSOR];
	uint32_t boot;
	uint64_t sequence, record;
	unsigned kind;
	struct bytes payload;
};

struct packing {
	struct frames *from;
	struct intake_role *to;
	struct instant now;
	struct arena arena; /* of a cut */
	struct carried *list;
	size_t count, room;
	size_t bytes;
	uint64_t first, after; /* records of the cut */
	uint64_t files;
};

/* Not what a second user of the key said. */
static bool carries(const struct packing *x, uint64_t record)
{
	enum chain_verdict v = x->from->marks.at[record];

	return v == CHAIN_NEXT || v == CHAIN_JUMP || v == CHAIN_LATE ||
		v == CHAIN_BREAK;
}

static bool grow(struct packing *x, struct fault *f)
{
	size_t more = x->room ? 2 * x->room : FIRST_ROOM;
	struct carried *wide;

	if (x->count < x->room)
		return true;
	if (!(wide = arena_array(&x->arena, more, sizeof *wide, f)))
		return false;
	if (x->count > 0)
		memcpy(wide, x->list, x->count * sizeof *wide);
	x->list = wide;
	x->room = more;
	return true;
}

static bool look(
	void *self, const struct journal_record *rec, struct fault *f)
{
	struct packing *x = self;
	struct carried *c;
	struct frame fr;
	uint8_t *copy;

	if (x->bytes >= CUT_BYTES)
		return false;
	x->after = rec->sequence + 1;
	if (rec->kind != JOURNAL_FRAME || !carries(x, rec->sequence))
		return true;
	if (!frame_read(rec->payload, &fr, f) || !grow(x, f) ||
		!(copy = arena_room(&x->arena, fr.payload.len + 1, f)))
		return false;
	c = &x->list[x->count++];
	*c = (struct carried){.boot = fr.boot, .sequence = fr.sequence,
		.record = rec->sequence, .kind = fr.kind,
		.payload = {copy, fr.payload.len}};
	memcpy(c->sensor, fr.sensor, FRAME_SENSOR);
	if (fr.payload.len > 0)
		memcpy(copy, fr.payload.at, fr.payload.len);
	x->bytes += fr.payload.len;
	return true;
}

/* miniSEED first. */
static int by_place(const void *a, const void *b)
{
	const struct carried *x = a, *y = b;
	bool p = x->kind == FRAME_MINISEED, q = y->kind == FRAME_MINISEED;
	int d = memcmp(x->sensor, y->sensor, FRAME_SENSOR);

	if (p != q)
		return p ? -1 : 1;
	if (d)
		return d;
	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	if (x->sequence != y->sequence)
		return x->sequence < y->sequence ? -1 : 1;
	return (x->record > y->record) - (x->record < y->record);
}

static bool take_in(struct packing *x, struct bytes b, uint64_t first,
	uint64_t after, const char *format, struct fault *f)
{
	char name[NAME_ROOM];
	struct intake_file file = {.name = name, .source = "",
		.format = format, .bytes = b, .now = x->now,
		.from = "frames", .of_frames = true, .frames_first = first,
		.frames_after = after};

	(void)snprintf(name, sizeof name, "frames/%016llx-%016llx%s",
		(unsigned long long)first, (unsigned long long)after,
		format ? ".mseed" : "");
	memcpy(file.spool, x->from->spool.log.id, LOG_ID);
	x->files++;
	return intake_take(x->to, &file, f);
}

static bool miniseed_of(struct packing *x, size_t n, struct fault *f)
{
	size_t len = 0;
	uint8_t *all, *to;

	for (size_t i = 0; i < n; i++)
		len += x->list[i].payload.len;
	if (!(to = all = arena_room(&x->arena, len + 1, f)))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct bytes b = x->list[i].payload;

		if (b.len > 0)
			memcpy(to, b.at, b.len);
		to += b.len;
	}
	return take_in(x, (struct bytes){all, len}, x->first, x->after,
		"miniseed", f);
}

/* The miniSEED goes last: its note says that the cut is done. */
static bool cut(struct packing *x, struct fault *f)
{
	size_t n = 0;

	if (x->count > 0)
		qsort(x->list, x->count, sizeof *x->list, by_place);
	while (n < x->count && x->list[n].kind == FRAME_MINISEED)
		n++;
	for (size_t i = n; i < x->count; i++) {
		const struct carried *c = &x->list[i];

		if ((c->kind == FRAME_OTHER || c->kind == FRAME_DETECTIONS) &&
			c->payload.len > 0 && !take_in(x, c->payload,
				c->record, c->record + 1, NULL, f))
			return false;
	}
	return n == 0 || miniseed_of(x, n, f);
}

bool frames_pack(struct frames *r, struct intake_role *intake,
	struct instant now, uint64_t *files, struct fault *f)
{
	struct packing x = {.from = r, .to = intake, .now = now,
		.first = intake->frames_after};
	struct journal j = spool_journal(&r->spool);
	bool ok = arena_map(&x.arena, (size_t)4 << 30, f);

	while (ok && x.first < spool_end(&r->spool)) {
		x.arena.used = 0;
		x.list = NULL;
		x.count = x.room = x.bytes = 0;
		x.after = x.first;
		f->kind = FAULT_NONE;
		ok = j.read(j.self, x.first, look, &x, f) && cut(&x, f);
		x.first = x.after;
	}
	arena_unmap(&x.arena);
	*files = x.files;
	return ok;
}
