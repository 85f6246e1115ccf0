// SPDX-License-Identifier: GPL-3.0-or-later
//
// clock.ts - times as the mission's own table of offsets says them, not as the
// browser's idea of a zone does (DESK.md 10).
import type { Mission } from "./api";

export class Clock {
	#offsets: { from: number; east: number; called: string }[];

	constructor(mission: Mission, readonly local: boolean) {
		this.#offsets = mission.offsets.map((o) => ({
			from: Date.parse(o.from), east: o.east_s * 1000,
			called: o.called ?? "",
		}));
	}

	#at(ms: number): { east: number; called: string } {
		let found = { east: 0, called: "UTC" };
		for (const o of this.#offsets)
			if (o.from <= ms)
				found = o;
		return this.local ? found : { east: 0, called: "UTC" };
	}

	/** Milliseconds that read as local when printed as UTC. */
	shift(ms: number): number {
		return ms + this.#at(ms).east;
	}

	date(ms: number): string {
		return new Date(this.shift(ms)).toISOString().slice(0, 10);
	}

	minute(ms: number): string {
		return new Date(this.shift(ms)).toISOString().slice(11, 16);
	}

	full(ms: number): string {
		const { called } = this.#at(ms);
		return new Date(this.shift(ms)).toISOString().slice(0, 19)
			.replace("T", " ") + " " + called;
	}
}
