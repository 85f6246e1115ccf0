// SPDX-License-Identifier: GPL-3.0-or-later
//
// sheet.tsx - a finding on one page: the facts, the law, how it was judged
// step by step, what would turn it over, what the parties say, what it called
// up, and its versions.
import type { Row } from "./api";
import { named } from "./named";
import { Cited, Early, inNumbers, list, Reply, ReplyState, row, rows, short, spanOf, text,
	Turn, useAnswer, useSaid, Waiting, within, type Said, type Shared } from
	"./parts";
import { isRecord } from "./words";

/** What a line of the trace is about, and the probability that it ends in. */
function step(line: string): { says: string; low: number | null;
	high: number | null; weak: boolean } {
	const m = /^(.*?):? P = (\d\.\d+)(?: to (\d\.\d+))?(.*)$/.exec(line);
	return m ? { says: (m[1] ?? "") + (m[4] ?? ""), low: Number(m[2]),
		high: Number(m[3] ?? m[2]), weak: false }
		: { says: line, low: null, high: null, weak: true };
}

function Bar({ low, high }: { low: number; high: number }) {
	return <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none"
		aria-hidden="true"><rect width="100" height="8" class="rest" />
		<rect width={low * 100} height="8" class="sure" />
		<rect x={low * 100} width={Math.max(0, high - low) * 100} height="8"
			class="open" /></svg>;
}

/** A line as it is recorded, and in the page's language where that is known. */
export interface Line {
	line: string;
	said: string | undefined;
}

export const linesOf = (finding: Row | null, said: Said | null): Line[] =>
	list(finding?.explanation).map((l, i) => ({ line: String(l),
		said: said?.explanation[i] }));

/** Times, ids and words of records as people read them; the record has them
 * whole, and names of the agreement's own are left alone. */
const plain = (line: string) => line
	.replace(/\b[a-z]+(?:_[a-z]+)+\b/g, (w) => /^(article|rule) /.test(line)
		|| !isRecord(w) ? w : w.replaceAll("_", " "))
	.replace(/^grade: count exact /, "grade: count ")
	.replace(/, by undetermined$/, ", side not determined")
	.replace(/(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d(?:\.\d{1,2})?)\d*Z/g, "$1 $2 UTC")
	.replace(/\b([a-z]-[0-9a-v]{26})\b/g, (id) => short(id))
	.replace(/ \+- /g, " ± ");

export function Trace({ lines, shared }: { lines: Line[]; shared: Shared }) {
	const { mission, tongue } = shared;
	return <ol class="trace">{lines.map(({ line: l, said }) => {
		const s = step(named(l, mission, tongue.lang));
		const law = /^article /.test(l);
		return <li class={law ? "law" : s.weak ? "said" : ""}>
			{said === undefined ? <span lang="en">{plain(s.says)}</span>
				: <span lang={tongue.lang}>{plain(said.replace(
					/[\u00a0 ]?: P = [\d,]+(?:–[\d,]+)?/, ""))}</span>}
			{s.low === null || s.high === null ? null : <span class="chance">
				<Bar low={s.low} high={s.high} />
				<small>{s.low === s.high ? tongue.fixed(s.low, 3)
					: `${tongue.fixed(s.low, 3)}–${tongue.fixed(s.high, 3)}`}
				</small></span>}
		</li>;
	})}{lines.length === 0 ? <li>{shared.tongue.say("noTrace")}</li> : null}
	</ol>;
}

/** Who stood behind it, in order. */
export function Reviews({ of, shared }: { of: Row[]; shared: Shared }) {
	const { tongue, clock } = shared;
	if (of.length === 0)
		return <p>{tongue.say("nobodyYet")}</p>;
	return <ul class="reviews">{of.map((r) => <li>
		<b>{tongue.record(text(r.does))}</b>{" · "}
		{text(r.org)} <code>{text(r.by).slice(0, 8)}</code>{" · "}
		{clock.full(Date.parse(text(r.at)))}
		{text(r.why) ? <q>{text(r.why)}</q> : null}</li>)}</ul>;
}

