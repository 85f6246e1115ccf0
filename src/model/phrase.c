/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/phrase.h"

#include "base/maths.h"
#include "base/text.h"
#include "geo/geodesic.h"

const char *phrase_compass(double azimuth_deg)
{
	static const char *const points[16] = {"north", "north-north-east",
		"north-east", "east-north-east", "east", "east-south-east",
		"south-east", "south-south-east", "south", "south-south-west",
		"south-west", "west-south-west", "west", "west-north-west",
		"north-west", "north-north-west"};
	double turn = azimuth_deg / 22.5 + 0.5;

	if (!isfinite(azimuth_deg) || fabs(azimuth_deg) > 1e6)
		return "?";
	return points[(int64_t)floor(turn) & 15];
}

static double weight(const struct town *t)
{
	return t->population >= 100000  ? 3
		: t->population >= 10000 ? 2
		: t->population >= 1000  ? 1.5
					 : 1;
}

/* Flat and unscaled: it ranks towns, the geodesic measures the chosen one. */
const struct town *phrase_town(
	const struct mission *m, double lat_deg, double lon_deg)
{
	const struct town *best = NULL;
	double least = INFINITY, shrink = m_cos(RAD(lat_deg));

	if (!isfinite(lat_deg + lon_deg))
		return NULL;
	for (size_t i = 0; i < m->town_count; i++) {
		const struct town *t = &m->town[i];
		double x = t->lon_deg - lon_deg, y = t->lat_deg - lat_deg, w, d;

		if (!isfinite(x + y))
			continue;
		x = (x > 180 ? x - 360 : x < -180 ? x + 360 : x) * shrink;
		w = weight(t);
		d = (x * x + y * y) / (w * w);
		if (d > least)
			continue;
		if (d == least && best &&
			(t->population < best->population ||
				(t->population == best->population &&
					strcmp(t->name, best->name) >= 0)))
			continue;
		least = d;
		best = t;
	}
	return best;
}

size_t gazetteer_phrase(const struct mission *m, double lat_deg,
	double lon_deg, char *out, size_t n)
{
	const struct town *t = phrase_town(m, lat_deg, lon_deg);
	struct text s = text_on(out, n);
	struct geodesic g;
	double km;

	if (!t)
		return 0;
	g = geodesic_between((struct point){t->lat_deg, t->lon_deg},
		(struct point){lat_deg, lon_deg});
	km = floor(g.length_m / 1000 + 0.5);
	if (!isfinite(g.length_m))
		return 0;
	if (g.length_m < 300)
		text_add(&s, "at ");
	else if (g.length_m < 950)
		text_fmt(&s, "%.0f m %s of ",
			floor(g.length_m / 100 + 0.5) * 100,
			phrase_compass(g.azimuth_deg));
	else
		text_fmt(&s, "%.0f km %s of ", km,
			phrase_compass(g.azimuth_deg));
	text_add(&s, t->name);
	if (t->control && t->control[0])
		text_fmt(&s, " (party %s-controlled)", t->control);
	return s.len;
}
