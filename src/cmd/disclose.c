/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * truce disclose: who is shown what, and when.  An entry of type 11 says so
 * before anything is handed out.  Embargo: logged sealed, lifted later by two
 * persons; erase: the body's secret is destroyed once two persons said so. */
#include <errno.h>
#include <inttypes.h>

#include "base/csv.h"
#include "base/encode.h"
#include "base/tree.h"
#include "cmd/disclosing.h"
#include "feeds/file.h"
#include "ledger/body.h"
#include "ledger/sign.h"
#include "spool/files.h"

extern const struct cmd cmd_disclose;

enum { OPEN_MAX_FIELDS = 64, TEXT = 1 << 18 };

struct ask {
	const char *open, *out, *to, *why, *key, *by, *type, *subject, *body;
	struct desk desk;
	struct sign_key author;
	struct people_key who; /* of --key */
	/* what is shown */
	struct bytes name[OPEN_MAX_FIELDS];
	size_t names;
	bool all;
};

static bool with_key(struct ask *q, struct fault *f)
{
	return q->key ? desk_key(q->key, &q->author, f) : fault(f, FAULT_INPUT,
		"--key FILE: whose act is it?");
}

static bool author_known(struct ask *q, struct fault *f)
{
	const struct people_key *k =
		people_key(q->desk.people, q->author.public_key);

	if (!k)
		return fault(f, FAULT_INPUT,
			"the mission knows no such key: %s", q->key);
	q->who = *k;
	return true;
}

/* -- a disclosure -- */

static bool split(struct ask *q, struct fault *f)
{
	struct bytes left = bytes_of(q->open);

	q->all = strcmp(q->open, "all") == 0;
	while (!q->all && left.len > 0) {
		const uint8_t *comma = memchr(left.at, ',', left.len);
		size_t n = comma ? (size_t)(comma - left.at) : left.len;

		if (n == 0 || q->names == OPEN_MAX_FIELDS)
			return fault(f, FAULT_INPUT, "--open: wants all, or "
				"up to %d names with commas", OPEN_MAX_FIELDS);
		q->name[q->names++] = bytes_part(left, 0, n);
		left = bytes_part(left, n + 1, left.len);
	}
	return true;
}

static bool shut(void *self, struct bytes name)
{
	const struct ask *q = self;

	if (q->all || bytes_are(name, "!"))
		return false;
	for (size_t i = 0; i < q->names; i++)
		if (bytes_equal(q->name[i], name))
			return false;
	return true;
}

/* "no field 'time', wants of: time.at, time.from": those that begin so, where
 * there are such, else all. */
static bool no_field(
	const struct ledger_entry *e, const char *name, struct fault *f)
{
	char at[400] = "";
	struct text t = text_on(at, sizeof at);
	size_t n = strlen(name), alike = 0;

	for (size_t i = 0; i < e->body->count; i++)
		alike += strncmp(e->body->field[i].name, name, n) == 0;
	for (size_t i = 0; i < e->body->count; i++)
		if (alike == 0 ||
			strncmp(e->body->field[i].name, name, n) == 0) {
			text_add(&t, t.len ? ", " : "");
			text_add(&t, e->body->field[i].name);
		}
	return fault(f, FAULT_INPUT, "--open: entry %" PRIu64 " has no field "
		"'%s', wants some of: %s", e->index, name, at);
}

/* Is each name that is to be shown there? */
static bool names_there(void *self, const struct ledger_entry *e,
	struct fault *f)
{
	const struct ask *q = self;

	for (size_t i = 0; e->open && i < q->names; i++) {
		char name[72];
		struct text t = text_on(name, sizeof name);

		text_bytes(&t, q->name[i]);
		if (!fields_find(e->body, name))
			return no_field(e, name, f);
	}
	f->kind = FAULT_NONE;
	return false;
}

/* Whose key is good; and of what is sealed, who may work on it (people.c). */
static bool may_read(const struct ask *q, uint64_t index, struct fault *f)
{
	const struct people_key *k = &q->who;

	if (q->key && !people_key_good(k, ledger_size(q->desk.ledger),
		q->desk.now))
		return fault(f, FAULT_INPUT, "%s: that key is not good now: it "
			"was revoked, replaced, or its time is over", q->key);
	if (!desk_sealed(&q->desk, index))
		return true;
	if (q->out)
		return fault(f, FAULT_INPUT, "entry %" PRIu64 " is sealed: it "
			"is handed out once two persons lifted that (truce "
			"disclose lift)", index);
	return k->role == PEOPLE_ANALYST || k->role == PEOPLE_REVIEWER ||
		k->role == PEOPLE_CHIEF || fault(f, FAULT_INPUT, "entry %"
			PRIu64 " is sealed: a %s does not read it", index,
			people_role_name(k->role));
}

