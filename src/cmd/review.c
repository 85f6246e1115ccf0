/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * truce review: what people make of an incident, a finding, any entry that
 * wants two persons. */
#include <inttypes.h>

#include "base/csv.h"
#include "base/encode.h"
#include "cmd/amend.h"
#include "ledger/sign.h"

extern const struct cmd cmd_review;

enum { LEASE_MIN = 30, ACT_MAX = 32 };

struct ask {
	const char *key, *why, *minutes;
	char **word; /* behind what is done */
	int words;
	struct desk desk;
	struct sign_key author;
	const struct people_item *item; /* until something is appended */
	uint64_t index;                 /* of it */
	struct entry entry;
	struct digest leaf;
};

static void say_state(const struct ask *q, const char *what, uint64_t index)
{
	const struct people_item *i =
		people_item_at(q->desk.people, q->index);

	printf("entry %" PRIu64 ": %s entry %" PRIu64 ", which is %s\n", index,
		what, i->index, i->type == ENTRY_KEY ?
			i->complete != UINT64_MAX ? "in force" : "proposed" :
			people_state_name(people_state(q->desk.people, i)));
}

/* So that two do not do the same at a time. */
static bool is_free(struct ask *q, struct fault *f)
{
	const struct people_key *h = people_holder(
		q->desk.people, q->item, q->desk.now);
	const struct people_key *me =
		people_key(q->desk.people, q->author.public_key);
	char until[INSTANT_TEXT], hex[2 * PERSON_LEN + 1];
	struct text t = text_on(hex, sizeof hex);

	if (!h || (me && memcmp(me->person, h->person, PERSON_LEN) == 0))
		return true;
	text_hex(&t, (struct bytes){h->person, PERSON_LEN});
	return fault(f, FAULT_INPUT, "entry %" PRIu64 " is taken by the %s %s "
		"of %s until %s", q->item->index, people_role_name(h->role),
		hex, h->org, instant_print(q->item->held, 0, until));
}

static bool confirm(struct ask *q, struct fault *f)
{
	struct ledger_item item = {.type = ENTRY_REVIEW, .clock = q->desk.now,
		.author = &q->author, .confirms = &q->entry};

	if (!desk_append(&q->desk, &item, f))
		return false;
	say_state(q, item.fresh ? "confirms" : "had confirmed already",
		item.index);
	return true;
}

static bool decide(struct ask *q, const char *does, struct fault *f)
{
	struct fields body = fields_in(&q->desk.arena);
	struct ledger_item item = {.type = ENTRY_REVIEW, .clock = q->desk.now,
		.author = &q->author, .body = &body};
	int64_t minutes = LEASE_MIN;

	if (q->minutes && (!integer_read(bytes_of(q->minutes), &minutes, f) ||
			minutes < 1 || minutes > 1440))
		return fault(f, FAULT_INPUT, "--minutes is 1 to 1440");
	memcpy(item.subject, q->item->subject, ENTRY_SUBJECT);
	fields_text(&body, "does", does);
	desk_hex(&body, "of", q->leaf.at, SHA256_LEN);
	fields_text(&body, "why", q->why ? q->why : "");
	if (strcmp(does, "take") == 0)
		fields_time(&body, "until", instant_plus_ns(q->desk.now,
			minutes * 60 * 1000000000));
	if (!fields_done(&body, f) || !desk_append(&q->desk, &item, f))
		return false;
	say_state(q, strcmp(does, "take") == 0 ? "takes" :
		strcmp(does, "release") == 0 ? "releases" :
		strcmp(does, "reject") == 0 ? "rejects" : "is a note on",
		item.index);
	return true;
}

static bool publish(struct ask *q, struct fault *f)
{
	struct fields body = fields_in(&q->desk.arena);
	struct ledger_item item = {.type = ENTRY_PUBLICATION,
		.clock = q->desk.now, .author = &q->author, .body = &body};
	enum people_state s = people_state(q->desk.people, q->item);

	if (s != PEOPLE_REVIEWED)
		return fault(f, FAULT_INPUT, "entry %" PRIu64 " is %s: only "
			"what is reviewed is published", q->item->index,
			people_state_name(s));
	fields_text(&body, "act", "publish");
	desk_hex(&body, "of", q->leaf.at, SHA256_LEN);
	fields_text(&body, "what", q->why ? q->why : "");
	entry_subject(q->desk.now, digest_view(&q->leaf), item.subject);
	if (!fields_done(&body, f) || !desk_append(&q->desk, &item, f))
		return false;
	printf("entry %" PRIu64 ": publishes entry %" PRIu64 " once another "
		"person confirms it\n", item.index, q->index);
	return true;
}

