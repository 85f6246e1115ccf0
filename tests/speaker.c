/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * speaker.c - lines for a reader who is slow or gone: nobody waits, the newest
 * lines are kept, what is missing is said where it was. */
#include "cmd/speaker.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

enum { ROOM = 1024, LINES = 2000 };

static struct speaker speaker;
static char room[ROOM];

static void say(int number)
{
	char line[64];
	int n = snprintf(line, sizeof line, "line %d%*s\n", number,
		number % 23, "");

	speaker_say(&speaker, (struct bytes){(uint8_t *)line, (size_t)n});
}

/* What comes to the end: lines in order, and what is missing among them. */
struct read {
	int lines, last, gaps;
	unsigned long long missing;
	bool whole;
};

static struct read take(int fd)
{
	static char text[LINES * 64];
	struct read r = {.whole = true, .last = -1};
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, text + len, sizeof text - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	for (char *p = text, *end; *p; p = end + 1) {
		unsigned long long k;
		int number;

		if (!(end = strchr(p, '\n'))) {
			r.whole = false;
			break;
		}
		*end = '\0';
		if (sscanf(p, "{\"dropped\":%llu,", &k) == 1) {
			r.gaps++;
			r.missing += k;
			r.last += (int)k;
		} else if (sscanf(p, "line %d", &number) == 1 &&
			strlen(p) >= (size_t)(number % 23)) {
			r.whole &= number == r.last + 1;
			r.last = number;
			r.lines++;
		} else {
			r.whole = false;
		}
	}
	return r;
}

static void start(int ends[2])
{
	if (pipe(ends) != 0)
		exit(1);
	speaker_start(&speaker, ends[1], room, sizeof room);
}

static void slow_reader(void)
{
	struct read r;
	int ends[2];

	start(ends);
	if (fcntl(ends[1], F_SETPIPE_SZ, 4096) < 0)
		exit(1);
	for (int i = 0; i < LINES; i++) {
		say(i);
		speaker_go(&speaker);
	}
	CHECK(speaker.len > ROOM / 2 && speaker.len <= ROOM,
		"nobody reads: nobody waits, %zu bytes wait", speaker.len);
	speaker_end(&speaker, 10);
	close(ends[1]);
	r = take(ends[0]);
	close(ends[0]);
	CHECK(r.whole && r.lines > 0 && r.lines + (int)speaker.dropped == LINES,
		"what was written are whole lines in order: %d, and %llu were "
		"dropped", r.lines, (unsigned long long)speaker.dropped);
}

static void reader_returns(void)
{
	struct read r;
	int ends[2];

	start(ends);
	if (fcntl(ends[1], F_SETPIPE_SZ, 4096) < 0 ||
		fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
		exit(1);
	for (int i = 0; i < LINES; i++) {
		say(i);
		speaker_go(&speaker);
	}
	/* A pipe of one page is read empty, again and again. */
	static char page[65536];
	size_t len = 0;
	int pair[2];
	ssize_t n;

	if (pipe(pair) != 0)
		exit(1);
	for (int i = 0; i < 64; i++) {
		while ((n = read(ends[0], page, sizeof page)) > 0) {
			if (write(pair[1], page, (size_t)n) != n)
				exit(1);
			len += (size_t)n;
		}
		speaker_go(&speaker);
	}
	close(pair[1]);
	r = take(pair[0]);
	CHECK(speaker.len == 0 && r.whole && r.last == LINES - 1,
		"read again: all that waited comes, to the last line (%d)",
		r.last);
	CHECK(r.gaps == 1 && r.missing == speaker.dropped &&
		r.lines + (int)r.missing == LINES,
		"a line says where %llu are missing", r.missing);
	close(pair[0]);
	close(ends[0]);
	close(ends[1]);
}

static void reader_gone(void)
{
	int ends[2];

	start(ends);
	close(ends[0]);
	for (int i = 0; i < 100; i++) {
		say(i);
		speaker_go(&speaker);
	}
	CHECK(speaker.gone && speaker.len == 0 && speaker.dropped == 100,
		"a reader who is gone: %llu of %llu lines dropped",
		(unsigned long long)speaker.dropped,
		(unsigned long long)speaker.lines);
	close(ends[1]);
}

/* A file on a disk that is full, until somebody makes room. */
static void full_disk(void)
{
	struct read r;
	int ends[2], full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	if (full < 0)
		exit(1);
	start(ends);
	speaker.fd = full;
	for (int i = 0; i < 2; i++) {
		say(i);
		speaker_go(&speaker);
	}
	CHECK(!speaker.gone && speaker.len > 0 && speaker.dropped == 0,
		"a full disk is no reader who is gone: lines wait");
	speaker.fd = ends[1];
	speaker_go(&speaker);
	close(ends[1]);
	r = take(ends[0]);
	CHECK(r.whole && r.last == 1, "and are written when there is room");
	speaker.fd = full;
	say(2);
	speaker_end(&speaker, 1 << 30);
	CHECK(speaker.dropped == 1, "the end does not wait for room");
	close(ends[0]);
	close(full);
}

static void long_line(void)
{
	static uint8_t line[2 * ROOM];
	struct read r;
	int ends[2];

	start(ends);
	memset(line, 'x', sizeof line);
	speaker_say(&speaker, (struct bytes){line, sizeof line});
	speaker_end(&speaker, 10);
	close(ends[1]);
	r = take(ends[0]);
	CHECK(speaker.dropped == 1 && r.lines == 0 && r.whole,
		"a line that has no room is dropped");
	close(ends[0]);
}

int main(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	slow_reader();
	reader_returns();
	reader_gone();
	full_disk();
	long_line();
	return check_done();
}
