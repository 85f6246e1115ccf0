// SPDX-License-Identifier: GPL-3.0-or-later
//
// party.tsx - party A says, the mission finds, party B says: none overwrites
// another.  The same bytes for whoever asks; a party's liaison may answer until
// the window shuts, and after it is kept all the same.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { json, query, Refused, type Row } from "./api";
import { decide } from "./decide";
import { useMe, Who, type Me } from "./me";
import { Early, kindOf, Reply, ReplyState, row, rows, short, spanOf, text, Waiting,
	type Shared } from "./parts";

const LOOK_MS = 4000;

/** All of a kind; `as` is told how long the log was when they were asked. */
async function records(name: string, shared: Shared,
	as: (index: number) => void = () => {}): Promise<Row[]> {
	const all: Row[] = [];
	for (let after: string | null = ""; after !== null;) {
		const q = query(shared.filter, { limit: "1000",
			...after && { after } });
		const p: Row = await json<Row>(`party/${name}${q}`)
			.catch((e: unknown) => {
				// Before the parties' own resources: what the mission has.
				if (e instanceof Refused && e.status === 404)
					return json<Row>(name + q);
				throw e;
			});
		all.push(...rows(p[name]));
		if (after === "")
			as(Number(p.index));
		after = typeof p.next === "string" ? p.next : null;
	}
	return all;
}

/** "explosion, 3 km north of Y", of an incident. */
function inShort(i: Row | undefined, tongue: Shared["tongue"]) {
	return i ? <>{[tongue.record(kindOf(i)), tongue.place(i.phrase)].filter(Boolean)
		.join(", ")}<br /></> : null;
}

/** What one party said of a finding: its claims and its replies. */
/** What was just signed, until the list tells it itself. */
interface Signed {
	words: string;
	index: number;
}

function Said({ party, finding, ours, shared }: {
	party: string; finding: Row; ours: Signed[]; shared: Shared;
}) {
	const { tongue, clock } = shared;
	const claims = rows(finding.claims).filter((c) => c.party === party);
	const replies = rows(row(finding.reply).replies)
		.filter((r) => r.party === party);
	const state = <ReplyState party={party} reply={row(finding.reply)}
		shared={shared} />;
	if (claims.length + replies.length + ours.length === 0)
		return <><p class="limits">{tongue.say("saysNothing")}</p>{state}</>;
	return <>{claims.map((c) => <p><q>{text(c.says)}</q>{" "}
		<small>{text(c.at) ? clock.full(Date.parse(text(c.at))) : ""}</small>
	</p>)}
	{replies.map((r) => <p><Reply r={r} index={row(finding.ledger).index}
		shared={shared} /></p>)}
	{ours.map((x) => <p><q>{x.words}</q>{" "}<small>
		{tongue.say("entry")} {x.index}</small></p>)}
	{ours.length > 0 ? null : state}</>;
}

function Answer({ finding, me, shared, done }: {
	finding: Row; me: Me; shared: Shared; done: (signed: Signed) => void;
}) {
	const { tongue, clock } = shared, reply = row(finding.reply);
	const [words, setWords] = useState("");
	const [failed, setFailed] = useState("");
	const [open, setOpen] = useState(false);
	const field = useRef<HTMLTextAreaElement>(null);
	useLayoutEffect(() => { if (open) field.current?.focus(); }, [open]);
	const s = me.session, key = me.key;
	if (!s?.may.includes("reply") || !key)
		return null;
	const submit = (e: Event) => {
		e.preventDefault();
		if (!words.trim())
			return;
		decide(s, key, { does: "reply", id: text(finding.id),
			why: words.trim(), words: [], record: finding })
			.then((said) => {
				setWords("");
				setOpen(false);
				done({ words: words.trim(), index: Number(
					rows(said.entries)[0]?.index) });
			},
				(x: unknown) => setFailed(x instanceof Error ? x.message
					: String(x)));
	};
	if (!open)
		return <button onClick={() => setOpen(true)}>{tongue.say("reply")}
		</button>;
	return <form class="act" onSubmit={submit}>
		<p class="limits">{reply.open === false ? tongue.say("windowShut")
			: text(reply.until) ? tongue.say("windowUntil", {
				t: clock.full(Date.parse(text(reply.until))) })
				: tongue.say("windowOpen")}</p>
		<label>{tongue.say("yourWords")}<textarea ref={field} rows={4} value={words}
			required onInput={(e) => setWords(
				(e.target as HTMLTextAreaElement).value)} /></label>
		<button>{tongue.say("signAnd", { s: tongue.say("reply") })}</button>
		{failed ? <p class="failed" role="alert">{failed}</p> : null}
	</form>;
}

/** A party's side of a row: what it says, and where it may say more. */
function Side({ party, finding, me, shared, done }: {
	party: string; finding: Row; me: Me; shared: Shared; done: () => void;
}) {
	const [signed, setSigned] = useState<Signed[]>([]);
	const there = rows(row(finding.reply).replies).map((r) => r.index);
	return <><Said party={party} finding={finding} shared={shared}
		ours={signed.filter((x) => !there.includes(x.index))} />
	{me.session?.org === party ? <Answer finding={finding} me={me}
		shared={shared} done={(x) => {
			setSigned([...signed, x]);
			done();
		}} /> : null}</>;
}

