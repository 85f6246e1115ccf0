/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parser/message.h"

enum { RINGS_MAX = 1 << 20, LISTS_MAX = 4096 };

void message_head_put(const struct message_head *h, uint8_t at[MESSAGE_HEAD])
{
	put_be(at, h->length, 4);
	put_be(at + 4, h->kind, 2);
	put_be(at + 6, 0, 2);
	put_be(at + 8, h->job, 8);
}

bool message_head_read(const uint8_t at[MESSAGE_HEAD], struct message_head *h)
{
	struct reader r = reader((struct bytes){at, MESSAGE_HEAD});

	h->length = read_u32be(&r);
	h->kind = read_u16be(&r);
	if (read_u16be(&r) != 0)
		return false;
	h->job = read_u64be(&r);
	return h->length <= MESSAGE_PART && h->length % 8 == 0;
}

/* -- saying -- */

static void end_part(struct outbox *o, unsigned goes_on)
{
	struct message_head h = {
		o->used - o->part - MESSAGE_HEAD, o->kind | goes_on, o->job};

	message_head_put(&h, o->at + o->part);
}

static void begin_part(struct outbox *o)
{
	o->part = o->used;
	o->used += MESSAGE_HEAD;
}

static void flush(struct outbox *o)
{
	o->send(o->at, o->used);
	o->used = 0;
}

static void begin(struct outbox *o, enum message_kind kind)
{
	o->kind = kind;
	begin_part(o);
}

static void end(struct outbox *o)
{
	end_part(o, 0);
	if (o->used >= MESSAGE_FLUSH)
		flush(o);
}

/* n is a multiple of 8, as all that is said. */
static void say(struct outbox *o, const void *from, size_t n)
{
	const uint8_t *at = from;

	while (n > 0) {
		size_t room = MESSAGE_PART - (o->used - o->part - MESSAGE_HEAD);
		size_t k = n < room ? n : room;

		if (k == 0) {
			end_part(o, MESSAGE_GOES_ON);
			flush(o);
			begin_part(o);
			continue;
		}
		memcpy(o->at + o->used, at, k);
		o->used += k;
		at += k;
		n -= k;
	}
}

static void say_u64(struct outbox *o, uint64_t v)
{
	say(o, &v, 8);
}

static void say_i64(struct outbox *o, int64_t v)
{
	say(o, &v, 8);
}

static void say_f64(struct outbox *o, double v)
{
	say(o, &v, 8);
}

/* Filled up to a unit. */
static void say_bytes(struct outbox *o, const void *from, size_t n)
{
	size_t whole = n & ~(size_t)7;
	uint8_t rest[8] = {0};

	say(o, from, whole);
	if (n == whole)
		return;
	memcpy(rest, (const uint8_t *)from + whole, n - whole);
	say(o, rest, 8);
}

static void say_text(struct outbox *o, const char *s)
{
	size_t n = strlen(s);

	say_u64(o, n);
	say_bytes(o, s, n + 1);
}

static void say_cite(struct outbox *o, const struct cite *c)
{
	say_u64(o, c->offset);
	say_u64(o, c->length);
}

void outbox_hello(struct outbox *o, const struct sandbox *s)
{
	begin(o, MESSAGE_HELLO);
	say_u64(o, s->seccomp);
	say_u64(o, s->no_new_privileges);
	say_u64(o, (uint64_t)s->landlock);
	say_u64(o, s->memory);
	end(o);
	flush(o);
}

enum { NO_SAMPLES, COUNTS, VALUES };

void outbox_segment(struct outbox *o, const struct segment *s)
{
	const void *samples =
		s->counts ? (const void *)s->counts : (const void *)s->values;

	begin(o, MESSAGE_SEGMENT);
	say_i64(o, s->start.utc_ns);
	say_f64(o, s->rate_hz);
	say_u64(o, s->count);
	say_u64(o, s->declared);
	say_f64(o, s->scale);
	say_f64(o, s->time_quality);
	say_u64(o, s->flags);
	say_cite(o, &s->cite);
	say_u64(o, s->counts ? COUNTS : s->values ? VALUES : NO_SAMPLES);
	say_text(o, s->channel);
	if (samples)
		say_bytes(o, samples, 4 * s->count);
	end(o);
}

/* Most are constants and found by their place in memory; what stands there may
 * have changed. */
static bool number_of(
	struct outbox *o, const char *name, size_t *out, struct fault *f)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < o->names; i++)
		if (o->name[i] == name && strcmp(o->copy[i], name) == 0) {
			*out = i;
			return true;
		}
	if (n >= MESSAGE_NAME || o->names == MESSAGE_NAMES)
		return fault(f, FAULT_LIMIT,
			"name '%.40s': too long, or one "
			"too many",
			name);
	memcpy(o->copy[o->names], name, n + 1);
	o->name[o->names] = name;
	*out = o->names++;
	begin(o, MESSAGE_NAMED);
	say_text(o, name);
	end(o);
	return true;
}

