/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/taking.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "ledger/blobs.h"
#include "ledger/merkle.h"

bool taking_may(const char *path, struct fault *f)
{
	static const char *const own[] = {"ledger/", "inbox/", "index.db",
		"out/", "reports/"};

	if (strncmp(path, "ledger/policy/", 14) == 0 ||
		strncmp(path, "ledger/cosigned/", 16) == 0)
		return true;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strncmp(path, own[i], strlen(own[i])) == 0)
			return fault(f, FAULT_INPUT, "mission/%s: a pack may "
				"not bring that", path);
	return true;
}

static bool sound(struct disk *from, const char *path, const struct digest *d,
	struct bytes *b, struct fault *f)
{
	struct digest is;

	if (!from->map(from->self, path, b, f))
		return false;
	is = sha256_of(*b);
	if (digest_equal(&is, d))
		return true;
	from->unmap(from->self, *b);
	return fault(f, FAULT_INPUT, "%s: is not what MANIFEST says", path);
}

bool taking_file(struct disk *from, const char *path, const struct digest *d,
	struct disk *to, const char *as, struct fault *f)
{
	struct bytes b;
	int file;
	bool ok;

	if (!sound(from, path, d, &b, f))
		return false;
	ok = to->open(to->self, as, strncmp(as, "blobs/", 6) == 0 ?
		DISK_CREATE_SEALED : DISK_CREATE, &file, f);
	if (ok) {
		ok = to->write(to->self, file, 0, b, f) &&
			to->sync(to->self, file, f);
		to->close(to->self, file);
	}
	from->unmap(from->self, b);
	return ok || fault_in(f, "%s", as);
}

bool taking_blob(struct disk *from, const char *path, const struct digest *d,
	struct disk *to, bool *fresh, struct fault *f)
{
	struct blob blob;
	struct bytes b;
	bool ok;

	if (!sound(from, path, d, &b, f))
		return false;
	ok = blobs_put(to, b, &blob, fresh, f);
	from->unmap(from->self, b);
	return ok;
}

/* -- records -- */

bool taking_head(struct disk *d, const char *folder, uint64_t first,
	struct log_head *head, struct fault *f)
{
	uint8_t at[LOG_HEAD];
	char path[LOG_PATH];
	size_t n;
	int file;
	bool ok;

	if (!d->open(d->self, log_path(folder, first, path), DISK_READ, &file,
		f))
		return false;
	ok = d->read(d->self, file, 0, at, sizeof at, &n, f);
	d->close(d->self, file);
	return ok && (log_head_read((struct bytes){at, n}, head, f) ||
		fault_in(f, "%s", path));
}

enum { GROUP = 256, GROUP_BYTES = 4 << 20 };

struct spooled {
	struct log log;
	uint64_t *records;
	struct arena arena;
	struct journal_record record[GROUP];
	size_t n;
};

static bool write_group(struct spooled *s, struct fault *f)
{
	if (s->n > 0 && !log_append(&s->log, s->record, s->n, f))
		return false;
	*s->records += s->n;
	s->n = 0;
	s->arena.used = 0;
	return true;
}

static bool take_record(
	void *self, const struct journal_record *r, struct fault *f)
{
	struct spooled *s = self;
	struct journal_record *x = &s->record[s->n];
	uint8_t *at;

	if (r->sequence < s->log.end)
		return true;
	if (r->sequence != s->log.end + s->n)
		return fault(f, FAULT_INPUT, "%s: ends at record %" PRIu64 ", "
			"the pack begins at %" PRIu64 ": take an older one "
			"first", s->log.folder, s->log.end, r->sequence);
	at = arena_room(&s->arena, r->payload.len + 1, f);
	if (!at)
		return false;
	if (r->payload.len > 0)
		memcpy(at, r->payload.at, r->payload.len);
	*x = *r;
	x->payload.at = at;
	s->n++;
	return (s->n < GROUP && s->arena.used < GROUP_BYTES) ||
		write_group(s, f);
}

static bool all_records(struct spooled *s, struct disk *from, struct disk *to,
	const char *folder, uint64_t *first, struct fault *f)
{
	struct log_options o = {.folder = folder, .use = LOG_SPOOL,
		.writable = true};
	struct digest last = {{0}};
	size_t n;

	if (!log_segments(from, folder, first, LOG_SEGMENTS_MAX, &n, f))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct log_check c = {.folder = folder, .use = LOG_SPOOL,
			.first = first[i],
			.stop = i + 1 < n ? first[i + 1] : UINT64_MAX};

		if (i == 0) {
			if (!taking_head(from, folder, first[0], &c.head, f))
				return false;
			last = c.head.before;
			memcpy(o.id, c.head.id, LOG_ID);
			if (!log_open(&s->log, to, &o, f))
				return false;
			if (memcmp(s->log.id, o.id, LOG_ID) != 0)
				return fault(f, FAULT_INPUT, "%s: is another "
					"spool than the pack's", folder);
		}
		c.last = last;
		if (!log_segment_check(from, &c, take_record, s, f))
			return false;
		last = c.last;
	}
	return write_group(s, f);
}

bool taking_spool(struct disk *from, struct disk *to, const char *name,
	uint64_t *records, struct fault *f)
{
	char folder[LOG_FOLDER];
	struct text t = text_on(folder, sizeof folder);
	uint64_t *first = calloc(LOG_SEGMENTS_MAX, sizeof *first);
	struct spooled *s = calloc(1, sizeof *s);
	bool ok;

	if (!first || !s) {
		free(s);
		free(first);
		return fault(f, FAULT_LIMIT, "memory");
	}
	text_fmt(&t, "spool/%s", name);
	s->records = records;
	ok = text_check(&t, f) && arena_map(&s->arena, 2 * GROUP_BYTES, f) &&
		all_records(s, from, to, folder, first, f);
	log_close(&s->log);
	arena_unmap(&s->arena);
	free(s);
	free(first);
	return ok;
}
