/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * seedlink.h - the client's side of SeedLink 4 (FDSN, docs.fdsn.org/projects/
 * seedlink) and 3 (SeisComP's manual): pure, bytes in, commands and packets
 * out.
 *
 * A server that offers SLPROTO:4.0 is asked for it; if it then refuses, or did
 * not offer, version 3 is spoken.  Commands go one by one, each after its
 * answer.  Each subscription resumes after the last sequence number that it is
 * told of; numbers of the two versions are strangers, so the name of the feed
 * says the version.  Version 3 knows no end of a record but 512 bytes. */
#ifndef FEEDS_SEEDLINK_H
#define FEEDS_SEEDLINK_H

#include "base/text.h"

enum {
	SEEDLINK_STATION = 64,  /* with its end mark */
	SEEDLINK_LINE_MAX = 4096, /* HELLO's list of capabilities is long */
	SEEDLINK_RECORD_MAX = 1 << 20, /* as miniseed.c */
	SEEDLINK_ENTRIES_MAX = 4096,
	SEEDLINK_HELD_MAX = SEEDLINK_RECORD_MAX + 512,
};

struct seedlink_entry { /* a subscription */
	char station[SEEDLINK_STATION]; /* "NET_STA"; of version 4 may hold
	                                   '*' and '?' */
	char select[SEEDLINK_STATION];  /* as the server spells it; "" all */
	uint64_t last[2]; /* sequence, by version 3 and 4 */
	bool known[2];
	bool refused;
};

enum seedlink_stage {
	SEEDLINK_HELLO,
	SEEDLINK_SITE,  /* the second line of the answer to HELLO */
	SEEDLINK_PROTO,
	SEEDLINK_ASK_STATION,
	SEEDLINK_ASK_SELECT,
	SEEDLINK_ASK_DATA,
	SEEDLINK_STREAM,
};

struct seedlink {
	struct seedlink_entry *entry; /* at least one */
	size_t count;
	/* of the connection */
	int version; /* 3 or 4 */
	enum seedlink_stage stage;
	size_t at; /* entry that is being asked for */
	bool offers_4;
};

struct seedlink_packet {
	struct bytes record;
	const struct seedlink_entry *entry; /* NULL: of none that was asked */
	uint64_t sequence;
};

/* "NET_STA[:SELECT],..."; "" is everything. */
MUST_USE bool seedlink_entries(const char *, struct seedlink *, struct arena *,
	struct fault *);
/* A connection stands. */
void seedlink_start(struct seedlink *, struct text *say);
/* As push_take(): *used bytes at the front are done with, what is to be said
 * goes to `say`.  The entry's `last` is set. */
MUST_USE bool seedlink_take(struct seedlink *, struct bytes in, size_t *used,
	struct seedlink_packet *, bool *got, struct text *say, struct fault *);
/* Is anybody there? */
void seedlink_ask(const struct seedlink *, struct text *say);

#endif
