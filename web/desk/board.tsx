// SPDX-License-Identifier: GPL-3.0-or-later
//
// board.tsx - who owes what, under which words, by when: the commitments board
// (truce pledges board), with a clock that runs from the interval of the first
// breach.
import { useEffect, useState } from "preact/hooks";

import type { Row } from "./api";
import { Cited, csv, lasting, list, row, rows, save, short, spanOf, text,
	useAnswer, Waiting, type Shared } from "./parts";

const plain = (s: unknown) => text(s).replaceAll("_", " ");

/** "in 3 h", "passed 2 h ago", and between both "perhaps passed". */
function Deadline({ due, now, shared }: {
	due: Row; now: number; shared: Shared;
}) {
	const { tongue } = shared;
	const from = Date.parse(text(due.from)), to = Date.parse(text(due.to));
	if (!Number.isFinite(from))
		return <span>{tongue.say("noTime")}</span>;
	const last = Number.isFinite(to) ? to : from;
	return <span class={now >= last ? "passed" : now >= from ? "perhaps" : ""}>
		{now >= last ? tongue.say("passedAgo",
			{ t: lasting(now - last, tongue) })
			: now >= from ? tongue.say("perhapsPassed")
				: tongue.say("leftUntil", { t: lasting(from - now, tongue) })}
	</span>;
}

function Owed({ board, now, shared }: {
	board: Row; now: number; shared: Shared;
}) {
	const { tongue, clock, change } = shared;
	const register = row(board.register);
	const name = new Map(rows(register.actors).map((a) =>
		[a.id, text(a.name)]));
	const pledge = new Map(rows(register.pledges).map((p) => [p.id, p]));
	const owed = rows(board.obligations);
	if (owed.length === 0)
		return <p>{tongue.say("nothingDue")}</p>;
	return <table class="owed" tabIndex={0}><thead><tr>
		{(["owes", "act", "calledBy", "due", "state"] as const).map((h) =>
			<th scope="col">{tongue.say(h)}</th>)}</tr></thead>
	<tbody>{owed.map((o) => {
		const p = pledge.get(o.pledge);
		return <tr key={text(o.id)} class={o.fell_by ? "fallen" : ""}>
			<td><b>{name.get(o.actor) ?? text(o.actor)}</b>
				{o.endorsed === "withheld" ? <><br /><em class="failed">
					{tongue.say("withholds")}</em></>
					: o.endorsed === "no" ? <><br /><em>
						{tongue.say("notEndorsed")}</em></> : null}</td>
			<td>{plain(o.step) || list(p?.act).map(plain).join(", ")}
				{p ? <><br /><q lang="en">{text(p.modality)}</q>{" · "}
					<small>{tongue.say("strength", { s:
						tongue.record(text(p.modality_word)) })}</small></>
					: null}</td>
			<td><button class="link" onClick={() =>
				change({ open: text(o.finding), tab: "findings" }, true)}>
				{short(text(o.finding))}</button><br />
			<small>{spanOf(row(o.opens), clock, tongue)}</small></td>
			<td>{o.state === "open" || o.state === "acknowledged" ||
				o.state === "lapsed" ? <Deadline due={row(o.due)} now={now}
					shared={shared} /> : null}
			<br /><small>{spanOf(row(o.due), clock, tongue)}</small></td>
			<td>{tongue.record(text(o.state))}
				{o.contested === true ? ", " + tongue.say("contested") : ""}
				{o.fell_by ? <><br /><small>{tongue.record(text(o.fell_by))}
				</small></> : null}
				<br /><small>{tongue.say("entry")}{" "}
					{String(o.ledger_index ?? "–")}</small></td>
		</tr>;
	})}</tbody></table>;
}

/** Four accounts that are never added up: each row stands for itself. */
function Flows({ flows, shared }: { flows: Row[]; shared: Shared }) {
	const { tongue } = shared;
	if (flows.length === 0)
		return null;
	return <table class="flows" tabIndex={0}><thead><tr>
		<th scope="col">{tongue.say("account")}</th>
		<th scope="col">{tongue.say("time")}</th>
		<th scope="col" class="number">{tongue.say("amount")}</th>
		<th scope="col">{tongue.say("source")}</th></tr></thead>
	<tbody>{flows.map((f) => <tr>
		<td>{tongue.record(text(f.is).toLowerCase())}</td>
		<td>{text(f.at).slice(0, 10)}</td>
		<td class="number">{tongue.number(Number(f.amount))} {text(f.unit)}
			{f.price_year ? ` (${String(f.price_year)})` : ""}</td>
		<td><Cited source={row(f.source)} tongue={tongue} /></td>
	</tr>)}</tbody></table>;
}

