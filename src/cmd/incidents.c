/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/list.h"

static const struct list_column columns[] = {
	{"id", "id", 28}, {"at", "time.at", 27}, {"kind", "kind", 16},
	{"count", "count.value", 5}, {"meaning", "count.meaning", 0},
	{"lat", "place.lat", 10}, {"lon", "place.lon", 10},
	{"err90_m", "place.region.ellipse.semi_major_m", 8},
	{"status", "status", 10}, {"where", "phrase", 40},
	{"version", "version", 0}, {"from", "time.from", 0},
	{"to", "time.to", 0}, {"evidence", "evidence", 0},
	{"silent", "silent", 0},
	{0},
};

static const struct list_kind kind = {ROW_INCIDENT, "incidents",
	"truce.incident/1", "place", columns};

extern const struct cmd cmd_incidents;

static int run(int argc, char **argv)
{
	return list_run(&cmd_incidents, &kind, argc, argv);
}

const struct cmd cmd_incidents = {
	.name = "incidents",
	.usage = "incidents MISSION [--from T] [--to T] [--bbox W,S,E,N] "
		"[--kind K] [--json | --jsonl | --csv | --geojson]",
	.about = "what happened: when, where, how sure",
	.run = run,
};
