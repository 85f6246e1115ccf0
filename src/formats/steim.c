/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/steim.h"

typedef uint32_t words4 __attribute__((vector_size(16)));

typedef uint32_t words8 __attribute__((vector_size(32)));
typedef int32_t ints8 __attribute__((vector_size(32)));

struct code { /* how a word is cut: value k = (word << left[k]) >> right */
	words8 left, up; /* up = 1 << left: to multiply by */
	int right;
	uint32_t count;
	bool wrong;
};

#define UP(n) 1u << (n)
#define CUT(right, count, a, b, c, d, e, f, g)                                \
	{                                                                     \
		{a, b, c, d, e, f, g},                                        \
		{UP(a), UP(b), UP(c), UP(d), UP(e), UP(f), UP(g)},            \
		right, count, false                                           \
	}
#define NONE CUT(31, 0, 0, 0, 0, 0, 0, 0, 0)
#define WRONG {.right = 31, .wrong = true}
#define FOUR_8 CUT(24, 4, 0, 8, 16, 24, 0, 0, 0)
#define TWO_16 CUT(16, 2, 0, 16, 0, 0, 0, 0, 0)
#define ONE_32 CUT(0, 1, 0, 0, 0, 0, 0, 0, 0)

/* By 2-bit code of the frame, then by the word's own top two bits. */
static const struct code codes[2][16] = {
	{NONE, NONE, NONE, NONE, FOUR_8, FOUR_8, FOUR_8, FOUR_8, TWO_16,
		TWO_16, TWO_16, TWO_16, ONE_32, ONE_32, ONE_32, ONE_32},
	{NONE, NONE, NONE, NONE, FOUR_8, FOUR_8, FOUR_8, FOUR_8, WRONG,
		CUT(2, 1, 2, 0, 0, 0, 0, 0, 0),
		CUT(17, 2, 2, 17, 0, 0, 0, 0, 0),
		CUT(22, 3, 2, 12, 22, 0, 0, 0, 0),
		CUT(26, 5, 2, 8, 14, 20, 26, 0, 0),
		CUT(27, 6, 2, 7, 12, 17, 22, 27, 0),
		CUT(28, 7, 4, 8, 12, 16, 20, 24, 28), WRONG},
};

static inline uint32_t word(const uint8_t *at, bool big)
{
	return big ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
			(uint32_t)at[2] << 8 | at[3]
		   : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 |
			(uint32_t)at[1] << 8 | at[0];
}

/* Differences of one frame; their number, or SIZE_MAX at a code that does
 * not exist.  `from` is 3 in the first frame, else 1.  As text: for machines
 * that can shift each lane by its own (AVX2), and for all, which multiply. */
#define UNPACK(name, ALL_UP)                                                  \
	size_t name(const uint32_t w[16], size_t from,                        \
		const struct code table[16], int32_t *out)                    \
	{                                                                     \
		uint32_t frame = w[0] << 2 * from;                            \
		size_t n = 0;                                                 \
		bool wrong = false;                                           \
                                                                              \
		for (size_t i = from; i < 16; i++, frame <<= 2) {             \
			const struct code *c =                                \
				&table[frame >> 30 << 2 | w[i] >> 30];        \
			const words8 v = w[i] - (words8){0};                  \
			const ints8 part = (ints8)(ALL_UP) >> c->right;       \
                                                                              \
			memcpy(out + n, &part, sizeof part);                  \
			n += c->count;                                        \
			wrong |= c->wrong;                                    \
		}                                                             \
		return wrong ? SIZE_MAX : n;                                  \
	}
static UNPACK(unpack_any, v * c->up)
#ifdef __x86_64__
__attribute__((target("avx2"))) static UNPACK(unpack_avx2, v << c->left)
#endif

typedef size_t unpack(const uint32_t *, size_t, const struct code *, int32_t *);

static unpack *unpack_best(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		return unpack_avx2;
#endif
	return unpack_any;
}

/* Little-endian frames keep parts of a word in the order of the bytes, each
 * part little-endian by itself (so libmseed writes them): bytes are not turned
 * at all, halves of Steim 1 each; only whole words and Steim 2's bit fields
 * are words of four bytes. */
static void settle(uint32_t w[16], int level)
{
	for (size_t i = 1; i < 16; i++) {
		uint32_t code = w[0] >> (30 - 2 * i) & 3, v = w[i];

		if (code == 1)
			w[i] = v << 24 | (v & 0xff00) << 8 |
				(v >> 8 & 0xff00) | v >> 24;
		else if (code == 2 && level == 1)
			w[i] = v << 16 | v >> 16;
	}
}

static void load(struct bytes frame, const struct steim *s, uint32_t w[16])
{
	if (s->big) {
		for (size_t i = 0; i < 16; i++)
			w[i] = word(frame.at + 4 * i, true);
		return;
	}
	for (size_t i = 0; i < 16; i++)
		w[i] = word(frame.at + 4 * i, false);
	settle(w, s->level);
}

/* Sums in place, four at a time; unsigned, since a hostile record may wrap.
 * Writes up to three beyond n. */
static void sum(int32_t *out, size_t n, uint32_t first)
{
	const words4 none = {0};
	words4 carry = none;

	out[0] = (int32_t)first;
	for (size_t i = 0; i < n; i += 4) {
		words4 v;

		memcpy(&v, out + i, sizeof v);
		v += __builtin_shufflevector(v, none, 4, 0, 1, 2);
		v += __builtin_shufflevector(v, none, 4, 5, 0, 1);
		v += carry;
		carry = __builtin_shufflevector(v, v, 3, 3, 3, 3);
		memcpy(out + i, &v, sizeof v);
	}
}

bool steim_decode(
	struct bytes in, struct steim *s, int32_t *out, struct fault *f)
{
	const struct code *table = codes[s->level == 2];
	unpack *const best = unpack_best();
	struct reader r = reader(in);
	uint32_t w[16], first = 0, last = 0;
	size_t n = 0;

	s->count = 0;
	while (n < s->wanted && reader_left(&r) >= STEIM_FRAME) {
		size_t from = r.pos == 0 ? 3 : 1;
		size_t got;

		load(read_bytes(&r, STEIM_FRAME), s, w);
		if (from == 3) {
			first = w[1];
			last = w[2];
		}
		got = best(w, from, table, out + n);
		if (got == SIZE_MAX)
			return fault(f, FAULT_INPUT,
				"steim: frame at data byte %zu: a code that "
				"does not exist", r.pos - STEIM_FRAME);
		n += got;
	}
	if (n > s->wanted)
		n = s->wanted;
	if (n > 0)
		sum(out, n, first);
	if (n < s->wanted) {
		s->count = s->cut ? n : 0;
		return fault(f, FAULT_INPUT,
			"steim: %zu samples in %zu bytes, wants %zu", n,
			in.len, s->wanted);
	}
	if (n > 0 && out[n - 1] != (int32_t)last)
		return fault(f, FAULT_INPUT,
			"steim: last sample is %d, wants %d", (int)out[n - 1],
			(int)(int32_t)last);
	s->count = n;
	return true;
}
