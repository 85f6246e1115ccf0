/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/words.h"

#include <string.h>

#define WORDS(prefix, type, count, ...)                                       \
	static const char *const prefix##_words[count] = {__VA_ARGS__};       \
	const char *prefix##_name(enum type v)                                \
	{                                                                     \
		return (size_t)v < (size_t)(count) ? prefix##_words[v] : "?"; \
	}                                                                     \
	int prefix##_named(const char *s)                                     \
	{                                                                     \
		for (size_t i = 0; s && i < (size_t)(count); i++)             \
			if (strcmp(prefix##_words[i], s) == 0)                \
				return (int)i;                                \
		return -1;                                                    \
	}

WORDS(kind, kind, KIND_COUNT, "explosion", "shot", "burst", "projectile",
	"muzzle_flash", "flare", "fire", "flight", "vessel", "vehicle",
	"weapon", "damage", "jamming", "spoofing", "obstruction", "denial",
	"delay", "outage", "tampering", "casualty", "earthquake", "thunder",
	"quarry_blast", "fireworks", "sonic_boom", "unknown")
WORDS(modality, modality, MODALITY_COUNT, "acoustic", "seismic", "infrasound",
	"radar", "heat", "image", "track", "witness")
WORDS(count_meaning, count_meaning, COUNT_MEANINGS, "exact", "about",
	"at_least", "over", "range", "uncountable")
WORDS(status, status, STATUS_COUNT, "automatic", "associated", "reviewed",
	"rejected", "published", "corrected")
WORDS(verdict, verdict, VERDICT_COUNT, "breach", "no_breach", "undetermined",
	"not_applicable", "conflict")
WORDS(health_state, health_state, HEALTH_STATES, "up", "degraded", "down",
	"quarantined", "unknown")
