/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/turn.h"

#include <time.h>
#include <unistd.h>

enum { STEP_MS = 20 };

static const char folder[] = "ledger/turn";

static bool in_use(const struct fault *f)
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
		if (!in_use(f) || ms >= TURN_WAIT_S * 1000)
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

bool turn_wanted(struct disk *d)
{
	struct fault no = {0};
	int lock;

	if (d->lock(d->self, folder, &lock, &no)) {
		(void)close(lock);
		return false;
	}
	return in_use(&no);
}
