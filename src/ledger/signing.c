/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/inside.h"

#include "base/encode.h"
#include "ledger/anchor.h"
#include "ledger/blobs.h"
#include "ledger/bracket.h"
#include "ledger/forked.h"
#include "ledger/proof.h"
#include "ledger/tiles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum { FIRST_MAX = 2 * BODY_MAX + 4096 }; /* base64, and a proof */

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
	ok = small_write(d, path, text_view(&t), true, f);
	sign_forget(at, sizeof at);
	return ok;
}

/* Engine and log key are those that the log names, by what it says so far. */
static bool in_force(const struct ledger *l)
{
	const struct people_key *k =
		people_key(&l->people, l->engine.public_key);
	const uint8_t *log = people_log_key(&l->people, UINT64_MAX);

	return k && k->role == PEOPLE_ENGINE && k->until == UINT64_MAX &&
		memcmp(l->signer.public_key, log, SIGN_KEY) == 0;
}

bool signing_keys(struct ledger *l, struct fault *f)
{
	bool engine, signer, imported;

	if (!load_key(l->disk, "ledger/keys/engine", &l->engine, &engine, f) ||
		!load_key(l->disk, "ledger/keys/log", &l->signer, &signer, f))
		return false;
	imported = l->copy;
	l->copy &= !engine && !signer;
	if (l->copy)
		return true;
	if (!engine || !signer)
		return fault(f, FAULT_SYSTEM, "ledger/keys: a key is missing");
	l->waits = imported && !in_force(l);
	return l->waits || in_force(l) || fault(f, FAULT_SYSTEM,
		"ledger/keys: not the keys that the log names");
}

/* There is a HEAD before there is an entry 1 (signing_begin()).  Where it is
 * gone, what was published says from where on the witnesses are to be asked;
 * where that is gone too, nothing does, and nothing may be signed. */
static bool without_head(struct ledger *l, struct fault *f)
{
	uint64_t n;
	bool there;

	if (l->size < 2 || l->copy)
		return true;
	return l->disk->size(l->disk->self, public_path, &n, &there, f) &&
		(there || fault(f, FAULT_SYSTEM, "read only: %" PRIu64
			" entries, and neither %s nor %s: what was signed last "
			"is not known", l->size, head_path, public_path));
}

