/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/assoc_incident.h"

#include <string.h>

#include "base/maths.h"

#define Z_90 1.6448536269514722

struct maker {
	const struct assoc_input *in;
	const size_t *given; /* detection, by pick */
	struct instant start;
	struct arena *arena;
	const struct incidents *out;
};

static int phase_of(const struct detection *d)
{
	const char *p =
		attribute_of(d->attribute, d->attribute_count, "phase");

	if (p && strcmp(p, "P") == 0)
		return ASSOC_P;
	if (p && strcmp(p, "S") == 0)
		return ASSOC_S;
	if (p && strcmp(p, "A") == 0)
		return ASSOC_AIR;
	if ((p && strcmp(p, "I") == 0) || d->modality == MODALITY_INFRASOUND)
		return ASSOC_FAR;
	if (d->modality == MODALITY_ACOUSTIC)
		return ASSOC_AIR;
	return d->modality == MODALITY_SEISMIC ? ASSOC_P : -1;
}

unsigned assoc_phases(const struct detection *d, size_t count)
{
	unsigned set = 0;

	for (size_t i = 0; i < count; i++) {
		int p = phase_of(&d[i]);

		if (p >= 0)
			set |= 1u << p;
	}
	return set;
}

struct assoc_source *assoc_sources(const struct source *s, size_t count,
	bool work, struct arena *a, struct fault *f)
{
	struct assoc_source *out = arena_array(a, count + 1, sizeof *out, f);

	for (size_t i = 0; out && i < count; i++)
		out[i] = (struct assoc_source){.lat_deg = s[i].lat_deg,
			.lon_deg = s[i].lon_deg, .elev_m = s[i].elev_m,
			.working = work};
	return out;
}

/* "XX.AAA..HH" is of "XX.AAA..HH", or "XX.AAA.", or "XX.AAA", or "XX". */
static const struct source *source_of(
	const struct assoc_input *in, const char *name)
{
	char part[128];
	const struct source *s = source_find(in->source, in->sources, name);
	size_t n = strlen(name);

	if (s || n >= sizeof part)
		return s;
	memcpy(part, name, n + 1);
	while (!s && n > 0) {
		while (n > 0 && part[n - 1] != '.')
			n--;
		if (n > 0)
			part[--n] = '\0';
		s = source_find(in->source, in->sources, part);
	}
	return s;
}

static double level_of(const struct detection *d)
{
	double v = feature_of(d->feature, d->feature_count, "level_db");

	if (!isfinite(v) && d->amplitude > 0)
		v = 20 * m_log10(d->amplitude);
	return isfinite(v) ? v : d->snr;
}

/* Detections that can be used, as picks. */
static size_t picks_of(const struct assoc_input *in, struct instant start,
	struct assoc_pick *p, size_t *given, size_t *unplaced)
{
	size_t n = 0;

	*unplaced = 0;
	for (size_t i = 0; i < in->detections; i++) {
		const struct detection *d = &in->detection[i];
		const struct source *s = source_of(in, d->source);
		int phase = phase_of(d);

		if (!s || phase < 0 || !isfinite(s->lat_deg + s->lon_deg) ||
			!instant_known(d->at)) {
			++*unplaced;
			continue;
		}
		given[n] = i;
		p[n++] = (struct assoc_pick){.source = (size_t)(s - in->source),
			.phase = (enum assoc_phase)phase,
			.t_s = instant_seconds(start, d->at),
			.sigma_s = d->sigma_s,
			.level_db = level_of(d),
			.back_azimuth_deg = d->back_azimuth_deg,
			.sigma_az_deg = d->sigma_az_deg};
	}
	return n;
}

/* The ellipse of a covariance, at level 0.9. */
static struct ellipse ellipse_of(double xx, double xy, double yy)
{
	double mean = (xx + yy) / 2, off = (xx - yy) / 2;
	double root = sqrt(off * off + xy * xy);
	double az = DEG(0.5 * m_atan2(2 * xy, yy - xx));

	return (struct ellipse){
		REGION_SIGMA_90 * sqrt(mean + root),
		REGION_SIGMA_90 * sqrt(fmax(0, mean - root)),
		az - 180 * floor(az / 180)};
}

static bool evidence(const struct maker *m, const struct assoc_event *e,
	struct incident *i, struct fault *f)
{
	struct id *id = arena_array(m->arena, e->picks + 1, sizeof *id, f);
	const struct detection *first = NULL;
	const char *owner = NULL;

