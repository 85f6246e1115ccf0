/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/loan.h"

#include "ledger/body.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ASK_APPEND = 1, ASK_SIGN = 2, IN_MAX = 64 << 20, ITEMS_MAX = 4096 };

struct ask { /* in front of a question */
	uint32_t what, count;
	uint64_t bytes; /* that follow */
};

struct asked { /* an item, in front of its body */
	uint8_t type, flags, subject[ENTRY_SUBJECT];
	int64_t clock_ns;
	uint64_t bytes;
};

struct answer {
	struct fault fault; /* kind NONE: done */
};

struct answered {
	uint64_t index;
	struct digest leaf;
	bool fresh;
};

/* -- bytes -- */

static bool send_all(int fd, const void *at, size_t n, struct fault *f)
{
	struct bytes b = {at, n};

	while (b.len > 0) {
		ssize_t r = send(fd, b.at, b.len, MSG_NOSIGNAL);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return fault_errno(f, "loan: send");
		b = bytes_part(b, (size_t)r, b.len);
	}
	return true;
}

static bool receive_all(int fd, void *at, size_t n, struct fault *f)
{
	uint8_t *to = at;
	size_t have = 0;

	while (have < n) {
		ssize_t r = recv(fd, to + have, n - have, 0);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return fault(f, FAULT_SYSTEM,
				"loan: the process that holds the log is gone");
		have += (size_t)r;
	}
	return true;
}

/* -- the child -- */

static bool ask_of(struct loan *l, const struct ask *ask, const void *more,
	struct fault *f)
{
	struct answer a;

	if (!send_all(l->theirs, ask, sizeof *ask, f) ||
		!send_all(l->theirs, more, ask->bytes, f) ||
		!receive_all(l->theirs, &a, sizeof a, f))
		return false;
	if (a.fault.kind == FAULT_NONE)
		return true;
	*f = a.fault;
	return false;
}

static bool write_items(struct loan *l, const struct ledger_item *item,
	size_t count, size_t *bytes, struct fault *f)
{
	*bytes = 0;
	for (size_t i = 0; i < count; i++) {
		struct asked x = {.type = item[i].type,
			.flags = item[i].flags,
			.clock_ns = item[i].clock.utc_ns};
		size_t n;

		if (item[i].author || item[i].confirms)
			return fault(f, FAULT_SYSTEM,
				"loan: only the engine's entries go this way");
		if (*bytes + sizeof x + BODY_MAX > IN_MAX)
			return fault(f, FAULT_LIMIT, "loan: too long");
		if (!body_write(item[i].body, l->in + *bytes + sizeof x,
			BODY_MAX, &n, f))
			return false;
		memcpy(x.subject, item[i].subject, ENTRY_SUBJECT);
		x.bytes = n;
		memcpy(l->in + *bytes, &x, sizeof x);
		*bytes += sizeof x + n;
	}
	return true;
}

static bool append(void *self, struct ledger_item *item, size_t count,
	struct fault *f)
{
	struct loan *l = self;

	for (size_t at = 0; at < count;) {
		size_t n = count - at < 64 ? count - at : 64, bytes;
		struct ask ask = {ASK_APPEND, (uint32_t)n, 0};

		if (!write_items(l, item + at, n, &bytes, f))
			return false;
		ask.bytes = bytes;
		if (!ask_of(l, &ask, l->in, f))
			return false;
		for (; n > 0; n--, at++) {
			struct answered x;

			if (!receive_all(l->theirs, &x, sizeof x, f))
				return false;
			item[at].index = x.index;
			item[at].leaf = x.leaf;
			item[at].fresh = x.fresh;
		}
	}
	return true;
}

static bool sign(void *self, struct fault *f)
{
	const struct ask ask = {ASK_SIGN, 0, 0};

	return ask_of(self, &ask, NULL, f);
}

/* -- opening -- */

bool loan_open(struct loan *l, struct fault *f)
{
	int fd[2];

	*l = (struct loan){.ours = -1, .theirs = -1};
	if (!arena_map(&l->arena, 2 * (size_t)IN_MAX, f) ||
		!(l->in = arena_room(&l->arena, IN_MAX, f)))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) < 0)
		return fault_errno(f, "socketpair");
	l->ours = fd[0];
	l->theirs = fd[1];
	return true;
}

