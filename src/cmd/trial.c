/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/trial.h"

#include <inttypes.h>
#include <stdio.h>

#include "cmd/authorities.h"
#include "ledger/ledger.h"
#include "ledger/people.h"
#include "ledger/policy.h"
#include "ledger/secrets.h"
#include "spool/files.h"

#define NAMES ((size_t)64 << 20) /* certificates of authorities */

struct trial {
	const char *folder;
	struct files files;
	struct ledger *ledger;
	struct policy policy;
	struct note note; /* that is published; lines 0: none */
};

static void say(const char *what, const char *text, const char *mend)
{
	printf("      %s: %s\n        %s\n", what, text, mend);
}

static bool has(struct trial *t, const char *path)
{
	struct disk *d = &t->files.disk;
	struct fault no;
	uint64_t size;
	bool there = false;

	return d->size(d->self, path, &size, &there, &no) && there;
}

static void keys(struct trial *t)
{
	if (has(t, "ledger/keys/log") && has(t, "ledger/keys/engine"))
		say("log key", "lies beside the engine's, so who owns this "
			"machine can sign any log",
			"signing elsewhere is not built yet: what others keep "
			"themselves protects them");
}

static void roots(struct trial *t)
{
	const struct people *p = ledger_people(t->ledger);

	if (has(t, "ledger/keys/root"))
		say("root key", "lies in ledger/keys/root, so this machine's "
			"owner enrols whom he likes", "begin again with keys "
			"of several, kept elsewhere (truce init --roots)");
	else if (p->threshold < 2)
		say("root persons", "one alone enrols people", "let two be "
			"wanted (truce key roots)");
	printf("      persons' keys: none should lie on this machine\n");
}

static bool is_here(struct trial *t, const struct note_key *key)
{
	static const char *const paths[] = {"ledger/witness/1/vkey",
		"ledger/witness/2/vkey"};
	uint8_t at[SECRETS_FILE_MAX];
	struct note_key k;
	struct fault no;
	size_t n;

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (small_read(&t->files.disk, paths[i], at, &n, &no) &&
			n > 0 && note_key_read((struct bytes){at, n - 1}, &k,
				&no) &&
			memcmp(k.key, key->key, sizeof k.key) == 0)
			return true;
	return false;
}

static bool read_policy(struct trial *t)
{
	static uint8_t policy[SECRETS_FILE_MAX], note[SECRETS_FILE_MAX];
	struct disk *d = &t->files.disk;
	struct fault no;
	size_t n;

	if (small_read(d, "ledger/pub/checkpoint", note, &n, &no) && n > 0 &&
		!note_read((struct bytes){note, n}, &t->note, &no))
		t->note.count = 0;
	return small_read(d, "ledger/policy/accepted.policy", policy, &n,
		       &no) && n > 0 &&
		policy_read((struct bytes){policy, n}, &t->policy, &no);
}

/* Who confirms the log, where, and who did not confirm what is published. */
static void witnesses(struct trial *t)
{
	static const char elsewhere[] = "let parties and guarantors run "
		"theirs (truce witness), and name them in "
		"ledger/policy/accepted.policy before the first intake, or "
		"later by an event of the root keys";
	struct witnessed w = {.met = false};
	struct fault no;
	bool judged;

	if (!read_policy(t)) {
		say("witnesses", "none confirm this log", elsewhere);
		return;
	}
	judged = t->note.count > 0 && policy_judge(&t->policy, &t->note,
		ledger_origin(t->ledger), &w, &no);
	for (size_t i = 0; i < t->policy.names; i++) {
		const struct policy_name *x = &t->policy.name[i];

		if (!x->is_group && is_here(t, &x->key))
			say("witness", x->key.name, "lies on this machine, and "
				"guards against nothing that its owner does");
		else if (!x->is_group && judged && w.time_s[i] == 0)
			say("witness", x->key.name, "has not confirmed what is "
				"published; truce audit says when it did last");
	}
	for (size_t i = 0; i < t->policy.names; i++)
		if (!t->policy.name[i].is_group &&
			!is_here(t, &t->policy.name[i].key))
			return;
	say("witnesses", "none is elsewhere", elsewhere);
}

static void stamps(struct trial *t)
{
	struct authorities known = {.count = 0};
	struct arena a = {0};
	struct fault no;
	char is[80];

	if (arena_map(&a, NAMES, &no) &&
		authorities_load(t->folder, NULL, &a, &known, &no) &&
		known.count < ANCHOR_WANTED) {
		(void)snprintf(is, sizeof is, "%zu authorities in "
			"authorities/, %d are wanted", known.count,
			ANCHOR_WANTED);
		say("time stamps", is, "strangers' word for when the log was "
			"there (truce anchor), daily");
	}
	arena_unmap(&a);
}

static void paper(struct trial *t)
{
	char hex[SHA256_HEX];
	struct digest first;

	if (ledger_leaf(t->ledger, 0, &first))
		printf("      paper: give every party the log's key and the "
			"hash of entry 0\n        %s\n        %s\n",
			ledger_vkey(t->ledger), digest_hex(&first, hex));
}

void trial_tell(const char *folder)
{
	static struct trial t;
	struct fault no;
	bool there;

	t = (struct trial){.folder = folder, .files = {.root = -1}};
	if (files_open(&t.files, folder, &no) &&
		ledger_exists(&t.files.disk, &there, &no) && there &&
		ledger_open(&t.ledger, &t.files.disk, false, &no)) {
		printf("before this mission is more than a trial:\n");
		keys(&t);
		roots(&t);
		witnesses(&t);
		stamps(&t);
		paper(&t);
	}
	ledger_close(t.ledger);
	files_close(&t.files);
}
