// SPDX-License-Identifier: GPL-3.0-or-later
//
// versions.tsx - versions of an incident beside each other, and the forms that
// write another one: amend, merge, split, link.  A form makes the words of
// `truce review`; the server drafts, and decide.ts holds it to them.
import { useEffect, useState } from "preact/hooks";

import type { Row, Words } from "./api";
import { countWords } from "./card";
import { inNumbers, kindOf, list, row, rows, short, text, useAnswer, Waiting,
	type Shared } from "./parts";

const NEAR_MS = 15 * 60e3;
const MEANINGS = ["exact", "about", "at_least", "over", "range",
	"uncountable"] as const;
const LINKS = ["impact_of", "shock_of", "part_of", "echo_of", "near",
	"replaces"] as const;

const timeOf = (r: Row) => Date.parse(text(row(r.time).at));
/** The same few things of each version. */
function facts(r: Row, shared: Shared): [string, string][] {
	const { tongue, clock } = shared, place = row(r.place);
	const ellipse = row(row(place.region).ellipse), kind = kindOf(r);
	const links = list(r.links).map(row).map((l) =>
		`${tongue.record(text(l.is))} ${short(text(l.id))}`);
	return [[tongue.say("version"), String(r.version ?? "–")],
		[tongue.say("status"), tongue.record(text(r.status))],
		[tongue.say("kind"), `${tongue.record(kind)} ${(100 * Number(
			row(r.kind)[kind] ?? 0)).toFixed(0)} %`],
		[tongue.say("count"), countWords(row(r.count), tongue) || "–"],
		[tongue.say("time"), clock.full(timeOf(r))],
		[tongue.say("place"), tongue.place(r.phrase)
			|| inNumbers(place, ellipse.semi_major_m) || "–"],
		[tongue.say("error"), typeof ellipse.semi_major_m === "number"
			? `${ellipse.semi_major_m.toFixed(0)} × ${
				Number(ellipse.semi_minor_m).toFixed(0)} ${tongue.unit("m")}`
			: "–"],
		[tongue.say("evidence"), String(list(r.evidence).length)],
		[tongue.say("linked"), links.join(", ")],
		[tongue.say("why"), text(r.why)]];
}

/** Columns of records; what the second has otherwise than the first is
 * marked, but that it is another version. */
export function Beside({ of, shared }: { of: [string, Row][];
	shared: Shared }) {
	const told = of.map(([, r]) => facts(r, shared));
	return <div class="beside"><table class="versions" tabIndex={0}>
		<thead><tr><td />{of.map(([name]) =>
			<th scope="col">{name}</th>)}</tr></thead>
		<tbody>{(told[0] ?? []).map(([name, first], i) => told.every((t) =>
			!t[i]?.[1]) ? null : <tr>
			<th scope="row">{name}</th>
			{told.map((t, k) => <td class={k === 1 && i > 1 &&
				t[i]?.[1] !== first ? "differs" : ""}>{t[i]?.[1] || "–"}
			</td>)}
		</tr>)}</tbody>
	</table></div>;
}

/** The machine's newest, and what people made of it. */
export function SideBySide({ incident, shared }: {
	incident: string; shared: Shared;
}) {
	const { tongue } = shared;
	const [v] = useAnswer<{ incidents: Row[] }>(
		`incidents?id=${incident}&versions=all`, shared.stamp);
	const last = (of: Row[]) => of.sort((a, b) =>
		Number(row(a.ledger).index ?? 0) - Number(row(b.ledger).index ?? 0))
		.pop();
	const all = rows(v?.incidents);
	const machine = last(all.filter((i) => !i.does));
	const person = last(all.filter((i) => i.does));
	if (!machine)
		return v ? null : <p aria-busy="true">…</p>;
	return <><Beside shared={shared} of={[[tongue.say("machineSays"), machine],
		...person ? [[tongue.say("peopleSay"), person] as [string, Row]] : []]}
	/>{person ? null : <p class="limits">{tongue.say("noneElse")}</p>}</>;
}

interface Form {
	record: Row;
	shared: Shared;
	/** What the form says so far; [] when it is not complete. */
	says: (words: string[]) => void;
}

