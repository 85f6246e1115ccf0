/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stationdat.c - stations as REAL reads them, one a line: longitude,
 * latitude, network, station, channel, elevation in kilometres. */
#include "base/columns.h"
#include "base/csv.h"
#include "base/text.h"
#include "formats/format.h"

static bool station(const struct columns *c, struct observation *o,
	struct text *t, struct fault *f)
{
	double lon, lat, km;

	if (!columns_number(c, 0, -180, 180, &lon, f) ||
		!columns_number(c, 1, -90, 90, &lat, f) ||
		!columns_number(c, 5, -12, 9, &km, f))
		return false;
	o->place.lon_deg = lon;
	o->place.lat_deg = lat;
	o->place.alt_m = 1000 * km;
	text_bytes(t, c->word[2]);
	text_char(t, '.');
	text_bytes(t, c->word[3]);
	o->source = t->at ? t->at : "";
	return text_check(t, f);
}

static bool decode(struct bytes in, const struct origin *origin,
	struct arena *a, const struct intake *to, struct fault *f)
{
	struct columns c = columns_of(in);
	size_t mark = a->used;

	(void)origin;
	while (columns_next(&c)) {
		struct observation o = observation_new(OBSERVATION_SURVEY);
		struct attribute what = {"what", "station"};
		struct text t = text_in(a, c.pos - c.row_at + 2);
		struct fault why;
		bool ok;

		o.attribute = &what;
		o.attribute_count = 1;
		o.cite.offset = c.row_at;
		o.cite.length = c.pos - c.row_at;
		if (station(&c, &o, &t, &why))
			ok = to->observation(to->self, &o, f);
		else
			ok = format_damage(to, o.cite.offset, o.cite.length, f,
				"%s", why.text);
		if (!ok)
			return false;
		a->used = mark;
	}
	return true;
}

/* Three lines that fit, or all there are. */
static int sniff(struct bytes head, const struct origin *origin)
{
	struct columns c = columns_of(head);
	struct fault f;
	double v;
	int fit = 0;

	(void)origin;
	while (fit < 3 && columns_next(&c)) {
		if (c.count != 6 || number_read(c.word[3], &v, &f) ||
			!columns_number(&c, 0, -180, 180, &v, &f) ||
			!columns_number(&c, 1, -90, 90, &v, &f) ||
			!columns_number(&c, 5, -12, 9, &v, &f))
			return 0;
		fit++;
	}
	return fit > 0 ? 60 : 0;
}

const struct format format_stationdat = {
	.name = "stationdat",
	.about = "stations, six columns (REAL)",
	.sniff = sniff,
	.decode = decode,
};
