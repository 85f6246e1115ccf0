/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/inside.h"
#include "ledger/tiles.h"

#include <inttypes.h>

static const char head_path[] = "ledger/signer/HEAD";
static const char public_folder[] = "ledger/pub";
static const char public_path[] = "ledger/pub/checkpoint";

/* -- keys -- */

static bool load_key(struct disk *d, const char *path, struct sign_key *k,
	bool *got, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	bool ok;
	size_t n;

	if (!small_read(d, path, at, &n, f))
		return false;
	*got = n > 0;
	ok = n == 0 || sign_key_read((struct bytes){at, n}, k, f);
	sign_forget(at, sizeof at);
	return ok || fault_in(f, "%s", path);
}

bool signing_key(struct disk *d, const char *path, const char *name,
	struct sign_key *k, struct fault *f)
{
	char at[2 * SIGN_NAME_MAX];
	struct text t = text_on(at, sizeof at), n;
	bool got, ok;

	if (!load_key(d, path, k, &got, f))
		return false;
	if (got)
		return true;
	n = text_on(k->name, sizeof k->name);
	text_add(&n, name);
	sign_random(k->seed, sizeof k->seed);
	sign_key_fill(k);
	sign_key_print(k, &t);
	ok = text_check(&n, f) && text_check(&t, f) &&
		small_write(d, path, text_view(&t), true, f);
	sign_forget(at, sizeof at);
	return ok;
}

bool signing_keys(struct ledger *l, struct fault *f)
{
	const struct people_key *k;
	bool engine, signer;

	if (!load_key(l->disk, "ledger/keys/engine", &l->engine, &engine, f) ||
		!load_key(l->disk, "ledger/keys/log", &l->signer, &signer, f))
		return false;
	l->copy &= !engine && !signer;
	if (l->copy)
		return true;
	if (!engine || !signer)
		return fault(f, FAULT_SYSTEM, "ledger/keys: a key is missing");
	k = people_key(&l->people, l->engine.public_key);
	if (!k || k->role != PEOPLE_ENGINE || k->until != UINT64_MAX ||
		memcmp(l->signer.public_key, l->signer_key, SIGN_KEY) != 0)
		return fault(f, FAULT_SYSTEM,
			"ledger/keys: not the keys that entry 0 names");
	return true;
}

bool signing_check(struct ledger *l, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct checkpoint c;
	struct digest root;
	size_t n;

	if (!small_read(l->disk, head_path, at, &n, f))
		return false;
	if (n == 0)
		return true;
	if (!checkpoint_read((struct bytes){at, n}, l->origin, l->signer_key,
		&c, f))
		return fault_in(f, "%s", head_path);
	if (c.size > l->size)
		return fault(f, FAULT_SYSTEM, "ledger: %" PRIu64 " entries, but"
			" %" PRIu64 " were signed: a restored backup?", l->size,
			c.size);
	root = merkle_tree_root(&l->tree, c.size);
	return digest_equal(&root, &c.root) || fault(f, FAULT_SYSTEM,
		"ledger: the first %" PRIu64 " entries are not those signed",
		c.size);
}

/* -- publishing -- */

/* How many entries lie in public, with their tiles; 0 where in doubt: then
 * all is written again. */
static uint64_t published(struct ledger *l)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct checkpoint c;
	struct fault no;
	size_t n;

	if (!small_read(l->disk, public_path, at, &n, &no) || n == 0 ||
		!checkpoint_read((struct bytes){at, n}, l->origin,
			l->signer_key, &c, &no) ||
		c.size > l->size ||
		!tiles_there(l->disk, public_folder, c.size))
		return 0;
	return c.size;
}

static bool add_tile(
	void *self, const struct journal_record *r, struct fault *f)
{
	return tiles_add(self, r->sequence, r->payload.at, f);
}

static bool publish(struct ledger *l, struct fault *f)
{
	struct journal j = log_journal(&l->log);
	uint64_t before = published(l);
	struct tiles t;
	bool ok;

	if (before == l->size)
		return true;
	ok = tiles_begin(&t, l->disk, public_folder, f) &&
		j.read(j.self, tiles_from(before), add_tile, &t, f) &&
		tiles_end(&t, &l->tree, before, l->size, f);
	tiles_free(&t);
	return ok || fault_in(f, "ledger");
}

bool ledger_sign(struct ledger *l, struct fault *f)
{
	struct checkpoint c = {.size = l->size};
	char note[1024];
	struct text t = text_on(note, sizeof note);

	if (!l->writable || l->dead)
		return fault(f, FAULT_SYSTEM, "ledger: cannot be written");
	if (l->writer)
		return l->writer->sign(l->writer->self, f);
	if (l->copy)
		return true; /* nothing could be added */
	memcpy(c.origin, l->origin, sizeof c.origin);
	c.root = ledger_root(l);
	checkpoint_print(&c, &l->signer, &t);
	/* HEAD is durable before the signature leaves; what a checkpoint
	 * speaks of is there before it. */
	return text_check(&t, f) &&
		small_write(l->disk, head_path, text_view(&t), true, f) &&
		publish(l, f) &&
		small_write(l->disk, public_path, text_view(&t), false, f);
}