function Amend({ record, shared, says }: Form) {
	const { tongue } = shared;
	const [words] = useAnswer<Words>("");
	const [f, set] = useState({ kind: "", meaning: "", n: "", max: "", at: "",
		phrase: "", lat: "", lon: "", radius: "" });
	const place = row(record.place);
	useEffect(() => {
		const n = f.meaning === "range" ? `range:${f.n}-${f.max}`
			: f.meaning === "uncountable" || f.meaning === "exact"
				? f.meaning === "exact" ? f.n : f.meaning
				: `${f.meaning}:${f.n}`;
		const counted = f.meaning === "uncountable" || (f.n !== "" &&
			(f.meaning !== "range" || f.max !== ""));
		says([...f.kind ? [`kind=${f.kind}`] : [],
			...f.meaning && counted ? [`count=${n}`] : [],
			...f.at.trim() ? [`at=${f.at.trim().replace(" ", "T")
				.replace(/Z?$/, "Z")}`] : [],
			...f.phrase.trim() ? [`phrase=${f.phrase.trim()}`] : [],
			...f.lat && f.lon && f.radius ? [`lat=${f.lat}`, `lon=${f.lon}`,
				`radius_m=${f.radius}`] : []]);
	}, [f]);
	const put = (name: keyof typeof f) => (e: Event) => {
		const { value } = e.target as HTMLInputElement;
		set((now) => ({ ...now, [name]: value }));
	};
	const number = (name: keyof typeof f, is: string, step: string,
		placeholder: string) => <input type="number" step={step}
		aria-label={is} placeholder={placeholder} value={f[name]}
		onInput={put(name)} />;
	const said = (v: unknown, digits: number) => typeof v === "number"
		? v.toFixed(digits) : "";
	return <div class="fields"><p class="limits">{tongue.say("onlyChanges")}
	</p>
	<label>{tongue.say("kind")}<select value={f.kind} onChange={put("kind")}>
		<option value="">{tongue.record(kindOf(record))} ({
			tongue.say("asItIs")})</option>
		{(words?.kinds ?? []).map((k) => <option value={k}>
			{tongue.record(k)}</option>)}</select></label>
	<label>{tongue.say("count")}<span><select value={f.meaning}
		aria-label={tongue.say("count")} onChange={put("meaning")}>
		<option value="">{countWords(row(record.count), tongue)} ({
			tongue.say("asItIs")})</option>
		{MEANINGS.map((m) => <option value={m}>{m === "exact"
			? tongue.say("exactly") : tongue.record(m)}</option>)}</select>
	{f.meaning && f.meaning !== "uncountable"
		? number("n", tongue.say("count"), "1", "") : null}
	{f.meaning === "range" ? <>–{number("max", tongue.say("to"), "1", "")}</>
		: null}</span></label>
	<label>{tongue.say("time")}, UTC<input value={f.at} onInput={put("at")}
		pattern="\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?"
		title="2026-02-03 17:30:00" placeholder={new Date(timeOf(record))
			.toISOString().slice(0, 19).replace("T", " ")} /></label>
	<label>{tongue.say("place")}<input value={f.phrase} placeholder={text(
		record.phrase)} onInput={put("phrase")} /></label>
	<label>{tongue.say("latitude")}, {tongue.say("longitude")}, ± m<span>
		{number("lat", tongue.say("latitude"), "any", said(place.lat, 5))}
		{number("lon", tongue.say("longitude"), "any", said(place.lon, 5))}
		{number("radius", "± m", "any", "")}</span></label>
	</div>;
}

/** Incidents a quarter of an hour about this one, the nearest in time first. */
function useNear(record: Row): Row[] | null {
	const t = timeOf(record), id = text(record.id);
	const at = (ms: number) => new Date(ms).toISOString();
	const [near] = useAnswer<{ incidents: Row[] }>(`incidents?from=${
		at(t - NEAR_MS)}&to=${at(t + NEAR_MS)}&limit=200`);
	return near ? rows(near.incidents).filter((r) => r.id !== id)
		.sort((a, b) => Math.abs(timeOf(a) - t) - Math.abs(timeOf(b) - t))
		: null;
}

