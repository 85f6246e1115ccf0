/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opening, salvage and appending. */
#include "base/log.h"

#include "base/text.h"

#include <inttypes.h>

enum {
	GATHER = 1 << 20,       /* bytes of one write */
	RESERVE_FIRST = 1 << 20, /* doubled up to the segment's size */
	ZEROS = 1 << 16, /* written ahead where less is appended at a time */
	SEEN_SLOTS = 1 << 20,   /* a 64 MiB segment holds at most as many */
	CARRY_MAX = GATHER / 2, /* below, a segment is written on: 2^16 of them
				 * then hold 32 GiB whatever happens */
};

static const char *new_path(
	const struct log *l, uint64_t first, char out[LOG_PATH])
{
	struct text t = text_on(out, LOG_PATH);

	text_fmt(&t, "%s/%016" PRIx64 ".new", l->folder, first);
	return out;
}

/* -- the segment being written -- */

/* Small groups write zeros behind them, up to the next multiple: what comes
 * there later goes over blocks that are written already, and its sync has
 * nothing to say of them in the file system's own journal (a fifth less, ext4,
 * bench/ledger.c).  Where a group is larger, its bytes would be written twice
 * for that. */
static size_t with_zeros(struct log *l, uint64_t at)
{
	uint64_t end = at + l->filled;
	uint64_t more = (end + ZEROS - 1) / ZEROS * ZEROS;

	if (end <= l->zeros || l->filled >= ZEROS / 2 || more > l->reserved)
		return l->filled;
	memset(l->out + l->filled, 0, (size_t)(more - end));
	l->zeros = more;
	return (size_t)(more - at);
}

static bool flush(struct log *l, uint64_t *at, struct fault *f)
{
	struct disk *d = l->disk;
	uint64_t want = *at + l->filled;

	if (l->filled == 0)
		return true;
	if (want > l->reserved) {
		uint64_t size = l->reserved ? l->reserved : RESERVE_FIRST;

		while (size < want)
			size *= 2;
		if (size > l->segment_max)
			size = want > l->segment_max ? want : l->segment_max;
		if (!d->reserve(d->self, l->file, size, f))
			return false;
		l->reserved = size;
	}
	if (!d->write(d->self, l->file, *at,
		(struct bytes){l->out, with_zeros(l, *at)}, f))
		return false;
	*at = want;
	l->filled = 0;
	return true;
}

static bool put(struct log *l, struct journal_record *r, uint64_t *at,
	struct fault *f)
{
	size_t size = log_record_size(r);
	uint8_t *to;

	if (l->filled + size > GATHER && !flush(l, at, f))
		return false;
	to = l->out + l->filled;
	log_record_seal(r, to);
	to += JOURNAL_HEADER;
	if (r->payload.len > 0)
		memcpy(to, r->payload.at, r->payload.len);
	memset(to + r->payload.len, 0, size - JOURNAL_HEADER - r->payload.len);
	l->filled += size;
	return true;
}

/* An empty ".new" that will hold records from `first` on. */
static bool new_segment(struct log *l, uint64_t first,
	struct instant created, struct fault *f)
{
	struct disk *d = l->disk;
	char path[LOG_PATH];

	l->file = -1;
	if (!d->open(d->self, new_path(l, first, path), DISK_CREATE, &l->file,
		f))
		return false;
	l->fresh = true;
	l->begins = first;
	l->created = created;
	l->at = 0;
	l->reserved = l->zeros = 0;
	return true;
}

static bool start_segment(struct log *l, uint64_t first,
	struct instant created, struct fault *f)
{
	struct log_head h = {.use = l->use, .first = first,
		.created = created, .before = l->last};

	if (l->segments == LOG_SEGMENTS_MAX)
		return fault(f, FAULT_LIMIT, "more than %d segments",
			LOG_SEGMENTS_MAX);
	memcpy(h.id, l->id, LOG_ID);
	if (!new_segment(l, first, created, f))
		return false;
	log_head_write(&h, l->out);
	l->filled = LOG_HEAD;
	return true;
}

