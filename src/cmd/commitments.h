/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * commitments.h - the commitments board of a mission, from its register, its
 * drafts, its store. */
#ifndef CMD_COMMITMENTS_H
#define CMD_COMMITMENTS_H

#include "cmd/load.h"

struct commitments_ask {
	struct loaded *mission; /* with a register */
	struct instant now;
	const char *out; /* a file; NULL: stdout */
	const char *lang; /* of the page: en, uk, ru, fr */
	bool json;
	bool public; /* what is promised alone: no finding, no notice */
};

MUST_USE bool commitments_write(
	const struct commitments_ask *, struct arena *, struct fault *);

#endif
