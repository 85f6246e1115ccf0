/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * landmarks.h - what a mission is, for a page to draw: its names, parties,
 * clock and area (truce.mission/1); its sources as GeoJSON; its lines, zones
 * and towns as GeoJSON. */
#ifndef SERVE_LANDMARKS_H
#define SERVE_LANDMARKS_H

#include "serve/api.h"

void landmarks_mission(const struct api *, int64_t newest, struct text *);
void landmarks_sources(const struct mission *, struct text *);
void landmarks_geometry(const struct mission *, struct text *);

#endif
