/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phrase.h - a place in words: "3 km north-west of Y (party A-controlled)".
 *
 * One rule for every mission, so that nobody chooses the reference (R16).
 * The reference town is the one with the least distance divided by its
 * weight: 1 below 1 000 people or when that is not known, 1.5 from 1 000, 2
 * from 10 000, 3 from 100 000; of equals the larger, then the first by name.
 * So a town that readers know is preferred while it is not much further.
 * Distance and bearing run from the town to the place along the geodesic:
 * under 300 m "at Y", under 950 m in hundreds of metres, else in whole
 * kilometres; bearing to the nearest of 16 points.  Control is the town's,
 * as of the mission's control_at, and is left out when not stated. */
#ifndef MODEL_PHRASE_H
#define MODEL_PHRASE_H

#include "model/mission.h"

enum { PHRASE_TEXT = 256 };

/* "north-west"; nearest of 16 points. */
const char *phrase_compass(double azimuth_deg);
/* The reference town of a place; NULL without one. */
const struct town *phrase_town(
	const struct mission *, double lat_deg, double lon_deg);
/* Writes the phrase, ended by a zero byte; its length, 0 when there is no
 * town or the place is not known.  What does not fit is cut. */
size_t gazetteer_phrase(const struct mission *, double lat_deg,
	double lon_deg, char *out, size_t n);

#endif