static bool one(struct ask *q, uint64_t index, const char *does,
	struct fault *f)
{
	q->item = people_item_at(q->desk.people, index);
	q->index = index;
	if (!desk_entry(&q->desk, q->index, &q->entry, f) ||
		!ledger_leaf(q->desk.ledger, q->index, &q->leaf))
		return false;
	if (strcmp(does, "note") != 0 && strcmp(does, "publish") != 0 &&
		!is_free(q, f))
		return false;
	return (strcmp(does, "confirm") == 0 ? confirm(q, f)
			: strcmp(does, "publish") == 0 ? publish(q, f)
						      : decide(q, does, f)) ||
		fault_in(f, "entry %" PRIu64, q->index);
}

/* The entries of a merge or a split are decided together. */
static bool together(struct ask *q, const char *does, struct fault *f)
{
	uint64_t all[ACT_MAX];
	bool decides = strcmp(does, "confirm") == 0 ||
		strcmp(does, "reject") == 0;
	size_t n = decides ? amend_others(q->desk.people, q->item, all + 1,
		ACT_MAX - 1) + 1 : 1;

	all[0] = q->item->index;
	q->desk.versions = decides && people_versions(q->item);
	for (size_t i = 0; i < n; i++)
		if (!one(q, all[i], does, f))
			return false;
	if (q->desk.changed > 0)
		printf("findings from the versions that stand: %" PRIu64
			" changed\n", q->desk.changed);
	return true;
}

static bool act(struct ask *q, const char *mission, const char *id,
	const char *does, struct fault *f)
{
	struct amending a = {&q->desk, &q->author, does, q->why, q->word,
		q->words};

	if (!desk_key(q->key, &q->author, f) ||
		!desk_open(&q->desk, mission, f))
		return false;
	if (amend_word(does))
		return amend_propose(&a, id, f);
	return desk_item(&q->desk, id, &q->item, f) && together(q, does, f);
}

static int run(int argc, char **argv)
{
	static struct ask q;
	static const char *const words[] = {
		"confirm", "reject", "take", "release", "note", "publish",
		"amend", "merge", "split", "link"};
	const struct ui_option options[] = {{"--key", &q.key, NULL},
		{"--why", &q.why, NULL}, {"--minutes", &q.minutes, NULL},
		{NULL, NULL, NULL}};
	struct fault f = {0};
	bool known = false, ok, makes;

	if (!ui_options(&cmd_review, &argc, argv, options))
		return EXIT_USAGE;
	makes = argc > 4 && amend_word(argv[3]);
	for (size_t i = 0; (argc == 4 || makes) &&
		i < sizeof words / sizeof *words; i++)
		known |= strcmp(argv[3], words[i]) == 0;
	if (!known || !q.key)
		return cmd_usage(&cmd_review, "MISSION ID and confirm, reject, "
			"take, release, note, publish, or amend NAME=VALUE..., "
			"merge ID..., split DETECTION..., link IS=ID, and "
			"--key FILE");
	if ((makes || strcmp(argv[3], "reject") == 0) && (!q.why || !*q.why))
		return cmd_usage(
			&cmd_review, "%s wants --why TEXT", argv[3]);
	q.word = argv + 4;
	q.words = argc - 4;
	ok = act(&q, argv[1], argv[2], argv[3], &f);
	desk_close(&q.desk);
	sign_forget(&q.author, sizeof q.author);
	return ok ? EXIT_DONE : cmd_fault(&cmd_review, &f);
}

const struct cmd cmd_review = {
	.name = "review",
	.usage = "review MISSION ID confirm|reject|take|release|note|publish "
		"--key FILE [--why TEXT] [--minutes N]\n"
		"       truce review MISSION ID amend NAME=VALUE...|merge ID..."
		"|split DETECTION...|link IS=ID --key FILE --why TEXT",
	.about = "what people make of incidents and findings",
	.run = run,
};