static struct disclosing shown_of(struct ask *q, uint64_t index)
{
	return (struct disclosing){.desk = &q->desk, .index = index,
		.person = q->key ? q->who.person : NULL, .by = q->by,
		.to = q->to, .why = q->why, .shut = shut, .self = q};
}

/* First the log knows. */
static bool log_access(struct ask *q, uint64_t index, struct fault *f)
{
	struct disclosing d = shown_of(q, index);
	uint64_t at;

	if (!may_read(q, index, f))
		return false;
	f->kind = FAULT_NONE;
	if ((!ledger_read(q->desk.ledger, index, names_there, q, f) &&
		    f->kind != FAULT_NONE) || !disclosing_log(&d, &at, f))
		return false;
	printf("entry %" PRIu64 ": says who is shown entry %" PRIu64 "\n",
		at, index);
	return true;
}

static bool write_disclosure(struct ask *q, uint64_t index, struct fault *f)
{
	struct disclosing d = shown_of(q, index);
	char *at = arena_take(&q->desk.arena, TEXT, f);
	struct text t = text_on(at, TEXT);
	FILE *file;
	bool ok;

	if (!at || !disclosing_print(&d, &t, f))
		return false;
	file = fopen(q->out, "wbxe");
	if (!file)
		return errno == EEXIST ? fault(f, FAULT_INPUT,
			"%s is there already; nothing was overwritten",
			q->out) : fault_errno(f, "%s", q->out);
	ok = fwrite(t.at, 1, t.len, file) == t.len;
	if (fclose(file) != 0)
		ok = false;
	return ok || fault_errno(f, "%s", q->out);
}

static int disclose(struct ask *q, const char *mission, const char *id)
{
	struct fault f = {0};
	uint64_t index = 0;
	bool ok;

	if (!q->open || !q->out)
		return cmd_usage(&cmd_disclose, "--open FIELDS (with commas, "
			"or all) and -o FILE are wanted");
	ok = (file_exists(q->out) ? fault(&f, FAULT_INPUT, "%s is there "
			"already; nothing was overwritten", q->out) : true) &&
		split(q, &f) && (!q->key || with_key(q, &f)) &&
		desk_open(&q->desk, mission, &f) &&
		(!q->key || author_known(q, &f)) &&
		desk_find(&q->desk, id, &index, &f) &&
		log_access(q, index, &f) && write_disclosure(q, index, &f);
	desk_close(&q->desk);
	if (!ok)
		return cmd_fault(&cmd_disclose, &f);
	printf("%s: check it: truce audit %s --key KEY\n", q->out, q->out);
	return EXIT_DONE;
}

/* -- read here, and who read -- */

static void print_value(const char *name, struct bytes value)
{
	printf("%s: %.*s\n", name, (int)value.len, (const char *)value.at);
}

static bool show_one(void *self, const struct ledger_entry *e, struct fault *f)
{
	(void)self;
	for (size_t i = 0; e->open && i < e->body->count; i++)
		print_value(e->body->field[i].name, e->body->field[i].value);
	f->kind = FAULT_NONE;
	return false;
}

/* A body on the screen, a sealed one too, once the log says who reads it. */
static bool show(struct ask *q, int argc, char **argv, struct fault *f)
{
	uint64_t index;

	if (argc != 4)
		return fault(f, FAULT_INPUT, "which entry?");
	q->all = true;
	if (!desk_find(&q->desk, argv[3], &index, f) ||
		!log_access(q, index, f))
		return false;
	f->kind = FAULT_NONE;
	return ledger_read(q->desk.ledger, index, show_one, q, f) ||
		f->kind == FAULT_NONE;
}

