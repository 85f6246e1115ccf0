/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/packets.h"

#include "base/encode.h"
#include "base/json.h"
#include "base/tree.h"
#include "roles/skips.h"

#define WAITING_BYTES ((size_t)4 << 30)
#define LASTS_BYTES ((size_t)64 << 20)

enum { HEAD_MAX = 512, PIECE_MAX = JOURNAL_PAYLOAD_MAX - HEAD_MAX,
	STATE_MAX = 8 << 20, FEED_NAME = 200, GAP_NOTE = 1024 };

static const char state_path[] = "spool/live/state";
static const char state_new[] = "spool/live/state.new";

/* -- where subscriptions are -- */

static struct packets_last *last_of(const struct packets *p,
	const char *feed, const char *entry)
{
	struct packets_last *l = p->last;

	while (l && (strcmp(l->feed, feed) != 0 ||
			    strcmp(l->entry, entry) != 0))
		l = l->next;
	return l;
}

static bool note_last(struct packets *p, const char *feed, const char *entry,
	uint64_t sequence, struct instant end, struct fault *f)
{
	struct packets_last *l = last_of(p, feed, entry);

	if (!l) {
		if (!(l = arena_take(&p->lasts, sizeof *l, f)) ||
			!(l->feed = arena_text(
				  &p->lasts, bytes_of(feed), f)) ||
			!(l->entry = arena_text(&p->lasts, bytes_of(entry), f)))
			return false;
		l->end = INSTANT_UNKNOWN;
		l->next = p->last;
		p->last = l;
	}
	l->sequence = sequence;
	if (instant_known(end) && (!instant_known(l->end) ||
		end.utc_ns > l->end.utc_ns))
		l->end = end;
	return true;
}

bool packets_resume(const struct packets *p, const char *feed,
	const char *entry, uint64_t *sequence)
{
	const struct packets_last *l = last_of(p, feed, entry);

	if (l)
		*sequence = l->sequence;
	return l != NULL;
}

/* A node's groups count from its connection on: no place to resume from. */
static bool resumes(const char *feed)
{
	return strncmp(feed, "seedlink", 8) == 0;
}

bool packets_mixed(const struct packet *p)
{
	return strncmp(p->feed, "mqtt ", 5) == 0 ||
		strncmp(p->feed, PACKETS_LOST, strlen(PACKETS_LOST)) == 0 ||
		strncmp(p->feed, PACKETS_GAP, strlen(PACKETS_GAP)) == 0;
}

static bool digits(struct bytes b, uint64_t *v)
{
	*v = 0;
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] < '0' || b.at[i] > '9' ||
			*v > (UINT64_MAX - 9) / 10)
			return false;
		*v = *v * 10 + (uint64_t)(b.at[i] - '0');
	}
	return b.len > 0;
}

/* -- the state -- */

static bool state_read(struct packets *p, struct bytes in, struct fault *f)
{
	struct arena a = {0};
	const struct tree *t, *l;
	uint64_t n;
	bool ok = arena_map(&a, (size_t)64 * STATE_MAX, f) &&
		tree_read(in, &a, &t, f);

	if (ok) {
		p->done = (uint64_t)tree_i64(t, "done", 0);
		p->next = (uint64_t)tree_i64(t, "next", 0);
		l = tree_get(t, "last");
		for (l = l ? l->first : NULL; ok && l; l = l->next) {
			const char *feed = tree_text(l, "feed");
			const char *entry = tree_text(l, "entry");
			const char *at = tree_text(l, "sequence");
			const char *text = tree_text(l, "end");
			struct instant end = INSTANT_UNKNOWN;
			struct fault no;

			/* Who receives knows better than who packs. */
			if (feed && entry && !last_of(p, feed, entry) &&
				digits(bytes_of(at), &n) && (!text ||
				instant_parse(bytes_of(text), false, &end,
					&no)))
				ok = note_last(p, feed, entry, n, end, f);
		}
	}
	arena_unmap(&a);
	return ok;
}

