/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * truce review: what people make of an incident, a finding, any entry that
 * wants two persons. */
#include <inttypes.h>

#include "base/csv.h"
#include "cmd/acts.h"

extern const struct cmd cmd_review;

struct ask {
	const char *key, *why, *minutes;
	struct acts_ask act;
	struct desk desk;
	struct sign_key author;
	struct acts acts;
	struct leases leases;
};

static const char *said(const char *does)
{
	return strcmp(does, "take") == 0 ? "takes" :
		strcmp(does, "release") == 0 ? "releases" :
		strcmp(does, "reject") == 0 ? "rejects" :
		strcmp(does, "reply") == 0 ? "replies to" : "is a note on";
}

static void say_one(const struct ask *q, size_t k)
{
	const struct ledger_item *item = &q->acts.item[k];
	const char *does = q->act.does;
	uint64_t about = q->acts.about[k];

	if (strcmp(does, "publish") == 0 || strcmp(does, "withdraw") == 0)
		printf("entry %" PRIu64 ": %s entry %" PRIu64 " once "
			"another person confirms it\n", item->index,
			does[0] == 'p' ? "publishes" : "withdraws", about);
	else
		printf("entry %" PRIu64 ": %s entry %" PRIu64 ", which is "
			"%s\n", item->index, !item->confirms ? said(does) :
			item->fresh ? "confirms" : "had confirmed already",
			about, acts_state(&q->desk, about));
}

/* As it stands in a body of ours. */
static struct bytes field(const struct fields *s, const char *name)
{
	const struct field *x = fields_find(s, name);

	return x ? x->value : (struct bytes){0};
}

static void say(const struct ask *q)
{
	const struct acts *x = &q->acts;

	for (size_t k = 0; k < x->count; k++) {
		const struct fields *b = x->item[k].body;
		struct bytes version, id;

		if (!amend_word(q->act.does)) {
			say_one(q, k);
			continue;
		}
		version = field(b, "version");
		id = field(b, "id");
		printf("entry %" PRIu64 ": %s, version %.*s of %.*s, once "
			"another person confirms it\n", x->item[k].index,
			q->act.does, (int)version.len,
			(const char *)version.at, (int)id.len,
			(const char *)id.at);
	}
	if (q->desk.changed > 0)
		printf("findings from the versions that stand: %" PRIu64
			" changed\n", q->desk.changed);
}

static bool act(struct ask *q, const char *mission, struct fault *f)
{
	leases_init(&q->leases, mission);
	q->act.leases = &q->leases;
	q->act.minutes = ACTS_LEASE_MIN;
	if (q->minutes && (!integer_read(bytes_of(q->minutes),
			&q->act.minutes, f) || q->act.minutes < 1 ||
			q->act.minutes > 1440))
		return fault(f, FAULT_INPUT, "--minutes is 1 to 1440");
	if (!desk_key(q->key, &q->author, f) ||
		!desk_open(&q->desk, mission, f) ||
		!acts_make(&q->acts, &q->desk, &q->author, &q->act, f) ||
		!acts_append(&q->acts, f))
		return false;
	say(q);
	return true;
}

static int run(int argc, char **argv)
{
	static struct ask q;
	const struct ui_option options[] = {{"--key", &q.key, NULL},
		{"--why", &q.why, NULL}, {"--minutes", &q.minutes, NULL},
		{NULL, NULL, NULL}};
	struct fault f = {0};
	bool known, ok;

	if (!ui_options(&cmd_review, &argc, argv, options))
		return EXIT_USAGE;
	known = argc >= 4 && acts_known(argv[3]) && !acts_owed(argv[3]) &&
		(argc == 4 || amend_word(argv[3]) ||
			(argc == 5 && strcmp(argv[3], "publish") == 0));
	if (!known || !q.key)
		return cmd_usage(&cmd_review, "MISSION ID and confirm, reject, "
			"take, release, note, publish [early], withdraw, "
			"reply, or amend NAME=VALUE..., merge ID..., split "
			"DETECTION..., link IS=ID, and --key FILE");
	if (acts_want_why(argv[3]) && (!q.why || !*q.why))
		return cmd_usage(
			&cmd_review, "%s wants --why TEXT", argv[3]);
	q.act = (struct acts_ask){.does = argv[3], .of = argv[2],
		.why = q.why ? q.why : "", .word = argv + 4,
		.words = argc - 4};
	ok = act(&q, argv[1], &f);
	desk_close(&q.desk);
	sign_forget(&q.author, sizeof q.author);
	return ok ? EXIT_DONE : cmd_fault(&cmd_review, &f);
}

const struct cmd cmd_review = {
	.name = "review",
	.usage = "review MISSION ID confirm|reject|take|release|note|"
		"publish [early]|withdraw|reply --key FILE\n"
		"       [--why TEXT] [--minutes N]\n"
		"       truce review MISSION ID amend NAME=VALUE...|merge ID..."
		"|split DETECTION...|link IS=ID --key FILE --why TEXT",
	.about = "what people make of incidents and findings",
	.run = run,
};
