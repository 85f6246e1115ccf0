/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 *	FOLDER/log              the log's key, given at the first time
 *	FOLDER/keys             where the log was handed over: the keys that
 *	                        root persons named since, the newest first
 *	FOLDER/checkpoint       the last note that was seen
 *	FOLDER/accepted.policy  the witnesses' keys, if the reader has them
 *	FOLDER/ID.last          what such a key signed last, by the entry that
 *	                        hands over; ID of its key
 *	FOLDER/SIZE.equivocation   proofs
 *	FOLDER/SIZE.first, .second  two notes, where they are of two keys */
#include "cmd/monitor.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/encode.h"
#include "cmd/mirrored.h"
#include "cmd/scratch.h"
#include "cmd/take.h"
#include "feeds/fetch.h"
#include "feeds/file.h"
#include "ledger/equivocation.h"
#include "ledger/mirror.h"
#include "ledger/people_event.h"
#include "ledger/policy.h"
#include "ledger/secrets.h"
#include "ledger/tiles.h"
#include "spool/files.h"

enum { LIMIT_MS = 20000, STALE_S = 180 /* PROOF.md 4 */, KEYS = 16,
	LAST_NOTE = 1024 /* people_event.c */, LAST_PATH = 32 };

struct monitor {
	struct files files;
	const char *url;
	const struct cmd *cmd;
	struct note_key key;       /* in force, as far as is known */
	struct note_key all[KEYS]; /* with those before; entry 0's last */
	size_t keys;
	struct merkle_tree tree;
	struct fetch got; /* the newest note */
	struct note note;
	struct checkpoint now;
	bool forked;
};

static bool ask(const struct monitor *m, const char *path, struct fetch *x,
	struct fault *f)
{
	char url[1024];
	struct text t = text_on(url, sizeof url);

	text_fmt(&t, "%s/%s", m->url, path);
	*x = (struct fetch){.url = url, .most = NOTE_MAX,
		.limit_ms = LIMIT_MS};
	if (!text_check(&t, f) || !fetch_all(x, 1, f))
		return false;
	x->url = NULL;
	if (x->status == 200)
		return true;
	if (x->status == 0)
		*f = x->why;
	else
		fault(f, FAULT_SYSTEM, "%.150s: answers %d", url, x->status);
	return false;
}

static bool read_key(struct monitor *m, const char *given, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	size_t n;

	if (!small_read(&m->files.disk, "log", at, &n, f))
		return false;
	if (n == 0 && !given)
		return fault(f, FAULT_INPUT, "whose log? give its key");
	if (n == 0 && !(note_key_read(bytes_of(given), &m->key, f) &&
		small_write(&m->files.disk, "log", bytes_of(given), false,
			f)))
		return false;
	return n == 0 || note_key_read((struct bytes){at, n}, &m->key, f);
}

/* Those that it was handed to since. */
static bool read_keys(struct monitor *m, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct reader r;
	struct bytes line;
	size_t n;

	m->keys = 0;
	if (!small_read(&m->files.disk, "keys", at, &n, f))
		return false;
	r = reader((struct bytes){at, n});
	while (m->keys < KEYS - 1 && note_next_line(&r, &line))
		if (!note_key_read(line, &m->all[m->keys++], f))
			return fault_in(f, "keys");
	m->all[m->keys++] = m->key;
	m->key = m->all[0];
	return true;
}

static void last_path(const struct note_key *key, char path[LAST_PATH])
{
	struct text t = text_on(path, LAST_PATH);
	uint8_t id[NOTE_ID];

	note_key_id(key->name, key->type, key->key, id);
	text_hex(&t, (struct bytes){id, sizeof id});
	text_add(&t, ".last");
}

/* What a key that hands the log over signed last of this history: whatever it
 * says otherwise is held against that. */
static const char *hear_last(void *self, const struct people_entry *x,
	const struct merkle_tree *tree, struct fault *f)
{
	struct monitor *m = self;
	char note[LAST_NOTE], path[LAST_PATH];
	struct checkpoint c;
	struct fault no;

	(void)tree;
	if (x->entry->type != ENTRY_KEY || !x->body ||
		!people_text(x->body, "last", note, sizeof note))
		return NULL;
	for (size_t i = 0; i < m->keys; i++) {
		if (!checkpoint_read(bytes_of(note), m->key.name,
			m->all[i].key, &c, &no))
			continue;
		last_path(&m->all[i], path);
		if (!small_write(&m->files.disk, path, bytes_of(note), false,
			f))
			return "memory";
	}
	return NULL;
}