static void shut(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void loan_close(struct loan *l)
{
	shut(&l->ours);
	shut(&l->theirs);
	arena_unmap(&l->arena);
	l->have = 0;
}

void loan_child(struct loan *l, struct ledger *log)
{
	shut(&l->ours);
	l->writer = (struct ledger_writer){l, append, sign};
	ledger_forward(log, &l->writer);
}

void loan_parent(struct loan *l)
{
	shut(&l->theirs);
}

/* -- the parent -- */

/* Bodies are read again: what is appended is what a body may be. */
static bool read_items(struct loan *l, const struct ask *ask,
	struct ledger_item *item, struct fault *f)
{
	struct reader r = reader((struct bytes){l->in + sizeof *ask,
		ask->bytes});

	for (size_t i = 0; i < ask->count; i++) {
		struct fields *body = arena_take(&l->arena, sizeof *body, f);
		struct bytes head = read_bytes(&r, sizeof(struct asked));
		struct asked x;

		if (!body)
			return false;
		if (head.len != sizeof x)
			return fault(f, FAULT_SYSTEM, "loan: a torn question");
		memcpy(&x, head.at, sizeof x);
		if (!body_read(read_bytes(&r, x.bytes), &l->arena, body, f))
			return false;
		item[i] = (struct ledger_item){.type = x.type,
			.flags = x.flags, .clock = {x.clock_ns},
			.body = body};
		memcpy(item[i].subject, x.subject, ENTRY_SUBJECT);
	}
	return true;
}

static bool answer(struct loan *l, struct ledger *log, const struct ask *ask,
	struct fault *f)
{
	struct answer a = {.fault = {.kind = FAULT_NONE}};
	struct ledger_item *item;
	size_t mark = l->arena.used;
	bool done, ok;

	item = arena_array(&l->arena, ask->count + 1, sizeof *item, f);
	if (!item || ask->count > ITEMS_MAX)
		return item ? fault(f, FAULT_LIMIT, "loan: too many items")
			    : false;
	done = ask->what == ASK_SIGN ? ledger_sign(log, &a.fault)
		: read_items(l, ask, item, &a.fault) &&
			ledger_append(log, item, ask->count, &a.fault);
	if (done)
		a.fault.kind = FAULT_NONE;
	ok = send_all(l->ours, &a, sizeof a, f);
	for (size_t i = 0; ok && done && i < ask->count; i++) {
		struct answered x;

		memset(&x, 0, sizeof x);
		x.index = item[i].index;
		x.leaf = item[i].leaf;
		x.fresh = item[i].fresh;
		ok = send_all(l->ours, &x, sizeof x, f);
		l->appended++;
	}
	l->arena.used = mark;
	return ok;
}

/* What has come; false: nobody is there any more. */
static bool gather(struct loan *l)
{
	while (l->have < IN_MAX) {
		ssize_t r = recv(l->ours, l->in + l->have, IN_MAX - l->have,
			MSG_DONTWAIT);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r < 0 && (errno == EAGAIN ||
				errno == EWOULDBLOCK);
		l->have += (size_t)r;
	}
	return true;
}

bool loan_serve(struct loan *l, struct ledger *log, struct fault *f)
{
	struct ask ask;
	struct fault why = {0};
	size_t n;
	bool there;

	if (l->ours < 0)
		return true;
	there = gather(l);
	while (l->have >= sizeof ask) {
		memcpy(&ask, l->in, sizeof ask);
		if (ask.bytes > IN_MAX - sizeof ask)
			return fault(f, FAULT_SYSTEM, "loan: out of step");
		n = sizeof ask + ask.bytes;
		if (l->have < n)
			break;
		/* A child that died meanwhile is seen by its parent. */
		if (!answer(l, log, &ask, &why))
			there = false;
		l->have -= n;
		memmove(l->in, l->in + n, l->have);
	}
	if (!there)
		shut(&l->ours);
	return true;
}
