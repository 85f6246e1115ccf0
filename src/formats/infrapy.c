/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * infrapy.c - detections of infrasound arrays as InfraPy's JSON has them
 * (`*.dets.json`): when, where the array stands, back azimuth (degrees from
 * north, -180 to 180), trace speed, F statistic, number of elements.
 *
 * An array without a name is named by its place, "42.7668,-109.5939", so that
 * its detections are one source's. */
#include "base/text.h"
#include "formats/statement.h"

static bool time_of(struct statement *s, const char *name,
	struct instant *t, struct fault *f)
{
	const char *text;
	struct text z;

	if (!statement_text(s, name, &text, f))
		return false;
	*t = INSTANT_UNKNOWN;
	if (text[0] == '\0' || instant_parse(bytes_of(text), false, t, f))
		return true;
	z = text_in(s->arena, strlen(text) + 2);
	text_add(&z, text);
	text_char(&z, 'Z');
	return text_check(&z, f) &&
		(instant_parse(text_view(&z), false, t, f) ||
			fault_in(f, "%s", name));
}

static bool source(struct statement *s, struct fault *f)
{
	struct text t;

	if (!statement_text(s, "Name", &s->o.source, f))
		return false;
	if (s->o.source[0] != '\0')
		return true;
	t = text_in(s->arena, 40);
	text_fixed(&t, s->o.place.lat_deg, 4);
	text_char(&t, ',');
	text_fixed(&t, s->o.place.lon_deg, 4);
	s->o.source = t.at ? t.at : "";
	return text_check(&t, f);
}

static bool row(struct statement *s, struct fault *f)
{
	static const struct {
		const char *member, *name;
		double min, max;
	} more[] = {
		{"Back Azimuth", "back_azimuth_deg", -360, 360},
		{"Trace Velocity (m/s)", "trace_speed_ms", 1, 1e5},
		{"F Statistic", "f_statistic", 0, 1e9},
		{"Array Dimension", "elements", 1, 1e4},
	};
	double v;

	s->o.what = OBSERVATION_ARRIVAL;
	if (!time_of(s, "Peak F-Stat Time (UTC)", &s->o.at, f) ||
		!statement_number(
			s, "Latitude", -90, 90, &s->o.place.lat_deg, f) ||
		!statement_number(
			s, "Longitude", -180, 180, &s->o.place.lon_deg, f) ||
		!statement_number(
			s, "Elevation", -1e3, 1e5, &s->o.place.alt_m, f))
		return false;
	if (!instant_known(s->o.at) || !place_known(&s->o.place))
		return fault(f, FAULT_INPUT,
			"a detection needs its peak time and its place");
	s->o.at = instant_round_us(s->o.at);
	statement_add_text(s, "phase", "I");
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		if (!statement_number(s, more[i].member, more[i].min,
			    more[i].max, &v, f))
			return false;
		if (i == 0 && v < 0)
			v += 360;
		statement_add_number(s, more[i].name, v);
	}
	return source(s, f);
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	return statements_json(in, "detections", o, a, to, row, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	static const char word[] = "\"Peak F-Stat Time (UTC)\"";

	(void)o;
	return head.len > 0 && (head.at[0] == '[' || head.at[0] == '{') &&
				memmem(head.at, head.len, word,
					sizeof word - 1) ?
		90 :
		0;
}

const struct format format_infrapy = {
	.name = "infrapy",
	.about = "detections of infrasound arrays, dets.json (InfraPy)",
	.sniff = sniff,
	.decode = decode,
};
