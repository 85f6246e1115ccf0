/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * source.h - a sensor, drone, satellite, feed or observer.
 *
 * What, where, whose; one row of sensors.csv.  The id is its text there:
 * NET_STA_LOC of the FDSN source id where there is one. */
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

#include "model/observation.h"

enum source_kind {
	SOURCE_ACOUSTIC,    /* microphone, 10 Hz and up */
	SOURCE_INFRASOUND,
	SOURCE_SEISMIC,
	SOURCE_DRONE,
	SOURCE_SATELLITE,
	SOURCE_CAMERA,
	SOURCE_PATROL,      /* people of the mission */
	SOURCE_PARTY,       /* a party's liaison */
	SOURCE_WEATHER,
	SOURCE_OTHER,
	SOURCE_KINDS,
};
const char *source_kind_name(enum source_kind);
int source_kind_named(const char *);

struct source {
	const char *id;
	enum source_kind kind;
	double lat_deg, lon_deg, elev_m; /* NAN: moves, or not known */
	double rate_hz;        /* NAN: not sampled */
	double sensitivity;    /* counts per Pa or per m/s; NAN not known */
	const char *owner, *host_party; /* "" not stated */
	struct instant installed;       /* INSTANT_UNKNOWN: always */
	double position_err_m; /* 1 sigma an axis; NAN not known */
	const char *public_key; /* of its signed frames, hex; "" none */
	const char *frame_id; /* in them, 32 hex; "" or NULL: by its id */
	const char *array;      /* sources of one array share it; "" none */
};

/* By id; NULL if none.  `sources` must be sorted by id in byte order. */
const struct source *source_find(
	const struct source *sources, size_t count, const char *id);
/* The source of a channel: the longest id that is the channel's beginning up
 * to an underscore or its end. */
const struct source *source_of_channel(
	const struct source *sources, size_t count, const char *channel);

#endif
