// SPDX-License-Identifier: GPL-3.0-or-later
//
// reports.tsx - the reports as they were written (out/), and the head of the
// newest one: period, verdicts, counts beside coverage, against the day before.
import { useEffect, useState } from "preact/hooks";

import type { Row } from "./api";
import { row, rows, text, useAnswer, Waiting, type Shared } from "./parts";
import { catalogues, type Lang, type Tongue } from "./words";

const order = ["html", "pdf", "txt", "csv", "json", "geojson"];

/** report.html, report.csv, ... are one report. */
function grouped(files: Row[]): [string, Row[]][] {
	const by = new Map<string, Row[]>();
	for (const f of files) {
		const name = text(f.name).replace(/\.\w+$/, "");
		by.set(name, [...by.get(name) ?? [], f]);
	}
	const rank = (f: Row) => {
		const i = order.indexOf(text(f.name).split(".").pop() ?? "");
		return i < 0 ? order.length : i;
	};
	return [...by].map(([n, fs]) => [n, fs.sort((a, b) => rank(a) - rank(b))]);
}

/** A cut-off is at a minute. */
const minutes = (local: unknown) => text(local).replace(/:00(?= [A-Z+-])/, "");

const percent = (v: unknown) => typeof v !== "number" ? "–"
	: v > 0 && v < .01 ? "< 1 %" : v < 1 && v > .99 ? "> 99 %"
		: `${(v * 100).toFixed(0)} %`;

/** "at least 44, 1 not counted" of a report's JSON. */
function counted(c: Row, tongue: Tongue): string {
	const least = Number(c.at_least), most = c.at_most;
	const not = Number(c.uncounted) || 0;
	const said = most === null ? `${tongue.record("at_least")} ${least}`
		: most !== least ? `${least}–${String(most)}`
			: least > 0 ? String(least) : "";
	return [said || (not > 0 ? "" : tongue.say("none")), not > 0
		? tongue.say("notCounted", { n: not }) : ""].filter(Boolean).join(", ");
}

function Head({ report, shared }: { report: Row; shared: Shared }) {
	const { tongue } = shared;
	const p = row(report.period), before = row(report.period_before);
	const proof = row(report.proof);
	const was = (word: "count" | "watched") => tongue.say("before", {
		s: tongue.say(word), p: text(before.label) });
	// Of what was neither recorded nor watched for a line says as much.
	const says = (c: Row) => c.watched !== null || c.watched_before !== null ||
		["recorded", "set_apart", "before"].some((k) =>
			Number(row(c[k]).at_least) + (Number(row(c[k]).uncounted) || 0) > 0);
	const counts = rows(report.counts), idle = counts.filter((c) => !says(c));
	return <section>
		<h3>{text(p.label)}: {minutes(p.from_local)} – {minutes(p.to_local)}
		</h3>
		<ul class="tiles">{Object.entries(row(report.verdicts)).map(([v, n]) =>
			<li><b>{tongue.number(Number(n))}</b> {tongue.record(v)}</li>)}</ul>
		<table class="rows" tabIndex={0}><thead><tr>
			<th scope="col">{tongue.say("kind")}</th>
			<th scope="col">{tongue.say("count")}</th>
			<th scope="col">{tongue.say("setApart")}</th>
			<th scope="col">{was("count")}</th>
			<th scope="col" class="number">{tongue.say("watched")}</th>
			<th scope="col" class="number">{was("watched")}</th>
			<th scope="col">{tongue.say("change")}</th></tr></thead>
		<tbody>{counts.filter(says).map((c) => <tr>
			<th scope="row">{tongue.record(text(c.kind))}</th>
			<td data-by={tongue.say("count")}>
				{counted(row(c.recorded), tongue)}</td>
			<td data-by={tongue.say("setApart")}>
				{counted(row(c.set_apart), tongue)}</td>
			<td data-by={was("count")}>
				{counted(row(c.before), tongue)}</td>
			<td class="number" data-by={tongue.say("watched")}>
				{percent(c.watched)}</td>
			<td class="number" data-by={was("watched")}>
				{percent(c.watched_before)}</td>
			<td data-by={tongue.say("change")}>{c.comparable === false
				? tongue.say("notComparable") : text(c.change)}</td></tr>)}
		</tbody></table>
		{idle.length > 0 ? <p class="limits">{tongue.say("noneOf", {
			s: idle.map((c) => tongue.record(text(c.kind))).join(", ") })}</p>
			: null}
		<p class="limits">{tongue.say("noZero")}</p>
		<p class="small">{tongue.say("log")}: {String(proof.size ?? "–")}{" "}
			<code>{text(proof.root)}</code></p>
	</section>;
}

