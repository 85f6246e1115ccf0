/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crafted.h - missions that somebody with all keys made: a job is an entry,
 * and what is wrong with it; store() makes the journal, its secrets and HEAD
 * of them. */
#ifndef TESTS_CRAFTED_H
#define TESTS_CRAFTED_H

#include "base/encode.h"
#include "base/log.h"
#include "check.h"
#include "faulty.h"
#include "ledger/blobs.h"
#include "ledger/body.h"
#include "ledger/foreign.h"
#include "ledger/genesis.h"
#include "ledger/secrets.h"
#include "ledger/sign.h"

enum { JOBS = 300, PIECES = 12 };
enum { LOG, ENGINE, ROOT, STRANGER, SENSOR, KEYS };

static const struct instant now = {INT64_C(1790000000000000000)};
static struct sign_key key[KEYS];
static uint8_t block[1 << 20];
static struct arena memory;
static struct fault f;

static inline void need(bool ok)
{
	if (ok)
		return;
	printf("Bail out! %s\n", f.text);
	exit(1);
}

/* -- entries, right and wrong -- */

enum harm {
	SOUND, RAW, SIGNATURE, PREV, ROOT_OF, CUT, NOISE, NO_SECRET, SLOT,
	NO_BODY, DISORDER, FOREIGN, FOREIGN_BAD, PACKET, FEED, FLAG,
	OTHER_PROOF, OTHER_BODY, OLD_PROOF, NO_DISCLOSURE, BAD_DISCLOSURE,
	STRANGE_NOTE, LONG_NOTE, LONGER, FORKED, NAMELESS,
	OTHER_ID, SHUT, SHUT_BLOB, SHUT_BOTH,
	/* a body that was imported: open; without names */
	FOREIGN_OPEN, FOREIGN_SHUT, FOREIGN_NAMELESS,
	BEAT, /* its subject is that of heartbeats */
	BARE, /* neither body nor secret, in the log that made it */
};

struct piece {
	const char *name, *value;
};

struct job {
	enum entry_type type;
	uint8_t flags, about;
	int by;
	enum harm harm;
	struct piece p[PIECES];
};

struct made {
	struct entry entry;
	uint8_t raw[ENTRY_LEN], plain[4096], secret[BODY_SECRET];
	size_t len;
	struct digest leaf;
};

static struct made made[JOBS];
static size_t jobs;

static struct genesis birth;

/* Entry 0 with one field changed; `with` NULL: gone. */
static inline struct job first(const char *name, const char *with)
{
	static char text[PIECES][2048], names[PIECES][32];
	struct job j = {.type = ENTRY_KEY, .by = ENGINE};
	struct fields s = fields_in(&memory);
	size_t n = 0;

	genesis_fields(&birth, &s);
	for (size_t i = 0; i < s.count; i++) {
		bool it = name && strcmp(name, s.field[i].name) == 0;

		if (it && !with)
			continue;
		(void)snprintf(text[i], sizeof *text, "%.*s",
			(int)s.field[i].value.len,
			(const char *)s.field[i].value.at);
		(void)snprintf(names[i], sizeof *names, "%s",
			s.field[i].name);
		j.p[n++] = (struct piece){names[i], it ? with : text[i]};
	}
	return j;
}

static inline void make_body(const struct job *j, struct made *m)
{
	struct fields s = fields_in(&memory);

	for (size_t i = 0; i < PIECES && j->p[i].name; i++)
		fields_json(&s, j->p[i].name, bytes_of(j->p[i].value));
	need(fields_done(&s, &f) && body_write(&s, m->plain, sizeof m->plain,
		&m->len, &f));
	/* without its field `!` */
	if (j->harm == NAMELESS || j->harm == FOREIGN_NAMELESS) {
		size_t front = 7 + bytes_be((struct bytes){m->plain + 3, 4});

		m->len -= front;
		memmove(m->plain, m->plain + front, m->len);
	}
}

