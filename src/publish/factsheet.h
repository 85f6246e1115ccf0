/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * factsheet.h - one finding on one page: the facts, the law, the trace, what
 * both parties say, what it calls up.  No script, no remote part.  In one of
 * four languages, but for names, the agreement, the register's words and what
 * persons wrote. */
#ifndef PUBLISH_FACTSHEET_H
#define PUBLISH_FACTSHEET_H

#include "judge/judge.h"
#include "model/finding.h"
#include "publish/board.h"

struct factsheet {
	const struct mission *mission;
	const struct terms *terms; /* or NULL */
	const struct finding *finding;
	const struct incident *incident; /* NULL: it is not at hand */
	const char *status; /* what people made of the finding */
	const struct board_owed *owed; /* what it began or completed */
	size_t owed_count;
	const struct pledges *guarantees; /* for names; or NULL */
	int64_t ledger_index; /* -1: not logged */
	struct digest leaf;
	struct instant now;
	const char *lang; /* "en", "uk", "ru", "fr" */
};

MUST_USE bool factsheet_html(const struct factsheet *, struct arena *,
	struct text *, struct fault *);

#endif
