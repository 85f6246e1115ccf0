/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/frames.h"

#include "base/encode.h"
#include "base/json.h"
#include "ledger/chain_ack.h"
#include "ledger/custody.h"
#include "ledger/people.h"

#define MEMORY_BYTES ((size_t)16 << 30)
#define MARKS_BYTES ((size_t)1 << 32)
#define WAITING_BYTES ((size_t)4 << 30)

enum {
	SENSORS_MAX = 65536,
	GROUP_BYTES = 16 << 20, /* of a file that is taken in: one sync */
	PART_MAX = 1 << 20,     /* of what is no frame: a blob */
};

static const char spool_name[] = "frames";

/* -- whose key -- */

static int by_id(const void *a, const void *b)
{
	const struct frames_sensor *x = a, *y = b;

	return memcmp(x->id, y->id, FRAME_SENSOR);
}

const struct frames_sensor *frames_sensor(
	const struct frames_sensors *s, const uint8_t id[FRAME_SENSOR])
{
	struct frames_sensor want;

	memcpy(want.id, id, FRAME_SENSOR);
	return s->count == 0 ? NULL : bsearch(&want, s->sensor, s->count,
		sizeof want, by_id);
}

static bool find(void *self, const uint8_t id[FRAME_SENSOR],
	struct chain_owner *out)
{
	const struct frames_sensor *s = frames_sensor(self, id);

	if (!s)
		return false;
	*out = (struct chain_owner){s->source->id, s->keyed ? s->key : NULL};
	return true;
}

struct chain_keys frames_keys(struct frames_sensors *s)
{
	return (struct chain_keys){s, find};
}

bool frames_sensors(const struct mission *m, struct arena *a,
	struct frames_sensors *out, struct fault *f)
{
	struct fault no;

	*out = (struct frames_sensors){.count = m->source_count};
	out->sensor = arena_array(
		a, m->source_count + 1, sizeof *out->sensor, f);
	if (!out->sensor)
		return false;
	for (size_t i = 0; i < m->source_count; i++) {
		struct frames_sensor *s = &out->sensor[i];

		s->source = &m->source[i];
		chain_sensor_id(m->source[i].id, s->id);
		if (s->source->frame_id && *s->source->frame_id &&
			!hex_read(bytes_of(s->source->frame_id), s->id,
				FRAME_SENSOR, f))
			return fault_in(f, "%s: frame_id", s->source->id);
		s->keyed = *m->source[i].public_key &&
			hex_read(bytes_of(m->source[i].public_key), s->key,
				SIGN_KEY, &no);
	}
	if (out->count > 0)
		qsort(out->sensor, out->count, sizeof *out->sensor, by_id);
	return true;
}

static bool any_enrolled(const struct ledger *l)
{
	return l && people_count(ledger_people(l)).sensors > 0;
}

bool frames_wanted(struct disk *d, const struct mission *m,
	const struct ledger *l, bool *wanted, struct fault *f)
{
	uint64_t first;
	struct fault no = {0};
	size_t n = 0;

	*wanted = any_enrolled(l);
	for (size_t i = 0; i < m->source_count; i++)
		*wanted |= m->source[i].public_key[0] != '\0';
	/* LIMIT: there is more than one segment. */
	if (!log_segments(d, "spool/frames", &first, 1, &n, &no) &&
		no.kind != FAULT_LIMIT) {
		*f = no;
		return false;
	}
	*wanted |= n > 0 || no.kind == FAULT_LIMIT;
	return true;
}

/* -- opening -- */

static bool note(struct frames *r, enum chain_verdict v, struct fault *f)
{
	if (r->marks.used == r->marks.size)
		return fault(f, FAULT_LIMIT, "frames: too many records");
	r->marks.at[r->marks.used++] = (uint8_t)v;
	return true;
}

static bool recall(
	void *self, const struct journal_record *rec, struct fault *f)
{
	struct frames *r = self;
	struct chain_arrival a;

	if (rec->kind != JOURNAL_FRAME)
		return note(r, CHAIN_REFUSED, f);
	if (!chain_recall(&r->chains, rec->payload, &a, f))
		return fault_in(f, "spool/frames: record %llu",
			(unsigned long long)rec->sequence);
	return note(r, a.verdict, f);
}

static bool open_spool(struct frames *r, const struct ledger *l, bool *busy,
	struct fault *f)
{
	struct fault why = {0};
	uint64_t floor = 0;
	struct journal j;

