/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cap.h - a published finding as a CAP 1.2 alert (OASIS, 1 July 2010).
 *
 * Times have numeric offsets, UTC being -00:00, as the standard asks; polygons
 * are closed; places are those of the level public.  `sent` is when it was
 * published, so the same finding gives the same bytes. */
#ifndef PUBLISH_CAP_H
#define PUBLISH_CAP_H

#include "judge/judge.h"
#include "model/finding.h"
#include "model/mission.h"

enum cap_message {
	CAP_ALERT,
	CAP_UPDATE, /* of an earlier version that was published */
	CAP_CANCEL, /* what was published is withdrawn */
};

struct cap {
	const struct mission *mission;
	const struct terms *terms; /* or NULL */
	const struct finding *finding;
	const struct incident *incident; /* NULL: not at hand */
	const char *sender;  /* the log's name */
	struct instant sent; /* when it was published */
	bool actual;         /* a person says so: else a draft, which nobody
			      * acts on */
	int64_t ledger_index;
	struct digest leaf;
	enum cap_message message;
	int64_t change;  /* entry that makes this message; 0: the publication */
	const char *references; /* cap_reference() of each message that this
				 * one updates or cancels, blanks between; or
				 * NULL */
	const char *note; /* or NULL */
};

/* "sender,identifier,sent" (3.2.1). */
void cap_reference(const struct cap *, struct text *);
MUST_USE bool cap_print(const struct cap *, struct text *, struct fault *);

#endif
