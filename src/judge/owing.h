/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * owing.h - what findings call up under a register: obligations (TERMS.md 6).
 *
 * A pure function of the register, the findings and what people and witnesses
 * made of them; breaches come in any order and give the same obligations.  A
 * raw incident calls nothing up.  A breach counts once for a pledge: what
 * follows within its window belongs to what is open already.  Each actor that
 * is bound owes on its own, each step of the ladder at its own time.  What
 * happens while a pledge, or what it stands under, is suspended or ended counts
 * for nothing. */
#ifndef JUDGE_OWING_H
#define JUDGE_OWING_H

#include "judge/pledges.h"
#include "model/obligation.h"

struct breach { /* a finding with verdict breach that nobody rejected */
	struct id id;
	struct instant from, to; /* the incident's origin time */
	const char *clause, *grade, *standard, *party;
	bool reviewed; /* two persons stand behind it */
	bool joint;    /* it is jointly accepted */
	bool both;     /* and so is its review */
};

struct owing {
	const struct pledges *guarantees;
	const struct breach *breach; /* by time, then id */
	size_t breaches;
	struct obligation *owed; /* standing; by opening, then id */
	size_t count;
};

/* Texts are borrowed from register and breaches, or lie in the arena.
 * FAULT_LIMIT: no room. */
MUST_USE bool owing_find(const struct pledges *, const struct breach *,
	size_t count, struct arena *, struct owing *, struct fault *);
/* One that was opened before and is not among those found: why it stands no
 * more, and what was opened instead.  false: it is among them. */
bool owing_fell(const struct owing *, struct obligation *);
/* Grades are words of the agreement; of minor, serious and grave each is more
 * than the one before, so `serious` asks for that or worse. */
bool grade_reaches(const char *grade, const char *wanted);

#endif
