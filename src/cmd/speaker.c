/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/speaker.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void speaker_start(struct speaker *s, int fd, void *room, size_t size)
{
	*s = (struct speaker){.fd = fd, .at = room, .size = size};
}

/* Bytes of the first line, its end with them; the queue is not empty. */
static size_t line_at(const struct speaker *s, size_t from)
{
	const char *end = memchr(s->at + from, '\n', s->len - from);

	return end ? (size_t)(end - s->at) + 1 - from : s->len - from;
}

static void cut(struct speaker *s, size_t from, size_t n)
{
	memmove(s->at + from, s->at + from + n, s->len - from - n);
	s->len -= n;
}

static void drop_all(struct speaker *s)
{
	while (s->len > 0) {
		cut(s, 0, line_at(s, 0));
		s->dropped++;
	}
}

/* Room for a line, and for what is said of those that go. */
static bool make_room(struct speaker *s, size_t need)
{
	size_t keep = s->begun ? line_at(s, 0) : 0;

	while (s->len + need + SPEAKER_GAP_MAX > s->size && s->len > keep) {
		cut(s, keep, line_at(s, keep));
		s->missing++;
		s->dropped++;
	}
	return s->len + need + SPEAKER_GAP_MAX <= s->size;
}

void speaker_say(struct speaker *s, struct bytes line)
{
	s->lines++;
	if (s->gone || line.len == 0 || !make_room(s, line.len)) {
		s->dropped++;
		s->missing++;
		return;
	}
	memcpy(s->at + s->len, line.at, line.len);
	s->len += line.len;
}

static bool ready(const struct speaker *s, int wait_ms)
{
	struct pollfd p = {.fd = s->fd, .events = POLLOUT};

	return poll(&p, 1, wait_ms) > 0;
}

/* As many as the descriptor takes at once; -1: nobody reads. */
static ssize_t put(struct speaker *s, const char *at, size_t n)
{
	ssize_t done = write(s->fd, at, n < PIPE_BUF ? n : PIPE_BUF);

	s->full = done < 0 && (errno == ENOSPC || errno == EDQUOT);
	if (done < 0 && (s->full || errno == EINTR || errno == EAGAIN))
		return 0;
	if (done < 0) {
		s->gone = true;
		drop_all(s);
	}
	return done;
}

/* Between two lines: how many are missing here. */
static bool say_missing(struct speaker *s)
{
	char line[SPEAKER_GAP_MAX];
	size_t n = (size_t)snprintf(line, sizeof line, SPEAKER_GAP,
		(unsigned long long)s->missing);
	ssize_t done = put(s, line, n);
	size_t left = done > 0 ? n - (size_t)done : 0;

	if (done <= 0)
		return false;
	s->missing = 0;
	if (left > 0) {
		memmove(s->at + left, s->at, s->len); /* make_room() */
		memcpy(s->at, line + done, left);
		s->len += left;
		s->begun = true;
	}
	return true;
}

static void go(struct speaker *s, int wait_ms)
{
	while (s->len > 0 && !s->gone && ready(s, wait_ms)) {
		ssize_t n;

		if (s->missing > 0 && !s->begun) {
			if (!say_missing(s))
				return;
			continue;
		}
		if ((n = put(s, s->at, line_at(s, 0))) <= 0)
			return;
		s->begun = s->at[n - 1] != '\n';
		cut(s, 0, (size_t)n);
	}
}

void speaker_go(struct speaker *s)
{
	go(s, 0);
}

static int64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

void speaker_end(struct speaker *s, int most_ms)
{
	int64_t until = now_ms() + most_ms;

	while (s->len > 0 && !s->gone && !s->full && now_ms() < until)
		go(s, (int)(until - now_ms() > 0 ? until - now_ms() : 0));
	drop_all(s);
}