/** "2 breaches of 5.a, by B, serious or worse, reviewed by two persons". */
function trigger(t: Row, { tongue }: Shared): string {
	const n = Number(t.at_least ?? 1);
	return [tongue.plural("breaches", n) + (t.clause ? ` ${text(t.clause)}`
		: ""),
	t.party ? `${tongue.say("party").toLowerCase()} ${text(t.party)}` : "",
	t.grade ? tongue.say("orWorse", { s: tongue.record(text(t.grade)) }) : "",
	t.standard ? tongue.say("standard", { s: tongue.record(text(t.standard)) })
		: "",
	typeof t.within_s === "number" ? tongue.say("withinTime", {
		t: lasting(t.within_s * 1000, tongue) }) : "",
	t.reviewed === true ? tongue.say("byTwo") : "",
	t.joint === true ? tongue.say("jointly") : ""].filter(Boolean).join(", ");
}

function Pledge({ p, register, notices, shared }: {
	p: Row; register: Row; notices: Row[]; shared: Shared;
}) {
	const { tongue } = shared;
	const stages = rows(p.status), last = stages[stages.length - 1];
	const name = new Map(rows(register.actors).map((a) =>
		[a.id, text(a.name)]));
	const called = (ids: unknown) => list(ids).map((id) => name.get(id)
		?? String(id)).join(", ");
	const under = text(rows(register.instruments).find((i) =>
		i.id === p.under)?.title) || text(p.under);
	const from = p.from_endorsers === true ? tongue.say("endorsersOf",
		{ s: under }) : called(p.from);
	const warned = new Map<string, string[]>();
	for (const n of notices)
		warned.set(text(n.is), [...warned.get(text(n.is)) ?? [],
			...n.actor ? [name.get(n.actor) ?? text(n.actor)] : []]);
	return <section class="pledge" id={"p-" + text(p.id)}>
		<h3>{from} → {called(p.to)}: {list(p.act).map(plain)
			.join(", ")}</h3>
		<p><q lang="en">{text(p.modality)}</q>{" · "}
			{tongue.say("strength", { s: tongue.record(
				text(p.modality_word)) })}</p>
		{[...warned].map(([is, by]) => <p class="failed">{tongue.record(is)}
			{by.length > 0 ? ": " + by.join(", ") : ""}</p>)}
		<dl>
			<dt>{tongue.say("pledge")}</dt><dd><code>{text(p.id)}</code>
				{p.domain ? " · " + plain(p.domain) : ""}
				{p.quantity_min !== null && p.quantity_min !== undefined
					? ` · ${String(p.quantity_min)}–${String(p.quantity_max)} ${
						plain(p.unit)}` : ""}</dd>
			<dt>{tongue.say("instrument")}</dt><dd>{under
				|| tongue.say("none")}</dd>
			<dt>{tongue.say("stage")}</dt><dd>{last ? <>
				{tongue.record(text(last.is))} {text(last.at).slice(0, 10)}{" "}
				<Cited source={row(last.source)} tongue={tongue} /></>
				: tongue.say("noTime")}</dd>
			{p.authority ? <><dt>{tongue.say("authority")}</dt>
				<dd>{text(p.authority)}</dd></> : null}
			{p.trigger ? <><dt>{tongue.say("trigger")}</dt>
				<dd>{trigger(row(p.trigger), shared)}{p.ladder
					? " · " + text(p.ladder) : ""}</dd></> : null}
			<dt>{tongue.say("source")}</dt>
			<dd><Cited source={row(p.source)} tongue={tongue} /></dd>
		</dl>
		<Flows flows={rows(register.flows).filter((f) => f.pledge === p.id)}
			shared={shared} />
	</section>;
}

