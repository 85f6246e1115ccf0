/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/observation.h"

#include <string.h>

const char *observation_what_name(enum observation_what w)
{
	static const char *const names[OBSERVATION_COUNT] = {"arrival", "heat",
		"track", "footprint", "gnss", "status", "weather", "report",
		"notice", "claim", "shape", "survey", "gap", "photo"};

	return (size_t)w < OBSERVATION_COUNT ? names[w] : "?";
}

struct observation observation_new(enum observation_what what)
{
	return (struct observation){
		.what = what,
		.source = "",
		.at = INSTANT_UNKNOWN,
		.sigma_s = NAN,
		.until = INSTANT_UNKNOWN,
		.received = INSTANT_UNKNOWN,
		.kind = KIND_UNKNOWN,
		.count = COUNT_NOT_STATED,
		.place = PLACE_UNKNOWN,
	};
}

double feature_of(const struct feature *f, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(f[i].name, name) == 0)
			return f[i].value;
	return NAN;
}

const char *attribute_of(
	const struct attribute *a, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(a[i].name, name) == 0)
			return a[i].text;
	return NULL;
}
