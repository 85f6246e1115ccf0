/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/turn.h"

#include <time.h>
#include <unistd.h>

enum { STEP_MS = 20, YIELD_MS = 10 };

static const char folder[] = "ledger/turn", replays[] = "ledger/replay";

bool turn_in_use(const struct fault *f)
{
	return strstr(f->text, "in use by another process") != NULL;
}

static void sleep_ms(long ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&t, NULL);
}

bool turn_open(struct turn *t, struct disk *d, struct ledger **l,
	struct fault *f)
{
	*t = (struct turn){.lock = -1};
	for (int ms = 0;; ms += STEP_MS) {
		struct fault no;

		if (ledger_open(l, d, true, f))
			return true;
		if (!turn_in_use(f) || ms >= TURN_WAIT_S * 1000)
			break;
		if (!t->held)
			t->held = d->lock(d->self, folder, &t->lock, &no);
		sleep_ms(STEP_MS);
		*f = (struct fault){.kind = FAULT_NONE};
	}
	turn_close(t);
	return false;
}

void turn_close(struct turn *t)
{
	if (t->held)
		(void)close(t->lock);
	*t = (struct turn){.lock = -1};
}

static bool is_taken(struct disk *d, const char *what)
{
	struct fault no = {0};
	int lock;

	if (d->lock(d->self, what, &lock, &no)) {
		(void)close(lock);
		return false;
	}
	return turn_in_use(&no);
}

bool turn_wanted(struct disk *d)
{
	return is_taken(d, folder);
}

bool turn_give(struct disk *d, struct ledger **l, const struct courier *courier,
	struct fault *f)
{
	struct turn own;

	ledger_close(*l);
	*l = NULL;
	while (turn_wanted(d))
		sleep_ms(YIELD_MS);
	/* Another may have come between. */
	if (!turn_open(&own, d, l, f))
		return false;
	turn_close(&own);
	return ledger_compare(*l, courier, f);
}

bool turn_replay(struct disk *d, int *lock, struct fault *f)
{
	return d->lock(d->self, replays, lock, f);
}

bool turn_replaying(struct disk *d)
{
	return is_taken(d, replays);
}
