// SPDX-License-Identifier: GPL-3.0-or-later
//
// review.tsx - what waits for a person: take it, look, decide, sign; all by
// the keyboard.  Who has no key reads the same, and is told why he cannot act.
import { useEffect, useLayoutEffect, useRef, useState }
	from "preact/hooks";

import { json, page, Refused, type Row } from "./api";
import { countWords } from "./card";
import { decide, NotMeant, type Meant } from "./decide";
import { Later } from "./later";
import { useMe, Who, type Me } from "./me";
import { kindOf, list, row, rows, short, text, Turn, useAnswer, useSaid,
	Waiting, type Shared } from "./parts";
import { Held409, lease, release } from "./session";
import { linesOf, Reviews, Says, Trace } from "./sheet";
import { Beside, SideBySide, wantsWords, WordsOf } from "./versions";

const evidence = () => import("./evidence");
const STATES = ["new", "claimed", "needs_more", "proposed", "decided",
	"disputed"] as const;
const RENEW_MS = 5 * 60e3;
const LOOK_MS = 4e3;
const nothing = () => {};
const KEYS: Record<string, string> = { c: "confirm", r: "reject", n: "note",
	a: "amend", m: "merge", s: "split", l: "link", p: "publish",
	w: "withdraw" };
const keyOf = (does: string) => Object.keys(KEYS).find((k) =>
	KEYS[k] === does);

interface Item {
	id: string;
	/** What a finding is about: kind and place of its incident. */
	about?: Row;
	state: string;
	/** What was decided: reviewed, published, withdrawn, rejected. */
	status: string;
	lease: Row | null;
	/** All that people did about it. */
	words: Row[];
	/** Other versions, or its publication, that want another person. */
	proposals: Row[];
	mine: boolean;
	may: string[];
	record: Row;
}

/** What one has in hand, taken or only written on, stays before one. */
interface Hand {
	/** Ids, or "". */
	took: string;
	writes: string;
}

/** Where it stands; of what is decided, how. */
const stands = (i: Item) => i.state === "decided" ? i.status : i.state;

interface Queue {
	counts: Record<string, number> | null;
	/** How long the log was; NaN: not known. */
	index: number;
	items: Item[];
	next: string | null;
	/** Who asked, since what one may do is each person's own; "": nobody. */
	person: string;
}

/** Where there is no queue yet: the list, as far as it tells. */
async function ownQueue(type: string, person: string, shared: Shared):
Promise<Queue> {
	const p = await page(type + "s", shared.filter, {});
	return { counts: null, index: NaN, next: p.next, person,
		items: p.rows.filter((r) => r.verdict !== "not_applicable").map((r) =>
		({ id: r.id ?? "",
		state: r.status === "automatic" || r.status === "associated" ? "new"
			: "decided", status: r.status ?? "", lease: null, words: [],
		proposals: [], mine: false, may: [],
		record: r })) };
}

/** What no rule speaks of comes last: it wants a look, but can wait. */
const idle = (i: Item) => Number(i.record.verdict === "not_applicable");

async function queue(type: string, state: string, person: string,
	shared: Shared, after = ""): Promise<Queue> {
	try {
		const q = await json<Row>(`queue?type=${type}&limit=200${state
			? "&state=" + state : ""}${after ? "&after=" + after : ""}`);
		return { counts: q.counts as Record<string, number>,
			index: Number(q.index), person,
			items: (rows(q.queue) as unknown as Item[])
				.sort((a, b) => idle(a) - idle(b)),
			next: typeof q.next === "string" ? q.next : null };
	} catch (e) {
		if (e instanceof Refused && e.status === 404)
			return ownQueue(type, person, shared);
		throw e;
	}
}

