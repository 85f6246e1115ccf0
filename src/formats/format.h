/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * format.h - what a sensor format is.
 *
 * A format is one file, src/formats/NAME.c, that defines `format_NAME`.  The
 * build finds it by its name: there is no list to edit.  decode() is pure: it
 * sees bytes and an intake, never a file, a clock or a socket, so the same
 * bytes give the same observations on every party's machine, for ever.
 *
 * What is sound is taken; what is not goes to intake.damage() with its place
 * and what was wanted, and decoding goes on with the next record.  decode()
 * returns false only when the intake does, when the arena is full, or when
 * nothing at all in the bytes is of this format. */
#ifndef FORMATS_FORMAT_H
#define FORMATS_FORMAT_H

#include "base/arena.h"
#include "model/observation.h"
#include "model/segment.h"

struct intake {
	void *self;
	/* Borrowed until return; false stops decoding. */
	bool (*segment)(void *self, const struct segment *, struct fault *);
	bool (*observation)(
		void *self, const struct observation *, struct fault *);
	/* Bytes [offset, offset + length) are not what they should be. */
	bool (*damage)(void *self, const struct fault *why, uint64_t offset,
		uint64_t length, struct fault *);
	/* Only headers are wanted: segments may come with count 0 and
	 * `declared` set (the cheap pass that indexes an archive). */
	bool headers_only;
};

/* For what is not wanted of a decoder. */
bool intake_no_segment(void *self, const struct segment *, struct fault *);
bool intake_no_observation(
	void *self, const struct observation *, struct fault *);
bool intake_no_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *);

struct origin { /* what is known of the bytes beside the bytes */
	const char *name;   /* file name without folder, "" none */
	const char *source; /* sub-folder of inbox/ it lay in, "" none */
};

struct format {
	const char *name;
	const char *about; /* one line, with the standard it follows */
	/* Any run of its whole records decodes by itself (cite.offset and
	 * length of its segments say which bytes they need). */
	bool sliceable;
	/* How sure, 0..100, that these are its bytes; `head` is the first
	 * 64 KiB or all.  Ties go to the name that sorts first. */
	int (*sniff)(struct bytes head, const struct origin *);
	MUST_USE bool (*decode)(struct bytes, const struct origin *,
		struct arena *scratch, const struct intake *, struct fault *);
};

extern const struct format *const formats[]; /* NULL ends it */
const struct format *format_named(const char *name);
/* The surest one above 0, or NULL. */
const struct format *format_of(struct bytes head, const struct origin *);

/* For decoders: damage with a formatted text. */
PRINTF(5, 6) bool format_damage(const struct intake *, uint64_t offset,
	uint64_t length, struct fault *, const char *fmt, ...);

#endif
