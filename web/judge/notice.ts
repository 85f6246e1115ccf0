// SPDX-License-Identifier: GPL-3.0-or-later
//
// notice.ts - does a notified activity cover the incident (docs/judging.md 9)?
import type { Activity } from "./facts.js";
import { FAR_MM, spotOf, wholeOf } from "./fixed.js";
import type { Chance, Scene, WhatIf } from "./scene.js";
import { NO, OPEN, YES, and, or } from "./scene.js";
import { part } from "./text.js";
import { momentSaid } from "./time.js";

export interface Asked {
	what: string | null; /* null: anything */
	party: string | null; /* null: any */
	before: number | null; /* us ahead of the start */
	near: number | null; /* mm */
}

interface Match {
	p: Chance;
	/* Why it covers nothing; "" where it may. */
	why: "" | "time" | "start" | "its start is not known"
		| "no receipt is on record" | "not before its deadline"
		| "another party acted" | "names no place" | "far";
	deadline: number | null;
	away: { mm: number; limit: number } | null;
}

/** "340 m", "23.4 km". */
export function distanceText(mm: number): string {
	const a = Math.abs(mm);

	if (a >= 950_000_000)
		return "950 km or more";
	if (a < 1_000_000)
		return `${Math.floor((a + 500) / 1000)} m`;
	const tenths = Math.floor((a + 50_000) / 100_000);

	return `${Math.floor(tenths / 10)}.${tenths % 10} km`;
}

function matchOf(s: Scene, a: Activity, n: Asked, what: WhatIf): Match {
	const m: Match = { p: NO, why: "", deadline: null, away: null };

	if (a.from === null)
		return { ...m, why: "its start is not known" };
	const during = s.during(a.from, a.to ?? Infinity);

	if (n.before !== null)
		m.deadline = a.from - n.before;
	if (during.hi === 0)
		return { ...m, why: "time" };
	if (m.deadline !== null && a.received === null)
		return { ...m, why: "no receipt is on record" };
	if (m.deadline !== null && a.received! >= m.deadline)
		return { ...m, why: "not before its deadline" };
	/* Where the receipt may have been after the deadline, it may be. */
	const sure = m.deadline !== null
		&& Math.max(a.received!, a.last ?? 0) >= m.deadline ? OPEN : YES;

	if (s.party !== "" && a.party !== "mission" && a.party !== s.party)
		return { ...m, why: "another party acted" };
	const spot = spotOf(a.place.lat, a.place.lon);
	const radius = spot ? wholeOf(a.place.major, 1000) ?? 0 : 0;

	/* Neither the clause nor the notice says where: everywhere. */
	if (n.near === null && radius <= 0)
		return { ...m, p: and(during, sure) };
	if (!spot)
		return { ...m, why: "names no place" };
	const limit = Math.min(radius, FAR_MM / 2) + Math.max(n.near ?? 0, 0);
	const near = s.near(spot, limit, what);

	m.away = { mm: near.mm, limit };
	return near.p.hi === 0 ? { ...m, why: "far" }
		: { ...m, p: and(and(during, near.p), sure) };
}

function said(a: Activity, m: Match): string {
	const parts = [`notice ${a.id} of ${part(a.what, 60)} by `
		+ `${part(a.party, 60)}, received ${momentSaid(a.received)}`];

	if ((a.last ?? -1) > (a.received ?? -1))
		parts.push(` to ${momentSaid(a.last)}`);
	if (a.claimed)
		parts.push(" (receipt claimed, not proven)");
	if (m.deadline !== null)
		parts.push(`, deadline ${m.deadline < 0 ? "not known"
			: momentSaid(m.deadline)}`);
	if (m.away)
		parts.push(`, ${distanceText(m.away.mm)} away, limit `
			+ distanceText(m.away.limit));
	if (!["", "time", "far"].includes(m.why))
		parts.push(`: ${m.why}`);
	return parts.join("");
}

/** How far the notices cover it, and the best of them or why there is none. */
export function covered(
	s: Scene, n: Asked, what: WhatIf,
): { p: Chance; why: string } {
	let p = NO, best: { a: Activity; m: Match } | null = null;

	for (const a of s.activities) {
		if ((n.what !== null && a.what !== n.what)
			|| (n.party !== null && a.party !== n.party))
			continue;
		const m = matchOf(s, a, n, what);

		if (m.why === "time")
			continue;
		p = or(p, m.p);
		if (!best || m.p.lo > best.m.p.lo
			|| (m.p.lo === best.m.p.lo && m.p.hi > best.m.p.hi))
			best = { a, m };
	}
	if (best)
		return { p, why: said(best.a, best.m) };
	return {
		p, why: n.what !== null ? `no notice of ${n.what} covers this time`
			: `no activity of the ${n.party ?? "parties"} is on record here `
				+ "at this time",
	};
}

