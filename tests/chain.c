/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chain of frames: every verdict, what an attacker without the key gets
 * accepted (nothing), and a day of frames in any order.  TRUCE_LONG: the
 * figures of docs/proof.md in full. */
#include <string.h>

#include "check.h"
#include "ledger/chain.h"
#include "ledger/chain_ack.h"

enum { SENSORS = 8, PAYLOAD = 24, LEN = FRAME_HEAD + PAYLOAD };

struct sensor {
	struct sign_key key;
	uint8_t id[FRAME_SENSOR];
	struct frame x; /* the last one made */
};

static uint64_t state = 88172645463325252u;

static uint64_t any(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static struct sensor born(const char *name)
{
	struct sensor s = {.x = {.kind = FRAME_OTHER, .boot = 3,
		.lock = FRAME_LOCKED, .time_source = 1,
		.start = {1770000000000000000}}};
	struct digest seed = sha256_of(bytes_of(name));

	memcpy(s.key.seed, seed.at, SIGN_SEED);
	sign_key_fill(&s.key);
	chain_sensor_id(name, s.id);
	memcpy(s.x.sensor, s.id, FRAME_SENSOR);
	return s;
}

/* The next of its chain, LEN bytes. */
static void speak(struct sensor *s, uint8_t *out)
{
	uint8_t payload[PAYLOAD];

	for (size_t i = 0; i < PAYLOAD; i++)
		payload[i] = (uint8_t)(s->x.sequence * 7 + i);
	s->x.payload = (struct bytes){payload, PAYLOAD};
	frame_write(&s->x, &s->key, out);
	s->x.prev = s->x.digest;
	s->x.sequence++;
	s->x.start.utc_ns += 1000000000;
	s->x.monotonic_ns += 1000000000;
	s->x.flags = 0;
}

static enum chain_verdict hear(
	struct chains *c, const struct sensor *s, const uint8_t *at)
{
	struct chain_arrival a;
	struct fault f = {0};

	if (!chain_arrive(c, (struct bytes){at, LEN}, s->key.public_key, &a,
		&f)) {
		printf("# %s\n", f.text);
		exit(1);
	}
	return a.verdict;
}

static struct chains open_chains(struct arena *a)
{
	struct chains c;
	struct fault f = {0};

	if (!(a->at || arena_map(a, 64 << 20, &f)) ||
		!chains_start(&c, a, SENSORS, &f))
		exit(1);
	return c;
}

/* -- each verdict -- */

enum { MADE = 12 };

static void verdicts(void)
{
	static uint8_t at[MADE][LEN], other[LEN];
	struct arena a = {0};
	struct chains c = open_chains(&a);
	struct sensor s = born("one"), twin, stranger = born("two");
	const struct chain_sensor *is;

	for (size_t i = 0; i < MADE; i++)
		speak(&s, at[i]);
	CHECK(hear(&c, &stranger, at[0]) == CHAIN_REFUSED &&
		!chain_of(&c, s.id), "another's key: refused, no state");
	CHECK(hear(&c, &s, at[0]) == CHAIN_NEXT, "the first");
	CHECK(hear(&c, &s, at[1]) == CHAIN_NEXT, "next");
	CHECK(hear(&c, &s, at[1]) == CHAIN_SAME, "the same again");
	CHECK(hear(&c, &s, at[0]) == CHAIN_SAME, "an older one again");
	CHECK(hear(&c, &s, at[6]) == CHAIN_JUMP, "a jump");
	is = chain_of(&c, s.id);
	CHECK(is->gaps == 1 && is->gap[0].first == 2 && is->gap[0].end == 6,
		"opens a gap of four");
	CHECK(hear(&c, &s, at[4]) == CHAIN_LATE && is->gaps == 2,
		"late, in the middle");
	CHECK(hear(&c, &s, at[2]) == CHAIN_LATE && is->gaps == 2,
		"late, at its beginning");
	CHECK(hear(&c, &s, at[4]) == CHAIN_SAME, "a late one again");
	CHECK(hear(&c, &s, at[5]) == CHAIN_LATE && is->gaps == 1,
		"late, at its end");
	CHECK(hear(&c, &s, at[3]) == CHAIN_LATE && is->gaps == 0,
		"late, the last that was missing");
	CHECK(hear(&c, &s, at[7]) == CHAIN_NEXT, "on");
	/* The key at work elsewhere. */
	twin = s;
	twin.x.sequence = 7;
	twin.x.flags = FRAME_STORED;
	speak(&twin, other);
	CHECK(hear(&c, &s, other) == CHAIN_FORK && is->forked,
		"another one of the same sequence: fork");
	CHECK(hear(&c, &s, other) == CHAIN_SAME, "the fork again");
	speak(&twin, other);
	CHECK(hear(&c, &s, other) == CHAIN_BREAK,
		"what follows the fork: a break");
	CHECK(hear(&c, &s, at[9]) == CHAIN_BREAK,
		"and what follows the other: its prev is not ours now");
	arena_unmap(&a);
}

static void breaks(void)
{
	static uint8_t at[MADE][LEN], x[LEN];
	struct arena a = {0};
	struct chains c = open_chains(&a);
	struct sensor s = born("one"), t;
	struct chain_arrival out;
	struct fault f = {0};

	for (size_t i = 0; i < 4; i++) {
		speak(&s, at[i]);
		(void)hear(&c, &s, at[i]);
	}
	t = s;
	t.x.prev.at[0] ^= 1;
	speak(&t, x);
	CHECK(hear(&c, &s, x) == CHAIN_BREAK, "prev is none of ours");
	CHECK(hear(&c, &s, x) == CHAIN_SAME, "the same break again");
	speak(&t, x);
	CHECK(hear(&c, &s, x) == CHAIN_NEXT, "what names the break is next");
	s = t;
	t.x.boot = 2;
	speak(&t, x);
	CHECK(hear(&c, &s, x) == CHAIN_BREAK, "the boot counter falls");
	t = s;
	t.x.boot = 9;
	t.x.sequence = 0;
	t.x.prev = (struct digest){{0}};
	speak(&t, x);
	CHECK(hear(&c, &s, x) == CHAIN_BREAK, "sequence 0, unsaid: a break");
	t.x.sequence = 0;
	t.x.boot = 10;
	t.x.flags = FRAME_RESTARTED;
	t.x.prev = (struct digest){{0}};
	speak(&t, x);
	CHECK(chain_arrive(&c, (struct bytes){x, LEN}, s.key.public_key, &out,
		&f) && out.verdict == CHAIN_NEXT && out.restarted,
		"sequence 0, said, a higher boot: it begins anew");
	speak(&t, x);
	CHECK(hear(&c, &s, x) == CHAIN_NEXT, "and goes on");
	CHECK(hear(&c, &s, at[3]) == CHAIN_SAME,
		"what came before the restart is known still");
	speak(&s, x);
	CHECK(hear(&c, &s, x) == CHAIN_BREAK, "the old boot is over");
	arena_unmap(&a);
}

/* Frames that a gap has no room for, though the key signed them. */
static void misfits(void)
{
	static uint8_t at[MADE][LEN], x[LEN];
	struct arena a = {0};
	struct chains c = open_chains(&a);
	struct sensor s = born("one"), t;

	for (size_t i = 0; i < MADE; i++)
		speak(&s, at[i]);
	(void)hear(&c, &s, at[0]);
	(void)hear(&c, &s, at[5]);
	t = s;
	t.x.sequence = 1;
	speak(&t, x);
	CHECK(hear(&c, &s, x) == CHAIN_BREAK,
		"the first of a gap names the frame in front of it");
	t.x.sequence = 4;
	speak(&t, x);
	CHECK(hear(&c, &s, x) == CHAIN_BREAK,
		"the last of a gap is named by the frame behind it");
	t.x.sequence = 3;
	t.x.boot = 2;
	speak(&t, x);
	CHECK(hear(&c, &s, x) == CHAIN_OLD, "no other boot belongs in it");
	CHECK(hear(&c, &s, at[2]) == CHAIN_LATE &&
		hear(&c, &s, at[3]) == CHAIN_LATE,
		"those that belong there do all the same");
	CHECK(hear(&c, &s, at[1]) == CHAIN_FORK,
		"and the true first one shows that the key is used twice");
	arena_unmap(&a);
}

static void bounds(void)
{
	static uint8_t x[LEN], first[LEN];
	struct arena a = {0};
	struct chains c = open_chains(&a);
	struct sensor s = born("one"), more;
	const struct chain_sensor *is;
	struct chain_arrival out;
	struct fault f = {0};
	char name[16];

	speak(&s, x);
	(void)hear(&c, &s, x);
	for (size_t i = 0; i <= CHAIN_GAPS; i++) {
		speak(&s, i == 0 ? first : x);
		speak(&s, x);
		(void)hear(&c, &s, x);
	}
	is = chain_of(&c, s.id);
	CHECK(is->gaps == CHAIN_GAPS && is->lost == 1,
		"more gaps than are remembered: the oldest is lost");
	CHECK(hear(&c, &s, first) == CHAIN_OLD, "what was in it is old");
	for (size_t i = 0; i <= CHAIN_WINDOW; i++) {
		speak(&s, i == 0 ? first : x);
		(void)hear(&c, &s, i == 0 ? first : x);
	}
	CHECK(hear(&c, &s, first) == CHAIN_OLD, "beyond the window: old");
	CHECK(hear(&c, &s, x) == CHAIN_SAME, "within it: the same");
	for (int i = 0; i < SENSORS - 1; i++) {
		(void)snprintf(name, sizeof name, "m%d", i);
		more = born(name);
		speak(&more, x);
		(void)hear(&c, &more, x);
	}
	more = born("m9");
	speak(&more, x);
	CHECK(!chain_arrive(&c, (struct bytes){x, LEN}, more.key.public_key,
		&out, &f) && f.kind == FAULT_LIMIT, "%s", f.text);
	more.x.sequence = UINT64_MAX;
	speak(&more, x);
	CHECK(hear(&c, &more, x) == CHAIN_REFUSED, "no sequence has no next");
	speak(&more, x);
	CHECK(chain_arrive(&c, (struct bytes){x, LEN}, NULL, &out, &f) &&
		out.verdict == CHAIN_REFUSED, "no good key: %s",
		out.why.text);
	arena_unmap(&a);
}

static void answers(void)
{
	struct sensor s = born("one");
	static const uint8_t head[] = {'C', 'F', 'K', '1', 2, 0, 0, 0};
	uint8_t x[LEN], ack[CHAIN_ACK];

	s.x.sequence = 258;
	speak(&s, x);
	s.x.sequence = 258;
	chain_ack(&s.x, 2, 513, ack);
	CHECK(memcmp(ack, head, sizeof head) == 0 &&
		memcmp(ack + 8, x + 8, FRAME_SENSOR + 4) == 0 &&
		bytes_be((struct bytes){ack + 28, 4}) == 513 &&
		memcmp(ack + 32, x + 32, 8) == 0,
		"an acknowledgement: 40 bytes, as PROOF.md 5 draws it");
	CHECK(strcmp(chain_verdict_name(CHAIN_REFUSED), "refused") == 0,
		"verdicts have names");
}

/* -- an attacker without the key -- */

enum { HELD = 600, UNSEEN = 40 };

static size_t accepted(struct chains *c, const struct sensor *s,
	const uint8_t *at)
{
	return chain_keeps(hear(c, s, at));
}

/* What has come, and what has not yet, of two sensors. */
static uint8_t took[2][HELD + UNSEEN][LEN];

static void forge(struct sensor s[2], int kind, uint8_t *x)
{
	size_t who = any(2), i = any(HELD), j = any(HELD + UNSEEN);
	struct sensor thief = born("thief");

	memcpy(x, took[who][i], LEN);
	switch (kind) {
	case 0: /* replay, sometimes as another's */
		if (any(4) == 0)
			memcpy(x + 8, s[!who].id, FRAME_SENSOR);
		break;
	case 1: /* splice: head, signature or payload of another */
		if (any(3) == 0)
			memcpy(x + FRAME_HEAD, took[who][j] + FRAME_HEAD,
				PAYLOAD);
		else if (any(2) == 0)
			memcpy(x + FRAME_SIGNED, took[!who][j] + FRAME_SIGNED,
				SIGN_LEN);
		else
			memcpy(x + 32, took[who][(i + 1) % HELD] + 32, 120);
		break;
	case 2: /* one bit, of what has not come as well */
		memcpy(x, took[who][j], LEN);
		x[any(LEN)] ^= (uint8_t)(1 << any(8));
		break;
	default: /* whole and right, by a key of his own */
		thief.x = s[who].x;
		thief.x.sequence += any(3);
		speak(&thief, x);
	}
}

static void attack(size_t tries)
{
	static const char *const kinds[] = {"replays", "splices",
		"bit flips", "frames by another key"};
	struct arena a = {0};
	struct chains c = open_chains(&a);
	struct sensor s[2] = {born("one"), born("two")};
	size_t through[4] = {0}, all = 0;
	uint8_t x[LEN];

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < HELD + UNSEEN; i++) {
			speak(&s[k], took[k][i]);
			if (i < HELD)
				(void)hear(&c, &s[k], took[k][i]);
		}
	for (size_t i = 0; i < tries; i++) {
		bool second;

		forge(s, (int)(i % 4), x);
		second = memcmp(x + 8, s[1].id, FRAME_SENSOR) == 0;
		through[i % 4] += accepted(&c, &s[second], x);
	}
	for (size_t i = 0; i < 4; i++) {
		CHECK(through[i] == 0, "%zu %s: %zu accepted", tries / 4,
			kinds[i], through[i]);
		all += through[i];
	}
	printf("# replay, splice, bit flip: %zu of %zu accepted\n", all,
		tries);
	for (size_t k = 0; k < 2; k++)
		CHECK(hear(&c, &s[k], took[k][HELD]) == CHAIN_NEXT,
			"and the chain goes on as if nobody had tried");
	arena_unmap(&a);
}

