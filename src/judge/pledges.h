/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pledges.h - the register of guarantees (TERMS.md 6, truce-pledges(5)): who
 * promised what, under which instrument and wording, endorsed by whom, what
 * was paid of it, and what a finding calls up.
 *
 * A register is read like the agreement: all its errors with line, column and
 * what was wanted.  Whole numbers only: money in hundredths, times in us.
 * Nothing here acts: an obligation is opened, shown and remembered. */
#ifndef JUDGE_PLEDGES_H
#define JUDGE_PLEDGES_H

#include "judge/judge.h"

enum {
	PLEDGES_BYTES_MAX = 1 << 20,
	PLEDGE_NAMES_MAX = 64,  /* actors of one list */
	PLEDGE_STAGES_MAX = 16, /* of one instrument or pledge */
	PLEDGE_STEPS_MAX = 16,  /* of one ladder */
};

/* How far a promise has come in law; each is more than the one before, but
 * for the last two. */
enum legal {
	LEGAL_MENTIONED, LEGAL_DRAFT, LEGAL_ANNOUNCED, LEGAL_ENDORSED,
	LEGAL_SIGNED, LEGAL_RATIFIED, LEGAL_IN_FORCE, LEGAL_SUSPENDED,
	LEGAL_ENDED, LEGAL_COUNT, /* also: not stated */
};
const char *legal_name(enum legal);

struct names { /* ids of actors */
	const char **at;
	size_t count;
};

struct citation { /* where it is said; says "" : not stated */
	const char *says; /* a file, an address, or words */
	size_t line;      /* of that file; 0 not stated */
	bool reported;    /* by the press or others, not by who promised */
};

struct legal_stage {
	enum legal is;
	struct instant at;
	struct citation source;
};

struct draft { /* of an instrument; the final text is one, too */
	const char *id, *instrument, *file;
	struct instant at;
	const char *sha256_hex; /* "" not stated */
	struct citation source;
	size_t line, column;
};

struct endorsement {
	const char *instrument;
	struct names by;
	bool withheld;    /* NOT BY */
	const char *said; /* "" */
	struct instant at; /* unknown: not stated */
	struct citation source;
};

struct instrument {
	const char *id, *title;
	struct instant at;
	struct legal_stage stage[PLEDGE_STAGES_MAX]; /* by time */
	size_t stages;
	struct citation source;
	size_t line, column;
};

struct ladder_step {
	int64_t after_us;
	const char *what;
};

struct ladder {
	const char *id;
	const char *grade, *standard; /* of the first breach; "" any */
	struct ladder_step step[PLEDGE_STEPS_MAX]; /* ascending */
	size_t steps;
	struct citation source;
};

struct trigger { /* over findings, never over raw incidents */
	bool given;
	int64_t at_least;  /* breaches */
	int64_t within_us; /* from the first to the last; 0: not asked */
	const char *clause, *grade, *standard, *party; /* "" any */
	bool reviewed; /* counts only what two persons stand behind */
	bool joint;    /* only what is jointly accepted */
};

/* The strength of a promise's word, as lawyers rank it. */
enum modality_word {
	MODAL_NONE, MODAL_COULD, MODAL_MAY, MODAL_STANDS_READY, MODAL_INTENDS,
	MODAL_WILL, MODAL_MUST, MODAL_SHALL,
};
/* Of the weakest such word in a text ("will, where it may" is may). */
enum modality_word modality_of(const char *text);
const char *modality_word_name(enum modality_word);

struct pledge {
	const char *id;
	struct names from, to;
	bool from_endorsers;  /* those who endorsed `under`, not withheld */
	struct names act;     /* words, any of them */
	int64_t quantity_min, quantity_max; /* -1 not stated */
	const char *unit;
	const char *domain;   /* land sky sea cyber funds training or "" */
	const char *modality; /* the words; "" not stated */
	struct legal_stage stage[PLEDGE_STAGES_MAX];
	size_t stages;
	const char *under;    /* instrument, or "" */
	const char *ladder;   /* or "" */
	const char *authority; /* who decides, in words; "" */
	struct trigger trigger;
	int64_t due_us;       /* after the trigger; -1 not stated */
	struct citation source;
	size_t line, column;
};

