/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hops.h - samples of one channel to tapered spectra of windows, as they come.
 *
 * Time is cut into hops that count from 1970, so restarts, gaps and the way a
 * stream is cut do not matter.  Of each hop a Fourier sum is kept at the
 * band's frequencies, made sample by sample with the sample's own time:
 * channels need not sample together, nor at one rate.  HOPS hops make a
 * window, tapered by Hann in the frequency domain.  A window is never held as
 * samples, and a transform of some twenty bins needs no library. */
#ifndef DETECT_HOPS_H
#define DETECT_HOPS_H

#include "detect/fk.h"
#include "model/segment.h"

enum {
	HOPS = 4,            /* a window */
	HOPS_BINS = FK_FREQS + 2, /* one more each side, for the taper */
	HOPS_KEPT = 512,
};

struct hops_plan { /* the same for all channels that go together */
	double window_s;
	int64_t hop_ns;
	size_t below;  /* bins of 1/window below the first kept one */
	size_t freqs;  /* of the tapered spectrum, which begins one higher */
};

struct hop {
	int64_t number; /* -1: nothing */
	float re[HOPS_BINS], im[HOPS_BINS];
	double scale;   /* to Pa or m/s; 0 not known */
	struct cite cite; /* of its first sample */
};

struct hops { /* start with hops_init() */
	double rate_hz;        /* 0: no run */
	struct instant anchor; /* time of sample 0 */
	int64_t next;          /* sample */
	double reference;      /* of the run; an offset would only round */
	double scale;
	int64_t number;        /* of the hop being summed */
	int64_t first, end;    /* its samples */
	bool from_first;       /* none is missing */
	struct cite cite;
	double turn[2][HOPS_BINS], step[2][HOPS_BINS], sum[2][HOPS_BINS];
	struct hop kept[HOPS_KEPT]; /* by number, modulo */
};

/* Frequencies k/window_s next to low_hz .. high_hz. */
struct hops_plan hops_plan(double low_hz, double high_hz, double window_s);
double hops_first_hz(const struct hops_plan *);

struct hops_out { /* where whole hops are told; false stops */
	bool (*put)(void *self, int64_t number, struct fault *);
	void *self;
};

void hops_init(struct hops *);
/* Samples that are not finite are a gap.  What was heard already is passed
 * over.  scale 0: not known. */
MUST_USE bool hops_take(struct hops *, const struct hops_plan *,
	const struct segment *, double scale, const struct hops_out *,
	struct fault *);
/* The window that begins with a hop, in unit x s; false when a hop of it is
 * missing. */
bool hops_window(const struct hops *, const struct hops_plan *, int64_t number,
	double re[FK_FREQS], double im[FK_FREQS]);
/* A kept hop, or NULL. */
const struct hop *hops_kept(const struct hops *, int64_t number);

#endif
