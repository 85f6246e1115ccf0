/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * heat.c - a satellite's hot pixel is a detection of fire.
 *
 * It says: in this pixel, at this look, it was hotter than its surroundings
 * (SATELLITE.md 1).  The region is the pixel grown to hold the source with
 * 0.9: VIIRS answers evenly over the pixel, MODIS along scan with a triangle
 * two pixels wide; both are blurred by geolocation.  The id is made of the
 * row's identity (satellite, minute, place to 1e-5 degree, version), so
 * overlapping files and mirrors of a feed give one detection. */
#include "base/maths.h"
#include "base/text.h"
#include "detect/detector.h"

/* Geolocation, 1 sigma an axis: 400 m at 3 sigma at nadir (NOAA's check of
 * VIIRS I bands; SATELLITE.md 3.1). */
static const double geolocation_m = 130;
/* Two axes of this share make 0.9. */
static const double axis_share = 0.94868329805051380;

/* x Phi(x) + phi(x), the integral of Phi. */
static double phi_integral(double x)
{
	return x * m_phi(x) + m_exp(-x * x / 2) * 0.39894228040143268;
}

/* Half width that holds axis_share of a uniform density of half width h,
 * blurred by the geolocation error. */
static double grown(double h)
{
	const double s = geolocation_m;
	double lo = 0, hi = h + 4 * s;

	for (int i = 0; i < 40; i++) {
		double t = (lo + hi) / 2;
		double share = s / h * (phi_integral((t + h) / s) -
			phi_integral((t - h) / s)) - 1;

		if (share < axis_share)
			lo = t;
		else
			hi = t;
	}
	return (lo + hi) / 2;
}

/* The same for a triangle of half width w, the errors added in squares: exact
 * to 1 % for pixels above 0.5 km. */
static double grown_triangle(double w)
{
	double t = w * (1 - sqrt(1 - axis_share));
	double g = m_phi_inverse((1 + axis_share) / 2) * geolocation_m;

	return sqrt(t * t + g * g);
}

/* Corners right-ahead, left-ahead, left-behind, right-behind, as
 * footprint_pixel() gives them. */
static void grow(const struct place *p, double ahead, double right,
	struct point out[4])
{
	static const double a[4] = {1, 1, -1, -1}, r[4] = {1, -1, -1, 1};
	const struct point *c = p->region.ring[0].point;
	double turn = fabs(c[0].lon_deg - p->lon_deg) > 180 ? 360 : 0;
	double lat_a = (c[0].lat_deg + c[1].lat_deg) / 2 - p->lat_deg;
	double lon_a = (c[0].lon_deg + c[1].lon_deg) / 2 - p->lon_deg;
	double lat_r = (c[0].lat_deg - c[1].lat_deg) / 2;
	double lon_r = (c[0].lon_deg - c[1].lon_deg) / 2;

	for (int i = 0; i < 4; i++) {
		out[i] = c[i];
		if (turn > 0 || fabs(lon_a) > 10 || fabs(lon_r) > 10)
			continue; /* across the 180th meridian: as it is */
		out[i].lat_deg = p->lat_deg + a[i] * ahead * lat_a +
			r[i] * right * lat_r;
		out[i].lon_deg = p->lon_deg + a[i] * ahead * lon_a +
			r[i] * right * lon_r;
	}
}

static void region_of(const struct observation *o, struct place *p,
	struct point corner[4], struct ring *ring)
{
	double scan = feature_of(o->feature, o->feature_count, "scan_m");
	double track = feature_of(o->feature, o->feature_count, "track_m");
	const char *instrument = attribute_of(
		o->attribute, o->attribute_count, "instrument");
	bool modis = instrument && strcmp(instrument, "MODIS") == 0;

	if (p->region.ring_count != 1 || p->region.ring[0].count != 4 ||
		!(scan > 0 && track > 0))
		return;
	double across = modis ? grown_triangle(scan) : grown(scan / 2);
	double along = grown(track / 2);
	grow(p, along / (track / 2), across / (scan / 2), corner);
	*ring = (struct ring){corner, 4};
	p->region.ring = ring;
	double vs = scan * scan / (modis ? 6 : 12);
	double vt = track * track / 12, vg = geolocation_m * geolocation_m;
	double s = REGION_SIGMA_90 * sqrt(vs + vg);
	double t = REGION_SIGMA_90 * sqrt(vt + vg);
	/* The wide side keeps the azimuth that the format gave it. */
	p->region.ellipse.semi_major_m = fmax(s, t);
	p->region.ellipse.semi_minor_m = fmin(s, t);
	p->region.level = 0.9;
}

static void name(struct detection *d)
{
	char at[256];
	struct text t = text_on(at, sizeof at);
	const char *satellite = attribute_of(
		d->attribute, d->attribute_count, "satellite");
	const char *version = attribute_of(
		d->attribute, d->attribute_count, "version");

	text_fmt(&t, "heat\n%s\n%s\n", satellite ? satellite : d->source,
		version ? version : "");
	text_i64(&t, d->at.utc_ns / 60000000000);
	text_char(&t, '\n');
	text_fixed(&t, d->place.lat_deg, 5);
	text_char(&t, '\n');
	text_fixed(&t, d->place.lon_deg, 5);
	d->id = id_make('d', d->at, text_view(&t));
}

static bool observation(void *state, const struct observation *o,
	const struct detections *to, struct fault *f)
{
	struct detection d = detection_new();
	struct point corner[4];
	struct ring ring;

	(void)state;
	d.source = o->source;
	d.modality = MODALITY_HEAT;
	d.detector = "heat";
	d.at = o->at;
	d.sigma_s = o->sigma_s;
	d.kind = KIND_FIRE;
	d.place = o->place;
	region_of(o, &d.place, corner, &ring);
	d.amplitude = NAN;
	d.feature = o->feature;
	d.feature_count = o->feature_count;
	d.attribute = o->attribute;
	d.attribute_count = o->attribute_count;
	d.cite = o->cite;
	name(&d);
	return to->put(to->self, &d, f);
}

static bool sees(enum observation_what w)
{
	return w == OBSERVATION_HEAT;
}

const struct detector detector_heat = {
	.name = "heat",
	.about = "a satellite's hot pixel, with its footprint",
	.sees = sees,
	.observation = observation,
};