function Act({ item, me, asks, shared, done, failed, at }: {
	item: Item; me: Me; asks: boolean; shared: Shared;
	done: (said: Row, does: string) => void;
	failed: (e: unknown) => void; at: Hand;
}) {
	const { tongue } = shared;
	const [does, setDoes] = useState("");
	const [why, setWhy] = useState("");
	const [words, setWords] = useState<string[]>([]);
	const [busy, setBusy] = useState(false);
	const field = useRef<HTMLTextAreaElement>(null);
	const s = me.session;
	const begin = (d: string) => {
		setDoes(d);
		setWords([]);
	};
	// At once: who types on must not lose a letter.
	useLayoutEffect(() => {
		if (does)
			field.current?.focus();
		at.writes = does ? item.id : "";
		return () => { at.writes = ""; };
	}, [does]);
	useLayoutEffect(() => { // no key falls between a frame and its effect
		const key = (e: KeyboardEvent) => {
			const t = e.target as HTMLElement;
			if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/
				.test(t.tagName))
				return;
			const d = KEYS[e.key];
			if (d && !asks && item.may.includes(d)) {
				e.preventDefault();
				begin(d);
			}
		};
		addEventListener("keydown", key);
		return () => removeEventListener("keydown", key);
	}, [item.id, asks, item.may.join()]);
	if (!s?.person || !me.key)
		return <p class="limits">{tongue.say("needKey")}</p>;
	// What another does meanwhile takes nothing from under who writes: the
	// server will say it.
	const may = item.may.filter((m) => m !== "take" && m !== "release");
	if (asks && !does)
		return <p class="limits" aria-busy="true">{tongue.say("mayAsks")}</p>;
	if (may.length === 0 && !does)
		return <p class="limits">{tongue.say(item.mine ? "mineAlready"
			: "notYours")}</p>;
	// Before the parties' time is over only with a reason, which stands beside.
	const early = does === "publish" && row(item.record.reply).open === true;
	const needs = early || (does !== "confirm" && does !== "publish");
	const lacks = wantsWords(does) && words.length === 0;
	const submit = (e: Event) => {
		e.preventDefault();
		if (!me.key || busy || (needs && !why.trim()) || lacks)
			return;
		const key = me.key;
		const meant: Meant = { does, id: item.id, why: does === "confirm" ? ""
			: why.trim(), words: early ? ["early"] : words, record: item.record };
		setBusy(true);
		void (async () => {
			// A confirmation has no body of its own: its reason is a note.
			if (does === "confirm" && why.trim())
				await decide(s, key, { ...meant, does: "note",
					why: why.trim() });
			done(await decide(s, key, meant), does);
		})().catch(failed).finally(() => setBusy(false));
	};
	// Who may confirm a withdrawal but not ask for it is told who does.
	const others = item.status === "published" && s.may.includes("confirm")
		&& !s.may.includes("withdraw");
	return <form class="act" onSubmit={submit}>
		<div class="actions">{may.map((m) => <button type="button"
			aria-pressed={does === m} onClick={() => begin(m)}>
			{tongue.record(m)}{keyOf(m) ? <> <kbd>{keyOf(m)}</kbd></> : null}
		</button>)}</div>
		{others && !does ? <p class="limits">{tongue.say("othersWithdraw")}
		</p> : null}
		{does ? <>
			{wantsWords(does) ? <WordsOf key={does} does={does}
				record={item.record} shared={shared} says={setWords} />
				: null}
			{early ? <p class="perhaps">{tongue.say("publishEarly", {
				t: shared.clock.full(Date.parse(text(row(item.record.reply)
					.until))) })}</p> : null}
			{does === "withdraw" ? <p class="perhaps">{tongue.say(
				"readByAll")}</p> : null}
			<label>{tongue.say(needs ? "reason" : "reasonIfAny")}
				<textarea ref={field} rows={3} value={why} required={needs}
					onInput={(e) => setWhy(
						(e.target as HTMLTextAreaElement).value)}
					onKeyDown={(e) => {
						if (e.key === "Enter" && (e.ctrlKey || e.metaKey))
							submit(e);
						else if (e.key === "Escape") {
							e.stopPropagation();
							begin("");
						}
					}} /></label>
			<button disabled={busy || lacks}>{tongue.say("signAnd", {
				s: tongue.record(does) })} <kbd>Ctrl ↵</kbd></button>
			<p class="limits">{tongue.say("signedHere")}</p></> : null}
	</form>;
}

