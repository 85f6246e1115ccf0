/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * truce key: whose keys a mission knows.  Each event is an entry by a root
 * key; it counts once as many root persons as the mission wants stand behind
 * it (`truce review MISSION INDEX confirm`). */
#include <inttypes.h>

#include "base/encode.h"
#include "cmd/desk.h"
#include "cmd/key.h"
#include "feeds/file.h"
#include "ledger/takeover.h"

extern const struct cmd cmd_key;

struct ask {
	const char *new_file, *old_file, *person, *org, *role, *from, *until;
	const char *replaces, *root, *since, *party, *out, *request;
	struct desk desk;
	struct fields body;
	struct ledger_item item;
};

static const int64_t day_ns = INT64_C(86400) * 1000000000;

/* -- key files -- */

static int key_new(struct ask *q, int argc, char **argv)
{
	struct sign_key k;
	struct fault f = {0};
	char path[ORG_MAX + 8], hex[2 * SIGN_KEY + 1];
	struct text t = text_on(path, sizeof path);
	struct text h = text_on(hex, sizeof hex);

	if (argc != 3)
		return cmd_usage(&cmd_key, "key new NAME [-o FILE]");
	text_fmt(&t, "%.64s.key", argv[2]);
	if (!desk_key_new(q->out ? q->out : path, argv[2], &k, &f))
		return cmd_fault(&cmd_key, &f);
	text_hex(&h, (struct bytes){k.public_key, SIGN_KEY});
	sign_forget(&k, sizeof k);
	printf("%s\npublic key %s\n", q->out ? q->out : path, hex);
	return EXIT_DONE;
}

static void show_key(const struct people *p, const struct people_key *k)
{
	char hex[2 * SIGN_KEY + 1], until[INSTANT_TEXT];
	struct text t = text_on(hex, sizeof hex);

	text_hex(&t, (struct bytes){k->key, SIGN_KEY});
	printf("%s  ", hex);
	if (k->role == PEOPLE_SENSOR)
		printf("sensor %s, host %s", k->sensor, k->org);
	else if (k->role == PEOPLE_ENGINE && k->from == 0)
		printf("engine of the beginning");
	else
		desk_say_key(k);
	if (k->from == UINT64_MAX)
		printf("; proposed, does not count yet");
	else if (k->revoked != UINT64_MAX)
		printf("; revoked at entry %" PRIu64 " as of %s", k->revoked,
			instant_print(k->since, 0, until));
	else if (k->until != UINT64_MAX)
		printf("; replaced at entry %" PRIu64, k->until);
	else if (k->not_after.utc_ns < INSTANT_MAX_NS)
		printf("; until %s", instant_print(k->not_after, 0, until));
	printf("\n");
	(void)p;
}

static int key_show(struct ask *q, int argc, char **argv)
{
	struct files files = {.root = -1};
	struct ledger *l = NULL;
	struct fault f = {0};
	struct sign_key k;
	char hex[2 * SIGN_KEY + 1];
	struct text t = text_on(hex, sizeof hex);
	bool ok;

	(void)q;
	if (argc != 3)
		return cmd_usage(&cmd_key, "key show FILE|MISSION");
	if (!folder_exists(argv[2])) {
		if (!desk_key(argv[2], &k, &f))
			return cmd_fault(&cmd_key, &f);
		text_hex(&t, (struct bytes){k.public_key, SIGN_KEY});
		printf("%s\npublic key %s\n", k.name, hex);
		sign_forget(&k, sizeof k);
		return EXIT_DONE;
	}
	ok = files_open(&files, argv[2], &f) &&
		ledger_open(&l, &files.disk, false, &f);
	if (ok) {
		const struct people *p = ledger_people(l);

		for (size_t i = 0; i < p->keys; i++)
			show_key(p, &p->key[i]);
		printf("%" PRIu64 " root person%s must stand behind a key%s\n",
			p->threshold, p->threshold == 1 ? "" : "s",
			p->two_orgs ? "; of two organisations" : "");
	}
	ledger_close(l);
	files_close(&files);
	return ok ? EXIT_DONE : cmd_fault(&cmd_key, &f);
}

