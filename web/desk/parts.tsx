// SPDX-License-Identifier: GPL-3.0-or-later
//
// parts.tsx - what several screens have in common: reading of records, an
// answer of the server, saving a file.
import { useEffect, useState } from "preact/hooks";

import { json, type Mission, type Row } from "./api";
import type { Clock } from "./clock";
import type { Filter } from "./filter";
import { named } from "./named";
import type { Tongue } from "./words";

export const row = (v: unknown): Row => (v ?? {}) as Row;
export const list = (v: unknown): unknown[] => Array.isArray(v) ? v : [];
export const rows = (v: unknown): Row[] => list(v).map(row);
export const text = (v: unknown): string => typeof v === "string" ? v : "";

/** What every screen is given. */
export interface Shared {
	tongue: Tongue;
	clock: Clock;
	filter: Filter;
	change: (c: Partial<Filter>, back?: boolean) => void;
	/** Grows with what is logged. */
	stamp: number;
	mission: Mission;
	/** The whole time of the incidents, UTC ms. */
	extent: [number, number];
}

/** An answer under /api/v1/; null until it is there; and why it is not. */
export function useAnswer<T>(path: string | null, stamp = 0):
[T | null, string] {
	const [is, set] = useState<{ path: string | null; value: T | null;
		failed: string }>({ path: null, value: null, failed: "" });
	useEffect(() => {
		let here = true;
		if (path !== null)
			json<T>(path).then(
				(value) => { if (here) set({ path, value, failed: "" }); },
				(e: unknown) => { if (here) set({ path, value: null,
					failed: e instanceof Error ? e.message : String(e) }); });
		return () => { here = false; };
	}, [path, stamp]);
	return is.path === path ? [is.value, is.failed] : [null, ""];
}

/** A finding's own sentences in the language of the page. */
export interface Said {
	explanation: string[];
	flips_if: string | null;
}

/** The record has them in English; null there, and until they are here. */
export function useSaid(finding: string | null, shared: Shared): Said | null {
	const { lang } = shared.tongue;
	const [r] = useAnswer<Row>(finding && lang !== "en"
		? `findings/${finding}?lang=${lang}` : null, shared.stamp);
	return r ? row(r.said) as unknown as Said : null;
}

/** What would turn it over. */
export function Turn({ flips, said, shared }: { flips: string;
	said: Said | null; shared: Shared }) {
	const { mission, tongue } = shared;
	return said?.flips_if
		? <span lang={tongue.lang}>{said.flips_if}</span>
		: <span lang="en">{named(flips, mission, tongue.lang)}</span>;
}

export function save(name: string, type: string, content: BlobPart) {
	const a = document.createElement("a");
	a.href = URL.createObjectURL(new Blob([content], { type }));
	a.download = name;
	a.click();
	setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}

