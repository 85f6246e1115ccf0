/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * klv_ts.h - KLV metadata out of an MPEG-2 transport stream.
 *
 * ISO/IEC 13818-1: 188-byte packets; PAT (pid 0) names the PMT, which names
 * the elementary streams; the metadata's PES packets are put together and
 * their data handed on, each with the bytes of the file that carried it.
 * Tables are taken from one transport packet (ours fit); longer ones are
 * ignored. */
#ifndef FORMATS_KLV_TS_H
#define FORMATS_KLV_TS_H

#include "formats/format.h"

struct klv_ts_out {
	void *self;
	bool (*data)(void *self, struct bytes, struct cite, struct fault *);
	const struct intake *damage;
};

bool klv_ts_is(struct bytes);
/* Whether its PMT names a metadata stream. */
bool klv_ts_has_klv(struct bytes);
MUST_USE bool klv_ts_read(struct bytes, struct arena *,
	const struct klv_ts_out *, struct fault *);

#endif
