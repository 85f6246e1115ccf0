/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tracker.c - any bytes as a tracker's table, by the sample's map, or by the
 * map that stands before a zero byte.  Properties: what is refused has a worded
 * fault; every row is taken or kept; the register reads without an error, is
 * printed in its one form, and has a flow for each row that was taken. */
#include "judge/tracker.h"
#include "proof.h"

static const char sample[] = "pledge = id\nactor = donor\nis = measure\n"
	"date = date\namount = value\nunit = unit\nto = \"Ukraine\"\n"
	"act = type\nprices = year\nsource = source\n"
	"COMMITTED = Commitment\nALLOCATED = Allocation\n";
static const char head[] =
	"id,donor,date,measure,type,unit,value,year,source\n";

static uint8_t block[32 << 20];
static char out[1 << 20], csv[3 * PROOF_MAX];

static void register_reads(struct arena *a, struct bytes text,
	const struct tracker_done *done)
{
	const struct terms_error *e;
	struct pledges *r;
	struct fault f;
	size_t n;

	need(pledges_read(text, a, &r, &e, &n, &f) && n == 0);
	need(r->flows == done->taken && r->pledge_count == done->pledges);
}

static void parse(struct bytes b)
{
	struct arena a = arena_on(block, sizeof block);
	struct text table = text_on(csv, sizeof csv);
	struct text t = text_on(out, sizeof out);
	const uint8_t *zero = memchr(b.at, 0, b.len);
	struct bytes map = bytes_of(sample);
	struct tracker_done done;
	struct fault f = {0};

	if (zero) {
		map = (struct bytes){b.at, (size_t)(zero - b.at)};
		b.len -= map.len + 1;
		b.at = zero + 1;
	} else {
		text_add(&table, head);
		text_bytes(&table, b);
		b = text_view(&table);
	}
	if (!tracker_read(b, map, "t", &a, &t, &done, &f)) {
		refused(&f);
		return;
	}
	need(done.rows == done.taken + done.kept);
	need((done.kept > 0) == (done.first_line > 0) &&
		(done.kept > 0) == (done.why[0] != '\0'));
	if (!t.full)
		register_reads(&a, text_view(&t), &done);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	return proof_all_of(at, len, parse);
}