const quoted = (s: string) => /[",\r\n]/.test(s)
	? `"${s.replaceAll("\"", "\"\"")}"` : s;

export function csv(of: Record<string, string>[]): string {
	const head = Object.keys(of[0] ?? {});
	return [head, ...of.map((r) => head.map((h) => r[h] ?? ""))]
		.map((r) => r.map(quoted).join(",") + "\r\n").join("");
}

/** "12 min", "3 h 5 min", "2 d 4 h", of milliseconds. */
export function lasting(ms: number, tongue: Tongue): string {
	const min = Math.round(Math.abs(ms) / 60e3);
	const d = Math.floor(min / 1440), h = Math.floor(min % 1440 / 60);
	if (d > 0)
		return tongue.say("daysHours", { d, h });
	return h > 0 ? tongue.say("hoursMinutes", { h, min: min % 60 })
		: tongue.say("minutes", { min });
}

/** A place where no town is known, with no more digits than its error bears: a
 * metre, ten, a hundred. */
export function inNumbers(place: Row, err90_m: unknown = place.err90_m): string {
	const [lat, lon] = [place.lat, place.lon].map((v) => v === "" || v === null
		|| v === undefined ? NaN : Number(v)) as [number, number];
	const err = Number(err90_m) || 0;
	const digits = err >= 1000 ? 3 : err >= 100 ? 4 : 5;
	return Number.isFinite(lat) && Number.isFinite(lon)
		? `${lat.toFixed(digits)}, ${lon.toFixed(digits)}` : "";
}

/** "± 0.06 s", of half a span in seconds. */
export const within = (half_s: number, tongue: Tongue): string =>
	`± ${tongue.fixed(half_s, half_s < 10 ? 2 : 0)} ${tongue.unit("s")}`;

/** "from – to" without saying the same day twice. */
export const spanOf = (span: Row, clock: Clock, tongue: Tongue): string =>
	between(Date.parse(text(span.from)), Date.parse(text(span.to)), clock,
		tongue);

/** The day and the zone once, where they are the same. */
export function between(from: number, to: number, clock: Clock,
	tongue: Tongue): string {
	if (!Number.isFinite(from))
		return tongue.say("noTime");
	if (!Number.isFinite(to) || to === from)
		return clock.full(from);
	// Of whole minutes, as people ask for them, the seconds say nothing.
	const say = from % 60e3 === 0 && to % 60e3 === 0
		? (ms: number) => clock.full(ms).replace(/:00(?= [A-Z+-])/, "")
		: (ms: number) => clock.full(ms);
	const a = say(from), b = say(to);
	if (a === b) // of parts of a second
		return a;
	const zone = a.slice(a.lastIndexOf(" "));
	const first = b.endsWith(zone) ? a.slice(0, -zone.length) : a;
	return a.slice(0, 10) === b.slice(0, 10)
		? `${first} – ${b.slice(11)}` : `${first} – ${b}`;
}

/** An address is a link, other words are words; nobody is asked until then. */
export function Cited({ source, tongue }: { source: Row; tongue: Tongue }) {
	const says = text(source.says);
	if (!says)
		return <em class="failed">{tongue.say("noSource")}</em>;
	return <span class="cited">{/^https?:\/\//.test(says)
		? <a href={says} rel="noreferrer noopener" target="_blank">
			{new URL(says).hostname.replace(/^www\./, "")}</a> : says}
	{typeof source.line === "number" ? `:${source.line}` : ""}
	{source.reported === true ? ` (${tongue.say("reported")})` : ""}</span>;
}

/** What an incident most probably is. */
export const kindOf = (r: Row) => Object.entries(row(r.kind)).sort((a, b) =>
	Number(b[1]) - Number(a[1]))[0]?.[0] ?? "unknown";

/** The end of an id, as people say it. */
export const short = (id: string) => id.length > 12
	? `${id.slice(0, 2)}…${id.slice(-8)}` : id;

export function Waiting({ failed, tongue }: {
	failed: string; tongue: Tongue;
}) {
	return failed ? <p class="failed" role="alert">{tongue.say("failed")}:{" "}
		{failed}</p> : <p aria-busy="true">…</p>;
}

/** A party's word, verbatim: to which version it was said, and whether late. */
export function Reply({ r, index, shared }: { r: Row; index: unknown;
	shared: Shared }) {
	const { tongue, clock } = shared;
	return <><q>{text(r.text)}</q>{" "}<small>
		{clock.full(Date.parse(text(r.at)))}
		{r.late === true ? ", " + tongue.say("late") : ""}
		{typeof r.of === "number" && r.of !== index ? ", "
			+ tongue.say("ofEarlier") : ""}</small></>;
}

/** Whether a party may still speak, has spoken, or let its time pass. */
export function ReplyState({ party, reply, shared }: { party: string;
	reply: Row; shared: Shared }) {
	const { tongue, clock } = shared;
	const is = rows(reply.parties).find((p) => p.party === party);
	const until = text(reply.until) ? clock.full(Date.parse(text(reply.until)))
		: "";
	const word = { open: "mayReply", lapsed: "noReply" }[text(is?.state)];
	if (!is || !word || !until)
		return null;
	return <p class="limits">{tongue.say(word as "mayReply", { t: until })}
	</p>;
}

/** It was published before the parties' time was over, and why. */
export function Early({ reply, shared }: { reply: Row; shared: Shared }) {
	const { tongue, clock } = shared, early = row(reply.early);
	return text(early.why) ? <p class="perhaps">{tongue.say("early", {
		t: clock.full(Date.parse(text(early.at))) })}{" "}
	<q>{text(early.why)}</q></p> : null;
}
