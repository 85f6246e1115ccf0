/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/proof.h"

#include "base/encode.h"

enum { PATH = 64 };

/* -- .tlog-proof -- */

static bool cut(struct bytes line, const char *front, struct bytes *rest)
{
	if (!bytes_start(line, front))
		return false;
	*rest = bytes_part(line, strlen(front), line.len);
	return true;
}

static bool base64_ok(struct bytes b)
{
	uint8_t at[768];
	struct fault no;
	size_t n;

	for (size_t i = 0; i < b.len; i += 1024) {
		struct bytes part = bytes_part(b, i, 1024);

		if (!base64_read(part, at, sizeof at, &n, &no) ||
			(i + 1024 < b.len && n != sizeof at))
			return false;
	}
	return true;
}

/* "extra BASE64" if there is one, "index N" */
static bool read_front(struct reader *r, struct proof *p, struct fault *f)
{
	struct bytes line = {0}, rest = {0};

	if (!note_next_line(r, &line) || !bytes_are(line, PROOF_TITLE))
		return fault(f, FAULT_INPUT, "proof: line 1: wants %s",
			PROOF_TITLE);
	if (!note_next_line(r, &line))
		return fault(f, FAULT_INPUT, "proof: ends early");
	if (cut(line, "extra ", &rest)) {
		if (!base64_ok(rest))
			return fault(f, FAULT_INPUT,
				"proof: extra: wants base64");
		if (!note_next_line(r, &line))
			return fault(f, FAULT_INPUT, "proof: ends early");
	}
	return (cut(line, "index ", &rest) && note_number(rest, &p->index)) ||
		fault(f, FAULT_INPUT, "proof: wants \"index N\"");
}

bool proof_read(struct bytes b, struct proof *p, struct fault *f)
{
	struct reader r = reader(b);
	struct bytes line;

	*p = (struct proof){0};
	if (!read_front(&r, p, f))
		return false;
	for (;;) {
		if (!note_next_line(&r, &line))
			return fault(f, FAULT_INPUT, "proof: no empty line in "
				"front of the checkpoint");
		if (line.len == 0)
			break;
		if (p->path.count == PATH)
			return fault(f, FAULT_LIMIT,
				"proof: more than %d hashes", PATH);
		if (!note_digest(line, &p->path.at[p->path.count++]))
			return fault(f, FAULT_INPUT,
				"proof: hash %zu is none", p->path.count);
	}
	p->note = bytes_part(b, r.pos, b.len);
	return true;
}

bool proof_holds(const struct proof *p, const struct digest *leaf,
	const struct note_key *key, struct checkpoint *c, struct fault *f)
{
	struct note n;

	if (key) {
		if (!checkpoint_read(p->note, key->name, key->key, c, f))
			return false;
	} else if (!note_read(p->note, &n, f) || !note_checkpoint(&n, c, f)) {
		return false;
	}
	return merkle_includes(p->index, c->size, leaf, &c->root, p->path.at,
		       p->path.count) ||
		fault(f, FAULT_INPUT, "the path does not lead from this entry "
			"to the checkpoint's root");
}

/* -- .disclosure -- */

struct digest shown_leaf(const struct shown *s)
{
	uint8_t front[1 + BODY_SALT + 2] = {0};
	struct sha256 h;

	memcpy(front + 1, s->salt, BODY_SALT);
	put_be(front + 1 + BODY_SALT, s->name.len, 2);
	sha256_start(&h);
	sha256_add(&h, (struct bytes){front, sizeof front});
	sha256_add(&h, s->name);
	sha256_add(&h, s->value);
	return sha256_end(&h);
}

/* SALT NAME VALUE */
static bool read_open(struct bytes b, struct arena *a, struct shown *s,
	struct fault *f)
{
	const uint8_t *one = b.len ? memchr(b.at, ' ', b.len) : NULL;
	size_t n = one ? (size_t)(one - b.at) : 0, m, got;
	struct bytes rest = bytes_part(b, n + 1, b.len);
	const uint8_t *two = rest.len ? memchr(rest.at, ' ', rest.len) : NULL;
	uint8_t *value;

	if (!one || !two)
		return fault(f, FAULT_INPUT, "wants open SALT NAME VALUE");
	m = (size_t)(two - rest.at);
	s->open = true;
	s->name = bytes_part(rest, 0, m);
	if (!base64_read(bytes_part(b, 0, n), s->salt, BODY_SALT, &got, f))
		return false;
	if (got != BODY_SALT || !body_name_ok(s->name))
		return fault(f, FAULT_INPUT, "bad salt or name");
	rest = bytes_part(rest, m + 1, rest.len);
	value = arena_take(a, rest.len / 4 * 3 + 1, f);
	if (!value || !base64_read(rest, value, rest.len / 4 * 3, &got, f))
		return false;
	s->value = (struct bytes){value, got};
	s->leaf = shown_leaf(s);
	return true;
}

