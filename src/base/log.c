/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The format, and reading.  Writing is in log_write.c. */
#include "base/log.h"

#include "base/encode.h"

#include <inttypes.h>

enum {
	WINDOW = 1 << 20, /* bytes read at once, up to 64 KiB of it twice */
};

static bool all_zero(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] != 0)
			return false;
	return true;
}

void log_head_write(const struct log_head *h, uint8_t out[LOG_HEAD])
{
	struct digest d;

	memset(out, 0, LOG_HEAD);
	memcpy(out, "CFL1", 4);
	put_be(out + 4, LOG_HEAD, 2);
	put_be(out + 6, h->use, 2);
	put_be(out + 8, h->first, 8);
	put_be(out + 16, (uint64_t)h->created.utc_ns, 8);
	memcpy(out + 32, h->id, LOG_ID);
	memcpy(out + 64, h->before.at, SHA256_LEN);
	d = sha256_of((struct bytes){out, 96});
	memcpy(out + 96, d.at, SHA256_LEN);
}

bool log_head_read(struct bytes b, struct log_head *h, struct fault *f)
{
	struct reader r = reader(bytes_part(b, 0, LOG_HEAD));
	struct bytes magic = read_bytes(&r, 4), zero, id, before, sum;
	uint64_t length = read_u16be(&r), use = read_u16be(&r);
	struct digest d;

	h->first = read_u64be(&r);
	h->created.utc_ns = (int64_t)read_u64be(&r);
	zero = read_bytes(&r, 8);
	id = read_bytes(&r, LOG_ID);
	if (!all_zero(zero) || !all_zero(read_bytes(&r, 16)))
		return fault(f, FAULT_INPUT, "reserved bytes are not zero");
	before = read_bytes(&r, SHA256_LEN);
	sum = read_bytes(&r, SHA256_LEN);
	if (r.ran_out)
		return fault(f, FAULT_INPUT, "header: %zu bytes, wants %d",
			b.len, LOG_HEAD);
	d = sha256_of(bytes_part(b, 0, 96));
	if (!bytes_equal(sum, digest_view(&d)))
		return fault(f, FAULT_INPUT, "header: digest does not fit");
	if (!bytes_are(magic, "CFL1") || length != LOG_HEAD ||
		(use != LOG_SPOOL && use != LOG_JOURNAL))
		return fault(f, FAULT_INPUT, "no segment of a log");
	h->use = (enum log_use)use;
	memcpy(h->id, id.at, LOG_ID);
	memcpy(h->before.at, before.at, SHA256_LEN);
	return true;
}

static void header_front(const struct journal_record *r, uint8_t out[32])
{
	memcpy(out, "CFR1", 4);
	put_be(out + 4, r->payload.len, 4);
	put_be(out + 8, r->sequence, 8);
	put_be(out + 16, (uint64_t)r->received.utc_ns, 8);
	put_be(out + 24, r->feed, 4);
	put_be(out + 28, r->kind, 2);
	put_be(out + 30, r->flags, 2);
}

static struct digest digest_of(struct bytes front, struct bytes payload)
{
	const struct bytes part[] = {front, payload};

	return sha256_parts(part, 2);
}

void log_record_seal(struct journal_record *r, uint8_t out[JOURNAL_HEADER])
{
	header_front(r, out);
	r->digest = digest_of((struct bytes){out, 32}, r->payload);
	memcpy(out + 32, r->digest.at, SHA256_LEN);
}

void log_record_header(
	const struct journal_record *r, uint8_t out[JOURNAL_HEADER])
{
	header_front(r, out);
	memcpy(out + 32, r->digest.at, SHA256_LEN);
}

enum log_found log_record_read(struct bytes b, struct journal_record *rec)
{
	struct reader r = reader(b);
	struct bytes front = bytes_part(b, 0, 32), sum;
	struct digest d;
	uint32_t length;

	if (!bytes_start(b, "CFR1"))
		return !all_zero(bytes_part(b, 0, JOURNAL_HEADER)) ?
			LOG_DAMAGED : LOG_ZERO;
	reader_skip(&r, 4);
	length = read_u32be(&r);
	if (length > JOURNAL_PAYLOAD_MAX)
		return LOG_DAMAGED;
	rec->sequence = read_u64be(&r);
	rec->received.utc_ns = (int64_t)read_u64be(&r);
	rec->feed = read_u32be(&r);
	rec->kind = (enum journal_kind)read_u16be(&r);
	rec->flags = read_u16be(&r);
	sum = read_bytes(&r, SHA256_LEN);
	rec->payload = read_bytes(&r, length);
	if (r.ran_out || log_record_size(rec) > b.len)
		return LOG_SHORT;
	d = digest_of(front, rec->payload);
	if (!bytes_equal(sum, digest_view(&d)))
		return LOG_DAMAGED;
	rec->digest = d;
	return LOG_RECORD;
}