static bool state_load(struct packets *p, struct fault *f)
{
	struct disk *d = p->disk;
	struct arena a = {0};
	uint64_t size;
	size_t n = 0;
	uint8_t *at;
	bool there, ok;
	int file;

	p->done = p->next = 0;
	if (!d->size(d->self, state_path, &size, &there, f))
		return false;
	if (!there)
		return true;
	if (size > STATE_MAX)
		return fault(f, FAULT_INPUT, "%s: too long", state_path);
	if (!d->open(d->self, state_path, DISK_READ, &file, f))
		return false;
	ok = arena_map(&a, STATE_MAX, f) &&
		(at = arena_room(&a, size + 1, f)) &&
		d->read(d->self, file, 0, at, size, &n, f) &&
		state_read(p, (struct bytes){at, n}, f);
	d->close(d->self, file);
	arena_unmap(&a);
	return ok || fault_in(f, "%s", state_path);
}

static bool state_text(const struct packets *p, struct text *t,
	struct fault *f)
{
	struct json j = json_on(t);
	char number[32], end[INSTANT_TEXT];

	json_object(&j);
	json_key_i64(&j, "done", (int64_t)p->done);
	json_key(&j, "last");
	json_list(&j);
	for (const struct packets_last *l = p->last; l; l = l->next) {
		(void)snprintf(number, sizeof number, "%llu",
			(unsigned long long)l->sequence);
		json_object(&j);
		if (instant_known(l->end))
			json_key_text(&j, "end", instant_print(l->end, 9, end));
		json_key_text(&j, "entry", l->entry);
		json_key_text(&j, "feed", l->feed);
		json_key_text(&j, "sequence", number);
		json_close(&j);
	}
	json_close(&j);
	json_key_i64(&j, "next", (int64_t)p->next);
	json_key_text(&j, "schema", "truce.live/1");
	json_close(&j);
	return text_check(t, f);
}

static bool state_save(struct packets *p, struct fault *f)
{
	struct disk *d = p->disk;
	struct arena a = {0};
	struct text t;
	bool ok;
	int file;

	if (!arena_map(&a, STATE_MAX, f))
		return false;
	t = text_in(&a, STATE_MAX - 64);
	ok = state_text(p, &t, f) &&
		d->open(d->self, state_new, DISK_WRITE, &file, f);
	if (ok) {
		ok = d->truncate(d->self, file, 0, f) &&
			d->write(d->self, file, 0, text_view(&t), f) &&
			d->sync(d->self, file, f);
		d->close(d->self, file);
		ok = ok && d->replace(d->self, state_new, state_path, f);
	}
	arena_unmap(&a);
	return ok || fault_in(f, "%s", state_path);
}

/* -- packets of the spool -- */

struct piece { /* a record's payload */
	const char *feed, *entry;
	uint64_t sequence, offset;
	struct bytes bytes;
};

/* The field up to a tab or the line's end, copied. */
static const char *field(struct bytes line, size_t *at, struct arena *a,
	struct fault *f)
{
	size_t from = *at;

	while (*at < line.len && line.at[*at] != '\t')
		++*at;
	return arena_text(a, bytes_part(line, from, (*at)++ - from), f);
}

static bool piece_read(struct bytes payload, struct arena *a,
	struct piece *out, struct fault *f)
{
	const uint8_t *end = payload.len
		? memchr(payload.at, '\n', payload.len) : NULL;
	struct bytes line = bytes_part(payload, 0,
		end ? (size_t)(end - payload.at) : 0);
	const char *sequence, *offset;
	size_t at = 0;

	if (!(out->feed = field(line, &at, a, f)) ||
		!(out->entry = field(line, &at, a, f)) ||
		!(sequence = field(line, &at, a, f)) ||
		!(offset = field(line, &at, a, f)))
		return false;
	if (!digits(bytes_of(sequence), &out->sequence) ||
		!digits(bytes_of(offset), &out->offset))
		return fault(f, FAULT_SYSTEM, "spool/live: a headless packet");
	out->bytes = bytes_part(payload, line.len + 1, payload.len);
	return true;
}

