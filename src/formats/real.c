/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * real.c - picks as REAL reads them (Zhang, Ellsworth and Beroza, Seismol.
 * Res. Lett. 90 (2019) 2276): YYYYMMDD/NET.STA.P.txt and .S.txt, a pick a
 * line: seconds of the day, weight, amplitude.
 *
 * Nothing in the bytes says station, phase or day: the file's name and its
 * folder's do.  A file whose folder and name hold no date gives picks of an
 * unknown moment, whose second of the day is kept (feature second_of_day), so
 * that who knows the day can set it. */
#include "base/columns.h"
#include "base/csv.h"
#include "base/text.h"
#include "formats/format.h"

/* REAL lets a day's picks run over its end. */
#define SECONDS_MOST 200000.0

struct named { /* what a file's name says */
	struct bytes net, station, phase;
};

/* "IV.FEMA.P.txt", or with a code of place or channel after the station. */
static bool parts(const char *name, struct named *n)
{
	struct bytes part[5], b = bytes_of(name);
	size_t count = 0, from = 0;

	for (size_t i = 0; i <= b.len && count < 5; i++)
		if (i == b.len || b.at[i] == '.') {
			part[count++] = bytes_part(b, from, i - from);
			from = i + 1;
		}
	if (count < 4 || count > 4 || part[1].len == 0)
		return false;
	*n = (struct named){part[0], part[1], part[2]};
	return bytes_are(n->phase, "P") || bytes_are(n->phase, "S");
}

/* The first eight digits in a row that are a date. */
static struct instant day_in(const char *text)
{
	struct bytes b = bytes_of(text);

	for (size_t i = 0; i + 8 <= b.len; i++) {
		struct civil c = {0};
		struct instant t;
		struct fault f;
		int64_t v;

		if (b.at[i] == '-' || b.at[i] == '+' ||
			!integer_read(bytes_part(b, i, 8), &v, &f))
			continue;
		c.year = (int)(v / 10000);
		c.month = (int)(v / 100 % 100);
		c.day = (int)(v % 100);
		if (instant_of_civil(&c, &t, &f))
			return t;
	}
	return INSTANT_UNKNOWN;
}

static bool pick(const struct columns *c, struct instant day,
	struct observation *o, struct feature *x, struct fault *f)
{
	double s, weight, amplitude;

	if (!columns_number(c, 0, 0, SECONDS_MOST, &s, f) ||
		!columns_number(c, 1, -1e12, 1e12, &weight, f) ||
		!columns_number(c, 2, -1e12, 1e12, &amplitude, f))
		return false;
	x[0] = (struct feature){"weight", weight};
	x[1] = (struct feature){"picker_amplitude", amplitude};
	o->feature_count = 2;
	if (instant_known(day))
		o->at = instant_round_us(instant_plus_s(day, s));
	else
		x[o->feature_count++] = (struct feature){"second_of_day", s};
	return true;
}

static bool decode(struct bytes in, const struct origin *origin,
	struct arena *a, const struct intake *to, struct fault *f)
{
	struct observation o = observation_new(OBSERVATION_ARRIVAL);
	struct columns c = columns_of(in);
	struct attribute phase = {"phase", ""};
	struct feature x[3];
	struct named n;
	struct instant day = day_in(origin->source);
	struct text t = text_in(a, strlen(origin->name) + 2);

	o.source = origin->source;
	if (!instant_known(day))
		day = day_in(origin->name);
	if (parts(origin->name, &n)) {
		text_bytes(&t, n.net);
		text_char(&t, '.');
		text_bytes(&t, n.station);
		if (!text_check(&t, f))
			return false;
		o.source = t.at;
		phase.text = bytes_are(n.phase, "P") ? "P" : "S";
		o.attribute = &phase;
		o.attribute_count = 1;
	}
	o.feature = x;
	while (columns_next(&c)) {
		struct fault why;

		o.cite.offset = c.row_at;
		o.cite.length = c.pos - c.row_at;
		if (!pick(&c, day, &o, x, &why)) {
			if (!format_damage(to, o.cite.offset, o.cite.length, f,
				    "%s", why.text))
				return false;
			continue;
		}
		if (!to->observation(to->self, &o, f))
			return false;
	}
	return true;
}

static int sniff(struct bytes head, const struct origin *o)
{
	struct columns c = columns_of(head);
	struct named n;
	struct fault f;
	double v;

	if (!parts(o->name, &n) || !columns_next(&c) || c.count != 3)
		return 0;
	return columns_number(&c, 0, 0, SECONDS_MOST, &v, &f) &&
				columns_number(&c, 1, -1e12, 1e12, &v, &f) ?
		85 :
		0;
}

const struct format format_real = {
	.name = "real",
	.about = "picks, YYYYMMDD/NET.STA.P.txt (REAL)",
	.sniff = sniff,
	.decode = decode,
};
