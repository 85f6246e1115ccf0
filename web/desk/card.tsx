// SPDX-License-Identifier: GPL-3.0-or-later
//
// card.tsx - one incident: when, where, what, how sure; who was silent; what
// the agreement says of it, with its trace and what would change it.
import { useEffect, useState } from "preact/hooks";

import { json, type Row } from "./api";
import type { Clock } from "./clock";
import type { Tongue } from "./words";

const row = (v: unknown): Row => (v ?? {}) as Row;
const list = (v: unknown): unknown[] => Array.isArray(v) ? v : [];
const text = (v: unknown): string => typeof v === "string" ? v : "";

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

function Finding({ finding, tongue }: { finding: Row; tongue: Tongue }) {
	const [low, high] = list(finding.probability).map(Number);
	const party = text(finding.party);
	return <section class="finding">
		<h3><span class={`verdict ${text(finding.verdict)}`}>
			{tongue.record(text(finding.verdict))}</span>
		{" "}{text(finding.clause)}
		{finding.grade ? " · " + tongue.record(text(finding.grade)) : ""}</h3>
		<p>P {low?.toFixed(3)}–{high?.toFixed(3)}{" · "}
			{party === "undetermined" || !party ? tongue.say("byWhom")
				: `${tongue.say("party")} ${party}`}{" · "}
			{tongue.record(text(finding.status))}</p>
		{finding.flips_if ? <p class="flip">{tongue.say("flips")}:{" "}
			{text(finding.flips_if)}</p> : null}
		{list(finding.claims).map((c) => <p class="claim">
			{tongue.say("party")} {text(row(c).party)}: “{text(row(c).says)}”
		</p>)}
		<details><summary>{tongue.say("traced")}</summary>
			<pre>{list(finding.explanation).map((l) =>
				typeof l === "string" ? l : JSON.stringify(l)).join("\n")}
			</pre></details>
	</section>;
}

/** Record section and map; made when it is asked for. */
function Picture({ id, tongue }: { id: string; tongue: Tongue }) {
	const [open, setOpen] = useState(false);
	const [none, setNone] = useState("");
	const at = `/api/v1/pictures/${id}`;
	return <details class="picture" onToggle={(e) =>
		setOpen((e.target as HTMLDetailsElement).open)}>
		<summary>{tongue.say("picture")}</summary>
		{open && !none ? <a href={at} target="_blank"><img src={at}
			alt={tongue.say("picture")} onError={() => {
				fetch(at).then((r) => r.json())
					.then((p: Row) => setNone(text(p.detail)))
					.catch(() => setNone(tongue.say("failed")));
			}} /></a> : null}
		{none ? <p>{none}</p> : null}
	</details>;
}

export function Card({ id, tongue, clock, loaded, close }: {
	id: string; tongue: Tongue; clock: Clock;
	loaded: (record: Row) => void; close: () => void;
}) {
	const [record, setRecord] = useState<Row | null>(null);
	const [findings, setFindings] = useState<Row[]>([]);
	const [failed, setFailed] = useState("");
	useEffect(() => {
		let here = true;
		setRecord(null);
		setFindings([]);
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
	}, [id]);
	if (failed)
		return <aside class="card"><button class="x" onClick={close}>×</button>
			<p class="failed">{tongue.say("failed")}: {failed}</p></aside>;
	if (!record)
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
		<h2>{clock.full(at)} <small>{spread > 60
			? `(${clock.full(first)} – ${clock.full(last)})`
			: `± ${spread.toFixed(spread < 10 ? 2 : 0)} s`}</small></h2>
		<p class="where">{text(record.phrase)}</p>
		<dl>
			<dt>{tongue.say("count")}</dt>
			<dd>{countWords(row(record.count), tongue)}</dd>
			<dt>{tongue.say("place")}</dt>
			<dd>{typeof place.lat === "number"
				? `${place.lat.toFixed(5)}, ${Number(place.lon).toFixed(5)} `
				: tongue.say("unplaced") + " "}
			{typeof ellipse.semi_major_m === "number"
				? tongue.say("radius", { n:
					`${Number(ellipse.semi_major_m).toFixed(0)} × ${
						Number(ellipse.semi_minor_m).toFixed(0)}` }) : ""}</dd>
			<dt>{tongue.say("status")}</dt>
			<dd>{tongue.record(text(record.status))}, {tongue.say("version")
				.toLowerCase()} {String(record.version)}</dd>
			<dt>{tongue.say("evidence")}</dt>
			<dd>{list(record.evidence).length} ({list(record.modalities)
				.join(", ")})</dd>
			<dt>{tongue.say("silent")}</dt>
			<dd>{list(record.silent).join(", ") || tongue.say("none")}</dd>
			<dt>{tongue.say("entry")}</dt>
			<dd>{ledger.index === undefined ? "–" : String(ledger.index)}{" "}
				<code>{text(record.id)}</code></dd>
		</dl>
		<Kinds kind={row(record.kind)} tongue={tongue} />
		{findings.map((f) => <Finding finding={f} tongue={tongue} />)}
		{typeof place.lat === "number" ? <Picture id={text(record.id)}
			tongue={tongue} /> : null}
		<p><a href={`/api/v1/incidents/${text(record.id)}`} download={
			`${text(record.id)}.json`}>{tongue.say("download")}</a></p>
	</aside>;
}