/* -- events -- */

/* A public key in hex, or of a key file. */
static bool public_key(
	const char *given, uint8_t out[SIGN_KEY], struct fault *f)
{
	struct sign_key k;

	if (strlen(given) == 2 * SIGN_KEY && !file_exists(given))
		return hex_read(bytes_of(given), out, SIGN_KEY, f);
	if (!desk_key(given, &k, f))
		return false;
	memcpy(out, k.public_key, SIGN_KEY);
	sign_forget(&k, sizeof k);
	return true;
}

static void start(struct ask *q, const char *act)
{
	q->body = fields_in(&q->desk.arena);
	q->item = (struct ledger_item){.type = ENTRY_KEY,
		.clock = q->desk.now, .body = &q->body};
	fields_text(&q->body, "act", act);
}

static bool begin(struct ask *q, const char *mission, const char *act,
	struct fault *f)
{
	if (!desk_open(&q->desk, mission, f))
		return false;
	start(q, act);
	return true;
}

/* By the root key given, or the one that lies beside the log's. */
static bool end(struct ask *q, struct fault *f)
{
	const char *path = q->root ? q->root : path_join(&q->desk.arena,
		q->desk.folder, "ledger/keys/root", f);
	const struct people_item *i;
	struct sign_key root;
	bool ok;

	if (!path || !desk_key(path, &root, f))
		return false;
	q->item.author = &root;
	ok = fields_done(&q->body, f) &&
		desk_append(&q->desk, &q->item, f);
	sign_forget(&root, sizeof root);
	if (!ok)
		return false;
	i = people_item_at(q->desk.people, q->item.index);
	printf("entry %" PRIu64 ": %s\n", q->item.index,
		i && i->complete != UINT64_MAX ? "counts" :
		"counts when others confirm it: truce review MISSION INDEX "
		"confirm --key FILE");
	return true;
}

static bool times(struct ask *q, int64_t span_ns, struct instant *from,
	struct fault *f)
{
	struct instant until;

	*from = q->desk.now;
	from->utc_ns -= from->utc_ns % 1000000000;
	if (q->from && !instant_parse(bytes_of(q->from), true, from, f))
		return fault_in(f, "--from");
	from->utc_ns -= from->utc_ns % 1000000;
	until = instant_plus_ns(*from, span_ns);
	if (q->until && !instant_parse(bytes_of(q->until), true, &until, f))
		return fault_in(f, "--until");
	fields_time(&q->body, "not_before", *from);
	fields_time(&q->body, "not_after", until);
	return true;
}

static bool replaces(struct ask *q, struct fault *f)
{
	uint8_t key[SIGN_KEY];

	if (!q->replaces)
		return true;
	if (!public_key(q->replaces, key, f))
		return fault_in(f, "--replaces");
	desk_hex(&q->body, "replaces", key, SIGN_KEY);
	return true;
}

/* The new key signs what is said of it. */
static bool prove(struct ask *q, const struct sign_key *k, struct fault *f)
{
	char at[1024], proof[128];
	struct text t = text_on(at, sizeof at);
	struct text p = text_on(proof, sizeof proof);
	uint8_t signature[SIGN_LEN];

	people_proof(ledger_origin(q->desk.ledger), &q->body, &t);
	if (!text_check(&t, f))
		return false;
	sign_make(k, text_view(&t), signature);
	text_base64(&p, (struct bytes){signature, sizeof signature});
	fields_text(&q->body, "proof", proof);
	return true;
}

