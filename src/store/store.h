/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * store.h - the index over spool and ledger.  The only SQL lives behind it.
 *
 * Nothing here is truth: an index may be deleted at any time and is rebuilt
 * with the same answers.  A role's outputs and the cursor of its inputs move
 * in one commit, so doing work twice does nothing (SCALE.md 5).
 * An engine is one file, src/store/NAME.c, that defines `store_NAME`. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/instant.h"
#include "base/sha256.h"
#include "base/arena.h"
#include "base/stream.h"

enum row_type {
	ROW_DETECTION = 'd',
	ROW_INCIDENT = 'i',
	ROW_FINDING = 'f',
	ROW_LOOK = 'l',
	ROW_HEALTH = 'h',
	ROW_ACTIVITY = 'a',
	ROW_CLAIM = 'c',
	ROW_OBSERVATION = 'w', /* weather */
	ROW_OBLIGATION = 'o',
	ROW_STEPS = 'p', /* what people made of it, under its id */
	ROW_SEGMENT = 's',   /* a run of samples: channel, span, blob range */
	ROW_FAULT = 'x',     /* damage: blob, offset, length, what was wanted */
	ROW_FILE = 'b',      /* a received file: name, format, blob */
	ROW_REPORT = 'r',
	ROW_DEED = 'e', /* what a person did about a record: its id; the
			 * version is the entry's index */
	ROW_MEMO = 'm', /* what a replay need not do again: roles/memo.h */
};

/* Versions of people begin here: what two persons decided stands, whatever is
 * found later (docs/people.md 35). */
enum { ROW_PEOPLE = 1 << 30 };

struct row {
	enum row_type type;
	const char *id;       /* unique with type and version */
	uint32_t version;     /* 0 for what has none */
	struct instant from, to; /* to = from for a moment */
	int32_t lat_e7, lon_e7;  /* INT32_MIN: not known */
	const char *kind;     /* "" none */
	const char *status;   /* "" none; verdict for findings */
	const char *source;   /* "" none; the incident for findings */
	struct bytes body;    /* JSON, or what the type says */
	int64_t ledger_index; /* -1: not logged yet */
	struct digest ledger_leaf;
};

struct query {
	enum row_type type;
	struct span span;     /* rows that touch it; from unknown: all */
	const char *id;       /* exact, or NULL */
	const char *id_ending; /* any unique ending, or NULL */
	const char *kind, *status, *source; /* NULL: any */
	bool boxed;
	double south, west, north, east; /* west > east crosses 180 */
	bool all_versions;    /* else the newest of each id */
	/* What its words hold: folded texts (model/fold.h) of 3 letters and
	 * more, each in quotes, OR between them.  NULL: any. */
	const char *matching;
	bool unlogged;        /* only rows with ledger_index < 0 */
	bool machine;         /* no versions of people */
	bool old;             /* only rows that renew() marked still; writer */
	int64_t at;           /* as of the log's first `at` entries; 0: now */
	struct instant after_from; /* keyset paging: rows behind (from, id) */
	const char *after_id; /* NULL: from the start */
	size_t limit;         /* 0: no limit */
};

/* How many rows of a kind lie in a cell of the Web Mercator grid. */
struct store_cell {
	int64_t x, y; /* from west and north; -1: place not known */
	const char *kind;
	uint64_t count;
	struct instant newest; /* of their begins */
};

void store_cell_of(int32_t lat_e7, int32_t lon_e7, int bits, int64_t *x,
	int64_t *y);

enum { STORE_WHAT = 160 };

struct store_engine;

struct store {
	const struct store_engine *engine;
	void *self;
};

