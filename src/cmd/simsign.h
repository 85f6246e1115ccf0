/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * simsign.h - simulated sensors that sign what they send: their files become
 * runs of frames (*.cfs), and sensors.csv says their keys.
 *
 * A key's seed is SHA-256("truce sim sensor key " | id): whoever has this
 * source can sign for them, which is well for a simulation and for nothing
 * else. */
#ifndef CMD_SIMSIGN_H
#define CMD_SIMSIGN_H

#include "base/text.h"
#include "ledger/chain.h"

struct simsign_sensor {
	const char *id;
	double lat_deg, lon_deg, elev_m;
};

struct simsign {
	size_t wanted; /* in: how many sensors, the first with a rate */
	struct arena arena;
	struct simsign_sensor *sensor;
	size_t count;
};

struct simsign_chain { /* of one sensor; zeroed: nothing sent yet */
	struct sign_key key;
	struct frame last;
	int64_t booted_ns; /* where its monotonic clock began */
};

/* sensors.csv as it is, and with keys. */
MUST_USE bool simsign_sensors(
	struct simsign *, struct bytes csv, struct text *out, struct fault *);
/* NULL: it does not sign.  `path`: inbox/ID/... */
const struct simsign_sensor *simsign_find(
	const struct simsign *, const char *path);
/* One file of records, as frames. */
MUST_USE bool simsign_file(struct simsign_chain *,
	const struct simsign_sensor *, struct bytes mseed,
	struct arena *scratch, struct text *out, struct fault *);
void simsign_done(struct simsign *);

#endif
