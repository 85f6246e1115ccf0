/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/audit_witness.h"

#include "base/log.h"
#include "ledger/bracket.h"
#include "ledger/people_event.h"
#include "ledger/quorum.h"

#include <stdlib.h>

struct looking {
	const struct audit_log *of;
	struct audit *out;
	struct policy policy, joint;
	uint8_t text[SECRETS_FILE_MAX], joint_text[SECRETS_FILE_MAX];
	uint8_t shown[SECRETS_FILE_MAX]; /* pub/checkpoint */
	size_t shown_len;
	bool found; /* it is among those kept */
	size_t next; /* intake that no checkpoint had yet */
	uint64_t from_s; /* of the last checkpoint, see bracket.h */
};

static bool fails(struct looking *x, const char *where, struct fault *f)
{
	return outcome_fails(&x->out->is, UINT64_MAX, "witness", where, f);
}

static bool fails_by(struct looking *x, struct fault *f)
{
	return outcome_fails_by(&x->out->is, UINT64_MAX, "witness", f);
}

/* *is: the file is the policy that the log names. */
static bool read_one(struct looking *x, const char *path, size_t *n, bool *is,
	struct fault *f)
{
	struct digest d;

	if (!small_read(x->of->disk, path, x->text, n, f))
		return fails_by(x, f);
	d = sha256_of((struct bytes){x->text, *n});
	*is = digest_equal(&d, &x->of->policy);
	return true;
}

/* One that root persons put in force lies beside the old one until something
 * is signed again. */
static bool read_policies(struct looking *x, struct fault *f)
{
	bool is = false;
	size_t n;

	if (!read_one(x, "ledger/policy/accepted.policy", &n, &is, f) ||
		(!is && !read_one(x, "ledger/policy/next.policy", &n, &is, f)))
		return false;
	if (!is)
		return fails(x, "ledger/policy/accepted.policy is not the one "
			"that the log names", f);
	if (!policy_read((struct bytes){x->text, n}, &x->policy, f) ||
		!small_read(x->of->disk, "ledger/policy/joint.policy",
			x->joint_text, &n, f))
		return fails_by(x, f);
	x->out->joint = n > 0;
	if (n == 0 || policy_read((struct bytes){x->joint_text, n},
		&x->joint, f))
		return true;
	return fails_by(x, f);
}

/* The intakes that this checkpoint is the first to have: were they stated to
 * be when they can have been? */
static void time_them(
	struct looking *x, const struct witnessed *w, uint64_t size)
{
	struct audit_times *t = &x->out->times;
	uint64_t at[POLICY_NAMES], to_s;
	size_t n = bracket_times(&x->policy, w, at);

	clocks_meet(x->of->clocks, size, at, n);
	to_s = bracket_least(at, n, BRACKET_LIARS);
	for (; x->next < x->of->intakes &&
		x->of->intake[x->next].index < size; x->next++) {
		const struct audit_promise *i = &x->of->intake[x->next];
		int64_t s = i->clock.utc_ns / 1000000000;

		t->proved += to_s > 0;
		if ((to_s == 0 || s <= (int64_t)to_s + BRACKET_SLACK_S) &&
			s >= (int64_t)x->from_s - BRACKET_SLACK_S)
			continue;
		if (t->outside++ > 0)
			continue;
		t->first = i->index;
		t->stated = i->clock;
		t->from_s = x->from_s;
		t->to_s = to_s;
	}
	x->from_s = bracket_most(at, n, BRACKET_LIARS);
}

/* A note of this log and this history; *n: its lines. */
static bool ours(struct looking *x, struct bytes b, struct note *n,
	uint64_t *size, struct fault *f)
{
	struct checkpoint c;
	struct digest root;

	if (!note_read(b, n, f) || !people_note(x->of->people, b, &c, NULL, f))
		return fails_by(x, f);
	if (c.size > x->of->size)
		return fails(x, "more entries were cosigned than are here", f);
	root = merkle_tree_root(x->of->tree, c.size);
	*size = c.size;
	if (digest_equal(&root, &c.root))
		return true;
	return fails(x, "another history was cosigned", f);
}