function Own({ name, of, shared }: { name: string; of: Row[];
	shared: Shared }) {
	const { tongue, clock } = shared;
	const notified = of.filter((a) => a.party === name && a.what);
	const claimed = of.filter((c) => c.party === name && !c.what);
	return <section><h3>{tongue.say("party")} {name}</h3>
		{notified.length + claimed.length === 0
			? <p class="limits">{tongue.say("none")}</p> : null}
		<ul class="plain">{notified.map((a) => <li>
			<b>{tongue.record(text(a.what))}</b>{" "}
			{spanOf(a, clock, tongue)} <q>{text(a.text)}</q>{" "}
			<small>{tongue.say("received", { t: text(a.received)
				? clock.full(Date.parse(text(a.received))) : "–" })}</small>
		</li>)}
		{claimed.map((c) => <li>{text(c.at)
			? clock.full(Date.parse(text(c.at))) : ""} <q>{text(c.says)}</q>{" "}
		{text(c.incident) ? <button class="link" onClick={() => shared.change(
			{ tab: "incidents", open: text(c.incident) }, true)}>
			{short(text(c.incident))}</button> : null}</li>)}</ul></section>;
}

export default function Party({ shared }: { shared: Shared }) {
	const { tongue, clock, mission, filter, stamp } = shared;
	const [findings, setFindings] = useState<Row[] | null>(null);
	const [own, setOwn] = useState<Row[]>([]);
	const [about, setAbout] = useState(new Map<string, Row>());
	const [failed, setFailed] = useState("");
	const [turn, setTurn] = useState(0);
	const [disputed, setDisputed] = useState(false);
	const say = (e: unknown) => setFailed(e instanceof Error ? e.message
		: String(e));
	const self = useMe(say), { me } = self;
	const known = useRef(NaN); // what is shown is as of this entry
	useEffect(() => {
		let here = true;
		records("findings", shared, (index) => {
			if (here)
				known.current = index;
		}).then((f) => {
			if (here)
				setFindings(f.filter((x) => x.verdict !== "not_applicable"));
		}, say);
		records("incidents", shared).then((all) => {
			if (here)
				setAbout(new Map(all.map((i) => [text(i.id), i])));
		}, say);
		Promise.all(["activities", "claims"].map((n) => records(n, shared)))
			.then((x) => {
				if (here)
					setOwn(x.flat());
			}, say);
		return () => { here = false; };
	}, [filter.from, filter.to, filter.at, stamp, turn,
		me.session?.person]);
	useEffect(() => { // what the other says is there without asking
		const look = setInterval(() => {
			if (document.hidden || filter.at !== null)
				return;
			json<Row>("party/findings?limit=1").then((p) => {
				const index = Number(p.index);
				if (!Number.isNaN(known.current) && index !== known.current)
					setTurn((n) => n + 1);
				known.current = index;
			}, () => {});
		}, LOOK_MS);
		return () => clearInterval(look);
	}, [filter.at]);
	const parties = mission.parties.slice(0, 2);
	const [a, b] = [parties[0]?.id ?? "A", parties[1]?.id ?? "B"];
	const by = [tongue.say("partySays", { s: parties[0]?.name ?? a }),
		tongue.say("missionFinds"),
		tongue.say("partySays", { s: parties[1]?.name ?? b })];
	const shown = (findings ?? []).filter((f) => !disputed ||
		rows(f.claims).length + rows(row(f.reply).replies).length > 0);
	return <div class="page parties">
		<h2>{tongue.say("parties")}</h2>
		<p class="limits">{tongue.say("sameForBoth")}</p>
		<Who self={self} shared={shared} />
		<p class="foot"><label><input type="checkbox" checked={disputed}
			onChange={(e) => setDisputed(
				(e.target as HTMLInputElement).checked)} />{" "}
		{tongue.say("onlySaid")}</label>
		<span>{tongue.say("rowsShown", { n: tongue.number(shown.length) })}
		</span></p>
		{findings ? <table class="three"><thead><tr>
			{by.map((h) => <th scope="col">{h}</th>)}</tr></thead>
		<tbody>{shown.map((f) => <tr key={text(f.id)}>
			<td data-by={by[0]}><Side party={a} finding={f} me={me}
				shared={shared} done={() => setTurn((n) => n + 1)} /></td>
			<td data-by={by[1]}><button class="link" onClick={() => shared.change({
				tab: "findings", open: text(f.id) }, true)}>
				<span class={`verdict ${text(f.verdict)}`}>
					{tongue.record(text(f.verdict))}</span> {text(f.clause)}
			</button><br />{inShort(about.get(text(f.incident)), tongue)}
			<small>{clock.full(Date.parse(text(f.at)))} ·{" "}
				{tongue.record(text(f.status))} · {text(f.party) === a
					|| text(f.party) === b ? `${tongue.say("party")} ${
						text(f.party)}` : tongue.say("byWhom")}</small>
			<Early reply={row(f.reply)} shared={shared} /></td>
			<td data-by={by[2]}><Side party={b} finding={f} me={me}
				shared={shared} done={() => setTurn((n) => n + 1)} /></td>
		</tr>)}</tbody></table>
			: <Waiting failed={failed} tongue={tongue} />}
		{failed && findings ? <p class="failed" role="alert">{failed}</p>
			: null}
		<h2>{tongue.say("notifiedAndClaimed")}</h2>
		<div class="two">{parties.map((p) => <Own name={p.id} of={own}
			shared={shared} />)}</div>
	</div>;
}
