// SPDX-License-Identifier: GPL-3.0-or-later
//
// card.tsx - one incident: when, where, what, how sure; who was silent; what
// the agreement says of it, with its trace and what would change it.
import { useEffect, useState } from "preact/hooks";

import { json, type Row } from "./api";
import { Later } from "./later";
import { inNumbers, kindOf, list, row, short, spanOf, text, Turn, useSaid,
	within, type Shared } from "./parts";
import type { Tongue } from "./words";

const evidence = () => import("./evidence");

export function countWords(count: Row, tongue: Tongue): string {
	const n = count.value, meaning = text(count.meaning);
	const word = tongue.record(meaning);
	if (n === null || n === undefined)
		return word;
	const max = count.max === null || count.max === undefined ? ""
		: `–${String(count.max)}`;
	return `${word} ${String(n)}${max}`.trim();
}

function Kinds({ kind, tongue }: { kind: Row; tongue: Tongue }) {
	const sorted = Object.entries(kind).map(([k, p]) => [k, Number(p)] as const)
		.filter(([, p]) => p >= .005).sort((a, b) => b[1] - a[1]);
	return <ul class="kinds">{sorted.map(([k, p]) => <li>
		<meter min={0} max={1} value={p} />
		{tongue.record(k)} {(p * 100).toFixed(0)} %</li>)}</ul>;
}

function Finding({ finding, shared }: { finding: Row; shared: Shared }) {
	const { tongue, change } = shared;
	const said = useSaid(finding.flips_if ? text(finding.id) : null, shared);
	const [low, high] = list(finding.probability).map(Number);
	const party = text(finding.party);
	return <section class="finding">
		<h3><span class={`verdict ${text(finding.verdict)}`}>
			{tongue.record(text(finding.verdict))}</span>
		{" "}{text(finding.clause)}
		{finding.grade ? " · " + tongue.record(text(finding.grade)) : ""}{" "}
		<button class="link" onClick={() => change({ open: text(finding.id) },
			true)}>{tongue.say("sheet")}</button></h3>
		<p>P {tongue.fixed(low ?? NaN, 3)}–{tongue.fixed(high ?? NaN, 3)}
			{" · "}
			{party === "undetermined" || !party ? tongue.say("byWhom")
				: `${tongue.say("party")} ${party}`}{" · "}
			{tongue.record(text(finding.status))}</p>
		{finding.flips_if ? <p class="flip">{tongue.say("itTurns")}{" "}
			<Turn flips={text(finding.flips_if)} said={said}
				shared={shared} /></p> : null}
		{list(finding.claims).map((c) => <p class="claim">
			{tongue.say("party")} {text(row(c).party)}: “{text(row(c).says)}”
		</p>)}
	</section>;
}

/** The evidence; at once where there is room for it, else when asked for. */
function More({ id, shared, show }: {
	id: string; shared: Shared; show: (geojson: unknown) => void;
}) {
	const [open, setOpen] = useState(
		matchMedia("(min-width: 900px)").matches);
	return <details class="more" open={open} onToggle={(e) =>
		setOpen((e.target as HTMLDetailsElement).open)}>
		<summary>{shared.tongue.say("evidence")}</summary>
		{open ? <Later part={evidence} id={id} shared={shared} show={show} />
			: null}</details>;
}

/** Links to other incidents: near, impact of, part of. */
function Links({ of, shared }: { of: Row[]; shared: Shared }) {
	return <>{of.map((l) => <>{shared.tongue.record(text(l.is))}{" "}
		<button class="link" onClick={() => shared.change(
			{ open: text(l.id) }, true)}>{short(text(l.id))}</button>{" "}
	</>)}</>;
}

