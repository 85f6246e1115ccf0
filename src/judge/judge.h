/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * judge.h - the agreement as law that computes (TERMS.md).
 *
 * terms_read() parses a .terms text; terms_bind() gives it the geometry it
 * names, checked by hash; judge_incident() says what each rule makes of an
 * incident.  Fixed point throughout: lengths in mm, times in us, angles in
 * 1e-7 degree, probabilities in 1e-6.  No libm, no floating-point number but
 * those that are converted on entry from records at their stated digits. */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include "model/activity.h"
#include "model/finding.h"
#include "model/mission.h"

struct terms; /* opaque: in the arena it was read into */

struct terms_error {
	size_t line, column;
	char text[200]; /* what was wrong, what was wanted, nearest word */
};

/* Reads all of it; errors (up to 1000) in order of line.  *out is set even
 * when there are errors; false is a LIMIT fault only. */
MUST_USE bool terms_read(struct bytes, struct arena *, struct terms **out,
	const struct terms_error **errors, size_t *error_count,
	struct fault *);
/* Names of the files the terms refer to, and the hash each must have. */
size_t terms_files(const struct terms *);
const char *terms_file(const struct terms *, size_t, struct digest *sha256);
/* Gives the geometry: each file's shapes from the mission (shape.file).
 * Errors as above (missing file, wrong hash, not a polygon, ...). */
MUST_USE bool terms_bind(struct terms *, const struct mission *,
	struct arena *, const struct terms_error **errors,
	size_t *error_count, struct fault *);
const char *terms_name(const struct terms *); /* "demo/1" */
/* Of a text without a mission: its time zone ("" not stated) and where it
 * stands, and the zone's table, for its examples; the version stays that of
 * the text alone. */
const char *terms_timezone(
	const struct terms *, size_t *line, size_t *column);
void terms_clock(struct terms *, const struct zone_offset *, size_t count);
/* Its lines and zones that are files of the mission's, by what these call
 * them; one whose file has several names is called by none. */
MUST_USE bool terms_called(const struct terms *, const struct mission *,
	struct arena *, const struct called **, size_t *count, struct fault *);
/* The version: SHA-256 of the canonical form. */
struct digest terms_sha256(const struct terms *);
MUST_USE bool terms_canonical(
	const struct terms *, struct text *out, struct fault *);

/* All of it read back, in words and lines, after whatever was wrong was told;
 * moments by its own clock too, once bound or given that clock. */
MUST_USE bool terms_show(
	const struct terms *, struct text *out, struct fault *);
/* What is no error and can hardly be meant, by line: a rule or exception that
 * nothing meets or that voids another, an article without a rule, a rule
 * without an example.  Up to 1000; false is a LIMIT fault only. */
MUST_USE bool terms_remarks(const struct terms *, struct arena *,
	const struct terms_error **, size_t *count, struct fault *);

size_t terms_rules(const struct terms *);
struct rule_view { /* for reports */
	const char *id, *article, *text, *standard;
	const char *words; /* "rule 4.a forbids presence of heavy ..." */
};
struct rule_view terms_rule(const struct terms *, size_t);

struct facts {
	const struct mission *mission;
	const struct activity *activity; /* sorted by received, then id */
	size_t activity_count;
	const struct claim *claim;       /* those that concern the incident */
	size_t claim_count;
	/* All that was received by then is on record; 0 or unknown: nobody
	 * knows, so that no window has passed. */
	struct instant known;
};

/* One finding a rule that names the incident's kind at all, in order of the
 * rules; those NOT APPLICABLE included.  Of a duty one for each party that
 * owes it, in order of the parties. */
MUST_USE bool judge_incident(const struct terms *, const struct facts *,
	const struct incident *, struct arena *, const struct findings *,
	struct fault *);

/* The same of some rules only, and without reasons. */
struct judge_ask {
	const bool *rules; /* those asked for, by number; NULL: all */
	/* Verdict, grade and cause alone, by as little geometry as decides
	 * them: no id, no interval (0 to 1), no explanation, no flip, and as
	 * party who owes a duty, else "". */
	bool brief;
	bool unflipped; /* whole findings, whose flips_if is "" */
	uint64_t *passed; /* findings of rules not asked for; or NULL */
};
MUST_USE bool judge_asked(const struct terms *, const struct facts *,
	const struct incident *, const struct judge_ask *, struct arena *,
	const struct findings *, struct fault *);

/* One incident asked of more than once, or under two wordings bound to one
 * mission: `like` is its hearing under the other, or NULL.  It lies in the
 * scratch arena, borrows all it is given, and what it finds of the geometry
 * stays in it. */
struct hearing;
MUST_USE bool judge_hear(const struct terms *, const struct facts *,
	const struct incident *, const struct hearing *like,
	struct arena *scratch, struct hearing **, struct fault *);
/* Findings as from judge_asked(); they lie in the arena. */
MUST_USE bool judge_heard(struct hearing *, const struct judge_ask *,
	struct arena *, const struct findings *, struct fault *);
/* A scratch arena at the end of what is free of another, which has so much less
 * until the size it had is put back. */
struct arena judge_scratch(struct arena *);
/* Of what decides a rule's verdict on given facts: its words, and the classes,
 * standard, lines, zones, parties and offsets behind them.  Equal hashes, and
 * one mission's control, give equal verdicts. */
struct digest terms_rule_sha256(const struct terms *, size_t);

/* The examples written in the agreement, each judged by its rule. */
struct example_result {
	const char *rule, *says;
	size_t line, column;
	enum verdict want, got;
	bool asked; /* the rules have one of that name, and its zones */
};
size_t terms_examples(const struct terms *);
MUST_USE bool terms_example(const struct terms *, size_t, struct arena *,
	struct example_result *, struct fault *);
/* One of `of` by the rules of another wording. */
MUST_USE bool terms_example_under(const struct terms *of, size_t,
	const struct terms *, struct arena *, struct example_result *,
	struct fault *);

#endif
