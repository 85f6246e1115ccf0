/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/audit.h"

#include "base/encode.h"
#include "cmd/audited.h"
#include "cmd/authorities.h"
#include "cmd/load.h"
#include "cmd/mirrored.h"
#include "cmd/scratch.h"
#include "feeds/file.h"
#include "ledger/access.h"
#include "ledger/chain_ack.h"
#include "ledger/equivocation.h"
#include "ledger/kept.h"
#include "ledger/mirror.h"
#include "ledger/receipt.h"
#include "ledger/token.h"
#include "roles/frames.h"
#include "roles/import.h"
#include "roles/indexed.h"
#include "roles/replay.h"
#include "spool/files.h"

#include <inttypes.h>
#include <stdlib.h>

extern const struct cmd cmd_audit;

enum { ARENA = 1 << 24 };

#define NAMES ((size_t)4 << 30) /* mission.yaml, sensors.csv, geo/ */
#define NOTES ((size_t)KEPT_MAX * (NOTE_MAX + 64))

static const char one_machine[] =
	"all keys lie on one machine: no protection against its operator";
static const char key_taken[] =
	"the log's key was taken from the mirror itself: compare it with yours";

static const char key_in_file[] =
	"the log's key was taken from the file itself: compare it with yours";

struct ask {
	const char *where, *key, *genesis, *policy, *since;
	const char *entry, *leaf, *text, *record, *authority;
	bool json, anew, index_differs;
	char index[500]; /* what is said of it; "" there is none */
	struct arena arena;
	/* what they say */
	struct mirror_seen seen;
	struct policy quorum;
	struct mirror_anchors anchors;
	struct bracket at; /* of the entry that --entry asks for */
	bool asks_at;
	const char *scratch; /* a folder for copies; NULL: none is wanted */
};

static void say(void *self, const char *line)
{
	if (!*(bool *)self)
		printf("  %s\n", line);
}

static int report(const struct ask *q, const struct audit *a,
	const char *limit, size_t witnesses, const struct compared *anew)
{
	const struct audited v = {q->json, limit, q->index,
		q->asks_at ? &q->at : NULL, witnesses, anew};

	return audited_print(a, &v);
}

/* -- what the auditor brings -- */

static bool read_hash(const char *hex, struct digest *d, struct fault *f)
{
	return hex_read(bytes_of(hex), d->at, SHA256_LEN, f);
}

static bool read_anchors(struct ask *q, struct fault *f)
{
	struct mirror_anchors *a = &q->anchors;
	struct bytes b;

	if (q->key) {
		if (!note_key_read(bytes_of(q->key), &a->key, f))
			return fault_in(f, "--key");
		a->has_key = true;
	}
	if (q->genesis) {
		if (!read_hash(q->genesis, &a->genesis, f))
			return fault_in(f, "--genesis");
		a->has_genesis = true;
	}
	if (q->policy) {
		if (!file_read(q->policy, &q->arena, &b, f) ||
			!policy_read(b, &q->quorum, f))
			return fault_in(f, "%s", q->policy);
		a->policy = &q->quorum;
	}
	if (q->since) {
		if (!file_read(q->since, &q->arena, &q->seen.note, f))
			return fault_in(f, "%s", q->since);
		q->seen.size = UINT64_MAX;
		a->seen = &q->seen;
		a->seen_count = 1;
	}
	return true;
}

/* -- a mission, a mirror, a file -- */

/* Whose frames those of the spool are.  A mission whose files are in error
 * is audited all the same: then its frames have no key that is known. */
static bool know_sensors(const char *folder, struct arena *a,
	struct frames_sensors *out, struct fault *f)
{
	static struct complaints complaints;
	struct mission m = {.name = ""};
	struct fault why = {0};

	if (!mission_load(folder, a, &m, &complaints, &why)) {
		if (why.kind == FAULT_LIMIT)
			*f = why;
		return why.kind != FAULT_LIMIT;
	}
	return frames_sensors(&m, a, out, f);
}

/* Is there a witness whose key does not lie here? */
static bool elsewhere(const struct audit *a)
{
	for (size_t i = 0; i < a->asked; i++)
		if (!a->witness[i].local && a->witness[i].last_s > 0)
			return true;
	return false;
}

static int make_anew(struct ask *q, const char *mission, struct compared *c)
{
	struct fault f = {0};
	const char *anew = path_join(&q->arena, q->scratch, "anew", &f);

	return anew ? recompute(&cmd_audit, mission, anew, c)
		    : cmd_fault(&cmd_audit, &f);
}

