/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Frames on a disk that fails at any call, and loses power after: what was
 * said to be kept is there, once, and the chain goes on; a key used twice is
 * remembered; who has no key cannot fill the disk. */
#include "check.h"
#include "faulty.h"
#include "ledger/audit.h"
#include "ledger/chain_ack.h"
#include "roles/frames.h"
#include "roles/silence.h"

enum { FRAMES = 24, GROUP = 4, PAYLOAD = 40, LEN = FRAME_HEAD + PAYLOAD };

static uint8_t made[FRAMES][LEN];
static struct sign_key key;
static char hex[2 * SIGN_KEY + 1];
static struct source source = {.id = "S1", .public_key = hex,
	.owner = "", .host_party = "A", .array = ""};
static struct mission mission = {.name = "m", .source = &source,
	.source_count = 1};
static const struct instant now = {INT64_C(1770000000) * 1000000000};

static void speak(struct frame *x, uint8_t *out)
{
	uint8_t payload[PAYLOAD];

	memset(payload, (int)x->sequence, PAYLOAD);
	x->payload = (struct bytes){payload, PAYLOAD};
	frame_write(x, &key, out);
	x->prev = x->digest;
	x->sequence++;
}

static struct frame born(void)
{
	struct frame x = {.kind = FRAME_OTHER, .boot = 1, .start = now};
	struct text t = text_on(hex, sizeof hex);

	memset(key.seed, 7, SIGN_SEED);
	sign_key_fill(&key);
	for (size_t i = 0; i < SIGN_KEY; i++)
		text_fmt(&t, "%02x", key.public_key[i]);
	chain_sensor_id("S1", x.sensor);
	return x;
}

static bool begin(struct frames *r, struct faulty *d)
{
	struct fault f = {0};
	bool busy;

	if (frames_open(r, &d->disk, &mission, NULL, &busy, &f))
		return true;
	CHECK_QUIET(f.kind == FAULT_SYSTEM, "%s", f.text);
	return false;
}

/* Groups until one fails; how many frames were said to be kept. */
static size_t feed(struct frames *r, size_t *again)
{
	struct chain_arrival a;
	struct fault f = {0};

	for (size_t i = 0; i < FRAMES; i++) {
		if (!frames_take(r, (struct bytes){made[i], LEN}, now, 0, &a,
			&f))
			return i / GROUP * GROUP;
		*again += a.verdict == CHAIN_SAME;
		CHECK_QUIET(chain_acknowledges(a.verdict), "frame %zu: %s", i,
			chain_verdict_name(a.verdict));
		if ((i + 1) % GROUP > 0)
			continue;
		if (!frames_keep(r, &f))
			return i + 1 - GROUP;
		frames_clear(r);
	}
	return FRAMES;
}

static bool count(void *self, const struct journal_record *r, struct fault *f)
{
	size_t *seen = self;
	struct frame x;

	if (r->kind == JOURNAL_FRAME && frame_read(r->payload, &x, f))
		seen[x.sequence]++;
	return true;
}

static void failing(void)
{
	size_t rounds = 0, lost = 0, twice = 0, known = 0;

	for (uint64_t at = 1; at < 400; at++) {
		struct faulty *d = faulty_make();
		struct frames r;
		size_t kept = 0, again = 0, seen[FRAMES] = {0};
		struct fault f = {0};
		struct journal j;
		bool reached;

		d->fail_at = at;
		d->how = (enum faulty_how)(at % 3);
		d->forever = at % 2;
		if (begin(&r, d)) {
			kept = feed(&r, &again);
			frames_close(&r);
		}
		reached = d->calls >= at;
		faulty_crash(d, FAULTY_POWER);
		d->fail_at = 0;
		d->forever = false;
		again = 0;
		if (!begin(&r, d)) {
			CHECK(false, "call %llu: does not open again",
				(unsigned long long)at);
			break;
		}
		CHECK_QUIET(feed(&r, &again) == FRAMES, "all is kept");
		lost += again < kept;
		known += again;
		j = spool_journal(&r.spool);
		CHECK_QUIET(j.read(j.self, 0, count, seen, &f), "%s", f.text);
		for (size_t i = 0; i < FRAMES; i++)
			twice += seen[i] != 1;
		frames_close(&r);
		CHECK_QUIET(d->resynced == 0, "synced again");
		faulty_free(d);
		rounds++;
		if (!reached)
			break;
	}
	CHECK(lost == 0 && rounds > 20, "a disk that fails at each of %zu "
		"calls, then no power: %zu lost that was kept", rounds, lost);
	CHECK(twice == 0 && known > FRAMES, "all sent again, %zu of them known:"
		" each is there once", known);
}

