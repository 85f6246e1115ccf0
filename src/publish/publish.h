/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * publish.h - findings become the daily report; into a sink.
 *
 * A publisher is one file, src/publish/NAME.c, that defines `publisher_NAME`,
 * found by its name.  Same input, same bytes.  What is withheld at a level is
 * withheld in every publisher: report.c prepares the input once. */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include "base/sink.h"
#include "judge/judge.h"
#include "model/activity.h"
#include "model/finding.h"
#include "model/health.h"
#include "model/look.h"
#include "model/mission.h"
#include "watch/watch.h"

enum level { LEVEL_PUBLIC, LEVEL_PARTIES, LEVEL_MISSION, LEVEL_RESTRICTED };
int level_named(const char *);
const char *level_name(enum level);

struct proof { /* printed as the last block `Proof` */
	struct digest root;
	uint64_t size, index;
	struct instant at; /* of the ledger's last entry */
	const char *origin; /* of its checkpoints; NULL: there is no log */
};

struct report_part { /* what one period holds */
	struct period period;
	const struct incident *incident; /* newest versions, by time then id */
	size_t incident_count;
	size_t outside; /* more, wholly outside the mission's area: left out */
	const struct finding *finding;   /* by incident, then clause */
	size_t finding_count;
	const struct coverage *coverage;
	size_t coverage_count;
	struct limits limits; /* of explosions */
};

struct depiction { /* of a located sound: publish/picture.h */
	struct id incident;
	struct bytes svg;
};

enum edition {
	EDITION_DAILY,
	EDITION_WEEK, /* `now` are seven periods, `before` the seven before */
	EDITION_SPOT, /* `now` holds one incident */
};

struct correction { /* of what an earlier report said */
	struct id incident;
	struct instant at, of; /* when it was made; the incident's time */
	const char *does, *org, *why;
	/* Of what had been published: "p-190", by roles instead of org, and
	 * `why` is for everybody; else NULL. */
	const char *published;
};

struct report {
	enum edition edition;
	const struct report_part *day; /* of a week: its periods, in order */
	size_t day_count;
	const struct correction *correction; /* made in the period, by time */
	size_t correction_count;
	const struct mission *mission;
	const struct terms *terms;
	struct report_part now, before;  /* before: for comparison */
	const struct detection *detection; /* cited ones, by id */
	size_t detection_count;
	const struct health *health;     /* by source, from */
	size_t health_count;
	const struct look *look;
	size_t look_count;
	const struct activity *activity; /* that touch the period */
	size_t activity_count;
	const struct claim *claim;
	size_t claim_count;
	const struct depiction *depiction; /* by the incident's time */
	size_t depiction_count;
	enum level level;
	const char *lang;                /* "en" */
	const char *rules_version;       /* of truce's own rules */
	struct proof proof;
};

struct publisher {
	const char *name;  /* "html" */
	const char *about, *media_type, *suffix;
	MUST_USE bool (*print)(const struct report *, struct arena *,
		struct sink, struct fault *);
};

extern const struct publisher *const publishers[]; /* NULL ends it */

#endif
