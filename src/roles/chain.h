/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chain.h - the steps of a replay and what they hand on. */
#ifndef ROLES_CHAIN_H
#define ROLES_CHAIN_H

#include <pthread.h>

#include "locate/locate.h"
#include "model/ambient.h"
#include "roles/memo.h"
#include "roles/replay.h"
#include "watch/gaps.h"
#include "watch/watch.h"

struct islands_memory;
struct bearings;

struct chain_file { /* a received file */
	struct digest blob;
	const struct format *format;
	const char *name, *source;
	/* Of what was handed in over the network, by its record; unknown: what
	 * lies in it says itself when it was received. */
	struct instant received;
};

struct chain_run { /* samples of one channel that lie together in a file */
	const struct source *source; /* NULL: sensors.csv does not name it */
	const char *channel;
	const struct chain_file *file;
	uint64_t offset, length;
	struct instant from, to;
	double rate_hz, time_quality;
	uint64_t samples;
	unsigned flags;
	size_t damaged;
};

struct chain_moving { /* a file that holds observations of a moving source */
	const char *source;
	const struct chain_file *file;
	struct span span;
};

struct chain_death { /* of a parser, by a part of a file */
	const struct chain_file *file;
	uint64_t offset, length;
	bool aside; /* of two */
	struct fault how;
};

/* Added to by all threads. */
struct chain_deaths {
	pthread_mutex_t lock;
	struct chain_death *death;
	size_t count;
	size_t all; /* and those that are not told of */
};
enum { CHAIN_DEATHS_MAX = 1000 }; /* more are not told of */

struct chain {
	const struct replay_ask *ask;
	struct replay_done *done;
	struct rows rows;
	struct memo memo; /* of earlier replays; under the crew's lock */
	struct arena arena; /* lives as long as the replay */
	struct arena work;  /* emptied by each step as it likes */
	struct arena keep;  /* the same; decoders never see it */
	struct arena air;   /* of `ambient` alone, which grows in place */
	struct chain_file *file;
	size_t file_count, file_room;
	struct chain_run *run;
	size_t run_count, run_room;
	struct chain_moving *moving;
	size_t moving_count, moving_room;
	struct health *health;
	size_t health_count, health_room;
	struct gap *gap; /* why nothing came, as senders tell */
	size_t gap_count, gap_room;
	struct look *look;
	size_t look_count, look_room;
	struct ambient *ambient; /* what sources could have heard */
	size_t ambient_count;
	const struct weather *weather; /* chain_air() */
	size_t weather_count;
	bool weather_known;
	struct bearings *bearings; /* chain_bearings(); NULL: not asked yet */
	struct health *charge; /* what sensors are charged with */
	size_t charge_count, charge_room;
	/* Those who judge sensors; NULL: nobody. */
	const struct fits *fits;
	const struct detections *arrivals; /* of sound, by time */
	struct islands_memory *sounds;     /* located for them; may be NULL */
	struct span *charged;  /* when, by what was located */
	size_t charged_count;
	struct span span; /* of the data, widened to whole periods */
	struct chain_deaths deaths;
};

/* For qsort(): files by content, then source; health by source, then time. */
int chain_by_content(const void *, const void *);
int chain_by_place(const void *, const void *);
/* A list in the arena that doubles; false when it is full. */
MUST_USE bool chain_grow(struct arena *, void **list, size_t count,
	size_t *room, size_t size, struct fault *);
void chain_progress(struct chain *, const char *what, uint64_t done,
	uint64_t total);

struct chain_reader { /* what reading files takes */
	struct disk *disk;
	struct parsers *parsers;
	struct chain_deaths *deaths; /* NULL: nobody is told of them */
};
struct chain_reader chain_reader(struct chain *);
/* When parsers died of a part of a file that begins there. */
void chain_died(struct chain_deaths *, const struct chain_file *,
	uint64_t offset, const struct parse *);
/* A fault record of the spool to the store, once. */
MUST_USE bool chain_note_fault(struct chain *, const struct journal_record *,
	bool *fresh, struct fault *);
/* To fault records, each once however often the mission is replayed. */
MUST_USE bool chain_bury(struct chain *, struct fault *);

/* The segments of a run, their cite complete; scratch is emptied. */
MUST_USE bool chain_read_run(const struct chain_reader *,
	const struct chain_run *, struct arena *scratch, void *self,
	bool (*segment)(void *self, const struct segment *, struct fault *),
	struct fault *);

/* Every received file: observations to their detectors, notices, claims,
 * weather; segments become runs. */
MUST_USE bool chain_decode(struct chain *, struct fault *);
/* Moving sources: tracks, receivers, footprints, in order of time. */
MUST_USE bool chain_follow(struct chain *, struct fault *);
/* Runs to detections, on `jobs` threads: channel by channel, and of arrays
 * all elements together, stretch by stretch. */
MUST_USE bool chain_listen(struct chain *, struct fault *);
/* What sensors that sign state of themselves: charges. */
MUST_USE bool chain_stated(struct chain *, struct fault *);
/* Health, looks, incidents, in one transaction; sensors are judged first. */
MUST_USE bool chain_settle(struct chain *, struct fault *);
/* Its parts.  Health, by uptime and charges: reckoned, and put in the store
 * with the looks of sound that rest on it. */
MUST_USE bool chain_attend(struct chain *, struct fault *);
MUST_USE bool chain_watch(struct chain *, struct fault *);
/* Detections of sound to those who judge sensors, and what was located to
 * c->sounds; all detections to incidents. */
MUST_USE bool chain_sound_out(struct chain *, struct fault *);
MUST_USE bool chain_locate(struct chain *, struct fault *);
/* Copies a row to the end of a list. */
MUST_USE bool chain_keep_health(struct chain *, struct health **list,
	size_t *count, size_t *room, const struct health *, struct fault *);
MUST_USE bool chain_keep_ambient(
	struct chain *, const struct ambient *, struct fault *);
/* The weather that was reported, once. */
MUST_USE bool chain_air(struct chain *, struct fault *);
/* What others than nodes heard, once; and those of a span of a store. */
MUST_USE bool chain_bearings(struct chain *, struct fault *);
MUST_USE bool bearings_load(struct store *, const struct mission *,
	struct span, struct arena *, struct arena *work, struct bearings *,
	struct fault *);
/* What looks of sound rest on: all of that, and health. */
void chain_around(struct chain *, struct watch_air *);
/* Adds to what is told of a source that is up: the noise and the threshold
 * that its detector measured.  After chain_around(). */
MUST_USE bool chain_say_ambient(
	struct chain *, struct health *, struct fault *);
/* Incidents to findings. */
MUST_USE bool chain_judge(struct chain *, struct fault *);

#endif