/* Said before the observation that bears them. */
static bool say_names(
	struct outbox *o, const struct observation *x, struct fault *f)
{
	size_t i, n;

	for (i = 0; i < x->feature_count; i++)
		if (!number_of(o, x->feature[i].name, &n, f))
			return false;
	for (i = 0; i < x->attribute_count; i++)
		if (!number_of(o, x->attribute[i].name, &n, f))
			return false;
	return true;
}

static void say_name(struct outbox *o, const char *name)
{
	struct fault f;
	size_t n = 0;

	(void)number_of(o, name, &n, &f); /* it is known: say_names() */
	say_u64(o, n);
}

static void say_place(struct outbox *o, const struct place *p)
{
	say_f64(o, p->lat_deg);
	say_f64(o, p->lon_deg);
	say_f64(o, p->alt_m);
	say_f64(o, p->region.level);
	say_f64(o, p->region.ellipse.semi_major_m);
	say_f64(o, p->region.ellipse.semi_minor_m);
	say_f64(o, p->region.ellipse.azimuth_deg);
	say_u64(o, p->region.ring_count);
	for (size_t i = 0; i < p->region.ring_count; i++) {
		const struct ring *r = &p->region.ring[i];

		say_u64(o, r->count);
		for (size_t k = 0; k < r->count; k++) {
			say_f64(o, r->point[k].lat_deg);
			say_f64(o, r->point[k].lon_deg);
		}
	}
}

bool outbox_observation(
	struct outbox *o, const struct observation *x, struct fault *f)
{
	if (x->place.region.cell_count > 0)
		return fault(f, FAULT_LIMIT, "no format gives cells");
	if (!say_names(o, x, f))
		return false;
	begin(o, MESSAGE_OBSERVATION);
	say_u64(o, (uint64_t)x->what);
	say_i64(o, x->at.utc_ns);
	say_f64(o, x->sigma_s);
	say_i64(o, x->until.utc_ns);
	say_i64(o, x->received.utc_ns);
	say_u64(o, (uint64_t)x->kind);
	say_i64(o, x->count.value);
	say_u64(o, (uint64_t)x->count.meaning);
	say_i64(o, x->count.max);
	say_cite(o, &x->cite);
	say_text(o, x->source);
	say_place(o, &x->place);
	say_u64(o, x->feature_count);
	say_u64(o, x->attribute_count);
	for (size_t i = 0; i < x->feature_count; i++) {
		say_name(o, x->feature[i].name);
		say_f64(o, x->feature[i].value);
	}
	for (size_t i = 0; i < x->attribute_count; i++) {
		say_name(o, x->attribute[i].name);
		say_text(o, x->attribute[i].text);
	}
	end(o);
	return true;
}

static void say_fault(struct outbox *o, const struct fault *f)
{
	say_u64(o, (uint64_t)f->kind);
	say_text(o, f->text);
}

void outbox_damage(struct outbox *o, const struct fault *why, uint64_t offset,
	uint64_t length)
{
	begin(o, MESSAGE_DAMAGE);
	say_u64(o, offset);
	say_u64(o, length);
	say_fault(o, why);
	end(o);
}

void outbox_found(struct outbox *o, const char *format)
{
	begin(o, MESSAGE_FOUND);
	say_text(o, format);
	end(o);
	flush(o);
}

void outbox_done(struct outbox *o, bool ok, const struct fault *why)
{
	begin(o, MESSAGE_DONE);
	say_u64(o, ok);
	say_fault(o, why);
	end(o);
	if (o->used > 0)
		flush(o);
}

/* -- hearing -- */

static uint64_t hear_u64(struct reader *r)
{
	struct bytes b = read_bytes(r, 8);
	uint64_t v = 0;

	if (b.at)
		memcpy(&v, b.at, 8);
	return v;
}

static int64_t hear_i64(struct reader *r)
{
	return (int64_t)hear_u64(r);
}

static double hear_f64(struct reader *r)
{
	return double_of(hear_u64(r));
}

static bool strange(struct fault *f, const char *what)
{
	return fault(f, FAULT_INPUT, "it says what cannot be: %s", what);
}