static bool enrol(struct ask *q, const struct sign_key *k,
	const uint8_t person[PERSON_LEN], struct fault *f)
{
	struct instant from;

	desk_hex(&q->body, "key", k->public_key, SIGN_KEY);
	desk_hex(&q->body, "person", person, PERSON_LEN);
	fields_text(&q->body, "org", q->org);
	fields_text(&q->body, "role", q->role);
	if (!times(q, day_ns * PEOPLE_KEY_DAYS, &from, f) ||
		!replaces(q, f))
		return false;
	entry_subject(from, (struct bytes){k->public_key, SIGN_KEY},
		q->item.subject);
	return prove(q, k, f) && end(q, f);
}

/* -- a request: made where the key lies, in a browser say, which keeps it -- */

/* What follows NAME and a space on a line of its own; len 0: nothing. */
static struct bytes said(struct bytes lines, const char *name)
{
	size_t n = strlen(name), at = 0;

	while (at < lines.len) {
		struct bytes l = bytes_part(lines, at, lines.len);
		const uint8_t *end = memchr(l.at, '\n', l.len);
		size_t len = end ? (size_t)(end - l.at) : l.len;

		if (len > n && memcmp(l.at, name, n) == 0 && l.at[n] == ' ')
			return bytes_part(l, n + 1, len - n - 1);
		at += len + 1;
	}
	return (struct bytes){0};
}

/* As the ledger holds it; its proof is of these very texts. */
static bool asked_for(struct ask *q, struct bytes b, uint8_t key[SIGN_KEY],
	struct instant *from, struct fault *f)
{
	static const char *const names[] = {
		"key", "person", "org", "role", "proof"};
	struct instant until;

	if (!bytes_are(said(b, "truce"), "enrolment 1"))
		return fault(f, FAULT_INPUT,
			"wants a first line `truce enrolment 1`");
	if (!bytes_are(said(b, "origin"), ledger_origin(q->desk.ledger)))
		return fault(f, FAULT_INPUT, "it is for another log, this is "
			"%s", ledger_origin(q->desk.ledger));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *v = arena_text(
			&q->desk.arena, said(b, names[i]), f);

		if (!v)
			return false;
		if (!*v)
			return fault(f, FAULT_INPUT, "no %s", names[i]);
		fields_text(&q->body, names[i], v);
	}
	if (!hex_read(said(b, "key"), key, SIGN_KEY, f) ||
		!instant_parse(said(b, "not_before"), true, from, f) ||
		!instant_parse(said(b, "not_after"), true, &until, f))
		return false;
	fields_time(&q->body, "not_before", *from);
	fields_time(&q->body, "not_after", until);
	return replaces(q, f);
}

static const struct people_key *of_person(
	const struct people *p, struct bytes hex)
{
	uint8_t person[PERSON_LEN];
	struct fault f = {0};

	if (!hex_read(hex, person, PERSON_LEN, &f))
		return NULL;
	for (size_t i = 0; i < p->keys; i++)
		if (memcmp(p->key[i].person, person, PERSON_LEN) == 0)
			return &p->key[i];
	return NULL;
}

static int key_request(struct ask *q, char **argv)
{
	struct bytes b = {0}, role, org, person;
	uint8_t key[SIGN_KEY];
	struct fault f = {0};
	struct instant from = INSTANT_UNKNOWN;
	bool ok = begin(q, argv[2], "enrol", &f);

	ok = ok && file_read(q->request, &q->desk.arena, &b, &f) &&
		(asked_for(q, b, key, &from, &f) ||
			fault_in(&f, "%s", q->request));
	if (ok) {
		role = said(b, "role");
		org = said(b, "org");
		person = said(b, "person");
		printf("%.*s of %.*s, %s\nkey %.*s (the person's own screen "
			"says the same)\n", (int)role.len,
			(const char *)role.at, (int)org.len,
			(const char *)org.at, of_person(q->desk.people, person)
			? "a person who has a key already"
			: "a new person", 2 * SIGN_KEY,
			(const char *)said(b, "key").at);
		entry_subject(from, (struct bytes){key, SIGN_KEY},
			q->item.subject);
		ok = end(q, &f);
	}
	desk_close(&q->desk);
	return ok ? EXIT_DONE : cmd_fault(&cmd_key, &f);
}

