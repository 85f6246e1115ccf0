/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * running.h - what `truce run` is while it runs (run.c), for the files of its
 * loop: receive.c takes and keeps what comes, replays.c begins and ends
 * replays, beats.c gives others their turns at the log and beats its heart. */
#ifndef CMD_RUNNING_H
#define CMD_RUNNING_H

#include "cmd/fronts.h"
#include "cmd/hearing.h"
#include "cmd/porter.h"
#include "cmd/replaying.h"
#include "cmd/speaker.h"
#include "cmd/take.h"
#include "roles/packets.h"
#include "roles/release.h"
#include "roles/silence.h"
#include "roles/warn.h"

extern const struct cmd cmd_run;

/* A file of the inbox waits so long for what comes with it. */
enum { RUNNING_INBOX_MS = 500 };

struct running {
	struct warned warned; /* what was told of obligations */
	int64_t found;        /* to here of the log findings were told of */
	const char *folder;
	const char *login; /* a file: user and password for brokers */
	char client[PACKETS_CLIENT]; /* what brokers know us by */
	int64_t every_s; /* 0: at the end only */
	struct loaded loaded;
	struct files files;
	struct packets packets;
	/* Where sensors sign: the log is ours all the time. */
	struct frames frames;
	struct ledger *ledger;
	struct release release;
	struct silence silence; /* of sensors that sign */
	int64_t release_ns;     /* when the next is due */
	int64_t turn_ns;        /* when it is asked who else wants the log */
	uint64_t frames_packed; /* records that the last child saw */
	struct fronts *fronts;
	struct porter porter;
	int64_t hasten_ns; /* since when messages wait; 0: none */
	int64_t inbox_ns; /* no replay for the inbox's sake before */
	int64_t began_ns; /* the last replay */
	int64_t failures; /* of replays, one after the other */
	struct hearing hearing;
	struct arena queue; /* of the speaker */
	struct speaker speaker;
	struct replaying replaying;
	int64_t replay_ns; /* when the next is due */
	int64_t beat_ns;   /* likewise */
	int64_t beaten_ns; /* when the last heartbeat began */
	int64_t clock_ns;  /* when witnesses are asked about the time anew */
	pid_t telling; /* who tells the index of turns; 0: nobody */
	pid_t beating; /* who asks the witnesses; 0: nobody */
	int code;
	bool loaded_ok, files_open, packets_open;
	bool framed;
	bool unshown;  /* it was said that the desk cannot have them */
	bool missed;   /* it was said that alerts are dropped */
	bool replayed; /* all that is in files, by this process */
	bool knows;    /* `found` was looked at */
};

/* -- receive.c -- */

/* feeds_ask's; self: struct running. */
MUST_USE bool running_take(void *self, const struct feed_group *,
	struct fault *);
bool running_resume(void *self, const char *feed, const char *entry,
	uint64_t *sequence);
void running_say(void *self, const char *text);
/* To a node that sends frames; for struct release. */
void running_tell(void *self, uint64_t node, struct bytes);
/* A sink of alerts: nobody waits for who reads them. */
bool running_alert(void *self, struct bytes line, struct fault *);
/* All that was taken: kept, told, heard, in this order. */
MUST_USE bool running_keep(struct running *, struct fault *);
/* Receipts of what is published; now: not only when they are due. */
MUST_USE bool running_release(struct running *, bool now, struct fault *);
/* Says which sensors that sign have fallen silent. */
void running_silent(struct running *);
/* Where the spools end; and what is kept, or heard, as a number that grows. */
struct heard running_ends(const struct running *);
uint64_t running_mark(struct heard);

/* -- replays.c -- */

/* In a process that was forked: what is not its own. */
void running_leave(void *self);
/* What the last replay made is told, and the hearing told of it. */
void running_learn(struct running *);
MUST_USE bool running_begin(struct running *, struct fault *);
/* If it has ended; wait: until it has. */
MUST_USE bool running_end(struct running *, bool wait, struct fault *);
bool running_due(const struct running *);
/* Until all is replayed. */
MUST_USE bool running_last(struct running *, struct fault *);
/* The log may be another after a turn. */
void running_new_log(struct running *);

/* -- beats.c -- */

/* To somebody at a desk who waits for the log. */
MUST_USE bool running_yield(struct running *, struct fault *);
/* Whether the clock of this machine is right, as far as witnesses say; where it
 * is not, they are asked anew now and then.  Where sensors sign. */
MUST_USE bool running_clock(struct running *, bool *right, struct fault *);
/* A heartbeat when it is due; and one now, `last`: the log's last for long. */
MUST_USE bool running_beat(struct running *, struct fault *);
MUST_USE bool running_beat_now(struct running *, bool last, struct fault *);

#endif
