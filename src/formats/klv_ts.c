/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/klv_ts.h"

enum {
	PACKET = 188,
	PES_MAX = 1 << 17, /* 64 KiB and headers; metadata is far smaller */
	NO_PID = 0xffff,
};

struct demux {
	const struct klv_ts_out *out;
	unsigned pmt, klv;
	bool cells;       /* stream type 0x15: AU cells within the PES */
	uint8_t *pes;     /* PES_MAX bytes, or as many as came in all */
	size_t len;
	bool open;        /* a PES has begun and nothing of it was lost */
	unsigned counter; /* next continuity counter; 16: any */
	uint64_t from, to; /* file bytes that carry it */
};

bool klv_ts_is(struct bytes in)
{
	if (in.len < PACKET)
		return false;
	for (size_t i = 0; i < 4 && i * PACKET < in.len; i++)
		if (in.at[i * PACKET] != 0x47)
			return false;
	return true;
}

/* The section in a packet's payload, after pointer field and table id. */
static struct reader section(struct bytes payload, uint8_t table)
{
	struct reader r = reader(payload);
	uint8_t id;
	size_t n;

	reader_skip(&r, read_u8(&r));
	id = read_u8(&r);
	n = read_u16be(&r) & 0xfff;
	if (r.ran_out || id != table || n > reader_left(&r) || n < 4)
		return reader((struct bytes){0});
	return reader(read_bytes(&r, n - 4)); /* without its CRC */
}

static void read_pat(struct demux *d, struct bytes payload)
{
	struct reader r = section(payload, 0);

	reader_skip(&r, 5); /* id, version, section numbers */
	while (reader_left(&r) >= 4) {
		unsigned program = read_u16be(&r);
		unsigned pid = read_u16be(&r) & 0x1fff;

		if (program != 0 && d->pmt == NO_PID)
			d->pmt = pid;
	}
}

/* Registration descriptor (tag 5) "KLVA". */
static bool is_klva(struct bytes descriptors)
{
	struct reader r = reader(descriptors);

	while (reader_left(&r) >= 2) {
		uint8_t tag = read_u8(&r);
		struct bytes v = read_bytes(&r, read_u8(&r));

		if (tag == 5 && bytes_start(v, "KLVA"))
			return true;
	}
	return false;
}

static void read_pmt(struct demux *d, struct bytes payload)
{
	struct reader r = section(payload, 2);

	reader_skip(&r, 7); /* program, version, section numbers, PCR pid */
	reader_skip(&r, read_u16be(&r) & 0xfff);
	while (reader_left(&r) >= 5) {
		uint8_t type = read_u8(&r);
		unsigned pid = read_u16be(&r) & 0x1fff;
		struct bytes es = read_bytes(&r, read_u16be(&r) & 0xfff);

		if (r.ran_out || d->klv != NO_PID)
			return;
		if (type == 0x15 || (type == 0x06 && is_klva(es))) {
			d->klv = pid;
			d->cells = type == 0x15;
		}
	}
}

/* ISO/IEC 13818-1 2.12.4: service id, sequence, flags, 16-bit length. */
static bool cells(struct demux *d, struct bytes data, struct cite where,
	struct fault *f)
{
	struct reader r = reader(data);

	while (!reader_done(&r)) {
		reader_skip(&r, 3);
		struct bytes v = read_bytes(&r, read_u16be(&r));

		if (r.ran_out)
			return format_damage(d->out->damage, where.offset,
				where.length, f, "klv: metadata cell passes "
				"the end of its PES packet");
		if (!d->out->data(d->out->self, v, where, f))
			return false;
	}
	return true;
}

static bool close_pes(struct demux *d, struct fault *f)
{
	struct bytes all = {d->pes, d->len}, data;
	struct reader r = reader(all);
	struct cite where = {.offset = d->from, .length = d->to - d->from};
	uint32_t start;
	size_t length;

	if (!d->open)
		return true;
	d->open = false;
	start = read_u32be(&r);
	length = read_u16be(&r);
	if (length > 0)
		r.in = bytes_part(all, 0, r.pos + length);
	/* Private stream 1, or metadata as FFmpeg writes it. */
	bool ours = start == 0x1bd || start == 0x1fc;
	if (length > 0 && r.in.len < r.pos + length)
		return format_damage(d->out->damage, where.offset, where.length,
			f, "klv: PES packet has %zu of %zu bytes",
			r.in.len - r.pos, length);
	reader_skip(&r, 2); /* flags */
	reader_skip(&r, read_u8(&r));
	if (r.ran_out || !ours)
		return format_damage(d->out->damage, where.offset, where.length,
			f, "klv: PES packet begins with %08x: wants 000001bd "
			"or 000001fc", (unsigned)start);
	data = read_bytes(&r, reader_left(&r));
	return d->cells ? cells(d, data, where, f)
			: d->out->data(d->out->self, data, where, f);
}