static void every_bit(size_t frames)
{
	struct arena a = {0};
	struct chains c = open_chains(&a);
	struct sensor s = born("one");
	size_t through = 0;
	uint8_t x[LEN];

	for (size_t n = 0; n < frames; n++) {
		speak(&s, x);
		for (size_t bit = 0; bit < (size_t)LEN * 8; bit++) {
			x[bit / 8] ^= (uint8_t)(1 << bit % 8);
			through += hear(&c, &s, x) != CHAIN_REFUSED;
			x[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		CHECK_QUIET(hear(&c, &s, x) == CHAIN_NEXT, "the frame itself");
	}
	CHECK(through == 0, "each bit of %zu frames flipped: %zu not refused",
		frames, through);
	arena_unmap(&a);
}

/* -- a day -- */

enum { AWAY = 12 };

struct walk {
	struct sensor s;
	uint8_t away[AWAY][LEN]; /* under way still */
	size_t count;
	bool begun;
};

/* Frames of all sensors in any order within a dozen, some twice: each is kept
 * once, and no gap stays. */
static void genuine(size_t frames)
{
	static struct walk w[SENSORS];
	struct arena a = {0}, b = {0};
	struct chains c = open_chains(&a), again = open_chains(&b);
	size_t wrong = 0, kept = 0, same = 0, differs = 0, gaps = 0;
	struct fault f = {0};
	char name[16];

	for (size_t i = 0; i < SENSORS; i++) {
		(void)snprintf(name, sizeof name, "s%zu", i);
		w[i].s = born(name);
		w[i].count = 0;
	}
	for (size_t n = 0; n < frames || gaps < SENSORS; n++) {
		struct walk *x = &w[n % SENSORS];
		struct chain_arrival out;
		size_t i = 0;
		enum chain_verdict v;

		if (n < frames)
			speak(&x->s, x->away[x->count++]);
		if (n < frames && x->count < AWAY && any(3) == 0)
			continue;
		if (x->count == 0) {
			gaps++;
			continue;
		}
		/* The first one of all goes first. */
		if (x->begun)
			i = any(x->count);
		x->begun = true;
		v = hear(&c, &x->s, x->away[i]);
		kept += v == CHAIN_NEXT || v == CHAIN_JUMP || v == CHAIN_LATE;
		wrong += v > CHAIN_LATE;
		CHECK_QUIET(chain_recall(&again, (struct bytes){x->away[i],
			LEN}, &out, &f), "%s", f.text);
		differs += out.verdict != v;
		if (any(8) == 0)
			same += hear(&c, &x->s, x->away[i]) == CHAIN_SAME;
		x->count--;
		memmove(x->away[i], x->away[i + 1],
			(x->count - i) * sizeof x->away[i]);
	}
	CHECK(wrong == 0 && kept == frames, "%zu genuine frames in any order: "
		"%zu refused, %zu kept, %zu of them came twice", frames, wrong,
		kept, same);
	gaps = 0;
	for (size_t i = 0; i < SENSORS; i++) {
		const struct chain_sensor *x = chain_of(&c, w[i].s.id);
		const struct chain_sensor *y = chain_of(&again, w[i].s.id);

		gaps += x->gaps + x->lost;
		differs += memcmp(x, y, sizeof *x) != 0;
	}
	CHECK(gaps == 0, "all gaps are closed");
	CHECK(differs == 0, "what was kept makes the same state anew");
	arena_unmap(&a);
	arena_unmap(&b);
}

/* -- for another verifier (tests/webframes.sh) -- */

enum { WAITS = 6 };

struct stream {
	struct sensor s;
	uint8_t wait[WAITS][LEN], last[LEN];
	size_t waits;
};

/* A frame of somebody's: in its place, late, lost, twice, another of the same
 * number, begun anew, damaged, another's. */
static void whatever(struct stream *x, uint8_t out[LEN])
{
	struct sensor other = x->s;
	size_t i;

	switch (any(14)) {
	case 0: /* lost, or late: it comes another time */
		if (x->waits < WAITS)
			speak(&x->s, x->wait[x->waits++]);
		speak(&x->s, out);
		break;
	case 1: /* late */
		i = x->waits > 0 ? any(x->waits) : 0;
		memcpy(out, x->waits > 0 ? x->wait[i] : x->last, LEN);
		if (x->waits > 0)
			memcpy(x->wait[i], x->wait[--x->waits], LEN);
		return;
	case 2:
		memcpy(out, x->last, LEN);
		return;
	case 3: /* its key is used elsewhere */
		other.x.sequence -= any(3) < other.x.sequence ? 1 : 0;
		other.x.flags = FRAME_STORED;
		other.x.monotonic_ns += 1 + any(9);
		speak(&other, out);
		return;
	case 4:
		x->s.x.boot++;
		x->s.x.flags = any(3) ? FRAME_RESTARTED : 0;
		if (any(2))
			x->s.x.sequence = 0;
		if (any(2))
			x->s.x.prev = (struct digest){{0}};
		speak(&x->s, out);
		break;
	case 5:
		x->s.x.prev.at[any(32)] ^= 1;
		speak(&x->s, out);
		break;
	case 6: /* damaged */
		memcpy(out, x->last, LEN);
		out[any(LEN)] ^= (uint8_t)(1 << any(8));
		return;
	case 7: /* by another key, or of another */
		other.key = born("two").key;
		speak(&other, out);
		return;
	default:
		speak(&x->s, out);
	}
	memcpy(x->last, out, LEN);
}

/* Few enough that the bounds of chain.h (odd frames) are not met. */
enum { STREAM = 60 };

static void stream(uint64_t seed)
{
	struct stream x = {.s = born("one")};
	struct arena a = {0};
	struct chains c = open_chains(&a);

	state = 0x9e3779b97f4a7c15 ^ (seed * 0x2545f4914f6cdd1d);
	for (size_t i = 0; i < 32; i++)
		printf("%02x", x.s.key.public_key[i]);
	printf("\n");
	speak(&x.s, x.last);
	for (size_t n = 0; n < STREAM; n++) {
		uint8_t at[LEN];

		if (n == 0)
			memcpy(at, x.last, LEN);
		else
			whatever(&x, at);
		printf("%s ", chain_verdict_name(hear(&c, &x.s, at)));
		for (size_t i = 0; i < (size_t)LEN; i++)
			printf("%02x", at[i]);
		printf("\n");
	}
	arena_unmap(&a);
}

int main(int argc, char **argv)
{
	bool whole = getenv("TRUCE_LONG") != NULL;
	struct fault f = {0};

	if (!sign_ready(&f))
		return 1;
	if (argc == 4 && strcmp(argv[1], "stream") == 0) {
		for (uint64_t i = strtoull(argv[2], NULL, 10),
			n = strtoull(argv[3], NULL, 10); n > 0; n--, i++)
			stream(i);
		return 0;
	}
	verdicts();
	breaks();
	misfits();
	bounds();
	answers();
	attack(10000);
	every_bit(whole ? 1000 : 10);
	genuine(whole ? 100000 : 10000);
	return check_done();
}