/* Lists and reports are read from it.  False: it says something else. */
static bool index_agrees(struct ask *q, struct disk *disk)
{
	struct text t = text_on(q->index, sizeof q->index);
	struct store s = {stores[0], NULL};
	struct indexed x = {0};
	struct ledger *l = NULL;
	struct fault f = {0};
	struct bytes whole = {0};
	bool ok = ledger_open(&l, disk, false, &f) &&
		s.engine->open(&s, q->where, false, &f) &&
		s.engine->get(&s, REPLAY_WHOLE, &q->arena, &whole, &f) &&
		(whole.len == 0 || indexed_compare(&s, l, disk, &x, &f));

	if (s.self)
		s.engine->close(&s);
	ledger_close(l);
	if (!ok)
		text_fmt(&t, "index.db was not compared: %.200s", f.text);
	else if (whole.len == 0)
		text_fmt(&t, "index.db was not compared: a replay runs, or "
			"was cut off; `truce replay` makes it whole");
	else if (x.first[0])
		text_fmt(&t, "index.db is not what the log says: %s; delete "
			"it, and `truce replay` makes it anew", x.first);
	else
		text_fmt(&t, "index.db, which lists and reports are read "
			"from, has %" PRIu64 " records as the log has them, "
			"and %" PRIu64 " detections, looks and words of "
			"health that are lines of its batches", x.same,
			x.lines);
	if (ok && x.terms > 1)
		text_fmt(&t, ". Findings were judged under %" PRIu64
			" agreements, one after the other: since entry %" PRIu64
			" under %s", x.terms, x.terms_since, x.terms_sha256);
	return !ok || !x.first[0];
}

static int audit_mission(struct ask *q)
{
	struct files files = {.root = -1};
	struct frames_sensors sensors = {NULL, 0};
	struct chain_keys keys = frames_keys(&sensors);
	struct authorities known = {.count = 0};
	const struct audit_with with = {q->seen.note, &keys, &known};
	struct compared c = {0};
	struct arena names = {0};
	const char *index;
	struct fault f = {0};
	struct audit a;
	bool ok, anew;
	int code;

	ok = load_folder(q->where, &f) && files_open(&files, q->where, &f) &&
		arena_map(&names, NAMES, &f) &&
		know_sensors(q->where, &names, &sensors, &f) &&
		(q->authority ? authorities_named(q->authority, &names, &known,
			&f) : authorities_load(q->where, NULL, &names, &known,
			&f)) &&
		ledger_audit_with(&files.disk, &with, say, &q->json, &a, &f);
	arena_unmap(&names);
	index = path_join(&q->arena, q->where, "index.db", &f);
	ok = ok && (!q->asks_at || !a.is.verified ||
		bracket_of(&files.disk, &q->at, &f));
	q->index_differs = ok && index && a.is.verified &&
		file_exists(index) && !index_agrees(q, &files.disk);
	files_close(&files);
	if (!ok)
		return cmd_fault(&cmd_audit, &f);
	/* Of what is not what was logged nothing is made. */
	anew = q->anew && a.is.verified;
	if (anew && a.uncommitted > 0) {
		(void)fault(&f, FAULT_INPUT, "%s: %" PRIu64 " received records "
			"are in no intake yet, and could be taken away again; "
			"replay it first", q->where, a.uncommitted);
		return cmd_fault(&cmd_audit, &f);
	}
	if (anew && (code = make_anew(q, q->where, &c)) != EXIT_DONE)
		return code;
	code = report(q, &a, elsewhere(&a) ? NULL : one_machine, a.cosigned,
		anew ? &c : NULL);
	return code == EXIT_DONE && q->index_differs ? EXIT_NO : code;
}

/* A mission of the pack alone, whose received records and bodies are held
 * against each other, and its findings made anew. */
static int pack_anew(struct ask *q, struct disk *from, struct audit *a,
	struct compared *c)
{
	struct files to = {.root = -1};
	struct import_ask ask = {.from = from, .unsigned_ = true,
		.anchors = q->anchors};
	struct imported x = {0};
	struct fault f = {0};
	const char *mission =
		path_join(&q->arena, q->scratch, "mission", &f);
	bool ok = mission && folder_make(mission, &f) &&
		files_open(&to, mission, &f);

	ask.to = &to.disk;
	ok = ok && import_new(&ask, &x, &f);
	files_close(&to);
	if (x.refused)
		a->is = x.audit.is;
	if (!ok)
		return x.refused ? EXIT_NO : cmd_fault(&cmd_audit, &f);
	a->spool_records = x.records;
	return make_anew(q, mission, c);
}