bool signing_begin(struct ledger *l, struct fault *f)
{
	struct checkpoint c = {.size = 1, .root = ledger_root_at(l, 1)};
	char note[1024];
	struct text t = text_on(note, sizeof note);
	uint64_t n;
	bool there;

	if (l->size != 1 || l->copy)
		return true;
	if (!l->disk->size(l->disk->self, head_path, &n, &there, f))
		return false;
	memcpy(c.origin, l->origin, sizeof c.origin);
	checkpoint_print(&c, &l->signer, &t);
	return there ||
		small_write(l->disk, head_path, text_view(&t), true, f);
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
		return !l->writable || without_head(l, f);
	if (!people_note(&l->people, (struct bytes){at, n}, &c, NULL, f))
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
		!people_note(&l->people, (struct bytes){at, n}, &c, NULL,
			&no) ||
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

/* -- entry 0, for whoever has the address only -- */

struct first {
	struct ledger *of;
	struct text out;
};

static bool print_first(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct first *x = self;
	struct checkpoint c = {.size = 1, .root = e->leaf};
	char note[1024];
	struct text t = text_on(note, sizeof note);
	struct proof proof = {.index = 0};
	bool ok;

	memcpy(c.origin, x->of->origin, sizeof c.origin);
	checkpoint_print(&c, &x->of->signer, &t);
	proof.note = text_view(&t);
	f->kind = FAULT_NONE;
	if (e->shown) /* its salts are somebody else's */
		return false;
	ok = disclosure_print(e->raw.at, e->plain, e->secret, NULL, NULL,
		&proof, &x->out, f);
	(void)ok; /* else `f` says why */
	return false; /* it alone */
}

bool signing_first(struct ledger *l, struct fault *f)
{
	struct first x = {.of = l};
	char *at;
	uint64_t n;
	bool there, ok;

	if (l->copy)
		return true;
	if (!l->disk->size(l->disk->self, SIGNING_FIRST, &n, &there, f))
		return false;
	if (there)
		return true;
	at = malloc(FIRST_MAX);
	if (!at)
		return fault(f, FAULT_LIMIT, "memory");
	x.out = text_on(at, FIRST_MAX);
	ok = ledger_read(l, 0, print_first, &x, f) &&
		(x.out.len == 0 || small_write(l->disk, SIGNING_FIRST,
			text_view(&x.out), false, f));
	free(at);
	return ok;
}

/* -- events of the root persons, always open: who has the address alone sees
 * whose keys are good, and who the log was handed to; and what strangers
 * stamped, with their stamps -- */

struct event {
	struct ledger *of;
	struct bytes note; /* of all its entries */
	struct text out;
	struct digest token; /* of a stamp */
	bool stamped;
};

static bool print_event(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct event *x = self;
	struct proof proof = {.index = e->index, .note = x->note};
	bool ok;

	f->kind = FAULT_NONE;
	if (!e->open) /* erased, or its secret is lost */
		return false;
	x->stamped = e->entry.type == ENTRY_ANCHOR &&
		body_digest(e->body, "token_sha256", &x->token);
	ok = ledger_proof(x->of, e->index, &proof.path, f); /* it is there */
	ok &= e->shown ? shown_print(e->shown, NULL, NULL, &proof, &x->out,
		f) : disclosure_print(e->raw.at, e->plain, e->secret, NULL,
			NULL, &proof, &x->out, f);
	(void)ok; /* else `f` says why */
	return false; /* it alone */
}

/* The token before the words about it, and neither without the other. */
static bool publish_stamp(struct ledger *l, uint64_t index,
	const struct digest *name, bool *there, struct fault *f)
{
	char path[ANCHOR_PATH], at[96];
	struct text p = text_on(at, sizeof at);
	struct bytes token;
	struct fault no;
	bool ok;

	*there = blobs_get_sound(l->disk, name, &token, &no);
	if (!*there)
		return true;
	text_fmt(&p, "%s/%s", public_folder, anchor_path(index, path));
	ok = small_write(l->disk, at, token, false, f);
	blobs_release(l->disk, token);
	return ok;
}

static bool publish_event(struct ledger *l, uint64_t index, struct bytes note,
	struct fault *f)
{
	struct event x = {.of = l, .note = note};
	char path[96], *at;
	struct text p = text_on(path, sizeof path);
	uint64_t n;
	bool there, ok;

	text_fmt(&p, "%s/disclosures/", public_folder);
	tile_index(index, &p);
	text_add(&p, ".disclosure");
	if (!l->disk->size(l->disk->self, path, &n, &there, f) || there)
		return there;
	at = malloc(FIRST_MAX);
	if (!at)
		return fault(f, FAULT_LIMIT, "memory");
	x.out = text_on(at, FIRST_MAX);
	ok = ledger_read(l, index, print_event, &x, f);
	there = x.out.len > 0;
	if (ok && there && x.stamped)
		ok = publish_stamp(l, index, &x.token, &there, f);
	ok = ok && (!there || small_write(l->disk, path, text_view(&x.out),
		false, f));
	free(at);
	return ok;
}

static bool publish_events(struct ledger *l, struct bytes note,
	struct fault *f)
{
	const struct people *p = &l->people;

	for (; l->events < p->items; l->events++) {
		const struct people_item *i = &p->item[l->events];

		if (i->type == ENTRY_KEY &&
			!publish_event(l, i->index, note, f))
			return false;
	}
	for (; l->anchors_shown < l->anchors; l->anchors_shown++)
		if (!publish_event(l, l->anchor[l->anchors_shown], note, f))
			return false;
	return true;
}

static bool publish(struct ledger *l, struct fault *f)
{
	struct journal j = log_journal(&l->log);
	uint64_t before = published(l);
	struct tiles t;
	bool ok;

	if (!signing_first(l, f))
		return false;
	if (before == l->size)
		return true;
	ok = tiles_begin(&t, l->disk, public_folder, f) &&
		j.read(j.self, tiles_from(before), add_tile, &t, f) &&
		tiles_end(&t, &l->tree, before, l->size, f);
	tiles_free(&t);
	return ok || fault_in(f, "ledger");
}

/* -- read back -- */

static bool add_back(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct ledger *l = self;
	struct digest leaf =
		entry_leaf(bytes_part(r->payload, 0, ENTRY_LEN));

	if (!digest_equal(&leaf, &l->tree.level[0][r->sequence]))
		return fault(f, FAULT_SYSTEM, "ledger: entry %" PRIu64
			" was stored otherwise than it came", r->sequence);
	merkle_add(&l->back, &leaf);
	return true;
}

/* What lies on the disk is what came, and the root is the same when made of
 * it: a bit that flipped once ended a public log (sigstore/rekor 1525). */
static bool read_back(struct ledger *l, struct fault *f)
{
	struct journal j = log_journal(&l->log);
	struct digest root = ledger_root(l), back;

	l->dead = !j.read(j.self, l->back.count, add_back, l, f);
	if (l->dead)
		return false;
	back = merkle_root(&l->back);
	l->dead = !digest_equal(&root, &back);
	return !l->dead || fault(f, FAULT_SYSTEM,
		"ledger: the root of what is stored is another one");
}

/* -- witnesses -- */

bool signing_quorum(struct ledger *l, struct fault *f)
{
	const struct courier *c = l->quorum.courier;

	quorum_close(&l->quorum);
	if (!quorum_open(&l->quorum, l->disk, &l->people.policy, f))
		return false;
	l->quorum.courier = c;
	l->compared = !l->quorum.wanted;
	return true;
}

const char *ledger_held(const struct ledger *l)
{
	return l->held;
}

bool ledger_off(const struct ledger *l)
{
	return l->off_s != 0;
}

/* By what witnesses elsewhere said of the time: where too few did, it is as it
 * was.  What they said long ago tells only of a clock that went back. */
static void weigh_clock(struct ledger *l, bool now)
{
	size_t n;
	int64_t s = quorum_clock(&l->quorum, (uint64_t)time(NULL), &n);
	struct text h;

	if (n > BRACKET_LIARS && (now || s < 0)) {
		l->off_s = s;
		l->off_by = n;
	}
	if (l->off_s == 0)
		return;
	h = text_on(l->held, sizeof l->held);
	text_fmt(&h, "nothing is logged: this machine's clock is %" PRId64
		" s %s that of %zu witnesses elsewhere; what comes is kept, "
		"and goes in once the clock is right",
		l->off_s < 0 ? -l->off_s : l->off_s,
		l->off_s < 0 ? "behind" : "ahead of", l->off_by);
}

/* From what was published last: time does not go back. */
static bool recall_clock(struct ledger *l, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	size_t n;

	l->off_s = 0;
	if (!small_read(l->disk, public_path, at, &n, f))
		return false;
	quorum_recall(&l->quorum, (struct bytes){at, n});
	weigh_clock(l, false);
	return true;
}

/* What a witness that knows another history shows of it. */
static bool keep_fork(struct ledger *l, size_t witness, struct bytes ours,
	struct fault *f)
{
	struct letter *x = malloc(sizeof *x);
	bool ok;

	if (!x)
		return fault(f, FAULT_LIMIT, "memory");
	ok = quorum_other(&l->quorum, witness, l->origin, x, f) &&
		(x->status != 200 || forked_keep(l, (struct bytes){x->reply,
			x->len}, ours, f));
	free(x);
	return ok;
}

/* Faults when a witness knows more than we do, or another history. */
static bool agree(struct ledger *l, struct bytes ours, struct fault *f)
{
	struct quorum *q = &l->quorum;

	for (size_t i = 0; i < q->policy.names; i++)
		if (!q->policy.name[i].is_group &&
			q->state[i] == QUORUM_FORK && !keep_fork(l, i, ours, f))
			return false;
	l->dead = quorum_count(q, QUORUM_FORK) > 0 ||
		quorum_count(q, QUORUM_AHEAD) > 0;
	if (!l->dead)
		return true;
	return fault(f, FAULT_SYSTEM, "read only: %s: %s", q->why,
		quorum_count(q, QUORUM_FORK) > 0
			? "a fork (see ledger/equivocation)"
			: "this is a restored backup");
}

/* HEAD, or what was published where HEAD is gone; *n 0: nothing was. */
static bool last_note(struct ledger *l, uint8_t at[SECRETS_FILE_MAX],
	size_t *n, struct fault *f)
{
	return small_read(l->disk, head_path, at, n, f) &&
		(*n > 0 || small_read(l->disk, public_path, at, n, f));
}

bool ledger_compare(
	struct ledger *l, const struct courier *courier, struct fault *f)
{
	struct quorum *q = &l->quorum;
	uint8_t at[SECRETS_FILE_MAX];
	char lines[SECRETS_FILE_MAX];
	struct text t = text_on(lines, sizeof lines);
	struct checkpoint c;
	struct quorum_ask ask = {&l->tree, &c, {at, 0}};
	struct note_key by;
	size_t agreed;

	q->courier = courier;
	l->held[0] = '\0';
	if (l->waits || !q->wanted)
		return true;
	if (!recall_clock(l, f) || !last_note(l, at, &ask.note.len, f))
		return false;
	l->compared = ask.note.len == 0; /* it begins */
	if (l->compared)
		return true;
	if (!people_note(&l->people, ask.note, &c, &by, f))
		return false;
	for (size_t i = 0; i < q->policy.names; i++)
		q->seen[i] = c.size;
	/* By the key that handed over: of ours there is no note yet, and the
	 * first one that is asked for extends what they have seen, or not. */
	l->compared = memcmp(by.key, l->signer.public_key, SIGN_KEY) != 0;
	if (l->compared)
		return true;
	if (!quorum_cosign(q, &ask, &t, f) || !agree(l, ask.note, f))
		return false;
	agreed = quorum_count(q, QUORUM_AGREES);
	l->compared = agreed >= policy_agreed(&q->policy);
	t = text_on(l->held, sizeof l->held);
	if (!l->compared)
		text_fmt(&t, "nothing is signed: %zu witnesses agree, %zu must;"
			" %s", agreed, policy_agreed(&q->policy), q->why);
	weigh_clock(l, true);
	return true;
}

/* -- signing -- */

/* The note with what was cosigned of it is kept, and shown when that is
 * enough. */
static bool show(struct quorum *q, const struct text *note, char held[240],
	struct fault *f)
{
	struct text h = text_on(held, 240);

	if (!text_check(note, f) || !quorum_keep(q, text_view(note),
		(uint64_t)time(NULL), f))
		return false;
	if (quorum_met(q))
		return small_write(q->disk, public_path, text_view(note),
			false, f);
	text_fmt(&h, "nothing is published: %zu witnesses cosigned; %s",
		quorum_count(q, QUORUM_AGREES), q->why);
	return true;
}

bool ledger_sign(struct ledger *l, struct fault *f)
{
	struct quorum *q = &l->quorum;
	struct checkpoint c = {.size = l->size};
	char note[1024], lines[SECRETS_FILE_MAX];
	struct text t = text_on(note, sizeof note);
	struct text cosigned = text_on(lines, sizeof lines), h;
	struct quorum_ask ask = {&l->tree, &c, {0}};

	if (!l->writable || l->dead)
		return fault(f, FAULT_SYSTEM, "ledger: cannot be written");
	if (l->writer)
		return l->writer->sign(l->writer->self, f);
	if (l->copy)
		return true; /* nothing could be added */
	l->waits = l->waits && !in_force(l);
	h = text_on(l->held, sizeof l->held);
	if (l->waits) {
		text_add(&h, "nothing is signed: the root persons have not "
			"handed the log over to these keys yet");
		return true;
	}
	if (!digest_equal(&q->hash, &l->people.policy) &&
		!signing_quorum(l, f))
		return false;
	if (!read_back(l, f) ||
		(!l->compared && !ledger_compare(l, q->courier, f)))
		return false;
	if (!l->compared)
		return true;
	l->held[0] = '\0';
	memcpy(c.origin, l->origin, sizeof c.origin);
	c.root = ledger_root(l);
	checkpoint_print(&c, &l->signer, &t);
	ask.note = text_view(&t);
	/* HEAD is durable before the signature leaves; what a checkpoint
	 * speaks of is there before it. */
	if (!small_write(l->disk, head_path, ask.note, true, f) ||
		!publish(l, f) || !publish_events(l, ask.note, f))
		return false;
	if (!q->wanted)
		return small_write(l->disk, public_path, ask.note, false, f);
	text_bytes(&cosigned, ask.note);
	if (!quorum_cosign(q, &ask, &cosigned, f) || !agree(l, ask.note, f) ||
		!show(q, &cosigned, l->held, f))
		return false;
	weigh_clock(l, true);
	return true;
}
