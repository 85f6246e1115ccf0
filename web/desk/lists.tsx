// SPDX-License-Identifier: GPL-3.0-or-later
//
// lists.tsx - the same filter as tables: the accessible equal of the map.
import { useEffect, useState } from "preact/hooks";

import { query, table } from "./api";
import type { Clock } from "./clock";
import type { Filter } from "./filter";
import type { Tongue, Word } from "./words";

type Cells = Record<string, string>;

interface Column {
	head: Word;
	cell: (r: Cells, t: Tongue, c: Clock) => string;
	number?: boolean;
}

const at = (key: string): Column["cell"] => (r, _t, c) =>
	r[key] ? c.full(Date.parse(r[key])) : "";
const word = (key: string): Column["cell"] => (r, t) =>
	t.record((r[key] ?? "").split(" ")[0] ?? "");
const plain = (key: string): Column["cell"] => (r) => r[key] ?? "";

const columns: Record<string, Column[]> = {
	incidents: [{ head: "time", cell: at("at") },
		{ head: "kind", cell: (r, t) => {
			const [k, p] = (r.kind ?? "").split(" ");
			return `${t.record(k ?? "")} ${(Number(p) * 100).toFixed(0)} %`;
		} },
		{ head: "count", cell: (r, t) =>
			`${t.record(r.meaning ?? "")} ${r.count ?? ""}`.trim() },
		{ head: "place", cell: plain("where") },
		{ head: "error", number: true, cell: (r) => r.err90_m
			? Number(r.err90_m).toFixed(0) + " m" : "" },
		{ head: "status", cell: word("status") }],
	findings: [{ head: "time", cell: at("at") },
		{ head: "clause", cell: plain("clause") },
		{ head: "verdict", cell: word("verdict") },
		{ head: "probability", cell: plain("probability") },
		{ head: "grade", cell: word("grade") },
		{ head: "party", cell: word("party") },
		{ head: "status", cell: word("status") },
		{ head: "flips", cell: plain("flips_if") }],
	obligations: [{ head: "from", cell: at("opens_from") },
		{ head: "act", cell: plain("act") }, { head: "due", cell: at("due_to") },
		{ head: "state", cell: word("state") }],
	health: [{ head: "source", cell: plain("source") },
		{ head: "state", cell: word("state") }, { head: "from", cell: at("from") },
		{ head: "to", cell: at("to") }, { head: "why", cell: plain("why") }],
};

export const LISTS = Object.keys(columns);

export function List({ plural, filter, kinds, tongue, clock, stamp, open }: {
	plural: string; filter: Filter; kinds: Set<string> | null;
	tongue: Tongue; clock: Clock; stamp: number;
	open: (incident: string) => void;
}) {
	const [rows, setRows] = useState<Cells[] | null>(null);
	const [failed, setFailed] = useState("");
	const key = `${plural}${query(filter)}`;
	useEffect(() => {
		let here = true;
		const wait = setTimeout(() => {
			table(plural, filter).then((r) => {
				if (here) {
					setRows(r);
					setFailed("");
				}
			}, (e) => { if (here) setFailed(String(e)); });
		}, 120);
		return () => { here = false; clearTimeout(wait); };
	}, [key, stamp]);
	const cols = (columns[plural] ?? []).filter((c) => plural !== "obligations"
		|| rows?.[0] === undefined || c.cell(rows[0], tongue, clock) !== "");
	if (failed)
		return <p class="failed">{tongue.say("failed")}: {failed}</p>;
	if (!rows)
		return <p aria-busy="true">…</p>;
	const shown = rows.filter((r) => !kinds || plural !== "incidents" ||
		kinds.has((r.kind ?? "").split(" ")[0] ?? ""));
	if (shown.length === 0)
		return <p>{tongue.say("empty")}</p>;
	return <div class="scroll"><table>
		<thead><tr>{cols.map((c) => <th scope="col">{tongue.say(c.head)}</th>)}
		</tr></thead>
		<tbody>{shown.map((r) => {
			const id = plural === "findings" ? r.incident : plural ===
				"incidents" ? r.id : undefined;
			return <tr key={r.id} tabIndex={id ? 0 : -1}
				class={id && id === filter.open ? "open" : ""}
				onClick={() => id && open(id)}
				onKeyDown={(e) => { if (id && e.key === "Enter") open(id); }}>
				{cols.map((c) => <td class={c.number ? "number" : ""}>
					{c.cell(r, tongue, clock)}</td>)}</tr>;
		})}</tbody></table>
	<p><a href={`/api/v1/${plural}${query(filter, { f: "csv",
		limit: "1000" })}`} download={plural + ".csv"}>
		{tongue.say("download")} (CSV)</a></p></div>;
}
