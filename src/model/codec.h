/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * codec.h - the parts that records share, written as fields and read back.
 *
 * Stated digits: degrees 7 decimals, metres 1 (altitude 1), shares 6,
 * probabilities 6, seconds 6, features 9 without trailing zeros.  What is
 * read back from a record is all that a later stage may use. */
#ifndef MODEL_CODEC_H
#define MODEL_CODEC_H

#include "base/tree.h"
#include "model/activity.h"
#include "model/fields.h"

/* Room for the JSON of one value; larger is a LIMIT fault. */
enum { CODEC_VALUE_MAX = 60000 };

/* prefix "place" gives place.lat, place.region.level, ... */
void write_place(struct fields *, const char *prefix, const struct place *);
MUST_USE bool read_place(const struct tree *, struct arena *, struct place *,
	struct fault *);
void write_count(struct fields *, const char *prefix, struct count);
MUST_USE bool read_count(const struct tree *, struct count *, struct fault *);
void write_features(struct fields *, const char *name, const struct feature *,
	size_t count);
MUST_USE bool read_features(const struct tree *, struct arena *,
	const struct feature **, size_t *count, struct fault *);
void write_attributes(struct fields *, const char *name,
	const struct attribute *, size_t count);
MUST_USE bool read_attributes(const struct tree *, struct arena *,
	const struct attribute **, size_t *count, struct fault *);
void write_texts(struct fields *, const char *name, const char *const *,
	size_t count);
MUST_USE bool read_texts(const struct tree *, struct arena *,
	const char *const **, size_t *count, struct fault *);
void write_cite(struct fields *, const char *prefix, const struct cite *);
MUST_USE bool read_cite(const struct tree *, struct cite *, struct fault *);

/* A copy of a member's text; "" when it is not there. */
MUST_USE bool read_text(const struct tree *, const char *key, struct arena *,
	const char **, struct fault *);
MUST_USE bool read_id(
	const struct tree *, const char *key, struct id *, struct fault *);
/* The word of a closed vocabulary, through its x_named(). */
MUST_USE bool read_word(const struct tree *, const char *key,
	int (*named)(const char *), int *, struct fault *);

#endif
