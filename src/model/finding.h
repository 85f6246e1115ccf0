/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * finding.h - incident x clause: breach, no breach, undetermined, not
 * applicable, conflict; why, under which versions, and what would flip it.
 *
 * Probabilities are millionths: findings are computed without floating
 * point. */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "model/incident.h"
#include "model/reply.h"

enum { FINDING_LINES_MAX = 64 };

struct finding_claim { /* what a party says of the incident */
	const char *party, *says;
	struct instant at;
};

struct finding_review { /* what a person made of it */
	const char *by;  /* the person, 32 hex digits */
	const char *org, *does, *why;
	struct instant at;
};

struct finding {
	struct id id;
	uint32_t version;
	struct id incident;
	uint32_t incident_version;
	const char *clause;   /* "4.a" */
	enum verdict verdict;
	int32_t lo_ppm, hi_ppm; /* probability that the conditions hold */
	const char *grade;    /* "minor", "serious", "grave", "" */
	const char *party;    /* "A", "B", "undetermined" */
	const char *standard; /* "clear" */
	const char *terms_sha256; /* 64 hex digits */
	const char *line_sha256;  /* of the line or zone measured from, or "" */
	const char *const *explanation; /* trace lines, outermost first */
	size_t explanation_count;
	const char *flips_if; /* smallest change that flips it, or "" */
	enum status status;
	const char *cause;    /* exception that applied ("training"), or "" */
	struct instant at;    /* the incident's */
	const struct finding_claim *claim;
	size_t claim_count;
	/* The log has them beside the record, whose own list is empty. */
	const struct finding_review *review;
	size_t review_count;
	struct replies replies; /* likewise */
};

void finding_name(struct finding *); /* from incident and clause */
/* And from the party that owes a duty: one incident has a finding for each. */
void finding_name_owing(struct finding *, const char *party);
/* {"at", "by", "does", "org", "why"} each. */
struct bytes finding_reviews(
	const struct finding_review *, size_t count, struct arena *);
MUST_USE bool finding_write(
	const struct finding *, struct fields *, struct fault *);
MUST_USE bool finding_read(
	const struct tree *, struct arena *, struct finding *, struct fault *);

struct findings {
	bool (*put)(void *self, const struct finding *, struct fault *);
	void *self;
};

#endif
