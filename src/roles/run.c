/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/chain.h"

struct reading {
	const struct chain_run *run;
	void *self;
	bool (*segment)(void *self, const struct segment *, struct fault *);
};

static bool take(void *self, const struct segment *given, struct fault *f)
{
	struct reading *r = self;
	struct segment s = *given;

	if (strcmp(s.channel, r->run->channel) != 0 || s.count == 0)
		return true;
	/* A file that is read whole gives segments of its other runs too. */
	if (s.start.utc_ns < r->run->from.utc_ns - 1000000 ||
		s.start.utc_ns > r->run->to.utc_ns)
		return true;
	if (r->run->file->format->sliceable)
		s.cite.offset += r->run->offset;
	s.cite.blob = r->run->file->blob;
	return r->segment(r->self, &s, f);
}

bool chain_read_run(const struct chain_reader *from,
	const struct chain_run *run, struct arena *scratch, void *self,
	bool (*segment)(void *self, const struct segment *, struct fault *),
	struct fault *f)
{
	const struct chain_file *file = run->file;
	const char *slash = strrchr(file->name, '/');
	struct origin o = {slash ? slash + 1 : file->name, file->source};
	struct reading r = {run, self, segment};
	struct intake in = {&r, take, intake_no_observation,
		intake_no_damage, false};
	struct parse p = {.format = file->format, .origin = &o,
		.scratch = scratch};
	struct fault why = {0};
	struct bytes b;
	bool ok;

	scratch->used = 0;
	if (!blobs_get(from->disk, &file->blob, &b, f))
		return false;
	p.in = b;
	if (file->format->sliceable)
		p.in = bytes_part(b, run->offset, run->length);
	ok = parsers_decode(from->parsers, &p, &in, &why);
	blobs_release(from->disk, b);
	if (from->deaths)
		chain_died(from->deaths, file,
			file->format->sliceable ? run->offset : 0, &p);
	if (!ok && why.kind != FAULT_INPUT) {
		*f = why;
		return fault_in(f, "%s", file->name);
	}
	return true;
}
