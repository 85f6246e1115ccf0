// SPDX-License-Identifier: GPL-3.0-or-later
//
// lists.tsx - the same filter as tables: the accessible equal of the map.  Any
// column sorts; what is saved is what is shown, to the last page.
import { useEffect, useState } from "preact/hooks";

import { features, json, page, query, type Mission, type Row } from "./api";
import type { Clock } from "./clock";
import { parseFilter, type Filter } from "./filter";
import { csv, inNumbers, list, row, rows, save, spanOf, text } from "./parts";
import type { Phrase } from "./phrases";
import type { Tongue, Word } from "./words";

type Cells = Record<string, string>;

interface Column {
	head: Word | Phrase;
	cell: (r: Cells, t: Tongue, c: Clock, m: Mission) => string;
	/** What it is sorted by; else what it says. */
	by?: (r: Cells) => string | number;
	number?: boolean;
	/** Breaks between the day and the hour, and nowhere else. */
	time?: boolean;
	/** Sentences: room for them. */
	wide?: boolean;
	/** Of two or three words that stand on one line. */
	short?: boolean;
}

const at = (key: string): Pick<Column, "cell" | "by" | "time"> => ({
	time: true,
	cell: (r, _t, c) => r[key] ? c.full(Date.parse(r[key])) : "",
	by: (r) => r[key] ?? "",
});
const word = (key: string): Column["cell"] => (r, t) =>
	t.record((r[key] ?? "").split(" ")[0] ?? "");
const plain = (key: string): Column["cell"] => (r) => r[key] ?? "";
/** "0.993-0.998" of a record. */
const share: Column["cell"] = (r, t) => (r.probability ?? "").split("-")
	.map((p) => t.fixed(Number(p), 3)).join("–");
/** In words; where no town is known, by numbers. */
const place: Column["cell"] = (r, t) => t.place(r.where)
	|| inNumbers(r, r.err90_m);
/** What a finding is about, or what is owed (see beside()). */
const what: Column["cell"] = (r, t) => [t.record(r.what ?? ""),
	t.place(r.where)].filter(Boolean).join(", ");

const columns: Record<string, Column[]> = {
	incidents: [{ head: "time", ...at("at"), cell: (r, t, c, m) => {
		// In order of when it began: what lasts says from when to when.
		const from = Date.parse(r.from ?? ""), to = Date.parse(r.to ?? "");
		return to - from > 60e3 ? spanOf({ from: r.from, to: r.to }, c, t)
			: at("at").cell(r, t, c, m);
	}, by: (r) => r.from || r.at || "" },
		{ head: "kind", cell: (r, t) => {
			const [k, p] = (r.kind ?? "").split(" ");
			return `${t.record(k ?? "")} ${(Number(p) * 100).toFixed(0)}\u00a0%`;
		} },
		{ head: "count", short: true, cell: (r, t) =>
			`${t.record(r.meaning ?? "")} ${r.count ?? ""}`.trim(),
		by: (r) => Number(r.count ?? -1) },
		{ head: "place", cell: place, wide: true },
		{ head: "error", number: true, cell: (r, t) => r.err90_m
			? `${Number(r.err90_m).toFixed(0)} ${t.unit("m")}` : "",
		by: (r) => r.err90_m ? Number(r.err90_m) : Infinity },
		{ head: "status", cell: word("status") }],
	findings: [{ head: "time", ...at("at") },
		{ head: "clause", cell: plain("clause") },
		{ head: "verdict", cell: (r, t) => [t.record(r.verdict ?? ""),
			t.record(r.grade ?? ""), !r.party || r.party === "undetermined"
				? "" : `${t.say("party").toLowerCase()} ${r.party}`]
			.filter(Boolean).join(", ") },
		{ head: "incident", cell: what, wide: true },
		{ head: "probability", cell: share },
		{ head: "status", cell: word("status") }],
	obligations: [{ head: "from", ...at("opens") },
		{ head: "owes", cell: (r) => r.owes || (r.actor ?? "") },
		{ head: "act", cell: plain("act") },
		{ head: "due", ...at("due_to") },
		{ head: "state", cell: word("state") }],
	health: [{ head: "source", cell: plain("source") },
		{ head: "state", cell: word("state") }, { head: "from", ...at("from") },
		{ head: "to", ...at("to") }, { head: "why", cell: (r, t) => t.record(r.why ?? "") }],
};

export const LISTS = Object.keys(columns);

