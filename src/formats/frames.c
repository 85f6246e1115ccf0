/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frames.c - a run of sensor frames (*.cfs; docs/frames.md), each 216 bytes of
 * head and its payload.
 *
 * What a payload holds its own parser says: kind 1 is miniSEED, of others the
 * content decides, and what nobody knows is kept as it is.  Signatures and the
 * order of frames are not looked at here: that takes keys and what came before
 * (ledger/chain.h), and is done where frames are taken in.  Between frames the
 * next head is looked for byte by byte. */
#include "formats/format.h"

enum { HEAD = 216, PAYLOAD_MAX = 65320, MINISEED = 1 };

struct within { /* a payload: its places are counted in the file */
	const struct intake *out;
	uint64_t at;
};

static bool segment(void *self, const struct segment *given, struct fault *f)
{
	struct within *w = self;
	struct segment s = *given;

	s.cite.offset += w->at;
	return w->out->segment(w->out->self, &s, f);
}

static bool observation(
	void *self, const struct observation *given, struct fault *f)
{
	struct within *w = self;
	struct observation o = *given;

	o.cite.offset += w->at;
	return w->out->observation(w->out->self, &o, f);
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct within *w = self;

	return w->out->damage(
		w->out->self, why, offset + w->at, length, f);
}

/* Its length; 0: no frame begins here, or not all of it is here. */
static size_t length_at(struct bytes in, size_t at)
{
	struct bytes head = bytes_part(in, at, HEAD);
	uint64_t n = bytes_be(bytes_part(head, 28, 4));

	if (head.len < HEAD || !bytes_start(head, "CFS1") ||
		n > PAYLOAD_MAX || HEAD + n > in.len - at)
		return 0;
	return HEAD + (size_t)n;
}

static size_t next_frame(struct bytes in, size_t from)
{
	while (from < in.len && length_at(in, from) == 0)
		from++;
	return from;
}

static bool payload(struct bytes in, size_t at, size_t n,
	const struct origin *o, struct arena *scratch,
	const struct intake *out, struct fault *f)
{
	struct bytes b = bytes_part(in, at + HEAD, n - HEAD);
	unsigned kind = (unsigned)bytes_be(bytes_part(in, at + 6, 2));
	struct within w = {.out = out, .at = at + HEAD};
	const struct intake to = {&w, segment, observation, damage,
		out->headers_only};
	const struct format *fmt = kind == MINISEED ? format_named("miniseed")
		: b.len > 0 ? format_of(b, o) : NULL;
	size_t mark = scratch->used;
	struct fault why = {0};
	bool ok;

	/* Frames in frames would let who sends them choose our depth. */
	if (!fmt || strcmp(fmt->name, "frames") == 0)
		return true;
	ok = fmt->decode(b, o, scratch, &to, &why);
	scratch->used = mark;
	if (ok)
		return true;
	if (why.kind == FAULT_INPUT)
		return out->damage(out->self, &why, at, n, f);
	*f = why;
	return false;
}

static bool decode(struct bytes in, const struct origin *o,
	struct arena *scratch, const struct intake *out, struct fault *f)
{
	size_t at = 0, found = 0;

	while (at < in.len) {
		size_t n = length_at(in, at), next;

		if (n == 0) {
			next = next_frame(in, at);
			if (found == 0 && next == in.len)
				return fault(f, FAULT_INPUT,
					"not a frame in it");
			if (!format_damage(out, at, next - at, f,
				"frames: no frame here"))
				return false;
			at = next;
			continue;
		}
		found++;
		if (!payload(in, at, n, o, scratch, out, f))
			return false;
		at += n;
	}
	return true;
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	return bytes_start(head, "CFS1") ? 100 : 0;
}

const struct format format_frames = {
	.name = "frames",
	.about = "a run of signed sensor frames (truce's own, PROOF 5)",
	.sniff = sniff,
	.decode = decode,
};
