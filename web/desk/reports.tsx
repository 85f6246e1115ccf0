// SPDX-License-Identifier: GPL-3.0-or-later
//
// reports.tsx - the reports as they were written (out/), and the head of the
// newest one: period, verdicts, counts beside coverage, against the day before.
import { useEffect, useState } from "preact/hooks";

import type { Row } from "./api";
import { row, rows, text, useAnswer, Waiting, type Shared } from "./parts";
import type { Tongue } from "./words";

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

const percent = (v: unknown) => typeof v === "number"
	? `${(v * 100).toFixed(0)} %` : "–";

/** "at least 44" of a report's JSON, in the page's language. */
function counted(c: Row, tongue: Tongue): string {
	const said = text(c.text), f = /^(at least|about|over) (\d.*)$/.exec(said);
	return said === "none" ? tongue.say("none") : f
		? `${tongue.record((f[1] ?? "").replace(" ", "_"))} ${f[2]}` : said;
}

function Head({ report, shared }: { report: Row; shared: Shared }) {
	const { tongue } = shared;
	const p = row(report.period), before = row(report.period_before);
	const proof = row(report.proof);
	return <section>
		<h3>{text(p.label)}: {text(p.from_local)} – {text(p.to_local)}</h3>
		<ul class="tiles">{Object.entries(row(report.verdicts)).map(([v, n]) =>
			<li><b>{tongue.number(Number(n))}</b> {tongue.record(v)}</li>)}</ul>
		<table tabIndex={0}><thead><tr><th scope="col">{tongue.say("kind")}</th>
			<th scope="col">{tongue.say("count")}</th>
			<th scope="col">{tongue.say("setApart")}</th>
			<th scope="col">{text(before.label)}</th>
			<th scope="col" class="number">{tongue.say("watched")}</th>
			<th scope="col" class="number">{text(before.label)}</th>
			<th scope="col">{tongue.say("change")}</th></tr></thead>
		<tbody>{rows(report.counts).map((c) => <tr>
			<th scope="row">{tongue.record(text(c.kind))}</th>
			<td>{counted(row(c.recorded), tongue)}</td>
			<td>{counted(row(c.set_apart), tongue)}</td>
			<td>{counted(row(c.before), tongue)}</td>
			<td class="number">{percent(c.watched)}</td>
			<td class="number">{percent(c.watched_before)}</td>
			<td>{c.comparable === false ? tongue.say("notComparable")
				: text(c.change)}</td></tr>)}</tbody></table>
		<p class="limits">{tongue.say("noZero")}</p>
		<p class="small">{tongue.say("log")}: {String(proof.size ?? "–")}{" "}
			<code>{text(proof.root)}</code></p>
	</section>;
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
		{report ? <Head report={report} shared={shared} /> : null}
		<h3>{tongue.say("files")}</h3>
		{files.reports.length === 0 ? <p>{tongue.say("noReports")}</p>
			: <table tabIndex={0}><thead><tr><th scope="col">{tongue.say("name")}</th>
				<th scope="col">{tongue.say("files")}</th>
				<th scope="col">{tongue.say("written")}</th></tr></thead>
			<tbody>{grouped(files.reports).map(([name, of]) => <tr>
				<th scope="row">{name}</th>
				<td>{of.map((f) => <><a href={"/out/" + text(f.name)}
					target="_blank">{text(f.name).split(".").pop()
						?.toUpperCase()}</a> <small>{tongue.number(Math.ceil(
					Number(f.bytes) / 1024))} kB</small>{" "}</>)}</td>
				<td>{clock.full(Date.parse(text(of[0]?.written)))}</td>
			</tr>)}</tbody></table>}
	</div>;
}