/* Is what was read the segment as it was found at opening? */
static bool carried(const struct log *l, size_t n)
{
	struct bytes all = {l->out, n};
	struct journal_record r = {.sequence = 0};
	uint64_t next = l->carry.first;
	struct log_head h;
	struct fault no;
	size_t at = LOG_HEAD;

	if (n != l->carry.bytes || !log_head_read(all, &h, &no))
		return false;
	for (; at < n; at += log_record_size(&r))
		if (log_record_read(bytes_part(all, at, n), &r) !=
			LOG_RECORD || r.sequence != next++)
			return false;
	return at == n && next == l->end &&
		memcmp(&r.digest, &l->last, sizeof l->last) == 0;
}

/* The last segment again, in a new file that takes its name with the first
 * commit: so a file is still written by one process only.  *did false: it was
 * not as it should be, and is left alone. */
static bool carry_on(struct log *l, bool *did, struct fault *f)
{
	struct disk *d = l->disk;
	char path[LOG_PATH];
	size_t n = 0;
	bool ok;
	int file;

	*did = false;
	(void)log_path(l->folder, l->carry.first, path);
	if (!d->open(d->self, path, DISK_READ, &file, f))
		return false;
	ok = d->read(d->self, file, 0, l->out, (size_t)l->carry.bytes, &n, f);
	d->close(d->self, file);
	*did = ok && carried(l, n);
	if (!*did)
		return ok;
	if (!new_segment(l, l->carry.first, l->carry.created, f))
		return false;
	l->filled = n;
	return true;
}

static bool too_old(const struct log *l, struct instant created, uint64_t at,
	struct instant now)
{
	/* A spool's segments are dropped when they are old; a journal's stay,
	 * and small ones only cost. */
	return now.utc_ns - created.utc_ns >= LOG_SEGMENT_NS &&
		(l->use == LOG_SPOOL || at > CARRY_MAX);
}

/* Where the next record goes: once after an opening on from a small segment,
 * else into a new one. */
static bool begin_segment(
	struct log *l, const struct journal_record *r, struct fault *f)
{
	uint64_t bytes = l->carry.bytes;
	bool did = false;

	if (bytes > 0 && bytes + log_record_size(r) <= l->segment_max &&
		!too_old(l, l->carry.created, bytes, r->received) &&
		!carry_on(l, &did, f)) {
		l->carry.bytes = 0;
		return false;
	}
	l->carry.bytes = 0;
	return did || start_segment(l, l->end, r->received, f);
}

/* Everything put so far is durable, and its segment has its name. */
static bool commit(struct log *l, uint64_t at, bool *sync_failed,
	struct fault *f)
{
	struct disk *d = l->disk;
	char from[LOG_PATH], to[LOG_PATH];

	if (!flush(l, &at, f))
		return false;
	if (!d->sync(d->self, l->file, f)) {
		*sync_failed = true;
		return false;
	}
	if (l->fresh) {
		if (!d->replace(d->self, new_path(l, l->begins, from),
			log_path(l->folder, l->begins, to), f))
			return false;
		l->fresh = false;
		if (l->segments == 0 ||
			l->first[l->segments - 1] != l->begins)
			l->first[l->segments++] = l->begins;
	}
	l->at = at;
	return true;
}

/* Leaves the segment for good.  What lies behind l->at was never
 * acknowledged; cutting it off is tidy and may fail. */
static void leave_segment(struct log *l)
{
	struct disk *d = l->disk;
	struct fault no;
	char path[LOG_PATH];

	if (l->file < 0)
		return;
	if (!l->fresh)
		(void)d->truncate(d->self, l->file, l->at, &no);
	d->close(d->self, l->file);
	if (l->fresh)
		(void)d->remove(
			d->self, new_path(l, l->begins, path), &no);
	l->file = -1;
	l->fresh = false;
	l->filled = 0;
}

