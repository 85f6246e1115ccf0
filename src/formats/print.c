/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/print.h"

#include "base/json.h"

static void offsets(struct json *j, uint64_t offset, uint64_t length)
{
	json_key_i64(j, "offset", (int64_t)offset);
	json_key_i64(j, "length", (int64_t)length);
}

static void flags(struct json *j, unsigned set)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {
		{SEGMENT_CLIPPED, "clipped"},
		{SEGMENT_LEAP_SECOND, "leap_second"},
		{SEGMENT_TIME_DOUBTFUL, "time_doubtful"},
		{SEGMENT_CORRECTED, "corrected"},
		{SEGMENT_EVENT, "event"},
	};

	if (set == 0)
		return;
	json_key(j, "flags");
	json_list(j);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (set & names[i].bit)
			json_text(j, names[i].name);
	json_close(j);
}

static void samples(struct json *j, const struct segment *s)
{
	double sum = 0, min = INFINITY, max = -INFINITY;

	for (size_t i = 0; i < s->count; i++) {
		double v = segment_sample(s, i);

		sum += v;
		min = fmin(min, v);
		max = fmax(max, v);
	}
	json_key_short(j, "first", s->count ? segment_sample(s, 0) : NAN, 6);
	json_key_short(j, "last", s->count ? segment_sample(s, s->count - 1) :
		NAN, 6);
	json_key_short(j, "sum", s->count ? sum : NAN, 6);
	json_key_short(j, "min", min, 6);
	json_key_short(j, "max", max, 6);
}

bool print_segment(const struct segment *s, struct text *out, struct fault *f)
{
	struct json j = json_on(out);

	json_object(&j);
	json_key_text(&j, "segment", s->channel);
	json_key_time(&j, "start", s->start, 6);
	json_key_short(&j, "rate_hz", s->rate_hz, 6);
	json_key_i64(&j, "count", (int64_t)s->count);
	json_key_i64(&j, "declared", (int64_t)s->declared);
	if (s->counts || s->values)
		samples(&j, s);
	json_key_short(&j, "scale", s->scale, 12);
	json_key_short(&j, "time_quality", s->time_quality, 3);
	flags(&j, s->flags);
	offsets(&j, s->cite.offset, s->cite.length);
	json_close(&j);
	return text_check(out, f);
}

static void print_count(struct json *j, struct count c)
{
	json_key(j, "count");
	if (c.value == COUNT_UNKNOWN && c.max == COUNT_UNKNOWN &&
		c.meaning == COUNT_UNCOUNTABLE) {
		json_null_value(j);
		return;
	}
	json_object(j);
	json_key(j, "value");
	if (c.value == COUNT_UNKNOWN)
		json_null_value(j);
	else
		json_i64(j, c.value);
	json_key_text(j, "meaning", count_meaning_name(c.meaning));
	if (c.max != COUNT_UNKNOWN)
		json_key_i64(j, "max", c.max);
	json_close(j);
}

static void print_rings(struct json *j, const struct region *r)
{
	if (r->ring_count == 0)
		return;
	json_key(j, "rings");
	json_list(j);
	for (size_t i = 0; i < r->ring_count; i++) {
		json_list(j);
		for (size_t k = 0; k < r->ring[i].count; k++) {
			json_list(j);
			json_fixed(j, r->ring[i].point[k].lat_deg, 7);
			json_fixed(j, r->ring[i].point[k].lon_deg, 7);
			json_close(j);
		}
		json_close(j);
	}
	json_close(j);
}

static void print_cells(struct json *j, const struct region *r)
{
	if (r->cell_count == 0)
		return;
	json_key(j, "cells");
	json_list(j);
	for (size_t i = 0; i < r->cell_count; i++) {
		json_list(j);
		json_fixed(j, r->cell[i].lat_deg, 7);
		json_fixed(j, r->cell[i].lon_deg, 7);
		json_fixed(j, r->cell[i].half_side_m, 1);
		json_fixed(j, r->cell[i].share, 6);
		json_close(j);
	}
	json_close(j);
}

static void print_place(struct json *j, const struct place *p)
{
	const struct ellipse *e = &p->region.ellipse;

	json_key(j, "place");
	if (!place_known(p) && p->region.ring_count == 0) {
		json_null_value(j);
		return;
	}
	json_object(j);
	json_key_fixed(j, "lat", p->lat_deg, 7);
	json_key_fixed(j, "lon", p->lon_deg, 7);
	json_key_short(j, "alt_m", p->alt_m, 3);
	json_key_short(j, "level", p->region.level, 3);
	json_key_short(j, "semi_major_m", e->semi_major_m, 3);
	json_key_short(j, "semi_minor_m", e->semi_minor_m, 3);
	json_key_short(j, "azimuth_deg", isfinite(e->semi_major_m) ?
		e->azimuth_deg : NAN, 3);
	print_rings(j, &p->region);
	print_cells(j, &p->region);
	json_close(j);
}

static void lists(struct json *j, const struct observation *o)
{
	if (o->feature_count > 0) {
		json_key(j, "features");
		json_object(j);
		for (size_t i = 0; i < o->feature_count; i++) {
			json_key_short(j, o->feature[i].name,
				o->feature[i].value, 6);
		}
		json_close(j);
	}
	if (o->attribute_count > 0) {
		json_key(j, "attributes");
		json_object(j);
		for (size_t i = 0; i < o->attribute_count; i++) {
			json_key_text(j, o->attribute[i].name,
				o->attribute[i].text);
		}
		json_close(j);
	}
}

bool print_observation(
	const struct observation *o, struct text *out, struct fault *f)
{
	struct json j = json_on(out);

	json_object(&j);
	json_key_text(&j, "observation", observation_what_name(o->what));
	json_key_text(&j, "source", o->source);
	json_key_time(&j, "at", o->at, 6);
	json_key_short(&j, "sigma_s", o->sigma_s, 6);
	json_key_time(&j, "until", o->until, 6);
	json_key_time(&j, "received", o->received, 6);
	json_key_text(&j, "kind", kind_name(o->kind));
	print_count(&j, o->count);
	print_place(&j, &o->place);
	lists(&j, o);
	offsets(&j, o->cite.offset, o->cite.length);
	json_close(&j);
	return text_check(out, f);
}

bool print_damage(const struct fault *why, uint64_t offset, uint64_t length,
	struct text *out, struct fault *f)
{
	struct json j = json_on(out);

	json_object(&j);
	json_key_text(&j, "damage", why->text);
	offsets(&j, offset, length);
	json_close(&j);
	return text_check(out, f);
}