function Facts({ incident, shared }: { incident: Row | null; shared: Shared }) {
	const { tongue, clock } = shared;
	if (!incident)
		return <p aria-busy="true">…</p>;
	const time = row(incident.time);
	const half = (Date.parse(text(time.to)) - Date.parse(text(time.from)))
		/ 2000;
	const kinds = Object.entries(row(incident.kind))
		.map(([k, p]) => [k, Number(p)] as const)
		.filter(([, p]) => p >= .005).sort((a, b) => b[1] - a[1]);
	return <dl>
		<dt>{tongue.say("time")}</dt><dd>{half > 60 ? spanOf(time, clock,
			tongue) : `${clock.full(Date.parse(text(time.at)))} ${
			within(half, tongue)}`}</dd>
		<dt>{tongue.say("place")}</dt><dd>{tongue.place(incident.phrase)
			|| inNumbers(row(incident.place),
				row(row(row(incident.place).region).ellipse).semi_major_m)}</dd>
		<dt>{tongue.say("kind")}</dt><dd>{kinds.map(([k, p]) =>
			`${tongue.record(k)} ${(p * 100).toFixed(0)} %`).join(", ")}</dd>
		<dt>{tongue.say("evidence")}</dt>
		<dd>{list(incident.evidence).length} ({list(incident.modalities)
			.map((m) => tongue.record(String(m))).join(", ")})</dd>
		<dt>{tongue.say("incident")}</dt>
		<dd><button class="link" onClick={() => shared.change(
			{ open: text(incident.id) }, true)}>{short(text(incident.id))}
		</button></dd>
	</dl>;
}

function Called({ finding, shared }: { finding: string; shared: Shared }) {
	const [board, failed] = useAnswer<Row>("board", shared.stamp);
	const { tongue, clock } = shared;
	if (failed) // a mission may have no register of guarantees
		return <p>{tongue.say("noRegister")}</p>;
	const owed = rows(board?.obligations).filter((o) => o.finding === finding);
	if (!board || owed.length === 0)
		return <p>{board ? tongue.say("calledNothing") : "…"}</p>;
	const pledges = rows(row(board.register).pledges);
	return <table tabIndex={0}><thead><tr><th>{tongue.say("owes")}</th>
		<th>{tongue.say("act")}</th><th>{tongue.say("due")}</th>
		<th>{tongue.say("state")}</th></tr></thead>
	<tbody>{owed.map((o) => {
		const p = pledges.find((x) => x.id === o.pledge);
		return <tr><td>{text(o.actor)}</td>
			<td>{text(o.step).replaceAll("_", " ") || list(p?.act).join(", ")
				.replaceAll("_", " ")}{p ? <><br />
				<q>{text(p.modality)}</q>{" "}
				<Cited source={row(p.source)} tongue={tongue} /></> : null}</td>
			<td>{spanOf(row(o.due), clock, tongue)}</td>
			<td>{tongue.record(text(o.state))}</td></tr>;
	})}</tbody></table>;
}

export function Says({ finding, shared }: { finding: Row; shared: Shared }) {
	const { tongue, mission } = shared, reply = row(finding.reply);
	const claims = rows(finding.claims), replies = rows(reply.replies);
	const states = mission.parties.slice(0, 2).map((p) => <ReplyState
		party={p.id} reply={reply} shared={shared} />);
	if (claims.length + replies.length === 0)
		return <><p>{tongue.say("noStatement")}</p>{states}
			<Early reply={reply} shared={shared} /></>;
	return <>{claims.map((c) => <blockquote>
		<b>{tongue.say("party")} {text(c.party)}</b>{" "}
		<q>{text(c.says)}</q></blockquote>)}
	{replies.map((r) => <blockquote>
		<b>{tongue.say("party")} {text(r.party)}</b>{" "}
		<Reply r={r} index={row(finding.ledger).index} shared={shared} />
	</blockquote>)}{states}<Early reply={reply} shared={shared} /></>;
}

