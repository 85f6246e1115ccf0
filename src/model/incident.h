/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * incident.h - something happened: when, where, what, how many, each with its
 * error; which detections carry it, and which working sources stayed silent.
 *
 * Not a breach until judged.  Versioned: the id stays while the earliest
 * detection does, version counts up, old versions are kept. */
#ifndef MODEL_INCIDENT_H
#define MODEL_INCIDENT_H

#include "model/detection.h"

enum { INCIDENT_EVIDENCE_MAX = 4096 };

#define LINK_SHOCK_OF "shock_of" /* the bullet of a shot */
#define LINK_IMPACT_OF "impact_of" /* where its shell fell */

#define LINK_PART_OF "part_of" /* people say: one with that */
#define LINK_SPLIT_FROM "split_from" /* people say: another than that */

struct link { /* shock_of, impact_of, echo_of, replaces, part_of, near */
	const char *is;
	struct id id;
};

struct incident {
	struct id id;
	uint32_t version; /* from 1; 0: not yet given (the store gives it) */
	enum status status;
	double kind[KIND_COUNT]; /* probabilities, sum 1 */
	struct count count;
	struct instant at, from, to; /* from..to hold the truth at time_level */
	double time_level;
	struct place place;
	const char *phrase; /* "3 km north-west of Y (...)", or "" */
	unsigned modalities; /* bit 1 << enum modality */
	const struct id *evidence; /* detections, sorted */
	size_t evidence_count;
	const char *const *silent; /* source ids, sorted */
	size_t silent_count;
	const char *const *health; /* sentences */
	size_t health_count;
	const struct link *link;
	size_t link_count;
	const struct feature *feature; /* level_db, frp_mw, score, ... */
	size_t feature_count;
	const struct attribute *attribute; /* means, weapon, calibre_mm, ... */
	size_t attribute_count;
};

struct incident incident_new(void);
/* From time and id of the earliest detection. */
void incident_name(struct incident *, const struct detection *earliest);
enum kind incident_kind(const struct incident *); /* the likeliest */
/* A part of another incident's act (shock_of, part_of): it is told, and judged
 * with the other. */
bool incident_is_part(const struct incident *);

MUST_USE bool incident_write(
	const struct incident *, struct fields *, struct fault *);
MUST_USE bool incident_read(const struct tree *, struct arena *,
	struct incident *, struct fault *);

struct incidents {
	bool (*put)(void *self, const struct incident *, struct fault *);
	void *self;
};

#endif
