/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * blobs.h - evidence files, each named by its own SHA-256:
 * blobs/sha256/aa/bb/HEX, checkable by sha256sum (PROOF.md 6).
 *
 * Written once (temporary name, fsync, rename, fsync of the folder), mode
 * 0444.  Putting the same bytes again does nothing; a file that has rotted is
 * healed by it. */
#ifndef LEDGER_BLOBS_H
#define LEDGER_BLOBS_H

#include "base/disk.h"
#include "base/sha256.h"

struct blob {
	struct digest sha256;
	struct digest leaves; /* RFC 6962 root over 64 KiB pieces */
	uint64_t size;
};

struct blob blob_of(struct bytes);
/* True: durable.  *fresh (may be NULL) false: it was there. */
MUST_USE bool blobs_put(struct disk *, struct bytes, struct blob *,
	bool *fresh, struct fault *);
/* The same for a blob that blob_of() has reckoned.  Threads may put different
 * blobs at once; a folder made by one is safe when all have returned. */
MUST_USE bool blobs_put_as(struct disk *, struct bytes, const struct blob *,
	bool *fresh, struct fault *);
/* The bytes as mapped; give them back with blobs_release().  Not verified. */
MUST_USE bool blobs_get(
	struct disk *, const struct digest *, struct bytes *, struct fault *);
/* The same, its bytes held against its name; SYSTEM fault: they differ. */
MUST_USE bool blobs_get_sound(
	struct disk *, const struct digest *, struct bytes *, struct fault *);
void blobs_release(struct disk *, struct bytes);
MUST_USE bool blobs_has(
	struct disk *, const struct digest *, bool *has, struct fault *);
/* INPUT fault: the bytes are not what the name says. */
MUST_USE bool blobs_verify(
	struct disk *, const struct digest *, struct blob *, struct fault *);
/* All, in order of name.  INPUT fault: something there is no blob. */
MUST_USE bool blobs_each(struct disk *,
	bool (*each)(void *self, const struct digest *, struct fault *),
	void *self, struct fault *);

#define BLOB_DIFFERS "its bytes are not what its name says"

enum { BLOB_PATH = 96, BLOB_NOTE = 72, BLOB_NOTE_MAX = BLOB_NOTE + 4096 };

const char *blob_path(const struct digest *, char out[BLOB_PATH]);

/* The payload of a JOURNAL_FILE record: sha256, u64 size, leaves, then what
 * the caller says of it (text: name, source, ...), at most 4096 bytes. */
MUST_USE bool blob_note(const struct blob *, struct bytes about,
	uint8_t out[BLOB_NOTE_MAX], size_t *n, struct fault *);
MUST_USE bool blob_note_read(struct bytes payload, struct blob *,
	struct bytes *about, struct fault *);

#endif
