/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/step.h"

#include <inttypes.h>

#include "base/encode.h"
#include "cmd/acts.h"
#include "feeds/file.h"
#include "ledger/blobs.h"
#include "model/id.h"
#include "model/obligation.h"

struct taking_step {
	const struct step_ask *ask;
	struct desk desk;
	struct sign_key author;
	struct acts acts;
};

/* The file, kept by its hash as evidence is. */
static bool keep(struct taking_step *x, char word[], size_t size,
	struct fault *f)
{
	struct text t = text_on(word, size);
	struct blob blob;
	struct bytes b;
	bool ok;

	if (!file_map(x->ask->evidence, &b, f))
		return false;
	ok = blobs_put(&x->desk.files.disk, b, &blob, NULL, f);
	file_unmap(b);
	text_add(&t, "evidence=");
	if (ok)
		text_hex(&t, digest_view(&blob.sha256));
	return ok;
}

static bool append(struct taking_step *x, struct fault *f)
{
	char word[SHA256_HEX + 16], *list[] = {word};
	const struct acts_ask ask = {.does = owed_word(x->ask->does),
		.of = x->ask->id, .why = x->ask->why ? x->ask->why : "",
		.word = list, .words = x->ask->evidence != NULL};
	const struct people_owed *o;
	struct id id;
	struct text t = text_on(id.text, sizeof id.text);
	const uint8_t *subject = x->acts.made[0].subject;

	if ((x->ask->evidence && !keep(x, word, sizeof word, f)) ||
		!acts_make(&x->acts, &x->desk, &x->author, &ask, f))
		return false;
	text_add(&t, "o-");
	text_base32hex(&t, (struct bytes){subject, ENTRY_SUBJECT});
	if (!acts_append(&x->acts, f))
		return fault_in(f, "%s", id.text);
	o = owed_of(x->desk.people, subject);
	printf("entry %" PRIu64 ": %s, owed by %s, is %s%s\n",
		x->acts.made[0].index, id.text, o->actor,
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
		desk_open(&x.desk, ask->mission, &f) && append(&x, &f);
	desk_close(&x.desk);
	sign_forget(&x.author, sizeof x.author);
	return ok ? EXIT_DONE : cmd_fault(cmd, &f);
}
