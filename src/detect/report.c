/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report.c - what a patrol or camera reported is a detection of its own kind.
 *
 * Region, count with its meaning, features and attributes stay as reported:
 * the sector from the observer, means, weapon, assessment. */
#include <string.h>

#include "detect/detector.h"

/* "recorded" is what a camera did; heard and saw are people's. */
static enum modality modality_of(const struct observation *o)
{
	const char *means =
		attribute_of(o->attribute, o->attribute_count, "means");

	return means && strcmp(means, "recorded") == 0 ? MODALITY_IMAGE
						       : MODALITY_WITNESS;
}

static bool observation(void *state, const struct observation *o,
	const struct detections *to, struct fault *f)
{
	struct detection d = detection_new();

	(void)state;
	d.source = o->source;
	d.modality = modality_of(o);
	d.detector = "report";
	d.at = o->at;
	d.sigma_s = o->sigma_s;
	d.until = o->until;
	d.kind = o->kind;
	d.count = o->count;
	d.place = o->place;
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
	return w == OBSERVATION_REPORT;
}

const struct detector detector_report = {
	.name = "report",
	.about = "what a patrol or a camera operator reported",
	.sees = sees,
	.observation = observation,
};