static bool tell_one(void *self, const struct ledger_entry *e, struct fault *f)
{
	static const char *const names[] = {
		"who", "to", "index", "of", "fields", "why"};
	const uint64_t *only = self;
	char at[INSTANT_TEXT];
	uint64_t index;

	(void)f;
	if (e->entry.type != ENTRY_ACCESS || (*only != UINT64_MAX &&
			(!e->open || !body_number(e->body, "index", &index) ||
				index != *only)))
		return true;
	printf("entry %" PRIu64 " %s\n", e->index,
		instant_print(e->entry.clock, 0, at));
	for (size_t i = 0; e->open && i < sizeof names / sizeof *names; i++) {
		const struct field *x = fields_find(e->body, names[i]);

		printf("  ");
		print_value(names[i], x ? x->value : bytes_of("-"));
	}
	return true;
}

/* Who was told what, and when: of all, or of one entry. */
static int told(struct ask *q, int argc, char **argv)
{
	struct files files = {.root = -1};
	struct ledger *l = NULL;
	uint64_t only = UINT64_MAX;
	struct fault f = {0};
	int64_t n = 0;
	bool ok;

	(void)q;
	if (argc != 3 && argc != 4)
		return cmd_usage(&cmd_disclose, "told: which mission?");
	ok = argc == 3 || (integer_read(bytes_of(argv[3]), &n, &f) && n >= 0);
	if (ok && argc == 4)
		only = (uint64_t)n;
	ok = ok && files_open(&files, argv[2], &f) &&
		ledger_open(&l, &files.disk, false, &f) &&
		ledger_read(l, 0, tell_one, &only, &f);
	ledger_close(l);
	files_close(&files);
	return ok ? EXIT_DONE : cmd_fault(&cmd_disclose, &f);
}

/* -- sealed, lifted, erased -- */

static bool proposed(struct ask *q, const struct ledger_item *item,
	const char *what)
{
	(void)q;
	printf("entry %" PRIu64 ": %s\n", item->index, what);
	return true;
}

static bool type_of(const char *s, int64_t *type, struct fault *f)
{
	return (s && integer_read(bytes_of(s), type, f) && *type > 0 &&
		       *type <= ENTRY_REPORT) ||
		fault(f, FAULT_INPUT, "--type N: the true type, 1 to %d",
			ENTRY_REPORT);
}

/* A JSON object without objects in it, as fields. */
static bool read_body(struct ask *q, struct fields *s, struct fault *f)
{
	const struct tree *t;
	struct bytes b;

	if (!q->body)
		return fault(f, FAULT_INPUT, "--body FILE: what is sealed, "
			"a JSON object of texts and numbers");
	if (!file_read(q->body, &q->desk.arena, &b, f) ||
		!tree_read(b, &q->desk.arena, &t, f))
		return fault_in(f, "%s", q->body);
	for (const struct tree *k = t->type == TREE_OBJECT ? t->first : NULL;
		k; k = k->next) {
		if (k->type == TREE_TEXT)
			fields_text(s, k->key, (const char *)k->text.at);
		else if (k->type == TREE_NUMBER && k->whole)
			fields_i64(s, k->key, k->integer);
		else if (k->type == TREE_NUMBER)
			fields_fixed(s, k->key, k->number, 6);
		else
			return fault(f, FAULT_INPUT, "%s: %s is neither text "
				"nor number", q->body, k->key);
	}
	return s->count > 0 ||
		fault(f, FAULT_INPUT, "%s: no object of fields", q->body);
}

static bool embargo(struct ask *q, int argc, char **argv, struct fault *f)
{
	struct fields body = fields_in(&q->desk.arena);
	struct ledger_item item = {.type = ENTRY_SEALED,
		.clock = q->desk.now, .author = &q->author, .body = &body};
	int64_t type = 0;

	(void)argc;
	(void)argv;
	if (!type_of(q->type, &type, f) || !read_body(q, &body, f))
		return false;
	item.flags = entry_flags((uint8_t)type);
	if (type == ENTRY_FINDING)
		item.flags |= ENTRY_TWO;
	sign_random(item.subject, sizeof item.subject);
	return fields_done(&body, f) && desk_append(&q->desk, &item, f) &&
		proposed(q, &item, "sealed; its time is provable from now on, "
			"its content is shown to nobody");
}

/* What lift and erase share: an entry that another one is about. */
static bool about(struct ask *q, int argc, char **argv, const char *act,
	struct fields *body, struct ledger_item *item, uint64_t *index,
	struct fault *f)
{
	struct digest of;

