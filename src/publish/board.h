/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * board.h - the commitments board: what findings called up and how it stands,
 * every pledge with its words, stage, sources and accounts, every instrument
 * with its endorsements and what changed from draft to draft.
 *
 * One page for people, which needs no other and runs no script, in one of four
 * languages but for names, the register's words and what persons wrote; and the
 * same as JSON (docs/schema/board.json), which speaks English alone. */
#ifndef PUBLISH_BOARD_H
#define PUBLISH_BOARD_H

#include "base/arena.h"
#include "base/text.h"
#include "judge/drafts.h"
#include "model/obligation.h"

struct board_step { /* of a guarantor */
	struct instant at;
	const char *org, *does, *why; /* why: "" withheld */
	const char *evidence;         /* hex, or "" */
	bool counts;
};

struct board_owed {
	struct obligation record;
	enum obligation_state state;
	enum obligation_clock clock;
	bool contested, decidable;
	int64_t ledger_index; /* -1: not logged */
	const char *clause, *grade; /* of the finding; "" not known */
	const struct board_step *step;
	size_t steps;
};

struct board_deployed { /* notified, and named as done under a pledge */
	const char *pledge, *party, *what, *text;
	struct span span;
	struct instant received;
	double lat_deg, lon_deg, radius_m; /* NAN not known */
	struct id id;
};

struct board {
	const char *mission; /* its title, or name */
	const struct pledges *guarantees;
	const char *register_sha256;
	const struct board_owed *owed; /* as it is shown */
	size_t owed_count;
	const struct board_deployed *deployed; /* by beginning, then id */
	size_t deployed_count;
	const struct draft_change *change;
	size_t changes;
	const struct weaker *weaker;
	size_t weaker_count;
	const struct pledge_notice *notice;
	size_t notices;
	struct instant now, next; /* next: when it is due to be made anew */
	bool promised_only; /* for the public: nothing owed, nothing notified */
};

/* lang: "en", "uk", "ru", "fr"; the arena: for what is said. */
MUST_USE bool board_html(const struct board *, const char *lang,
	struct arena *, struct text *, struct fault *);
MUST_USE bool board_json(const struct board *, struct text *, struct fault *);

#endif
