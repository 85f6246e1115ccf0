/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parser/child.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/tree.h"
#include "parser/message.h"

const char child_mark[] = "truce-parser";

enum {
	ARGUMENTS = 2,
	MIB = 1 << 20,
	INPUT_LEAST = 4 << 20,
	/* Of the bound, for the program itself, its libraries and stack. */
	PROGRAM = 160 << 20,
};

struct child {
	struct outbox out;
	struct arena scratch, input;
	uint8_t *part; /* of a job's head */
};

/* Nobody is there to be told: the parent sees the end. */
static _Noreturn void leave(int code)
{
	_exit(code);
}

static void send_all(const uint8_t *at, size_t n)
{
	while (n > 0) {
		ssize_t k = write(1, at, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			leave(1);
		at += k;
		n -= (size_t)k;
	}
}

/* false: fd 0 is at its end, before the first byte. */
static bool receive(uint8_t *at, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t k = read(0, at + have, n - have);

		if (k < 0 && errno == EINTR)
			continue;
		if (k == 0 && have == 0)
			return false;
		if (k <= 0)
			leave(1);
		have += (size_t)k;
	}
	return true;
}

/* -- what a decoder gives -- */

static bool segment(void *self, const struct segment *s, struct fault *f)
{
	struct child *c = self;

	(void)f;
	outbox_segment(&c->out, s);
	return true;
}

static bool observation(
	void *self, const struct observation *o, struct fault *f)
{
	struct child *c = self;

	return outbox_observation(&c->out, o, f);
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct child *c = self;

	(void)f;
	outbox_damage(&c->out, why, offset, length);
	return true;
}

/* -- jobs -- */

static void sniff(struct child *c, struct bytes in, const struct origin *o)
{
	const struct format *fmt = in.len > 0 ? format_of(in, o) : NULL;

	outbox_found(&c->out, fmt ? fmt->name : "");
}

static void decode(struct child *c, const struct message_job *j,
	struct bytes in, const struct origin *o)
{
	const struct format *fmt = format_named(j->format);
	struct intake to = {c, segment, observation, damage, j->headers_only};
	struct fault why = {0};
	bool ok;

	c->scratch.used = 0;
	ok = fmt ? fmt->decode(in, o, &c->scratch, &to, &why)
		 : fault(&why, FAULT_SYSTEM, "no such format");
	outbox_done(&c->out, ok, &why);
}

static void skip(struct child *c, size_t n)
{
	while (n > 0) {
		size_t k = n < MESSAGE_PART ? n : MESSAGE_PART;

		if (!receive(c->part, k))
			leave(1);
		n -= k;
	}
}

/* All DATA of a job, one behind the other; what does not find room is read
 * all the same. */
static bool take_data(struct child *c, const struct message_job *j,
	struct bytes *in, struct fault *f)
{
	uint8_t head[MESSAGE_HEAD];
	struct message_head h;
	uint8_t *at = NULL;
	size_t have = 0;
	bool ok = true;

	if (j->length > c->input.size) {
		size_t n = (j->length + MIB - 1) & ~(size_t)(MIB - 1);

		arena_unmap(&c->input);
		ok = arena_map(&c->input, n < INPUT_LEAST ? INPUT_LEAST : n, f);
	}
	at = c->input.at;
	while (have < j->length) {
		if (!receive(head, sizeof head) ||
			!message_head_read(head, &h) ||
			h.kind != MESSAGE_DATA ||
			h.length > j->length - have + 7)
			leave(1);
		/* The last one is filled up to a unit. */
		size_t n = h.length < j->length - have ? h.length
						       : j->length - have;
		if (!ok)
			skip(c, n);
		else if (!receive(at + have, n))
			leave(1);
		skip(c, h.length - n);
		have += n;
	}
	*in = (struct bytes){at, j->length};
	return ok;
}

/* A long job's memory is not kept for those that follow. */
static void give_back(struct child *c, const struct message_job *j)
{
	struct fault f;
	size_t size = c->scratch.size;

	if (j->length <= INPUT_LEAST)
		return;
	arena_unmap(&c->input);
	arena_unmap(&c->scratch);
	if (!arena_map(&c->scratch, size, &f))
		leave(1);
}

static bool next_job(struct child *c)
{
	uint8_t head[MESSAGE_HEAD];
	struct message_head h;
	struct message_job j;
	struct fault why = {0};
	struct bytes in;

	if (!receive(head, sizeof head))
		return false;
	if (!message_head_read(head, &h) || h.kind != MESSAGE_JOB ||
		!receive(c->part, h.length) ||
		!inbox_job((struct bytes){c->part, h.length}, &j, &why))
		leave(1);
	c->out.job = h.job;
	/* The job's texts lie in `part`, which skip() needs. */
	char *text = (char *)c->part + MESSAGE_PART;
	memcpy(text, c->part, h.length);
	if (!inbox_job((struct bytes){(uint8_t *)text, h.length}, &j, &why))
		leave(1);
	struct origin o = {j.name, j.source};
	if (!take_data(c, &j, &in, &why))
		outbox_done(&c->out, false, &why);
	else if (j.sniff)
		sniff(c, in, &o);
	else
		decode(c, &j, in, &o);
	give_back(c, &j);
	return true;
}

/* What libraries ask the system for at their first use, they ask now: jansson
 * a seed, malloc() its first memory. */
static bool warm(struct arena *a)
{
	const struct tree *t;
	struct fault f;

	return tree_read(bytes_of("{\"a\":[1.5,\"b\"]}"), a, &t, &f);
}

/* Or a stack that grows would be the one that finds memory full, and die where
 * malloc() and arenas say so. */
static void grow_stack(void)
{
	volatile uint8_t deep[MIB];

	for (size_t i = 0; i < sizeof deep; i += 4096)
		deep[i] = 0;
}

static _Noreturn void be_child(const char *memory)
{
	static struct child c; /* the outbox has many names */
	struct sandbox s;
	struct arena parts;
	struct fault f;
	size_t mib = 0;

	for (; *memory >= '0' && *memory <= '9' && mib < 1 << 24; memory++)
		mib = 10 * mib + (size_t)(*memory - '0');
	size_t room =
		mib * MIB > 2 * (size_t)PROGRAM ? mib * MIB - PROGRAM : PROGRAM;
	/* Half for decoders' scratch; input and malloc() have the rest. */
	if (!arena_map(&c.scratch, room / 2, &f) ||
		!arena_map(&parts, MESSAGE_OUT + 2 * MESSAGE_PART, &f) ||
		!warm(&c.scratch))
		leave(1);
	grow_stack();
	c.out.at = parts.at;
	c.out.send = send_all;
	c.part = parts.at + MESSAGE_OUT;
	sandbox_enter(mib * MIB, &s);
	outbox_hello(&c.out, &s);
	while (next_job(&c))
		;
	leave(0);
}

/* glibc hands these to a constructor as to main(). */
__attribute__((constructor)) static void before_main(int argc, char **argv)
{
	if (argc == ARGUMENTS && strcmp(argv[0], child_mark) == 0)
		be_child(argv[1]);
}
