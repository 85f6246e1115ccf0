/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * submission.h - PUT /api/v1/submissions/ID?source=S: a report, notice or
 * claim from the field or a party, as a file of the inbox.
 *
 * The body is JSON (truce.reports/1, notices/1, claims/1) or CSV, as a file
 * ingested by hand would be.  It is durable under inbox/S/ID.json before the
 * answer, which names its SHA-256; the next replay, or truce run, takes it in
 * and logs it, with what is wrong inside it kept as a fault.  Sent again it is
 * there already (200); other bytes under one ID are refused (409).
 *
 *	201 kept   200 was kept before   400 no such source   409 other bytes
 *	413 over SUBMISSION_BYTES   415 neither JSON nor CSV   422 no JSON */
#ifndef SERVE_SUBMISSION_H
#define SERVE_SUBMISSION_H

#include "serve/api.h"

enum { SUBMISSION_BYTES = 1 << 20, SUBMISSION_ID = 64 };

/* One at a time: the caller holds a lock. */
void submission_answer(const struct api *, const struct wire_request *,
	const char *id, struct arena *, struct wire_response *);

#endif
