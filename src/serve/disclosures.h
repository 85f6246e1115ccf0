/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * disclosures.h - POST /api/v1/disclosures: one entry of the log as a file
 * that anybody checks without us (`truce audit FILE`), open where the asker may
 * see, else withheld by name.  The log says first who is shown what, so it is a
 * write, by a known person. */
#ifndef SERVE_DISCLOSURES_H
#define SERVE_DISCLOSURES_H

#include "serve/api.h"
#include "serve/session.h"

void disclosures_answer(const struct api *, const struct wire_request *,
	const struct asker *, struct arena *, struct wire_response *);

#endif
