/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * impact.h - which explosions are what shots threw: `impact_of`.
 *
 * One launch and one explosion a minute later are linked by chance as easily
 * as by a shell.  But rounds of one weapon fly for the same time, so the
 * rhythm of a battery comes again where its rounds fall.  Sounds of one place
 * (rounds fired) are held against those of one area (rounds fallen): the lag
 * with the most pairs is the time of flight, if as many pairs are improbable by
 * chance (binomial tail, times all lags and areas that were tried), if most
 * rounds have their pair, if no other lag does nearly as well (a steady rhythm
 * says nothing), and if distance over time is a speed that shells and rockets
 * have.  Each paired explosion is linked to the sound that threw it, and says
 * `flight_s` and how many `rounds` spoke for it; the one is then a shot, the
 * other an explosion, which their sounds alone do not tell.
 *
 * Nobody's position is a target: a launch is a place on the map like any other
 * sound. */
#ifndef LOCATE_IMPACT_H
#define LOCATE_IMPACT_H

#include "model/incident.h"

/* sound: in order of time; what is added lies in the arena. */
MUST_USE bool impacts_link(
	struct incident *sound, size_t count, struct arena *, struct fault *);

#endif