/* And who cosigned it. */
static bool weigh(struct looking *x, struct bytes b, struct note *n,
	struct witnessed *w, uint64_t *size, struct fault *f)
{
	if (!ours(x, b, n, size, f))
		return false;
	if (policy_judge(&x->policy, n, x->of->people->genesis.origin, w, f))
		return true;
	return fails_by(x, f);
}

static bool kept(void *self, const struct journal_record *r, struct fault *f)
{
	struct looking *x = self;
	struct witnessed w;
	struct note n;
	uint64_t size = 0;

	if (r->kind != JOURNAL_COSIGNATURE || r->feed != 0 || r->flags != 0)
		return fails(x, "ledger/cosigned: is no cosigned note", f);
	if (!weigh(x, r->payload, &n, &w, &size, f))
		return false;
	for (size_t i = 0, k = 0; i < x->policy.names; i++) {
		if (x->policy.name[i].is_group)
			continue;
		if (w.time_s[i] > x->out->witness[k].last_s)
			x->out->witness[k].last_s = w.time_s[i];
		k++;
	}
	x->found |= bytes_equal(r->payload,
		(struct bytes){x->shown, x->shown_len});
	x->out->kept++;
	x->out->kept_size = size;
	pulse_met(x->of->pulse, r->payload);
	time_them(x, &w, size);
	return true;
}

static bool all_kept(struct looking *x, struct fault *f)
{
	struct log_check c = {.folder = "ledger/cosigned",
		.use = LOG_JOURNAL};
	uint64_t *at = x->of->segment;
	size_t n;

	if (!log_segments(x->of->disk, c.folder, at, LOG_SEGMENTS_MAX, &n, f))
		return fails_by(x, f);
	for (size_t i = 0; i < n; i++) {
		if (at[i] != c.end)
			return fails(x, "ledger/cosigned: records are gone", f);
		c.first = at[i];
		c.stop = i + 1 < n ? at[i + 1] : UINT64_MAX;
		if (!log_segment_check(x->of->disk, &c, kept, x, f))
			return fails_by(x, f);
	}
	/* What is shown was kept first.  A copy of a log has what was
	 * published, and no more. */
	if (n == 0 && x->shown_len > 0 && !x->of->copy)
		return fails(x, "ledger/cosigned is gone, and a checkpoint is "
			"shown that was cosigned", f);
	if (n == 0 || x->shown_len == 0 || x->found)
		return true;
	return fails(x, "ledger/pub/checkpoint is not among the cosigned", f);
}

/* The entry from which the policy in force counts: what was published before
 * is under another one, which is not kept. */
static uint64_t policy_since(const struct people *p)
{
	uint64_t since = 0;

	for (size_t i = 0; i < p->items; i++) {
		const struct people_item *x = &p->item[i];

		if (x->type == ENTRY_KEY && x->act == PEOPLE_POLICY &&
			x->complete != UINT64_MAX && x->complete > since)
			since = x->complete;
	}
	return since;
}

static bool shown(struct looking *x, struct fault *f)
{
	struct bytes b = {x->shown, x->shown_len};
	struct witnessed w;
	struct note n;
	uint64_t size = 0;

	if (b.len == 0)
		return true;
	if (!weigh(x, b, &n, &w, &size, f))
		return false;
	x->out->shown_size = size;
	x->out->cosigned = w.witnesses;
	x->out->accepted = w.met;
	if (!w.met && size > policy_since(x->of->people))
		return fails(x, "what is published is not accepted", f);
	if (!w.met || !x->out->joint)
		return true;
	if (!policy_judge(&x->joint, &n, x->of->people->genesis.origin, &w, f))
		return fails_by(x, f);
	x->out->jointly = w.met;
	return true;
}