/* What the log itself says of who signs it, from entry 0 on. */
static bool audited(struct monitor *m, struct disk *mirror, struct fault *f)
{
	struct mirror_anchors anchors = {.has_key = true,
		.key = m->all[m->keys - 1], .self = m, .also = hear_last};
	static struct mirror is;
	char at[KEYS * 2 * SIGN_NAME_MAX];
	struct text t = text_on(at, sizeof at);

	if (!mirror_audit(mirror, &anchors, &is, f))
		return false;
	if (!is.is.verified)
		return fault(f, FAULT_INPUT, "signed by another key, and not "
			"handed over to it: %.150s", is.is.where);
	note_key_print(&is.signer, &t);
	for (size_t i = 0; i + 1 < m->keys && i < KEYS - 2; i++) {
		text_char(&t, '\n');
		note_key_print(&m->all[i], &t);
	}
	text_char(&t, '\n');
	if (!text_check(&t, f) || !small_write(&m->files.disk, "keys",
		text_view(&t), false, f))
		return false;
	printf("%s: handed over, as its root persons say, to ",
		m->key.name);
	t = text_on(at, sizeof at);
	note_key_print(&is.signer, &t);
	printf("%s\n", at);
	return true;
}

static int in_scratch(void *self, const char *folder)
{
	struct monitor *m = self;
	struct files to = {.root = -1};
	struct fault f = {0};
	bool ok = files_open(&to, folder, &f) &&
		mirrored_copy(m->url, &to.disk, &f) &&
		audited(m, &to.disk, &f);

	files_close(&to);
	(void)fflush(stdout);
	return ok ? EXIT_DONE : cmd_fault(m->cmd, &f);
}

static bool is_signed(struct monitor *m, bool *by, struct fault *f)
{
	return note_signed(&m->note, &m->key, by, f) &&
		(strcmp(m->now.origin, m->key.name) == 0 ||
			fault(f, FAULT_INPUT, "it is of another log, %.100s",
				m->now.origin));
}

static bool read_note(struct monitor *m, struct fault *f)
{
	bool by = false;

	if (!ask(m, "checkpoint", &m->got, f) ||
		!note_read(m->got.reply, &m->note, f) ||
		!note_checkpoint(&m->note, &m->now, f) || !is_signed(m, &by, f))
		return false;
	if (by)
		return true;
	m->key = m->all[m->keys - 1];
	return scratch_run(m->cmd, in_scratch, m) == EXIT_DONE &&
		read_keys(m, f) && is_signed(m, &by, f) &&
		(by || fault(f, FAULT_INPUT, "signed by a key that the log "
			"does not name"));
}

/* All leaves: then any two notes can be compared. */
static bool read_leaves(struct monitor *m, struct fault *f)
{
	char path[TILE_PATH];
	struct digest root;

	for (uint64_t i = 0; i * TILE_WIDTH < m->now.size; i++) {
		unsigned width = tile_width(i, m->now.size);
		struct fetch x;
		bool ok = ask(m, tile_path(0, i, width, path), &x, f);

		if (ok && x.reply.len != (size_t)width * SHA256_LEN)
			ok = fault(f, FAULT_INPUT, "%s: has %zu bytes", path,
				x.reply.len);
		for (unsigned k = 0; ok && k < width; k++) {
			struct digest leaf;

			memcpy(leaf.at, x.reply.at + k * SHA256_LEN,
				SHA256_LEN);
			ok = merkle_tree_add(&m->tree, &leaf, f);
		}
		fetch_free(&x, 1);
		if (!ok)
			return false;
	}
	root = merkle_tree_root(&m->tree, m->now.size);
	return digest_equal(&root, &m->now.root) ||
		fault(f, FAULT_INPUT, "its tiles are not what it signed");
}

/* The key that handed over went on: both notes, and who signs, as the log
 * says, are the proof. */
static bool keep_both(struct monitor *m, struct bytes seen, struct fault *f)
{
	static const char *const ends[] = {"first", "second"};
	const struct bytes note[] = {seen, m->got.reply};

	for (int i = 0; i < 2; i++) {
		char path[64];
		struct text p = text_on(path, sizeof path);

		text_fmt(&p, "%" PRIu64 ".%s", m->now.size, ends[i]);
		if (!small_write(&m->files.disk, path, note[i], false, f))
			return false;
	}
	printf("FORKED: %s has two histories, by two of its keys: %" PRIu64
		".first, .second; show it: truce audit %s --since FILE\n",
		m->key.name, m->now.size, m->url);
	m->forked = true;
	return true;
}

/* A note of this history by that key: the newest, or what it signed last. */
static bool ours_by(struct monitor *m, const struct note_key *key,
	uint8_t at[SECRETS_FILE_MAX], struct bytes *ours, struct fault *f)
{
	char path[LAST_PATH];
	size_t n;

	*ours = m->got.reply;
	if (memcmp(key->key, m->key.key, sizeof key->key) == 0)
		return true;
	last_path(key, path);
	if (!small_read(&m->files.disk, path, at, &n, f))
		return false;
	*ours = (struct bytes){at, n};
	return true;
}