const char *log_path(const char *folder, uint64_t first, char out[LOG_PATH])
{
	struct text t = text_on(out, LOG_PATH);

	text_fmt(&t, "%s/%016" PRIx64 ".seg", folder, first);
	return out;
}

/* -- windows -- */

bool log_scan_open(struct log_scan *s, struct disk *disk, const char *path,
	struct fault *f)
{
	s->disk = disk;
	s->have = 0;
	s->file = -1;
	if (!s->memory.at && !arena_map(&s->memory, WINDOW, f))
		return false;
	return disk->open(disk->self, path, DISK_READ, &s->file, f);
}

bool log_scan_at(
	struct log_scan *s, uint64_t at, struct bytes *out, struct fault *f)
{
	struct bytes all;

	if (at < s->from || at - s->from > s->have ||
		s->have - (at - s->from) < LOG_RECORD_MAX) {
		s->have = 0;
		s->from = at;
		if (!s->disk->read(s->disk->self, s->file, at, s->memory.at,
			WINDOW, &s->have, f))
			return false;
	}
	all = (struct bytes){s->memory.at, s->have};
	*out = bytes_part(all, (size_t)(at - s->from), LOG_RECORD_MAX);
	return true;
}

void log_scan_close(struct log_scan *s)
{
	if (s->file >= 0 && s->disk)
		s->disk->close(s->disk->self, s->file);
	s->file = -1;
	arena_unmap(&s->memory);
}

/* -- the folder -- */

struct listing {
	uint64_t *first;
	size_t max, n;
};

static bool listed(void *self, const char *name, struct fault *f)
{
	struct listing *l = self;
	uint8_t first[8];
	struct fault no;

	if (strlen(name) != 20 || strcmp(name + 16, ".seg") != 0 ||
		!hex_read((struct bytes){(const uint8_t *)name, 16}, first, 8,
			&no))
		return true;
	if (l->n == l->max)
		return fault(f, FAULT_LIMIT, "more than %zu segments", l->max);
	l->first[l->n++] = bytes_be((struct bytes){first, 8});
	return true;
}

bool log_segments(struct disk *disk, const char *folder, uint64_t *first,
	size_t max, size_t *n, struct fault *f)
{
	struct listing l = {first, max, 0};

	if (!disk->list(disk->self, folder, listed, &l, f))
		return fault_in(f, "%s", folder);
	*n = l.n;
	return true;
}

/* -- reading in order -- */

bool log_reader_open(
	struct log_reader *r, struct log *l, uint64_t from, struct fault *f)
{
	*r = (struct log_reader){.of = l, .scan = {.file = -1}, .next = from};
	if (l->segments > 0 && from < l->first[0])
		return fault(f, FAULT_INPUT, "%s: record %" PRIu64
			" is pruned, the first is %" PRIu64, l->folder, from,
			l->first[0]);
	while (r->segment + 1 < l->segments &&
		l->first[r->segment + 1] <= from)
		r->segment++;
	return true;
}

static bool open_segment(struct log_reader *r, struct fault *f)
{
	struct log *l = r->of;
	char path[LOG_PATH];

	if (r->scan.file >= 0) {
		l->disk->close(l->disk->self, r->scan.file);
		r->scan.file = -1;
	}
	r->at = LOG_HEAD;
	return log_scan_open(&r->scan, l->disk,
		log_path(l->folder, l->first[r->segment], path), f);
}