/** `asks`: what this person may do with it is not known yet. */
function Detail({ item, type, me, asks, shared, done, failed, at }: {
	item: Item; type: string; me: Me; asks: boolean; shared: Shared;
	done: (said: Row, does: string) => void; failed: (e: unknown) => void;
	at: Hand;
}) {
	const { tongue, clock } = shared;
	const [record] = useAnswer<Row>(`${type}s/${item.id}`, shared.stamp);
	const incident = type === "incident" ? item.id
		: text(record?.incident) || text(item.record.incident);
	const said = useSaid(type === "finding" ? item.id : null, shared);
	const lines = linesOf(record, said);
	const by = item.lease, about = row(item.about);
	return <article class="item" aria-label={item.id}>
		<h2>{type === "finding" ? <><span class={`verdict ${
			text(record?.verdict)}`}>{tongue.record(text(record?.verdict))}
		</span>{" "}{text(record?.clause)}</> : [tongue.record(kindOf(
			item.record)), tongue.place(item.record.phrase)].filter(Boolean)
			.join(", ")}{" "}
		<small>{short(item.id)} · {tongue.record(stands(item))}</small></h2>
		{type === "finding" ? <div class="about">{[tongue.record(text(
			about.kind)), tongue.place(about.phrase), text(item.record.at)
			? clock.full(Date.parse(text(item.record.at))) : ""]
			.filter(Boolean).join(", ")}</div> : null}
		{by ? <p class={by.mine === true ? "" : "failed"}>{tongue.say(
			by.mine === true ? "takenByYou" : "takenBy", {
				s: `${text(by.org)} ${text(by.person).slice(0, 8)}`,
				t: clock.full(Date.parse(text(by.until))) })}</p> : null}
		<Act key={item.id} item={item} me={me} asks={asks} shared={shared}
			done={done} failed={failed} at={at} />
		{asks ? null : <Proposals item={item} me={me} shared={shared}
			done={done} failed={failed} />}
		{record && list(record.claims).length + Object.keys(row(record.reply))
			.length > 0 ? <><h3>{tongue.say("statements")}</h3>
			<Says finding={record} shared={shared} /></> : null}
		{record?.flips_if ? <p class="turn"><b>{tongue.say("itTurns")}</b>{" "}
			<Turn flips={text(record.flips_if)} said={said}
				shared={shared} /></p> : null}
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

/** Another version, or the publication, that one person signed already: its
 * entries are confirmed, or rejected, together. */
function Proposal({ p, item, me, shared, done, failed }: {
	p: Row; item: Item; me: Me; shared: Shared;
	done: (said: Row, does: string) => void; failed: (e: unknown) => void;
}) {
	const { tongue } = shared, s = me.session, key = me.key;
	const [why, setWhy] = useState("");
	const [busy, setBusy] = useState(false);
	const parts = [p, ...rows(p.with)].map((w) => ({ index: Number(w.index),
		record: w.record ? row(w.record) : null }));
	const say = (does: string) => {
		if (!s || !key || busy)
			return;
		setBusy(true);
		decide(s, key, { does, id: String(p.index), words: [], record: null,
			why: does === "confirm" ? "" : why.trim(), parts })
			.then((said) => done(said, does === "confirm" && p.does ===
				"publish" ? "published" : does), failed)
			.finally(() => setBusy(false));
	};
	return <div class="act proposal"><p><b>{tongue.record(text(p.does))}</b>
		{" "}{text(p.org)} <code>{text(p.by).slice(0, 8)}</code>{" "}
		{text(p.why) ? <q>{text(p.why)}</q> : null}</p>
	{p.record ? <Beside shared={shared} of={[
		[tongue.say("asItIs"), item.record],
		[tongue.say("proposedIs"), row(p.record)],
		...rows(p.with).map((w) => [short(text(w.id)),
			row(w.record)] as [string, Row])]} /> : null}
	{p.mine === true ? <p class="limits">{tongue.say("mineAlready")}</p>
		: s?.may.includes("confirm") && key ? <>
			<label>{tongue.say("reasonToReject")}<textarea rows={2}
				value={why} onInput={(e) => setWhy(
					(e.target as HTMLTextAreaElement).value)} /></label>
			<div class="actions"><button disabled={busy}
				onClick={() => say("confirm")}>{tongue.say("signAnd",
					{ s: tongue.record("confirm") })}</button>
			<button disabled={busy || !why.trim()}
				onClick={() => say("reject")}>{tongue.say("signAnd",
					{ s: tongue.record("reject") })}</button></div></>
			: null}</div>;
}

function Proposals({ item, ...rest }: {
	item: Item; me: Me; shared: Shared; done: (said: Row, does: string) => void;
	failed: (e: unknown) => void;
}) {
	if (item.proposals.length === 0)
		return null;
	return <><h3>{rest.shared.tongue.say("proposals")}</h3>
		{item.proposals.map((p) => <Proposal key={String(p.index)} p={p}
			item={item} {...rest} />)}</>;
}

/** Opens what is folded away, and brings it into view; or folds it. */
function unfold(details: HTMLDetailsElement | null) {
	if (!details)
		return;
	details.open = !details.open;
	if (details.open)
		details.scrollIntoView({ block: "start" });
}

/** What others take, give back and sign meanwhile is seen here; `shown` is the
 * log's index that the list is of. */
function useOthers(me: Me, shown: () => number, changed: () => void) {
	useEffect(() => {
		let last = "", busy = false;
		const look = async () => {
			if (document.hidden || busy)
				return;
			busy = true;
			try {
				const [l, m] = await Promise.all([json<Row>("leases"),
					json<Row>("mission")]);
				const now = [m.index, ...rows(l.leases).map((x) =>
					text(x.id) + text(x.person)).sort()].join();
				if (last ? now !== last : Number(m.index) > shown())
					changed();
				last = now;
			} catch {
				// the head of the page says that the connection is lost
			}
			busy = false;
		};
		void look();
		const tick = setInterval(() => void look(), LOOK_MS);
		return () => clearInterval(tick);
	}, [me.session?.person]);
}

/** A line of the queue. */
function Line({ x, type, shared }: { x: Item; type: string;
	shared: Shared }) {
	const { tongue, clock } = shared, r = x.record;
	const what = row(x.about ?? {});
	const kind = type === "finding" ? text(what.kind)
		: kindOf(r);
	const where = tongue.place(text(what.phrase) || text(r.phrase)
		|| text(r.where));
	const by = x.lease;
	// What wants me: nobody's yet, or another person's that I may confirm.
	const wants = x.state === "new" || (x.state === "proposed" && !x.mine &&
		x.may.includes("confirm"));
	const [low, high] = list(r.probability).map(Number);
	const count = row(what.count), off = what.err90_m;
	// What tells it from its neighbours, of one clause, kind and town.
	const apart = type === "finding" ? [Number(count.value) > 1
		? countWords(count, tongue) : "", typeof off === "number"
		? `± ${tongue.fixed(off, 0)} ${tongue.unit("m")}` : "", `P ${tongue.fixed(low ?? NaN,
		3)}–${tongue.fixed(high ?? NaN, 3)}`, short(x.id)] : [short(x.id)];
	return <><b class={wants ? "unread" : ""}>
		{type === "finding" ? `${tongue.record(text(r.verdict))} ${
			text(r.clause)}` : tongue.record(kind)}</b>
	<span>{[type === "finding" ? tongue.record(kind) : "", where]
		.filter(Boolean).join(", ")}</span>
	<small>{tongue.record(stands(x))} · {clock.full(Date.parse(text(r.at)
		|| text(row(r.time).at)))}
	{by ? <> · <b class="holder">{by.mine === true ? tongue.say("takenByYou", {
		t: clock.minute(Date.parse(text(by.until))) })
		: tongue.say("takenBy", { s: `${text(by.org)} ${text(by.person)
			.slice(0, 8)}`, t: clock.minute(Date.parse(text(by.until))) })}
	</b></> : null}
	<br />{apart.filter(Boolean).join(" · ")}</small></>;
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
	const self = useMe(failed), { me } = self;
	const [type, setType] = useState("finding");
	const [state, setState] = useState("waiting");
	const [q, setQ] = useState<Queue | null>(null);
	const [chosen, choose] = useState(""); // by id: a list moves
	const [turn, setTurn] = useState(0);
	const box = useRef<HTMLUListElement>(null);
	const hand = useRef<Hand>({ took: "", writes: "" }).current;
	const signed = me.session?.person ?? "";
	const before = useRef<{ item: Item | undefined; place: number }>(
		{ item: undefined, place: 0 });
	const shown = useRef(NaN);
	const wanted = useRef(0); // items, where one page is not enough
	useEffect(() => {
		let here = true;
		const pages = async () => {
			let x = await queue(type, state, signed, shared);
			while (x.next && x.items.length < wanted.current) {
				const more = await queue(type, state, signed, shared,
					x.next);
				x = { ...more, items: [...x.items, ...more.items] };
			}
			return x;
		};
		pages().then((x) => {
			if (!here)
				return;
			// What one works at stays in one's hands, though it has left the
			// list (it is claimed now, or another has decided it).
			const { item: was, place } = before.current;
			if (was && x.items.every((i) => i.id !== was.id) &&
				(hand.took === was.id || hand.writes === was.id))
				x.items.splice(place, 0, was);
			const has = (id?: string) => x.items.some((i) => i.id === id);
			choose((id) => has(id) || !was || !has(was.id) ? id : was.id);
			shown.current = x.index;
			setQ(x);
		}, failed);
		return () => { here = false; };
	}, [type, state, stamp, turn, signed]);
	useOthers(me, () => shown.current, () => setTurn((n) => n + 1));
	const items = q?.items ?? [];
	const found = items.findIndex((i) => i.id === chosen);
	// What was chosen is gone: what has come into its place.
	const place = found >= 0 ? found
		: Math.max(0, Math.min(before.current.place, items.length - 1));
	const item = items[place];
	const asks = q !== null && q.person !== signed;
	before.current = { item, place };
	const go = (by: number) => choose(items[Math.max(0, Math.min(
		items.length - 1, place + by))]?.id ?? "");
	const first = () => {
		before.current = { item: undefined, place: 0 };
		choose("");
	};
	const grab = () => {
		if (!item || !me.session?.person)
			return;
		const s = me.session, id = item.id;
		setSays("");
		lease(s, id).then((l) => {
			hand.took = id;
			setQ((x) => x && { ...x, items: x.items.map((i) => i.id === id
				? { ...i, lease: l, state: "claimed" } : i) });
			setTurn((n) => n + 1);
		}, failed);
	};
	const giveBack = () => {
		if (!hand.took || !me.session)
			return;
		release(me.session, hand.took).then(() => {
			hand.took = "";
			setTurn((n) => n + 1);
		}, failed);
	};
	useEffect(() => { // renewed as long as it is looked at
		const tick = setInterval(() => {
			if (hand.took && me.session)
				lease(me.session, hand.took).catch(failed);
		}, RENEW_MS);
		return () => clearInterval(tick);
	}, [me.session]);
	useLayoutEffect(() => { // no key falls between a frame and its effect
		const key = (e: KeyboardEvent) => {
			const t = e.target as HTMLElement;
			if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/
				.test(t.tagName))
				return;
			const by = e.key === "j" || e.key === "ArrowDown" ? 1
				: e.key === "k" || e.key === "ArrowUp" ? -1 : 0;
			if (by !== 0) {
				setSays("");
				go(by);
			} else if (e.key === "t")
				grab();
			else if (e.key === "u")
				giveBack();
			else if (e.key === "e")
				unfold(document.querySelector(".item details"));
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
	}, [item?.id]);
	const done = (said: Row, does: string) => {
		const entry = rows(said.entries)[0], state = text(entry?.state);
		// Of a publication, not of what is to be published.
		setSays(tongue.say("loggedAs", { n: String(entry?.index ?? "–"),
			s: does === "publish" && state !== "published"
				? tongue.say("publishing") : tongue.record(
					does === "published" && state === "reviewed" ? does
						: state) })
			+ (item ? ` (${short(item.id)})` : ""));
		const had = hand.took;
		hand.took = "";
		void (had && me.session ? release(me.session, had).catch(nothing)
			: Promise.resolve()).then(() => setTurn((n) => n + 1));
		go(1);
	};
	return <div class="review">
		<aside class="queue">
			<Who self={self} shared={shared} />
			<div class="choose"><select aria-label={tongue.say("kind")}
				value={type} onChange={(e) => { first();
					setSays("");
					wanted.current = 0;
					setType((e.target as HTMLSelectElement).value); }}>
				<option value="finding">{tongue.say("findings")}</option>
				<option value="incident">{tongue.say("incidents")}</option>
			</select>
			<select aria-label={tongue.say("state")} value={state}
				onChange={(e) => { first();
					wanted.current = 0;
					setState((e.target as HTMLSelectElement).value); }}>
				<option value="waiting">{tongue.say("allWaiting")}</option>
				<option value="">{tongue.say("allStates")}</option>
				{STATES.map((s) => <option value={s}>{tongue.record(s)}
					{q?.counts ? ` (${q.counts[s] ?? 0})` : ""}</option>)}
			</select></div>
			{q ? <ul role="listbox" tabIndex={0} ref={box}
				aria-label={tongue.say("review")}>{items.map((x) =>
					<li role="option" aria-selected={x === item} data-id={x.id}
						onClick={() => { setSays(""); choose(x.id); }}>
						<Line x={x} type={type} shared={shared} />
					</li>)}
			</ul> : <Waiting failed="" tongue={tongue} />}
			{q?.next ? <button onClick={() => {
				wanted.current = items.length + 1;
				setTurn((n) => n + 1);
			}}>{tongue.say("more")}</button> : null}
			{q && items.length === 0 ? <p>{tongue.say("nothingWaits")}</p>
				: null}
		</aside>
		<section class="deciding">
			<p class="says" role="status" aria-live="polite">{says}</p>
			<p class="actions"><button disabled={!signed || !item}
				onClick={grab}>{tongue.say("take")} <kbd>t</kbd></button>
			<button disabled={!signed || hand.took === ""}
				onClick={giveBack}>{tongue.say("giveBack")} <kbd>u</kbd>
			</button>
			<span class="limits keys-are">{tongue.say("keysAre")}</span></p>
			{item ? <Detail item={item} type={type} me={me} asks={asks}
				shared={shared} done={done} failed={failed} at={hand} />
				: null}
		</section>
	</div>;
}
