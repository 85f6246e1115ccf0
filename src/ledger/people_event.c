/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/people_event.h"

#include "base/encode.h"
#include "ledger/body.h"

#include <stdlib.h>

static const char wants[] = "not a key event as docs/people.md has it";

bool people_text(const struct fields *s, const char *name, char *out,
	size_t size)
{
	const struct field *x = fields_find(s, name);

	return x && value_text(x->value, out, size);
}

static bool name_field(const struct fields *s, const char *name,
	char out[ORG_MAX + 1])
{
	return people_text(s, name, out, ORG_MAX + 1) &&
		org_ok(bytes_of(out));
}

static bool time_field(const struct fields *s, const char *name,
	struct instant *t)
{
	char at[INSTANT_TEXT];
	struct fault no;
	size_t n;

	/* Of what instant.h reads only the one form. */
	if (!people_text(s, name, at, sizeof at) || (n = strlen(at)) < 20 ||
		at[10] != 'T' || at[n - 1] != 'Z' || n == 21 ||
		(n > 20 && at[19] != '.') || memcmp(at + 17, "60", 2) == 0)
		return false;
	return instant_parse(bytes_of(at), false, t, &no);
}

void people_proof(const char *origin, const struct fields *s, struct text *t)
{
	static const char *const names[] = {
		"key", "person", "org", "role", "not_before", "not_after"};

	text_add(t, "cfm/enrol/v1\n");
	text_add(t, origin);
	text_char(t, '\n');
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct field *x = fields_find(s, names[i]);

		text_bytes(t, x ? body_text(x->value) : (struct bytes){0});
		text_char(t, '\n');
	}
}

/* -- entry 0 -- */

static struct people_key *add_root(
	struct people *p, const struct root *r, struct fault *f)
{
	struct people_key k = {
		.role = PEOPLE_ROOT, .not_after = {INSTANT_MAX_NS}};

	memcpy(k.key, r->key, SIGN_KEY);
	memcpy(k.person, r->person, PERSON_LEN);
	memcpy(k.org, r->org, sizeof k.org);
	return people_add(p, &k, f);
}

static struct people_key *add_engine(
	struct people *p, const uint8_t key[SIGN_KEY], struct fault *f)
{
	struct people_key k = {
		.role = PEOPLE_ENGINE, .not_after = {INSTANT_MAX_NS}};

	memcpy(k.key, key, SIGN_KEY);
	return people_add(p, &k, f);
}

static bool add_log(struct people *p, const uint8_t key[SIGN_KEY],
	uint64_t from, struct fault *f)
{
	if (!people_room(&p->log, p->logs, &p->log_room, sizeof *p->log, f))
		return false;
	p->log[p->logs] = (struct people_log){.from = from, .to = UINT64_MAX};
	memcpy(p->log[p->logs++].key, key, SIGN_KEY);
	return true;
}

bool people_begin(struct people *p, const struct people_entry *x,
	struct fault *f)
{
	struct people_key *k;
	struct genesis g;

	if (!x->body) {
		p->blind = true;
		return true;
	}
	if (x->withheld)
		return people_refuse(p, "genesis", "entry 0 must be open", f);
	if (!genesis_read(x->body, &g, f)) {
		p->rule = "genesis";
		return false;
	}
	for (size_t i = 0; i < g.roots.count; i++)
		for (size_t j = 0; j <= i; j++)
			if (memcmp(g.roots.of[i].key, j < i ?
				g.roots.of[j].key : g.engine, SIGN_KEY) == 0)
				return people_refuse(p, "genesis",
					"one key twice", f);
	for (size_t i = 0; i <= g.roots.count; i++) {
		k = i == 0 ? add_engine(p, g.engine, f)
			   : add_root(p, &g.roots.of[i - 1], f);
		if (!k)
			return false;
		k->from = 0;
	}
	p->genesis = g;
	p->two_orgs = g.two_orgs;
	p->threshold = g.roots.threshold;
	p->policy = g.policy_sha256;
	return add_log(p, g.log, 0, f);
}

/* -- key events -- */

/* The subject that an event must bear. */
static bool subject_fits(const struct people_entry *x, struct instant from,
	struct bytes made_of)
{
	uint8_t want[ENTRY_SUBJECT];

	entry_subject(from, made_of, want);
	return memcmp(want, x->entry->subject, sizeof want) == 0;
}

static bool key_subject(
	const struct people_entry *x, const struct people_key *k)
{
	return subject_fits(
		x, k->not_before, (struct bytes){k->key, SIGN_KEY});
}

