/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/tape.h"

#define TAPE_BYTES ((size_t)8 << 30)

enum { DETECTION = 'd', HEALTH = 'h', AMBIENT = 'a' };

bool tape_open(struct tape *t, struct fault *f)
{
	*t = (struct tape){.partial = false};
	return arena_map(&t->at, TAPE_BYTES, f);
}

void tape_close(struct tape *t)
{
	arena_unmap(&t->at);
}

void tape_clear(struct tape *t)
{
	t->at.used = 0;
	t->partial = false;
}

struct bytes tape_view(const struct tape *t)
{
	return (struct bytes){t->at.at, t->at.used};
}

/* -- recording -- */

bool tape_raw(struct tape *t, const void *from, size_t size, struct fault *f)
{
	if (size > t->at.size - t->at.used)
		return fault(f, FAULT_LIMIT, "a tape is full");
	if (size > 0)
		memcpy(t->at.at + t->at.used, from, size);
	t->at.used += size;
	return true;
}

bool tape_text(struct tape *t, const char *s, struct fault *f)
{
	return tape_raw(t, s ? s : "", s ? strlen(s) + 1 : 1, f);
}

static bool put_features(struct tape *t, const struct feature *x, size_t n,
	struct fault *f)
{
	for (size_t i = 0; i < n; i++)
		if (!tape_text(t, x[i].name, f) ||
			!tape_raw(t, &x[i].value, sizeof x[i].value, f))
			return false;
	return true;
}

/* What is heard of samples has no place, which may have outlines. */
bool tape_detection(
	struct tape *t, const struct detection *d, struct fault *f)
{
	const uint8_t kind = DETECTION;

	if (d->place.region.ring_count + d->place.region.cell_count > 0)
		t->partial = true;
	if (!tape_raw(t, &kind, 1, f) || !tape_raw(t, d, sizeof *d, f) ||
		!tape_text(t, d->source, f) || !tape_text(t, d->detector, f) ||
		!put_features(t, d->feature, d->feature_count, f))
		return false;
	for (size_t i = 0; i < d->attribute_count; i++)
		if (!tape_text(t, d->attribute[i].name, f) ||
			!tape_text(t, d->attribute[i].text, f))
			return false;
	return true;
}

bool tape_health(struct tape *t, const struct health *h, struct fault *f)
{
	const uint8_t kind = HEALTH;

	if (!tape_raw(t, &kind, 1, f) || !tape_raw(t, h, sizeof *h, f) ||
		!tape_text(t, h->source, f) || !tape_text(t, h->why, f) ||
		!tape_text(t, h->measure.name, f) ||
		!put_features(t, h->more, h->more_count, f))
		return false;
	for (size_t i = 0; i < h->evidence_count; i++)
		if (!tape_text(t, h->evidence[i], f))
			return false;
	return true;
}

bool tape_ambient(struct tape *t, const struct ambient *a, struct fault *f)
{
	const uint8_t kind = AMBIENT;

	return tape_raw(t, &kind, 1, f) && tape_raw(t, a, sizeof *a, f);
}

/* -- telling it again -- */

struct play {
	struct reader in;
	struct memo *names;
	struct arena *arena;
	const char *source;
};

bool tape_read(struct reader *r, void *to, size_t size)
{
	struct bytes b = read_bytes(r, size);

	if (b.len == size && size > 0)
		memcpy(to, b.at, size);
	return !r->ran_out;
}

const char *tape_read_text(struct reader *r)
{
	struct bytes left = bytes_part(r->in, r->pos, SIZE_MAX);
	const char *s = (const char *)left.at;
	size_t n = left.len > 0 ? strnlen(s, left.len) : 0;

	if (n == left.len)
		r->ran_out = true;
	reader_skip(r, n + 1);
	return r->ran_out ? "" : s;
}

static bool get_features(struct play *p, size_t n,
	const struct feature **out, struct fault *f)
{
	struct feature *x;

	if (n > reader_left(&p->in))
		return fault(f, FAULT_INPUT, "a memo is cut");
	if (!(x = arena_array(p->arena, n + 1, sizeof *x, f)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!memo_name(p->names, tape_read_text(&p->in), &x[i].name,
			f) || !tape_read(&p->in, &x[i].value,
				sizeof x[i].value))
			return false;
	*out = x;
	return true;
}

static bool play_detection(
	struct play *p, const struct detections *to, struct fault *f)
{
	struct detection d;
	struct attribute *x;

	if (!tape_read(&p->in, &d, sizeof d))
		return false;
	d.place.region.ring = NULL;
	d.place.region.cell = NULL;
	d.source = tape_read_text(&p->in);
	d.detector = tape_read_text(&p->in);
	if (!get_features(p, d.feature_count, &d.feature, f) ||
		d.attribute_count > reader_left(&p->in) ||
		!(x = arena_array(p->arena, d.attribute_count + 1, sizeof *x,
			f)))
		return false;
	for (size_t i = 0; i < d.attribute_count; i++) {
		if (!memo_name(p->names, tape_read_text(&p->in), &x[i].name,
			f))
			return false;
		x[i].text = tape_read_text(&p->in);
	}
	d.attribute = x;
	return !p->in.ran_out && to->put(to->self, &d, f);
}

static bool play_health(
	struct play *p, const struct healths *to, struct fault *f)
{
	struct health h;
	const char **x, *name;
	bool measured;

	if (!tape_read(&p->in, &h, sizeof h))
		return false;
	measured = h.measure.name != NULL;
	h.source = tape_read_text(&p->in);
	h.why = tape_read_text(&p->in);
	if (!memo_name(p->names, tape_read_text(&p->in), &name, f) ||
		!get_features(p, h.more_count, &h.more, f) ||
		h.evidence_count > reader_left(&p->in) ||
		!(x = arena_array(p->arena, h.evidence_count + 1, sizeof *x,
			f)))
		return false;
	h.measure.name = measured ? name : NULL;
	for (size_t i = 0; i < h.evidence_count; i++)
		x[i] = tape_read_text(&p->in);
	h.evidence = x;
	return !p->in.ran_out && to->put(to->self, &h, f);
}

static bool play_ambient(
	struct play *p, const struct ambients *to, struct fault *f)
{
	struct ambient a;

	if (!tape_read(&p->in, &a, sizeof a))
		return false;
	a.source = p->source;
	return to->put(to->self, &a, f);
}

bool tape_play(struct bytes tape, struct memo *names, const char *source,
	struct arena *a, const struct tape_to *to, struct fault *f)
{
	struct play p = {reader(tape), names, a, source};
	bool ok = true;

	f->kind = FAULT_NONE;
	while (ok && !reader_done(&p.in)) {
		switch (read_u8(&p.in)) {
		case DETECTION:
			ok = play_detection(&p, &to->detections, f);
			break;
		case HEALTH:
			ok = play_health(&p, &to->healths, f);
			break;
		case AMBIENT:
			ok = play_ambient(&p, &to->ambients, f);
			break;
		default:
			ok = false;
		}
	}
	/* Its sum was right: so it was written wrongly. */
	return ok || f->kind != FAULT_NONE ||
		fault(f, FAULT_INPUT, "a memo makes no sense");
}
