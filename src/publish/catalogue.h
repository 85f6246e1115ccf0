/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * catalogue.h - the fixed text of a report, a language each.
 *
 * Headings and terms are words; what is said of numbers are sentences, one
 * per count case and language, with {0}, {1}, ... for what is filled in: no
 * fragments are joined, so a translator may put them in any order.  English
 * is authoritative (R17); what a language lacks is said in English. */
#ifndef PUBLISH_CATALOGUE_H
#define PUBLISH_CATALOGUE_H

#include "base/text.h"
#include "model/words.h"

enum word {
	W_REPORT, W_PERIOD, W_FROM, W_TO, W_EVENINGS, W_CUTOFF, W_TZDATA,
	W_LEVEL, W_STATUS, W_RULES, W_TERMS, W_LINES, W_SUMMARY, W_MAP,
	W_TIMELINE, W_FINDINGS, W_EVENTS, W_WEAPONS, W_HARM, W_RESTRICTIONS,
	W_COVERAGE, W_NOTIFIED, W_CLAIMS, W_HEALTH, W_METHOD, W_PROOF,
	W_KIND, W_RECORDED, W_OF_WHICH_NOTIFIED, W_BEFORE, W_CHANGE,
	W_WATCHED, W_WATCHED_BEFORE, W_PARTLY, W_NOT_WATCHED, W_AREA, W_MEANS,
	W_POSITION, W_PLACE, W_NUMBER, W_OBSERVATION, W_DESCRIPTION, W_WEAPON,
	W_TIME, W_FINDING, W_ID, W_TYPE, W_CALIBRE, W_SOURCE, W_STATE,
	W_BY_WHOM, W_EXPLANATION, W_CAUSE, W_NOTICE, W_WHY, W_DURATION,
	W_PARTY_SAYS, W_MISSION_FINDS, W_INCIDENT, W_DATE, W_ALL_AREA,
	W_NOT_KNOWN, W_NOT_STATED, W_NONE_RECORDED, W_NOT_COMPARABLE,
	W_OUTSIDE_ZONES, W_NO_RULE, W_NOTICE_TRANSLATED, W_INCIDENTS,
	W_ROOT, W_SIZE, W_INDEX, W_AT, W_PREVIOUS_PERIOD, W_MODALITY,
	W_DIFFERENCE, W_SOFTWARE, W_PLACE_NOT_KNOWN, W_LIMITS,
	W_SPOT_REPORT, W_WEEK_REPORT, W_CORRECTIONS, W_DAYS, W_DID, W_WHOLE_OF,
	W_OTHER_INCIDENTS, W_NO_CORRECTION, W_STEPS, W_RECORDS, W_REVIEWS,
	W_KINDS_LIKELY, W_SILENT,
	WORD_COUNT,
};

enum sentence {
	S_INCIDENTS,     /* {0} incidents now, {1} before */
	S_FINDINGS,      /* {0} breach {1} undetermined {2} no breach {3} not
	                  * applicable {4} conflict; n: all */
	S_WATCHED,       /* {0} kind, {1} now, {2} before */
	S_WATCHED_APART, /* the same, not comparable */
	S_WATCHED_ONCE,  /* {0} kind, {1} now; not known before */
	S_WATCHED_NEVER, /* {0} kind; not known */
	S_GLIMPSED,      /* {0} kind, {1} the looks */
	S_LIMIT,         /* {0} what would have been heard */
	S_NOTIFIED,      /* {0} incidents set apart */
	S_BLIND,         /* {0} sources of {1} failed at times */
	S_NOT_BLIND,     /* all {0} sources */
	S_REJECTED,      /* {0} incidents rejected on review */
	S_UNPLACED,      /* {0} incidents without a place */
	S_OUTSIDE,       /* {0} incidents outside the area */
	S_MORE,          /* {0} further findings, in the table */
	S_EVENINGS,      /* {0} */
	S_NONE_OF_KIND,  /* {0} watched share: "none recorded" */
	S_NONE_UNKNOWN,
	SENTENCE_COUNT,
};

enum plural { PLURAL_ONE, PLURAL_FEW, PLURAL_MANY, PLURAL_OTHER, PLURALS };

struct catalogue {
	const char *lang; /* "en" */
	enum plural (*plural)(uint64_t n); /* CLDR cardinal rules, integers */
	const char *word[WORD_COUNT];      /* NULL: English */
	const char *sentence[SENTENCE_COUNT][PLURALS]; /* NULL: "other" */
	const char *kind[KIND_COUNT];      /* plural: "explosions" */
	const char *verdict[VERDICT_COUNT];
};

/* English when there is no such language. */
const struct catalogue *catalogue_of(const char *lang);
const char *catalogue_word(const struct catalogue *, enum word);
/* A name of the house's in words, in English: "quarry_blast" is "quarry
 * blast". */
void catalogue_spoken(struct text *, const char *name);
const char *catalogue_kind(const struct catalogue *, enum kind);
const char *catalogue_verdict(const struct catalogue *, enum verdict);
/* The catalogue whose sentences are said: this one when it has them all, else
 * English, so that no sentence mixes two languages. */
const struct catalogue *catalogue_speaker(const struct catalogue *);
/* The sentence for n, with what stands in its braces. */
void catalogue_say(const struct catalogue *, struct text *, enum sentence,
	uint64_t n, const char *const *args, size_t count);

#endif
