/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/skips.h"

#include <math.h>

#include "formats/gaps.h"
#include "formats/mseed.h"

#define GAP_S 1.0 /* shorter ones are none (watch.h) */

enum { SCRATCH = 64 << 10 };

static bool head_of(struct bytes record, struct mseed *m)
{
	uint8_t room[SCRATCH];
	struct arena scratch = {.at = room, .size = sizeof room};
	struct fault f;

	return (mseed2_is(record) ? mseed2_read(record, m, &f)
		: mseed3_is(record) && mseed3_read(record, false, &scratch, m,
			&f)) && instant_known(m->start);
}

struct instant skips_end(struct bytes record)
{
	struct mseed m;

	if (!head_of(record, &m) || isnan(m.rate_hz) || m.count == 0)
		return INSTANT_UNKNOWN;
	return instant_plus_s(m.start, (double)m.count / m.rate_hz);
}

bool skips_between(uint64_t last, struct instant end, uint64_t sequence,
	struct bytes record, struct text *table)
{
	struct mseed m;

	/* Numbers of version 3 have 24 bits. */
	if (sequence == last + 1 || sequence == ((last + 1) & 0xffffff) ||
		sequence == last || !instant_known(end) ||
		!head_of(record, &m) || instant_seconds(end, m.start) < GAP_S)
		return false;
	gaps_table(table, bytes_of(m.channel), (struct span){end, m.start},
		bytes_of(SKIPS_WHY));
	return true;
}