export default function Sheet({ id, shared, close }: {
	id: string; shared: Shared; close: () => void;
}) {
	const { tongue, clock, stamp } = shared;
	const [finding, failed] = useAnswer<Row>("findings/" + id, stamp);
	const said = useSaid(id, shared);
	const [incident] = useAnswer<Row>(finding
		? "incidents/" + text(finding.incident) : null, stamp);
	const [versions] = useAnswer<{ findings: Row[] }>(finding
		? `findings?id=${text(finding.id)}&versions=all` : null, stamp);
	if (!finding)
		return <aside class="card sheet"><button class="x" onClick={close}
			aria-label={tongue.say("close")}>×</button>
		<Waiting failed={failed} tongue={tongue} /></aside>;
	const [low, high] = list(finding.probability).map(Number);
	const party = text(finding.party);
	const lines = linesOf(finding, said);
	const law = lines.filter((l) => /^(article|rule) /.test(l.line));
	return <aside class="card sheet" aria-label={text(finding.id)}>
		<button class="x" onClick={close} aria-label={tongue.say("close")}>×
		</button>
		<h2><span class={`verdict ${text(finding.verdict)}`}>
			{tongue.record(text(finding.verdict))}</span>
		{" "}{text(finding.clause)}{finding.grade ? " · "
			+ tongue.record(text(finding.grade)) : ""}</h2>
		<p>P {tongue.fixed(low ?? NaN, 3)}–{tongue.fixed(high ?? NaN, 3)}{" · "}
			{tongue.say("standard", { s: tongue.record(text(
				finding.standard)) })}{" · "}
			{party === "undetermined" || !party ? tongue.say("byWhom")
				: `${tongue.say("party")} ${party}`}{" · "}
			<b>{tongue.record(text(finding.status))}</b></p>
		{finding.flips_if ? <p class="turn"><b>{tongue.say("itTurns")}</b>{" "}
			<Turn flips={text(finding.flips_if)} said={said}
				shared={shared} /></p> : null}
		<h3>{tongue.say("facts")}</h3>
		<Facts incident={incident} shared={shared} />
		<h3>{tongue.say("law")}</h3>
		{law.map((l) => <p class="lawtext" lang="en">{plain(l.said
			?? named(l.line, shared.mission, tongue.lang))}</p>)}
		<h3>{tongue.say("traced")}</h3>
		<Trace lines={lines.filter((l) => !law.includes(l))} shared={shared} />
		<h3>{tongue.say("statements")}</h3>
		<Says finding={finding} shared={shared} />
		<h3>{tongue.say("calledUp")}</h3>
		<Called finding={text(finding.id)} shared={shared} />
		<h3>{tongue.say("standBehind")}</h3>
		<Reviews of={rows(finding.reviews)} shared={shared} />
		<h3>{tongue.say("versions")}</h3>
		<ul class="plain">{rows(versions?.findings).map((v) => <li>
			{tongue.say("version")} {String(v.version)}:{" "}
			{tongue.record(text(v.verdict))}, {tongue.say("entry")
				.toLowerCase()}{" "}
			{String(row(v.ledger).index ?? "–")}</li>)}</ul>
		<dl class="small"><dt>{tongue.say("time")}</dt>
			<dd>{clock.full(Date.parse(text(finding.at)))}</dd>
			<dt>{tongue.say("entry")}</dt>
			<dd>{String(row(finding.ledger).index ?? "–")}{" "}
				<code>{text(finding.id)}</code></dd>
			<dt>{tongue.say("agreementHash")}</dt>
			<dd><code>{text(finding.terms_sha256)}</code></dd></dl>
		<p class="foot"><button onClick={() => print()}>{tongue.say("print")}
		</button>
		<a href={`/api/v1/findings/${text(finding.id)}`}
			download={`${text(finding.id)}.json`}>JSON</a>
		<a href={`/api/v1/explanations/${text(finding.id)}`}
			download={`${text(finding.id)}.explanation.json`}>
			{tongue.say("wholeTrace")}</a></p>
	</aside>;
}