static bool act_subject(const struct people_entry *x, const char *act)
{
	return subject_fits(x, INSTANT_UNKNOWN, bytes_of(act));
}

static bool proof_holds_of(
	struct people *p, const struct fields *s, const uint8_t key[SIGN_KEY])
{
	const struct field *x = fields_find(s, "proof");
	uint8_t proof[SIGN_LEN];
	char at[1024];
	struct text t = text_on(at, sizeof at);
	struct fault no;
	size_t n;

	people_proof(p->genesis.origin, s, &t);
	/* Fields as read_enrol() has them: 606 bytes, all in all. */
	return x && base64_read(body_text(x->value), proof, sizeof proof, &n,
		&no) && n == sizeof proof &&
		sign_holds(key, text_view(&t), proof);
}

/* A key that this one is to replace; true: none is named, or it fits. */
static bool find_replaced(struct people *p, const struct fields *s,
	const struct people_key *by, struct people_event *ev)
{
	uint8_t key[SIGN_KEY];
	const struct people_key *k;

	if (!fields_find(s, "replaces"))
		return true;
	if (!body_hex(s, "replaces", key, SIGN_KEY))
		return false;
	k = people_taken(p, key);
	if (!k || memcmp(k->key, key, SIGN_KEY) != 0 || k->role != by->role)
		return false;
	ev->replaces = 1 + (uint32_t)(k - p->key);
	return by->role == PEOPLE_SENSOR ? strcmp(k->sensor, by->sensor) == 0
		: memcmp(k->person, by->person, PERSON_LEN) == 0 ||
			by->role == PEOPLE_ENGINE;
}

/* A person's own: a role, a key for 90 days at most. */
static bool enrols(const struct fields *s, struct people_key *k)
{
	const struct field *role = fields_find(s, "role");
	int64_t most = INT64_C(86400000000000) * PEOPLE_KEY_DAYS;

	return role && people_role_named(body_text(role->value), &k->role) &&
		body_hex(s, "person", k->person, PERSON_LEN) &&
		name_field(s, "org", k->org) &&
		k->not_after.utc_ns - k->not_before.utc_ns <= most;
}

/* Of a person, or of a sensor. */
static bool read_key(struct people *p, const struct people_entry *x,
	struct people_item *i, struct people_event *ev,
	const struct merkle_tree *tree, struct fault *f)
{
	const struct fields *s = x->body;
	struct people_key k = {.role = PEOPLE_SENSOR};
	struct digest sensor;
	uint64_t before;
	bool person = i->act == PEOPLE_ENROL;

	(void)tree;
	if (!body_hex(s, "key", k.key, SIGN_KEY) ||
		!time_field(s, "not_before", &k.not_before) ||
		!time_field(s, "not_after", &k.not_after) ||
		k.not_after.utc_ns <= k.not_before.utc_ns ||
		(person ? !enrols(s, &k)
			: !name_field(s, "sensor", k.sensor) ||
				!name_field(s, "party", k.org)) ||
		!find_replaced(p, s, &k, ev) || !key_subject(x, &k))
		return people_refuse(p, "body", wants, f);
	if (people_taken(p, k.key))
		return people_refuse(p, "key", "its key id is taken", f);
	if (person && !proof_holds_of(p, s, k.key))
		return people_refuse(p, "proof",
			"the new key did not sign its enrolment", f);
	sensor = sha256_of(bytes_of(k.sensor));
	if (!person && table_get(&p->by_sensor, &sensor, &before))
		k.before = (uint32_t)before + 1;
	if (!people_add(p, &k, f))
		return false;
	ev->key = (uint32_t)p->keys;
	return person || table_set(&p->by_sensor, &sensor, p->keys - 1, f);
}

static bool read_revoke(struct people *p, const struct people_entry *x,
	struct people_item *i, struct people_event *ev,
	const struct merkle_tree *tree, struct fault *f)
{
	uint8_t key[SIGN_KEY];
	const struct people_key *k = NULL;

	(void)i;
	(void)tree;
	if (body_hex(x->body, "key", key, SIGN_KEY))
		k = people_taken(p, key);
	if (!k || memcmp(k->key, key, SIGN_KEY) != 0 ||
		k->role == PEOPLE_ROOT ||
		!time_field(x->body, "since", &ev->since) ||
		!key_subject(x, k))
		return people_refuse(p, "body", wants, f);
	ev->key = 1 + (uint32_t)(k - p->key);
	return true;
}

