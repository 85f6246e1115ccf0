/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * proof.c - what a stranger sends to be believed: notes, keys, policies,
 * proofs, disclosures, frames, requests to a witness.  What is read prints
 * itself as the same bytes, where it has one form only; what is refused has a
 * worded fault. */
#include "proof.h"

#include "ledger/frame.h"
#include "ledger/policy.h"
#include "ledger/proof.h"
#include "ledger/witness.h"

static void note(struct bytes b)
{
	static struct note n;
	struct note_key k = {.name = "o", .type = NOTE_COSIGNS};
	struct checkpoint c;
	struct fault f = {0};
	uint64_t t;
	bool by;

	if (!note_read(b, &n, &f)) {
		refused(&f);
		return;
	}
	need(n.count > 0 && n.text.len > 0 &&
		n.text.at[n.text.len - 1] == '\n');
	need(note_cosigned(&n, &k, &t, &f) || f.text[0]);
	k.type = NOTE_SIGNS;
	need(note_signed(&n, &k, &by, &f) || f.text[0]);
	f.text[0] = '\0';
	need(note_checkpoint(&n, &c, &f) || f.text[0]);
}

static void key(struct bytes b)
{
	char at[512];
	struct text t = text_on(at, sizeof at);
	struct note_key k;
	struct fault f = {0};

	if (!note_key_read(b, &k, &f)) {
		refused(&f);
		return;
	}
	note_key_print(&k, &t);
	need(bytes_equal(text_view(&t), b));
}

static void policy(struct bytes b)
{
	static struct policy p;
	static struct note none;
	struct witnessed w;
	struct fault f = {0};

	if (!policy_read(b, &p, &f)) {
		refused(&f);
		return;
	}
	/* Nobody signed: met only if nobody is asked for. */
	need(policy_judge(&p, &none, "o", &w, &f));
	need(w.met == (p.logs == 0 && p.quorum == POLICY_NAMES));
}

static void proof(struct bytes b)
{
	static char at[NOTE_MAX];
	static const char extra[] = "c2sp.org/tlog-proof@v1\nextra ";
	struct text t = text_on(at, sizeof at);
	struct checkpoint c;
	struct proof p;
	struct digest leaf = {{0}};
	struct fault f = {0};

	if (!proof_read(b, &p, &f)) {
		refused(&f);
		return;
	}
	proof_print(&p, &t);
	need(t.full || bytes_start(b, extra) ||
		bytes_equal(text_view(&t), b));
	need(proof_holds(&p, &leaf, NULL, &c, &f) || f.text[0]);
}

static void disclosure(struct bytes b)
{
	static struct disclosure d;
	static uint8_t block[1 << 18];
	struct arena a = arena_on(block, sizeof block);
	struct fault f = {0};

	if (!disclosure_read(b, &a, &d, &f)) {
		refused(&f);
		return;
	}
	need(d.count > 0 && d.withheld <= d.count);
	(void)disclosure_text(&d, "log");
}

static void frame(struct bytes b)
{
	static const uint8_t zero[SIGN_KEY];
	struct frame x;
	struct fault f = {0};

	if (!frame_read(b, &x, &f)) {
		refused(&f);
		return;
	}
	need(x.payload.len + FRAME_HEAD == b.len && !frame_signed(b, zero));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct bytes b = {at, len};
	struct witness_log log = {.key = {.name = "o", .type = NOTE_SIGNS}};
	struct witness_answer a;

	note(b);
	key(b);
	policy(b);
	proof(b);
	disclosure(b);
	frame(b);
	witness_answer(b, &log, 1, &a);
	need(a.status == 400 || a.status == 403 || a.status == 404);
	return 0;
}
