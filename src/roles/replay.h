/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * replay.h - the whole chain over what the mission holds, as fast as the
 * machine can: spool -> observations and segments -> detections -> health and
 * looks -> incidents -> findings -> ledger -> obligations -> ledger.
 *
 * Every step reads what the step before put into the store, in an order that
 * content gives (time, then id), never in the order of arrival; so files may
 * come in any order, jobs may be any number, and a second run adds nothing. */
#ifndef ROLES_REPLAY_H
#define ROLES_REPLAY_H

#include "judge/judge.h"
#include "judge/pledges.h"
#include "roles/intake.h"
#include "roles/rows.h"

struct frames;

struct replay_ask {
	const struct mission *mission;
	const struct terms *terms; /* NULL: nothing is judged */
	const struct pledges *pledges; /* NULL: nothing is called up */
	/* What people and witnesses made of findings, from another log than
	 * the intake's (an audit's); NULL: from that. */
	const struct ledger *people_of;
	struct disk *people_disk;
	struct intake_role *intake; /* open: disk, spool, ledger */
	struct store *store;        /* writable */
	struct frames *frames;      /* of sensors that sign; NULL none */
	struct span span;     /* only incidents in it; unknown: all */
	int jobs;             /* threads that decode and detect, >= 1 */
	struct instant now;   /* for signatures */
	void (*progress)(void *self, const char *what, uint64_t done,
		uint64_t total); /* or NULL */
	void *self;
};

struct replay_done {
	uint64_t files, damaged, segments, samples, duplicates, observations;
	uint64_t detections, incidents, findings, looks, logged;
	uint64_t obligations; /* that stand */
	uint64_t fresh; /* records that were not there before */
	uint64_t strange;  /* samples of channels that sensors.csv lacks: kept,
			    * not heard, as nobody knows where they stand */
	char stranger[64]; /* the first of those channels */
	struct span data; /* of what was found; unknown: nothing */
};

/* Named value of the store: "1" once a replay ended, "" while one runs, or
 * where one was cut off and the next has yet to mend the index. */
#define REPLAY_WHOLE "whole"

MUST_USE bool replay_run(
	const struct replay_ask *, struct replay_done *, struct fault *);

#endif
