/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * submission.h - PUT /api/v1/submissions/ID?source=S: a report, notice or
 * claim from the field or a party, as a file of the inbox.
 *
 * The body is JSON (truce.reports/1, notices/1, claims/1) or CSV, as a file
 * ingested by hand would be.  It is durable under inbox/S/ID.sent.json before
 * the answer, which names its SHA-256; the next replay, or truce run, takes it
 * in and logs it, with what is wrong inside it kept as a fault.  Sent again it
 * is there already (200); other bytes under one ID are refused (409).
 *
 * A photo of a report, JPEG or PNG, comes likewise, with the SHA-256 of its
 * bytes as its ID, by which the report names it; it lies in inbox/S/ID.jpg (or
 * .png) to be taken in as any file is (formats/photo.c).  Nothing of it is
 * read here but its first bytes.
 *
 *	201 kept   200 was kept before   400 no such source   409 other bytes
 *	413 over SUBMISSION_BYTES, a photo over PHOTO_BYTES
 *	415 none of these   422 no JSON, no picture, another SHA-256 */
#ifndef SERVE_SUBMISSION_H
#define SERVE_SUBMISSION_H

#include "serve/api.h"

enum {
	SUBMISSION_BYTES = 1 << 20,
	PHOTO_BYTES = 8 << 20, /* the longest body that any request has */
	SUBMISSION_ID = 64,
};

/* One at a time: the caller holds a lock. */
void submission_answer(const struct api *, const struct wire_request *,
	const char *id, struct arena *, struct wire_response *);

#endif