/* One group into one segment, synced. */
static bool write_group(struct log *l, struct journal_record *r, size_t n,
	bool *sync_failed, struct fault *f)
{
	uint64_t at;

	if (l->file < 0 && !begin_segment(l, r, f)) {
		leave_segment(l);
		return false;
	}
	at = l->at;
	for (size_t i = 0; i < n; i++) {
		r[i].sequence = l->end + i;
		if (!put(l, &r[i], &at, f)) {
			leave_segment(l);
			return false;
		}
	}
	if (!commit(l, at, sync_failed, f)) {
		leave_segment(l);
		return false;
	}
	l->end += n;
	l->last = r[n - 1].digest;
	return true;
}

/* How many records fit into what is left of the segment; 0: none do. */
static size_t fitting(const struct log *l, const struct journal_record *r,
	size_t n)
{
	uint64_t at = l->file < 0 ? LOG_HEAD : l->at;
	size_t k = 0;

	if (l->file < 0 && l->carry.bytes > 0)
		at = l->carry.bytes;
	while (k < n && at + log_record_size(&r[k]) <= l->segment_max)
		at += log_record_size(&r[k++]);
	return k;
}

bool log_append(
	struct log *l, struct journal_record *r, size_t n, struct fault *f)
{
	if (!l->writable)
		return fault(f, FAULT_SYSTEM, "%s: opened for reading",
			l->folder);
	if (l->dead)
		return fault(f, FAULT_SYSTEM,
			"%s: stopped, syncing failed twice", l->folder);
	for (size_t i = 0; i < n; i++)
		if (r[i].payload.len > JOURNAL_PAYLOAD_MAX)
			return fault(f, FAULT_LIMIT,
				"%s: a record of %zu bytes, wants at most %d",
				l->folder, r[i].payload.len,
				JOURNAL_PAYLOAD_MAX);
	while (n > 0) {
		bool bad_sync = false, again = false;
		size_t k = fitting(l, r, n);

		if (l->file < 0 && k == 0) {
			l->carry.bytes = 0;
			k = fitting(l, r, n);
		}
		if (l->file >= 0 && (k == 0 ||
			too_old(l, l->created, l->at, r->received))) {
			leave_segment(l);
			k = fitting(l, r, n);
		}
		if (k == 0)
			k = 1; /* a small segment_max of a test */
		if (!write_group(l, r, k, &bad_sync, f) &&
			!write_group(l, r, k, &again, f)) {
			l->dead = bad_sync && again;
			return fault_in(f, "%s", l->folder);
		}
		r += k;
		n -= k;
	}
	return true;
}

/* -- salvage -- */

struct run { /* of valid records from the beginning of a segment */
	uint64_t end;       /* the next sequence */
	uint64_t bytes;     /* 0: not even the head */
	struct digest last;
	struct log_head head;
	bool rest; /* something that is not zero lies behind */
};

static bool not_zero(struct bytes b, size_t *at)
{
	for (*at = 0; *at < b.len; ++*at)
		if (b.at[*at] != 0)
			return true;
	return false;
}

/* stop: where the next segment begins. */
static bool find_run(struct log *l, struct log_scan *s, uint64_t first,
	uint64_t stop, struct run *run, struct fault *f)
{
	struct journal_record r;
	char path[LOG_PATH];
	struct fault no;
	struct bytes b;
	size_t k;

	*run = (struct run){.end = first};
	if (!log_scan_open(s, l->disk, log_path(l->folder, first, path), f) ||
		!log_scan_at(s, 0, &b, f))
		return false;
	if (log_head_read(b, &run->head, &no) && run->head.first == first &&
		run->head.use == l->use) {
		run->bytes = LOG_HEAD;
		run->last = run->head.before;
		for (; run->end < stop; run->end++) {
			if (!log_scan_at(s, run->bytes, &b, f))
				return false;
			if (log_record_read(b, &r) != LOG_RECORD ||
				r.sequence != run->end)
				break;
			run->bytes += log_record_size(&r);
			run->last = r.digest;
		}
	}
	for (uint64_t at = run->bytes;; at += b.len) {
		if (!log_scan_at(s, at, &b, f))
			return false;
		if (b.len == 0)
			return true;
		if (not_zero(b, &k)) {
			run->rest = true;
			return true;
		}
	}
}

