/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/receipt.h"

#include "base/encode.h"

enum { PATH = 63, NS = 1000000000 };

static const char receipt_rule[] = "receipt", proof_rule[] = "proof";

static bool after(struct bytes line, const char *word, struct bytes *rest)
{
	if (!bytes_start(line, word))
		return false;
	*rest = bytes_part(line, strlen(word), line.len);
	return true;
}

static bool read_place(struct bytes line, struct receipt *r)
{
	struct bytes rest = {0}, at, of;
	size_t n = 0;

	if (!after(line, "at ", &rest))
		return false;
	while (n < rest.len && rest.at[n] != ' ')
		n++;
	at = bytes_part(rest, 0, n);
	rest = bytes_part(rest, n, rest.len);
	return after(rest, " of ", &of) && note_number(at, &r->at) &&
		note_number(of, &r->of) && r->at < r->of;
}

static bool read_head(struct reader *in, struct receipt *r, struct fault *f)
{
	struct bytes line = {0}, rest = {0};
	size_t n;

	if (!note_next_line(in, &line) || !bytes_are(line, RECEIPT_TITLE))
		return fault(f, FAULT_INPUT, "receipt: wants %s",
			RECEIPT_TITLE);
	if (!note_next_line(in, &line) || !after(line, "record ", &rest) ||
		!base64_read(rest, r->header, RECEIPT_HEADER, &n, f) ||
		n != RECEIPT_HEADER || memcmp(r->header, "CFR1", 4) != 0)
		return fault(f, FAULT_INPUT,
			"receipt: line 2 is no record's header");
	if (!note_next_line(in, &line) || !read_place(line, r))
		return fault(f, FAULT_INPUT, "receipt: wants at I of N");
	r->path.count = 0;
	while (note_next_line(in, &line)) {
		if (line.len == 0)
			return true;
		if (r->path.count == PATH ||
			!note_digest(line, &r->path.at[r->path.count++]))
			return fault(f, FAULT_INPUT, "receipt: line %zu is no "
				"hash of its path", r->path.count + 3);
	}
	return fault(f, FAULT_INPUT, "receipt: no empty line");
}

bool receipt_read(struct bytes b, struct arena *a, struct receipt *r,
	const char **rule, struct fault *f)
{
	struct reader in = reader(b);

	*rule = receipt_rule;
	if (!read_head(&in, r, f))
		return false;
	*rule = proof_rule;
	return disclosure_read(bytes_part(b, in.pos, b.len), a, r->batch, f);
}

static bool open_field(const struct disclosure *d, const char *name,
	struct bytes *value)
{
	const struct shown *s = disclosure_find(d, name);

	if (s)
		*value = body_text(s->value);
	return s != NULL;
}

static bool in_batch(const struct receipt *r, struct fault *f)
{
	const struct disclosure *d = r->batch;
	struct digest leaf = merkle_leaf(
		(struct bytes){r->header, RECEIPT_HEADER}), root;
	struct bytes count, said, first;
	uint64_t n;
	struct fault no;

	if (d->entry.type != ENTRY_INTAKE)
		return fault(f, FAULT_INPUT, "receipt: its entry is no intake");
	if (!open_field(d, "count", &count) || !note_number(count, &n) ||
		n != r->of || !open_field(d, "root", &said) ||
		!hex_read(said, root.at, SHA256_LEN, &no))
		return fault(f, FAULT_INPUT,
			"receipt: its entry has not this count and a root");
	if (!merkle_includes(r->at, r->of, &leaf, &root, r->path.at,
		r->path.count))
		return fault(f, FAULT_INPUT,
			"receipt: the record is not in the batch");
	if ((int64_t)bytes_be((struct bytes){r->header + 16, 8}) / NS -
		RECEIPT_LATER_S > d->entry.clock.utc_ns / NS)
		return fault(f, FAULT_INPUT, "receipt: the record states a "
			"receipt after its intake");
	if (open_field(d, "first", &first) && (!note_number(first, &n) ||
		bytes_be((struct bytes){r->header + 8, 8}) != n + r->at))
		return fault(f, FAULT_INPUT,
			"receipt: the record has another sequence");
	return true;
}

bool receipt_holds(const struct receipt *r, const struct note_key *key,
	struct checkpoint *c, const char **rule, struct fault *f)
{
	*rule = proof_rule;
	if (!proof_holds(&r->batch->proof, &r->batch->leaf, key, c, f))
		return false;
	*rule = receipt_rule;
	return in_batch(r, f);
}

bool receipt_is_of(const struct receipt *r, struct bytes payload)
{
	struct sha256 s;
	struct digest d;

	sha256_start(&s);
	sha256_add(&s, (struct bytes){r->header, 32});
	sha256_add(&s, payload);
	d = sha256_end(&s);
	return memcmp(d.at, r->header + 32, SHA256_LEN) == 0;
}
