/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scratch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/staging.h"

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	/* SIGCHLD only wakes who waits. */
	if (signal != SIGCHLD)
		stopped = signal;
}

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
enum { SIGNALS = sizeof signals / sizeof *signals };

/* Signals are let in only by sigsuspend(), so none is lost in between. */
static int wait_for(const struct cmd *cmd, pid_t child, const sigset_t *before)
{
	sigset_t open = *before;
	struct fault f = {0};
	int status = 0;
	pid_t is;

	for (size_t i = 0; i < SIGNALS; i++)
		(void)sigdelset(&open, signals[i]);
	while ((is = waitpid(child, &status, WNOHANG)) == 0 && !stopped)
		(void)sigsuspend(&open);
	if (is == 0) {
		(void)kill(child, SIGKILL);
		(void)waitpid(child, &status, 0);
		return EXIT_INTERRUPTED;
	}
	if (is == child && WIFEXITED(status))
		return WEXITSTATUS(status);
	if (is == child && WIFSIGNALED(status) && stopped)
		return EXIT_INTERRUPTED;
	(void)fault(&f, FAULT_SYSTEM, "it was ended by signal %d",
		is == child ? WTERMSIG(status) : 0);
	return cmd_fault(cmd, &f);
}

static int in_child(int (*work)(void *self, const char *folder), void *self,
	const char *folder, const sigset_t *before)
{
	int code;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < SIGNALS; i++)
		(void)signal(signals[i], SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, before, NULL);
	code = work(self, folder);
	if (fflush(NULL) != 0)
		code = EXIT_SYSTEM;
	return code;
}

static int run(const struct cmd *cmd, const char *folder,
	int (*work)(void *self, const char *folder), void *self)
{
	struct sigaction act = {.sa_handler = stop}, old[SIGNALS];
	sigset_t ours, before;
	struct fault f = {0};
	int code;
	pid_t child;

	(void)sigemptyset(&act.sa_mask);
	(void)sigemptyset(&ours);
	for (size_t i = 0; i < SIGNALS; i++)
		(void)sigaddset(&ours, signals[i]);
	(void)sigprocmask(SIG_BLOCK, &ours, &before);
	stopped = 0;
	for (size_t i = 0; i < SIGNALS; i++)
		(void)sigaction(signals[i], &act, &old[i]);
	(void)fflush(NULL);
	child = fork();
	if (child == 0)
		_exit(in_child(work, self, folder, &before));
	if (child < 0) {
		(void)fault_errno(&f, "fork");
		code = cmd_fault(cmd, &f);
	} else {
		code = wait_for(cmd, child, &before);
	}
	for (size_t i = 0; i < SIGNALS; i++)
		(void)sigaction(signals[i], &old[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return code;
}

int scratch_run(const struct cmd *cmd,
	int (*work)(void *self, const char *folder), void *self)
{
	const char *tmp = getenv("TMPDIR");
	char folder[STAGING_PATH];
	struct text t = text_on(folder, sizeof folder);
	struct fault f = {0};
	int code;

	text_fmt(&t, "%s/truce-%s.XXXXXX", tmp && *tmp ? tmp : "/tmp",
		cmd->name);
	if (!text_check(&t, &f))
		return cmd_fault(cmd, &f);
	if (!mkdtemp(folder)) {
		(void)fault_errno(&f, "%s", folder);
		return cmd_fault(cmd, &f);
	}
	code = run(cmd, folder, work, self);
	staging_remove(folder);
	return code;
}
