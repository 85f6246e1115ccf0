/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * steps.h - the lines by which a verdict follows, in the view's language.
 *
 * A record has them in the judge's English (src/judge/opinion.c, notice.c,
 * duty.c; src/roles/court.c), which is what is hashed and compared.  Here each
 * form of line stands beside its three translations, with what is filled in.
 * The agreement's own words, its articles and rules, stay as they are. */
#ifndef PUBLISH_STEPS_H
#define PUBLISH_STEPS_H

#include "publish/report.h"

/* A line with its lines and zones by name; in English, or where it is of no
 * form that is known, as recorded but for those names, words of the records
 * ("quarry_blast") and times. */
const char *view_step(struct view *, const char *line);
/* With times as a clock is read: "2026-02-02 00:00:00 UTC". */
const char *view_moments(struct view *, const char *line);
/* {"explanation":[lines],"flips_if":text or null,"lang":lang} of a finding;
 * what there is no such word for is in English. */
MUST_USE bool steps_json(const struct mission *, const char *lang,
	const struct finding *, struct arena *, struct text *, struct fault *);

#endif
