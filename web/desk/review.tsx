// SPDX-License-Identifier: GPL-3.0-or-later
//
// review.tsx - what waits for a person: take it, look, decide, sign; all by
// the keyboard.  Who has no key reads the same, and is told why he cannot act.
import { useEffect, useLayoutEffect, useRef, useState }
	from "preact/hooks";

import { json, page, Refused, type Row } from "./api";
import { decide, NotMeant, type Meant } from "./decide";
import { forget, held, take, type Held } from "./keys";
import { Later } from "./later";
import { list, row, rows, short, text, useAnswer, Waiting, type Shared }
	from "./parts";
import { Held409, lease, release, session, signIn, signOut, type Session }
	from "./session";
import { Reviews, Trace } from "./sheet";

const evidence = () => import("./evidence");
const STATES = ["new", "claimed", "needs_more", "proposed", "decided",
	"disputed"] as const;
const RENEW_MS = 5 * 60e3;
const nothing = () => {};

export interface Me {
	session: Session | null;
	key: Held | null;
	/** Null until it is known; false: the server has no sessions. */
	there: boolean | null;
}

export function useMe(failed: (e: unknown) => void):
[Me, (file: File) => void, () => void] {
	const [me, setMe] = useState<Me>({ session: null, key: null,
		there: null });
	useEffect(() => {
		void (async () => {
			const s = await session();
			const keys = await held().catch(() => []);
			const key = keys.find((k) => k.public === s?.key)
				?? keys[0] ?? null;
			const open = s && !s.person && key
				? await signIn(key).catch(() => s) : s;
			setMe({ session: open, key, there: s !== null });
		})().catch(failed);
	}, []);
	const bring = (file: File) => {
		void (async () => {
			const key = await take(await file.text());
			setMe({ session: await signIn(key), key, there: true });
		})().catch(failed);
	};
	const leave = () => {
		void (async () => {
			if (me.session)
				await signOut(me.session).catch(nothing);
			if (me.key)
				await forget(me.key.public);
			setMe({ session: await session(), key: null, there: me.there });
		})().catch(failed);
	};
	return [me, bring, leave];
}

export function Who({ me, bring, leave, shared }: {
	me: Me; bring: (f: File) => void; leave: () => void; shared: Shared;
}) {
	const { tongue, clock } = shared, s = me.session;
	if (me.there === null)
		return <p class="who" aria-busy="true">…</p>;
	if (s?.person)
		return <p class="who">{tongue.say("youAre", {
			role: tongue.record(s.role), org: s.org ?? "",
			key: (s.key ?? "").slice(0, 8) })}{" "}
		{s.until ? <small>{tongue.say("until", {
			t: clock.full(Date.parse(s.until)) })}</small> : null}{" "}
		<button onClick={leave}>{tongue.say("forgetKey")}</button></p>;
	return <div class="who reader"><p><b>{tongue.say("readOnly")}</b>{" "}
		{me.there ? tongue.say("whyReadOnly") : tongue.say("noSessions")}</p>
	{me.there ? <label class="file">{tongue.say("bringKey")}{" "}
		<input type="file" accept=".key" onChange={(e) => {
			const f = (e.target as HTMLInputElement).files?.[0];
			if (f)
				bring(f);
		}} /></label> : null}</div>;
}

interface Item {
	id: string;
	state: string;
	lease: Row | null;
	/** All that people did about it. */
	words: Row[];
	/** Other versions, or its publication, that want another person. */
	proposals: Row[];
	mine: boolean;
	may: string[];
	record: Row;
}

interface Queue {
	counts: Record<string, number> | null;
	items: Item[];
	next: string | null;
}

/** Where there is no queue yet: the list, as far as it tells. */
async function ownQueue(type: string, shared: Shared): Promise<Queue> {
	const p = await page(type + "s", shared.filter,
		type === "finding" ? {} : {});
	return { counts: null, next: p.next, items: p.rows.filter((r) =>
		r.verdict !== "not_applicable").map((r) => ({ id: r.id ?? "",
		state: r.status === "automatic" || r.status === "associated" ? "new"
			: "decided", lease: null, words: [],
		proposals: [], mine: false, may: [],
		record: r })) };
}

