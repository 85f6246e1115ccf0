// SPDX-License-Identifier: GPL-3.0-or-later
//
// flip.ts - the smallest change that flips the verdict (docs/judging.md 12),
// found by judging again at fixed steps.
import { lengthText } from "./canon.js";
import { dutyFlip } from "./duty.js";
import { distanceText } from "./notice.js";
import type { Opinion } from "./rules.js";
import { opinionOf } from "./rules.js";
import type { Scene, WhatIf } from "./scene.js";
import { AS_IT_IS } from "./scene.js";
import type { Rule } from "./terms.js";
import type { Verdict } from "./words.js";
import { MODALITIES } from "./words.js";

const GROWING = [1126, 1280, 1536, 2048, 3072, 4096, 6144, 8192];
const SHRINKING = [922, 819, 666, 512, 358, 205, 102];
const STEPS_M = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000,
	50_000];
const WORDS: { [v in Verdict]: string } = {
	breach: "a breach", no_breach: "no breach", undetermined: "undetermined",
	not_applicable: "not applicable", conflict: "a conflict",
};

interface Flip { to: Verdict; cost: number; say: string }

function least(a: Flip | null, b: Flip | null): Flip | null {
	return a && b ? b.cost < a.cost ? b : a : a ?? b;
}

export function flipsIf(s: Scene, r: Rule, o: Opinion): string {
	const std = s.t.standards[r.standard]!, margin = s.margin;
	const { major, radius } = s.cloud;
	/** Judged again; null where the verdict stays. */
	const anew = (what: Partial<WhatIf>): Verdict | null => {
		const v = opinionOf(s, r, { ...AS_IT_IS, ...what }, null).verdict;

		return v === o.verdict ? null : v;
	};
	const region = (scales: number[], word: string): Flip | null => {
		for (const scale of scales) {
			const value = Math.floor(major * scale / 1024);
			/* No limit comes within what the region then reaches. */
			const to = Math.floor(radius * Math.max(scale, 1024) / 1024)
				< margin ? null : anew({ scale });

			if (to)
				return { to, cost: Math.abs(value - major),
					say: ` if the error region were ${distanceText(value)} or `
						+ `${word} (is ${distanceText(major)})` };
		}
		return null;
	};
	const moved = (sign: 1 | -1, below: number): Flip | null => {
		for (const cost of STEPS_M.map((m) => m * 1000)) {
			if (cost >= below)
				return null;
			const to = radius + cost < margin ? null
				: anew({ area: s.base(o.from), nearer: sign * cost });

			if (to)
				return { to, cost, say: ` if it lay ${lengthText(cost)} `
					+ `${sign > 0 ? "nearer to" : "farther from"} `
					+ s.t.areas[o.from]!.name };
		}
		return null;
	};

	if (r.duty) {
		const suppose = (as: Scene["suppose"]): Verdict => {
			s.suppose = as;
			return opinionOf(s, r, AS_IT_IS, null).verdict;
		};
		const done = suppose("done"), undone = suppose("undone");

		s.suppose = null;
		return dutyFlip(s, r, o.verdict, done, undone);
	}
	if (!o.enough && o.breach.lo >= std.ppm && o.verdict === "undetermined") {
		const more = Math.min(MODALITIES.length, std.modalities) - s.modalities;

		return `would be a breach with ${more} more modalit`
			+ (more === 1 ? "y" : "ies");
	}
	if (!s.cloud.known || margin === Infinity)
		return "";
	const wider = least(region(GROWING, "more"), region(SHRINKING, "less"));
	const near = o.from < 0 ? null : moved(1, Infinity);
	const place = o.from < 0 ? null
		: least(near, moved(-1, near?.cost ?? Infinity));
	let out = wider ? `would be ${WORDS[wider.to]}${wider.say}` : "";

	/* A reader may doubt the region and not the place: both are told. */
	if (place)
		out += (!wider ? `would be ${WORDS[place.to]}`
			: wider.to === place.to ? ", or" : `, would be ${WORDS[place.to]}`)
			+ place.say;
	return out.slice(0, 399);
}