static size_t filled(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

/* NULL: not a text. */
static const char *hear_text(struct reader *r)
{
	uint64_t n = hear_u64(r);
	struct bytes b;

	if (n >= MESSAGE_MAX)
		return NULL;
	b = read_bytes(r, filled(n + 1));
	if (!b.at || memchr(b.at, 0, n + 1) != b.at + n)
		return NULL;
	return (const char *)b.at;
}

static bool hear_cite(struct reader *r, uint64_t limit, struct cite *c)
{
	c->offset = hear_u64(r);
	c->length = hear_u64(r);
	return c->offset <= limit && c->length <= limit - c->offset;
}

/* A moment that is known, or none. */
static bool hear_instant(struct reader *r, struct instant *t)
{
	t->utc_ns = hear_i64(r);
	return instant_known(*t) || t->utc_ns == INSTANT_UNKNOWN.utc_ns;
}

static bool all_read(const struct reader *r)
{
	return !r->ran_out && r->pos == r->in.len;
}

bool inbox_hello(struct bytes b, struct sandbox *s, struct fault *f)
{
	struct reader r = reader(b);

	s->seccomp = hear_u64(&r) == 1;
	s->no_new_privileges = hear_u64(&r) == 1;
	s->landlock = (int)(hear_u64(&r) & 0xff);
	s->memory = hear_u64(&r);
	return all_read(&r) || strange(f, "greeting");
}

bool inbox_name(struct bytes b, const char **name, struct fault *f)
{
	struct reader r = reader(b);

	*name = hear_text(&r);
	return (*name && all_read(&r) && **name &&
		       strlen(*name) < MESSAGE_NAME) ||
	       strange(f, "name");
}

bool inbox_segment(struct bytes b, uint64_t limit, bool headers_only,
	struct segment *s, struct fault *f)
{
	struct reader r = reader(b);
	uint64_t how;
	struct bytes samples = {0};
	bool ok;

	*s = (struct segment){.start = {hear_i64(&r)}};
	s->rate_hz = hear_f64(&r);
	s->count = hear_u64(&r);
	s->declared = hear_u64(&r);
	s->scale = hear_f64(&r);
	s->time_quality = hear_f64(&r);
	s->flags = (unsigned)hear_u64(&r);
	ok = hear_cite(&r, limit, &s->cite);
	how = hear_u64(&r);
	s->channel = hear_text(&r);
	if (!ok || !s->channel || how > VALUES || s->count > MESSAGE_MAX ||
		s->declared > UINT32_MAX * UINT64_C(16) ||
		!(s->rate_hz > 0 && s->rate_hz <= 1e6) ||
		!instant_known(s->start) ||
		(how == NO_SAMPLES) != (s->count == 0) ||
		(headers_only && how != NO_SAMPLES))
		return strange(f, "segment");
	if (how != NO_SAMPLES)
		samples = read_bytes(&r, filled(4 * s->count));
	if (how == COUNTS)
		s->counts = (const int32_t *)(const void *)samples.at;
	else if (how == VALUES)
		s->values = (const float *)(const void *)samples.at;
	return all_read(&r) || strange(f, "segment");
}

static bool hear_rings(
	struct reader *r, struct region *to, struct arena *a, struct fault *f)
{
	uint64_t n = hear_u64(r);
	struct ring *ring;

	if (n > RINGS_MAX || n > reader_left(r) / 8)
		return strange(f, "region");
	if (n == 0)
		return true;
	if (!(ring = arena_array(a, n, sizeof *ring, f)))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint64_t count = hear_u64(r);
		struct point *p;

		if (count > reader_left(r) / 16)
			return strange(f, "ring");
		if (!(p = arena_array(a, count + 1, sizeof *p, f)))
			return false;
		for (size_t k = 0; k < count; k++) {
			p[k].lat_deg = hear_f64(r);
			p[k].lon_deg = hear_f64(r);
		}
		ring[i] = (struct ring){p, count};
	}
	to->ring = ring;
	to->ring_count = n;
	return true;
}

static bool hear_place(
	struct reader *r, struct place *p, struct arena *a, struct fault *f)
{
	*p = (struct place){.lat_deg = hear_f64(r)};
	p->lon_deg = hear_f64(r);
	p->alt_m = hear_f64(r);
	p->region.level = hear_f64(r);
	p->region.ellipse.semi_major_m = hear_f64(r);
	p->region.ellipse.semi_minor_m = hear_f64(r);
	p->region.ellipse.azimuth_deg = hear_f64(r);
	return hear_rings(r, &p->region, a, f);
}

static bool hear_name(
	struct reader *r, struct inbox_names names, const char **out)
{
	uint64_t n = hear_u64(r);

	*out = n < names.count ? names.name[n] : NULL;
	return *out != NULL;
}

static bool hear_lists(struct reader *r, struct inbox_names names,
	struct arena *a, struct observation *o, struct fault *f)
{
	uint64_t n = hear_u64(r), m = hear_u64(r);
	struct feature *x;
	struct attribute *y;