enum flow_is {
	FLOW_COMMITTED, FLOW_ALLOCATED, FLOW_DELIVERED, FLOW_VERIFIED,
	FLOW_COUNT,
};
const char *flow_name(enum flow_is);

struct flow { /* one row; below zero: a correction */
	const char *pledge;
	enum flow_is is;
	struct instant at;
	int64_t amount; /* hundredths */
	const char *unit; /* EUR, troops, ... */
	int64_t price_year; /* 0: current prices */
	struct citation source;
	size_t line, column;
};

struct pledges {
	const char *id, *title;
	struct party *actor; /* id and name */
	size_t actors;
	struct instrument *instrument;
	size_t instruments;
	struct draft *draft;
	size_t drafts;
	struct endorsement *endorsement;
	size_t endorsements;
	struct ladder *ladder;
	size_t ladders;
	struct pledge *pledge;
	size_t pledge_count;
	struct flow *flow; /* in order of the text */
	size_t flows;
};

/* Reads all of it; errors in order of place, *out set even then.  false is a
 * LIMIT fault only. */
MUST_USE bool pledges_read(struct bytes, struct arena *,
	struct pledges **out, const struct terms_error **errors,
	size_t *error_count, struct fault *);
/* In one form, as JSON (docs/schema/pledges.json); its SHA-256 is the version
 * of the register. */
MUST_USE bool pledges_canonical(
	const struct pledges *, struct text *out, struct fault *);
const struct pledge *pledge_named(const struct pledges *, const char *id);
const struct instrument *instrument_named(
	const struct pledges *, const char *id);
/* The last stage reached; LEGAL_COUNT when none is stated. */
enum legal legal_now(const struct legal_stage *, size_t count);
/* Suspended or ended then, it or what it stands under: nothing that happens is
 * owed for.  A stage without a date has always been. */
bool pledge_rests(
	const struct pledges *, const struct pledge *, struct instant);
/* Who owes it: `from`, or those who endorsed its instrument. */
bool pledge_binds(const struct pledges *, const struct pledge *,
	const char *actor);
/* Did an actor endorse what a pledge stands under: "yes", "no", "withheld";
 * "" where that is nothing. */
const char *pledge_endorsed(const struct pledges *, const struct pledge *,
	const char *actor);
/* SHA-256, 64 hex digits, of a pledge and its ladder in one form: under which
 * wording something is owed. */
MUST_USE bool pledge_wording(const struct pledges *, const struct pledge *,
	struct arena *, const char **hex, struct fault *);

/* What one pledge was given, in one unit and price year: kinds apart, never
 * added up.  open = committed - allocated, at least 0: an allocation is taken
 * out of what was committed before, never added to it. */
struct account {
	const char *unit;
	int64_t price_year;
	int64_t sum[FLOW_COUNT]; /* hundredths */
	int64_t open;
	int64_t sourced[FLOW_COUNT]; /* of it, rows with a source */
	bool over; /* more allocated than committed, or delivered than
		    * allocated, or verified than delivered */
};
/* Of one pledge, or of all (NULL); in order of first row.  FAULT_LIMIT: more
 * than `room`. */
MUST_USE bool pledges_accounts(const struct pledges *, const char *pledge,
	struct account *, size_t room, size_t *count, struct fault *);

/* Things a guarantor should be told. */
enum notice_is {
	NOTICE_NOT_ENDORSED, /* who owes it has not endorsed the instrument */
	NOTICE_WITHHELD,     /* ... or said so */
	NOTICE_NO_SOURCE,
	NOTICE_NO_TEXT,      /* a pledge under no instrument */
	NOTICE_OVER,         /* an account is over: see account */
	NOTICE_SUSPENDED,    /* its instrument or itself, or ended */
	NOTICE_COUNT,
};
struct pledge_notice {
	enum notice_is is;
	const char *pledge, *actor; /* actor "" where none is meant */
	size_t line, column;
};
const char *notice_name(enum notice_is);
MUST_USE bool pledges_notices(const struct pledges *, struct arena *,
	struct pledge_notice **, size_t *count, struct fault *);

#endif
