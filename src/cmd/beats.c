/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * beats.c - of running.h: turns at the log, and its heartbeat. */
#include "cmd/courier.h"
#include "cmd/running.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/pulse.h"
#include "roles/turn.h"

enum { BEAT_S = PULSE_EVERY_S,
	OPENS = 10, /* a heartbeat after so many times what opening takes */
	TURN_MS = 100,
	CLOCK_S = 10 };

/* To somebody at a desk who waits for the log.  Who takes long at it holds all
 * up, so only short verbs ask (turn.h). */
bool running_yield(struct running *r, struct fault *f)
{
	bool ok;

	if (!r->framed || r->replaying.child > 0 ||
		live_now_ns() < r->turn_ns)
		return true;
	r->turn_ns = live_now_ns() + TURN_MS * INT64_C(1000000);
	if (!turn_wanted(&r->files.disk))
		return true;
	if (!running_release(r, true, f))
		return false;
	ok = turn_give(&r->files.disk, &r->ledger, &courier_http, f);
	running_new_log(r);
	return ok;
}

bool running_clock(struct running *r, bool *right, struct fault *f)
{
	*right = !ledger_off(r->ledger);
	if (*right || live_now_ns() < r->clock_ns)
		return true;
	r->clock_ns = live_now_ns() + CLOCK_S * INT64_C(1000000000);
	running_say(NULL, ledger_held(r->ledger));
	if (!ledger_compare(r->ledger, &courier_http, f))
		return false;
	*right = !ledger_off(r->ledger);
	return true;
}

static void reap(pid_t *pid)
{
	int status;

	if (*pid > 0 && waitpid(*pid, &status, WNOHANG) != 0)
		*pid = 0;
}

/* An entry which shows that the log lives (pulse.h); what there is is signed
 * and cosigned with it.  Without frames the log is to be opened first, and the
 * longer that takes the rarer it is. */
bool running_beat_now(struct running *r, bool last, struct fault *f)
{
	int64_t began = live_now_ns();
	struct ledger *l = r->ledger;
	struct turn turn = {.lock = -1};
	uint64_t next_s = BEAT_S;
	bool there, ok, right = true;

	if (r->framed && !running_clock(r, &right, f))
		return false;
	if (!right)
		return true;

	if (!r->framed) {
		if (!ledger_exists(&r->files.disk, &there, f) || !there)
			return f->kind == FAULT_NONE;
		if (!turn_open(&turn, &r->files.disk, &l, f))
			return false;
		next_s += (uint64_t)(live_now_ns() - began) / 1000000000 *
			OPENS;
	}
	ok = (r->framed || ledger_compare(l, &courier_http, f)) &&
		pulse_beat(l, &r->files.disk, take_now(), last ? 0 : next_s,
			f) && ledger_sign(l, f);
	if (!r->framed) {
		ledger_close(l);
		turn_close(&turn);
	}
	return ok;
}

/* Each 60 s (PROOF.md 4).  Witnesses may be slow: without frames a child asks
 * them, with them the log is open here. */
bool running_beat(struct running *r, struct fault *f)
{
	bool beats = r->beating > 0;

	reap(&r->beating);
	reap(&r->telling);
	if (beats && r->beating == 0)
		r->beat_ns = live_now_ns() + BEAT_S * INT64_C(1000000000) +
			OPENS * (live_now_ns() - r->beaten_ns) / 2;
	if ((r->replaying.child != 0 && !r->framed) || r->beating > 0 ||
		live_now_ns() < r->beat_ns)
		return true;
	r->beaten_ns = live_now_ns();
	r->beat_ns = r->beaten_ns + BEAT_S * INT64_C(1000000000);
	if (r->framed)
		return running_beat_now(r, false, f);
	(void)fflush(stdout);
	(void)fflush(stderr);
	r->beating = fork();
	if (r->beating != 0)
		return r->beating > 0 || fault_errno(f, "fork");
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	fronts_leave(r->fronts);
	if (running_beat_now(r, false, f))
		_exit(EXIT_DONE);
	running_say(NULL, f->text);
	(void)fflush(stderr);
	_exit(EXIT_SYSTEM);
}
