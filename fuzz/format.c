/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * format.c - the one harness for every format.  A property, not only "no
 * crash": what comes out is well formed, or there is a worded fault. */
#include "formats/format.h"

#include <stdlib.h>

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

extern const struct format JOIN(format_, FORMAT);
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct seen {
	size_t length;
};

static bool segment(void *self, const struct segment *s, struct fault *f)
{
	struct seen *seen = self;

	(void)f;
	if (!s->channel || !instant_known(s->start) || !(s->rate_hz > 0) ||
		s->rate_hz > 1e6 || s->cite.offset > seen->length ||
		s->cite.length > seen->length - s->cite.offset)
		abort();
	for (size_t i = 0; i < s->count; i++)
		(void)(volatile double){segment_sample(s, i)};
	return true;
}

static bool observation(
	void *self, const struct observation *o, struct fault *f)
{
	struct seen *seen = self;
	const struct place *p = &o->place;

	(void)f;
	if (!o->source || (unsigned)o->what >= OBSERVATION_COUNT ||
		(o->feature_count > 0 && !o->feature) ||
		o->cite.offset > seen->length ||
		o->cite.length > seen->length - o->cite.offset)
		abort();
	if (place_known(p) && (fabs(p->lat_deg) > 90 || fabs(p->lon_deg) > 180))
		abort();
	for (size_t i = 0; i < o->feature_count; i++)
		if (!o->feature[i].name)
			abort();
	for (size_t i = 0; i < o->attribute_count; i++)
		if (!o->attribute[i].name || !o->attribute[i].text)
			abort();
	return true;
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct seen *seen = self;

	(void)f;
	if (why->text[0] == '\0' || offset > seen->length ||
		length > seen->length - offset)
		abort();
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static uint8_t block[8 << 20];
	const struct format *fmt = &JOIN(format_, FORMAT);
	struct arena scratch = arena_on(block, sizeof block);
	struct seen seen = {len};
	struct intake in = {&seen, segment, observation, damage, false};
	struct origin o = {"fuzz_20260203T040506Z.bin", "S1"};
	struct bytes b = {at, len};
	struct fault f = {0};
	int sure = fmt->sniff(b, &o);

	if (sure < 0 || sure > 100)
		abort();
	if (!fmt->decode(b, &o, &scratch, &in, &f) && f.text[0] == '\0')
		abort();
	return 0;
}
