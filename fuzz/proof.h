/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * proof.h - what a stranger sends to be believed, each parser by itself: what
 * is read prints itself as the same bytes, where it has one form only; what is
 * refused has a worded fault.
 *
 * fuzz/proof.c puts an input through all of them, signatures and paths too.
 * note.c, checkpoint.c, tlogproof.c, entry.c, frame.c, stamp.c, and of promises
 * and agreements tracker.c and wording.c, are for long runs of one parser:
 * libFuzzer's input, and small changes of it made here, without its bookkeeping
 * between them; neither signature nor path is judged.  PROOFS executions an
 * input. */
#ifndef FUZZ_PROOF_H
#define FUZZ_PROOF_H

#include "base/bytes.h"
#include "base/fault.h"

#include <stdlib.h>
#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { PROOFS = 32, PROOF_MAX = 4096 };

/* While it is true libFuzzer (14) looks into every strcmp(), and stops what
 * takes too long: of the input itself, not of what is made of it here. */
extern bool proof_looking __asm__("_ZN6fuzzer19RunningUserCallbackE");

static inline void need(bool ok)
{
	if (!ok)
		abort();
}

static inline void refused(const struct fault *f)
{
	need(f->text[0] != '\0');
}

/* Room that ends at a page nobody may read, so that a read behind it is seen
 * without a sanitizer, too. */
static inline uint8_t *proof_room(size_t n)
{
	enum { PAGE = 4096 };
	uint8_t *at = mmap(NULL, n + PAGE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	need(at != MAP_FAILED && n % PAGE == 0 &&
		mprotect(at + n, PAGE, PROT_NONE) == 0);
	return at;
}

/* The input as it is, then with one byte or two changed, a piece left out,
 * or a piece twice; which, follows from the input alone. */
static inline int proof_all_of(
	const uint8_t *at, size_t len, void (*parse)(struct bytes))
{
	enum { ROOM = 2 * PROOF_MAX };
	static uint8_t *now;
	uint64_t r = 0x9e3779b97f4a7c15;

	if (!now)
		now = proof_room(ROOM);
	if (len > PROOF_MAX)
		len = PROOF_MAX;
	for (size_t i = 0; i < len; i++)
		r = (r ^ at[i]) * 0x100000001b3;
	parse((struct bytes){at, len});
	proof_looking = false;
	for (int i = 1; i < PROOFS && len > 0; i++) {
		size_t n = len, k, m;
		uint8_t *exact;

		r = r * 6364136223846793005 + 1442695040888963407;
		k = (size_t)(r >> 33) % len;
		m = (size_t)(r >> 50) % (len - k) + 1;
		if (i % 4 == 3)
			m = m % 8 + 1 < len - k ? m % 8 + 1 : len - k;
		memcpy(now, at, len);
		if (i % 4 == 0) {
			memmove(now + k, now + k + m, len - k - m);
			n = len - m;
		} else if (i % 8 == 3) {
			memmove(now + k + m, now + k, len - k);
			n = len + m;
		} else {
			now[k] = (uint8_t)(r >> 25);
			if (i % 2 == 0)
				now[(k + m) % len] ^= 1 << (r >> 22 & 7);
		}
		exact = now + ROOM - n;
		memmove(exact, now, n);
		parse((struct bytes){exact, n});
	}
	proof_looking = true;
	return 0;
}

#endif
