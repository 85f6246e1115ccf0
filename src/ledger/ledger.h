/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ledger.h - the append-only log of records: entries in a Merkle tree, signed
 * by the mission's engine key (PROOF.md 2-4, SCALE.md 3).
 *
 *	ledger/journal/    entries and sealed bodies (base/log.h)
 *	ledger/secrets/    a slot of 72 bytes an entry: erase it, and the body
 *	                   is noise, while roots and proofs stay
 *	ledger/keys/       engine, log, wrap.EPOCH (0600)
 *	ledger/signer/HEAD the last signed checkpoint
 *	ledger/pub/        checkpoint and tiles, for others (tiles.h), and
 *	                   disclosures/N.disclosure: entry 0, what root persons
 *	                   did, what was stamped; stamps/N.tsr with these
 *	ledger/policy/, witness/, cosigned/    its witnesses (quorum.h)
 *
 * What its author may not append is refused before anything is written
 * (people.h).  Appending the same (type, subject, body) again answers the old
 * index, so doing work twice does nothing.  A body whose erasure is complete
 * is destroyed at once, or, after a crash, when the log is opened next.
 *
 *	struct ledger *l;
 *	if (!ledger_open(&l, disk, true, f)) ...
 *	struct ledger_item item = {.type = ENTRY_FINDING, .clock = now,
 *		.body = &fields};                        fields_done() before
 *	id_subject(&finding.id, item.subject);
 *	if (!ledger_append(l, &item, 1, f)) ...      item.index, .leaf, .fresh
 *	if (!ledger_sign(l, f)) ...                  after the last of a run
 *	ledger_close(l);
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "base/disk.h"
#include "base/journal.h"
#include "ledger/blobs.h"
#include "ledger/entry.h"
#include "ledger/merkle.h"
#include "model/fields.h"

struct ledger;
struct people; /* people.h */
struct sign_key;

struct ledger_birth {
	const char *mission;   /* its name; origin is "name/xxxxxxxx" */
	struct instant clock;  /* now */
	struct digest mission_sha256; /* of mission.yaml; zeros: not stated */
};

/* Makes keys and entry 0.  An existing ledger is left alone: INPUT fault. */
MUST_USE bool ledger_init(
	struct disk *, const struct ledger_birth *, struct fault *);
MUST_USE bool ledger_exists(struct disk *, bool *, struct fault *);

/* Reads all entries.  writable: takes the lock, salvages, needs the keys.
 * SYSTEM fault when the last signed checkpoint is beyond the journal, or has
 * another root: a restored backup, never to be written. */
MUST_USE bool ledger_open(
	struct ledger **, struct disk *, bool writable, struct fault *);
void ledger_close(struct ledger *);

uint64_t ledger_size(const struct ledger *);
struct digest ledger_root(const struct ledger *);
/* As it was when the log had so many entries. */
struct digest ledger_root_at(const struct ledger *, uint64_t size);
const char *ledger_origin(const struct ledger *);
/* "name+id+base64": what a verifier must know beforehand. */
const char *ledger_vkey(const struct ledger *);
/* False: there is no such entry. */
bool ledger_leaf(const struct ledger *, uint64_t index, struct digest *);
/* Of entry 0. */
struct digest ledger_genesis(const struct ledger *);

struct ledger_item {
	/* in */
	uint8_t type;  /* enum entry_type */
	uint8_t flags; /* enum entry_flag */
	uint8_t subject[ENTRY_SUBJECT];
	struct instant clock; /* author's, cut to ms; type 1: received */
	const struct fields *body; /* sorted: fields_done() */
	const struct sign_key *author; /* NULL: the engine */
	/* Type 4: this entry is confirmed.  Subject and body are its own, and
	 * lie with it alone: nothing is stored twice, one erasure is both. */
	const struct entry *confirms;
	/* It was signed elsewhere: `author` is a public key alone, and the
	 * entry must come out as it was drafted.  NULL: we have the key. */
	const struct ledger_draft *draft;
	/* out */
	uint64_t index;
	struct digest leaf;
	bool fresh; /* false: it was there already */
};

/* All of them in one group: secrets, sync, journal, sync.  True: durable.
 * False: none is acknowledged.  FAULT_LIMIT: a body above BODY_MAX.  INPUT
 * fault "refused: RULE: why": its author may not; the log can be written on,
 * and items in front of it may be in it. */
MUST_USE bool ledger_append(
	struct ledger *, struct ledger_item *, size_t count, struct fault *);

/* What a person signs where their key is: an entry but for its signature, and
 * the secret of its body, which never leaves the house. */
struct ledger_draft {
	uint8_t entry[ENTRY_LEN]; /* behind ENTRY_SIGNED: the signature */
	uint8_t secret[32];       /* not of one that confirms */
};
/* Of an item as ledger_append() would take it now, by the public key of its
 * author alone; signature zeros.  INPUT fault "refused: RULE: why" where it is
 * seen already that its author may not.  The log may be open for reading. */
