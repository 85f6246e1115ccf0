/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/receipt.h"

#include "base/encode.h"
#include "base/log.h"

enum { PATH = 63 };

static const char first_line[] = "truce.receipt/1";
static const char receipt_rule[] = "receipt", proof_rule[] = "proof";

/* -- reading -- */

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

	if (!note_next_line(in, &line) || !bytes_are(line, first_line))
		return fault(f, FAULT_INPUT, "receipt: wants %s", first_line);
	if (!note_next_line(in, &line) || !after(line, "record ", &rest) ||
		!base64_read(rest, r->header, JOURNAL_HEADER, &n, f) ||
		n != JOURNAL_HEADER || memcmp(r->header, "CFR1", 4) != 0)
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
		(struct bytes){r->header, JOURNAL_HEADER}), root;
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

/* -- writing -- */

enum { BATCH_TEXT = 32 << 10 };

struct search {
	const uint8_t *spool;
	uint64_t sequence;
	struct receipt_batch *out;
	bool found;
};

static bool look(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct search *x = self;
	uint64_t first, count;

	(void)f;
	if (e->entry.type != ENTRY_INTAKE || !e->open ||
		memcmp(e->entry.subject, x->spool, ENTRY_SUBJECT) != 0 ||
		!body_number(e->body, "first", &first) ||
		!body_number(e->body, "count", &count) ||
		x->sequence < first || x->sequence - first >= count)
		return true;
	*x->out = (struct receipt_batch){e->index, first, count};
	x->found = true;
	return false;
}

bool receipt_find(struct ledger *l, const uint8_t spool_id[16],
	uint64_t sequence, struct receipt_batch *out, struct fault *f)
{
	struct search x = {spool_id, sequence, out, false};

	f->kind = FAULT_NONE;
	if (!ledger_read(l, 0, look, &x, f))
		return false;
	return x.found || fault(f, FAULT_INPUT, "record %llu is in no intake "
		"of the log yet", (unsigned long long)sequence);
}

static bool add_leaf(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct receipts *x = self;
	uint64_t i = r->sequence - x->of.first;
	uint8_t *at = x->header + i * JOURNAL_HEADER;
	struct digest leaf;

	if (i >= x->of.count)
		return false;
	log_record_header(r, at);
	leaf = merkle_leaf((struct bytes){at, JOURNAL_HEADER});
	return merkle_tree_add(&x->tree, &leaf, f);
}

struct printing {
	struct proof proof;
	struct text *out;
	bool done;
};

static bool print_batch(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct printing *x = self;

	x->done = e->open ? disclosure_print(e->raw.at, e->plain, e->secret,
		NULL, NULL, &x->proof, x->out, f) :
		fault(f, FAULT_INPUT, "the intake's secret is gone");
	return false;
}

static bool disclose(struct receipts *x, struct ledger *l, struct bytes note,
	struct fault *f)
{
	struct text out = text_in(x->arena, BATCH_TEXT + 2 * note.len);
	struct printing p = {.proof = {.index = x->of.index, .note = note},
		.out = &out};
	struct checkpoint c;
	struct note n;

	if (!note_read(note, &n, f) || !note_checkpoint(&n, &c, f))
		return false;
	if (x->of.index >= c.size)
		return fault(f, FAULT_INPUT, "no checkpoint covers its intake "
			"yet");
	if (!ledger_proof_in(l, x->of.index, c.size, &p.proof.path, f))
		return false;
	f->kind = FAULT_NONE;
	if ((!ledger_read(l, x->of.index, print_batch, &p, f) &&
		f->kind != FAULT_NONE) || !p.done)
		return false;
	x->batch = text_view(&out);
	return text_check(&out, f);
}

bool receipts_open(struct receipts *x, struct ledger *l,
	struct journal *spool, const struct receipt_batch *of,
	struct bytes note, struct arena *a, struct fault *f)
{
	*x = (struct receipts){.of = *of, .arena = a};
	x->header = arena_array(a, of->count, JOURNAL_HEADER, f);
	f->kind = FAULT_NONE;
	if (x->header && spool->read(spool->self, of->first, add_leaf, x, f)) {
		if (x->tree.count[0] != of->count)
			(void)fault(f, FAULT_SYSTEM, "records of an intake "
				"are not in its spool");
		else if (disclose(x, l, note, f))
			return true;
	}
	receipts_close(x);
	return false;
}

bool receipts_print(const struct receipts *x, uint64_t sequence,
	struct text *t, struct fault *f)
{
	uint64_t i = sequence - x->of.first;
	struct merkle_path p;

	if (!merkle_tree_includes(&x->tree, i, x->of.count, &p, f))
		return false;
	text_fmt(t, "%s\nrecord ", first_line);
	text_base64(t, (struct bytes){x->header + i * JOURNAL_HEADER,
		JOURNAL_HEADER});
	text_fmt(t, "\nat %llu of %llu\n", (unsigned long long)i,
		(unsigned long long)x->of.count);
	for (size_t k = 0; k < p.count; k++) {
		text_base64(t, digest_view(&p.at[k]));
		text_char(t, '\n');
	}
	text_char(t, '\n');
	text_bytes(t, x->batch);
	return text_check(t, f);
}

void receipts_close(struct receipts *x)
{
	merkle_tree_free(&x->tree);
}