static bool same_root(const struct people_key *k, const struct root *r)
{
	return k->role == PEOPLE_ROOT &&
		memcmp(k->key, r->key, SIGN_KEY) == 0 &&
		memcmp(k->person, r->person, PERSON_LEN) == 0 &&
		strcmp(k->org, r->org) == 0;
}

static bool read_roots(struct people *p, const struct people_entry *x,
	struct people_item *i, struct people_event *ev,
	const struct merkle_tree *tree, struct fault *f)
{
	char lines[4096];
	struct roots s;

	(void)i;
	(void)tree;
	if (!people_text(x->body, "roots", lines, sizeof lines) ||
		!body_number(x->body, "threshold", &ev->threshold) ||
		!roots_read(bytes_of(lines), ev->threshold, &s, f) ||
		!act_subject(x, "roots"))
		return people_refuse(p, "body", wants, f);
	for (size_t n = 0; n < s.count; n++) {
		const struct people_key *k = people_taken(p, s.of[n].key);
		bool taken = k && !same_root(k, &s.of[n]);

		for (size_t j = 0; j < n; j++)
			taken |= !memcmp(s.of[j].key, s.of[n].key, SIGN_KEY);
		if (taken)
			return people_refuse(p, "key",
				"a root's key id is taken", f);
	}
	for (size_t n = 0; n < s.count; n++) {
		const struct people_key *k = people_taken(p, s.of[n].key);

		if (!k && !(k = add_root(p, &s.of[n], f)))
			return false;
		ev->root[ev->roots++] = (uint32_t)(k - p->key);
	}
	return true;
}

bool people_note(const struct people *p, struct bytes b,
	struct checkpoint *c, struct note_key *by, struct fault *f)
{
	const uint8_t *key;
	struct note n;

	if (!note_read(b, &n, f) || !note_checkpoint(&n, c, f))
		return false;
	key = people_log_key(p, c->size);
	if (!key)
		return fault(f, FAULT_INPUT, "checkpoint: of %ju entries: the "
			"log's key was handed over before, and the next one "
			"did not count yet", (uintmax_t)c->size);
	if (!checkpoint_read(b, p->genesis.origin, key, c, f))
		return false;
	if (by) {
		*by = (struct note_key){.type = NOTE_SIGNS};
		memcpy(by->name, p->genesis.origin, sizeof by->name);
		memcpy(by->key, key, SIGN_KEY);
	}
	return true;
}

/* What the key in force signed last, of this log and this history: how far
 * its word goes.  There is one: whose event is read is known, so entry 0 is. */
static bool last_note(const struct people *p, const struct people_entry *x,
	const struct merkle_tree *tree, struct people_event *ev)
{
	const uint8_t *by = people_log_key(p, UINT64_MAX);
	struct checkpoint c;
	struct digest root;
	struct fault no;
	char at[1024];

	if (!people_text(x->body, "last", at, sizeof at) ||
		!checkpoint_read(bytes_of(at), p->genesis.origin, by, &c,
			&no) || c.size == 0 || c.size > x->index ||
		people_log_key(p, c.size) != by)
		return false;
	root = merkle_tree_root(tree, c.size);
	ev->last = c.size;
	ev->before = p->logs;
	return digest_equal(&root, &c.root);
}

static bool read_log(struct people *p, const struct people_entry *x,
	struct people_item *i, struct people_event *ev,
	const struct merkle_tree *tree, struct fault *f)
{
	char vkey[SIGN_NAME_MAX + 64], name[SIGN_NAME_MAX + 1];
	struct fault no;

	(void)i;
	if (people_text(x->body, "log", vkey, sizeof vkey) &&
		sign_vkey_read(bytes_of(vkey), name, ev->log, &no) &&
		strcmp(name, p->genesis.origin) == 0 &&
		act_subject(x, "log") && last_note(p, x, tree, ev))
		return true;
	return people_refuse(p, "body", wants, f);
}

static bool read_policy(struct people *p, const struct people_entry *x,
	struct people_item *i, struct people_event *ev,
	const struct merkle_tree *tree, struct fault *f)
{
	(void)i;
	(void)tree;
	if (act_subject(x, "policy") &&
		body_digest(x->body, "policy_sha256", &ev->policy))
		return true;
	return people_refuse(p, "body", wants, f);
}