MUST_USE bool ledger_draft(struct ledger *, const struct ledger_item *,
	struct ledger_draft *, struct fault *);

/* From here on what is appended and signed goes through another process, which
 * has the same log open and writes; what is read stays as it was when it was
 * opened.  Borrowed. */
struct ledger_writer {
	void *self;
	bool (*append)(void *self, struct ledger_item *, size_t count,
		struct fault *);
	bool (*sign)(void *self, struct fault *);
};
void ledger_forward(struct ledger *, const struct ledger_writer *);
/* NULL: it writes itself. */
const struct ledger_writer *ledger_forwards(const struct ledger *);

/* An intake batch (type 1): commits to the spool's records first ..
 * first + count - 1, read from it.  `spool_id` is the spool's log id.  INPUT
 * fault "refused: intake": it begins before ledger_intake_end(). */
MUST_USE bool ledger_append_intake(struct ledger *, struct journal *spool,
	const uint8_t spool_id[16], uint64_t first, uint64_t count,
	struct instant clock, struct ledger_item *out, struct fault *);
/* How many of a spool's records are committed (first + count of its last
 * type-1 entry; 0: none): spool_open()'s floor, and where to go on. */
uint64_t ledger_intake_end(const struct ledger *, const uint8_t spool_id[16]);

/* JSON lines (each ended by LF) into a blob, and in *out one type-13 entry, to
 * be appended once its clock is set, with blob, count, kind, root: in `body`,
 * which begins empty and stays the caller's.  `at`: a time that the lines
 * themselves give, so that a replay makes the same subject.  Line k's leaf is
 * merkle_leaf(line). */
MUST_USE bool ledger_batch(struct ledger *, const char *kind,
	struct bytes lines, struct instant at, struct fields *body,
	struct ledger_item *out, struct blob *, struct fault *);
/* The same, and the entry appended. */
MUST_USE bool ledger_append_batch(struct ledger *, const char *kind,
	struct bytes lines, struct instant at, struct instant clock,
	struct ledger_item *out, struct blob *blob, struct fault *);

/* The last entry about a subject; false: none. */
bool ledger_head(const struct ledger *, const uint8_t subject[ENTRY_SUBJECT],
	uint64_t *index, struct digest *leaf);
/* Index of the entry with this type, subject and body; false: none. */
bool ledger_find(const struct ledger *, uint8_t type,
	const uint8_t subject[ENTRY_SUBJECT], const struct fields *body,
	uint64_t *index);

/* Who may do what, up to the last entry. */
const struct people *ledger_people(const struct ledger *);

struct ledger_entry {
	uint64_t index;
	struct entry entry;
	struct digest leaf;
	struct bytes raw; /* the 168 bytes */
	bool open;        /* false: erased, not at hand, or it confirms
			   * another's body */
	const struct fields *body; /* sorted, without `!` */
	/* for disclosures (proof.h); of an open one */
	struct bytes plain;
	const uint8_t *secret; /* never to leave the house */
	/* of one that was imported (foreign.h), instead of these two */
	const struct disclosure *shown;
};

/* In order from an index on; each() may stop early by false with fault kind
 * NONE.  Views last until each() returns. */
MUST_USE bool ledger_read(struct ledger *, uint64_t from,
	bool (*each)(void *self, const struct ledger_entry *, struct fault *),
	void *self, struct fault *);

/* Of an entry under the first `size`. */
MUST_USE bool ledger_proof_in(const struct ledger *, uint64_t index,
	uint64_t size, struct merkle_path *, struct fault *);
MUST_USE bool ledger_proof(const struct ledger *, uint64_t index,
	struct merkle_path *, struct fault *);
/* Reads back what was stored, signs size and root: HEAD first, then pub/tile;
 * asks the witnesses, and puts it into pub/checkpoint when the policy is met.
 * True, and ledger_held() says why, when too few of them answered.  SYSTEM
 * fault: they know another history, or a longer one. */
MUST_USE bool ledger_sign(struct ledger *, struct fault *);
/* Before anything is signed, best before anything is appended: do the
 * witnesses know the same history as HEAD?  SYSTEM fault: we are a restored
 * backup, or a fork (then ledger/equivocation/ has the proof, or both notes:
 * forked.h): read only.
 * True, and ledger_held() says so, when too few answered: appending is fine,
 * signing waits.  `courier` may be NULL, or lives as long as the ledger. */
struct courier;
MUST_USE bool ledger_compare(
	struct ledger *, const struct courier *, struct fault *);
/* "" or why nothing new is signed or published. */
const char *ledger_held(const struct ledger *);
/* Two witnesses elsewhere say that this machine's clock is off by over 300 s
 * (PROOF.md 8), as ledger_held() says: ledger_append() refuses with a SYSTEM
 * fault, until ledger_compare() or ledger_sign() find it right. */
bool ledger_off(const struct ledger *);

#endif