	/* The floor needs the spool's id, which opening tells. */
	if (l) {
		if (!spool_open(&r->spool, r->disk, spool_name, SPOOL_READ, 0,
			f))
			return false;
		floor = ledger_intake_end(l, r->spool.log.id);
		spool_close(&r->spool);
	}
	if (!spool_open(&r->spool, r->disk, spool_name, SPOOL_WRITE, floor,
		&why)) {
		*f = why;
		*busy = strstr(why.text,
			"in use by another process") != NULL;
		return false;
	}
	r->open = true;
	j = spool_journal(&r->spool);
	return j.read(j.self, 0, recall, r, f);
}

bool frames_open(struct frames *r, struct disk *d, const struct mission *m,
	const struct ledger *l, bool *busy, struct fault *f)
{
	*busy = false;
	*r = (struct frames){.disk = d, .ledger = l,
		.spool = {.wake = -1}, .spared = INSTANT_UNKNOWN};
	r->keys = frames_keys(&r->sensors);
	if (sign_ready(f) && arena_map(&r->memory, MEMORY_BYTES, f) &&
		arena_map(&r->marks, MARKS_BYTES, f) &&
		arena_map(&r->waiting, WAITING_BYTES, f) &&
		frames_sensors(m, &r->memory, &r->sensors, f) &&
		(r->recent = arena_array(&r->memory, FRAMES_RECENT,
			 sizeof *r->recent, f)) &&
		chains_start(&r->chains, &r->memory, SENSORS_MAX, f) &&
		open_spool(r, l, busy, f)) {
		r->recents = spool_end(&r->spool);
		return true;
	}
	frames_close(r);
	return false;
}

void frames_close(struct frames *r)
{
	if (r->open)
		spool_close(&r->spool);
	arena_unmap(&r->memory);
	arena_unmap(&r->marks);
	arena_unmap(&r->waiting);
	*r = (struct frames){.spool = {.wake = -1}};
}

/* -- what comes -- */

static struct journal_record *new_record(struct frames *r, struct fault *f)
{
	size_t more = r->room ? 2 * r->room : 256;
	struct journal_record *wide;

	if (r->records == r->room) {
		if (!(wide = arena_array(&r->waiting, more, sizeof *wide, f)))
			return NULL;
		if (r->records > 0)
			memcpy(wide, r->record, r->records * sizeof *wide);
		r->record = wide;
		r->room = more;
	}
	return &r->record[r->records++];
}

static bool add_record(struct frames *r, struct bytes b,
	const struct journal_record *like, enum chain_verdict v,
	struct fault *f)
{
	struct journal_record *rec = new_record(r, f);
	uint8_t *copy = arena_room(&r->waiting, b.len + 1, f);

	if (!rec || !copy)
		return false;
	memcpy(copy, b.at, b.len);
	*rec = *like;
	rec->payload = (struct bytes){copy, b.len};
	return note(r, v, f);
}

/* Each costs a few syncs, and nobody signed for it: 1,000 at once, then ten a
 * second, so that who has no key cannot fill the disk in an hour. */
static bool spares(struct frames *r, struct instant now)
{
	const int64_t each = INT64_C(100000000), most = 1000 * each;

	if (!instant_known(r->spared) ||
		r->spared.utc_ns < now.utc_ns - most)
		r->spared = instant_plus_ns(now, -most);
	if (r->spared.utc_ns + each > now.utc_ns)
		return false;
	r->spared = instant_plus_ns(r->spared, each);
	return true;
}

/* The bytes are a blob, which the record names: no sensor's word. */
static bool add_refused(struct frames *r, struct bytes b, const char *name,
	uint64_t offset, const struct fault *why, struct instant now,
	struct fault *f)
{
	const struct journal_record like = {.received = now,
		.kind = JOURNAL_FAULT};
	char hex[SHA256_HEX];
	struct text t = text_in(&r->waiting, 2048 + 6 * strlen(name));
	struct json j = json_on(&t);
	struct blob blob;

	if (!spares(r, now)) {
		r->unkept++;
		return true;
	}
	if (!blobs_put(r->disk, bytes_part(b, 0, PART_MAX), &blob, NULL, f))
		return false;
	json_object(&j);
	json_key_text(&j, "blob", digest_hex(&blob.sha256, hex));
	json_key_i64(&j, "length", (int64_t)b.len);
	json_key_text(&j, "name", name);
	json_key_i64(&j, "offset", (int64_t)offset);
	json_key_text(&j, "schema", "truce.fault/1");
	json_key_text(&j, "source", "");
	json_key_text(&j, "why", why->text);
	json_close(&j);
	return text_check(&t, f) &&
		add_record(r, text_view(&t), &like, CHAIN_REFUSED, f);
}