	if (argc != 4)
		return fault(f, FAULT_INPUT, "which entry?");
	if (!desk_find(&q->desk, argv[3], index, f) ||
		!ledger_leaf(q->desk.ledger, *index, &of))
		return false;
	*item = (struct ledger_item){.type = ENTRY_PUBLICATION,
		.clock = q->desk.now, .author = &q->author, .body = body};
	fields_text(body, "act", act);
	desk_hex(body, "of", of.at, SHA256_LEN);
	fields_i64(body, "index", (int64_t)*index);
	fields_text(body, "why", q->why ? q->why : "");
	entry_subject(q->desk.now, digest_view(&of), item->subject);
	return true;
}

static bool lift(struct ask *q, int argc, char **argv, struct fault *f)
{
	struct fields body = fields_in(&q->desk.arena);
	struct ledger_item item;
	uint8_t subject[ENTRY_SUBJECT];
	uint64_t index;
	int64_t type = 0;

	if (!type_of(q->type, &type, f) || !q->subject ||
		!hex_read(bytes_of(q->subject), subject, sizeof subject, f))
		return fault(f, FAULT_INPUT, "--type N --subject HEX: what "
			"the sealed entry is, and about what");
	if (!about(q, argc, argv, "lift", &body, &item, &index, f))
		return false;
	fields_i64(&body, "type", type);
	fields_text(&body, "subject", q->subject);
	return fields_done(&body, f) && desk_append(&q->desk, &item, f) &&
		proposed(q, &item, "lifts the embargo once another person "
			"confirms it");
}

static bool erase(struct ask *q, int argc, char **argv, struct fault *f)
{
	struct fields body = fields_in(&q->desk.arena);
	struct ledger_item item;
	uint64_t index;

	if (!q->why)
		return fault(f, FAULT_INPUT, "erase wants --why TEXT");
	return about(q, argc, argv, "erase", &body, &item, &index, f) &&
		fields_done(&body, f) && desk_append(&q->desk, &item, f) &&
		proposed(q, &item, "destroys the body's secret once another "
			"person confirms it");
}

static int act(struct ask *q, int argc, char **argv,
	bool (*does)(struct ask *, int, char **, struct fault *))
{
	struct fault f = {0};
	bool ok;

	if (argc < 3)
		return cmd_usage(&cmd_disclose, "which mission?");
	ok = with_key(q, &f) && desk_open(&q->desk, argv[2], &f) &&
		author_known(q, &f) && does(q, argc, argv, &f);
	desk_close(&q->desk);
	sign_forget(&q->author, sizeof q->author);
	return ok ? EXIT_DONE : cmd_fault(&cmd_disclose, &f);
}

static int run(int argc, char **argv)
{
	static struct ask q;
	const struct ui_option options[] = {{"--open", &q.open, NULL},
		{"-o", &q.out, NULL}, {"--output", &q.out, NULL},
		{"--to", &q.to, NULL}, {"--why", &q.why, NULL},
		{"--key", &q.key, NULL}, {"--by", &q.by, NULL},
		{"--type", &q.type, NULL}, {"--subject", &q.subject, NULL},
		{"--body", &q.body, NULL}, {NULL, NULL, NULL}};

	if (!ui_options(&cmd_disclose, &argc, argv, options))
		return EXIT_USAGE;
	if (argc > 1 && strcmp(argv[1], "embargo") == 0)
		return act(&q, argc, argv, embargo);
	if (argc > 1 && strcmp(argv[1], "lift") == 0)
		return act(&q, argc, argv, lift);
	if (argc > 1 && strcmp(argv[1], "erase") == 0)
		return act(&q, argc, argv, erase);
	if (argc > 1 && strcmp(argv[1], "read") == 0)
		return act(&q, argc, argv, show);
	if (argc > 1 && strcmp(argv[1], "told") == 0)
		return told(&q, argc, argv);
	if (argc != 3)
		return cmd_usage(&cmd_disclose,
			"a mission and an id, or read, told, embargo, lift, "
			"erase");
	return disclose(&q, argv[1], argv[2]);
}

const struct cmd cmd_disclose = {
	.name = "disclose",
	.usage = "disclose MISSION ID --open FIELDS -o FILE [--to NAME] "
		"[--why TEXT] [--key FILE]\n"
		"       truce disclose read MISSION ID --key FILE "
		"[--why TEXT]\n"
		"       truce disclose told MISSION [INDEX]\n"
		"       truce disclose embargo|lift|erase MISSION ...",
	.about = "show some fields of an entry, and who was shown; embargo; "
		"erase",
	.run = run,
};