/* Key and memory of a witness in this mission. */
static bool local(struct looking *x, const char *folder, struct fault *f)
{
	struct cosigner *c = malloc(sizeof *c);
	struct audit *o = x->out;
	bool known = false, ok;

	if (!c)
		return fault(f, FAULT_LIMIT, "memory");
	ok = cosigner_open(c, x->of->disk, folder, false, f);
	if (!ok)
		(void)fails_by(x, f);
	for (size_t i = 0, k = 0; ok && i < x->policy.names; i++) {
		const struct policy_name *w = &x->policy.name[i];

		if (!w->is_group && memcmp(w->key.key, c->key.public_key,
			SIGN_KEY) == 0)
			known = o->witness[k].local = true;
		k += !w->is_group;
	}
	/* One of no policy yet may be about to be made. */
	if (ok && c->key.name[0] && (known ? c->logs == 0 : !x->of->changed))
		ok = fails(x, "a witness here is not of the policy, or has "
			"forgotten", f);
	for (size_t i = 0; ok && i < c->logs; i++) {
		struct digest root;

		if (strcmp(c->log[i].key.name,
			x->of->people->genesis.origin) != 0)
			continue;
		root = c->log[i].size <= x->of->size ? merkle_tree_root(
			x->of->tree, c->log[i].size) : (struct digest){{0}};
		if (c->log[i].size > 0 &&
			!digest_equal(&root, &c->log[i].root))
			ok = fails(x, "a witness here has seen another "
				"history", f);
		/* It cosigned; one note may be on its way when all dies. */
		if (ok && c->log[i].size > 1 && o->kept == 0 && !x->of->copy)
			ok = fails(x, "ledger/cosigned is gone, and a witness "
				"here has cosigned", f);
	}
	cosigner_close(c);
	free(c);
	return ok;
}

static bool public_key(struct looking *x, const char *path, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct note_key k;
	size_t n;

	if (!small_read(x->of->disk, path, at, &n, f))
		return fails_by(x, f);
	if (n == 0)
		return true;
	if (at[n - 1] != '\n' || !note_key_read((struct bytes){at, n - 1}, &k,
		f))
		return fails(x, path, f);
	for (size_t i = 0; i < x->policy.names; i++)
		if (!x->policy.name[i].is_group && memcmp(k.key,
			x->policy.name[i].key.key, SIGN_KEY) == 0)
			return true;
	/* One of an earlier policy may still be here. */
	if (x->of->changed)
		return true;
	return fails(x, path, f);
}

/* A copy that was made without its policy: nothing is known of witnesses. */
static bool is_bare(struct looking *x, bool *bare, struct fault *f)
{
	struct disk *d = x->of->disk;
	bool there;
	uint64_t size = 0;
	size_t n;

	if (!d->size(d->self, "ledger/policy/accepted.policy", &size, &there,
		f) || !log_segments(d, "ledger/cosigned", x->of->segment,
		LOG_SEGMENTS_MAX, &n, f))
		return fails_by(x, f);
	*bare = !there && n == 0;
	return true;
}

static bool everything(struct looking *x, struct fault *f)
{
	bool bare = false;

	if (!is_bare(x, &bare, f))
		return false;
	x->out->policy = !bare;
	if (bare)
		return true;
	if (!read_policies(x, f))
		return false;
	for (size_t i = 0; i < x->policy.names; i++)
		if (!x->policy.name[i].is_group)
			memcpy(x->out->witness[x->out->asked++].name,
				x->policy.name[i].key.name, SIGN_NAME_MAX + 1);
	if (!small_read(x->of->disk, "ledger/pub/checkpoint", x->shown,
		&x->shown_len, f))
		return fails_by(x, f);
	return shown(x, f) && all_kept(x, f) &&
		local(x, "ledger/witness/1", f) &&
		local(x, "ledger/witness/2", f) &&
		public_key(x, "ledger/witness/1/vkey", f) &&
		public_key(x, "ledger/witness/2/vkey", f);
}

bool audit_witnesses(
	const struct audit_log *of, struct audit *out, struct fault *f)
{
	static const struct digest none;
	struct looking *x;
	bool ok;

	out->policy = !digest_equal(&of->policy, &none);
	if (!out->policy)
		return true;
	x = calloc(1, sizeof *x);
	if (!x)
		return fault(f, FAULT_LIMIT, "memory");
	x->of = of;
	x->out = out;
	ok = everything(x, f);
	free(x);
	return ok;
}
