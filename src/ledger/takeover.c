/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/takeover.h"

#include "ledger/inside.h"

static const char next_policy[] = "ledger/policy/next.policy";

static bool make(struct ledger *l, struct text *vkey, struct fault *f)
{
	bool done;
	struct sign_key log = {0}, engine = {0};
	/* The name of an engine's key is for who sees the file. */
	bool ok = small_write(l->disk, TAKEOVER_FIRST, bytes_of(l->vkey),
			false, f) &&
		signing_key(l->disk, "ledger/keys/log", l->origin, &log, f) &&
		signing_key(l->disk, "ledger/keys/engine", "engine", &engine,
			f) && takeover_done(l->disk, &done, f) &&
		(done || quorum_make_next(l->disk, &log, f));

	if (ok)
		sign_vkey_print(l->origin, log.public_key, vkey);
	sign_forget(&log, sizeof log);
	sign_forget(&engine, sizeof engine);
	return ok && text_check(vkey, f);
}

bool takeover_make(struct disk *d, struct text *vkey, struct fault *f)
{
	struct ledger *l = NULL;
	bool ok = ledger_open(&l, d, false, f) && (l->copy ||
		fault(f, FAULT_INPUT, "it was not imported: its keys are "
			"its own"));

	ok = ok && make(l, vkey, f);
	ledger_close(l);
	return ok;
}

bool takeover_done(struct disk *d, bool *done, struct fault *f)
{
	static const char *const made[] = {TAKEOVER_FIRST, "ledger/keys/log",
		"ledger/keys/engine"};
	struct ledger *l = NULL;
	bool ok = true, there = true;
	uint64_t size;

	*done = false;
	for (size_t i = 0; ok && there && i < sizeof made / sizeof *made; i++)
		ok = d->size(d->self, made[i], &size, &there, f);
	if (!ok || !there)
		return ok;
	ok = ledger_open(&l, d, false, f) && signing_keys(l, f);
	*done = ok && !l->waits;
	ledger_close(l);
	return ok;
}

/* HEAD as the key in force signed it, without what was cosigned. */
static bool last_note(const struct ledger *l, char out[1024], struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct text t = text_on(out, 1024);
	struct checkpoint c;
	struct note_key by;
	struct note n;
	size_t len;

	if (!small_read(l->disk, "ledger/signer/HEAD", at, &len, f) ||
		!note_read((struct bytes){at, len}, &n, f) ||
		!people_note(&l->people, (struct bytes){at, len}, &c, &by, f))
		return false;
	text_bytes(&t, n.text);
	text_char(&t, '\n');
	for (size_t i = 0; i < n.count; i++)
		if (note_line_by(&n.line[i], &by)) /* and it holds */
			note_line_print(&n.line[i], &t);
	return text_check(&t, f);
}

bool takeover_read(struct disk *d, const struct ledger *l,
	struct takeover *t, struct fault *f)
{
	uint8_t at[SECRETS_FILE_MAX];
	size_t n;

	*t = (struct takeover){.policy = false};
	if (!l->waits)
		return fault(f, FAULT_INPUT, "no keys wait here to take it "
			"over: truce import MISSION PACK --take-over");
	if (!last_note(l, t->last, f) || !small_read(d, next_policy, at, &n, f))
		return false;
	t->log = l->signer;
	t->engine = l->engine;
	t->policy = n > 0;
	t->policy_sha256 = sha256_of((struct bytes){at, n});
	return true;
}