/** What no rule speaks of comes last: it wants a look, but can wait. */
const idle = (i: Item) => Number(i.record.verdict === "not_applicable");

async function queue(type: string, state: string, shared: Shared):
Promise<Queue> {
	try {
		const q = await json<Row>(`queue?type=${type}&limit=200${state
			? "&state=" + state : ""}`);
		return { counts: q.counts as Record<string, number>,
			items: (rows(q.queue) as unknown as Item[])
				.sort((a, b) => idle(a) - idle(b)),
			next: typeof q.next === "string" ? q.next : null };
	} catch (e) {
		if (e instanceof Refused && e.status === 404)
			return ownQueue(type, shared);
		throw e;
	}
}

/** The same few things of each version, side by side; what differs is marked. */
function facts(r: Row, shared: Shared): [string, string][] {
	const { tongue, clock } = shared, place = row(r.place), time = row(r.time);
	const ellipse = row(row(place.region).ellipse), count = row(r.count);
	const best = Object.entries(row(r.kind)).sort((a, b) =>
		Number(b[1]) - Number(a[1]))[0];
	return [[tongue.say("version"), String(r.version ?? "–")],
		[tongue.say("status"), tongue.record(text(r.status))],
		[tongue.say("kind"), best ? `${tongue.record(best[0])} ${
			(Number(best[1]) * 100).toFixed(0)} %` : "–"],
		[tongue.say("count"), `${tongue.record(text(count.meaning))} ${
			String(count.value ?? "")}`.trim()],
		[tongue.say("time"), time.at ? clock.full(Date.parse(text(time.at)))
			: "–"],
		[tongue.say("place"), text(r.phrase) || "–"],
		[tongue.say("error"), typeof ellipse.semi_major_m === "number"
			? `${ellipse.semi_major_m.toFixed(0)} × ${
				Number(ellipse.semi_minor_m).toFixed(0)} m` : "–"],
		[tongue.say("evidence"), String(list(r.evidence).length)],
		[tongue.say("why"), text(r.why) || "–"]];
}

export function SideBySide({ incident, shared }: {
	incident: string; shared: Shared;
}) {
	const { tongue } = shared;
	const [v] = useAnswer<{ incidents: Row[] }>(
		`incidents?id=${incident}&versions=all`, shared.stamp);
	const all = rows(v?.incidents);
	const last = (of: Row[]) => of.sort((a, b) =>
		Number(row(a.ledger).index ?? 0) - Number(row(b.ledger).index ?? 0))
		.pop();
	const machine = last(all.filter((i) => !i.does));
	const person = last(all.filter((i) => i.does));
	if (!machine)
		return v ? null : <p aria-busy="true">…</p>;
	const a = facts(machine, shared), b = person ? facts(person, shared) : null;
	return <table class="versions" tabIndex={0}><thead><tr><td />
		<th scope="col">{tongue.say("machineSays")}</th>
		<th scope="col">{tongue.say("peopleSay")}</th></tr></thead>
	<tbody>{a.map(([k, said], i) => <tr class={b && b[i]?.[1] !== said
		? "differs" : ""}><th scope="row">{k}</th><td>{said}</td>
		<td>{b ? b[i]?.[1] : i === 0 ? tongue.say("nothingElse") : ""}</td>
	</tr>)}</tbody></table>;
}

