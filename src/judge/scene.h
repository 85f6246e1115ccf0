/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scene.h - an incident as the rules see it: its numbers made integers once,
 * its distance to each line and zone found once, on demand.
 *
 * Attributes read: weapon (one word or a list, "tank, apc"), calibre_mm or
 * calibre_min_mm and calibre_max_mm (words or features), party (who, on
 * evidence), assessment.  What is not said is open: anything from 0 to 1. */
#ifndef JUDGE_SCENE_H
#define JUDGE_SCENE_H

#include "judge/reach.h"
#include "judge/trace.h"

enum { SCENE_SLOTS = 16 };

struct look { /* at one line or border */
	bool reached;
	bool open; /* of an EXAMPLE: nobody said on which side of it */
	struct reach reach;
	struct sight sight;
	struct reach *spare[SCENE_SLOTS]; /* as reach, by slot of scale */
};

/* What a rule asks that neither the place nor its error changes: asked once,
 * however often the rule is judged again.  Bits say what is there. */
struct still {
	bool subject;
	/* Of a rule that hangs on one distance alone: all the rest of it. */
	struct form {
		bool made, can;
		const struct condition *place;
		struct chance rest, unless; /* conditions, exceptions */
		int applied, may;
		bool out, enough;
		const char *cause;
	} form;
	uint32_t conditions, exceptions;
	struct chance of_subject, of_condition[TERMS_CONDITIONS_MAX],
		of_exception[TERMS_EXCEPTIONS_MAX];
};

struct scene {
	const struct terms *terms;
	const struct facts *facts;
	const struct incident *incident;
	struct arena *scratch;
	struct fault *fault;
	bool broke; /* out of memory: fault says so */

	int32_t kind[KIND_COUNT]; /* millionths */
	int32_t likeliest;        /* of a known kind */
	struct chance *class_;    /* by class */
	uint32_t weapons;         /* bits; 0: not known */
	const char *odd_weapon;   /* a word that is none of them, or NULL */
	int64_t calibre_low_um, calibre_high_um; /* high < 0: not known */
	int64_t from_us, to_us;   /* from < 0: not known */
	int64_t alt_mm;
	bool alt_known;
	const char *party;        /* on evidence; "" not known */
	int modalities;
	struct cloud *cloud;
	struct look **look;       /* by area, then control */
	struct cloud **spare;     /* by slot of scale, for flips: made once */
	struct reach *spot_reach;
	bool given;               /* an EXAMPLE: each look is filled already */

	struct still still;       /* of the rule that is judged */
	const char *who_saw;      /* of the incident, a line; NULL not made */
	char when[96];            /* "time ..., "; "" not made */
	const char *asked;        /* of a duty: who owes it; "" not known */
	bool suppose_undone;      /* what a duty asks, for its flips */

	/* What the flips ask: the region bigger or smaller, the place nearer
	 * to `shifted` by shift_mm. */
	int64_t scale, shift_mm;
	size_t slot, shifted;
	int64_t margin_mm;        /* least distance to a limit met so far */

	/* With less than full care every share is the widest interval it may
	 * have, or the tightest, whose ends may cross; `rough` says that some
	 * were not the same. */
	enum care care;
	bool tight, rough;
};

/* Everything but memory succeeds.  `like` is a scene of the same incident
 * under another wording, bound to the same mission, or NULL: what one of them
 * finds of the geometry that both name is the other's too, while both are. */
MUST_USE bool scene_of(struct scene *, const struct terms *,
	const struct facts *, const struct incident *,
	const struct scene *like, struct arena *scratch, struct fault *);
/* Probability of an expression, and of the kinds of a manner of speaking
 * (`presence of`, ...) joined to it. */
struct chance scene_is(struct scene *, const struct expression *);
struct chance scene_kinds(const struct scene *, uint32_t kinds);
/* Within limit of a line or zone's border (0: inside); error from the area.
 * *r is the reach used, or NULL where place or geometry is not known. */
struct chance scene_within(struct scene *, size_t area, int64_t limit_mm,
	const struct reach **r);
/* Is the share within limit, with the whole error for or against it, at least
 * so many millionths?  By as little geometry as tells; false when s->broke. */
bool scene_at_least(struct scene *, size_t area, int64_t limit_mm, int sign,
	int32_t ppm);
/* On ground that a party controls: by the map in force at the incident's time
 * (the newest of those dated before it; undated ones before all), and where
 * that may be one of several, by each of them. */
struct chance scene_control(struct scene *, const char *party);
/* The date of the map in force, us; 0 undated, -1 several or none. */
int64_t scene_map(const struct scene *);
/* Within limit of a spot. */
struct chance scene_near(struct scene *, struct spot, int64_t limit_mm,
	int64_t *distance_mm);
/* Times against a window of each local day. */
struct chance scene_daily(const struct scene *, int64_t from_us,
	int64_t to_us);
struct chance scene_time(const struct scene *, int64_t from_us, int64_t to_us);

#endif
