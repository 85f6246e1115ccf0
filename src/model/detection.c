/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/detection.h"

#include <string.h>

#include "model/codec.h"

struct detection detection_new(void)
{
	return (struct detection){
		.source = "",
		.detector = "",
		.at = INSTANT_UNKNOWN,
		.sigma_s = NAN,
		.until = INSTANT_UNKNOWN,
		.kind = KIND_UNKNOWN,
		.count = COUNT_NOT_STATED,
		.amplitude = NAN,
		.frequency_hz = NAN,
		.snr = NAN,
		.back_azimuth_deg = NAN,
		.slowness_s_per_km = NAN,
		.sigma_az_deg = NAN,
		.place = PLACE_UNKNOWN,
	};
}

/* Not what it weighs but what it is: who, when, of what, and which bytes; a
 * file taken in twice under another name gives the same ids. */
void detection_name(struct detection *d)
{
	char at[512];
	struct text t = text_on(at, sizeof at);

	text_fmt(&t, "detection\n%s\n%s\n%s\n%s\n", d->source,
		modality_name(d->modality), d->detector, kind_name(d->kind));
	text_i64(&t, d->at.utc_ns / 1000);
	text_char(&t, '\n');
	text_fixed(&t, d->place.lat_deg, 7);
	text_char(&t, '\n');
	text_fixed(&t, d->place.lon_deg, 7);
	text_char(&t, '\n');
	text_i64(&t, d->count.value);
	for (size_t i = 0; i < d->attribute_count; i++)
		if (strcmp(d->attribute[i].name, "report_id") == 0 ||
			strcmp(d->attribute[i].name, "event") == 0 ||
			strcmp(d->attribute[i].name, "phase") == 0 ||
			strcmp(d->attribute[i].name, "zone") == 0) {
			text_char(&t, '\n');
			text_add(&t, d->attribute[i].text);
		}
	d->id = id_make('d', d->at, text_view(&t));
}

int detection_order(const struct detection *a, const struct detection *b)
{
	if (a->at.utc_ns != b->at.utc_ns)
		return a->at.utc_ns < b->at.utc_ns ? -1 : 1;
	return strcmp(a->id.text, b->id.text);
}

bool detection_write(
	const struct detection *d, struct fields *s, struct fault *f)
{
	fields_text(s, "schema", "truce.detection/1");
	fields_text(s, "id", d->id.text);
	fields_text(s, "source", d->source);
	fields_text(s, "modality", modality_name(d->modality));
	fields_text(s, "detector", d->detector);
	fields_time(s, "at", d->at);
	fields_time(s, "until", d->until);
	fields_fixed(s, "sigma_s", d->sigma_s, 6);
	fields_text(s, "kind", kind_name(d->kind));
	write_count(s, "count", d->count);
	fields_fixed(s, "amplitude", d->amplitude, 6);
	fields_fixed(s, "frequency_hz", d->frequency_hz, 3);
	fields_fixed(s, "snr", d->snr, 2);
	fields_fixed(s, "back_azimuth_deg", d->back_azimuth_deg, 2);
	fields_fixed(s, "slowness_s_per_km", d->slowness_s_per_km, 5);
	fields_fixed(s, "sigma_az_deg", d->sigma_az_deg, 2);
	write_place(s, "place", &d->place);
	write_features(s, "features", d->feature, d->feature_count);
	write_attributes(s, "attributes", d->attribute, d->attribute_count);
	write_cite(s, "cite", &d->cite);
	return fields_done(s, f);
}

bool detection_read(const struct tree *t, struct arena *a,
	struct detection *d, struct fault *f)
{
	int modality, kind;

	*d = detection_new();
	if (!read_id(t, "id", &d->id, f) ||
		!read_text(t, "source", a, &d->source, f) ||
		!read_text(t, "detector", a, &d->detector, f) ||
		!read_word(t, "modality", modality_named, &modality, f) ||
		!read_word(t, "kind", kind_named, &kind, f) ||
		!read_count(tree_get(t, "count"), &d->count, f) ||
		!read_place(tree_get(t, "place"), a, &d->place, f) ||
		!read_features(tree_get(t, "features"), a, &d->feature,
			&d->feature_count, f) ||
		!read_attributes(tree_get(t, "attributes"), a, &d->attribute,
			&d->attribute_count, f) ||
		!read_cite(tree_get(t, "cite"), &d->cite, f))
		return fault_in(f, "detection");
	d->modality = (enum modality)modality;
	d->kind = (enum kind)kind;
	d->at = tree_time(t, "at");
	d->until = tree_time(t, "until");
	d->sigma_s = tree_number(t, "sigma_s");
	d->amplitude = tree_number(t, "amplitude");
	d->frequency_hz = tree_number(t, "frequency_hz");
	d->snr = tree_number(t, "snr");
	d->back_azimuth_deg = tree_number(t, "back_azimuth_deg");
	d->slowness_s_per_km = tree_number(t, "slowness_s_per_km");
	d->sigma_az_deg = tree_number(t, "sigma_az_deg");
	return true;
}
