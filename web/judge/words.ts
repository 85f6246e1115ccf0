// SPDX-License-Identifier: GPL-3.0-or-later
//
// words.ts - the closed vocabularies (docs/names.md), in their order.
export const KINDS = ["explosion", "shot", "burst", "projectile",
	"muzzle_flash", "flare", "fire", "flight", "vessel", "vehicle", "weapon",
	"damage", "jamming", "spoofing", "obstruction", "denial", "delay",
	"outage", "tampering", "casualty", "earthquake", "thunder",
	"quarry_blast", "fireworks", "sonic_boom", "unknown"];
export const UNKNOWN = KINDS.indexOf("unknown");
export const WEAPONS = ["tank", "mlrs", "artillery", "mortar", "missile",
	"apc", "ifv", "anti_tank", "air_defence", "machine_gun", "small_arms",
	"grenade_launcher", "uav", "aircraft", "helicopter", "mine"];
export const MODALITIES = ["acoustic", "seismic", "infrasound", "radar",
	"heat", "image", "track", "witness"];

export type Verdict =
	"breach" | "no_breach" | "undetermined" | "not_applicable" | "conflict";

/** Bits of kinds. */
export function kindsOf(...names: string[]): number {
	return names.reduce((bits, n) => bits | 1 << KINDS.indexOf(n), 0);
}

/** All but `unknown`. */
export const ALL_KINDS = (1 << UNKNOWN) - 1;

/** Ways of speaking: `presence of heavy`. */
export const MANNERS: { [word: string]: number } = {
	presence: kindsOf("weapon", "vehicle"),
	flight: kindsOf("flight"),
	use: kindsOf("explosion", "shot", "burst", "projectile",
		"muzzle_flash"),
};