struct reading {
	struct packets *to; /* `waiting` gets all */
	uint64_t end;       /* behind this no record is looked at */
	size_t most;        /* bytes; a packet more may come */
	bool exact;         /* `end` alone ends it */
	bool lasts_only;
	struct packet now;  /* not whole yet: bytes.at NULL */
	bool begun;
	struct instant ends; /* its samples */
	uint64_t after;     /* behind the last whole packet */
	size_t bytes;
};

static bool join(struct reading *r, const struct piece *x, struct fault *f)
{
	struct arena *a = &r->to->waiting;
	uint8_t *to = arena_room(a, x->bytes.len + r->now.bytes.len, f);

	if (!to)
		return false;
	if (r->now.bytes.len > 0)
		memcpy(to, r->now.bytes.at, r->now.bytes.len);
	if (x->bytes.len > 0)
		memcpy(to + r->now.bytes.len, x->bytes.at, x->bytes.len);
	r->now.bytes.at = to;
	r->now.bytes.len += x->bytes.len;
	return true;
}

static bool put(struct packets *p, const struct packet *x, struct fault *f)
{
	struct packet *wide;
	size_t more = p->room ? 2 * p->room : 1024;

	if (p->count == p->room) {
		if (!(wide = arena_array(&p->waiting, more, sizeof *wide, f)))
			return false;
		if (p->count > 0)
			memcpy(wide, p->packet, p->count * sizeof *wide);
		p->packet = wide;
		p->room = more;
	}
	p->packet[p->count++] = *x;
	return true;
}

static bool whole(struct reading *r, uint64_t after, struct fault *f)
{
	r->begun = false;
	r->after = after;
	r->bytes += r->now.bytes.len;
	if (resumes(r->now.feed) && !note_last(r->to, r->now.feed,
		r->now.entry, r->now.sequence, r->ends, f))
		return false;
	return r->lasts_only || put(r->to, &r->now, f);
}

static bool take(void *self, const struct journal_record *rec, struct fault *f)
{
	struct reading *r = self;
	struct packets *p = r->to;
	struct piece x = {0};

	if (rec->sequence >= r->end || (!r->exact && !r->begun &&
		r->bytes >= r->most))
		return false;
	if (r->lasts_only)
		p->waiting.used = 0;
	if (rec->kind != JOURNAL_PACKET)
		return true;
	if (!piece_read(rec->payload, &p->waiting, &x, f))
		return false;
	/* What a crash left of a longer one: nobody was told "kept". */
	if (x.offset == 0)
		r->begun = false;
	if (x.offset == 0) {
		r->now = (struct packet){.feed = x.feed, .entry = x.entry,
			.sequence = x.sequence, .received = rec->received};
		r->begun = true;
		r->ends = resumes(x.feed) ? skips_end(x.bytes)
			: INSTANT_UNKNOWN;
	} else if (!r->begun || (!r->lasts_only &&
		x.offset != r->now.bytes.len)) {
		return true;
	}
	if (r->lasts_only)
		r->now = (struct packet){.feed = x.feed, .entry = x.entry,
			.sequence = x.sequence};
	else if (!join(r, &x, f))
		return false;
	return (rec->flags & JOURNAL_CONTINUES) ||
		whole(r, rec->sequence + 1, f);
}

static bool read_from(struct packets *p, uint64_t from, struct reading *r,
	struct fault *f)
{
	struct journal j = spool_journal(&p->spool);

	r->to = p;
	r->after = from;
	packets_clear(p);
	return from >= r->end || j.read(j.self, from, take, r, f);
}

bool packets_follow(struct packets *p, uint64_t from, uint64_t end,
	size_t most, uint64_t *after, struct fault *f)
{
	struct reading r = {.to = p, .end = end, .most = most, .after = from};
	struct journal_record rec;
	bool got = true;

	packets_clear(p);
	while (got && (r.begun || r.bytes < most)) {
		if (!spool_next(&p->spool, from, end, &rec, &got, f) ||
			(got && !take(&r, &rec, f)))
			return false;
		from = got ? rec.sequence + 1 : from;
	}
	*after = from;
	return true;
}

/* -- opening -- */