function Act({ item, me, shared, done, failed }: {
	item: Item; me: Me; shared: Shared; done: (said: Row) => void;
	failed: (e: unknown) => void;
}) {
	const { tongue } = shared;
	const [does, setDoes] = useState("");
	const [why, setWhy] = useState("");
	const [words, setWords] = useState("");
	const [busy, setBusy] = useState(false);
	const field = useRef<HTMLTextAreaElement>(null);
	const s = me.session;
	useEffect(() => { setDoes(""); setWhy(""); setWords(""); }, [item.id]);
	// At once: who types on must not lose a letter.
	useLayoutEffect(() => { if (does) field.current?.focus(); }, [does]);
	useEffect(() => {
		const key = (e: KeyboardEvent) => {
			const t = e.target as HTMLElement;
			if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/
				.test(t.tagName))
				return;
			const d = { c: "confirm", r: "reject", n: "note", a: "amend",
				p: "publish" }[e.key];
			if (d && item.may.includes(d)) {
				e.preventDefault();
				setDoes(d);
			}
		};
		addEventListener("keydown", key);
		return () => removeEventListener("keydown", key);
	}, [item.id, item.may.join()]);
	if (!s?.person || !me.key)
		return <p class="limits">{tongue.say("needKey")}</p>;
	const may = item.may.filter((m) => m !== "take" && m !== "release");
	if (may.length === 0)
		return <p class="limits">{tongue.say(item.mine ? "mineAlready"
			: "notYours")}</p>;
	const needs = does !== "confirm" && does !== "publish";
	const submit = (e: Event) => {
		e.preventDefault();
		if (!me.key || busy || (needs && !why.trim()))
			return;
		const key = me.key;
		const meant: Meant = { does, id: item.id, why: does === "confirm" ? ""
			: why.trim(), words: words.split("\n").map((w) => w.trim())
			.filter(Boolean), record: item.record };
		setBusy(true);
		void (async () => {
			// A confirmation has no body of its own: its reason is a note.
			if (does === "confirm" && why.trim())
				await decide(s, key, { ...meant, does: "note",
					why: why.trim() });
			done(await decide(s, key, meant));
		})().catch(failed).finally(() => setBusy(false));
	};
	return <form class="act" onSubmit={submit}>
		<div class="actions">{may.map((m) => <button type="button"
			aria-pressed={does === m} onClick={() => setDoes(m)}>
			{tongue.record(m)} <kbd>{m[0]}</kbd></button>)}</div>
		{does ? <>
			{["amend", "merge", "split", "link"].includes(does)
				? <label>{tongue.say("wordsOf", { s: tongue.record(does) })}
					<textarea rows={2} value={words} placeholder={does === "amend"
						? "kind=explosion" : does === "link" ? "near=i-…"
							: "i-…"} onInput={(e) => setWords(
						(e.target as HTMLTextAreaElement).value)} /></label>
				: null}
			<label>{tongue.say(needs ? "reason" : "reasonIfAny")}
				<textarea ref={field} rows={3} value={why} required={needs}
					onInput={(e) => setWhy(
						(e.target as HTMLTextAreaElement).value)}
					onKeyDown={(e) => {
						if (e.key === "Enter" && (e.ctrlKey || e.metaKey))
							submit(e);
						else if (e.key === "Escape") {
							e.stopPropagation();
							setDoes("");
						}
					}} /></label>
			<button disabled={busy}>{tongue.say("signAnd", {
				s: tongue.record(does) })} <kbd>Ctrl ↵</kbd></button>
			<p class="limits">{tongue.say("signedHere")}</p></> : null}
	</form>;
}

