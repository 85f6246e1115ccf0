/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pack.c - what waits in the spool `live` to files of the mission. */
#include "roles/packets.h"

#define CUT_BYTES ((size_t)64 << 20)
#define SCRATCH_BYTES ((size_t)1 << 30)

enum { NAME_MAX_LEN = 256 };

struct sorted { /* a packet, by what its first samples are */
	const struct packet *packet;
	const char *channel; /* "" no samples */
	struct instant start;
	size_t order;
	bool damaged;
	bool alone; /* a file of its own */
};

struct packing {
	struct packets *p;
	struct intake_role *intake;
	struct arena scratch, out;
	struct instant now;
	uint64_t from, after; /* the cut */
	struct packed *done;
	struct sorted *one; /* being looked at */
	struct sorted *list;
};

/* -- what is in a packet -- */

static bool see_segment(void *self, const struct segment *s, struct fault *f)
{
	struct packing *x = self;

	if (x->one->channel[0])
		return true;
	x->one->start = s->start;
	x->one->channel = arena_text(&x->out, bytes_of(s->channel), f);
	return x->one->channel != NULL;
}

static bool see_observation(
	void *self, const struct observation *o, struct fault *f)
{
	(void)self;
	(void)o;
	(void)f;
	return true;
}

static bool see_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct packing *x = self;

	(void)why;
	(void)offset;
	(void)length;
	(void)f;
	x->one->damaged = true;
	return true;
}

static bool look_at(struct packing *x, struct sorted *s, struct fault *f)
{
	struct intake in = {x, see_segment, see_observation, see_damage, true};
	struct origin o = {"", s->packet->entry};
	struct parse p = {.format = format_named("miniseed"),
		.in = s->packet->bytes, .origin = &o, .scratch = &x->scratch};
	struct fault why = {0};

	x->one = s;
	x->scratch.used = 0;
	if (parsers_decode(x->intake->parsers, &p, &in, &why))
		return true;
	s->damaged = true;
	if (why.kind == FAULT_INPUT)
		return true;
	*f = why;
	return false;
}

/* What is sound by channel, time and arrival; what is not by its sender; what
 * is alone as it came. */
static int by_place(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int d;

	if (x->alone != y->alone)
		return x->alone ? 1 : -1;
	if (x->alone)
		return (x->order > y->order) - (x->order < y->order);
	if (x->damaged != y->damaged)
		return x->damaged ? 1 : -1;
	if (x->damaged) {
		d = strcmp(x->packet->entry, y->packet->entry);
		d = d ? d : strcmp(x->packet->feed, y->packet->feed);
	} else {
		d = strcmp(x->channel, y->channel);
		if (d == 0 && x->start.utc_ns != y->start.utc_ns)
			d = x->start.utc_ns < y->start.utc_ns ? -1 : 1;
	}
	return d ? d : (x->order > y->order) - (x->order < y->order);
}

/* -- files -- */

static bool same_file(const struct sorted *a, const struct sorted *b)
{
	if (a->damaged != b->damaged || a->alone || b->alone)
		return false;
	return !a->damaged || (strcmp(a->packet->entry, b->packet->entry) ==
		0 && strcmp(a->packet->feed, b->packet->feed) == 0);
}

static bool take_in(struct packing *x, const struct sorted *s, size_t n,
	struct fault *f)
{
	char name[NAME_MAX_LEN];
	struct intake_file file = {.name = name, .format = "miniseed",
		.how = "network", .from = s->packet->feed,
		.source = s->damaged ? s->packet->entry : "", .now = x->now};
	size_t len = 0, mark = x->out.used;
	const char *feed = s->packet->feed;
	uint8_t *to;

	for (size_t i = 0; i < n; i++)
		len += s[i].packet->bytes.len;
	if (!(to = arena_room(&x->out, len, f)))
		return false;
	file.bytes = (struct bytes){to, len};
	for (size_t i = 0; i < n; i++) {
		struct bytes b = s[i].packet->bytes;

		memcpy(to, b.at, b.len);
		to += b.len;
	}
	if (s->alone) {
		file.format = NULL;
		file.source = s->packet->entry;
		if (strncmp(feed, PACKETS_GAP, strlen(PACKETS_GAP)) == 0) {
			file.from = feed + strlen(PACKETS_GAP);
			file.gap = "more came at once than is held: it was "
				"passed over, this says what";
		} else if (strncmp(feed, PACKETS_LOST,
				strlen(PACKETS_LOST)) == 0) {
			file.from = feed + strlen(PACKETS_LOST);
		}
		(void)snprintf(name, sizeof name, "live/%016llx-%zu-%s",
			(unsigned long long)x->from, s->order, file.source);
	} else {
		(void)snprintf(name, sizeof name,
			"live/%016llx-%016llx%s%s.mseed",
			(unsigned long long)x->from,
			(unsigned long long)x->after,
			s->damaged ? "-" : "", file.source);
	}
	if (!intake_take(x->intake, &file, f))
		return false;
	x->done->files++;
	x->done->bytes += len;
	x->done->damaged += file.damaged;
	x->out.used = mark;
	return true;
}

static bool cut(struct packing *x, struct fault *f)
{
	struct packets *p = x->p;
	size_t from = 0;

	x->out.used = 0;
	if (!(x->list = arena_array(&x->out, p->count + 1, sizeof *x->list, f)))
		return false;
	for (size_t i = 0; i < p->count; i++) {
		x->list[i] = (struct sorted){&p->packet[i], "",
			INSTANT_UNKNOWN, .order = i};
		if (!look_at(x, &x->list[i], f))
			return false;
		x->list[i].alone = packets_mixed(&p->packet[i]) &&
			(x->list[i].damaged || !x->list[i].channel[0]);
	}
	if (p->count > 0)
		qsort(x->list, p->count, sizeof *x->list, by_place);
	x->done->packets += p->count;
	for (size_t i = 1; i <= p->count; i++)
		if (i == p->count || !same_file(&x->list[from], &x->list[i])) {
			if (!take_in(x, &x->list[from], i - from, f))
				return false;
			from = i;
		}
	return true;
}

bool packets_pack(struct packets *p, struct intake_role *intake, uint64_t end,
	struct instant now, struct packed *done, struct fault *f)
{
	struct packing x = {.p = p, .intake = intake, .now = now, .done = done};
	bool ok = arena_map(&x.scratch, SCRATCH_BYTES, f) &&
		arena_map(&x.out, (size_t)4 << 30, f);

	*done = (struct packed){0};
	while (ok && (p->done < end || p->next > p->done)) {
		x.from = p->done;
		ok = packets_cut(p, end, CUT_BYTES, &x.after, f);
		if (!ok || x.after == x.from)
			break;
		ok = cut(&x, f) && packets_cut_done(p, f);
	}
	packets_clear(p);
	arena_unmap(&x.out);
	arena_unmap(&x.scratch);
	return ok;
}
