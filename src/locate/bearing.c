/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/bearing.h"

#include <string.h>

#include "base/sort.h"

/* Chance at the least: an array in steady waves tells of two in 12 h, in none
 * of none (docs/hearing.md, "Arrays"); pickers' quota (WAVEFORM.md 3.1). */
#define RATE_ARRAY (1 / 43200.0)
#define RATE_PICK (4 / 3600.0)

static unsigned phases_of(const struct detection *d)
{
	const char *p =
		attribute_of(d->attribute, d->attribute_count, "phase");
	bool array = isfinite(d->back_azimuth_deg);

	if (d->modality == MODALITY_INFRASOUND)
		return array ? 1u << PHASE_FAR : 1u << PHASE_AIR;
	if (d->modality != MODALITY_SEISMIC)
		return 0;
	if (p && strcmp(p, "P") == 0)
		return 1u << PHASE_P;
	if (p && strcmp(p, "S") == 0)
		return 1u << PHASE_S;
	/* An array's: by how fast it ran over the ground. */
	if (array)
		return d->slowness_s_per_km < 0.22 ? 1u << PHASE_P
						   : 1u << PHASE_S;
	return 1u << PHASE_P | 1u << PHASE_AIR;
}

bool bearing_of(const struct detection *d, const struct mission *m,
	struct bearing *b)
{
	const struct source *s = source_find(
		m->source, m->source_count, d->source);

	*b = (struct bearing){.id = d->id, .source = s, .snr_db = d->snr,
		.peak_ms = 1e-6 * feature_of(
			d->feature, d->feature_count, "peak_ums"),
		.modality = d->modality, .at = d->at, .sigma_s = d->sigma_s,
		.back_azimuth_deg = d->back_azimuth_deg,
		.sigma_az_deg = d->sigma_az_deg, .phases = phases_of(d)};
	return s && b->phases && instant_known(d->at) &&
		isfinite(s->lat_deg + s->lon_deg);
}

static bool same_group(const struct bearing *a, const struct bearing *b)
{
	return a->source == b->source &&
		bearing_is_array(a) == bearing_is_array(b);
}

static int by_group(const void *x, const void *y, const void *self)
{
	const struct bearing *a = x, *b = y;
	int c = strcmp(a->source->id, b->source->id);

	(void)self;
	if (c != 0)
		return c;
	if (bearing_is_array(a) != bearing_is_array(b))
		return bearing_is_array(a) ? 1 : -1;
	if (a->at.utc_ns != b->at.utc_ns)
		return a->at.utc_ns < b->at.utc_ns ? -1 : 1;
	return strcmp(a->id.text, b->id.text);
}

size_t bearings_sort(struct bearing *b, size_t count)
{
	size_t n = 0, lo = 0, hi = 0;

	sort_items(b, count, sizeof *b, by_group, NULL);
	for (size_t i = 0; i < count; i++)
		if (n == 0 || strcmp(b[n - 1].id.text, b[i].id.text) != 0)
			b[n++] = b[i];
	for (size_t i = 0; i < n; i++) {
		bool array = bearing_is_array(&b[i]);
		double about_s = array ? BEARING_ARRAY_S : BEARING_PICK_S;

		while (!same_group(&b[lo], &b[i]) ||
			instant_seconds(b[lo].at, b[i].at) > about_s)
			lo++;
		hi = hi < i ? i : hi;
		while (hi < n && same_group(&b[hi], &b[i]) &&
			instant_seconds(b[i].at, b[hi].at) <= about_s)
			hi++;
		b[i].rate_hz = fmax(array ? RATE_ARRAY : RATE_PICK,
			(double)(hi - lo - 1) / (2 * about_s));
	}
	for (size_t i = n; i-- > 0;)
		b[i].end = i + 1 < n && same_group(&b[i], &b[i + 1])
			? b[i + 1].end : i + 1;
	return n;
}