/* What the newest segment holds, so that a salvage cut short by a crash adds
 * nothing twice: hashed by time, feed, kind and payload. */
struct seen {
	struct digest *slot; /* zeros: free */
};

static struct digest content(const struct journal_record *r)
{
	uint8_t front[14];
	struct sha256 s;

	put_be(front, (uint64_t)r->received.utc_ns, 8);
	put_be(front + 8, r->feed, 4);
	put_be(front + 12, r->kind, 2);
	sha256_start(&s);
	sha256_add(&s, (struct bytes){front, sizeof front});
	sha256_add(&s, r->payload);
	return sha256_end(&s);
}

/* True when it was there; else it is now.  A full table forgets. */
static bool seen(struct seen *set, const struct journal_record *r)
{
	static const struct digest none;
	struct digest d = content(r);
	size_t k = (size_t)bytes_be((struct bytes){d.at, 8});

	for (size_t i = 0; i < SEEN_SLOTS; i++) {
		struct digest *at = &set->slot[(k + i) % SEEN_SLOTS];

		if (memcmp(at, &d, sizeof d) == 0)
			return true;
		if (memcmp(at, &none, sizeof d) == 0) {
			*at = d;
			return false;
		}
	}
	return false;
}

static bool see_segment(struct log *l, struct log_scan *s, uint64_t first,
	uint64_t bytes, struct seen *set, struct fault *f)
{
	struct journal_record r;
	char path[LOG_PATH];
	struct bytes b;

	if (!log_scan_open(s, l->disk, log_path(l->folder, first, path), f))
		return false;
	for (uint64_t at = LOG_HEAD; at < bytes; at += log_record_size(&r)) {
		if (!log_scan_at(s, at, &b, f))
			return false;
		if (log_record_read(b, &r) != LOG_RECORD)
			break;
		(void)seen(set, &r);
	}
	return true;
}

/* Valid records behind the run, at any multiple of 8, again into the segment
 * being written.  Their sequences must rise, and no faster than records fit:
 * so bytes inside a damaged payload that look like a record of long ago, or of
 * the far future, are not taken for one. */
static bool rescue(struct log *l, uint64_t first, const struct run *run,
	struct seen *set, uint64_t *end, struct fault *f)
{
	struct log_scan s = {.file = -1};
	uint64_t at = (run->bytes + 7) & ~(uint64_t)7, least = run->end;
	struct journal_record r;
	char path[LOG_PATH];
	bool ok = false;
	struct bytes b;
	size_t k;

	if (!log_scan_open(&s, l->disk, log_path(l->folder, first, path), f))
		goto out;
	for (;;) {
		if (!log_scan_at(&s, at, &b, f))
			goto out;
		if (b.len < JOURNAL_HEADER)
			break;
		if (log_record_read(b, &r) != LOG_RECORD ||
			r.sequence < least || r.sequence > run->end +
				(at - run->bytes) / JOURNAL_HEADER) {
			at += not_zero(b, &k) ? (k < 8 ? 8 : k / 8 * 8) : b.len;
			continue;
		}
		at += log_record_size(&r);
		least = r.sequence + 1;
		if (seen(set, &r))
			continue;
		if (l->file < 0 && !start_segment(l, *end, r.received, f))
			goto out;
		r.sequence = (*end)++;
		r.flags |= JOURNAL_SALVAGED;
		if (!put(l, &r, &l->at, f))
			goto out;
		l->last = r.digest;
		l->salvaged++;
	}
	ok = true;
out:
	log_scan_close(&s);
	return ok;
}

static bool cut(struct log *l, uint64_t first, const struct run *run,
	struct fault *f)
{
	struct disk *d = l->disk;
	uint64_t size = 0;
	char path[LOG_PATH];
	bool exists, ok;
	int file;

	(void)log_path(l->folder, first, path);
	if (!d->size(d->self, path, &size, &exists, f))
		return false;
	if (run->bytes == 0)
		return d->remove(d->self, path, f) &&
			d->sync_folder(d->self, l->folder, f);
	if (size <= run->bytes)
		return true;
	l->cut += size - run->bytes;
	if (!d->open(d->self, path, DISK_WRITE, &file, f))
		return false;
	ok = d->truncate(d->self, file, run->bytes, f) &&
		d->sync(d->self, file, f);
	d->close(d->self, file);
	return ok;
}