static void print_list(const struct manifest_said *s)
{
	if (!s->there)
		return;
	printf("  %zu files as MANIFEST says, %s%s\n", s->files, s->by_log ?
		"signed by the log's key" : s->who[0] ? "signed by another "
		"key than the log's: " : "which nobody signed", s->who);
}

struct hearing { /* what a mirror's entries say beside */
	struct pulse pulse;
	struct clocks clocks;
	uint64_t told;
	struct anchor_seen stamps;
	struct authorities known;
	const char *origin;
	struct disk *disk;
	struct arena token;
};

static const char *hear_stamp(struct hearing *h, const struct people_entry *x,
	const struct merkle_tree *tree, struct fault *f)
{
	struct anchor_claim c = {.entry = x, .origin = h->origin,
		.tree = tree, .clocks = &h->clocks};
	char path[ANCHOR_PATH];

	if (x->entry->type != ENTRY_ANCHOR)
		return NULL;
	h->token.used = 0;
	return mirror_file(h->disk, anchor_path(x->index, path), TOKEN_MAX,
			&h->token, &c.token, f) &&
		anchor_check(&c, &h->known, &h->stamps, f) ? NULL : "anchor";
}

/* Where some stamps are, those that are not were taken away. */
static void miss_stamps(const struct hearing *h, struct outcome *is)
{
	struct fault f = {0};

	if (is->verified && h->stamps.tokens > 0 && h->stamps.gone > 0)
		is->verified = outcome_fails(is, h->stamps.gone, "anchor",
			"its time stamp is not there, and others are", &f);
}

static const char *hear(void *self, const struct people_entry *x,
	const struct merkle_tree *tree, struct fault *f)
{
	struct hearing *h = self;
	const char *rule = pulse_take(&h->pulse, x, tree, f);

	if (!rule)
		rule = access_take(&h->told, x, tree, f);
	if (!rule && !clocks_note(&h->clocks, x->entry->clock, f))
		rule = "memory";
	return rule ? rule : hear_stamp(h, x, tree, f);
}

/* What the policy's witnesses say of a mirror, and when. */
static bool hear_witnesses(struct ask *q, const struct mirror *m,
	const struct kept *k, struct hearing *h, struct audit *a,
	struct fault *f)
{
	a->policy = q->anchors.policy != NULL;
	if (!a->policy)
		return true;
	a->accepted = m->witnessed.met;
	for (size_t i = 0; i < q->quorum.names; i++) {
		struct audit_witness *w = &a->witness[a->asked];

		if (q->quorum.name[i].is_group)
			continue;
		memcpy(w->name, q->quorum.name[i].key.name, sizeof w->name);
		w->last_s = m->witnessed.time_s[i];
		a->asked++;
	}
	if (!kept_times(k, &q->quorum, m, &h->clocks,
		q->asks_at ? &q->at : NULL, f))
		return false;
	a->clocks = h->clocks.seen;
	return true;
}

/* --since, and those that it keeps. */
static bool add_kept(struct ask *q, struct disk *d, struct arena *arena,
	struct kept *k, struct fault *f)
{
	size_t n = q->anchors.seen_count;
	struct mirror_seen *all;

	if (!kept_read(d, arena, k, f) || !(all = arena_array(&q->arena,
		n + k->count + 1, sizeof *all, f)))
		return false;
	if (n > 0)
		all[0] = q->seen;
	for (size_t i = 0; i < k->count; i++)
		all[n + i] = k->note[i];
	q->anchors.seen = all;
	q->anchors.seen_count = n + k->count;
	return true;
}

static void mirror_found(const struct mirror *m, struct audit *a)
{
	struct text vkey = text_on(a->vkey, sizeof a->vkey);

	a->is = m->is;
	a->entries = m->entries;
	a->signed_size = m->size;
	a->batches = m->batches;
	a->intakes = m->intakes;
	a->blobs = m->blobs;
	a->people = m->people;
	a->root = m->root;
	a->genesis = m->genesis;
	if (m->key.name[0])
		note_key_print(&m->key, &vkey);
}

static void print_mirror(
	const struct mirror *m, const struct manifest_said *list)
{
	printf("  %" PRIu64 " of %" PRIu64 " entries, %" PRIu64
		" signatures\n", m->entries, m->size, m->signatures);
	printf("  %" PRIu64 " bodies at hand, %" PRIu64 " batches, %" PRIu64
		" evidence files\n", m->bodies, m->batches, m->blobs);
	print_list(list);
}

