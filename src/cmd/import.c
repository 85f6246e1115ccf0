/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/import.h"

#include "base/encode.h"
#include "cmd/key.h"
#include "cmd/load.h"
#include "cmd/mirrored.h"
#include "cmd/scratch.h"
#include "cmd/staging.h"
#include "cmd/ui.h"
#include "feeds/file.h"
#include "ledger/takeover.h"
#include "spool/files.h"

#include <inttypes.h>

extern const struct cmd cmd_import;

enum { ARENA = 16 << 20 };

struct ask {
	const char *mission, *from;
	const char *key, *genesis, *policy, *signer, *mirror;
	const char *root;
	bool unsigned_, over;
	struct arena arena;
	struct policy quorum;
	struct import_ask import;
};

static bool read_ask(struct ask *q, struct fault *f)
{
	struct mirror_anchors *a = &q->import.anchors;
	struct bytes b;

	q->import.unsigned_ = q->unsigned_;
	if (q->key) {
		if (!note_key_read(bytes_of(q->key), &a->key, f))
			return fault_in(f, "--key");
		a->has_key = true;
	}
	if (q->genesis) {
		if (!hex_read(bytes_of(q->genesis), a->genesis.at, SHA256_LEN,
			f))
			return fault_in(f, "--genesis");
		a->has_genesis = true;
	}
	if (q->signer) {
		if (!note_key_read(bytes_of(q->signer), &q->import.signer, f))
			return fault_in(f, "--signer");
		q->import.has_signer = true;
	}
	if (q->policy) {
		if (!file_read(q->policy, &q->arena, &b, f) ||
			!policy_read(b, &q->quorum, f))
			return fault_in(f, "%s", q->policy);
		a->policy = &q->quorum;
	}
	return true;
}

/* The mission's own policy, where none is given. */
static bool own_policy(struct ask *q, struct fault *f)
{
	const char *path = path_join(&q->arena, q->mission,
		"ledger/policy/accepted.policy", f);
	struct bytes b;

	if (!path)
		return false;
	if (q->policy || !file_exists(path))
		return true;
	if (!file_read(path, &q->arena, &b, f) ||
		!policy_read(b, &q->quorum, f))
		return fault_in(f, "%s", path);
	q->import.anchors.policy = &q->quorum;
	return true;
}

static bool make_new(struct ask *q, struct disk *from, struct imported *out,
	struct fault *f)
{
	struct files to = {.root = -1};
	struct staging stage = {.lock = -1};
	bool ok;

	q->import.from = from;
	q->import.to = &to.disk;
	ok = staging_open(&stage, q->mission, f) &&
		files_open(&to, stage.part, f) &&
		import_new(&q->import, out, f) &&
		staging_done(&stage, f);
	files_close(&to);
	staging_drop(&stage);
	q->import.from = q->import.to = NULL;
	return ok;
}

static bool make_more(struct ask *q, struct disk *from, struct imported *out,
	struct fault *f)
{
	struct files to = {.root = -1};
	bool ok;

	q->import.from = from;
	q->import.to = &to.disk;
	ok = own_policy(q, f) && files_open(&to, q->mission, f) &&
		import_more(&q->import, out, f);
	files_close(&to);
	return ok;
}

static void say(const struct ask *q, bool fresh, const struct imported *x)
{
	if (x->taken == 0)
		printf("%s: has all %" PRIu64 " entries already\n", q->mission,
			x->audit.size);
	else if (fresh)
		printf("%s: made of %" PRIu64 " entries", q->mission, x->taken);
	else
		printf("%s: had %" PRIu64 " entries, took %" PRIu64,
			q->mission, x->had, x->taken);
	if (x->taken > 0)
		printf(", %" PRIu64 " bodies, %" PRIu64 " evidence files, %"
			PRIu64 " received records\n", x->bodies, x->blobs,
			x->records);
	if (x->absent > 0)
		printf("%" PRIu64 " entries came without a body\n", x->absent);
	if (!q->over)
		printf("check it: truce audit %s\n", q->mission);
}

