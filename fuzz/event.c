/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * event.c - bodies of key events (type 7: enrol, sensor, revoke, roots, log,
 * policy) of a root person, in a log of three entries whose root person stands
 * alone, so that what is read is applied; see proof.h.  What is refused has a
 * rule and leaves all as it was.  Signatures hold here (Makefile): what they
 * guard is read. */
#include "proof.h"

#include "base/encode.h"
#include "ledger/body.h"
#include "ledger/people.h"

enum { INDEX = 3 };

static uint8_t block[1 << 18];
static struct genesis birth;
static struct merkle_tree tree;
static struct people p;

bool __wrap_sign_holds(
	const uint8_t *key, struct bytes said, const uint8_t *signature);

bool __wrap_sign_holds(
	const uint8_t *key, struct bytes said, const uint8_t *signature)
{
	return key && said.len > 0 && signature;
}

/* Entry 0 alone. */
static void begin(void)
{
	struct arena a = arena_on(block, sizeof block);
	struct entry e = {.type = ENTRY_KEY};
	struct fields s = fields_in(&a);
	struct fault f = {0};
	struct people_entry x = {0, &e, &tree.level[0][0], &s, false};

	people_free(&p);
	p = (struct people){.rule = NULL};
	genesis_fields(&birth, &s);
	need(people_take(&p, &x, &tree, &f));
}

static void begin_once(void)
{
	struct fault f = {0};

	if (birth.origin[0])
		return;
	birth = (struct genesis){.mission = "m", .origin = "m/1",
		.engine = {1}, .log = {2}, .roots = {.count = 1,
			.threshold = 1, .of = {{{4}, {3}, "a"}}}};
	for (uint8_t i = 0; i < INDEX; i++)
		need(merkle_tree_add(&tree, &(struct digest){{i}}, &f));
	begin();
}

/* The subject that its act wants, so that no hash must be guessed. */
static void set_subject(const struct fields *s, struct entry *e)
{
	const struct field *act = fields_find(s, "act");
	const struct field *from = fields_find(s, "not_before");
	uint8_t key[SIGN_KEY] = {0};
	struct instant at = {0}; /* of the engine, and of a root person */
	struct fault no;

	if (body_hex(s, "key", key, SIGN_KEY)) {
		if (from && !instant_parse(body_text(from->value), false, &at,
			&no))
			at = (struct instant){0};
		entry_subject(at, (struct bytes){key, SIGN_KEY}, e->subject);
	} else if (act) {
		entry_subject(INSTANT_UNKNOWN, body_text(act->value),
			e->subject);
	}
}

static void parse(struct bytes b)
{
	static uint8_t room[1 << 16];
	struct arena a = arena_on(room, sizeof room);
	struct entry e = {.type = ENTRY_KEY, .flags = ENTRY_TWO};
	static const struct digest leaf = {{9}};
	static struct fields s;
	struct people_entry x = {INDEX, &e, &leaf, &s, false};
	size_t keys = p.keys, logs = p.logs;
	struct fault f = {0};

	if (!body_read(b, &a, &s, &f)) {
		refused(&f);
		return;
	}
	sign_key_id(birth.roots.of[0].key, e.key_id);
	set_subject(&s, &e);
	if (!people_take(&p, &x, &tree, &f)) {
		refused(&f);
		need(p.rule && p.keys == keys && p.logs == logs &&
			p.items == 0 && p.events == 0);
		return;
	}
	/* A sensor's key wants its host party too. */
	need(p.items == 1 && p.events == 1 &&
		(p.item[0].complete == INDEX ||
			p.key[p.keys - 1].role == PEOPLE_SENSOR) &&
		p.keys <= keys + ROOTS_MAX && p.logs <= logs + 1 &&
		p.threshold >= 1 && people_log_key(&p, UINT64_MAX) &&
		people_count(&p).reviewed <= 1);
	begin();
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	begin_once();
	return proof_all_of(at, len, parse);
}
