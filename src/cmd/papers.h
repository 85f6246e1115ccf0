/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * papers.h - a finding as a paper: its sheet (publish/factsheet.h), and once it
 * is published its alert (publish/cap.h). */
#ifndef CMD_PAPERS_H
#define CMD_PAPERS_H

#include "cmd/telling.h"

struct papers_ask {
	const struct found *finding;
	const struct incident *incident; /* or NULL */
	const char *status; /* as people made it; NULL: as it says itself */
	const char *sheet, *cap; /* files; NULL: not wanted */
	const char *lang; /* of the sheet */
	bool actual; /* of cap: status Actual, not Draft */
};

/* INPUT fault: it is no finding, or not published. */
MUST_USE bool papers_write(
	struct telling *, const struct papers_ask *, struct fault *);

#endif