/** One that is made now: the day's or the week's, in any of the languages. */
function Make({ shared }: { shared: Shared }) {
	const { tongue } = shared;
	const [day, setDay] = useState("");
	const [week, setWeek] = useState(false);
	const [lang, setLang] = useState<string>(tongue.lang);
	const at = (f: string) => `/api/v1/report?f=${f}&lang=${lang}${
		/^\d{4}-\d\d-\d\d$/.test(day) ? `&period=${day}` : ""}${
		week ? "&week=1" : ""}`;
	const value = (e: Event) => (e.target as HTMLInputElement).value;
	return <section class="make"><h3>{tongue.say("makeReport")}</h3>
		<div class="actions">
			<select aria-label={tongue.say("kind")} onChange={(e) =>
				setWeek(value(e) === "week")}>
				<option value="day">{tongue.say("ofDay")}</option>
				<option value="week">{tongue.say("ofWeek")}</option></select>
			<label>{tongue.say("endsOn")} <input size={10} value={day}
				placeholder="2026-02-04" pattern={"\\d{4}-\\d{2}-\\d{2}"}
				onInput={(e) => setDay(value(e))} /></label>
			<select aria-label={tongue.say("language")} value={lang}
				onChange={(e) => setLang(value(e))}>
				{(Object.keys(catalogues) as Lang[]).map((l) =>
					<option value={l}>{catalogues[l].lang}</option>)}</select>
			{["html", "pdf"].map((f) => <a class="button" href={at(f)}
				target="_blank">{f.toUpperCase()}</a>)}
		</div>
		<p class="limits">{tongue.say("madeNow")}</p></section>;
}

export default function Reports({ shared }: { shared: Shared }) {
	const { tongue, clock, stamp } = shared;
	const [files, failed] = useAnswer<{ reports: Row[] }>("reports", stamp);
	const [report, setReport] = useState<Row | null>(null);
	const newest = rows(files?.reports).find((f) =>
		text(f.name).endsWith(".json"));
	useEffect(() => {
		if (newest)
			fetch("/out/" + text(newest.name)).then((r) => r.json())
				.then((r: Row) => { if (r.schema === "truce.report/1")
					setReport(r); }, () => {});
	}, [newest?.name, newest?.written]);
	if (!files)
		return <div class="page"><h2>{tongue.say("reports")}</h2>
			<Waiting failed={failed} tongue={tongue} /></div>;
	return <div class="page reports">
		<h2>{tongue.say("reports")}</h2>
		<Make shared={shared} />
		{report ? <Head report={report} shared={shared} /> : null}
		<h3>{tongue.say("files")}</h3>
		{files.reports.length === 0 ? <p>{tongue.say("noReports")}</p>
			: <table class="rows" tabIndex={0}><thead><tr>
				<th scope="col">{tongue.say("name")}</th>
				<th scope="col">{tongue.say("files")}</th>
				<th scope="col">{tongue.say("written")}</th></tr></thead>
			<tbody>{grouped(files.reports).map(([name, of]) => <tr>
				<th scope="row">{name}</th>
				<td data-by={tongue.say("files")}><span>{of.map((f, i) => <>{i ? " · " : ""}<a href={"/out/" + text(f.name)}
					target="_blank">{text(f.name).split(".").pop()
						?.toUpperCase()}</a> <small>{tongue.number(Math.ceil(
					Number(f.bytes) / 1024))} {tongue.unit("kB")}</small></>)}</span></td>
				<td data-by={tongue.say("written")}>
					{clock.full(Date.parse(text(of[0]?.written)))}</td>
			</tr>)}</tbody></table>}
	</div>;
}
