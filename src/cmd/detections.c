/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

static const struct list_column columns[] = {
	{"id", "id", 28}, {"at", "at", 27}, {"source", "source", 20},
	{"modality", "modality", 10}, {"kind", "kind", 12},
	{"snr", "snr", 6}, {"frequency_hz", "frequency_hz", 8},
	{"sigma_s", "sigma_s", 9}, {"amplitude", "amplitude", 0},
	{"lat", "place.lat", 0}, {"lon", "place.lon", 0},
	{"back_azimuth_deg", "back_azimuth_deg", 7},
	{"sigma_az_deg", "sigma_az_deg", 6},
	{"slowness_s_per_km", "slowness_s_per_km", 7},
	{"detector", "detector", 8},
	{0},
};

static const struct list_kind kind = {ROW_DETECTION, "detections",
	"truce.detection/1", "place", columns};

extern const struct cmd cmd_detections;

static int run(int argc, char **argv)
{
	return list_run(&cmd_detections, &kind, argc, argv);
}

const struct cmd cmd_detections = {
	.name = "detections",
	.usage = "detections MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "what stood out at one source",
	.run = run,
};