/* Whether the run of the segment that begins at `first` was overwritten by
 * the one salvage made (it had no record of its own). */
static bool replaced(const struct log *l, uint64_t first)
{
	return l->file >= 0 && l->begins == first;
}

struct tail { /* the last two segments */
	uint64_t first, before_first;
	struct run run, before;
	bool has_before;
};

static bool look_at_tail(struct log *l, struct tail *t, struct fault *f)
{
	struct log_scan s = {.file = -1};
	size_t n = l->segments;
	bool ok = true;

	*t = (struct tail){.first = l->first[n - 1], .has_before = n > 1};
	if (t->has_before) {
		t->before_first = l->first[n - 2];
		ok = find_run(l, &s, t->before_first, t->first, &t->before, f);
		log_scan_close(&s);
	}
	if (ok)
		ok = find_run(l, &s, t->first, UINT64_MAX, &t->run, f);
	log_scan_close(&s);
	if (!ok)
		return false;
	if (t->run.bytes == 0 && t->has_before)
		t->run.last = t->before.last;
	if (t->run.bytes > 0)
		memcpy(l->id, t->run.head.id, LOG_ID);
	else if (t->has_before && t->before.bytes > 0)
		memcpy(l->id, t->before.head.id, LOG_ID);
	return true;
}

static bool salvage(struct log *l, struct tail *t, struct fault *f)
{
	bool old = t->has_before && t->before.rest &&
		t->before.end == t->first;
	struct log_scan s = {.file = -1};
	struct arena memory = {0};
	struct seen set = {0};
	uint64_t end = l->end;
	bool ok = false, sync_failed;

	if (!old && !t->run.rest)
		return true;
	if (l->use == LOG_SPOOL) {
		if (!arena_map(&memory, SEEN_SLOTS * sizeof *set.slot, f))
			return false;
		set.slot = (void *)memory.at;
		if (!see_segment(l, &s, t->first, t->run.bytes, &set, f) ||
			(old && !rescue(l, t->before_first, &t->before, &set,
				&end, f)) ||
			(t->run.rest && !rescue(l, t->first, &t->run, &set,
				&end, f)))
			goto out;
		if (l->file >= 0 && !commit(l, l->at, &sync_failed, f))
			goto out;
		l->end = end;
	}
	ok = (!old || cut(l, t->before_first, &t->before, f)) &&
		(!t->run.rest || replaced(l, t->first) ||
			cut(l, t->first, &t->run, f));
	if (ok && t->run.bytes == 0 && !replaced(l, t->first))
		l->segments--;
out:
	log_scan_close(&s);
	arena_unmap(&memory);
	return ok;
}

/* -- opening -- */

static bool remove_new(void *self, const char *name, struct fault *f)
{
	struct log *l = self;
	size_t n = strlen(name);
	char path[LOG_PATH];
	struct text t = text_on(path, sizeof path);

	if (n != 20 || strcmp(name + 16, ".new") != 0)
		return true;
	text_fmt(&t, "%s/%s", l->folder, name);
	return l->disk->remove(l->disk->self, path, f);
}

static bool find_end(struct log *l, uint64_t floor, struct fault *f)
{
	struct tail t;

	if (l->segments == 0) {
		if (floor > 0)
			return fault(f, FAULT_SYSTEM, "damage: no records, %"
				PRIu64 " are committed", floor);
		return true;
	}
	if (!look_at_tail(l, &t, f))
		return false;
	if (t.run.bytes > 0)
		l->last = t.run.last;
	else if (t.has_before)
		l->last = t.before.last;
	l->end = t.run.end;
	if (t.run.end < floor || (t.has_before && t.before.end < t.first &&
		t.before.end < floor))
		return fault(f, FAULT_SYSTEM, "damage: record %" PRIu64
			" is missing, %" PRIu64 " are committed",
			t.has_before && t.before.end < t.first ?
				t.before.end : t.run.end, floor);
	if (l->writable && !salvage(l, &t, f))
		return false;
	/* Not what salvage has begun or removed. */
	if (l->file < 0 && l->segments > 0 && t.run.bytes > LOG_HEAD &&
		t.run.bytes <= CARRY_MAX) {
		l->carry.first = t.first;
		l->carry.bytes = t.run.bytes;
		l->carry.created = t.run.head.created;
	}
	return true;
}

