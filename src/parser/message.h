/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * message.h - what a parser's child and its parent say to each other.
 *
 * A part is u32 length of what follows its head (at most 1 MiB), u16 kind, u16
 * 0, u64 job, big-endian; a message is one part, or several of which all but
 * the last have MESSAGE_GOES_ON in their kind.  What follows is in units of 8
 * bytes: numbers as they stand in this machine's memory, texts as a length, the
 * bytes, a zero byte and as many more as fill the unit.
 *
 *	parent  JOB, then DATA that together are as long as it says
 *	child   HELLO once; for a job NAME, SEGMENT, OBSERVATION, DAMAGE as they
 *	        come, then FOUND or DONE
 *
 * A name of a feature or an attribute is said once (NAME) and then by its
 * number, as those who read observations keep its pointer.
 *
 * `outbox` is the child's side.  `inbox_...` are the parent's, which believes
 * nothing: a number that is out of range, a text without its end, a byte too
 * few or too many is an INPUT fault. */
#ifndef PARSER_MESSAGE_H
#define PARSER_MESSAGE_H

#include "formats/format.h"
#include "parser/sandbox.h"

enum {
	MESSAGE_HEAD = 16,
	MESSAGE_PART = 1 << 20,
	MESSAGE_GOES_ON = 1 << 15,
	MESSAGE_NAME = 64, /* bytes of a name, with its end */
	MESSAGE_NAMES = 2048,
	MESSAGE_FLUSH = 96 << 10, /* stays in the second cache */
	MESSAGE_OUT = MESSAGE_FLUSH + 2 * (MESSAGE_HEAD + MESSAGE_PART),
};
/* Together, whatever its parts. */
#define MESSAGE_MAX ((size_t)1 << 30)

enum message_kind {
	MESSAGE_HELLO = 1,
	MESSAGE_JOB,
	MESSAGE_DATA,
	MESSAGE_NAMED,
	MESSAGE_SEGMENT,
	MESSAGE_OBSERVATION,
	MESSAGE_DAMAGE,
	MESSAGE_FOUND, /* by sniffing */
	MESSAGE_DONE,
};

struct message_head {
	size_t length;
	unsigned kind; /* MESSAGE_GOES_ON may be in it */
	uint64_t job;
};
void message_head_put(const struct message_head *, uint8_t at[MESSAGE_HEAD]);
/* false: length or reserved bytes are not as they must be. */
bool message_head_read(const uint8_t at[MESSAGE_HEAD], struct message_head *);

struct message_job {
	bool sniff; /* which format is it? */
	bool headers_only;
	uint64_t length; /* of the DATA */
	const char *format, *name, *source;
};

/* -- the child's side -- */

struct outbox {
	uint8_t *at;       /* MESSAGE_OUT bytes */
	size_t used, part; /* where the part begins that is being written */
	unsigned kind;
	uint64_t job;
	/* Sends all; ends the process where nobody listens. */
	void (*send)(const uint8_t *, size_t);
	const char *name[MESSAGE_NAMES];        /* as they were given: */
	char copy[MESSAGE_NAMES][MESSAGE_NAME]; /* and what they said */
	size_t names;
};

void outbox_hello(struct outbox *, const struct sandbox *);
void outbox_segment(struct outbox *, const struct segment *);
MUST_USE bool outbox_observation(
	struct outbox *, const struct observation *, struct fault *);
void outbox_damage(struct outbox *, const struct fault *, uint64_t offset,
	uint64_t length);
void outbox_found(struct outbox *, const char *format);
void outbox_done(struct outbox *, bool ok, const struct fault *);

/* -- both -- */

/* Into `to`, of MESSAGE_PART bytes; LIMIT fault: longer. */
MUST_USE bool message_job_put(const struct message_job *, uint8_t *to,
	size_t *length, struct fault *);

/* -- the reader's: views into the message -- */

MUST_USE bool inbox_job(struct bytes, struct message_job *, struct fault *);
MUST_USE bool inbox_hello(struct bytes, struct sandbox *, struct fault *);
MUST_USE bool inbox_name(struct bytes, const char **, struct fault *);
/* limit: bytes of the file that is cited. */
MUST_USE bool inbox_segment(struct bytes, uint64_t limit, bool headers_only,
	struct segment *, struct fault *);
struct inbox_names {
	const char *const *name;
	size_t count;
};
MUST_USE bool inbox_observation(struct bytes, uint64_t limit,
	struct inbox_names, struct arena *, struct observation *,
	struct fault *);
MUST_USE bool inbox_damage(struct bytes, uint64_t limit, struct fault *why,
	uint64_t *offset, uint64_t *length, struct fault *);
MUST_USE bool inbox_found(struct bytes, const char **, struct fault *);
MUST_USE bool inbox_done(
	struct bytes, bool *ok, struct fault *why, struct fault *);

#endif
