/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * features.h - OGC API - Features, part 1 (OGC 17-069r4), core and GeoJSON:
 * incidents, detections and looks for GDAL, QGIS and whoever speaks it.
 *
 *	/ogc                                   landing page
 *	/ogc/conformance
 *	/ogc/api                               OpenAPI 3.0, in brief
 *	/ogc/collections, /ogc/collections/C
 *	/ogc/collections/C/items               bbox, datetime, limit, and what
 *	                                       ask.h knows; pages by `next`
 *	/ogc/collections/C/items/ID */
#ifndef SERVE_FEATURES_H
#define SERVE_FEATURES_H

#include "serve/api.h"

void features_answer(const struct api *, const struct wire_request *,
	struct arena *, struct wire_response *);

#endif