static int mirror_anew(struct ask *q, struct disk *d, bool full,
	struct audit *a, struct compared *c)
{
	struct fault f = {0};

	if (full)
		return pack_anew(q, d, a, c);
	(void)fault(&f, FAULT_INPUT, "%s: of level full only can findings be "
		"made anew", q->where);
	return cmd_fault(&cmd_audit, &f);
}

static int audit_mirror(struct ask *q)
{
	struct hearing heard = {.told = 0};
	static struct mirror m;
	static struct kept kept;
	struct arena notes = {0};
	struct files files = {.root = -1};
	struct manifest_said list = {.who = ""};
	struct compared c = {0};
	struct fault f = {0};
	struct audit a = {0};
	int code = EXIT_DONE;
	bool ok;

	q->anchors.self = &heard;
	q->anchors.also = hear;
	heard.disk = &files.disk;
	heard.origin = m.key.name;
	ok = files_open(&files, q->where, &f) &&
		arena_map(&notes, NOTES, &f) &&
		arena_map(&heard.token, 2 * TOKEN_MAX, &f) &&
		(!q->authority || authorities_named(q->authority, &q->arena,
			&heard.known, &f)) &&
		add_kept(q, &files.disk, &notes, &kept, &f) &&
		mirror_audit(&files.disk, &q->anchors, &m, &f);
	miss_stamps(&heard, &m.is);
	ok = ok && (!m.is.verified || hear_witnesses(q, &m, &kept, &heard, &a,
		&f));
	q->anchors.seen = &q->seen;
	q->anchors.seen_count = q->since != NULL;
	arena_unmap(&notes);
	if (ok && m.is.verified &&
		!manifest_audit(&files.disk, &m.signer, &list, &f)) {
		ok = f.kind == FAULT_INPUT;
		m.is.verified = outcome_fails_by(&m.is, UINT64_MAX,
			"manifest", &f);
	}
	a.pulse = heard.pulse.seen;
	a.told = heard.told;
	a.anchors = heard.stamps;
	arena_unmap(&heard.token);
	pulse_free(&heard.pulse);
	clocks_free(&heard.clocks);
	q->anchors.also = NULL;
	q->anchors.self = NULL;
	if (!ok) {
		files_close(&files);
		return cmd_fault(&cmd_audit, &f);
	}
	mirror_found(&m, &a);
	if (!q->json)
		print_mirror(&m, &list);
	if (q->anew && m.is.verified)
		code = mirror_anew(q, &files.disk, list.full, &a, &c);
	files_close(&files);
	if (code != EXIT_DONE && a.is.verified)
		return code;
	return report(q, &a, q->key ? NULL : key_taken, m.witnessed.witnesses,
		q->anew && a.is.verified ? &c : NULL);
}

static bool find_leaf(struct ask *q, struct digest *leaf, struct fault *f)
{
	struct bytes b;

	if (q->leaf)
		return read_hash(q->leaf, leaf, f) || fault_in(f, "--leaf");
	if (q->text) {
		*leaf = merkle_leaf(bytes_of(q->text));
		return true;
	}
	if (!q->entry)
		return fault(f, FAULT_INPUT, "what is proved? give --entry "
			"FILE, --leaf HEX or --text TEXT");
	if (!file_read(q->entry, &q->arena, &b, f))
		return false;
	*leaf = merkle_leaf(b);
	return true;
}

static int not_verified(const struct fault *f, const char *rule)
{
	printf("%s\nNOT VERIFIED - %s\n", f->text, rule);
	return EXIT_NO;
}

/* Who cosigned the checkpoint that a proof ends in; asked for by --policy
 * alone. */
static bool policy_met(const struct ask *q, const struct proof *p,
	const struct checkpoint *c, const char **rule, struct fault *f)
{
	static struct note n;
	struct witnessed w;

	*rule = "checkpoint";
	if (!q->policy)
		return true;
	if (!note_read(p->note, &n, f) ||
		!policy_judge(&q->quorum, &n, c->origin, &w, f))
		return false;
	*rule = "quorum";
	if (!w.met)
		return fault(f, FAULT_INPUT,
			"too few of the policy's witnesses cosigned");
	printf("  %zu of the policy's witnesses cosigned\n", w.witnesses);
	return true;
}

