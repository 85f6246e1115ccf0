/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/disclosing.h"

#include <inttypes.h>

#include "ledger/body.h"
#include "ledger/proof.h"
#include "ledger/secrets.h"
#include "spool/files.h"

/* -- first the log knows -- */

struct listing {
	const struct disclosing *d;
	struct text *shown;
};

/* Names of what is shown, sorted, by lines. */
static bool list_one(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct listing *l = self;

	if (!e->open)
		return fault(f, FAULT_INPUT, "entry %" PRIu64 " has no body "
			"that could be shown: erased, or a confirmation",
			e->index);
	for (size_t i = 0; i < e->body->count; i++) {
		const char *name = e->body->field[i].name;

		if (l->d->shut(l->d->self, bytes_of(name)))
			continue;
		text_add(l->shown, l->shown->len ? "\n" : "");
		text_add(l->shown, name);
	}
	if (text_check(l->shown, f))
		f->kind = FAULT_NONE;
	return false;
}

bool disclosing_log(const struct disclosing *d, uint64_t *at, struct fault *f)
{
	struct desk *desk = d->desk;
	struct fields body = fields_in(&desk->arena);
	struct ledger_item item = {.type = ENTRY_ACCESS, .clock = desk->now,
		.body = &body};
	struct text shown = text_in(&desk->arena, FIELDS_MAX * 66);
	struct listing l = {d, &shown};
	struct digest of;

	f->kind = FAULT_NONE;
	if (!ledger_read(desk->ledger, d->index, list_one, &l, f) &&
		f->kind != FAULT_NONE)
		return false;
	if (!ledger_leaf(desk->ledger, d->index, &of))
		return fault(f, FAULT_INPUT, "no entry");
	if (d->person)
		desk_hex(&body, "who", d->person, PERSON_LEN);
	else
		fields_text(&body, "who", d->by ? d->by : "operator");
	desk_hex(&body, "of", of.at, SHA256_LEN);
	fields_i64(&body, "index", (int64_t)d->index);
	fields_text(&body, "fields", shown.at);
	fields_text(&body, "to", d->to ? d->to : "");
	fields_text(&body, "why", d->why ? d->why : "");
	entry_subject(desk->now, digest_view(&of), item.subject);
	if (!fields_done(&body, f) || !desk_append(desk, &item, f))
		return false;
	*at = item.index;
	return true;
}

/* -- then it is printed -- */

struct printing {
	const struct disclosing *d;
	struct text *out;
	struct bytes note; /* the checkpoint, and its size */
	uint64_t size;
};

static bool print_one(void *self, const struct ledger_entry *e,
	struct fault *f)
{
	struct printing *p = self;
	struct proof proof = {.index = e->index, .note = p->note};

	if (e->open && ledger_proof_in(p->d->desk->ledger, e->index, p->size,
		&proof.path, f) &&
		disclosure_print(e->raw.at, e->plain, e->secret, p->d->shut,
			p->d->self, &proof, p->out, f))
		f->kind = FAULT_NONE;
	return false;
}

bool disclosing_print(
	const struct disclosing *d, struct text *out, struct fault *f)
{
	struct desk *desk = d->desk;
	uint8_t *note = arena_take(&desk->arena, SECRETS_FILE_MAX, f);
	struct printing p = {.d = d, .out = out};
	struct checkpoint c;
	struct note read;
	size_t n;

	if (!note || !small_read(&desk->files.disk, "ledger/pub/checkpoint",
		note, &n, f))
		return false;
	p.note = (struct bytes){note, n};
	if (!note_read(p.note, &read, f) || !note_checkpoint(&read, &c, f))
		return false;
	p.size = c.size;
	if (d->index >= c.size)
		return fault(f, FAULT_INPUT, "entry %" PRIu64 " is under no "
			"published checkpoint yet: ask again", d->index);
	f->kind = FAULT_NONE;
	return ledger_read(desk->ledger, d->index, print_one, &p, f) ||
		f->kind == FAULT_NONE;
}

/* -- what the parties are shown -- */

bool disclosing_to_parties(uint8_t type)
{
	return type == ENTRY_INCIDENT || type == ENTRY_FINDING;
}

bool disclosing_shut(void *self, struct bytes name)
{
	static const char *const kept[] = {"evidence", "silent", "health",
		"features", "attributes"};

	(void)self;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (bytes_start(name, kept[i]))
			return true;
	return false;
}
