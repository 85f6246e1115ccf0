/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spool/spool.h"

#include "base/text.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

enum {
	/* One batch of take(): payloads are copied here. */
	TAKE_BYTES = 4 << 20,
};

bool spool_open(struct spool *s, struct disk *d, const char *name,
	enum spool_mode mode, uint64_t floor, struct fault *f)
{
	char folder[LOG_FOLDER];
	struct text t = text_on(folder, sizeof folder);
	struct log_options o = {.folder = folder, .use = LOG_SPOOL,
		.writable = mode == SPOOL_WRITE, .floor = floor};

	*s = (struct spool){.wake = -1};
	text_fmt(&t, "spool/%s", name);
	if (!text_check(&t, f))
		return false;
	if (getrandom(o.id, sizeof o.id, 0) != (ssize_t)sizeof o.id)
		return fault_errno(f, "no random numbers");
	return log_open(&s->log, d, &o, f);
}

void spool_close(struct spool *s)
{
	if (s->reading)
		log_reader_close(&s->reader);
	if (s->wake >= 0)
		(void)close(s->wake);
	arena_unmap(&s->views);
	log_close(&s->log);
	*s = (struct spool){.wake = -1};
}

bool spool_append(
	struct spool *s, struct journal_record *r, size_t n, struct fault *f)
{
	uint64_t one = 1;

	if (!log_append(&s->log, r, n, f))
		return false;
	/* A full counter is readable too. */
	if (s->wake >= 0 && write(s->wake, &one, sizeof one) < 0 &&
		errno != EAGAIN)
		return fault_errno(f, "wake");
	return true;
}

bool spool_done(struct spool *s, uint64_t below, struct fault *f)
{
	struct journal j = log_journal(&s->log);

	if (below > s->log.end)
		return fault(f, FAULT_INPUT, "%s: record %ju is not there yet",
			s->log.folder, (uintmax_t)below);
	if (below > s->log.released)
		s->log.released = below;
	return j.drop(j.self, below, f);
}

struct journal spool_journal(struct spool *s)
{
	return log_journal(&s->log);
}

/* Segments that are new, and those that went, without a look at their
 * records. */
static bool extend(struct spool *s, uint64_t end, struct fault *f)
{
	struct log *l = &s->log;
	uint64_t first = l->segments > 0 ? l->first[0] : 0;

	if (!log_segments(l->disk, l->folder, l->first, LOG_SEGMENTS_MAX,
		&l->segments, f))
		return false;
	if (s->reading && (l->segments == 0 || l->first[0] != first)) {
		log_reader_close(&s->reader);
		s->reading = false;
	}
	l->end = end;
	return true;
}

bool spool_next(struct spool *s, uint64_t at, uint64_t end,
	struct journal_record *out, bool *got, struct fault *f)
{
	*got = false;
	if (at >= end)
		return true;
	if (end > s->log.end && !extend(s, end, f))
		return false;
	if (s->reading && s->reader.next != at) {
		log_reader_close(&s->reader);
		s->reading = false;
	}
	if (s->log.segments > 0 && at < s->log.first[0])
		at = s->log.first[0];
	if (!s->reading && !log_reader_open(&s->reader, &s->log, at, f))
		return false;
	s->reading = true;
	return log_next(&s->reader, out, got, f);
}

static void drained(struct spool *s)
{
	uint64_t n;

	if (s->wake >= 0 && read(s->wake, &n, sizeof n) < 0)
		return; /* nothing to take back */
}

static bool take(void *self, struct journal_record *out, size_t max,
	size_t *n, struct fault *f)
{
	struct spool *s = self;
	bool got = true;

	*n = 0;
	s->views.used = 0;
	drained(s);
	if (!log_refresh(&s->log, f))
		return false;
	if (!s->reading) {
		if (!log_reader_open(&s->reader, &s->log, s->taken, f))
			return false;
		s->reading = true;
	}
	while (*n < max && s->views.size - s->views.used >
		2 * JOURNAL_PAYLOAD_MAX) {
		struct journal_record *r = &out[*n];
		uint8_t *copy;

		if (!log_next(&s->reader, r, &got, f))
			return false;
		if (!got)
			break;
		copy = arena_take(&s->views, r->payload.len, f);
		if (!copy)
			return false;
		if (r->payload.len > 0)
			memcpy(copy, r->payload.at, r->payload.len);
		r->payload.at = copy;
		s->taken = r->sequence + 1;
		++*n;
	}
	return true;
}

static bool release(void *self, struct cursor c, struct fault *f)
{
	struct spool *s = self;

	if (memcmp(c.log_id, s->log.id, LOG_ID) != 0)
		return fault(f, FAULT_INPUT, "%s: release of another log",
			s->log.folder);
	if (c.sequence > s->taken)
		return fault(f, FAULT_INPUT, "%s: record %ju released, only %ju"
			" were taken", s->log.folder, (uintmax_t)c.sequence,
			(uintmax_t)s->taken);
	if (c.sequence > s->log.released)
		s->log.released = c.sequence;
	return true;
}

static int wake_fd(void *self)
{
	return ((struct spool *)self)->wake;
}

bool spool_stream(struct spool *s, const struct cursor *from,
	struct stream *out, struct fault *f)
{
	*out = (struct stream){s, take, release, wake_fd};
	if (from && from->sequence > 0 &&
		memcmp(from->log_id, s->log.id, LOG_ID) != 0)
		return fault(f, FAULT_INPUT,
			"%s: the cursor is of another log", s->log.folder);
	if (from && from->sequence > s->log.end)
		return fault(f, FAULT_SYSTEM, "%s: damage: the index took %ju"
			" records, %ju are there", s->log.folder,
			(uintmax_t)from->sequence, (uintmax_t)s->log.end);
	if (!s->views.at && !arena_map(&s->views, TAKE_BYTES, f))
		return false;
	if (s->reading)
		log_reader_close(&s->reader);
	s->reading = false;
	s->taken = from ? from->sequence : 0;
	if (s->taken == 0 && s->log.segments > 0)
		s->taken = s->log.first[0];
	s->log.released = s->taken;
	if (s->wake < 0)
		s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return s->wake >= 0 || fault_errno(f, "eventfd");
}

struct folders {
	struct disk *disk;
	bool (*each)(void *self, const char *name, struct fault *);
	void *self;
};

static bool one_folder(void *self, const char *name, struct fault *f)
{
	struct folders *x = self;
	char folder[LOG_FOLDER];
	struct text t = text_on(folder, sizeof folder);
	uint64_t first;
	size_t n;
	struct fault no;

	text_fmt(&t, "spool/%s", name);
	if (!text_check(&t, &no) || strcmp(name, "sds") == 0)
		return true;
	/* LIMIT: there is more than one segment. */
	if (log_segments(x->disk, folder, &first, 1, &n, &no) ?
			n == 0 : no.kind != FAULT_LIMIT)
		return true;
	return x->each(x->self, name, f);
}

bool spool_each(struct disk *d,
	bool (*each)(void *self, const char *name, struct fault *), void *self,
	struct fault *f)
{
	struct folders x = {d, each, self};

	return d->list(d->self, "spool", one_folder, &x, f);
}
