/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ears.h - microphones of a test, and what one is said to have heard. */
#ifndef TESTS_EARS_H
#define TESTS_EARS_H

#include "geo/frame.h"
#include "model/detection.h"
#include "model/source.h"

/* Node i at a place, 150 m up, of one party or the other; err_m: of its survey.
 * The id is the caller's. */
static struct source ear_at(const char *id, size_t i, struct point at,
	double err_m)
{
	return (struct source){.id = id, .kind = SOURCE_ACOUSTIC,
		.lat_deg = at.lat_deg, .lon_deg = at.lon_deg, .elev_m = 150,
		.rate_hz = 500, .sensitivity = NAN,
		.owner = i % 2 ? "A" : "B", .host_party = "",
		.installed = INSTANT_UNKNOWN, .position_err_m = err_m,
		.public_key = "", .array = ""};
}

/* The nth of all.  What else is said of it comes before detection_name(). */
static struct detection ear_heard(const char *id, size_t nth,
	struct instant at, double sigma_s)
{
	struct detection d = detection_new();

	d.source = id;
	d.modality = MODALITY_ACOUSTIC;
	d.detector = "test";
	d.at = instant_round_us(at);
	d.sigma_s = sigma_s;
	d.frequency_hz = 40;
	d.cite.offset = nth;
	return d;
}

#endif
