/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mavlink_say.h - what one MAVLink message says, as observations.
 *
 * Keeps, per system id, what later messages need: the clock (boot time joins
 * UTC only through SYSTEM_TIME), the receiver's stated accuracy (positions
 * carry none) and the attitude.  Positions of operators are never read: they
 * are people (TRACKS.md 1.6). */
#ifndef FORMATS_MAVLINK_SAY_H
#define FORMATS_MAVLINK_SAY_H

#include "formats/format.h"
#include "formats/mavlink_frame.h"

enum { MAVLINK_SYSTEMS = 256, MAVLINK_VEHICLE = 16 };

struct mavlink_system {
	char vehicle[MAVLINK_VEHICLE]; /* "mav-1"; "": nothing came of it */
	uint64_t ok, unchecked, wrong; /* frames */
	uint64_t unsigned_, repeated;  /* on a signed link */
	struct instant first, last;    /* said */
	bool booted;           /* boot_ms is set */
	uint8_t clock;         /* component whose boot counter we follow */
	int64_t boot_ms;       /* its last value */
	int64_t offset_ms;     /* UTC of boot; 0 not known */
	bool signs;            /* a signed frame came */
	uint64_t stamp_10us;   /* its last */
	struct instant quality_at, attitude_at, fused_at;
	double r90_m, h_acc_m, hdop, fix_type, sats; /* NAN not known */
	double roll_deg, pitch_deg, heading_deg;
};

struct mavlink_say {
	const struct intake *in;
	const struct origin *origin;
	struct mavlink_system *system; /* MAVLINK_SYSTEMS */
	uint64_t timeless; /* messages to which no clock gave a time */
};

MUST_USE bool mavlink_say_init(struct mavlink_say *, const struct intake *,
	const struct origin *, struct arena *, struct fault *);
/* The one of this id, set up when it is asked for first. */
struct mavlink_system *mavlink_say_system(struct mavlink_say *, uint8_t id);
/* Only the clock: for a first pass, so that what came before the first
 * SYSTEM_TIME has its time too. */
void mavlink_say_clock(struct mavlink_say *, const struct mavlink_frame *);
/* A frame that is OK.  stamp: when the recorder got it, or unknown. */
MUST_USE bool mavlink_say(struct mavlink_say *, const struct mavlink_frame *,
	struct instant stamp, struct cite, struct fault *);
/* The counts of frames, one observation a system that sent any. */
MUST_USE bool mavlink_say_counts(
	struct mavlink_say *, struct cite, struct fault *);

#endif
