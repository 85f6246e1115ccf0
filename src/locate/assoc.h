/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assoc.h - which arrivals belong together, at scale: sound in air, P and S
 * waves, detections of infrasound arrays, all in one score.
 *
 * Branch and bound over place, depth and origin time (the idea of PyOcto,
 * Muenchmeyer 2024) with a score that counts what was heard, which working
 * sources were silent, and how often each speaks by chance (NET-VISA, Arora
 * et al. 2013; docs/WAVEFORM.md 3.4, 3.7; docs/hearing.md "Association").
 * The best is taken first, its picks and their coda go, and so on until
 * nothing passes; then once more with the rates of what is left over.
 *
 * Pure, and free of order: picks are sorted, sums are integers. */
#ifndef LOCATE_ASSOC_H
#define LOCATE_ASSOC_H

#include "base/arena.h"
#include "geo/frame.h"
#include "geo/place.h"

enum assoc_phase {
	ASSOC_AIR, /* sound, straight through the air */
	ASSOC_P,
	ASSOC_S,
	ASSOC_FAR, /* infrasound of an array, with its back azimuth */
	ASSOC_PHASES,
};

struct assoc_table; /* travel times by distance and depth */

struct assoc_law { /* of one phase */
	double speed_ms;   /* on a straight line, where no table is */
	double pick_s;     /* one sigma of a pick that states none */
	double path_s;     /* of the path, whatever its length */
	double grow;       /* of the path, a second of travel */
	double late, late_s; /* share of late arrivals; their mean delay */
	double range_m;    /* nothing is heard beyond */
	double pd;         /* probability of being heard nearby */
	double rate_hz;    /* of false picks: never less */
};

struct assoc_model {
	struct assoc_law law[ASSOC_PHASES];
	const struct assoc_table *table; /* of P and S, or NULL */
	double depth_m;    /* sources of P and S lie above this */
	double sigma_c_ms, sigma_w_ms; /* speed of sound and wind, not known */
	double east_ms, north_ms;  /* where the wind blows to, as reported */
	double ln_mu;      /* incidents, 1/(m2 s); 1/(m3 s) with depth */
	double hope;       /* ln of the largest posterior volume hoped for */
	double accept;     /* least score */
	/* Picks of the weakest incident that blocks must let pass; how many
	 * more where picks are few, and looking costs little. */
	double spare, spare_quiet;
	double tile_m, leaf_m; /* sides where the search begins and ends */
	double coda_s;     /* later picks of a source that are the same's */
	size_t picks, sources; /* fewest for an incident */
	size_t of_phase[ASSOC_PHASES]; /* of them, of each phase there is */
};

struct assoc_source {
	double lat_deg, lon_deg, elev_m; /* elev NAN: sea level */
	bool working; /* its silence counts though it has no pick at all */
};

struct assoc_pick { /* as given */
	size_t source;
	enum assoc_phase phase;
	double t_s;      /* since the caller's start */
	double sigma_s;  /* NAN not known */
	double level_db; /* NAN not known */
	double back_azimuth_deg, sigma_az_deg; /* NAN unless FAR */
};

struct assoc_event {
	double lat_deg, lon_deg, alt_m, t_s;
	double sigma_t_s, sigma_z_m;
	double cov_xx, cov_xy, cov_yy; /* m2, east and north, Laplace */
	double score;
	double reach_m;          /* the reach that explains it best */
	const size_t *pick;      /* of the caller's array, ascending */
	size_t picks;
	const size_t *silent;    /* working sources that should have heard */
	size_t silents;
	double rms_s;            /* of the residuals of its picks */
};

struct assoc_events {
	bool (*put)(void *self, const struct assoc_event *, struct fault *);
	void *self;
	size_t *skipped; /* blocks that a flood left no room for */
};

/* A model for the phases that are there (bits 1 << enum assoc_phase): the
 * constants of docs/hearing.md, scaled by the sources' spacing. */
struct assoc_model assoc_model(
	const struct assoc_source *, size_t count, unsigned phases);

/* Travel times as REAL's ttdb has them: degrees, depth km, P s, S s, ... */
MUST_USE bool assoc_table_read(struct bytes, struct arena *,
	const struct assoc_table **, struct fault *);
/* Seconds; part: by horizontal metre, by metre of depth; may be NULL. */
double assoc_table_at(const struct assoc_table *, enum assoc_phase,
	double distance_m, double depth_m, double part[2]);

/* Events in order of time, then place.  Equal picks in other order give the
 * same events with the picks' new numbers. */
MUST_USE bool assoc(const struct assoc_model *, const struct assoc_source *,
	size_t sources, const struct assoc_pick *, size_t picks,
	struct arena *, const struct assoc_events *, struct fault *);

#endif