export function Card({ id, shared, loaded, close, show, fly }: {
	id: string; shared: Shared; loaded: (record: Row) => void;
	close: () => void; show: (geojson: unknown) => void;
	fly: (lon: number, lat: number) => void;
}) {
	const { tongue, clock } = shared;
	const [record, setRecord] = useState<Row | null>(null);
	const [findings, setFindings] = useState<Row[]>([]);
	const [failed, setFailed] = useState("");
	useEffect(() => {
		let here = true;
		setFailed("");
		void (async () => {
			try {
				const r = await json<Row>("incidents/" + id);
				const f = await json<{ findings: Row[] }>(
					`findings?incident=${text(r.id)}&limit=100`);
				if (!here)
					return;
				setRecord(r);
				setFindings(f.findings.filter((x) =>
					x.verdict !== "not_applicable"));
				loaded(r);
			} catch (e) {
				if (here)
					setFailed(String(e));
			}
		})();
		return () => { here = false; };
	}, [id, shared.stamp]);
	if (failed)
		return <aside class="card"><button class="x" onClick={close}>×</button>
			<p class="failed">{tongue.say("failed")}: {failed}</p></aside>;
	if (!record || !text(record.id).endsWith(id))
		return <aside class="card" aria-busy="true"><p>…</p></aside>;
	const time = row(record.time), place = row(record.place);
	const at = Date.parse(text(time.at));
	const first = Date.parse(text(time.from)), last = Date.parse(text(time.to));
	const spread = (last - first) / 2000;
	const ellipse = row(row(place.region).ellipse);
	const ledger = row(record.ledger);
	return <aside class="card" aria-label={text(record.id)}>
		<button class="x" onClick={close} aria-label={tongue.say("close")}>×
		</button>
		<h2>{tongue.record(kindOf(record))}, {clock.full(at)} <small>{spread > 60
			? `(${spanOf(time, clock, tongue)})`
			: within(spread, tongue)}</small></h2>
		<p class="where">{tongue.place(record.phrase)}</p>
		<dl>
			<dt>{tongue.say("count")}</dt>
			<dd>{countWords(row(record.count), tongue)}</dd>
			<dt>{tongue.say("place")}</dt>
			<dd>{inNumbers(place, ellipse.semi_major_m)
				|| tongue.say("unplaced")}{" "}
			{typeof ellipse.semi_major_m === "number"
				? tongue.say("radius", { n:
					`${Number(ellipse.semi_major_m).toFixed(0)} × ${
						Number(ellipse.semi_minor_m).toFixed(0)}` }) : ""}{" "}
			{typeof place.lat === "number" ? <button class="link near"
				onClick={() => fly(Number(place.lon), Number(place.lat))}>
				{tongue.say("closer")}</button> : null}</dd>
			<dt>{tongue.say("status")}</dt>
			<dd>{tongue.record(text(record.status))}, {tongue.say("version")
				.toLowerCase()} {String(record.version)}
			{text(record.why) ? <>{": "}<q>{text(record.why)}</q></> : null}
			</dd>
			<dt>{tongue.say("evidence")}</dt>
			<dd>{list(record.evidence).length} ({list(record.modalities)
				.map((m) => tongue.record(String(m))).join(", ")})</dd>
			<dt>{tongue.say("silent")}</dt>
			<dd>{list(record.silent).join(", ") || tongue.say("none")}</dd>
			<dt>{tongue.say("entry")}</dt>
			<dd>{ledger.index === undefined ? "–" : String(ledger.index)}{" "}
				<code>{text(record.id)}</code></dd>
		</dl>
		<Kinds kind={row(record.kind)} tongue={tongue} />
		{list(record.links).length > 0 ? <p>{tongue.say("linked")}:{" "}
			<Links of={list(record.links).map(row)} shared={shared} /></p>
			: null}
		{list(record.health).map((h) => <p class="flip" lang="en">
			{String(h)}</p>)}
		{findings.map((f) => <Finding finding={f} shared={shared} />)}
		<More id={text(record.id)} shared={shared} show={show} />
		<p class="foot"><button onClick={() => print()}>{tongue.say("print")}
		</button><a href={`/api/v1/incidents/${text(record.id)}`} download={
			`${text(record.id)}.json`}>JSON</a>{" "}
		{tongue.say("spotReport")}{["html", "pdf"].map((f) => <>{" "}
			<a target="_blank" href={`/api/v1/report?incident=${text(record.id)
				}&f=${f}&lang=${tongue.lang}`}>{f.toUpperCase()}</a></>)}</p>
	</aside>;
}