static int key_enrol(struct ask *q, int argc, char **argv)
{
	uint8_t person[PERSON_LEN];
	enum people_role role;
	struct sign_key k = {0};
	struct fault f = {0};
	bool ok;

	if (argc == 3 && q->request && !q->new_file && !q->org && !q->role)
		return key_request(q, argv);
	if (argc != 3 || q->request || !q->new_file || !q->org || !q->role)
		return cmd_usage(&cmd_key, "key enrol MISSION --new FILE "
			"--org NAME --role ROLE [--person HEX], or key enrol "
			"MISSION --request FILE");
	if (!people_role_named(bytes_of(q->role), &role) ||
		!org_ok(bytes_of(q->org)))
		return cmd_usage(&cmd_key, "--role is engine, analyst, "
			"reviewer, chief, liaison, guarantor, reporter or "
			"auditor; --org a name without spaces");
	ok = desk_key(q->new_file, &k, &f);
	if (ok && q->person)
		ok = hex_read(bytes_of(q->person), person, PERSON_LEN, &f) ||
			fault_in(&f, "--person");
	else if (ok)
		sign_random(person, sizeof person);
	ok = ok && begin(q, argv[2], "enrol", &f) && enrol(q, &k, person, &f);
	if (ok && !q->person) {
		char hex[2 * PERSON_LEN + 1];
		struct text t = text_on(hex, sizeof hex);

		text_hex(&t, (struct bytes){person, PERSON_LEN});
		printf("person %s (keep it: further keys of the same person "
			"name it)\n", hex);
	}
	desk_close(&q->desk);
	sign_forget(&k, sizeof k);
	return ok ? EXIT_DONE : cmd_fault(&cmd_key, &f);
}

static int key_rotate(struct ask *q, int argc, char **argv)
{
	const struct people_key *old = NULL;
	uint8_t was[SIGN_KEY], person[PERSON_LEN];
	char org[ORG_MAX + 1];
	struct sign_key k = {0};
	struct fault f = {0};
	bool ok;

	if (argc != 3 || !q->new_file || !q->old_file)
		return cmd_usage(&cmd_key,
			"key rotate MISSION --old KEY --new FILE");
	ok = desk_key(q->new_file, &k, &f) &&
		public_key(q->old_file, was, &f) &&
		begin(q, argv[2], "enrol", &f);
	if (ok) {
		old = people_key(q->desk.people, was);
		ok = old || fault(&f, FAULT_INPUT,
			"--old: the mission knows no such key");
	}
	if (ok) {
		memcpy(person, old->person, PERSON_LEN);
		memcpy(org, old->org, sizeof org);
		q->org = org[0] ? org : "local"; /* entry 0's engine has none */
		q->role = people_role_name(old->role);
		q->replaces = q->old_file;
		ok = enrol(q, &k, person, &f);
	}
	desk_close(&q->desk);
	sign_forget(&k, sizeof k);
	return ok ? EXIT_DONE : cmd_fault(&cmd_key, &f);
}

static int key_revoke(struct ask *q, int argc, char **argv)
{
	const struct people_key *old;
	struct instant since;
	uint8_t key[SIGN_KEY];
	struct fault f = {0};
	bool ok;

	if (argc != 4 || !q->since)
		return cmd_usage(&cmd_key,
			"key revoke MISSION KEY --since TIME");
	ok = (instant_parse(bytes_of(q->since), true, &since, &f) ||
		     fault_in(&f, "--since")) &&
		public_key(argv[3], key, &f) &&
		begin(q, argv[2], "revoke", &f);
	if (ok) {
		old = people_key(q->desk.people, key);
		if (!old)
			ok = fault(&f, FAULT_INPUT,
				"the mission knows no such key");
		else
			entry_subject(old->not_before,
				(struct bytes){key, SIGN_KEY},
				q->item.subject);
		desk_hex(&q->body, "key", key, SIGN_KEY);
		fields_time(&q->body, "since", since);
	}
	ok = ok && end(q, &f);
	desk_close(&q->desk);
	return ok ? EXIT_DONE : cmd_fault(&cmd_key, &f);
}