/* The record at r->at must be `want`. */
static bool next_in_segment(struct log_reader *r, struct journal_record *rec,
	uint64_t *sequence, struct fault *f)
{
	struct log *l = r->of;
	char path[LOG_PATH];
	struct bytes b;
	bool good = false;

	(void)log_path(l->folder, l->first[r->segment], path);
	/* Twice: the window may be older than the record, or the file older
	 * than the one that has its name now, with the same bytes first. */
	for (int i = 0; i < 2 && !good; i++) {
		if (i > 0) {
			l->disk->close(l->disk->self, r->scan.file);
			if (!log_scan_open(&r->scan, l->disk, path, f))
				return false;
		}
		if (!log_scan_at(&r->scan, r->at, &b, f))
			return fault_in(f, "%s", path);
		good = log_record_read(b, rec) == LOG_RECORD &&
			rec->sequence == *sequence;
	}
	if (!good)
		return fault(f, FAULT_INPUT, "%s: byte %" PRIu64
			": damage, wants record %" PRIu64, path, r->at,
			*sequence);
	r->at += log_record_size(rec);
	++*sequence;
	return true;
}

bool log_next(struct log_reader *r, struct journal_record *rec, bool *got,
	struct fault *f)
{
	struct log *l = r->of;
	uint64_t sequence = r->next;

	*got = false;
	if (r->next >= l->end)
		return true;
	if (r->segment + 1 < l->segments &&
		r->next == l->first[r->segment + 1]) {
		r->segment++;
		if (!open_segment(r, f))
			return false;
	} else if (r->scan.file < 0) {
		if (!open_segment(r, f))
			return false;
		/* to the place in the middle of a segment */
		sequence = l->first[r->segment];
		while (sequence < r->next)
			if (!next_in_segment(r, rec, &sequence, f))
				return false;
	}
	if (!next_in_segment(r, rec, &sequence, f))
		return false;
	r->next = sequence;
	*got = true;
	return true;
}

void log_reader_close(struct log_reader *r)
{
	if (r->of)
		log_scan_close(&r->scan);
	r->of = NULL;
}

/* -- for an audit -- */

static bool check_head(struct log_scan *s, struct log_check *c,
	struct fault *f)
{
	struct bytes b;

	if (!log_scan_at(s, 0, &b, f) || !log_head_read(b, &c->head, f))
		return false;
	if (c->head.use != c->use)
		return fault(f, FAULT_INPUT, "use %d, wants %d", c->head.use,
			c->use);
	if (c->head.first != c->first)
		return fault(f, FAULT_INPUT, "first record %" PRIu64
			" is not what the name says", c->head.first);
	if (!bytes_equal(digest_view(&c->head.before), digest_view(&c->last)))
		return fault(f, FAULT_INPUT,
			"does not follow the segment before it");
	return true;
}

/* From `at` to the end all must be zero. */
static bool check_tail(struct log_scan *s, uint64_t at, struct log_check *c,
	struct fault *f)
{
	struct bytes b;

	for (;; at += b.len) {
		if (!log_scan_at(s, at, &b, f))
			return false;
		if (b.len == 0)
			break;
		if (!all_zero(b)) {
			c->torn = true;
			return fault(f, FAULT_INPUT, "byte %" PRIu64
				": damage, wants record %" PRIu64
				" or zeros", at, c->end);
		}
	}
	if (c->stop != UINT64_MAX && c->end != c->stop)
		return fault(f, FAULT_INPUT, "ends before record %" PRIu64
			", wants up to %" PRIu64, c->end, c->stop);
	return true;
}

bool log_segment_check(struct disk *disk, struct log_check *c,
	bool (*each)(void *self, const struct journal_record *,
		struct fault *),
	void *self, struct fault *f)
{
	struct log_scan s = {.file = -1};
	struct journal_record r;
	uint64_t at = LOG_HEAD;
	char path[LOG_PATH];
	bool ok = false;
	struct bytes b;

	(void)log_path(c->folder, c->first, path);
	c->torn = false;
	c->end = c->first;
	if (!log_scan_open(&s, disk, path, f) || !check_head(&s, c, f))
		goto out;
	for (; c->end < c->stop; c->end++, at += log_record_size(&r)) {
		size_t used, size;

		if (!log_scan_at(&s, at, &b, f))
			goto out;
		if (log_record_read(b, &r) != LOG_RECORD ||
			r.sequence != c->end)
			break;
		used = JOURNAL_HEADER + r.payload.len;
		size = log_record_size(&r);
		if (!all_zero(bytes_part(b, used, size - used))) {
			fault(f, FAULT_INPUT, "record %" PRIu64
				": padding is not zero", c->end);
			goto out;
		}
		c->last = r.digest;
		if (!each(self, &r, f))
			goto out;
	}
	ok = check_tail(&s, at, c, f);
out:
	log_scan_close(&s);
	return ok || fault_in(f, "%s", path);
}
