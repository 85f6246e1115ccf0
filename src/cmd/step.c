/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/step.h"

#include <inttypes.h>

#include "base/encode.h"
#include "cmd/desk.h"
#include "feeds/file.h"
#include "ledger/blobs.h"
#include "ledger/sign.h"
#include "model/id.h"
#include "model/obligation.h"

struct taking_step {
	const struct step_ask *ask;
	struct desk desk;
	struct sign_key author;
	struct id id;
	const struct people_owed *owed; /* until something is appended */
	uint8_t subject[ENTRY_SUBJECT];
};

static struct id id_of(const struct people_owed *o)
{
	struct id id;
	struct text t = text_on(id.text, sizeof id.text);

	text_add(&t, "o-");
	text_base32hex(&t, (struct bytes){o->subject, ENTRY_SUBJECT});
	return id;
}

static bool find(struct taking_step *x, struct fault *f)
{
	const struct people *p = x->desk.people;
	size_t n = strlen(x->ask->id);

	if (n < 4 || n >= ID_TEXT)
		return fault(f, FAULT_INPUT, "'%.40s' is no id: give its last "
			"4 letters or more", x->ask->id);
	for (size_t i = 0; i < p->owes; i++) {
		struct id id = id_of(&p->owed[i]);

		if (strcmp(id.text + ID_TEXT - 1 - n, x->ask->id) != 0)
			continue;
		if (x->owed)
			return fault(f, FAULT_INPUT, "several obligations end "
				"in '%s': give more letters", x->ask->id);
		x->owed = &p->owed[i];
		x->id = id;
		memcpy(x->subject, p->owed[i].subject, ENTRY_SUBJECT);
	}
	return x->owed || fault(f, FAULT_INPUT, "no obligation has the id "
		"'%s'; `truce obligations %s` lists them", x->ask->id,
		x->ask->mission);
}

/* The file, kept by its hash as evidence is. */
static bool keep(struct taking_step *x, struct fields *body, struct fault *f)
{
	struct blob blob;
	struct bytes b;
	bool ok;

	if (!x->ask->evidence)
		return true;
	if (!file_map(x->ask->evidence, &b, f))
		return false;
	ok = blobs_put(&x->desk.files.disk, b, &blob, NULL, f);
	file_unmap(b);
	if (ok)
		desk_hex(body, "evidence", blob.sha256.at, SHA256_LEN);
	return ok;
}

/* Of a contest the last fulfilment, else the newest opening. */
static bool subject_of(struct taking_step *x, struct digest *of,
	struct fault *f)
{
	const struct people *p = x->desk.people;

	*of = x->owed->leaf;
	if (x->ask->does != OWED_CONTEST)
		return true;
	for (uint32_t n = x->owed->last; n > 0; n = p->step[n - 1].before)
		if (p->step[n - 1].does == OWED_FULFIL &&
			owed_counts(p, &p->step[n - 1])) {
			*of = p->step[n - 1].leaf;
			return true;
		}
	return fault(f, FAULT_INPUT, "%s: nobody says that it is fulfilled",
		x->id.text);
}

/* An analyst's entry of this type would be taken, and say nothing. */
static bool is_guarantor(const struct taking_step *x, struct fault *f)
{
	const struct people_key *k =
		people_key(x->desk.people, x->author.public_key);

	return !k || k->role == PEOPLE_GUARANTOR || fault(f, FAULT_INPUT,
		"the key is of the role %s: a guarantor of %s is wanted",
		people_role_name(k->role), *x->owed->actor ? x->owed->actor
		: "the actor that owes it");
}

static bool append(struct taking_step *x, struct fault *f)
{
	struct fields body = fields_in(&x->desk.arena);
	struct ledger_item item = {.type = ENTRY_STEP, .clock = x->desk.now,
		.author = &x->author, .body = &body};
	const struct people_owed *o;
	struct digest of;

	if (!is_guarantor(x, f) || !subject_of(x, &of, f) || !keep(x, &body, f))
		return false;
	memcpy(item.subject, x->subject, ENTRY_SUBJECT);
	fields_text(&body, "does", owed_word(x->ask->does));
	desk_hex(&body, "of", of.at, SHA256_LEN);
	fields_text(&body, "why", x->ask->why);
	if (!fields_done(&body, f) || !desk_append(&x->desk, &item, f))
		return fault_in(f, "%s", x->id.text);
	o = owed_of(x->desk.people, x->subject);
	printf("entry %" PRIu64 ": %s, owed by %s, is %s%s\n", item.index,
		x->id.text, o->actor,
		obligation_state_name(owed_state(x->desk.people, o)),
		owed_contested(x->desk.people, o) ? ", contested" : "");
	return true;
}

int step_take(const struct cmd *cmd, const struct step_ask *ask)
{
	static struct taking_step x;
	struct fault f = {0};
	bool ok;

	x = (struct taking_step){.ask = ask};
	ok = desk_key(ask->key, &x.author, &f) &&
		desk_open(&x.desk, ask->mission, &f) && find(&x, &f) &&
		append(&x, &f);
	desk_close(&x.desk);
	sign_forget(&x.author, sizeof x.author);
	return ok ? EXIT_DONE : cmd_fault(cmd, &f);
}
