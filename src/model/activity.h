/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * activity.h - what a party gave notice of beforehand: demining, training, a
 * movement, a flight; and claim - what a party says of an incident or submits
 * of its own, never merged into the mission's view (R2, R4). */
#ifndef MODEL_ACTIVITY_H
#define MODEL_ACTIVITY_H

#include "model/incident.h"

struct activity {
	struct id id;
	const char *party;  /* "A", "B", "mission" */
	const char *what;   /* "demining", "training", "movement", "flight" */
	struct span span;   /* when it will take place */
	struct instant received; /* receipt of the notice */
	struct instant received_last; /* it may have been as late as this;
	                               * INSTANT_UNKNOWN: as `received` */
	bool received_claimed;   /* stated by a file, not proven by the log */
	struct place place;
	const char *text;
	const struct attribute *attribute;
	size_t attribute_count;
	struct cite cite;
};

struct claim {
	struct id id;
	const char *party;
	struct id incident;  /* or "" : of its own */
	const char *says;
	struct instant at;   /* of what it speaks; INSTANT_UNKNOWN */
	struct instant received, received_last;
	bool received_claimed;
	enum kind kind;
	struct count count;
	struct place place;
	struct cite cite;
};

/* What stands before the ending of a file that was handed in over the network,
 * "field-0001.sent.json".  Of what lies in such a file no stated time of
 * receipt counts, but the one that its record in the log has. */
#define ACTIVITY_SENT ".sent"
bool activity_sent(const char *file);

/* From an observation NOTICE or CLAIM; strings are borrowed from it.  `logged`
 * is when it was received as the log has it; unknown: as it says itself.
 * Attributes read: party, what, text, received_last; of a claim also
 * incident.  A notice keeps its others: a query has `incident` and `to`. */
MUST_USE bool activity_of(
	const struct observation *, struct instant logged, struct activity *,
	struct fault *);
MUST_USE bool claim_of(const struct observation *, struct instant logged,
	struct claim *, struct fault *);

MUST_USE bool activity_write(
	const struct activity *, struct fields *, struct fault *);
MUST_USE bool activity_read(
	const struct tree *, struct arena *, struct activity *, struct fault *);
MUST_USE bool claim_write(
	const struct claim *, struct fields *, struct fault *);
MUST_USE bool claim_read(
	const struct tree *, struct arena *, struct claim *, struct fault *);

#endif
