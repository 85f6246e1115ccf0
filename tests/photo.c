/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * photo.c - photos with bytes turned, cut and moved: whatever is in them, a
 * size is of 1 to 65535 pixels, a claimed position lies on Earth, a claimed
 * time is one of the calendar or none, and nothing of it becomes a place.
 * TRUCE_ROUNDS=N for each of tests/data/photo. */
#include "check.h"

#include <string.h>

#include "dice.h"
#include "formats/format.h"

enum { LONGEST = 4096, ROUNDS = 20000 };

static const char *const names[] = {"phone", "big-endian", "no-exif", "cut",
	"nowhere", "zero-under", "unset-clock", "no-clock", "loop", "far",
	"many-tags", "southwest", "plain", "huge", "no-end"};

struct seen {
	size_t photos, damages, claims, wrong;
};

static bool look(void *self, const struct observation *o, struct fault *f)
{
	struct seen *s = self;
	double w = feature_of(o->feature, o->feature_count, "width_px");
	double h = feature_of(o->feature, o->feature_count, "height_px");
	double lat = feature_of(o->feature, o->feature_count, "claimed_lat");
	double lon = feature_of(o->feature, o->feature_count, "claimed_lon");
	const char *at = attribute_of(
		o->attribute, o->attribute_count, "claimed_at");
	bool size = w >= 1 && w <= 65535 && h >= 1 && h <= 65535;
	bool place = isfinite(lat) == isfinite(lon) && (!isfinite(lat) ||
		(fabs(lat) <= 90 && fabs(lon) <= 180));
	bool time = at ? strlen(at) == 19 || (strlen(at) == 25 &&
		instant_known(o->at)) : !instant_known(o->at);

	(void)f;
	s->photos++;
	s->claims += isfinite(lat);
	s->wrong += !size || !place || !time || place_known(&o->place) ||
		o->what != OBSERVATION_PHOTO;
	return true;
}

static bool damaged(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct seen *s = self;

	(void)why, (void)offset, (void)length, (void)f;
	s->damages++;
	return true;
}

static int below(size_t n)
{
	return (int)(uniform() * (double)n);
}

/* One to eight bytes turned, or the end cut off, or a piece moved. */
static size_t turn(uint8_t *at, size_t n)
{
	int how = below(10);

	if (how == 0)
		return 1 + (size_t)below(n);
	if (how == 1) {
		size_t from = (size_t)below(n), to = (size_t)below(n);
		size_t len = n - (from > to ? from : to);

		memmove(at + to, at + from, len);
		return n;
	}
	for (int i = 1 + below(8); i > 0; i--)
		at[below(n)] = (uint8_t)(how < 6 ? below(256)
			: below(2) ? 0xff : below(3));
	return n;
}

static void one(const char *name, int rounds, struct seen *s)
{
	static uint8_t whole[LONGEST];
	const struct intake to = {s, intake_no_segment, look, damaged, false};
	const struct origin from = {"x.jpg", "P-1"};
	const struct format *photo = format_named("photo");
	char path[256];
	FILE *file;
	size_t n;

	(void)snprintf(path, sizeof path, "tests/data/photo/%s.in", name);
	file = fopen(path, "rb");
	n = file ? fread(whole, 1, sizeof whole, file) : 0;
	if (file)
		(void)fclose(file);
	CHECK_QUIET(n > 0, "%s", path);
	for (int i = 0; n > 0 && i < rounds; i++) {
		/* Of its own length, so that a sanitizer sees its end. */
		uint8_t *at = malloc(n);
		struct arena a = {0};
		struct fault f = {0};
		size_t m;

		if (!at)
			abort();
		memcpy(at, whole, n);
		m = turn(at, n);
		if (!photo->decode((struct bytes){at, m}, &from, &a, &to, &f))
			s->damages++;
		free(at);
	}
}

int main(void)
{
	const char *said = getenv("TRUCE_ROUNDS");
	int rounds = said ? (int)strtol(said, NULL, 10) : ROUNDS;
	struct seen s = {0};

	(void)normal; /* dice.h has it for others */
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		one(names[i], rounds, &s);
	CHECK(s.wrong == 0 && s.photos > 1000 && s.claims > 1000 &&
		s.damages > 1000, "%zu photos told, %zu with a position that "
		"they claim, %zu damaged: %zu say what cannot be", s.photos,
		s.claims, s.damages, s.wrong);
	return check_done();
}
