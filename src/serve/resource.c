/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/resource.h"

#include "model/obligation.h"
#include "model/words.h"

static const char *kind_word(int i)
{
	return i < KIND_COUNT ? kind_name((enum kind)i) : NULL;
}

static const char *status_word(int i)
{
	return i < STATUS_COUNT ? status_name((enum status)i) : NULL;
}

static const char *verdict_word(int i)
{
	return i < VERDICT_COUNT ? verdict_name((enum verdict)i) : NULL;
}

static const char *modality_word(int i)
{
	return i < MODALITY_COUNT ? modality_name((enum modality)i) : NULL;
}

static const char *state_word(int i)
{
	return i < HEALTH_STATES ? health_state_name((enum health_state)i)
		: NULL;
}

static const char *obligation_word(int i)
{
	return i < OBLIGATION_STATES
		? obligation_state_name((enum obligation_state)i) : NULL;
}

static const struct resource_column incidents[] = {
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

const struct resource resource_incidents = {
	.type = ROW_INCIDENT, .plural = "incidents",
	.schema = "truce.incident/1", .place = "place",
	.about = "what happened: when, where, how sure",
	.columns = incidents, .kind = kind_word, .status = status_word,
	.status_called = "status", .source_called = "source",
};

static const struct resource_column detections[] = {
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

const struct resource resource_detections = {
	.type = ROW_DETECTION, .plural = "detections",
	.schema = "truce.detection/1", .place = "place",
	.about = "what stood out at one source",
	.columns = detections, .kind = kind_word, .status = modality_word,
	.status_called = "modality", .source_called = "source",
};

static const struct resource_column findings[] = {
	{"id", "id", 28}, {"at", "at", 27}, {"clause", "clause", 8},
	{"verdict", "verdict", 14}, {"probability", "probability", 12},
	{"grade", "grade", 8}, {"party", "party", 13},
	{"status", "status", 10}, {"incident", "incident", 28},
	{"cause", "cause", 0}, {"standard", "standard", 0},
	{"version", "version", 0}, {"flips_if", "flips_if", 0},
	{0},
};

const struct resource resource_findings = {
	.type = ROW_FINDING, .plural = "findings",
	.schema = "truce.finding/1",
	.about = "what the agreement says of it, clause by clause",
	.columns = findings, .status = verdict_word,
	.status_called = "verdict", .source_called = "incident",
};

static const struct resource_column looks[] = {
	{"id", "id", 28}, {"source", "source", 18}, {"from", "from", 27},
	{"to", "to", 27}, {"kind", "kind", 12}, {"pd", "pd", 6},
	{"modality", "modality", 10}, {"yield_kg", "of.yield_kg", 0},
	{"w90_kg", "of.w90_kg", 7},
	{0},
};

const struct resource resource_looks = {
	.type = ROW_LOOK, .plural = "looks", .schema = "truce.look/1",
	.place = "area",
	.about = "what could have been seen, and was looked at",
	.columns = looks, .kind = kind_word,
	.status_called = "status", .source_called = "source",
};

static const struct resource_column health[] = {
	{"id", "id", 28}, {"source", "source", 20}, {"from", "from", 27},
	{"to", "to", 27}, {"state", "state", 11}, {"why", "why", 50},
	{0},
};

const struct resource resource_health = {
	.type = ROW_HEALTH, .plural = "health", .schema = "truce.health/1",
	.about = "which sources worked, and which are in doubt",
	.columns = health, .status = state_word,
	.status_called = "state", .source_called = "source",
};

static const struct resource_column faults[] = {
	{"source", "source", 18}, {"name", "name", 36},
	{"offset", "offset", 10}, {"length", "length", 8}, {"why", "why", 60},
	{"blob", "blob", 0},
	{0},
};

const struct resource resource_faults = {
	.type = ROW_FAULT, .plural = "faults", .schema = "truce.fault/1",
	.about = "what was damaged in the files taken in",
	.columns = faults, .status_called = "status",
	.source_called = "source",
};

static const struct resource_column obligations[] = {
	{"id", "id", 28}, {"pledge", "pledge", 12}, {"actor", "actor", 6},
	{"step", "step", 10}, {"state", "state", 12},
	{"deadline", "deadline", 14}, {"opens", "opens.from", 27},
	{"due_from", "due.from", 27}, {"due_to", "due.to", 27},
	{"stands", "stands", 6}, {"finding", "finding", 28},
	{"opens_to", "opens.to", 0}, {"act", "act", 0},
	{"instrument", "instrument", 0}, {"endorsed", "endorsed", 0},
	{"stage", "stage", 0}, {"modality", "modality", 0},
	{"strength", "strength", 0}, {"fell_by", "fell_by", 0},
	{"replaced_by", "replaced_by", 0}, {"contested", "contested", 0},
	{"version", "version", 0},
	{0},
};

const struct resource resource_obligations = {
	.type = ROW_OBLIGATION, .plural = "obligations",
	.schema = "truce.obligation/1",
	.about = "what findings called up: who owes what, by when",
	.columns = obligations, .status = obligation_word,
	.status_called = "state",
	.source_called = "actor",
};

static const struct resource_column activities[] = {
	{"id", "id", 28}, {"party", "party", 6}, {"what", "what", 12},
	{"from", "from", 27}, {"to", "to", 27}, {"received", "received", 27},
	{"text", "text", 40}, {"lat", "place.lat", 0}, {"lon", "place.lon", 0},
	{0},
};

static const struct resource resource_activities = {
	.type = ROW_ACTIVITY, .plural = "activities",
	.schema = "truce.activity/1", .place = "place",
	.about = "what parties gave notice of", .columns = activities,
	.status_called = "status", .source_called = "party",
};

static const struct resource_column claims[] = {
	{"id", "id", 28}, {"party", "party", 6}, {"at", "at", 27},
	{"kind", "kind", 12}, {"count", "count.value", 5},
	{"meaning", "count.meaning", 0}, {"incident", "incident", 28},
	{"says", "says", 40}, {"received", "received", 0},
	{"lat", "place.lat", 0}, {"lon", "place.lon", 0},
	{0},
};

static const struct resource resource_claims = {
	.type = ROW_CLAIM, .plural = "claims", .schema = "truce.claim/1",
	.place = "place", .about = "what parties say that happened",
	.columns = claims, .kind = kind_word, .status_called = "status",
	.source_called = "party",
};

const struct resource *const resources[] = {&resource_incidents,
	&resource_detections, &resource_findings, &resource_looks,
	&resource_health, &resource_faults, &resource_obligations,
	&resource_activities, &resource_claims, NULL};

const struct resource *resource_named(struct bytes plural)
{
	for (size_t i = 0; resources[i]; i++)
		if (bytes_are(plural, resources[i]->plural))
			return resources[i];
	return NULL;
}
