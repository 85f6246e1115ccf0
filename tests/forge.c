/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * forge MISSION KIND ANALYST CHIEF OTHER: an operator who owns this machine
 * and some persons' keys appends what our writer refuses, signs the log anew,
 * and prints at which entry the audit must say so.  For tests/people.sh; run
 * without arguments it is a test that does nothing.
 *
 * forge MISSION received HOURS: he takes in a record that says it came so many
 * hours ago; all that follows is done by the house's own code.  For
 * tests/tamper.sh. */
#include "base/encode.h"
#include "base/log.h"
#include "ledger/body.h"
#include "ledger/ledger.h"
#include "ledger/table.h"
#include "ledger/secrets.h"
#include "ledger/sign.h"
#include "ledger/tiles.h"
#include "spool/files.h"
#include "spool/spool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct fault f;

static void need(bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", f.text);
	exit(3);
}

struct forge {
	struct disk *disk;
	struct merkle_tree tree;
	struct table head;
	struct log log;
	struct secrets secrets;
	struct sign_key engine, signer, analyst, chief, other;
	struct instant clock;
};

static bool see(void *self, const struct ledger_entry *e, struct fault *why)
{
	struct forge *x = self;
	struct digest d = table_subject(e->entry.subject);

	need(merkle_tree_add(&x->tree, &e->leaf, why) &&
		table_set(&x->head, &d, e->index, why));
	x->clock = e->entry.clock;
	return true;
}

static struct sign_key load(struct disk *d, const char *path)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct sign_key k;
	FILE *file = d ? NULL : fopen(path, "rb");
	size_t n;

	if (d) {
		need(small_read(d, path, at, &n, &f));
	} else {
		if (!file)
			exit(3);
		n = fread(at, 1, sizeof at, file);
		(void)fclose(file);
	}
	need(sign_key_read((struct bytes){at, n}, &k, &f));
	return k;
}

/* Appends whatever it is given. */
static uint64_t append(struct forge *x, struct entry *e,
	const struct sign_key *by, struct fields *body, bool chained)
{
	static uint8_t plain[BODY_MAX], payload[BODY_MAX + 512];
	uint8_t secret[1][BODY_SECRET] = {{0}};
	struct digest d = table_subject(e->subject);
	uint64_t before, index = x->tree.count[0];
	size_t n = 0;
	struct journal_record r = {.kind = JOURNAL_ENTRY,
		.received = x->clock};

	if (body) {
		need(fields_done(body, &f) &&
			body_write(body, plain, sizeof plain, &n, &f));
		sign_random(secret[0], BODY_SECRET);
		e->body = body_root((struct bytes){plain, n}, secret[0]);
	}
	if (table_get(&x->head, &d, &before) && chained)
		e->prev = x->tree.level[0][before];
	e->clock = x->clock;
	sign_entry(by, e);
	entry_write(e, payload);
	if (body)
		body_seal((struct bytes){plain, n}, secret[0], payload,
			payload + ENTRY_LEN);
	r.payload = (struct bytes){payload,
		ENTRY_LEN + (body ? n + BODY_TAG : 0)};
	need(secrets_put(&x->secrets, index,
		(const uint8_t (*)[BODY_SECRET])secret, 1, &f) &&
		log_append(&x->log, &r, 1, &f));
	d = entry_leaf((struct bytes){payload, ENTRY_LEN});
	need(merkle_tree_add(&x->tree, &d, &f));
	return index;
}

static void sign_log(struct forge *x)
{
	struct checkpoint c = {.size = x->tree.count[0]};
	char note[1024];
	struct text t = text_on(note, sizeof note);

	memcpy(c.origin, x->signer.name, sizeof c.origin);
	c.root = merkle_tree_root(&x->tree, c.size);
	checkpoint_print(&c, &x->signer, &t);
	need(small_write(x->disk, "ledger/signer/HEAD", text_view(&t), true,
		&f));
}