/** What a row opens: an incident, or a finding's sheet. */
const opens = (plural: string, r: Cells): string | undefined =>
	plural === "obligations" ? r.finding
		: plural === "health" ? undefined : r.id;

/** What no rule speaks of: shown when asked for. */
const idle = (plural: string, r: Cells) => plural === "findings" &&
	r.verdict === "not_applicable";

const spoken = (s: unknown) => text(s).replaceAll("_", " ");

/** Asked of the server at once, of those that are sought one by one. */
const AT_ONCE = 6;

/** Those of these findings, by id: a page of the time that they are of, and one
 * by one whatever that leaves out (another version's time, a page that is
 * full). */
async function incidentsOf(found: Cells[], at: number | null):
Promise<Map<string, Cells>> {
	const of = new Map<string, Cells>();
	const wanted = new Set(found.map((r) => r.incident ?? "").filter(Boolean));
	const times = found.map((r) => Date.parse(r.at ?? ""))
		.filter((t) => !Number.isNaN(t));
	const take = (p: { rows: Cells[] }) => {
		for (const i of p.rows)
			if (wanted.delete(i.id ?? ""))
				of.set(i.id ?? "", i);
	};
	const any = { ...parseFilter(""), at };
	if (times.length > 0)
		take(await page("incidents", { ...any,
			from: times.reduce((a, b) => Math.min(a, b)),
			to: times.reduce((a, b) => Math.max(a, b)) + 1 }));
	const left = [...wanted];
	for (let i = 0; i < left.length; i += AT_ONCE)
		(await Promise.all(left.slice(i, i + AT_ONCE).map((id) =>
			page("incidents", any, { id })))).forEach(take);
	return of;
}

/** A page, with what its own records leave to others: of findings what
 * happened and where, of obligations how they stand, which the clock has a
 * part in.  Where that is not to be had, or nobody waits for it any more (a
 * brush has gone on), it is not shown. */
async function told(plural: string, filter: Filter,
	more: Record<string, string> = {}, wanted = () => true):
ReturnType<typeof page> {
	const p = await page(plural, filter, more);
	if (!wanted())
		return p;
	if (plural === "findings") {
		const of = await incidentsOf(p.rows, filter.at).catch(() =>
			new Map<string, Cells>());
		for (const r of p.rows) {
			const i = of.get(r.incident ?? "");
			r.what = (i?.kind ?? "").split(" ")[0] ?? "";
			r.where = i?.where ?? "";
		}
	} else if (plural === "obligations") {
		const board = await json<Row>("board").catch(() => ({} as Row));
		const of = new Map(rows(board.obligations).map((o) => [o.id, o]));
		const name = new Map(rows(row(board.register).actors).map((a) =>
			[a.id, text(a.name)]));
		for (const r of p.rows) {
			const o = row(of.get(r.id ?? ""));
			r.state = text(o.state);
			r.owes = name.get(r.actor) ?? "";
			r.act = spoken(r.step) || list(o.act).map(spoken).join(", ");
		}
	}
	return p;
}

/** All that is shown, past the pages that are loaded. */
async function everyRow(plural: string, filter: Filter,
	keep: (r: Cells) => boolean): Promise<Cells[]> {
	const all: Cells[] = [];
	for (let after: string | null = ""; after !== null;) {
		const p = await told(plural, filter, after ? { after } : {});
		all.push(...p.rows);
		after = p.next;
	}
	return all.filter(keep);
}