static bool take(struct frames *r, struct bytes b, const char *name,
	uint64_t offset, struct instant now, unsigned flags,
	struct chain_arrival *a, struct fault *f)
{
	struct journal_record like = {.received = now, .kind = JOURNAL_FRAME,
		.flags = flags};
	struct bytes id = bytes_part(b, 8, FRAME_SENSOR);
	const uint8_t *key = id.len < FRAME_SENSOR ? NULL :
		custody_key(&r->keys, r->ledger ? ledger_people(r->ledger)
						: NULL, id.at,
			r->ledger ? ledger_size(r->ledger) : 0, now);

	if (!chain_arrive(&r->chains, b, key, a, f))
		return false;
	r->count[a->verdict]++;
	if (a->verdict == CHAIN_REFUSED)
		return add_refused(r, b, name, offset, &a->why, now, f);
	if (a->verdict == CHAIN_LATE)
		like.flags |= JOURNAL_LATE;
	return !chain_keeps(a->verdict) ||
		add_record(r, b, &like, a->verdict, f);
}

bool frames_take(struct frames *r, struct bytes b, struct instant now,
	unsigned flags, struct chain_arrival *a, struct fault *f)
{
	return take(r, b, "", 0, now, flags, a, f);
}

bool frames_keep(struct frames *r, struct fault *f)
{
	if (r->records > 0 &&
		!spool_append(&r->spool, r->record, r->records, f))
		return false;
	for (size_t i = 0; i < r->records; i++) {
		struct journal_record *x = &r->recent[
			r->record[i].sequence % FRAMES_RECENT];

		*x = r->record[i];
		x->payload.at = NULL;
	}
	return true;
}

static bool read_headers(void *self, uint64_t from,
	bool (*each)(void *self, const struct journal_record *,
		struct fault *),
	void *each_self, struct fault *f)
{
	struct frames *r = self;
	uint64_t end = spool_end(&r->spool);
	struct journal j = spool_journal(&r->spool);

	if (from < r->recents || end - from > FRAMES_RECENT)
		return j.read(j.self, from, each, each_self, f);
	for (f->kind = FAULT_NONE; from < end; from++)
		if (!each(each_self, &r->recent[from % FRAMES_RECENT], f))
			return f->kind == FAULT_NONE;
	return true;
}

struct journal frames_headers(struct frames *r)
{
	return (struct journal){.self = r, .read = read_headers};
}

void frames_clear(struct frames *r)
{
	r->waiting.used = 0;
	r->record = NULL;
	r->records = r->room = 0;
}

/* -- a file of them -- */

/* How long the next frame is, or what is none. */
static size_t step(struct bytes in, size_t at, bool *frame, struct fault *why)
{
	struct bytes rest = bytes_part(in, at, SIZE_MAX);
	size_t n = 0;

	*frame = frame_length(rest, &n, why) && n > 0 && n <= rest.len;
	if (*frame)
		return n;
	if (why->text[0] == '\0')
		(void)fault(why, FAULT_INPUT, "frame: cut short");
	for (size_t i = at + 1; i < in.len; i++) {
		struct fault no;

		if (in.at[i] == 'C' && frame_length(bytes_part(in, i,
			SIZE_MAX), &n, &no) && n > 0 && n <= in.len - i)
			return i - at;
	}
	return in.len - at;
}

static bool keep(struct frames *r, struct fault *f)
{
	bool ok = frames_keep(r, f);

	frames_clear(r);
	return ok;
}

bool frames_take_file(struct frames *r, struct frames_file *x, struct fault *f)
{
	size_t at = 0;

	while (at < x->bytes.len) {
		struct chain_arrival a = {.verdict = CHAIN_REFUSED};
		bool frame;
		size_t n = step(x->bytes, at, &frame, &a.why);
		struct bytes b = bytes_part(x->bytes, at, n);

		if (frame ? !take(r, b, x->name, at, x->now, JOURNAL_IMPORTED,
				   &a, f)
			  : !add_refused(r, b, x->name, at, &a.why, x->now, f))
			return false;
		if (x->count[a.verdict]++ == 0 && a.verdict == CHAIN_REFUSED)
			x->why = a.why;
		if (r->waiting.used > GROUP_BYTES && !keep(r, f))
			return false;
		at += n;
	}
	return keep(r, f);
}

/* -- what goes -- */

bool frames_commit(struct frames *r, struct ledger *l, struct instant now,
	struct fault *f)
{
	return intake_commit_spool(&r->spool, l, now, f);
}
