/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * take.h - what ingest, replay and demo share: a mission with its intake
 * open, the inbox taken in, the chain run. */
#ifndef CMD_TAKE_H
#define CMD_TAKE_H

#include "cmd/load.h"
#include "roles/frames.h"
#include "roles/replay.h"
#include "spool/files.h"

struct taking {
	const struct cmd *cmd;
	struct loaded loaded;
	struct files files;
	struct intake_role intake;
	struct frames own;     /* where the mission has sensors that sign */
	struct frames *frames; /* it, or the caller's; NULL: none */
	bool others;           /* `truce run` has them */
	bool open;
	uint64_t taken, known, damaged, unread; /* files; faults; files */
	uint64_t unopened; /* of unread: the system gave no bytes */
	struct ui_progress progress;
	/* As replay.h; after take_open(). */
	const struct ledger *people_of;
	struct disk *people_disk;
};

/* Opens; EXIT_DONE, or the code to end with. */
int take_open(struct taking *, const struct cmd *, const char *folder);
/* The same beside a process that has log and frames open: they stay its. */
int take_open_beside(struct taking *, const struct cmd *, const char *folder,
	struct ledger *, struct frames *);
struct take_name {
	const char *path, *name, *source; /* name relative, for people */
};
/* Files in this order, of this format, or by content (NULL).  Only SYSTEM
 * faults end it; what is wrong with a file is said and counted. */
MUST_USE bool take_files(struct taking *, const struct take_name *,
	size_t count, const char *format, struct fault *);
/* These files below inbox/, their names relative to it. */
MUST_USE bool take_named(struct taking *, const char *const *names,
	size_t count, struct fault *);
/* Everything below inbox/. */
MUST_USE bool take_inbox(struct taking *, struct fault *);
/* What `truce run` received and did not make files of yet; if it is running,
 * that is left to it, and said. */
MUST_USE bool take_live(struct taking *, struct fault *);
/* What frames carry becomes files; all is committed to. */
MUST_USE bool take_commit(struct taking *, struct fault *);
MUST_USE bool take_replay(struct taking *, struct span, int jobs,
	struct replay_done *, struct fault *);
void take_close(struct taking *);
struct instant take_now(void);
/* Of mission.yaml, for entry 0. */
MUST_USE bool take_sha256(struct loaded *, struct digest *, struct fault *);
/* --jobs; NULL: as many as there are processors.  False after usage. */
bool take_jobs(const struct cmd *, const char *, int *jobs);

#endif