function Instrument({ i, board, shared }: {
	i: Row; board: Row; shared: Shared;
}) {
	const { tongue } = shared;
	const register = row(board.register);
	const name = new Map(rows(register.actors).map((x) =>
		[x.id, text(x.name)]));
	const of = <T extends Row>(all: T[]) => all.filter((x) =>
		x.instrument === i.id);
	return <section class="instrument">
		<h3>{text(i.title) || text(i.id)}</h3>
		<ol class="stages">{rows(i.status).map((s) => <li>
			<b>{tongue.record(text(s.is))}</b> {text(s.at).slice(0, 10)}{" "}
			<Cited source={row(s.source)} tongue={tongue} /></li>)}</ol>
		{of(rows(register.endorsements)).map((e) => <p
			class={e.withheld === true ? "failed" : ""}>
			{tongue.say(e.withheld === true ? "withheldBy" : "endorsedBy",
				{ s: list(e.by).map((id) => name.get(id) ?? String(id))
					.join(", ") })}
			{text(e.said) ? <>{" "}<q lang="en">{text(e.said)}</q></> : null}{" "}
			<Cited source={row(e.source)} tongue={tongue} /></p>)}
		<h4>{tongue.say("drafts")}</h4>
		<ul class="plain">{of(rows(register.drafts)).map((d) => <li>
			<code>{text(d.id)}</code> {text(d.at).slice(0, 10)}
			{d.source ? <>{" "}<Cited source={row(d.source)} tongue={tongue} />
			</> : null}</li>)}</ul>
		{of(rows(board.weaker)).map((w) => <p class="weaker">
			{tongue.say("weaker", { a: text(w.was), b: text(w.is) })}{" "}
			{w.gone ? <del lang="en">{text(w.gone)}</del> : null}{" "}
			{w.came ? <ins lang="en">{text(w.came)}</ins> : null}
			{w.duty_was || w.duty_is ? ` (${plain(w.duty_was)} → ${
				plain(w.duty_is)})` : ""}{w.hedge ? ` “${text(w.hedge)}”`
				: ""}</p>)}
	</section>;
}

function Tiles({ owed, shared }: { owed: Row[]; shared: Shared }) {
	const { tongue } = shared;
	const stand = owed.filter((o) => !o.fell_by);
	const of = (states: string[]) => stand.filter((o) =>
		states.includes(text(o.state))).length;
	return <ul class="tiles">{([["stand", stand.length],
		["waitDecision", of(["open", "acknowledged"])],
		["near", stand.filter((o) => o.deadline === "near" ||
			o.deadline === "perhaps_passed").length],
		["lapsedUndecided", of(["lapsed"])],
		["fulfilled", of(["fulfilled"])]] as const).map(([k, n]) =>
		<li><b>{tongue.number(n)}</b> {tongue.say(k)}</li>)}</ul>;
}

export default function Board({ shared }: { shared: Shared }) {
	const { tongue, clock, stamp } = shared;
	const [board, failed] = useAnswer<Row>("board", stamp);
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const tick = setInterval(() => setNow(Date.now()), 15e3);
		return () => clearInterval(tick);
	}, []);
	if (!board)
		return <div class="page"><h2>{tongue.say("board")}</h2>
			{/pledges\.pledges/.test(failed) ? <p>{tongue.say("noRegister")}</p>
				: <Waiting failed={failed} tongue={tongue} />}</div>;
	const register = row(board.register), owed = rows(board.obligations);
	const notices = rows(board.notices);
	return <div class="page board">
		<h2>{text(register.title) || tongue.say("board")}</h2>
		<p class="limits">{tongue.say("boardAsOf", {
			t: clock.full(Date.parse(text(board.at))) })}{" "}
		{board.next ? tongue.say("boardNext", {
			t: clock.full(Date.parse(text(board.next))) }) : ""}{" "}
		{tongue.say("boardIs")}</p>
		<Tiles owed={owed} shared={shared} />
		<h2>{tongue.say("whatIsDue")}</h2>
		<Owed board={board} now={now} shared={shared} />
		<p class="foot"><button onClick={() => save("obligations.csv",
			"text/csv", csv(owed.map((o) => ({
				id: text(o.id), actor: text(o.actor), pledge: text(o.pledge),
				step: text(o.step), finding: text(o.finding),
				opens_from: text(row(o.opens).from),
				opens_to: text(row(o.opens).to),
				due_from: text(row(o.due).from), due_to: text(row(o.due).to),
				state: text(o.state), endorsed: text(o.endorsed),
			}))))}>CSV</button>
		<button onClick={() => save("board.json", "application/json",
			JSON.stringify(board))}>JSON</button></p>
		<h2>{tongue.say("pledges")}</h2>
		{rows(register.pledges).map((p) => <Pledge p={p} register={register}
			notices={notices.filter((n) => n.pledge === p.id)}
			shared={shared} />)}
		<h2>{tongue.say("instruments")}</h2>
		{rows(register.instruments).map((i) => <Instrument i={i} board={board}
			shared={shared} />)}
		<p class="small"><code>{text(board.register_sha256)}</code></p>
	</div>;
}
