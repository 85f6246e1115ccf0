/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * depict.h - of a located sound: the list of its arrivals, and its picture. */
#ifndef CMD_DEPICT_H
#define CMD_DEPICT_H

#include "base/json.h"
#include "cmd/telling.h"

/* A line for each sensor in range: distance, arrived, expected, late by.
 * Nothing for an incident that no sound was located for. */
MUST_USE bool depict_arrivals(
	struct telling *, const struct incident *, struct fault *);
/* The same as data: ,"arrivals":[...] */
MUST_USE bool depict_json(
	struct telling *, const struct incident *, struct fault *);
struct depict_ask {
	const char *path;
	const char *lang; /* "fr" */
	bool html;        /* the picture in a page */
};

/* INPUT fault: it is no located sound, and nothing is written. */
MUST_USE bool depict_file(struct telling *, const struct incident *,
	const struct depict_ask *, struct fault *);

#endif
