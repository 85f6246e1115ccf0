/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mavlink.c - where a drone was and how well it knew, from MAVLink.
 *
 * Two carriages: a .tlog (records of 8 bytes big-endian microseconds since
 * 1970, then one frame) and a bare stream.  Records are walked, not hunted:
 * hunting start bytes lost 4 % of one log's frames, since stamps hold 0xFE.
 * Only when the walk breaks do we look for the next frame whose CRC is right.
 *
 * A frame whose CRC fails is damaged, unless three or more of its id agree on
 * one other definition byte: then the definition changed, and the frames are
 * `unchecked`, as are those of ids we do not know. */
#include "formats/mavlink_say.h"

enum {
	CHANGED_MIN = 3,     /* chance agreement: 256^-3 and less */
	VOTES = 64,
	CLOCK_FRAMES = 4096, /* where the first pass looks for SYSTEM_TIME */
	SNIFF = 8192,
};
/* Stamps of a .tlog: 2000-01-01 to 2100-01-01, microseconds. */
#define STAMP_MIN UINT64_C(946684800000000)
#define STAMP_MAX UINT64_C(4102444800000000)

struct suspect { /* a frame whose CRC failed */
	uint64_t offset, length;
	uint32_t id;
	uint8_t system;
	int extra;
};

/* So that one after the other in the arena makes an array. */
_Static_assert(sizeof(struct suspect) % _Alignof(max_align_t) == 0, "array");

struct vote {
	uint32_t id;
	int extra;
	uint64_t count;
};

struct walk {
	struct bytes in;
	bool tlog;
	bool synced; /* the last record ended where we stand */
	struct mavlink_say say;
	const struct intake *out;
	struct arena *arena;
	struct suspect *suspect; /* in the arena, one after the other */
	size_t suspects;
	struct vote vote[VOTES];
	size_t votes;
	uint64_t frames;
};

struct record {
	struct mavlink_frame m;
	struct instant stamp;
	uint64_t offset, length;
};

static bool stamp_at(struct bytes in, size_t pos, struct instant *t)
{
	struct bytes b = bytes_part(in, pos, 8);
	uint64_t us = bytes_be(b);

	*t = INSTANT_UNKNOWN;
	if (b.len < 8 || us < STAMP_MIN || us >= STAMP_MAX)
		return false;
	*t = (struct instant){(int64_t)us * 1000};
	return true;
}

/* What follows a whole record: its end, or the next one's beginning. */
static bool follows(const struct walk *w, size_t pos)
{
	struct instant t;
	size_t mark = w->tlog ? pos + 8 : pos;

	if (pos == w->in.len)
		return true;
	return mark < w->in.len && (!w->tlog || stamp_at(w->in, pos, &t)) &&
		(w->in.at[mark] == 0xfe || w->in.at[mark] == 0xfd);
}

static bool record_at(const struct walk *w, size_t pos, struct record *r)
{
	size_t head = w->tlog ? 8 : 0;

	r->stamp = INSTANT_UNKNOWN;
	r->offset = pos;
	if (w->tlog && !stamp_at(w->in, pos, &r->stamp))
		return false;
	if (!mavlink_frame_read(
		    bytes_part(w->in, pos + head, SIZE_MAX), &r->m))
		return false;
	r->length = head + r->m.length;
	if (r->m.check == MAVLINK_OK)
		return true;
	return (w->tlog || w->synced) && follows(w, pos + r->length);
}

/* The next place from `pos` on where a frame's CRC is right. */
static size_t next_sound(const struct walk *w, size_t pos)
{
	struct record r;

	for (; pos < w->in.len; pos++)
		if (record_at(w, pos, &r) && r.m.check == MAVLINK_OK)
			return pos;
	return w->in.len;
}

static void vote(struct walk *w, const struct mavlink_frame *m)
{
	for (size_t i = 0; i < w->votes; i++)
		if (w->vote[i].id == m->id && w->vote[i].extra == m->extra) {
			w->vote[i].count++;
			return;
		}
	if (m->extra >= 0 && w->votes < VOTES)
		w->vote[w->votes++] = (struct vote){m->id, m->extra, 1};
}

static bool changed(const struct walk *w, const struct suspect *s)
{
	for (size_t i = 0; i < w->votes; i++)
		if (w->vote[i].id == s->id && w->vote[i].extra == s->extra)
			return w->vote[i].count >= CHANGED_MIN;
	return false;
}

/* Nothing else takes from the arena during the walk, so they lie together. */
static bool suspect(struct walk *w, const struct record *r, struct fault *f)
{
	struct suspect *s = arena_take(w->arena, sizeof *s, f);

	if (!s)
		return fault_in(f, "mavlink: frames that fail their CRC");
	if (w->suspects == 0)
		w->suspect = s;
	*s = (struct suspect){r->offset, r->length, r->m.id, r->m.system,
		r->m.extra};
	w->suspects++;
	vote(w, &r->m);
	return true;
}