static bool start(struct packets *p, struct disk *disk, struct fault *f)
{
	*p = (struct packets){.disk = disk, .spool = {.wake = -1}};
	return arena_map(&p->waiting, WAITING_BYTES, f) &&
		arena_map(&p->lasts, LASTS_BYTES, f) && state_load(p, f);
}

/* What the state does not know of yet: the packets that still wait. */
static bool recall(struct packets *p, struct fault *f)
{
	struct reading r = {.end = spool_end(&p->spool), .exact = true,
		.lasts_only = true};
	bool ok = read_from(p, p->done, &r, f);

	packets_clear(p);
	return ok;
}

bool packets_open(
	struct packets *p, struct disk *disk, bool *busy, struct fault *f)
{
	struct fault why = {0};

	*busy = false;
	if (!start(p, disk, f))
		goto bad;
	if (!spool_open(&p->spool, disk, "live", SPOOL_WRITE, p->done, &why)) {
		*f = why;
		*busy = strstr(why.text,
			"in use by another process") != NULL;
		goto bad;
	}
	p->open = true;
	if (recall(p, f))
		return true;
bad:
	packets_close(p);
	return false;
}

bool packets_look(struct packets *p, struct disk *disk, struct fault *f)
{
	if (start(p, disk, f) &&
		spool_open(&p->spool, disk, "live", SPOOL_READ, p->done, f)) {
		p->open = true;
		return true;
	}
	packets_close(p);
	return false;
}

void packets_close(struct packets *p)
{
	if (p->open)
		spool_close(&p->spool);
	arena_unmap(&p->waiting);
	arena_unmap(&p->lasts);
	*p = (struct packets){.spool = {.wake = -1}};
}

bool packets_packed(struct packets *p, uint64_t needed, struct fault *f)
{
	return state_load(p, f) && spool_done(&p->spool,
		p->done < needed ? p->done : needed, f);
}

bool packets_client(
	struct packets *p, char out[PACKETS_CLIENT], struct fault *f)
{
	static const char path[] = "spool/live/client";
	struct disk *d = p->disk;
	struct text t = text_on(out, PACKETS_CLIENT);
	uint64_t size;
	bool there, ok;
	size_t n = 0;
	int file;

	if (!d->size(d->self, path, &size, &there, f) || !d->open(d->self,
		path, there ? DISK_READ : DISK_WRITE, &file, f))
		return false;
	if (there) {
		ok = d->read(d->self, file, 0, (uint8_t *)out,
			PACKETS_CLIENT - 1, &n, f);
		out[n] = '\0';
	} else {
		text_add(&t, "truce");
		text_hex(&t, (struct bytes){p->spool.log.id, LOG_ID / 2});
		n = t.len;
		ok = d->write(d->self, file, 0, text_view(&t), f) &&
			d->sync(d->self, file, f) &&
			d->sync_folder(d->self, "spool/live", f);
	}
	d->close(d->self, file);
	return ok && (n == PACKETS_CLIENT - 1 ||
		fault(f, FAULT_INPUT, "%s: is no name: remove it", path));
}

/* -- what comes -- */

static struct journal_record *new_record(struct packets *p, struct fault *f)
{
	size_t more = p->record_room ? 2 * p->record_room : 1024;
	struct journal_record *wide;

	if (p->records == p->record_room) {
		if (!(wide = arena_array(&p->waiting, more, sizeof *wide, f)))
			return NULL;
		if (p->records > 0)
			memcpy(wide, p->record, p->records * sizeof *wide);
		p->record = wide;
		p->record_room = more;
	}
	return &p->record[p->records++];
}

static bool add_piece(struct packets *p, const struct packet *x,
	size_t offset, struct instant now, struct fault *f)
{
	struct bytes b = bytes_part(x->bytes, offset, PIECE_MAX);
	uint8_t *to = arena_room(&p->waiting, HEAD_MAX + b.len, f);
	struct journal_record *rec = new_record(p, f);
	struct text head;

	if (!to || !rec)
		return false;
	head = text_on((char *)to, HEAD_MAX);
	text_fmt(&head, "%s\t%s\t%llu\t%zu\n", x->feed, x->entry,
		(unsigned long long)x->sequence, offset);
	if (!text_check(&head, f))
		return false;
	memcpy(to + head.len, b.at, b.len);
	*rec = (struct journal_record){.received = now,
		.kind = JOURNAL_PACKET,
		.flags = offset + b.len < x->bytes.len ? JOURNAL_CONTINUES : 0,
		.payload = {to, head.len + b.len}};
	return true;
}