bool log_open(struct log *l, struct disk *d, const struct log_options *o,
	struct fault *f)
{
	struct text name;

	*l = (struct log){.disk = d, .use = o->use, .writable = o->writable,
		.file = -1, .lock = -1, .segment_max = o->segment_max ?
			o->segment_max : LOG_SEGMENT_MAX};
	name = text_on(l->folder, sizeof l->folder);
	text_add(&name, o->folder);
	memcpy(l->id, o->id, LOG_ID);
	if (!text_check(&name, f) ||
		!arena_map(&l->memory, GATHER +
			LOG_SEGMENTS_MAX * sizeof *l->first, f))
		goto bad;
	/* Not by arena_take(): it would touch every page. */
	l->out = l->memory.at;
	l->first = (void *)(l->memory.at + GATHER);
	if (l->writable && (!d->lock(d->self, l->folder, &l->lock, f) ||
		!d->list(d->self, l->folder, remove_new, l, f)))
		goto bad;
	if (!log_segments(d, l->folder, l->first, LOG_SEGMENTS_MAX,
		&l->segments, f) || !find_end(l, o->floor, f))
		goto bad;
	return true;
bad:
	log_close(l);
	return fault_in(f, "%s", o->folder);
}

void log_close(struct log *l)
{
	if (!l->disk)
		return;
	leave_segment(l);
	if (l->lock >= 0)
		l->disk->close(l->disk->self, l->lock);
	arena_unmap(&l->memory);
	*l = (struct log){.file = -1, .lock = -1};
}

bool log_refresh(struct log *l, struct fault *f)
{
	if (l->writable)
		return true;
	if (!log_segments(l->disk, l->folder, l->first, LOG_SEGMENTS_MAX,
		&l->segments, f))
		return false;
	return find_end(l, 0, f) || fault_in(f, "%s", l->folder);
}

/* -- as a table -- */

static bool journal_append(void *self, struct journal_record *r, size_t n,
	struct fault *f)
{
	return log_append(self, r, n, f);
}

static bool journal_read(void *self, uint64_t from,
	bool (*each)(void *each_self, const struct journal_record *,
		struct fault *),
	void *each_self, struct fault *f)
{
	struct log_reader r;
	struct journal_record rec;
	bool ok, got = true;

	ok = log_reader_open(&r, self, from, f);
	f->kind = ok ? FAULT_NONE : f->kind;
	while (ok && got) {
		ok = log_next(&r, &rec, &got, f);
		if (ok && got && !each(each_self, &rec, f)) {
			ok = f->kind == FAULT_NONE;
			break;
		}
	}
	log_reader_close(&r);
	return ok;
}

static uint64_t journal_end(void *self)
{
	return ((struct log *)self)->end;
}

static bool journal_drop(void *self, uint64_t below, struct fault *f)
{
	struct log *l = self;
	size_t n = 0;

	if (below > l->released)
		return fault(f, FAULT_INPUT, "%s: record %" PRIu64
			" is not released yet", l->folder, l->released);
	for (; n + 1 < l->segments && l->first[n + 1] <= below; n++) {
		char path[LOG_PATH];

		if (!l->disk->remove(l->disk->self,
			log_path(l->folder, l->first[n], path), f))
			break;
	}
	memmove(l->first, l->first + n,
		(l->segments - n) * sizeof *l->first);
	l->segments -= n;
	return n == 0 || l->disk->sync_folder(l->disk->self, l->folder, f);
}

struct journal log_journal(struct log *l)
{
	return (struct journal){.self = l, .append = journal_append,
		.read = journal_read, .end = journal_end,
		.drop = journal_drop};
}
