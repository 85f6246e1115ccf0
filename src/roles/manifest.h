/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * manifest.h - the list of a pack's files, as `sha256sum -c` reads it, and as
 * a signed note: whoever packed it says that this is all of it.
 *
 *	HEX  path              in order of bytes, each once
 *
 *	— name base64          by the log's key or another (ledger/note.h);
 *	                       none: nobody says so
 *
 * sha256sum tells that the last lines are no hashes, and passes over them.
 * Paths are [A-Za-z0-9_.,+ -] between slashes, never "." or "..". */
#ifndef ROLES_MANIFEST_H
#define ROLES_MANIFEST_H

#include "base/disk.h"
#include "ledger/note.h"

enum { MANIFEST_PATH = 512, MANIFEST_MAX = 1 << 30 };

struct manifest_line {
	const char *path;
	struct digest sha256;
};

struct manifest {
	struct manifest_line *line;
	size_t count;
	struct note note; /* its text is that of all lines; count 0: unsigned */
};

/* May this be a file of a pack? */
bool manifest_path_ok(const char *path);
/* Sorts the lines and prints them, signed where there is a key. */
MUST_USE bool manifest_print(struct manifest_line *, size_t count,
	const struct sign_key *, struct text *, struct fault *);

/* Views into what was read; lines in the arena. */
MUST_USE bool manifest_read(
	struct bytes, struct arena *, struct manifest *, struct fault *);
/* NULL: it is not in it. */
const struct manifest_line *manifest_find(
	const struct manifest *, const char *path);
/* Are all files that it names there, with their hashes, and no other?  INPUT
 * fault: which is not, "path: ...". */
MUST_USE bool manifest_check(
	const struct manifest *, struct disk *, struct fault *);

struct manifest_said {
	bool there, full; /* full: a mission can be made of it */
	size_t files;
	bool by_log;      /* signed by `log` */
	char who[SIGN_NAME_MAX + 1]; /* who else signed; "" nobody */
};

/* A folder's own list, if it has one (a pack that says it is one must):
 * manifest_check(), and who signed. */
MUST_USE bool manifest_audit(struct disk *, const struct note_key *log,
	struct manifest_said *, struct fault *);

#endif