function Choice({ type, of, on, pick, shared }: {
	type: "radio" | "checkbox"; of: { id: string; says: string }[];
	on: string[]; pick: (ids: string[]) => void; shared: Shared;
}) {
	if (of.length === 0)
		return <p class="limits">{shared.tongue.say("nothingNear")}</p>;
	return <ul class="choice">{of.map(({ id, says }) => <li><label>
		<input type={type} name="choice" checked={on.includes(id)}
			onChange={(e) => pick(type === "radio" ? [id]
				: (e.target as HTMLInputElement).checked ? [...on, id]
					: on.filter((x) => x !== id))} />
		<span>{says}</span></label></li>)}</ul>;
}

function Merge({ record, shared, says }: Form) {
	const near = useNear(record), { tongue } = shared;
	const [on, pick] = useState<string[]>([]);
	if (!near)
		return <p aria-busy="true">…</p>;
	return <div><p class="limits">{tongue.say("mergeIs")}</p>
		<Choice type="checkbox" shared={shared} on={on} pick={(ids) => {
			pick(ids);
			says(ids);
		}} of={near.map((r) => ({ id: text(r.id), says: told(r, record, shared) }))} />
	</div>;
}

/** Kilometres between two incidents, on a sphere. */
function apart(a: Row, b: Row, tongue: Shared["tongue"]): string {
	const [p, q] = [row(a.place), row(b.place)].map((x) => typeof x.lat ===
		"number" && typeof x.lon === "number" ? [x.lat, x.lon].map((d) =>
			d * Math.PI / 180) : []);
	const [la = NaN, lo = NaN] = p ?? [], [ma = NaN, mo = NaN] = q ?? [];
	const km = 6371 * 2 * Math.asin(Math.sqrt(Math.sin((ma - la) / 2) ** 2
		+ Math.cos(la) * Math.cos(ma) * Math.sin((mo - lo) / 2) ** 2));
	return Number.isFinite(km) ? `${km.toFixed(km < 10 ? 1 : 0)} ${
		tongue.unit("km")}` : "";
}

const told = (r: Row, of: Row, { tongue, clock }: Shared) =>
	[clock.full(timeOf(r)), tongue.record(kindOf(r)), tongue.place(r.phrase),
		apart(r, of, tongue), short(text(r.id))].filter(Boolean).join(" · ");

function Link({ record, shared, says }: Form) {
	const near = useNear(record), { tongue } = shared;
	const [is, setIs] = useState<string>("impact_of");
	const [on, pick] = useState<string[]>([]);
	useEffect(() => says(on.map((id) => `${is}=${id}`)), [is, on]);
	if (!near)
		return <p aria-busy="true">…</p>;
	return <div><label>{tongue.say("thisIs")}<select value={is}
		onChange={(e) => setIs((e.target as HTMLSelectElement).value)}>
		{LINKS.map((l) => <option value={l}>{tongue.record(l)}</option>)}
	</select></label>
	<Choice type="radio" shared={shared} on={on} pick={pick}
		of={near.map((r) => ({ id: text(r.id), says: told(r, record, shared) }))} />
	</div>;
}

/** The earliest detection stays: the incident's id is made of it. */
function Split({ record, shared, says }: Form) {
	const { tongue, clock } = shared;
	const [why, failed] = useAnswer<Row>("explanations/" + text(record.id));
	const [on, pick] = useState<string[]>([]);
	if (!why)
		return <Waiting failed={failed} tongue={tongue} />;
	const evidence = list(record.evidence).map(String);
	const all = rows(why.detections).filter((d) => evidence.includes(
		text(d.id))).sort((a, b) => text(a.at) < text(b.at) ? -1
		: text(a.at) > text(b.at) ? 1 : text(a.id) < text(b.id) ? -1 : 1);
	return <div><p class="limits">{tongue.say("splitIs")}</p>
		<Choice type="checkbox" shared={shared} on={on} pick={(ids) => {
			pick(ids);
			says(ids);
		}} of={all.slice(1).map((d) => ({ id: text(d.id), says: `${
			clock.full(Date.parse(text(d.at)))} · ${tongue.record(
			text(d.modality))} · ${text(d.source)} · ${short(text(d.id))}` }))}
		/></div>;
}

const forms = { amend: Amend, merge: Merge, split: Split, link: Link };

export const wantsWords = (does: string): does is keyof typeof forms =>
	does in forms;

export function WordsOf({ does, ...rest }: { does: keyof typeof forms }
& Form) {
	const Of = forms[does];
	return <Of {...rest} />;
}
