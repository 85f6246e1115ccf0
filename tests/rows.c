/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile texts, one wrong thing each: the lines of tests/data/proof/rows,
 * which web/test/rows.ts made.
 *
 *	rows            TAP: is each taken, or refused, as its line says?
 *	rows FILE       one line a row: kind, name, what comes out
 *
 * The other verifier reads the same (tests/webpeople.sh). */
#include "base/encode.h"
#include "check.h"
#include "feeds/file.h"
#include "ledger/equivocation.h"
#include "ledger/frame.h"
#include "ledger/policy.h"
#include "ledger/proof.h"
#include "ledger/receipt.h"
#include "ledger/stamp.h"
#include "ledger/witness.h"

enum { PARTS = 3 };

static struct arena memory;
static struct fault f;

static bool key(const struct bytes *p)
{
	struct note_key k;

	return note_key_read(p[0], &k, &f);
}

static bool checkpoint(const struct bytes *p)
{
	struct checkpoint c;
	struct note n;

	return note_read(p[0], &n, &f) && note_checkpoint(&n, &c, &f);
}

static bool cosigned(const struct bytes *p)
{
	struct note_key k;
	struct note n;
	uint64_t time_s;

	return note_key_read(p[0], &k, &f) && note_read(p[1], &n, &f) &&
		note_cosigned(&n, &k, &time_s, &f) && time_s > 0;
}

static bool is_signed(const struct bytes *p)
{
	struct note_key k;
	struct note n;
	bool by;

	return note_key_read(p[0], &k, &f) && note_read(p[1], &n, &f) &&
		note_signed(&n, &k, &by, &f) && by;
}

static bool signature(const struct bytes *p)
{
	return p[0].len == SIGN_KEY && p[2].len == SIGN_LEN &&
		sign_holds(p[0].at, p[1], p[2].at);
}

static bool policy(const struct bytes *p)
{
	static struct policy q;

	return policy_read(p[0], &q, &f);
}

static bool proof(const struct bytes *p)
{
	struct proof q;

	return proof_read(p[0], &q, &f);
}

static bool disclosure(const struct bytes *p)
{
	static struct disclosure d;
	struct checkpoint c;

	return disclosure_read(p[0], &memory, &d, &f) &&
		shown_check(&d, &f) &&
		proof_holds(&d.proof, &d.leaf, NULL, &c, &f);
}

static bool entry(const struct bytes *p)
{
	struct entry e;

	return entry_read(p[0], &e, &f);
}

static bool frame(const struct bytes *p)
{
	struct frame x;

	return frame_read(p[1], &x, &f) && frame_signed(p[1], p[0].at);
}

static bool equivocation(const struct bytes *p)
{
	static struct equivocation e;
	struct note_key k;

	return note_key_read(p[0], &k, &f) &&
		equivocation_read(p[1], &k, &e, &f);
}

static bool receipt(const struct bytes *p)
{
	static struct disclosure d;
	struct receipt r = {.batch = &d};
	const char *rule = "";
	struct checkpoint c;
	struct note_key k;

	return note_key_read(p[0], &k, &f) &&
		receipt_read(p[1], &memory, &r, &rule, &f) &&
		receipt_holds(&r, &k, &c, &rule, &f);
}

static bool stamp(const struct bytes *p)
{
	struct instant at;
	struct digest imprint;

	memcpy(imprint.at, p[1].at, SHA256_LEN);
	return stamp_holds(p[0], &imprint, p[2], &at, &f);
}

/* A status, not yes or no. */
static int request(const struct bytes *p)
{
	struct witness_answer a;
	struct witness_log log = {.size = 0};

	if (!note_key_read(p[0], &log.key, &f))
		return 0;
	witness_answer(p[1], &log, 1, &a);
	return a.status;
}

static const struct {
	const char *kind;
	bool (*reads)(const struct bytes *);
} kinds[] = {{"key", key}, {"checkpoint", checkpoint}, {"cosigned", cosigned},
	{"signed", is_signed}, {"signature", signature}, {"policy", policy},
	{"proof", proof}, {"disclosure", disclosure}, {"entry", entry},
	{"frame", frame}, {"stamp", stamp}, {"equivocation", equivocation},
	{"receipt", receipt}};

static const char *outcome(struct bytes kind, const struct bytes *p)
{
	static char status[8];

	f = (struct fault){.text = ""};
	(void)snprintf(status, sizeof status, "%d", bytes_are(kind, "request")
		? request(p) : 0);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (bytes_are(kind, kinds[i].kind))
			return kinds[i].reads(p) ? "ok" : "refused";
	return status;
}

static struct bytes word(struct bytes *line)
{
	struct bytes w = *line;
	size_t n = 0;

	while (n < w.len && w.at[n] != ' ')
		n++;
	*line = bytes_part(w, n + 1, w.len);
	return bytes_part(w, 0, n);
}

static struct bytes decoded(struct bytes b)
{
	uint8_t *at = arena_room(&memory, b.len + 4, &f);
	size_t n = 0;

	if (!at || !base64_read(b, at, b.len + 4, &n, &f))
		abort();
	return (struct bytes){at, n};
}

static void one(struct bytes line, bool listing)
{
	struct bytes kind = word(&line), name = word(&line);
	struct bytes want = word(&line), p[PARTS] = {{0}};
	const char *got;
	bool is;

	for (int i = 0; i < PARTS && line.len > 0; i++)
		p[i] = decoded(word(&line));
	got = outcome(kind, p);
	if (listing) {
		printf("%.*s %.*s %s\n", (int)kind.len, (const char *)kind.at,
			(int)name.len, (const char *)name.at, got);
		return;
	}
	is = bytes_are(want, got) || (strcmp(got, "refused") == 0 &&
		!bytes_are(want, "ok"));
	CHECK(is, "%.*s %.*s: %s: %s", (int)kind.len, (const char *)kind.at,
		(int)name.len, (const char *)name.at, got, f.text);
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "tests/data/proof/rows";
	struct bytes b, line = {0};
	struct reader r;
	size_t n = 0;

	if (!arena_map(&memory, 1 << 26, &f) || !sign_ready(&f) ||
		!file_read(path, &memory, &b, &f))
		return 1;
	r = reader(b);
	for (size_t used = memory.used; note_next_line(&r, &line); n++) {
		memory.used = used;
		one(line, argc > 1);
	}
	if (argc > 1)
		return 0;
	CHECK(n > 150, "%d rows", (int)n);
	arena_unmap(&memory);
	return check_done();
}