/* Keys of its own, which count once the root persons have named them. */
static int take_over(const struct ask *q)
{
	struct files to = {.root = -1};
	struct fault f = {0};
	char vkey[2 * SIGN_NAME_MAX];
	struct text v = text_on(vkey, sizeof vkey);
	bool done = false, ok = files_open(&to, q->mission, &f) &&
		takeover_done(&to.disk, &done, &f) &&
		takeover_make(&to.disk, &v, &f);

	files_close(&to);
	if (!ok || (q->root && !key_take_over(q->mission, q->root, &f)))
		return cmd_fault(&cmd_import, &f);
	if (!q->root && done)
		printf("it is taken over already\n");
	else if (!q->root)
		printf("its keys are made, and wait for the root persons: "
			"truce key take-over %s --root FILE\n", q->mission);
	printf("witnesses elsewhere take the new key by hand: truce witness "
		"accept FOLDER '%s'\n", vkey);
	return EXIT_DONE;
}

/* Begun again after all of it was done: the pack is under a policy that is not
 * in force any more. */
static bool is_over(const struct ask *q, bool *is, struct fault *f)
{
	struct files to = {.root = -1};
	bool ok = !q->over || (files_open(&to, q->mission, f) &&
		takeover_done(&to.disk, is, f));

	files_close(&to);
	return ok;
}

static int import(struct ask *q)
{
	const char *ledger;
	struct files from = {.root = -1};
	struct imported x = {0};
	struct fault f = {0};
	bool fresh, ok, over = false;

	if (!arena_map(&q->arena, ARENA, &f) || !read_ask(q, &f) ||
		!(ledger = path_join(&q->arena, q->mission, "ledger/journal",
			&f)))
		return cmd_fault(&cmd_import, &f);
	fresh = !folder_exists(ledger);
	if (!fresh && !is_over(q, &over, &f))
		return cmd_fault(&cmd_import, &f);
	if (over)
		return take_over(q);
	ok = files_open(&from, q->from, &f) &&
		(fresh ? make_new(q, &from.disk, &x, &f)
		       : make_more(q, &from.disk, &x, &f));
	files_close(&from);
	q->import.from = NULL;
	if (x.refused) {
		printf("%s\nNOT VERIFIED ", x.audit.is.where);
		if (x.audit.is.index != UINT64_MAX)
			printf("%" PRIu64 " ", x.audit.is.index);
		else
			printf("- ");
		printf("%s\n", x.audit.is.rule);
		return EXIT_NO;
	}
	if (!ok)
		return cmd_fault(&cmd_import, &f);
	say(q, fresh, &x);
	return q->over ? take_over(q) : EXIT_DONE;
}

static int in_scratch(void *self, const char *folder)
{
	struct ask *q = self;
	struct files to = {.root = -1};
	struct fault f = {0};
	bool ok = files_open(&to, folder, &f) &&
		mirrored_copy(q->from, &to.disk, &f);

	files_close(&to);
	q->from = folder;
	return ok ? import(q) : cmd_fault(&cmd_import, &f);
}

static int run(int argc, char **argv)
{
	static struct ask q;
	const struct ui_option options[] = {
		{"--mirror", &q.mirror, NULL}, {"--key", &q.key, NULL},
		{"--genesis", &q.genesis, NULL}, {"--policy", &q.policy, NULL},
		{"--signer", &q.signer, NULL},
		{"--unsigned", NULL, &q.unsigned_},
		{"--take-over", NULL, &q.over}, {"--root", &q.root, NULL},
		{NULL, NULL, NULL},
	};
	int code;

	if (!ui_options(&cmd_import, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != (q.mirror ? 2 : 3))
		return cmd_usage(&cmd_import, "into which mission, and which "
			"pack?");
	if (q.root && !q.over)
		return cmd_usage(&cmd_import, "--root is of --take-over");
	q.mission = argv[1];
	q.from = q.mirror ? q.mirror : argv[2];
	q.import.mirror = q.mirror != NULL;
	code = mirrored_is_url(q.from) ? scratch_run(&cmd_import, in_scratch,
		&q) : import(&q);
	arena_unmap(&q.arena);
	return code;
}

const struct cmd cmd_import = {
	.name = "import",
	.usage = "import MISSION PACK|URL|--mirror FOLDER|URL [--key KEY] "
		"[--genesis HEX] [--policy FILE] [--signer KEY|--unsigned] "
		"[--take-over [--root FILE]]",
	.about = "verify a pack or mirror, and make or mend a mission of it",
	.run = run,
};