	if (n > LISTS_MAX || m > LISTS_MAX)
		return strange(f, "list");
	x = arena_array(a, n + 1, sizeof *x, f);
	y = arena_array(a, m + 1, sizeof *y, f);
	if (!x || !y)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!hear_name(r, names, &x[i].name))
			return strange(f, "feature");
		x[i].value = hear_f64(r);
	}
	for (size_t i = 0; i < m; i++)
		if (!hear_name(r, names, &y[i].name) ||
			!(y[i].text = hear_text(r)))
			return strange(f, "attribute");
	o->feature = x;
	o->feature_count = n;
	o->attribute = y;
	o->attribute_count = m;
	return true;
}

static bool counts_ok(const struct count *c)
{
	return c->value >= COUNT_UNKNOWN && c->max >= COUNT_UNKNOWN;
}

bool inbox_observation(struct bytes b, uint64_t limit, struct inbox_names names,
	struct arena *a, struct observation *o, struct fault *f)
{
	struct reader r = reader(b);
	uint64_t what = hear_u64(&r), kind, meaning;
	bool ok;

	*o = observation_new(OBSERVATION_ARRIVAL);
	ok = hear_instant(&r, &o->at);
	o->sigma_s = hear_f64(&r);
	ok = hear_instant(&r, &o->until) && ok;
	ok = hear_instant(&r, &o->received) && ok;
	kind = hear_u64(&r);
	o->count.value = hear_i64(&r);
	meaning = hear_u64(&r);
	o->count.max = hear_i64(&r);
	ok = hear_cite(&r, limit, &o->cite) && ok;
	o->source = hear_text(&r);
	if (!ok || !o->source || what >= OBSERVATION_COUNT ||
		kind >= KIND_COUNT || meaning >= COUNT_MEANINGS ||
		!counts_ok(&o->count))
		return strange(f, "observation");
	o->what = (enum observation_what)what;
	o->kind = (enum kind)kind;
	o->count.meaning = (enum count_meaning)meaning;
	return hear_place(&r, &o->place, a, f) &&
	       hear_lists(&r, names, a, o, f) &&
	       (all_read(&r) || strange(f, "observation"));
}

static bool hear_fault(struct reader *r, struct fault *out)
{
	uint64_t kind = hear_u64(r);
	const char *text = hear_text(r);

	if (!text || strlen(text) >= sizeof out->text || kind > FAULT_SYSTEM)
		return false;
	out->kind = (enum fault_kind)kind;
	memcpy(out->text, text, strlen(text) + 1);
	return true;
}

bool inbox_damage(struct bytes b, uint64_t limit, struct fault *why,
	uint64_t *offset, uint64_t *length, struct fault *f)
{
	struct reader r = reader(b);
	struct cite c;

	if (!hear_cite(&r, limit, &c) || !hear_fault(&r, why) || !all_read(&r))
		return strange(f, "damage");
	*offset = c.offset;
	*length = c.length;
	return true;
}

bool inbox_found(struct bytes b, const char **format, struct fault *f)
{
	struct reader r = reader(b);

	*format = hear_text(&r);
	return (*format && all_read(&r)) || strange(f, "format");
}

bool inbox_done(struct bytes b, bool *ok, struct fault *why, struct fault *f)
{
	struct reader r = reader(b);

	*ok = hear_u64(&r) == 1;
	return (hear_fault(&r, why) && all_read(&r)) || strange(f, "end");
}

/* -- the job -- */

static bool put_text(uint8_t *to, size_t *at, const char *s)
{
	uint64_t n = strlen(s);

	if (n > MESSAGE_PART / 4)
		return false;
	memcpy(to + *at, &n, 8);
	memset(to + *at + 8, 0, filled(n + 1));
	memcpy(to + *at + 8, s, n);
	*at += 8 + filled(n + 1);
	return true;
}

bool message_job_put(const struct message_job *j, uint8_t *to, size_t *length,
	struct fault *f)
{
	uint64_t head[] = {j->sniff, j->headers_only, j->length};

	memcpy(to, head, sizeof head);
	*length = sizeof head;
	return (put_text(to, length, j->format) &&
		       put_text(to, length, j->name) &&
		       put_text(to, length, j->source)) ||
	       fault(f, FAULT_LIMIT, "a name of over 256 KiB");
}

bool inbox_job(struct bytes b, struct message_job *j, struct fault *f)
{
	struct reader r = reader(b);

	j->sniff = hear_u64(&r) == 1;
	j->headers_only = hear_u64(&r) == 1;
	j->length = hear_u64(&r);
	j->format = hear_text(&r);
	j->name = hear_text(&r);
	j->source = hear_text(&r);
	return (j->format && j->name && j->source && all_read(&r)) ||
	       strange(f, "job");
}
