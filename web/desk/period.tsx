// SPDX-License-Identifier: GPL-3.0-or-later
//
// period.tsx - the time that is shown, as two inputs and as a replay: a window
// that moves over the period by itself, with pause and speed.
import { useEffect, useRef, useState } from "preact/hooks";

import type { Clock } from "./clock";
import type { Filter } from "./filter";
import type { Tongue } from "./words";

const TICK_MS = 100;
/** Of the mission's time in a second of the reader's. */
const SPEEDS = [60e3, 600e3, 3600e3, 6 * 3600e3];

export interface Replay {
	from: number;
	to: number;
	/** Where it stands; what is shown lies before it. */
	at: number;
	/** How far back is shown. */
	trail: number;
	running: boolean;
}

export const shownOf = (r: Replay): [number, number] =>
	[Math.max(r.from, r.at - r.trail), r.at];

const minutes = (ms: number) => Math.max(1, Math.round(ms / 60e3)) * 60e3;

const WRITTEN = /^\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?\s*Z?\s*$/;

/** Year first, as everywhere here: a browser's own input would write it as the
 * reader's country does. */
function Moment({ name, ms, clock, set, tongue }: {
	name: string; ms: number; clock: Clock; set: (ms: number) => void;
	tongue: Tongue;
}) {
	const take = (e: Event) => {
		const input = e.target as HTMLInputElement;
		const m = WRITTEN.exec(input.value);
		const local = m ? Date.parse(`${m[1] ?? ""}T${m[2] ?? ""}${
			m[3] ?? ":00"}Z`) : NaN;
		input.setCustomValidity(Number.isFinite(local) ? ""
			: tongue.say("notTime"));
		if (input.reportValidity())
			set(local - (clock.shift(ms) - ms));
	};
	return <label>{name}{" "}<input class="moment" size={16} value={
		`${clock.date(ms)} ${clock.minute(ms)}`} spellcheck={false}
		onChange={take} onKeyDown={(e) => {
			if (e.key === "Enter")
				take(e);
		}} /></label>;
}

export function Period({ extent, filter, change, replay, setReplay, clock,
	tongue }: {
	extent: [number, number]; filter: Filter;
	change: (c: Partial<Filter>) => void;
	replay: Replay | null; setReplay: (r: Replay | null) => void;
	clock: Clock; tongue: Tongue;
}) {
	const [speed, setSpeed] = useState(1);
	const now = useRef(replay);
	now.current = replay;
	const from = filter.from ?? extent[0], to = filter.to ?? extent[1];
	useEffect(() => {
		if (!replay?.running)
			return undefined;
		const tick = setInterval(() => {
			const r = now.current;
			if (!r)
				return;
			const at = Math.min(r.to, r.at
				+ (SPEEDS[speed] ?? 600e3) * TICK_MS / 1000);
			setReplay({ ...r, at, running: at < r.to });
		}, TICK_MS);
		return () => clearInterval(tick);
	}, [replay?.running, speed]);
	const play = () => {
		if (replay && replay.at < replay.to)
			setReplay({ ...replay, running: !replay.running });
		else
			setReplay({ from, to, at: from, running: true,
				trail: minutes((to - from) / 12) });
	};
	const last = (hours: number | null) => {
		setReplay(null);
		change(hours === null ? { from: null, to: null }
			: { from: extent[1] - hours * 3600e3, to: extent[1] });
	};
	return <div class="period" role="group" aria-label={tongue.say("time")}>
		<button class="play" onClick={play} aria-label={tongue.say(
			replay?.running ? "pause" : "play")}>
			{replay?.running ? "❚❚" : "▶"}</button>
		{replay ? <>
			<output>{clock.full(replay.at)}</output>
			<select aria-label={tongue.say("speed")} value={speed}
				onChange={(e) => setSpeed(Number(
					(e.target as HTMLSelectElement).value))}>
				{SPEEDS.map((s, i) => <option value={i}>{tongue.say("aSecond", {
					t: s < 3600e3 ? tongue.say("minutes", { min: s / 60e3 })
						: tongue.say("hours", { h: s / 3600e3 }) })}
				</option>)}</select>
			<button onClick={() => setReplay(null)}>{tongue.say("stop")}</button>
		</> : <>
			<Moment name={tongue.say("from")} ms={from} clock={clock}
				tongue={tongue} set={(ms) => change({ from: ms })} />
			<Moment name={tongue.say("to")} ms={to} clock={clock}
				tongue={tongue} set={(ms) => change({ to: ms })} />
			<span class="quick">
				<button onClick={() => last(1)}>{tongue.say("hour")}</button>
				<button onClick={() => last(6)}>{tongue.say("sixHours")}</button>
				<button onClick={() => last(24)}>{tongue.say("day")}</button>
				<button onClick={() => last(null)}>{tongue.say("whole")}</button>
			</span></>}
	</div>;
}