static bool read_act(struct people *p, const struct people_entry *x,
	struct people_item *i, struct people_event *ev,
	const struct merkle_tree *tree, struct fault *f)
{
	static const struct {
		const char *name;
		enum people_act act;
		bool (*read)(struct people *, const struct people_entry *,
			struct people_item *, struct people_event *,
			const struct merkle_tree *, struct fault *);
	} acts[] = {{"enrol", PEOPLE_ENROL, read_key},
		{"sensor", PEOPLE_SENSOR_KEY, read_key},
		{"revoke", PEOPLE_REVOKE, read_revoke},
		{"roots", PEOPLE_ROOTS, read_roots},
		{"log", PEOPLE_LOG, read_log},
		{"policy", PEOPLE_POLICY, read_policy}};
	char act[16];

	for (size_t k = 0; people_text(x->body, "act", act, sizeof act) &&
		k < sizeof acts / sizeof *acts; k++) {
		i->act = (uint8_t)acts[k].act;
		if (strcmp(act, acts[k].name) == 0)
			return acts[k].read(p, x, i, ev, tree, f);
	}
	return people_refuse(p, "body", wants, f);
}

bool people_event_read(struct people *p, const struct people_entry *x,
	struct people_item *i, const struct merkle_tree *tree,
	struct fault *f)
{
	struct people_event *ev;

	if (!x->body) {
		p->blind = true;
		return true;
	}
	if (x->withheld)
		return people_refuse(p, "body", "a key event must be open", f);
	if (!people_room(&p->event, p->events, &p->event_room, sizeof *ev, f))
		return false;
	ev = &p->event[p->events];
	*ev = (struct people_event){0};
	if (!read_act(p, x, i, ev, tree, f))
		return false;
	i->event = (uint32_t)++p->events;
	return true;
}

bool people_event_done(const struct people *p, const struct people_item *x)
{
	const struct people_event *ev = p->event + x->event - (x->event > 0);
	bool liaison = x->act != PEOPLE_SENSOR_KEY;
	uint64_t persons = 0;

	if (x->event == 0)
		return false;
	for (uint32_t n = x->behind; n > 0; n = p->behind[n - 1].before) {
		const struct people_key *k = &p->key[p->behind[n - 1].key];

		persons += k->role == PEOPLE_ROOT && k->until == UINT64_MAX;
		/* Whoever else may confirm it: only a sensor's names a key. */
		liaison = liaison || (k->role == PEOPLE_LIAISON &&
			strcmp(k->org, p->key[ev->key - 1].org) == 0);
	}
	return persons >= p->threshold && liaison;
}

static void apply_roots(
	struct people *p, const struct people_event *ev, uint64_t index)
{
	for (size_t i = 0; i < p->keys; i++) {
		struct people_key *k = &p->key[i];
		bool stays = false;

		for (size_t j = 0; j < ev->roots; j++)
			stays |= ev->root[j] == i;
		if (k->role != PEOPLE_ROOT)
			continue;
		if (!stays && k->until > index)
			k->until = index;
		if (!stays || (k->from != UINT64_MAX &&
				k->until == UINT64_MAX))
			continue;
		k->from = index;
		k->until = UINT64_MAX;
	}
	p->threshold = ev->threshold;
}

/* Of two that were proposed beside each other the first holds. */
static bool apply_log(struct people *p, const struct people_event *ev,
	uint64_t index, struct fault *f)
{
	if (ev->before != p->logs)
		return true;
	p->log[p->logs - 1].to = ev->last;
	return add_log(p, ev->log, index + 1, f);
}

bool people_event_apply(struct people *p, const struct people_item *x,
	uint64_t index, struct fault *f)
{
	const struct people_event *ev = &p->event[x->event - 1];
	/* Of what names a key; of others it is not looked at. */
	struct people_key *k = &p->key[ev->key > 0 ? ev->key - 1 : 0];

	switch (x->act) {
	case PEOPLE_ENROL:
	case PEOPLE_SENSOR_KEY:
		k->from = index;
		if (ev->replaces && p->key[ev->replaces - 1].until > index)
			p->key[ev->replaces - 1].until = index;
		break;
	case PEOPLE_REVOKE:
		if (k->until > index)
			k->until = index;
		if (k->revoked != UINT64_MAX &&
			k->since.utc_ns <= ev->since.utc_ns)
			break;
		/* Who confirmed before did not know of this doubt. */
		k->revoked = p->taken_back = index;
		k->since = ev->since;
		break;
	case PEOPLE_ROOTS:
		apply_roots(p, ev, index);
		break;
	case PEOPLE_LOG:
		return apply_log(p, ev, index, f);
	default:
		p->policy = ev->policy;
	}
	return true;
}
