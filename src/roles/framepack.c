/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * framepack.c - what kept frames carry, to files of the mission. */
#include "ledger/carried.h"
#include "roles/frames.h"

#define CUT_BYTES ((size_t)64 << 20)

enum { NAME_ROOM = 96 };

struct packing {
	struct frames *from;
	struct intake_role *to;
	struct instant now;
	struct arena arena; /* of a cut */
	struct carried_list list;
	uint64_t first, after; /* records of the cut */
	uint64_t files;
};

static bool look(
	void *self, const struct journal_record *rec, struct fault *f)
{
	struct packing *x = self;

	if (x->list.bytes >= CUT_BYTES)
		return false;
	x->after = rec->sequence + 1;
	return carried_add(&x->list, rec, f);
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
		len += x->list.at[i].payload.len;
	if (!(to = all = arena_room(&x->arena, len + 1, f)))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct bytes b = x->list.at[i].payload;

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
	size_t n;

	carried_sort(&x->list, &n);
	for (size_t i = n; i < x->list.count; i++) {
		const struct carried *c = &x->list.at[i];

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
		x.list = (struct carried_list){.arena = &x.arena,
			.verdict = r->marks.at, .verdicts = r->marks.used};
		x.after = x.first;
		f->kind = FAULT_NONE;
		ok = j.read(j.self, x.first, look, &x, f) && cut(&x, f);
		x.first = x.after;
	}
	arena_unmap(&x.arena);
	*files = x.files;
	return ok;
}