static inline void make(const struct job *j)
{
	struct made *m = &made[jobs];

	*m = (struct made){.entry = {.type = (uint8_t)j->type,
		.flags = j->flags, .clock = now}};
	if (j->harm == BEAT)
		entry_subject(INSTANT_UNKNOWN, bytes_of("heartbeat"),
			m->entry.subject);
	else
		m->entry.subject[0] = j->about;
	memset(m->secret, (int)jobs + 1, BODY_SECRET);
	make_body(j, m);
	m->entry.body = body_root((struct bytes){m->plain, m->len},
		m->secret);
	for (size_t i = jobs; i-- > 0;)
		if (memcmp(made[i].entry.subject, m->entry.subject,
			ENTRY_SUBJECT) == 0) {
			m->entry.prev = made[i].leaf;
			break;
		}
	if (j->harm == PREV)
		m->entry.prev.at[0] ^= 1;
	if (j->harm == ROOT_OF)
		m->entry.body.at[0] ^= 1;
	sign_entry(&key[j->by], &m->entry);
	if (j->harm == SIGNATURE)
		m->entry.signature[0] ^= 1;
	if (j->harm == OTHER_ID) { /* signed, and names another key */
		uint8_t said[SIGN_ENTRY];

		m->entry.key_id[0] ^= 1;
		entry_write(&m->entry, m->raw);
		sign_entry_text(m->raw, said);
		sign_make(&key[j->by], (struct bytes){said, sizeof said},
			m->entry.signature);
	}
	entry_write(&m->entry, m->raw);
	if (j->harm == RAW)
		m->raw[0] = 'X';
	m->leaf = entry_leaf((struct bytes){m->raw, ENTRY_LEN});
	jobs++;
}

static inline struct bytes note_of(uint64_t size, const struct digest *root,
	char *at, size_t n)
{
	struct checkpoint c = {.size = size, .root = *root};
	struct text t = text_on(at, n);

	memcpy(c.origin, birth.origin, sizeof c.origin);
	checkpoint_print(&c, &key[LOG], &t);
	return text_view(&t);
}

static inline struct digest root_of(size_t n)
{
	struct merkle m = {0};

	for (size_t i = 0; i < n; i++)
		merkle_add(&m, &made[i].leaf);
	return merkle_root(&m);
}

static inline bool is_shut(void *self, struct bytes name)
{
	const enum harm *h = self;

	return (*h != SHUT_BLOB && bytes_are(name, "!")) ||
		(*h != SHUT && bytes_are(name, "blob"));
}

/* Its body as it stands in the journal of who imported it. */
static inline void import_body(const struct job *j, struct made *m)
{
	static char at[1 << 14];
	static struct disclosure d;
	struct text t = text_on(at, sizeof at);
	struct digest root = root_of(1);
	char note[1024];
	struct proof p = {.note = note_of(1, &root, note, sizeof note)};

	need(disclosure_print(m->raw, (struct bytes){m->plain, m->len},
		m->secret, j->harm == FOREIGN_SHUT ? is_shut : NULL,
		(void *)(uintptr_t)&j->harm, &p, &t, &f) &&
		disclosure_read(text_view(&t), &memory, &d, &f) &&
		foreign_write(&d, m->plain, sizeof m->plain, &m->len, &f));
}

/* -- a mission -- */