static bool take(struct walk *w, const struct record *r, struct fault *f)
{
	struct mavlink_system *s = mavlink_say_system(
		&w->say, r->m.system);
	struct cite cite = {.offset = r->offset, .length = r->length};

	w->frames++;
	switch (r->m.check) {
	case MAVLINK_UNCHECKED:
		s->unchecked++;
		return true;
	case MAVLINK_WRONG:
		return suspect(w, r, f);
	case MAVLINK_OK:
	default:
		s->ok++;
		return mavlink_say(&w->say, &r->m, r->stamp, cite, f);
	}
}

static void find_clocks(struct walk *w)
{
	struct record r;
	size_t pos = 0;

	w->synced = false;
	for (int i = 0; i < CLOCK_FRAMES && pos < w->in.len; i++) {
		if (!record_at(w, pos, &r)) {
			pos = next_sound(w, pos + 1);
			continue;
		}
		if (r.m.check == MAVLINK_OK)
			mavlink_say_clock(&w->say, &r.m);
		w->synced = true;
		pos += r.length;
	}
}

static bool walk(struct walk *w, struct fault *f)
{
	struct record r;
	size_t pos = 0;

	w->synced = false;
	while (pos < w->in.len) {
		if (record_at(w, pos, &r)) {
			if (!take(w, &r, f))
				return false;
			w->synced = true;
			pos += r.length;
			continue;
		}
		size_t next = next_sound(w, pos + 1);

		w->synced = false;
		if (!format_damage(w->out, pos, next - pos, f,
			    "mavlink: %zu bytes at byte %zu are no frame: "
			    "wants 0xFE or 0xFD, a length that fits, a CRC",
			    next - pos, pos))
			return false;
		pos = next;
	}
	return true;
}

static bool settle(struct walk *w, struct fault *f)
{
	for (size_t i = 0; i < w->suspects; i++) {
		const struct suspect *s = &w->suspect[i];
		struct mavlink_system *from = mavlink_say_system(
			&w->say, s->system);

		if (changed(w, s)) {
			from->unchecked++;
			continue;
		}
		from->wrong++;
		if (!format_damage(w->out, s->offset, s->length, f,
			    "mavlink: message %u at byte %llu: CRC is wrong",
			    (unsigned)s->id, (unsigned long long)s->offset))
			return false;
	}
	return true;
}

/* Whether the first sound frames lie in records: each has a stamp before it
 * and begins where the last ended. */
static bool has_records(struct bytes in)
{
	struct walk w = {.in = in, .tlog = true};
	struct record r;
	size_t pos = next_sound(&w, 0), n = 0;

	for (; n < 3 && pos < in.len && record_at(&w, pos, &r); n++)
		pos += r.length;
	return n >= 3 || (n > 0 && pos == in.len);
}

static int sniff(struct bytes head, const struct origin *o)
{
	struct walk w = {.in = bytes_part(head, 0, SNIFF)};
	size_t n = strlen(o->name), records, bare;

	if (head.len == 0)
		return 0;
	w.tlog = true;
	records = next_sound(&w, 0);
	w.tlog = false;
	bare = next_sound(&w, 0);
	if (records == 0 || bare == 0)
		return 95;
	if (n > 5 && strcmp(o->name + n - 5, ".tlog") == 0)
		return 60;
	/* Sixteen bits of CRC over 8 KiB of anything: one chance in eight. */
	if (bare < w.in.len) {
		struct record r;

		w.synced = true;
		if (record_at(&w, bare, &r) &&
			record_at(&w, bare + r.length, &r) &&
			r.m.check == MAVLINK_OK)
			return 40;
	}
	return 0;
}

static bool decode(struct bytes in, const struct origin *o,
	struct arena *scratch, const struct intake *out, struct fault *f)
{
	struct walk w = {.in = in, .out = out, .arena = scratch};

	if (!mavlink_say_init(&w.say, out, o, scratch, f))
		return false;
	w.tlog = has_records(in);
	find_clocks(&w);
	if (!walk(&w, f) || !settle(&w, f))
		return false;
	if (w.frames == 0)
		return fault(f, FAULT_INPUT, "mavlink: no frame in %zu bytes",
			in.len);
	if (w.say.timeless > 0 &&
		!format_damage(out, 0, in.len, f,
			"mavlink: %llu messages have no time: wants "
			"SYSTEM_TIME in the stream, or a .tlog",
			(unsigned long long)w.say.timeless))
		return false;
	return mavlink_say_counts(&w.say, (struct cite){.length = in.len}, f);
}

const struct format format_mavlink = {
	.name = "mavlink",
	.about = "MAVLink 1 and 2: .tlog records and bare streams",
	.sniff = sniff,
	.decode = decode,
};
