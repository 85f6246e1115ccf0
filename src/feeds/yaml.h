/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * yaml.h - a YAML file as a tree that knows its lines.
 *
 * Maps, lists and scalars only: anchors, aliases, tags, several documents and
 * keys given twice are refused, since a mission file must mean one thing. */
#ifndef FEEDS_YAML_H
#define FEEDS_YAML_H

#include "base/arena.h"

enum yaml_type { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_type type;
	size_t line, column; /* from 1 */
	const char *key;     /* in a map, else NULL */
	const char *text;    /* of a scalar */
	bool quoted;
	size_t count;
	const struct yaml *first, *next;
};

MUST_USE bool yaml_read(struct bytes, struct arena *, const struct yaml **,
	struct fault *);
const struct yaml *yaml_get(const struct yaml *, const char *key);

#endif
