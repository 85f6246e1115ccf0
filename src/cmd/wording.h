/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wording.h - `truce terms diff`: two wordings, and what the new one would
 * have made of past incidents; as text, JSON or a page. */
#ifndef CMD_WORDING_H
#define CMD_WORDING_H

#include "cmd/load.h"
#include "judge/diff.h"
#include "roles/rejudge.h"

struct wording_ask {
	const char *was, *is; /* files */
	const char *mission;  /* folder, or NULL: words only */
	const char *html;     /* file to write, or NULL */
	bool json;
};

int wording_diff(const struct cmd *, const struct wording_ask *);

/* -- of wording.c and wording_page.c -- */

/* What another verdict comes to, gravest first. */
enum effect {
	EFFECT_LOST,    /* was a breach, would be none */
	EFFECT_GAINED,  /* would be one */
	EFFECT_GRADE,   /* a breach of another grade */
	EFFECT_OPEN,    /* what was or would be undetermined, or in conflict */
	EFFECT_NEITHER, /* no breach under either wording */
	EFFECT_COUNT,
};
extern const char *const wording_effects[EFFECT_COUNT]; /* "lost", ... */

struct flipped { /* struct rejudged, kept */
	const char *incident, *rule;
	struct instant at;
	const char *what;  /* "2 weapon (tank)" */
	const char *where; /* "3 km north of Y", or "" */
	const char *party; /* whose breach it was or would be, or "" */
	enum kind kind;
	enum effect effect;
	const char *was, *is; /* verdicts in words, with the grade */
	const char *why_was, *why_is;
};

struct turn { /* of one rule, from one verdict to another: how many */
	const char *rule, *was, *is;
	enum effect effect;
	uint64_t count;
};

struct broken { /* an EXAMPLE of the old text, right by it, not by the new */
	const char *rule, *says;
	size_t line;
	const char *was, *is;
};

enum { TURNS_MAX = 4096, FLIPPED_MAX = 200000 };

struct wording {
	const struct wording_ask *ask;
	struct loaded mission;
	struct arena arena;
	const struct terms *was, *is;
	size_t wrong; /* errors in either */
	struct terms_change *change;
	size_t changes;
	struct broken *broken; /* in the order of the old text */
	size_t broke, examples; /* of so many */
	struct rejudging done;
	struct flipped *flipped; /* by effect, then in order of incidents */
	size_t count; /* kept, of done.changed */
	struct turn *turn; /* by effect */
	uint64_t effect[EFFECT_COUNT];
	size_t turns;
};

const char *wording_duty(const struct terms_change *); /* "weaker", ... or "" */
/* The changes of articles' words of duty and the new ways out, weakened most
 * first: indices into w->change. */
MUST_USE bool wording_ranked(const struct wording *, struct arena *,
	size_t **out, size_t *count, struct fault *);
/* A text and its law that do not move together: "article 5: its words changed,
 * no rule of it did", or "rule 5.a changed, the words of article 5 did not".
 * false: nothing to say of this change. */
bool wording_apart(const struct wording *, const struct terms_change *,
	struct text *);
/* Of a rule the signed words that it states, by the new text, or the old where
 * it is gone; its article is "" where it stands alone, or is no rule. */
struct rule_view wording_law(
	const struct wording *, const struct terms_change *);
/* "5 breaches would be none any more: A1.a 3, A1.b 2" */
void wording_effect(const struct wording *, enum effect, struct text *);
/* "6 of the 62 examples of the old text fail under the new: A1.a 4, ..." */
void wording_examples(const struct wording *, struct text *);
/* What is said where no mission was named, so no past incident judged. */
extern const char wording_unjudged[];
/* All of it in a few lines of text; nothing where nothing changed. */
MUST_USE bool wording_short(const struct wording *, struct text *,
	struct arena *, struct fault *);
MUST_USE bool wording_page(struct wording *, struct text *,
	struct fault *);

#endif