function Detail({ item, type, me, shared, done, failed }: {
	item: Item; type: string; me: Me; shared: Shared;
	done: (said: Row) => void; failed: (e: unknown) => void;
}) {
	const { tongue, clock } = shared;
	const [record] = useAnswer<Row>(`${type}s/${item.id}`, shared.stamp);
	const incident = type === "incident" ? item.id
		: text(record?.incident) || text(item.record.incident);
	const lines = list(record?.explanation).map(String);
	const by = item.lease;
	return <article class="item" aria-label={item.id}>
		<h2>{type === "finding" ? <><span class={`verdict ${
			text(record?.verdict)}`}>{tongue.record(text(record?.verdict))}
		</span>{" "}{text(record?.clause)}</> : text(record?.phrase)
			|| short(item.id)}{" "}
		<small>{short(item.id)} · {tongue.record(item.state)}</small></h2>
		{by ? <p class={by.mine === true ? "" : "failed"}>{tongue.say(
			by.mine === true ? "takenByYou" : "takenBy", {
				s: `${text(by.org)} ${text(by.person).slice(0, 8)}`,
				t: clock.full(Date.parse(text(by.until))) })}</p> : null}
		<Act item={item} me={me} shared={shared} done={done}
			failed={failed} />
		<Proposals item={item} me={me} shared={shared} done={done}
			failed={failed} />
		{record?.flips_if ? <p class="turn"><b>{tongue.say("flips")}</b>{" "}
			<span lang="en">{text(record.flips_if)}</span></p> : null}
		<h3>{tongue.say("sideBySide")}</h3>
		{incident ? <SideBySide incident={incident} shared={shared} /> : null}
		{lines.length > 0 ? <><h3>{tongue.say("traced")}</h3>
			<Trace lines={lines} shared={shared} /></> : null}
		<h3>{tongue.say("standBehind")}</h3>
		<Reviews of={rows(item.words.length > 0 ? item.words
			: record?.reviews)} shared={shared} />
		{incident ? <details class="more"><summary>{tongue.say("evidence")}
		</summary><Later part={evidence} id={incident} shared={shared}
			show={nothing} /></details> : null}
	</article>;
}

/** Another version, or the publication, that one person signed already. */
function Proposals({ item, me, shared, done, failed }: {
	item: Item; me: Me; shared: Shared; done: (said: Row) => void;
	failed: (e: unknown) => void;
}) {
	const { tongue } = shared, s = me.session, key = me.key;
	if (item.proposals.length === 0)
		return null;
	return <><h3>{tongue.say("proposals")}</h3>{item.proposals.map((p) =>
		<div class="act"><p><b>{tongue.record(text(p.does))}</b>{" "}
			{text(p.org)} <code>{text(p.by).slice(0, 8)}</code>{" "}
			<q>{text(p.why)}</q></p>
		{p.record ? <dl>{facts(row(p.record), shared).map(([k, v]) => <>
			<dt>{k}</dt><dd>{v}</dd></>)}</dl> : null}
		{p.mine === true ? <p class="limits">{tongue.say("mineAlready")}</p>
			: s?.may.includes("confirm") && key ? <button onClick={() =>
				decide(s, key, { does: "confirm", id: String(p.index), why: "",
					words: [], record: null }).then(done, failed)}>
				{tongue.say("signAnd", { s: tongue.record("confirm") })}
			</button> : null}</div>)}</>;
}