static void forked(void)
{
	struct faulty *d = faulty_make();
	struct frame x = born();
	struct frames r;
	struct chain_arrival a;
	uint8_t other[LEN];
	size_t again = 0, seen[FRAMES] = {0};
	struct fault f = {0};
	struct journal j;

	CHECK(begin(&r, d) && feed(&r, &again) == FRAMES && again == 0,
		"%d frames are kept", FRAMES);
	x.sequence = 5;
	x.flags = FRAME_STORED;
	speak(&x, other);
	CHECK(frames_take(&r, (struct bytes){other, LEN}, now, 0, &a, &f) &&
		a.verdict == CHAIN_FORK && frames_keep(&r, &f),
		"a second one of sequence 5: fork, kept");
	frames_close(&r);
	CHECK(begin(&r, d) && chain_of(&r.chains, x.sensor)->forked,
		"it is known after a restart");
	CHECK(frames_take(&r, (struct bytes){other, LEN}, now, 0, &a, &f) &&
		a.verdict == CHAIN_SAME && a.quarantined,
		"and the fork is the same again");
	j = spool_journal(&r.spool);
	CHECK(j.read(j.self, 0, count, seen, &f) && seen[5] == 2 &&
		seen[6] == 1, "both lie in the spool");
	frames_close(&r);
	faulty_free(d);
}

/* -- an operator who says that a file was made of frames -- */

static void claim(struct faulty *d, struct spool *inbox,
	const uint8_t *spool, unsigned first, unsigned after,
	struct bytes file)
{
	char about[256];
	struct text t = text_on(about, sizeof about);
	uint8_t note[BLOB_NOTE_MAX];
	struct journal_record r = {.received = now, .kind = JOURNAL_FILE,
		.payload.at = note};
	struct fault f = {0};
	struct blob b;

	text_fmt(&t, "{\"frames_after\":%u,\"frames_first\":%u,"
		"\"frames_spool\":\"", after, first);
	for (int i = 0; i < LOG_ID; i++)
		text_fmt(&t, "%02x", spool[i]);
	text_add(&t, "\"}");
	CHECK_QUIET(blobs_put(&d->disk, file, &b, NULL, &f) &&
		blob_note(&b, text_view(&t), note, &r.payload.len, &f) &&
		spool_append(inbox, &r, 1, &f), "%s", f.text);
}

/* The audit of a mission that holds frames and one file that claims some. */
static void derived(const char *name, unsigned first, unsigned after,
	struct bytes file, bool strange, bool sound)
{
	struct faulty *d = faulty_make();
	struct ledger_birth birth = {.mission = "m", .clock = now};
	struct ledger *l = NULL;
	struct frames r;
	struct spool inbox;
	struct audit a;
	uint8_t id[LOG_ID];
	size_t again = 0;
	struct fault f = {0};
	bool ok;

