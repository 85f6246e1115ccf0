/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * obligation.h - what one actor owes, under one pledge, because findings
 * reached the pledge's trigger (TERMS.md 6).
 *
 * Each step of the pledge's ladder is an obligation of its own, with its own
 * due time; the pledge's DUE is one without a step.  The clock starts from the
 * interval of the first breach's origin time, so opening and due time are
 * intervals.  What the record says is what the engine derived; what people
 * made of it stands in the log beside it (docs/people.md), and that a deadline
 * passed is read off a clock, never written.
 *
 * A record whose finding falls stays, with `stands` false and the reason. */
#ifndef MODEL_OBLIGATION_H
#define MODEL_OBLIGATION_H

#include "base/tree.h"
#include "model/fields.h"
#include "model/id.h"
#include "model/obligation_state.h"

const char *obligation_state_name(enum obligation_state);

enum obligation_fall { /* why it stands no more */
	OBLIGATION_STANDS,
	OBLIGATION_NO_BREACH,  /* its finding is none any more */
	OBLIGATION_NO_TRIGGER, /* others began it, or too few are left */
	OBLIGATION_NO_PLEDGE,  /* the register says it no more */
	OBLIGATION_FALLS,
};

struct obligation {
	struct id id;
	uint32_t version;
	const char *pledge, *actor;
	const char *step;       /* of its ladder; "": the pledge's own */
	const char *const *act; /* any of these */
	size_t acts;
	const char *const *to;
	size_t tos;
	const char *instrument; /* or "" */
	const char *endorsed;   /* "yes", "no", "withheld"; "" no instrument */
	const char *stage;      /* legal, as it stands; or "" */
	const char *modality;   /* the promise's own words; or "" */
	const char *strength;   /* of them: "may"; or "" */
	const char *authority;  /* who decides, in words; or "" */
	const char *wording_sha256; /* of pledge and ladder as they were */
	struct id finding;      /* the first breach */
	struct id completed_by; /* the one that reached the trigger */
	struct span opens;      /* the first breach's origin time */
	struct span due;        /* unknown where none is stated */
	enum obligation_fall fall;
	struct id replaced_by;  /* by what it was opened anew; "" none */
};

void obligation_name(struct obligation *); /* from what called it up */
MUST_USE bool obligation_write(
	const struct obligation *, struct fields *, struct fault *);
MUST_USE bool obligation_read(const struct tree *, struct arena *,
	struct obligation *, struct fault *);
const char *obligation_fall_name(enum obligation_fall);

/* Where a clock stands that ends in an interval. */
enum obligation_clock {
	CLOCK_NONE,    /* no due time is stated */
	CLOCK_AHEAD,
	CLOCK_NEAR,    /* the last quarter of its time, a day at most */
	CLOCK_PERHAPS, /* within the interval: perhaps passed */
	CLOCK_PASSED,
	CLOCKS,
};
enum obligation_clock obligation_clock(
	const struct obligation *, struct instant now);
const char *obligation_clock_name(enum obligation_clock);
/* By what people made of it, and a clock: what nobody decided before it was
 * due for certain has lapsed. */
enum obligation_state obligation_at(
	enum obligation_state, enum obligation_clock);

#endif