export default function Review({ shared }: { shared: Shared }) {
	const { tongue, stamp } = shared;
	const [says, setSays] = useState("");
	const failed = (e: unknown) => {
		setSays(e instanceof Held409 && e.body.person
			? tongue.say("takenBy", { s: `${text(e.body.org)} ${
				text(e.body.person).slice(0, 8)}`, t: shared.clock.full(
				Date.parse(text(e.body.until))) })
			: e instanceof NotMeant ? tongue.say("notMeant", { s: e.message })
				: e instanceof Error ? e.message : String(e));
	};
	const [me, bring, leave] = useMe(failed);
	const [type, setType] = useState("finding");
	const [state, setState] = useState("");
	const [q, setQ] = useState<Queue | null>(null);
	const [at, setAt] = useState(0);
	const [turn, setTurn] = useState(0);
	const box = useRef<HTMLUListElement>(null);
	const mine = useRef<string | null>(null);
	const signed = me.session?.person ?? "";
	useEffect(() => {
		let here = true;
		queue(type, state, shared).then((x) => {
			if (here)
				setQ(x);
		}, failed);
		return () => { here = false; };
	}, [type, state, stamp, turn, signed]);
	const items = q?.items ?? [], item = items[Math.min(at, items.length - 1)];
	const grab = () => {
		if (!item || !me.session?.person)
			return;
		const s = me.session, id = item.id;
		setSays("");
		lease(s, id).then(() => {
			mine.current = id;
			setTurn((n) => n + 1);
		}, failed);
	};
	const giveBack = () => {
		if (!mine.current || !me.session)
			return;
		release(me.session, mine.current).then(() => {
			mine.current = null;
			setTurn((n) => n + 1);
		}, failed);
	};
	useEffect(() => { // renewed as long as it is looked at
		const tick = setInterval(() => {
			if (mine.current && me.session)
				lease(me.session, mine.current).catch(failed);
		}, RENEW_MS);
		return () => clearInterval(tick);
	}, [me.session]);
	useEffect(() => {
		const key = (e: KeyboardEvent) => {
			const t = e.target as HTMLElement;
			if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/
				.test(t.tagName))
				return;
			const by = e.key === "j" || e.key === "ArrowDown" ? 1
				: e.key === "k" || e.key === "ArrowUp" ? -1 : 0;
			if (by !== 0)
				setAt((n) => Math.max(0, Math.min(items.length - 1, n + by)));
			else if (e.key === "t")
				grab();
			else if (e.key === "u")
				giveBack();
			else
				return;
			e.preventDefault();
		};
		addEventListener("keydown", key);
		return () => removeEventListener("keydown", key);
	});
	useEffect(() => {
		box.current?.querySelector("[aria-selected=true]")
			?.scrollIntoView({ block: "nearest" });
	}, [at]);
	const done = (said: Row) => {
		const first = rows(said.entries)[0];
		setSays(tongue.say("loggedAs", { n: String(first?.index ?? "–"),
			s: tongue.record(text(first?.state)) }));
		const had = mine.current;
		mine.current = null;
		void (had && me.session ? release(me.session, had).catch(nothing)
			: Promise.resolve()).then(() => setTurn((n) => n + 1));
		if (state === "")
			setAt((n) => Math.min(items.length - 1, n + 1));
	};
	return <div class="review">
		<aside class="queue">
			<Who me={me} bring={bring} leave={leave} shared={shared} />
			<div class="choose"><select aria-label={tongue.say("kind")}
				value={type} onChange={(e) => { setAt(0);
					setType((e.target as HTMLSelectElement).value); }}>
				<option value="finding">{tongue.say("findings")}</option>
				<option value="incident">{tongue.say("incidents")}</option>
			</select>
			<select aria-label={tongue.say("state")} value={state}
				onChange={(e) => { setAt(0);
					setState((e.target as HTMLSelectElement).value); }}>
				<option value="">{tongue.say("allStates")}</option>
				{STATES.map((s) => <option value={s}>{tongue.record(s)}
					{q?.counts ? ` (${q.counts[s] ?? 0})` : ""}</option>)}
			</select></div>
			{q ? <ul role="listbox" tabIndex={0} ref={box}
				aria-label={tongue.say("review")}>{items.map((x, i) =>
					<li role="option" aria-selected={x === item}
						onClick={() => setAt(i)}>
						<b class={x.state === "new" ? "unread" : ""}>
							{type === "finding" ? `${tongue.record(
								text(x.record.verdict))} ${text(x.record.clause)}`
								: text(x.record.where) || text(x.record.phrase)}
						</b>
						<small>{tongue.record(x.state)} · {shared.clock.full(
							Date.parse(text(x.record.at)
								|| text(row(x.record.time).at)))}
						{x.lease ? " · " + tongue.say("taken") : ""}</small>
					</li>)}
			</ul> : <Waiting failed="" tongue={tongue} />}
			{q && items.length === 0 ? <p>{tongue.say("nothingWaits")}</p>
				: null}
		</aside>
		<section class="deciding">
			<p class="says" role="status" aria-live="polite">{says}</p>
			<p class="actions"><button disabled={!signed || !item}
				onClick={grab}>{tongue.say("take")} <kbd>t</kbd></button>
			<button disabled={!signed || mine.current === null}
				onClick={giveBack}>{tongue.say("giveBack")} <kbd>u</kbd>
			</button>
			<span class="limits">{tongue.say("keysAre")}</span></p>
			{item ? <Detail item={item} type={type} me={me} shared={shared}
				done={done} failed={failed} /> : null}
		</section>
	</div>;
}
