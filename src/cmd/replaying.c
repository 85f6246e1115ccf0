/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/replaying.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/courier.h"
#include "cmd/desk.h"
#include "cmd/take.h"
#include "roles/packets.h"

enum { STEP_MS = 50, REPLAY_NICE = 10 };

/* -- the replay -- */

static void say_done(const struct packed *packed,
	const struct replay_done *done, const struct taking *t)
{
	if (ui_quiet())
		return;
	(void)fprintf(stderr, "truce run: replayed: %llu packets in %llu "
		"files, %llu of the inbox, %llu detections, %llu incidents, "
		"%llu findings\n", (unsigned long long)packed->packets,
		(unsigned long long)packed->files,
		(unsigned long long)t->taken,
		(unsigned long long)done->detections,
		(unsigned long long)done->incidents,
		(unsigned long long)done->findings);
}

static int replay(const struct replaying *x, struct ledger *log, uint64_t end)
{
	const struct span all = {INSTANT_UNKNOWN, INSTANT_UNKNOWN};
	struct replay_done done;
	struct fault f = {0};
	struct packets p;
	struct packed packed;
	struct taking t;
	int code = take_open_beside(&t, x->cmd, x->loaded->folder, log,
		x->frames);

	if (code != EXIT_DONE)
		return code;
	if (!packets_look(&p, &t.files.disk, &f)) {
		take_close(&t);
		return cmd_fault(x->cmd, &f);
	}
	if (packets_pack(&p, &t.intake, end, take_now(), &packed, &f) &&
		take_named(&t, x->inbox, x->files, &f) && take_commit(&t, &f) &&
		take_replay(&t, all, x->jobs, &done, &f))
		say_done(&packed, &done, &t);
	else
		code = cmd_fault(x->cmd, &f);
	packets_close(&p);
	take_close(&t);
	return code;
}

/* -- who has the log -- */

/* 0 in the child, which ends with its parent: another `truce run` finds nobody
 * in its way. */
static pid_t split(const struct replaying *x, struct fault *f)
{
	pid_t parent = getpid(), pid;

	(void)fflush(stdout);
	(void)fflush(stderr);
	pid = fork();
	if (pid < 0)
		fault_errno(f, "fork");
	if (pid != 0)
		return pid;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_SYSTEM);
	(void)signal(SIGINT, SIG_IGN); /* a terminal's goes to all */
	(void)signal(SIGTERM, SIG_IGN);
	x->leave(x->self);
	return 0;
}

static void leave_nothing(void *self)
{
	(void)self;
}

static bool lend(struct replaying *x, struct ledger *log, uint64_t end,
	struct fault *f)
{
	int code;

	x->turns = 0;
	if (!loan_open(&x->loan, f) || !turn_replay(x->disk, &x->lock, f))
		return false;
	x->lends = true;
	x->child = split(x, f);
	if (x->child < 0) {
		x->child = 0;
		return false;
	}
	if (x->child > 0) {
		loan_parent(&x->loan);
		return true;
	}
	loan_child(&x->loan, log);
	(void)!nice(REPLAY_NICE); /* who receives goes first */
	code = replay(x, log, end);
	(void)fflush(stderr);
	_exit(code);
}

bool replaying_log(const struct replaying *x, struct ledger **log,
	struct fault *f)
{
	struct turn turn = {0};
	struct digest sha;
	bool there, ok;

	*log = NULL;
	if (!ledger_exists(x->disk, &there, f))
		return false;
	ok = there ? turn_open(&turn, x->disk, log, f)
		: take_sha256(x->loaded, &sha, f) &&
			intake_ledger(x->disk, x->loaded->mission.name, sha,
				take_now(), log, f);
	turn_close(&turn);
	return ok && ledger_compare(*log, &courier_http, f);
}

/* In a process of its own, from opening the log to telling the index. */
static int sequence(struct replaying *x, uint64_t end)
{
	struct ledger *log;
	struct fault f = {0};
	int status = 0;
	bool done, ok;

	x->leave = leave_nothing; /* it is done */
	ok = replaying_log(x, &log, &f) && lend(x, log, end, &f) &&
		replaying_go(x, &log, true, &done, &status, &f);
	ledger_close(log);
	if (ok && x->turns > 0)
		ok = desk_tell(x->loaded->folder, &f);
	if (!ok)
		return cmd_fault(x->cmd, &f);
	if (WIFSIGNALED(status))
		(void)fprintf(stderr, "truce run: the replay was killed by "
			"signal %d\n", WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SYSTEM;
}

bool replaying_begin(struct replaying *x, struct ledger *log, uint64_t end,
	struct fault *f)
{
	int code;

	x->lends = false;
	if (log)
		return lend(x, log, end, f);
	x->child = split(x, f);
	if (x->child != 0) {
		x->child = x->child < 0 ? 0 : x->child;
		return x->child > 0;
	}
	code = sequence(x, end);
	(void)fflush(stderr);
	_exit(code);
}

/* -- beside it -- */

static bool give_turn(struct replaying *x, struct ledger **log,
	struct fault *f)
{
	if (!turn_wanted(x->disk))
		return true;
	x->turns++;
	return turn_give(x->disk, log, &courier_http, f);
}

static void ended(struct replaying *x)
{
	x->child = 0;
	if (!x->lends)
		return;
	loan_close(&x->loan);
	x->disk->close(x->disk->self, x->lock);
}

bool replaying_go(struct replaying *x, struct ledger **log, bool wait,
	bool *done, int *status, struct fault *f)
{
	*done = false;
	for (;;) {
		struct pollfd one = {.fd = x->loan.ours, .events = POLLIN};
		bool block = wait && !x->lends;
		pid_t pid;

		if (x->lends && (!loan_serve(&x->loan, *log, f) ||
			!give_turn(x, log, f)))
			return false;
		pid = waitpid(x->child, status, block ? 0 : WNOHANG);
		if (pid < 0 && errno != EINTR)
			return fault_errno(f, "waitpid");
		*done = pid > 0;
		if (*done)
			ended(x);
		if (*done || !wait)
			return true;
		if (!block)
			(void)poll(&one, 1, STEP_MS);
	}
}

int replaying_fd(const struct replaying *x)
{
	return x->child > 0 && x->lends ? x->loan.ours : -1;
}

bool replaying_tell(struct replaying *x, pid_t *pid, struct fault *f)
{
	struct fault why = {0};
	bool ok;

	*pid = 0;
	if (!x->lends || x->turns == 0)
		return true;
	x->turns = 0;
	*pid = split(x, f);
	if (*pid != 0)
		return *pid > 0;
	ok = desk_tell(x->loaded->folder, &why);
	if (!ok)
		(void)cmd_fault(x->cmd, &why);
	(void)fflush(stderr);
	_exit(ok ? EXIT_DONE : EXIT_SYSTEM);
}
