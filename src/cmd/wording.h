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

struct flipped { /* struct rejudged, kept */
	const char *incident, *rule;
	struct instant at;
	enum kind kind;
	const char *was, *is; /* verdicts in words, with the grade */
	const char *why_was, *why_is;
};

struct turn { /* of one rule, from one verdict to another: how many */
	const char *rule, *was, *is;
	uint64_t count;
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
	struct rejudging done;
	struct flipped *flipped;
	size_t count; /* kept, of done.changed */
	struct turn *turn;
	size_t turns;
};

const char *wording_duty(const struct terms_change *); /* "weaker", ... or "" */
MUST_USE bool wording_page(const struct wording *, struct text *,
	struct fault *);

#endif