static bool read_field(struct bytes line, struct arena *a,
	struct disclosure *d, struct fault *f)
{
	struct shown *s;
	struct bytes rest;

	if (d->count == PROOF_FIELDS)
		return fault(f, FAULT_LIMIT, "more than %d fields",
			PROOF_FIELDS);
	s = &d->field[d->count++];
	*s = (struct shown){0};
	if (cut(line, "open ", &rest))
		return read_open(rest, a, s, f);
	return (cut(line, "shut ", &rest) && note_digest(rest, &s->leaf)) ||
		fault(f, FAULT_INPUT, "wants open SALT NAME VALUE, or shut "
			"HASH");
}

/* Do the lines of `!` name the fields behind it, in order? */
static bool names_fit(const struct disclosure *d, struct fault *f)
{
	struct bytes list = d->field[0].value, before = {0};
	size_t k = 1, at = 0;
	bool more = list.len > 0;

	while (more) {
		const uint8_t *lf = at < list.len ?
			memchr(list.at + at, '\n', list.len - at) : NULL;
		struct bytes name = bytes_part(list, at,
			lf ? (size_t)(lf - list.at) - at : list.len - at);

		if (!body_name_ok(name) || bytes_are(name, "!") ||
			(k > 1 && body_order(before, name) >= 0))
			return fault(f, FAULT_INPUT,
				"field ! lists a bad name, line %zu", k);
		if (k >= d->count || (d->field[k].open &&
					     !bytes_equal(d->field[k].name,
						     name)))
			return fault(f, FAULT_INPUT,
				"field %zu is not the one field ! names", k);
		before = name;
		k++;
		at += name.len + 1;
		more = lf != NULL;
	}
	return k == d->count ||
		fault(f, FAULT_INPUT, "field ! lists %zu names, there are %zu "
			"fields", k - 1, d->count - 1);
}

bool shown_check(struct disclosure *d, struct fault *f)
{
	struct merkle m = {0};
	struct bytes before = {0};
	struct digest root;

	d->withheld = 0;
	if (d->count == 0)
		return fault(f, FAULT_INPUT, "no field");
	for (size_t i = 0; i < d->count; i++) {
		const struct shown *s = &d->field[i];

		merkle_add(&m, &s->leaf);
		d->withheld += !s->open;
		if (!s->open)
			continue;
		if (before.len > 0 && body_order(before, s->name) >= 0)
			return fault(f, FAULT_INPUT,
				"name of field %zu is out of order", i);
		before = s->name;
	}
	root = merkle_root(&m);
	if (!digest_equal(&root, &d->entry.body))
		return fault(f, FAULT_INPUT,
			"what is shown is not what the entry commits to");
	d->named = d->field[0].open && bytes_are(d->field[0].name, "!");
	if (d->named)
		return names_fit(d, f);
	for (size_t i = 0; i < d->count; i++)
		if (d->field[i].open && bytes_are(d->field[i].name, "!"))
			return fault(f, FAULT_INPUT,
				"field ! is not the first");
	return true;
}

bool disclosure_read(struct bytes b, struct arena *a, struct disclosure *d,
	struct fault *f)
{
	struct reader r = reader(b);
	struct bytes line = {0}, rest = {0};
	size_t n = 2, got;

	d->count = 0;
	if (!note_next_line(&r, &line) || !bytes_are(line, DISCLOSURE_TITLE) ||
		!note_next_line(&r, &line) || !cut(line, "entry ", &rest))
		return fault(f, FAULT_INPUT, "disclosure: wants %s, entry",
			DISCLOSURE_TITLE);
	if (!base64_read(rest, d->raw, ENTRY_LEN, &got, f) ||
		!entry_read((struct bytes){d->raw, got}, &d->entry, f))
		return fault_in(f, "disclosure: line 2");
	d->leaf = entry_leaf((struct bytes){d->raw, ENTRY_LEN});
	while (note_next_line(&r, &line) && line.len > 0) {
		n++;
		if (!read_field(line, a, d, f))
			return fault_in(f, "disclosure: line %zu", n);
	}
	return proof_read(bytes_part(b, r.pos, b.len), &d->proof, f) &&
		shown_check(d, f);
}

const struct shown *disclosure_find(
	const struct disclosure *d, const char *name)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->field[i].open && bytes_are(d->field[i].name, name))
			return &d->field[i];
	return NULL;
}

struct bytes disclosure_text(const struct disclosure *d, const char *name)
{
	const struct shown *s = disclosure_find(d, name);

	return s ? body_text(s->value) : (struct bytes){0};
}

void disclosure_fields(struct disclosure *d, struct fields *s)
{
	*s = fields_in(NULL);
	for (size_t i = 0; i < d->count; i++) {
		const struct shown *x = &d->field[i];
		struct text name = text_on(d->name[i], sizeof d->name[i]);

		if (!x->open || bytes_are(x->name, "!"))
			continue;
		text_bytes(&name, x->name);
		s->field[s->count++] = (struct field){name.at, x->value};
	}
}