/* Two notes of one key are the proof; of two keys, both are kept. */
static bool keep_fork(struct monitor *m, struct bytes seen, struct fault *f)
{
	char *at = malloc(2 * NOTE_MAX), path[64];
	uint8_t last[SECRETS_FILE_MAX];
	bool ok = true;

	if (!at)
		return fault(f, FAULT_LIMIT, "memory");
	for (size_t i = 0; ok && !m->forked && i < m->keys; i++) {
		struct text t = text_on(at, 2 * NOTE_MAX);
		struct text p = text_on(path, sizeof path);
		struct bytes ours;
		struct fault no;

		if (!(ok = ours_by(m, &m->all[i], last, &ours, f)) ||
			ours.len == 0 || !equivocation_make(&m->all[i], seen,
				ours, &m->tree, &t, &no))
			continue;
		text_fmt(&p, "%" PRIu64 ".equivocation", m->now.size);
		ok = small_write(&m->files.disk, path, text_view(&t), false,
			f);
		printf("FORKED: %s signed two histories: %s\n", m->key.name,
			path);
		m->forked = true;
	}
	free(at);
	return ok && (m->forked || keep_both(m, seen, f));
}

/* What was seen last, by whichever key it had then. */
static bool read_seen(const struct monitor *m, struct bytes b,
	struct checkpoint *was, struct fault *f)
{
	for (size_t i = 0; i < m->keys; i++)
		if (checkpoint_read(b, m->key.name, m->all[i].key, was, f))
			return true;
	return fault_in(f, "checkpoint");
}

static bool compare(struct monitor *m, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct checkpoint was = {.size = 0};
	struct digest root;
	size_t n;

	if (!small_read(&m->files.disk, "checkpoint", at, &n, f))
		return false;
	if (n > 0) {
		if (!read_seen(m, (struct bytes){at, n}, &was, f))
			return false;
		if (was.size > m->now.size)
			return fault(f, FAULT_INPUT, "it shows %" PRIu64
				" entries, and had %" PRIu64, m->now.size,
				was.size);
		root = merkle_tree_root(&m->tree, was.size);
		if (!digest_equal(&root, &was.root))
			return keep_fork(m, (struct bytes){at, n}, f);
	}
	return small_write(&m->files.disk, "checkpoint", m->got.reply, false,
		f);
}

static bool print(struct monitor *m, struct fault *f)
{
	static struct policy p;
	static uint8_t text[SECRETS_FILE_MAX];
	struct witnessed w;
	uint64_t newest = 0;
	char at[INSTANT_TEXT];
	size_t n;

	printf("%s: %" PRIu64 " entries", m->key.name, m->now.size);
	if (!small_read(&m->files.disk, "accepted.policy", text, &n, f))
		return false;
	if (n == 0) {
		printf(", witnesses not known here\n");
		return true;
	}
	if (!policy_read((struct bytes){text, n}, &p, f) ||
		!policy_judge(&p, &m->note, m->key.name, &w, f))
		return false;
	for (size_t i = 0; i < p.names; i++)
		if (w.time_s[i] > newest)
			newest = w.time_s[i];
	printf(", %zu witnesses, %s", w.witnesses,
		w.met ? "accepted" : "NOT accepted");
	if (take_now().utc_ns / 1000000000 - (int64_t)newest > STALE_S)
		printf(", stale since %s", instant_print((struct instant){
			(int64_t)newest * 1000000000}, 0, at));
	printf("\n");
	m->forked |= !w.met;
	return true;
}

int monitor_run(const struct cmd *cmd, int argc, char **argv)
{
	static struct monitor m;
	struct fault f = {0};
	bool ok;

	if (argc < 3 || argc > 4)
		return cmd_usage(cmd, "monitor wants FOLDER URL [KEY]");
	m = (struct monitor){.files = {.root = -1}, .cmd = cmd,
		.url = argv[2]};
	ok = sign_ready(&f) && folder_make(argv[1], &f) &&
		files_open(&m.files, argv[1], &f) &&
		read_key(&m, argc == 4 ? argv[3] : NULL, &f) &&
		read_keys(&m, &f) &&
		read_note(&m, &f) && read_leaves(&m, &f) && compare(&m, &f) &&
		(m.forked || print(&m, &f));
	fetch_free(&m.got, 1);
	merkle_tree_free(&m.tree);
	files_close(&m.files);
	if (!ok) /* what a scratch folder's process found it has said */
		return f.kind ? cmd_fault(cmd, &f) : EXIT_INPUT;
	return m.forked ? EXIT_NO : EXIT_DONE;
}