static inline void store(struct faulty *x, const struct job *j, size_t n)
{
	struct log_options o = {.folder = "ledger/journal",
		.use = LOG_JOURNAL, .writable = true, .id = "audit"};
	struct secrets s = {.file = -1};
	struct log log = {0};
	struct digest root;
	char note[1024];

	jobs = 0;
	need(secrets_open(&s, &x->disk, true, &f) &&
		log_open(&log, &x->disk, &o, &f));
	for (size_t i = 0; i < n; i++) {
		static uint8_t payload[8192], no_secret[1][BODY_SECRET];
		struct made *m = &made[i];
		struct journal_record r = {.received = now,
			.kind = JOURNAL_ENTRY, .payload.at = payload};
		enum harm h = j[i].harm;

		make(&j[i]);
		if (h == DISORDER)
			m->plain[2] = '~';
		if (h == FOREIGN || h == FOREIGN_BAD) {
			/* as a pack showed it: `!` alone would do */
			memset(m->plain, 0, 64);
			m->plain[0] = h == FOREIGN ? 0 : 7;
			m->len = 33;
		}
		if (h >= FOREIGN_OPEN && h <= FOREIGN_NAMELESS)
			import_body(&j[i], m);
		memcpy(payload, m->raw, ENTRY_LEN);
		body_seal((struct bytes){m->plain, m->len}, m->secret,
			m->raw, payload + ENTRY_LEN);
		r.payload.len = ENTRY_LEN + (h == NO_BODY || h == BARE ? 0 :
			h == CUT ? 8 : m->len + BODY_TAG);
		if (h == NOISE)
			payload[ENTRY_LEN] ^= 1;
		r.kind = h == PACKET ? JOURNAL_PACKET : JOURNAL_ENTRY;
		r.feed = h == FEED;
		r.flags = h == FLAG ? JOURNAL_LATE : h == NO_BODY ||
			h == FOREIGN || h == FOREIGN_BAD ||
			(h >= FOREIGN_OPEN && h <= FOREIGN_NAMELESS) ?
			JOURNAL_IMPORTED : 0;
		need(secrets_put(&s, i, h == NO_SECRET || h == BARE ?
			(const uint8_t (*)[BODY_SECRET])no_secret :
			(const uint8_t (*)[BODY_SECRET])&m->secret, 1, &f) &&
			log_append(&log, &r, 1, &f));
	}
	secrets_close(&s);
	log_close(&log);
	root = root_of(n);
	need(small_write(&x->disk, "ledger/signer/HEAD", note_of(n, &root,
		note, sizeof note), true, &f));
	for (size_t i = 0; i < n; i++)
		if (j[i].harm == SLOT)
			faulty_at(x, "ledger/secrets/00000001/00000000")
				->now[i * SECRETS_SLOT + 30] ^= 1;
}

static char blob_hex[SHA256_HEX + 2], line_root[SHA256_HEX + 2];

static inline void put_blob(struct faulty *x)
{
	struct bytes lines = bytes_of("{\"n\":1}\n{\"n\":2}\n");
	struct digest root = merkle_lines(lines, NULL);
	struct blob b;
	char hex[SHA256_HEX];

	need(blobs_put(&x->disk, lines, &b, NULL, &f));
	(void)snprintf(blob_hex, sizeof blob_hex, "\"%s\"",
		digest_hex(&b.sha256, hex));
	(void)snprintf(line_root, sizeof line_root, "\"%s\"",
		digest_hex(&root, hex));
}

#define HASH "\"11111111111111111111111111111111" \
	"11111111111111111111111111111111\""
#define BODY {{"a", "x"}}

static inline void write_key(struct faulty *x, const char *path, int k)
{
	char at[512];
	struct text t = text_on(at, sizeof at);

	sign_key_print(&key[k], &t);
	need(small_write(&x->disk, path, text_view(&t), true, &f));
}

static inline void begin(void)
{
	memory = arena_on(block, sizeof block);
	need(sign_ready(&f));
	for (int k = 0; k < KEYS; k++) {
		memset(key[k].seed, k + 1, SIGN_SEED);
		(void)snprintf(key[k].name, sizeof key[k].name, "%s",
			k == LOG ? "m/1" : "another");
		sign_key_fill(&key[k]);
	}
	birth = (struct genesis){.mission = "m", .origin = "m/1",
		.roots = {.count = 1, .threshold = 1,
			.of = {{.person = {1}, .org = "a"}}}};
	memcpy(birth.engine, key[ENGINE].public_key, SIGN_KEY);
	memcpy(birth.log, key[LOG].public_key, SIGN_KEY);
	memcpy(birth.roots.of[0].key, key[ROOT].public_key, SIGN_KEY);
}

#endif