	if (!id)
		return false;
	for (size_t k = 0; k < e->picks; k++) {
		const struct detection *d =
			&m->in->detection[m->given[e->pick[k]]];
		const char *whose = source_of(m->in, d->source)->owner;
		size_t at = k;

		if (!first || detection_order(d, first) < 0)
			first = d;
		for (; at > 0 && strcmp(id[at - 1].text, d->id.text) > 0; at--)
			id[at] = id[at - 1];
		id[at] = d->id;
		i->modalities |= 1u << d->modality;
		/* Of two owners, or one could have made it up (3.4). */
		if (owner && strcmp(owner, whose) != 0)
			i->status = STATUS_ASSOCIATED;
		owner = whose;
	}
	i->evidence = id;
	i->evidence_count = e->picks;
	incident_name(i, first);
	return true;
}

static bool silent(const struct maker *m, const struct assoc_event *e,
	struct incident *i, struct fault *f)
{
	const char **s = arena_array(m->arena, e->silents + 1, sizeof *s, f);

	if (!s)
		return false;
	/* Sources stand in order of their ids, and so do these. */
	for (size_t k = 0; k < e->silents; k++)
		s[k] = m->in->source[e->silent[k]].id;
	i->silent = s;
	i->silent_count = e->silents;
	return true;
}

static bool features(const struct maker *m, const struct assoc_event *e,
	struct incident *i, struct fault *f)
{
	static const char *const name[] = {
		"picks_air", "picks_p", "picks_s", "picks_far"};
	struct feature *x = arena_array(m->arena, 8, sizeof *x, f);
	double n[ASSOC_PHASES] = {0};

	if (!x)
		return false;
	i->feature = x;
	x[i->feature_count++] = (struct feature){"score", e->score};
	x[i->feature_count++] = (struct feature){"residual_s", e->rms_s};
	x[i->feature_count++] = (struct feature){"reach_m", e->reach_m};
	for (size_t k = 0; k < e->picks; k++)
		n[phase_of(&m->in->detection[m->given[e->pick[k]]])]++;
	for (int p = 0; p < ASSOC_PHASES; p++)
		if (n[p] > 0)
			x[i->feature_count++] =
				(struct feature){name[p], n[p]};
	if (isfinite(e->sigma_z_m))
		x[i->feature_count++] =
			(struct feature){"sigma_z_m", e->sigma_z_m};
	return true;
}

static bool put(void *self, const struct assoc_event *e, struct fault *f)
{
	struct maker *m = self;
	struct incident i = incident_new();
	size_t mark = m->arena->used;
	bool ok;

	i.version = 1;
	i.at = instant_round_us(instant_plus_s(m->start, e->t_s));
	i.from = instant_plus_s(i.at, -Z_90 * e->sigma_t_s);
	i.to = instant_plus_s(i.at, Z_90 * e->sigma_t_s);
	i.place.lat_deg = e->lat_deg;
	i.place.lon_deg = e->lon_deg;
	i.place.alt_m = e->alt_m;
	i.place.region.ellipse =
		ellipse_of(e->cov_xx, e->cov_xy, e->cov_yy);
	i.count = COUNT_OF(1);
	ok = evidence(m, e, &i, f) && silent(m, e, &i, f) &&
		features(m, e, &i, f) && m->out->put(m->out->self, &i, f);
	m->arena->used = mark;
	return ok;
}

bool assoc_incidents(const struct assoc_input *in, struct arena *a,
	const struct incidents *out, struct assoc_left *left, struct fault *f)
{
	struct assoc_pick *p = arena_array(a, in->detections + 1, sizeof *p, f);
	size_t *given = arena_array(a, in->detections + 1, sizeof *given, f);
	struct maker m = {.in = in, .given = given, .arena = a, .out = out};
	struct assoc_events events = {put, &m, &left->skipped};
	struct assoc_model model;
	struct assoc_source *s;
	size_t n;

	*left = (struct assoc_left){in->detections, 0};
	s = assoc_sources(in->source, in->sources, in->all_work, a, f);
	if (!p || !given || !s)
		return false;
	for (size_t i = 0; i < in->detections; i++)
		if (instant_known(in->detection[i].at)) {
			m.start = in->detection[i].at;
			break;
		}
	model = in->model ? *in->model
			  : assoc_model(s, in->sources,
				    assoc_phases(in->detection,
					    in->detections));
	n = picks_of(in, m.start, p, given, &left->unplaced);
	return assoc(&model, s, in->sources, p, n, a, &events, f);
}