static int key_sensor(struct ask *q, int argc, char **argv)
{
	struct instant from;
	uint8_t key[SIGN_KEY];
	struct fault f = {0};
	bool ok;

	if (argc != 5 || !q->party)
		return cmd_usage(&cmd_key,
			"key sensor MISSION SENSOR KEY --party NAME");
	ok = public_key(argv[4], key, &f) &&
		begin(q, argv[2], "sensor", &f) &&
		times(q, 10 * 365 * day_ns, &from, &f) && replaces(q, &f);
	if (ok) {
		desk_hex(&q->body, "key", key, SIGN_KEY);
		fields_text(&q->body, "sensor", argv[3]);
		fields_text(&q->body, "party", q->party);
		entry_subject(from, (struct bytes){key, SIGN_KEY},
			q->item.subject);
	}
	ok = ok && end(q, &f);
	desk_close(&q->desk);
	return ok ? EXIT_DONE : cmd_fault(&cmd_key, &f);
}

static int key_roots(struct ask *q, int argc, char **argv)
{
	char lines[4096];
	struct text t = text_on(lines, sizeof lines);
	struct genesis g = {0};
	struct fault f = {0};
	struct bytes b;
	bool ok;

	if (argc != 4)
		return cmd_usage(&cmd_key, "key roots MISSION FILE (lines "
			"`threshold N`, `two_orgs yes|no`, PERSON KEY ORG)");
	ok = begin(q, argv[2], "roots", &f) &&
		file_read(argv[3], &q->desk.arena, &b, &f) &&
		(roots_file(b, &g, &f) || fault_in(&f, "%s", argv[3]));
	if (ok && g.two_orgs != q->desk.people->genesis.two_orgs)
		ok = fault(&f, FAULT_INPUT, "%s: two_orgs stays what the log "
			"began with: %s", argv[3], g.two_orgs ? "no" : "yes");
	if (ok) {
		roots_print(&g.roots, &t);
		fields_text(&q->body, "roots", lines);
		fields_i64(&q->body, "threshold", (int64_t)g.roots.threshold);
		entry_subject(INSTANT_UNKNOWN, bytes_of("roots"),
			q->item.subject);
	}
	ok = ok && end(q, &f);
	desk_close(&q->desk);
	return ok ? EXIT_DONE : cmd_fault(&cmd_key, &f);
}

/* -- the log goes on elsewhere -- */

static bool name_log(struct ask *q, const struct takeover *t, struct fault *f)
{
	char vkey[2 * SIGN_NAME_MAX];
	struct text v = text_on(vkey, sizeof vkey);

	start(q, "log");
	sign_vkey_print(t->log.name, t->log.public_key, &v);
	fields_text(&q->body, "log", vkey);
	fields_text(&q->body, "last", t->last);
	entry_subject(INSTANT_UNKNOWN, bytes_of("log"), q->item.subject);
	return end(q, f);
}

static bool name_policy(
	struct ask *q, const struct takeover *t, struct fault *f)
{
	start(q, "policy");
	desk_hex(&q->body, "policy_sha256", t->policy_sha256.at, SHA256_LEN);
	entry_subject(INSTANT_UNKNOWN, bytes_of("policy"), q->item.subject);
	return end(q, f);
}