	CHECK_QUIET(begin(&r, d) && feed(&r, &again) == FRAMES, "frames");
	memcpy(id, r.spool.log.id, LOG_ID);
	ok = ledger_init(&d->disk, &birth, &f) &&
		ledger_open(&l, &d->disk, true, &f) &&
		spool_open(&inbox, &d->disk, "inbox", SPOOL_WRITE, 0, &f);
	CHECK_QUIET(ok, "%s", f.text);
	id[0] ^= strange;
	claim(d, &inbox, id, first, after, file);
	CHECK_QUIET(frames_commit(&r, l, now, &f) &&
		intake_commit_spool(&inbox, l, now, &f) && ledger_sign(l, &f),
		"%s", f.text);
	spool_close(&inbox);
	frames_close(&r);
	ledger_close(l);
	CHECK(ledger_audit(&d->disk, NULL, NULL, &a, &f) &&
		a.is.verified == sound && (sound ||
			strcmp(a.is.rule, "parent") == 0),
		"%s: %s %s", name, a.is.rule, a.is.where);
	faulty_free(d);
}

static void parents(void)
{
	uint8_t file[3 * PAYLOAD];
	struct bytes one = {file, PAYLOAD}, other = {file, PAYLOAD - 1};

	for (size_t i = 0; i < 3; i++)
		memset(file + i * PAYLOAD, (int)(4 + i), PAYLOAD);
	derived("what a frame carries", 4, 5, one, false, true);
	derived("a byte less", 4, 5, other, false, false);
	derived("what another one carries", 5, 6, one, false, false);
	derived("records that are not there", FRAMES, FRAMES + 1, one, false,
		false);
	derived("a spool that is not there", 4, 5, one, true, false);
	derived("no records", 4, 4, one, false, false);
}

static void flood(void)
{
	struct faulty *d = faulty_make();
	struct frames r;
	struct chain_arrival a;
	struct fault f = {0};
	size_t refused = 0;
	uint64_t before;

	CHECK_QUIET(begin(&r, d), "opens");
	for (size_t i = 0; i < 3000; i++) {
		uint8_t x[LEN];

		memcpy(x, made[0], LEN);
		x[100] ^= 1; /* one blob for all: it is the records */
		if (!frames_take(&r, (struct bytes){x, LEN}, now, 0, &a, &f))
			break;
		refused += a.verdict == CHAIN_REFUSED;
	}
	before = r.records;
	CHECK(refused == 3000 && before == 1000 && r.unkept == 2000,
		"3,000 frames of nobody's: 1,000 are kept as faults");
	CHECK(frames_take(&r, (struct bytes){made[0], 100},
		instant_plus_ns(now, INT64_C(1000000000)), 0, &a, &f) &&
		r.records == before + 1, "a second later there is room again");
	CHECK(frames_keep(&r, &f), "and all of that is kept");
	frames_close(&r);
	faulty_free(d);
}

static void silent(void)
{
	const int64_t s = INT64_C(1000000000);
	struct arena a = {0};
	struct silence x;
	struct fault f = {0};
	double after_s;
	size_t i = 0;

	CHECK_QUIET(arena_map(&a, 1 << 20, &f) && silence_open(&x, &a, 3, &f),
		"%s", f.text);
	silence_heard(&x, 1, 10000000, 5 * s, &after_s);
	silence_heard(&x, 2, 0, 5 * s, &after_s);
	CHECK(!silence_next(&x, 25 * s, &i), "two spans: not silent yet");
	i = 0;
	CHECK(silence_next(&x, 25 * s + 1, &i) && i == 1,
		"beyond two spans: silent; who sends when it hears is not");
	i = 0;
	CHECK(!silence_next(&x, 99 * s, &i), "said once");
	silence_heard(&x, 1, 10000000, 65 * s, &after_s);
	CHECK(after_s > 59.9 && after_s < 60.1, "heard again, after %.0f s",
		after_s);
	arena_unmap(&a);
}

int main(void)
{
	struct frame x = born();
	struct fault f = {0};

	if (!sign_ready(&f))
		return 1;
	for (size_t i = 0; i < FRAMES; i++)
		speak(&x, made[i]);
	failing();
	forked();
	parents();
	flood();
	silent();
	return check_done();
}