struct store_engine {
	const char *name;
	/* path: the mission folder; made if missing. */
	bool (*open)(struct store *, const char *path, bool writable,
		struct fault *);
	void (*close)(struct store *);
	bool (*begin)(struct store *, const char *role, struct fault *);
	/* Same type, id, version and bytes: nothing to do, *fresh false.
	 * Other bytes under one (type, id, version): INPUT fault. */
	bool (*put)(struct store *, const struct row *, bool *fresh,
		struct fault *);
	/* Overwrites (type, id, version): for what is not versioned and was
	 * made twice from copies of the same bytes. */
	bool (*replace)(struct store *, const struct row *, struct fault *);
	/* Outputs and cursor (may be NULL), or none of them. */
	bool (*commit)(struct store *, const struct cursor *, struct fault *);
	void (*rollback)(struct store *);
	/* Order: (from, id, version).  Borrowed until each() returns.  each()
	 * returning false with fault kind NONE stops early. */
	bool (*find)(struct store *, const struct query *,
		bool (*each)(void *self, const struct row *, struct fault *),
		void *self, struct fault *);
	bool (*count)(struct store *, const struct query *, uint64_t *n,
		struct fault *);
	/* The rows of a query, gathered: the grid has 2^bits cells around the
	 * world.  By x, y, kind. */
	bool (*cells)(struct store *, const struct query *, int bits,
		bool (*each)(void *self, const struct store_cell *,
			struct fault *),
		void *self, struct fault *);
	/* Newest versions that match (struct query), the last indexed first:
	 * incidents, activities, claims, obligations. */
	bool (*search)(struct store *, const char *matching, size_t limit,
		bool (*each)(void *self, const struct row *, struct fault *),
		void *self, struct fault *);
	/* Rows of these types ("if": incidents, findings) whose ledger index
	 * is above `index`, in the log's order; and the highest index there is
	 * of any, -1: nothing logged. */
	bool (*since)(struct store *, const char *types, int64_t index,
		size_t limit,
		bool (*each)(void *self, const struct row *, struct fault *),
		void *self, struct fault *);
	bool (*newest)(struct store *, int64_t *index, struct fault *);
	bool (*cursor)(struct store *, const char *role, struct cursor *,
		bool *known, struct fault *);
	/* Note where a row went in the ledger (not part of its bytes). */
	bool (*logged)(struct store *, enum row_type, const char *id,
		uint32_t version, int64_t index, const struct digest *leaf,
		struct fault *);
	/* Forget rows of a type in a span that this replay makes anew. */
	bool (*forget)(struct store *, enum row_type, struct span,
		struct fault *);
	/* A replay makes the rows of a type anew: renew() marks all there are
	 * as old, remade() takes the mark off (*was: it had one), query.old
	 * finds what has it still, sweep() forgets that.  Until then everybody
	 * sees the old rows.  Marks live as long as the connection. */
	bool (*renew)(struct store *, enum row_type, struct fault *);
	bool (*remade)(struct store *, enum row_type, const char *id,
		bool *was, struct fault *);
	bool (*sweep)(struct store *, enum row_type, struct fault *);
	/* One of its versions is no more. */
	bool (*drop)(struct store *, enum row_type, const char *id,
		uint32_t version, struct fault *);
	/* What the entry `index` says is to be nowhere: incidents, findings,
	 * notices, claims, deeds.  *gone: how many rows there were. */
	bool (*erase)(struct store *, int64_t index, uint64_t *gone,
		struct fault *);
	/* Outside begin() and commit(): nothing that was dropped or erased is
	 * left in any file of the index.  SYSTEM fault: others are reading. */
	bool (*scrub)(struct store *, struct fault *);
	/* Does what rows are found and counted by follow from them, words too?
	 * `what`: "" yes, else the first that does not. */
	bool (*sound)(struct store *, char what[STORE_WHAT], struct fault *);
	/* small named values: spool end, terms hash, ... */
	bool (*set)(struct store *, const char *name, struct bytes,
		struct fault *);
	bool (*get)(struct store *, const char *name, struct arena *,
		struct bytes *, struct fault *); /* empty: not set */
};

extern const struct store_engine *const stores[]; /* NULL ends it */

#endif
