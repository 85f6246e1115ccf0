/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * heard.c - the process of hearing.h: reads the spools, hears, tells. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/hearing.h"
#include "cmd/take.h"
#include "ledger/frame.h"
#include "roles/packets.h"

enum { WAIT_MS = 50, LOOK_MS = 150, LOOK = 1 << 20, BATCH = 256 << 10,
	LINE = 256,
	KNOWN_S = 6 * 3600 }; /* older weather speaks for nothing (speed.c) */

struct ear_of_run { /* what this process is */
	const char *folder;
	const struct mission *mission;
	struct files files;
	struct packets packets;
	struct spool frames;
	struct live *live;
	struct known known;
	struct heard at, to;
	size_t bytes; /* heard since the last look */
	char line[LINE];
	size_t have;
	bool learn, end, files_open, packets_open, frames_open;
};

static bool write_all(struct bytes b, struct fault *f)
{
	for (size_t at = 0; at < b.len;) {
		ssize_t n = send(HEARING_FD, b.at + at, b.len - at,
			MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return fault_errno(f, "hearing");
		at += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool put_alert(void *self, struct bytes line, struct fault *f)
{
	(void)self;
	return write_all(line, f);
}

/* -- what it is told -- */

static void order(struct ear_of_run *x, const char *line)
{
	uint64_t n[2];

	if (strcmp(line, "learn") == 0)
		x->learn = true;
	else if (strcmp(line, "end") == 0)
		x->end = true;
	else if (hearing_numbers(bytes_of(line), "to", n, 2))
		x->to = (struct heard){n[0], n[1]};
}

/* Whose parent is gone is gone too. */
static bool obey(struct ear_of_run *x, int wait_ms, struct fault *f)
{
	struct pollfd one = {.fd = HEARING_FD, .events = POLLIN};
	ssize_t n;
	char *end;

	if (poll(&one, 1, wait_ms) <= 0)
		return true;
	n = recv(HEARING_FD, x->line + x->have, sizeof x->line - 1 - x->have,
		MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ||
			fault_errno(f, "hearing");
	if (n == 0)
		return fault(f, FAULT_SYSTEM, "nobody is there any more");
	x->have += (size_t)n;
	x->line[x->have] = '\0';
	while ((end = strchr(x->line, '\n'))) {
		*end = '\0';
		order(x, x->line);
		x->have -= (size_t)(end + 1 - x->line);
		memmove(x->line, end + 1, x->have + 1);
	}
	return true;
}

/* -- what it hears -- */

/* Records came when they were received, however late they are heard. */
static bool hear(struct ear_of_run *x, struct bytes b, struct instant received,
	struct fault *f)
{
	int64_t late_ns = take_now().utc_ns - received.utc_ns;

	x->bytes += b.len;
	return live_hear(x->live, b, live_now_ns() - (late_ns > 0 ? late_ns :
		0), received, f);
}

static bool hear_packets(struct ear_of_run *x, struct fault *f)
{
	struct packets *p = &x->packets;

	if (!packets_follow(p, x->at.live, x->to.live, BATCH, &x->at.live, f))
		return false;
	for (size_t i = 0; i < p->count; i++)
		if (!hear(x, p->packet[i].bytes, p->packet[i].received, f))
			return false;
	return true;
}

static bool hear_frames(struct ear_of_run *x, struct fault *f)
{
	struct journal_record r;
	size_t bytes = 0;
	bool got = true;

	while (got && bytes < BATCH) {
		struct frame y;

		if (!spool_next(&x->frames, x->at.frames, x->to.frames, &r,
			&got, f))
			return false;
		if (!got)
			break;
		x->at.frames = r.sequence + 1;
		bytes += r.payload.len;
		if (r.kind == JOURNAL_FRAME && (!frame_read(r.payload, &y,
			f) || (y.kind == FRAME_MINISEED && !hear(x, y.payload,
			r.received, f))))
			return false;
	}
	return true;
}

/* What the last replay made; there may be none yet.  What cannot be read ends
 * nothing: alerts do without it. */
static void learn(struct ear_of_run *x)
{
	struct store store = {stores[0], NULL};
	struct instant since = live_heard(x->live);
	struct fault why = {0};

	x->learn = false;
	if (instant_known(since))
		since = instant_plus_s(since, -KNOWN_S);
	live_know(x->live, NULL);
	if (!store.engine->open(&store, x->folder, false, &why))
		return;
	if (known_read(&x->known, x->mission, &store, since, &why))
		live_know(x->live, &x->known);
	else
		(void)fprintf(stderr, "truce run: %s\n", why.text);
	store.engine->close(&store);
}

static bool tell_at(const struct ear_of_run *x, struct fault *f)
{
	char line[LINE];
	struct text t = text_on(line, sizeof line);

	text_fmt(&t, "at %" PRIu64 " %" PRIu64 "\n", x->at.live, x->at.frames);
	return write_all(text_view(&t), f);
}

static bool tell_seen(const struct ear_of_run *x, struct fault *f)
{
	char line[LINE];
	struct text t = text_on(line, sizeof line);
	struct live_seen s;

	live_seen(x->live, &s);
	text_fmt(&t, "seen %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %"
		PRIu64 " %" PRIu64 " %zu %zu %.0f\n", s.samples, s.late,
		s.arrivals, s.alerts, s.told, s.doubted, s.channels, s.deaf,
		s.slowest_s * 1e3);
	return write_all(text_view(&t), f);
}

static bool loop(struct ear_of_run *x, struct fault *f)
{
	int64_t looked_ns = live_now_ns();
	bool more = true;

	while (more || !x->end) {
		struct heard was = x->at;

		if (!obey(x, more ? 0 : WAIT_MS, f))
			return false;
		if (x->learn)
			learn(x);
		if (!hear_packets(x, f) || !hear_frames(x, f))
			return false;
		more = x->at.live != was.live || x->at.frames != was.frames;
		if (more && !tell_at(x, f))
			return false;
		/* Of many that come together none is looked at alone; and who
		 * is behind hears more than it looks. */
		if (more && x->bytes < LOOK && live_now_ns() - looked_ns <
			LOOK_MS * INT64_C(1000000))
			continue;
		x->bytes = 0;
		if (!live_tick(x->live, false, f))
			return false;
		looked_ns = live_now_ns();
	}
	return live_tick(x->live, true, f) && tell_seen(x, f);
}

/* -- its life -- */

static bool open_all(struct ear_of_run *x, struct fault *f)
{
	const struct sink out = {put_alert, x};

	x->files_open = files_open(&x->files, x->folder, f);
	x->packets_open = x->files_open &&
		packets_look(&x->packets, &x->files.disk, f);
	x->frames_open = x->packets_open && spool_open(&x->frames,
		&x->files.disk, "frames", SPOOL_READ, 0, f);
	return x->frames_open && live_open(&x->live, x->mission, out, f);
}

int hearing_run(const char *folder, const struct mission *m, struct heard from)
{
	struct ear_of_run x = {.folder = folder, .mission = m, .at = from,
		.to = from, .learn = true};
	struct fault f = {0};
	bool ok;

	/* A terminal's signals go to all: the parent says when to end. */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	ok = open_all(&x, &f) && loop(&x, &f);
	if (!ok)
		(void)fprintf(stderr, "truce run: hearing: %s\n", f.text);
	live_close(x.live);
	known_done(&x.known);
	if (x.frames_open)
		spool_close(&x.frames);
	if (x.packets_open)
		packets_close(&x.packets);
	if (x.files_open)
		files_close(&x.files);
	return ok ? EXIT_DONE : EXIT_SYSTEM;
}
