/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shotspotter.c - the JSON of ShotSpotter's published live-fire tests
 * (Tech Note 098, 2021): what a gunshot sensor reports of itself.
 *
 * audio metadata: the surveyed place of a sensor -> SURVEY
 * allpulses:      pulses that the sensors picked -> ARRIVAL
 * survey:         the place of a firing position -> SURVEY
 * weather:        the nearest airport's report -> WEATHER
 * nlos-tuples:    the vendor's own association: truth, so it is recognised
 *                 and gives nothing.
 * Places are metres from an arbitrary origin: features x_m, y_m, z_m, no
 * place.  Origins differ per firing position, so a source is named
 * `<folder>_<serial>`. */
#include "base/text.h"
#include "formats/objects.h"
#include "formats/statement.h"

/* The pulses are written to 1 ms, but a pick is not that good: the residuals
 * of the published fits are some milliseconds.  The writing's resolution would
 * say 0.0003. */
static const double pick_sigma_s = 0.003;

static bool local_place(
	struct statement *s, const char *member, struct fault *f)
{
	static const char *const axis[] = {"x", "y", "z"};
	static const char *const name[] = {"x_m", "y_m", "z_m"};
	const struct tree *t = tree_get(s->tree, member);

	for (size_t i = 0; i < 3; i++) {
		double v = tree_number(t, axis[i]);

		if (isnan(v) || fabs(v) > 1e7)
			return fault(f, FAULT_INPUT,
				"%s.%s is no number of metres", member,
				axis[i]);
		statement_add_number(s, name[i], v);
	}
	return true;
}

static bool source(struct statement *s, struct fault *f)
{
	const char *serial;
	struct text t;

	if (!statement_needs(s, "serial_number", &serial, f))
		return false;
	if (s->origin->source[0] == '\0') {
		s->o.source = serial;
		return true;
	}
	t = text_in(s->arena, strlen(serial) + strlen(s->origin->source) + 2);
	text_add(&t, s->origin->source);
	text_char(&t, '_');
	text_add(&t, serial);
	s->o.source = t.at ? t.at : "";
	return text_check(&t, f);
}

static bool time_needed(struct statement *s, const char *name, struct fault *f)
{
	if (!statement_time(s, name, &s->o.at, f))
		return false;
	return instant_known(s->o.at) ||
		fault(f, FAULT_INPUT, "%s is missing", name);
}

static bool audio(struct statement *s, struct fault *f)
{
	s->o.what = OBSERVATION_SURVEY;
	statement_add_text(s, "what", "sensor");
	return source(s, f) && time_needed(s, "timestamp", f) &&
		local_place(s, "location", f);
}

static bool pulse(struct statement *s, struct fault *f)
{
	double error, snr, level;

	s->o.what = OBSERVATION_ARRIVAL;
	s->o.sigma_s = pick_sigma_s;
	if (!source(s, f) || !time_needed(s, "arrival_time_utc", f) ||
		!local_place(s, "location", f) ||
		!statement_number(s, "location_error", 0, 1e6, &error, f) ||
		!statement_number(
			s, "signal_to_noise_dB", -100, 300, &snr, f) ||
		!statement_number(s, "power_dB_SPL", -100, 300, &level, f))
		return false;
	statement_add_number(s, "location_err_m", error);
	statement_add_number(s, "snr_db", snr);
	statement_add_number(s, "level_db", level);
	return true;
}

static bool survey(struct statement *s, struct fault *f)
{
	double rounds;

	s->o.what = OBSERVATION_SURVEY;
	s->o.source = s->origin->source;
	statement_add_text(s, "what", "firing position");
	if (!statement_time(s, "approximate_time_utc", &s->o.at, f) ||
		!statement_number(s, "num_rounds", 0, 1000, &rounds, f) ||
		!local_place(s, "survey_location", f))
		return false;
	if (!isnan(rounds))
		s->o.count = COUNT_OF((int64_t)rounds);
	return statement_keep(s, "firing_position", f) &&
		statement_keep(s, "firearm", f);
}

/* Its wind is given as the airport's report has it: m/s, from where. */
static bool weather(struct statement *s, struct fault *f)
{
	double temperature, speed, direction;
	const char *station;

	s->o.what = OBSERVATION_WEATHER;
	s->o.source = s->origin->source[0] ? s->origin->source : "weather";
	if (!time_needed(s, "observation_time", f) ||
		!statement_number(
			s, "temperature", -95, 65, &temperature, f) ||
		!statement_number(s, "speed", 0, 120, &speed, f) ||
		!statement_number(s, "direction", 0, 360, &direction, f) ||
		!statement_text(s, "source", &station, f))
		return false;
	statement_add_number(s, "temperature_c", temperature);
	statement_add_number(s, "wind_ms", speed);
	statement_add_number(s, "wind_from_deg", direction);
	statement_add_text(s, "place_name", station);
	return true;
}

/* Whether the first object of a list that is cut later on is a pulse. */
static bool pulses_cut(struct bytes in, struct arena *a)
{
	struct objects list = objects_in(in, "pulses");
	struct bytes b = objects_next(&list);
	size_t mark = a->used;
	const struct tree *t;
	struct fault why;
	bool yes = b.len > 0 && tree_read(b, a, &t, &why) &&
		tree_get(t, "arrival_time_utc");

	a->used = mark;
	return yes;
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	const struct tree *t, *first;
	size_t mark = a->used;

	if (!tree_read(in, a, &t, f)) {
		a->used = mark;
		return f->kind == FAULT_INPUT && pulses_cut(in, a) &&
			statements_json(in, "pulses", o, a, to, pulse, f);
	}
	first = tree_at(t, 0);
	if (tree_get(first, "pulse_uuids"))
		return true;
	if (tree_get(first, "arrival_time_utc")) {
		a->used = mark;
		return statements_json(in, "pulses", o, a, to, pulse, f);
	}
	if (tree_get(t, "survey_location"))
		return statement_json(in, t, o, a, to, survey, f);
	if (tree_get(t, "serial_number"))
		return statement_json(in, t, o, a, to, audio, f);
	if (tree_get(t, "observation_time"))
		return statement_json(in, t, o, a, to, weather, f);
	return fault(f, FAULT_INPUT, "neither pulses nor audio, survey, "
		"weather or tuples of a live-fire test");
}

static bool holds(struct bytes head, const char *word)
{
	return memmem(head.at, head.len, word, strlen(word)) != NULL;
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	if (head.len == 0 || !memchr("[{ \r\n\t", head.at[0], 6))
		return 0;
	if (holds(head, "\"pulse_uuid") ||
		(holds(head, "\"serial_number\"") &&
			holds(head, "\"timestamp\"") &&
			holds(head, "\"location\"")) ||
		(holds(head, "\"firing_position\"") &&
			holds(head, "\"survey_location\"")) ||
		(holds(head, "\"fluid\"") &&
			holds(head, "\"observation_time\"")))
		return 90;
	return 0;
}

const struct format format_shotspotter = {
	.name = "shotspotter",
	.about = "JSON of ShotSpotter's live-fire tests (Tech Note 098)",
	.sniff = sniff,
	.decode = decode,
};
