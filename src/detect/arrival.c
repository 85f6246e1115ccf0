/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arrival.c - a pulse that the sensor itself picked is a detection: acoustic,
 * seismic where its phase is P or S, infrasound where an array made it.
 *
 * Of unknown cause and place: where it came from is found by locate/.
 * A stated peak level becomes the amplitude in pascal (dB re 20 uPa). */
#include "base/maths.h"
#include "detect/detector.h"

static enum modality modality_of(const struct observation *o)
{
	const char *p =
		attribute_of(o->attribute, o->attribute_count, "phase");

	if (p && (strcmp(p, "P") == 0 || strcmp(p, "S") == 0))
		return MODALITY_SEISMIC;
	return p && strcmp(p, "I") == 0 ? MODALITY_INFRASOUND
					: MODALITY_ACOUSTIC;
}

static bool observation(void *state, const struct observation *o,
	const struct detections *to, struct fault *f)
{
	struct detection d = detection_new();
	double level = feature_of(o->feature, o->feature_count, "level_db");

	(void)state;
	d.source = o->source;
	d.modality = modality_of(o);
	d.detector = "arrival";
	d.at = o->at;
	d.sigma_s = o->sigma_s;
	d.kind = o->kind;
	d.snr = feature_of(o->feature, o->feature_count, "snr_db");
	d.amplitude = 20e-6 * m_exp(level * (2.302585092994046 / 20));
	d.back_azimuth_deg = feature_of(
		o->feature, o->feature_count, "back_azimuth_deg");
	d.slowness_s_per_km = 1000 /
		feature_of(o->feature, o->feature_count, "trace_speed_ms");
	d.feature = o->feature;
	d.feature_count = o->feature_count;
	d.attribute = o->attribute;
	d.attribute_count = o->attribute_count;
	d.cite = o->cite;
	detection_name(&d);
	return to->put(to->self, &d, f);
}

static bool sees(enum observation_what w)
{
	return w == OBSERVATION_ARRIVAL;
}

const struct detector detector_arrival = {
	.name = "arrival",
	.about = "a pulse picked by the sensor itself",
	.sees = sees,
	.observation = observation,
};