static bool add(struct packets *p, const struct packet *given,
	struct instant now, struct fault *f)
{
	struct packet x = *given;
	uint8_t *to = arena_room(&p->waiting, x.bytes.len + 1, f);

	if (x.bytes.len == 0)
		return true;
	if (!to || !(x.feed = arena_text(&p->waiting, bytes_of(x.feed), f)) ||
		!(x.entry = arena_text(&p->waiting, bytes_of(x.entry), f)))
		return false;
	memcpy(to, x.bytes.at, x.bytes.len);
	x.bytes.at = to;
	for (size_t at = 0; at < x.bytes.len; at += PIECE_MAX)
		if (!add_piece(p, &x, at, now, f))
			return false;
	return put(p, &x, f);
}

/* What comes next of a subscription; before it, that something is missing. */
static bool follow(struct packets *p, const struct packet *x,
	struct instant now, struct fault *f)
{
	const struct packets_last *l = last_of(p, x->feed, x->entry);
	char feed[FEED_NAME], table[SKIPS_TABLE];
	struct text t = text_on(table, sizeof table);
	struct packet gap = {.feed = feed, .entry = x->entry,
		.sequence = x->sequence};

	(void)snprintf(feed, sizeof feed, PACKETS_LOST "%s", x->feed);
	if (l && skips_between(l->sequence, l->end, x->sequence, x->bytes,
		&t)) {
		gap.bytes = text_view(&t);
		if (!text_check(&t, f) || !add(p, &gap, now, f))
			return false;
	}
	return note_last(p, x->feed, x->entry, x->sequence,
		skips_end(x->bytes), f);
}

bool packets_add(struct packets *p, const struct packet *x,
	struct instant now, struct fault *f)
{
	return (!resumes(x->feed) || follow(p, x, now, f)) &&
		add(p, x, now, f);
}

bool packets_gap(struct packets *p, const struct packet *of, uint64_t lost,
	struct instant now, struct fault *f)
{
	char feed[FEED_NAME], note[GAP_NOTE];
	struct text t = text_on(note, sizeof note);
	struct json j = json_on(&t);
	struct packet x = {.feed = feed, .entry = of->entry,
		.sequence = of->sequence};

	(void)snprintf(feed, sizeof feed, PACKETS_GAP "%s", of->feed);
	json_object(&j);
	json_key_text(&j, "schema", "truce.gap/1");
	json_key_i64(&j, "bytes", (int64_t)lost);
	json_key_text(&j, "feed", of->feed);
	json_key_text(&j, "source", of->entry);
	json_close(&j);
	x.bytes = text_view(&t);
	return text_check(&t, f) && packets_add(p, &x, now, f);
}

bool packets_keep(struct packets *p, struct fault *f)
{
	if (p->records == 0)
		return true;
	return spool_append(&p->spool, p->record, p->records, f);
}

void packets_clear(struct packets *p)
{
	p->waiting.used = 0;
	p->packet = NULL;
	p->record = NULL;
	p->count = p->room = p->records = p->record_room = 0;
}

/* -- what goes -- */

bool packets_cut(struct packets *p, uint64_t end, size_t most,
	uint64_t *after, struct fault *f)
{
	bool again = p->next > p->done;
	struct reading r = {.end = again ? p->next : end, .most = most,
		.exact = again};

	if (!read_from(p, p->done, &r, f))
		return false;
	/* A torn one at the end is passed over, when no more can come. */
	*after = again ? p->next : p->count > 0 ? r.after : p->done;
	if (!again && *after < end && r.bytes < most)
		*after = end;
	p->next = *after;
	return p->next == p->done || state_save(p, f);
}

bool packets_cut_done(struct packets *p, struct fault *f)
{
	p->done = p->next;
	return state_save(p, f);
}