static bool add(struct demux *d, struct bytes payload, bool begins,
	unsigned counter, uint64_t offset, struct fault *f)
{
	bool lost = d->counter != 16 && counter != d->counter;

	if (begins && !lost && !close_pes(d, f))
		return false;
	d->counter = (counter + 1) % 16;
	if (lost && d->open) {
		d->open = false;
		if (!format_damage(d->out->damage, d->from, d->to - d->from, f,
			    "klv: a transport packet is missing after byte "
			    "%llu", (unsigned long long)d->to))
			return false;
	}
	if (begins) {
		d->open = true;
		d->len = 0;
		d->from = offset;
	}
	if (!d->open)
		return true;
	if (payload.len > PES_MAX - d->len) {
		d->open = false;
		return format_damage(d->out->damage, d->from,
			offset + PACKET - d->from, f,
			"klv: PES packet over %d bytes", PES_MAX);
	}
	if (payload.len > 0)
		memcpy(d->pes + d->len, payload.at, payload.len);
	d->len += payload.len;
	d->to = offset + PACKET;
	return true;
}

static bool transport(
	struct demux *d, struct bytes packet, uint64_t offset, struct fault *f)
{
	struct reader r = reader(packet);
	unsigned head, pid, flags;
	bool begins;
	struct bytes payload;

	reader_skip(&r, 1);
	head = read_u16be(&r);
	flags = read_u8(&r);
	begins = head & 0x4000;
	pid = head & 0x1fff;
	if (head & 0x8000) /* the demodulator says it is damaged */
		return pid != d->klv || !d->pes ||
			format_damage(d->out->damage, offset, PACKET, f,
				"klv: transport packet at byte %llu is marked "
				"as damaged", (unsigned long long)offset);
	if (flags & 0x20)
		reader_skip(&r, read_u8(&r)); /* adaptation field */
	if (!(flags & 0x10) || r.ran_out)
		return true;
	payload = read_bytes(&r, reader_left(&r));
	if (pid == 0 && begins)
		read_pat(d, payload);
	else if (pid == d->pmt && begins)
		read_pmt(d, payload);
	else if (pid == d->klv && d->pes)
		return add(d, payload, begins, flags & 0xf, offset, f);
	return true;
}

static struct demux demux(const struct klv_ts_out *out)
{
	return (struct demux){.out = out, .pmt = NO_PID, .klv = NO_PID,
		.counter = 16};
}

bool klv_ts_has_klv(struct bytes in)
{
	struct demux d = demux(NULL);
	struct fault f;

	for (size_t pos = 0; pos + PACKET <= in.len && d.klv == NO_PID;
		pos += PACKET)
		if (in.at[pos] == 0x47)
			(void)transport(&d, bytes_part(in, pos, PACKET), pos,
				&f);
	return d.klv != NO_PID;
}

/* The next sync byte that another follows at a packet's distance. */
static size_t resync(struct bytes in, size_t pos)
{
	for (; pos + PACKET <= in.len; pos++)
		if (in.at[pos] == 0x47 && (pos + PACKET == in.len ||
					in.at[pos + PACKET] == 0x47))
			return pos;
	return in.len;
}

bool klv_ts_read(struct bytes in, struct arena *arena,
	const struct klv_ts_out *out, struct fault *f)
{
	struct demux d = demux(out);
	size_t pos = 0;

	d.pes = arena_take(arena, in.len < PES_MAX ? in.len : PES_MAX, f);
	if (!d.pes)
		return false;
	while (pos < in.len) {
		if (in.at[pos] == 0x47 && in.len - pos >= PACKET) {
			if (!transport(&d, bytes_part(in, pos, PACKET), pos, f))
				return false;
			pos += PACKET;
			continue;
		}
		size_t next = resync(in, pos + 1);

		d.counter = 16;
		d.open = false;
		if (!format_damage(out->damage, pos, next - pos, f,
			    "klv: %zu bytes are no transport packet",
			    next - pos))
			return false;
		pos = next;
	}
	return close_pes(&d, f);
}