/* A .receipt; and the record that it is about, when it is at hand. */
static int audit_receipt(struct ask *q, struct bytes b)
{
	static struct disclosure d;
	const struct note_key *key = q->key ? &q->anchors.key : NULL;
	struct receipt r = {.batch = &d};
	const char *rule = "";
	struct checkpoint c;
	struct fault f = {0};
	struct bytes record;

	if (!receipt_read(b, &q->arena, &r, &rule, &f) ||
		!receipt_holds(&r, key, &c, &rule, &f))
		return not_verified(&f, rule);
	if (!policy_met(q, &d.proof, &c, &rule, &f))
		return not_verified(&f, rule);
	if (q->record && !file_read(q->record, &q->arena, &record, &f))
		return cmd_fault(&cmd_audit, &f);
	if (q->record && !receipt_is_of(&r, record)) {
		(void)fault(&f, FAULT_INPUT, "%s: the receipt is of another "
			"record", q->record);
		return not_verified(&f, "receipt");
	}
	printf("  record %" PRIu64 " of its spool, %" PRIu64 " of %" PRIu64
		" in the batch%s\n", bytes_be((struct bytes){r.header + 8, 8}),
		r.at + 1, r.of, q->record ? ": the one given" : "");
	if (!key)
		printf("  no key given: only the path is proved\n");
	printf("VERIFIED entry %" PRIu64 " of %" PRIu64 ", %s\n",
		d.proof.index, c.size, c.origin);
	return EXIT_DONE;
}

/* Whose cosignatures stand under both?  Without a policy their keys are not
 * known, so names alone prove nothing and are not told. */
static bool print_both(const struct ask *q, const struct equivocation *e,
	struct fault *f)
{
	for (size_t i = 0; q->policy && i < q->quorum.names; i++) {
		const struct note_key *k = &q->quorum.name[i].key;
		uint64_t at[2];

		if (q->quorum.name[i].is_group)
			continue;
		if (!note_cosigned(&e->note[0], k, &at[0], f) ||
			!note_cosigned(&e->note[1], k, &at[1], f))
			return false;
		if (at[0] && at[1])
			printf("  both cosigned by witness %s\n", k->name);
	}
	return true;
}

static int audit_fork(struct ask *q, struct bytes b)
{
	static struct equivocation e;
	struct fault f = {0};
	char hex[SHA256_HEX];

	if (!equivocation_read(b, q->key ? &q->anchors.key : NULL, &e, &f))
		return cmd_fault(&cmd_audit, &f);
	for (size_t i = 0; i < 2; i++)
		printf("  signed: %" PRIu64 " entries, root %s\n",
			e.says[i].size, digest_hex(&e.says[i].root, hex));
	if (e.longer)
		printf("  but the longer history has, at %" PRIu64
			" entries, root %s\n", e.says[0].size,
			digest_hex(&e.root, hex));
	if (!print_both(q, &e, &f))
		return cmd_fault(&cmd_audit, &f);
	if (!q->key)
		printf("%s\n", key_in_file);
	printf("FORKED: %s signed two histories\n", e.says[0].origin);
	return EXIT_NO;
}

/* A .disclosure, or a .tlog-proof and what it speaks of. */
static int audit_file(struct ask *q)
{
	static struct disclosure d;
	const struct note_key *key = q->key ? &q->anchors.key : NULL;
	struct digest leaf = {{0}};
	const char *rule;
	struct checkpoint c;
	struct fault f = {0};
	struct bytes b;
	bool ok, opened;

	if (!file_read(q->where, &q->arena, &b, &f) || !sign_ready(&f))
		return cmd_fault(&cmd_audit, &f);
	if (bytes_start(b, "truce.receipt/"))
		return audit_receipt(q, b);
	if (bytes_start(b, "truce.equivocation/"))
		return audit_fork(q, b);
	opened = bytes_start(b, "truce.disclosure/");
	if (!opened && !q->entry && !q->leaf && !q->text &&
		!bytes_start(b, PROOF_TITLE)) {
		fault(&f, FAULT_INPUT, "%s: is no file that proves anything: "
			"wants truce.disclosure/1, truce.receipt/1, "
			"truce.equivocation/1 or " PROOF_TITLE " in its first "
			"line", q->where);
		return cmd_fault(&cmd_audit, &f);
	}
	if (!opened && !find_leaf(q, &leaf, &f))
		return cmd_fault(&cmd_audit, &f);
	ok = opened ? disclosure_read(b, &q->arena, &d, &f)
		    : proof_read(b, &d.proof, &f);
	ok = ok && proof_holds(&d.proof, opened ? &d.leaf : &leaf, key, &c,
		&f);
	if (!ok)
		return not_verified(&f, "proof");
	if (!policy_met(q, &d.proof, &c, &rule, &f))
		return not_verified(&f, rule);
	if (opened)
		printf("  %zu fields, %zu withheld, %s\n", d.count,
			d.withheld, d.named ? "names proven"
					    : "names not proven");
	if (!key)
		printf("  no key given: only the path is proved\n");
	printf("VERIFIED entry %" PRIu64 " of %" PRIu64 ", %s\n",
		d.proof.index, c.size, c.origin);
	return EXIT_DONE;
}