export function List({ plural, filter, within, kinds, tongue, clock, stamp,
	mission, opened, open }: {
	plural: string; filter: Filter;
	/** A part of the filter's time, while it is replayed. */
	within: [number, number] | null;
	kinds: Set<string> | null;
	tongue: Tongue; clock: Clock; stamp: number; mission: Mission;
	opened: string | null;
	open: (id: string) => void;
}) {
	const [all, setAll] = useState<Cells[] | null>(null);
	const [next, setNext] = useState<string | null>(null);
	const [failed, setFailed] = useState("");
	const [sort, setSort] = useState<[Word | Phrase, 1 | -1] | null>(null);
	const [saving, setSaving] = useState(false);
	const [every, setEvery] = useState(false);
	const key = `${plural}${query(filter)}`;
	useEffect(() => {
		let here = true;
		const wait = setTimeout(() => {
			told(plural, filter, {}, () => here).then((p) => {
				if (here) {
					setAll(p.rows);
					setNext(p.next);
					setFailed("");
				}
			}, (e) => { if (here) setFailed(String(e)); });
		}, 120);
		return () => { here = false; clearTimeout(wait); };
	}, [key, stamp]);
	if (failed)
		return <p class="failed">{tongue.say("failed")}: {failed}</p>;
	if (!all)
		return <p aria-busy="true">…</p>;
	const cols = columns[plural] ?? [];
	const keep = (r: Cells) => {
		const t = Date.parse(r.at ?? r.from ?? r.opens ?? "");
		return (!kinds || plural !== "incidents" ||
			kinds.has((r.kind ?? "").split(" ")[0] ?? "")) &&
			(!within || (t >= within[0] && t < within[1]));
	};
	const spared = every ? 0 : all.filter((r) => idle(plural, r) && keep(r))
		.length;
	const keeps = (r: Cells) => keep(r) && (every || !idle(plural, r));
	const shown = all.filter(keeps);
	if (plural === "health" && !sort) // how each fared, not who failed first
		shown.sort((a, b) => `${a.source ?? ""} ${a.from ?? ""}` <
			`${b.source ?? ""} ${b.from ?? ""}` ? -1 : 1);
	const by = cols.find((c) => c.head === sort?.[0]);
	if (by && sort) {
		const of = by.by ?? ((r: Cells) => by.cell(r, tongue, clock, mission));
		shown.sort((a, b) => {
			const x = of(a), y = of(b);
			return sort[1] * (typeof x === "number" && typeof y === "number"
				? x - y : String(x).localeCompare(String(y), tongue.lang));
		});
	}
	const more = async () => {
		const p = await told(plural, filter, { after: next ?? "" });
		setAll([...all, ...p.rows]);
		setNext(p.next);
	};
	const keepFile = async (form: "csv" | "geojson") => {
		setSaving(true);
		try {
			const kept = await everyRow(plural, filter, keeps);
			if (form === "csv")
				save(plural + ".csv", "text/csv", csv(kept));
			else
				save(plural + ".geojson", "application/geo+json",
					JSON.stringify(await features(plural, filter,
						new Set(kept.map((r) => r.id ?? "")))));
		} catch (e) {
			setFailed(String(e));
		}
		setSaving(false);
	};
	const foot = <p class="foot">
		{tongue.say("rowsShown", { n: tongue.number(shown.length) })}
		{spared > 0 ? <button onClick={() => setEvery(true)}>
			{tongue.say("alsoIdle", { n: tongue.number(spared) })}</button>
			: null}
		{next ? <button onClick={() => void more()}>{tongue.say("more")}
		</button> : null}
		{saving ? <span aria-busy="true">…</span> : <>
			<button onClick={() => void keepFile("csv")}>CSV</button>
			{plural === "incidents" ? <button onClick={() =>
				void keepFile("geojson")}>GeoJSON</button> : null}</>}
	</p>;
	if (shown.length === 0)
		return <div class="scroll" tabIndex={0}><p>{tongue.say("empty")}</p>
			{next || spared > 0 ? foot : null}</div>;
	return <div class="scroll" tabIndex={0} role="region"
		aria-label={tongue.say(plural as "incidents")}>
		<table><thead><tr>{cols.map((c) => <th scope="col"
			class={c.number ? "number" : ""}
			aria-sort={sort?.[0] !== c.head ? "none" : sort[1] > 0
				? "ascending" : "descending"}>
			<button class="sort" onClick={() => setSort(sort?.[0] === c.head
				? sort[1] > 0 ? [c.head, -1] : null : [c.head, 1])}>
				{tongue.say(c.head)}{sort?.[0] !== c.head ? ""
					: sort[1] > 0 ? " ▴" : " ▾"}</button></th>)}</tr></thead>
		<tbody>{shown.map((r) => {
			const id = opens(plural, r);
			const go = () => { if (id) open(id); };
			return <tr key={r.id} class={id && id === opened ? "open" : ""}
				tabIndex={id ? 0 : undefined} onClick={go}
				onKeyDown={(e) => { if (e.key === "Enter") go(); }}>
				{cols.map((c) => <td class={c.number ? "number" : c.time
					? "time" : c.wide ? "wide" : c.short ? "short" : ""}>
					{c.time ? c.cell(r, tongue, clock, mission).replace(
						/ (?=\S+$)/, "\u00a0") // the zone stays with its hour
						: c.cell(r, tongue, clock, mission)}</td>)}</tr>;
		})}</tbody></table>{foot}</div>;
}