/* The engine whose key holds, by now. */
static const struct people_key *engine_of(const struct people *p)
{
	for (size_t i = 0; i < p->keys; i++)
		if (p->key[i].role == PEOPLE_ENGINE &&
			p->key[i].from != UINT64_MAX &&
			p->key[i].until == UINT64_MAX)
			return &p->key[i];
	return NULL;
}

static bool name_engine(
	struct ask *q, const struct takeover *t, struct fault *f)
{
	const struct people_key *old = engine_of(q->desk.people);
	uint8_t id[ENTRY_KEY_ID], person[PERSON_LEN];
	char hex[2 * SIGN_KEY + 1];
	struct text h = text_on(hex, sizeof hex);

	sign_key_id(t->engine.public_key, id);
	if (people_author(q->desk.people, id))
		return true; /* named before */
	start(q, "enrol");
	if (old)
		text_hex(&h, (struct bytes){old->key, SIGN_KEY});
	q->replaces = old ? hex : NULL;
	q->org = q->org ? q->org : "operator";
	q->role = "engine";
	sign_random(person, sizeof person);
	return enrol(q, &t->engine, person, f);
}

bool key_take_over(const char *mission, const char *root, struct fault *f)
{
	static struct ask q;
	struct takeover t = {.policy = false};
	bool ok, done = false;

	q = (struct ask){.root = root};
	ok = desk_open(&q.desk, mission, f) &&
		takeover_done(&q.desk.files.disk, &done, f);
	if (ok && done)
		printf("it is taken over already\n");
	/* All that died in between may be to be signed still. */
	ok = ok && (done ? ledger_sign(q.desk.ledger, f) :
		takeover_read(&q.desk.files.disk, q.desk.ledger, &t, f) &&
		(!t.policy || name_policy(&q, &t, f)) &&
		name_log(&q, &t, f) && name_engine(&q, &t, f));
	if (ok && *ledger_held(q.desk.ledger))
		printf("%s\n", ledger_held(q.desk.ledger));
	sign_forget(&t, sizeof t);
	desk_close(&q.desk);
	return ok;
}

static int key_over(struct ask *q, int argc, char **argv)
{
	struct fault f = {0};

	if (argc != 3 || !q->root)
		return cmd_usage(&cmd_key,
			"key take-over MISSION --root FILE");
	return key_take_over(argv[2], q->root, &f) ? EXIT_DONE
						 : cmd_fault(&cmd_key, &f);
}

static int run(int argc, char **argv)
{
	static struct ask q;
	static const struct {
		const char *word;
		int (*run)(struct ask *, int argc, char **argv);
	} verbs[] = {{"new", key_new}, {"show", key_show},
		{"enrol", key_enrol}, {"rotate", key_rotate},
		{"revoke", key_revoke}, {"roots", key_roots},
		{"sensor", key_sensor}, {"take-over", key_over}};
	const struct ui_option options[] = {{"--new", &q.new_file, NULL},
		{"--old", &q.old_file, NULL}, {"--person", &q.person, NULL},
		{"--org", &q.org, NULL}, {"--role", &q.role, NULL},
		{"--from", &q.from, NULL}, {"--until", &q.until, NULL},
		{"--replaces", &q.replaces, NULL}, {"--root", &q.root, NULL},
		{"--since", &q.since, NULL}, {"--party", &q.party, NULL},
		{"--request", &q.request, NULL},
		{"-o", &q.out, NULL}, {NULL, NULL, NULL}};

	if (!ui_options(&cmd_key, &argc, argv, options))
		return EXIT_USAGE;
	for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(argv[1], verbs[i].word) == 0)
			return verbs[i].run(&q, argc, argv);
	return cmd_usage(&cmd_key,
		"new, show, enrol, rotate, revoke, roots, sensor or "
		"take-over?");
}

const struct cmd cmd_key = {
	.name = "key",
	.usage = "key new|show|enrol|rotate|revoke|roots|sensor|take-over "
		 "...",
	.about = "whose keys a mission knows: enrol, rotate, revoke",
	.run = run,
};