static uint64_t forge(struct forge *x, const char *kind)
{
	static uint8_t room[1 << 16];
	struct arena a = arena_on(room, sizeof room);
	struct fields body = fields_in(&a);
	struct entry e = {.type = ENTRY_FINDING, .flags = ENTRY_TWO,
		.subject = {1, 2, 3}};
	struct sign_key stranger = {.name = "stranger"};

	fields_text(&body, "act", "publish");
	if (strcmp(kind, "role") == 0)
		return append(x, &e, &x->chief, &body, true);
	if (strcmp(kind, "flags") == 0) {
		e.flags = 0;
		return append(x, &e, &x->analyst, &body, true);
	}
	if (strcmp(kind, "author") == 0) {
		sign_random(stranger.seed, SIGN_SEED);
		sign_key_fill(&stranger);
		return append(x, &e, &stranger, &body, true);
	}
	if (strcmp(kind, "key") == 0 || strcmp(kind, "late") == 0) {
		x->clock.utc_ns += strcmp(kind, "late") == 0
			? INT64_C(91) * 86400 * 1000000000
			: INT64_C(-9999) * 86400 * 1000000000;
		return append(x, &e, &x->analyst, &body, true);
	}
	if (strcmp(kind, "body") == 0) {
		e.type = ENTRY_PUBLICATION;
		return append(x, &e, &x->chief, &body, true);
	}
	if (strcmp(kind, "prev") == 0) {
		(void)append(x, &e, &x->analyst, &body, true);
		e.prev.at[0] ^= 1;
		return append(x, &e, &x->analyst, NULL, false);
	}
	if (strcmp(kind, "proof") == 0) {
		struct instant to = instant_plus_ns(x->clock,
			INT64_C(86400) * 1000000000);
		char hex[65];
		struct text t = text_on(hex, sizeof hex);

		a.used = 0;
		body = fields_in(&a);
		sign_random(stranger.seed, SIGN_SEED);
		sign_key_fill(&stranger);
		text_hex(&t, (struct bytes){stranger.public_key, SIGN_KEY});
		fields_text(&body, "act", "enrol");
		fields_text(&body, "key", hex);
		fields_text(&body, "person",
			"00000000000000000000000000000000");
		fields_text(&body, "org", "mission");
		fields_text(&body, "role", "chief");
		fields_time(&body, "not_before", x->clock);
		fields_time(&body, "not_after", to);
		fields_text(&body, "proof", "AAAA");
		e.type = ENTRY_KEY;
		entry_subject(x->clock,
			(struct bytes){stranger.public_key, SIGN_KEY},
			e.subject);
		stranger = load(x->disk, "ledger/keys/root");
		return append(x, &e, &stranger, &body, true);
	}
	return 0;
}

/* A confirmation by who stands behind it already: of one's own finding. */
static uint64_t forge_self(struct forge *x)
{
	static uint8_t room[1 << 16];
	struct arena a = arena_on(room, sizeof room);
	struct fields body = fields_in(&a);
	struct entry e = {.type = ENTRY_REPORT, .flags = ENTRY_TWO,
		.subject = {9}};
	struct entry c = {.type = ENTRY_REVIEW, .subject = {9}};
	struct digest leaf, d;
	uint64_t p;

	fields_text(&body, "text", "all is well");
	p = append(x, &e, &x->chief, &body, true);
	leaf = x->tree.level[0][p];
	d = table_subject(e.subject);
	need(table_set(&x->head, &d, p, &f));
	c.body = e.body;
	c.prev = leaf;
	return append(x, &c, &x->chief, NULL, false);
}

static uint64_t forge_receipt(struct disk *d, const char *hours)
{
	struct timespec t;
	struct instant now;
	struct journal_record r = {.kind = JOURNAL_PACKET,
		.payload = bytes_of("a notice of what was done")};
	struct ledger_item item;
	struct ledger *l;
	struct journal j;
	struct spool s;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	now.utc_ns = (int64_t)t.tv_sec * 1000000000;
	r.received.utc_ns = now.utc_ns -
		strtoll(hours, NULL, 10) * INT64_C(3600000000000);
	need(ledger_open(&l, d, true, &f) &&
		spool_open(&s, d, "inbox", SPOOL_WRITE, 0, &f));
	j = spool_journal(&s);
	need(spool_append(&s, &r, 1, &f) && ledger_append_intake(l, &j,
		s.log.id, ledger_intake_end(l, s.log.id), 1, now, &item,
		&f) && ledger_sign(l, &f));
	spool_close(&s);
	ledger_close(l);
	return item.index;
}

int main(int argc, char **argv)
{
	struct files files = {.root = -1};
	struct log_options o = {.folder = "ledger/journal",
		.use = LOG_JOURNAL, .writable = true};
	static struct forge x;
	struct ledger *l;
	uint64_t at;

	if (argc < 4) {
		printf("1..0 # SKIP is run by tests/people.sh\n");
		return 0;
	}
	need(sign_ready(&f) && files_open(&files, argv[1], &f));
	if (strcmp(argv[2], "received") == 0) {
		printf("%" PRIu64 "\n", forge_receipt(&files.disk, argv[3]));
		files_close(&files);
		return 0;
	}
	x.disk = &files.disk;
	need(ledger_open(&l, x.disk, false, &f) &&
		ledger_read(l, 0, see, &x, &f));
	ledger_close(l);
	x.engine = load(x.disk, "ledger/keys/engine");
	x.signer = load(x.disk, "ledger/keys/log");
	x.analyst = load(NULL, argv[3]);
	x.chief = load(NULL, argv[4]);
	x.other = load(NULL, argv[5]);
	need(secrets_open(&x.secrets, x.disk, false, &f));
	if (strcmp(argv[2], "erase") == 0) { /* no entry says so */
		at = x.tree.count[0] / 2;
		need(secrets_erase(&x.secrets, at, &f));
	} else {
		need(log_open(&x.log, x.disk, &o, &f));
		at = strcmp(argv[2], "self") == 0 ? forge_self(&x)
						  : forge(&x, argv[2]);
		log_close(&x.log);
		sign_log(&x);
	}
	printf("%" PRIu64 "\n", at);
	files_close(&files);
	return 0;
}
