/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * words.h - the closed vocabularies of records, each an enum and its words.
 *
 * Every x_name() gives the word that stands in JSON; every x_named() finds it
 * (-1 if there is none).  Words are CONTRACT's and are never renumbered away:
 * add at the end. */
#ifndef MODEL_WORDS_H
#define MODEL_WORDS_H

#include <stddef.h>

enum kind { /* of what happened */
	KIND_EXPLOSION,
	KIND_SHOT,
	KIND_BURST,
	KIND_PROJECTILE,
	KIND_MUZZLE_FLASH,
	KIND_FLARE,
	KIND_FIRE,
	KIND_FLIGHT,
	KIND_VESSEL,
	KIND_VEHICLE,
	KIND_WEAPON,
	KIND_DAMAGE,
	KIND_JAMMING,
	KIND_SPOOFING,
	KIND_OBSTRUCTION,
	KIND_DENIAL,
	KIND_DELAY,
	KIND_OUTAGE,
	KIND_TAMPERING,
	KIND_CASUALTY,
	KIND_EARTHQUAKE,
	KIND_THUNDER,
	KIND_QUARRY_BLAST,
	KIND_FIREWORKS,
	KIND_SONIC_BOOM,
	KIND_UNKNOWN,
	KIND_COUNT,
};
const char *kind_name(enum kind);
int kind_named(const char *);

enum modality {
	MODALITY_ACOUSTIC,
	MODALITY_SEISMIC,
	MODALITY_INFRASOUND,
	MODALITY_RADAR,
	MODALITY_HEAT,
	MODALITY_IMAGE,
	MODALITY_TRACK,
	MODALITY_WITNESS,
	MODALITY_COUNT,
};
const char *modality_name(enum modality);
int modality_named(const char *);

enum count_meaning {
	COUNT_EXACT,
	COUNT_ABOUT,
	COUNT_AT_LEAST,
	COUNT_OVER,
	COUNT_RANGE,
	COUNT_UNCOUNTABLE,
	COUNT_MEANINGS,
};
const char *count_meaning_name(enum count_meaning);
int count_meaning_named(const char *);

enum status {
	STATUS_AUTOMATIC,
	STATUS_ASSOCIATED,
	STATUS_REVIEWED,
	STATUS_REJECTED,
	STATUS_PUBLISHED,
	STATUS_CORRECTED,
	STATUS_COUNT,
};
const char *status_name(enum status);
int status_named(const char *);

enum verdict {
	VERDICT_BREACH,
	VERDICT_NO_BREACH,
	VERDICT_UNDETERMINED,
	VERDICT_NOT_APPLICABLE,
	VERDICT_CONFLICT,
	VERDICT_COUNT,
};
const char *verdict_name(enum verdict);
int verdict_named(const char *);

enum health_state {
	HEALTH_UP,
	HEALTH_DEGRADED,
	HEALTH_DOWN,
	HEALTH_QUARANTINED,
	HEALTH_UNKNOWN,
	HEALTH_STATES,
};
const char *health_state_name(enum health_state);
int health_state_named(const char *);

#endif
