// SPDX-License-Identifier: GPL-3.0-or-later
//
// time.ts - moments as whole microseconds since 1970, UTC, from 1970 to the
// end of 2199; null is not known.
export type Moment = number | null;

export const DAY_US = 86_400_000_000;
const END_US = 7_258_118_400_000_000;
export const LAST_US = END_US - 1;

const TIME = new RegExp("^([0-9]{4})-([0-9]{2})-([0-9]{2})"
	+ "(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]+))?)?"
	+ "(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2})))?$");

/** RFC 3339, seconds and more than six decimals as they like; a bare date
 * where that is allowed. */
export function readMoment(text: string, bareDate: boolean): Moment {
	const m = TIME.exec(text);

	if (!m || (m[4] === undefined && !bareDate))
		return null;
	const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6]
		.map((i) => Number(m[i] ?? 0)) as [number, number, number, number,
		number, number];
	const midnight = Date.UTC(year, month - 1, day);
	const real = new Date(midnight);
	const east = (Number(m[9] ?? 0) * 60 + Number(m[10] ?? 0))
		* (m[8] === "-" ? -60 : 60);

	if (year < 1970 || year > 2199 || real.getUTCMonth() !== month - 1
		|| real.getUTCDate() !== day || hour > 23 || minute > 59
		|| second > 60 || Number(m[9] ?? 0) > 15 || Number(m[10] ?? 0) > 59)
		return null;
	const us = (midnight / 1000 + hour * 3600 + minute * 60 + second - east)
		* 1e6 + Number((m[7] ?? "").slice(0, 6).padEnd(6, "0"));

	return us >= 0 && us < END_US ? us : null;
}

export function isKnown(us: number): boolean {
	return us >= 0 && us < END_US;
}

/** "2026-02-03T04:05:06Z", or with the six decimals of a microsecond. */
export function momentText(us: number, decimals: boolean): string {
	const whole = new Date(Math.floor(us / 1e6) * 1000).toISOString()
		.slice(0, 19);

	return decimals ? `${whole}.${String(us % 1e6).padStart(6, "0")}Z`
		: `${whole}Z`;
}

/** As a line of an explanation has it: decimals only where there are some. */
export function momentSaid(us: Moment): string {
	return us === null ? "not known" : momentText(us, us % 1e6 !== 0);
}