/* A checkpoint or tiles, and no mission about them. */
static bool is_mirror(struct ask *q)
{
	struct fault no;
	const char *note = path_join(&q->arena, q->where, "checkpoint", &no);
	const char *tile = path_join(&q->arena, q->where, "tile", &no);
	const char *own = path_join(&q->arena, q->where, "ledger", &no);

	return note && tile && own && !folder_exists(own) &&
		(file_exists(note) || folder_exists(tile));
}

static int audit(struct ask *q)
{
	const char *slash = strrchr(q->where, '/');

	if (file_exists(q->where) && !folder_exists(q->where))
		return audit_file(q);
	/* A mission that is not there is told of by who would load it. */
	if (!folder_exists(q->where) &&
		strchr(slash ? slash : q->where, '.')) {
		struct fault f;

		fault(&f, FAULT_INPUT, "%s: there is no such folder or file",
			q->where);
		return cmd_fault(&cmd_audit, &f);
	}
	q->asks_at = q->entry != NULL;
	if (q->asks_at && !note_number(bytes_of(q->entry), &q->at.index))
		return cmd_usage(&cmd_audit, "--entry wants the number of an "
			"entry, where a folder is audited");
	return is_mirror(q) ? audit_mirror(q) : audit_mission(q);
}

/* What wants copies. */
static int in_scratch(void *self, const char *folder)
{
	struct ask *q = self;
	struct files to = {.root = -1};
	struct fault f = {0};
	const char *copy = path_join(&q->arena, folder, "mirror", &f);
	bool ok = copy != NULL;

	q->scratch = folder;
	if (!mirrored_is_url(q->where))
		return audit(q);
	ok = ok && folder_make(copy, &f) && files_open(&to, copy, &f) &&
		mirrored_copy(q->where, &to.disk, &f);
	files_close(&to);
	q->where = copy;
	return ok ? audit(q) : cmd_fault(&cmd_audit, &f);
}

static int run(int argc, char **argv)
{
	static struct ask q;
	const struct ui_option options[] = {
		{"--json", NULL, &q.json}, {"--recompute", NULL, &q.anew},
		{"--key", &q.key, NULL},
		{"--genesis", &q.genesis, NULL}, {"--policy", &q.policy, NULL},
		{"--since", &q.since, NULL}, {"--entry", &q.entry, NULL},
		{"--leaf", &q.leaf, NULL}, {"--text", &q.text, NULL},
		{"--record", &q.record, NULL},
		{"--authority", &q.authority, NULL},
		{"--ca", &q.authority, NULL}, /* its old name */
		{NULL, NULL, NULL},
	};
	struct fault f = {0};
	int code;

	if (!ui_options(&cmd_audit, &argc, argv, options))
		return EXIT_USAGE;
	if (argc < 2)
		return cmd_usage(&cmd_audit, "which mission?");
	if (argc > 2)
		return cmd_usage(&cmd_audit, "one mission at a time");
	q.where = argv[1];
	if (!arena_map(&q.arena, ARENA, &f) || !read_anchors(&q, &f))
		code = cmd_fault(&cmd_audit, &f);
	else if (q.anew && !folder_exists(q.where) &&
		!mirrored_is_url(q.where))
		code = cmd_usage(&cmd_audit, "--recompute wants a mission, or "
			"a pack of level full");
	else if (q.anew || mirrored_is_url(q.where))
		code = scratch_run(&cmd_audit, in_scratch, &q);
	else
		code = audit(&q);
	arena_unmap(&q.arena);
	return code;
}

const struct cmd cmd_audit = {
	.name = "audit",
	.usage = "audit MISSION|PACK|URL|FILE [--key KEY] [--genesis HEX] "
		"[--policy FILE] [--since CHECKPOINT] "
		"[--authority FILE|FOLDER] [--recompute] [--json]",
	.about = "verify log, signatures, evidence; make all anew",
	.run = run,
};
