/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * live.h - sounds located while their records still come in.
 *
 * What is live: the detectors of sound and of hums, for each channel of a
 * microphone of sensors.csv, over samples as they arrive; those of arrays
 * (beams.h); and locate_sound() over the arrivals around each new one, at the
 * sources nearest to its own, those too that a detector still holds back for
 * more samples (its early word, picks.h).  What comes when a sound that
 * was told should come is of that (told.h).  Beams and hums are told of as
 * they are.
 *
 * Weather, and what sensors are charged with, are those of the last replay
 * (known.h); who is stuck or dead, or says that its clock is in doubt, is seen
 * live.  What a doubted source says is not used, nor is its silence.
 *
 * What is not live: single seismometers, the judging of sensors by what others
 * heard, and all that is no sound.  Samples that are older than what was heard
 * of their channel are passed over.  So an alert is a first word, and what
 * stands in the mission is made by the replay that follows (replay.h), of the
 * same records.
 *
 * Sources that sent nothing at a time are down then, as far as silence is
 * evidence; nobody waits for them. */
#ifndef ROLES_LIVE_H
#define ROLES_LIVE_H

#include "base/sink.h"
#include "roles/known.h"

struct live;

struct live_seen { /* for people */
	uint64_t samples, late, arrivals, alerts;
	uint64_t told;    /* detections that are alerts by themselves */
	uint64_t doubted; /* arrivals of sources that are not to be believed */
	size_t channels, deaf; /* deaf: for want of room */
	double slowest_s;      /* from an arrival to its alert */
};

/* alerts: a JSON line each, schema truce.alert/1 (truce-run(1)). */
MUST_USE bool live_open(struct live **, const struct mission *, struct sink,
	struct fault *);
/* What is known until the next call; NULL: nothing. */
void live_know(struct live *, const struct known *);
/* The end of what was heard of all; INSTANT_UNKNOWN: nothing was. */
struct instant live_heard(const struct live *);
/* Records that came at `now_ns` of the monotonic clock; `utc`: today's time,
 * beyond which nobody can have heard anything. */
MUST_USE bool live_hear(struct live *, struct bytes, int64_t now_ns,
	struct instant utc, struct fault *);
/* Locates what is new, unless that was done a moment ago; `last`: all the
 * same, as no more will come. */
MUST_USE bool live_tick(struct live *, bool last, struct fault *);
void live_seen(const struct live *, struct live_seen *);
void live_close(struct live *);
struct parsers;
/* Who reads what it hears. */
struct parsers *live_parsers(struct live *);
int64_t live_now_ns(void);

#endif
