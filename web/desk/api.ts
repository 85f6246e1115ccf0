// SPDX-License-Identifier: GPL-3.0-or-later
//
// api.ts - asks our own server (docs/api.md); nobody else is ever asked.
import { readCells, type Cell } from "./cells";
import { readColumns, type Columns } from "./columns";
import type { Filter } from "./filter";

export interface Mission {
	name: string;
	title: string | null;
	timezone: string;
	offsets: { from: string; east_s: number; called: string | null }[];
	parties: { id: string; name: string }[];
	bbox: [number, number, number, number];
	called: Called[];
	terms_sha256: string | null;
	index: number | null;
}

/** A line or zone of the agreement, as its map calls it. */
export interface Called {
	id: string;
	name: string;
	name_uk: string | null;
	name_ru: string | null;
	name_fr: string | null;
}

export interface Words {
	kinds: string[];
	statuses: string[];
	count_meanings: string[];
}

export type Row = Record<string, unknown>;

/** What the server said no to, and why. */
export class Refused extends Error {
	constructor(readonly status: number, why: string) {
		super(why);
	}
}

async function ask(path: string): Promise<Response> {
	const r = await fetch(path);
	if (r.ok)
		return r;
	let why = r.statusText;
	try {
		why = ((await r.json()) as { detail?: string }).detail ?? why;
	} catch {
		// the status says enough
	}
	throw new Refused(r.status, why);
}

export const json = async <T>(path: string): Promise<T> =>
	await (await ask("/api/v1/" + path)).json() as T;

export function query(f: Filter, more: Record<string, string> = {}): string {
	const q = new URLSearchParams();
	if (f.from !== null)
		q.set("from", new Date(f.from).toISOString());
	if (f.to !== null)
		q.set("to", new Date(f.to).toISOString());
	if (f.at !== null)
		q.set("at", String(f.at));
	for (const [k, v] of Object.entries(more))
		q.set(k, v);
	const s = q.toString();
	return s ? "?" + s : "";
}

export async function columns(f: Filter): Promise<Columns> {
	const whole = { ...f, from: null, to: null };
	return readColumns(await (await ask("/api/v1/columns" + query(whole)))
		.arrayBuffer());
}

/** Counted by the server, of a time. */
export async function cells(f: Filter, zoom: number, kinds: string[]):
Promise<Cell[]> {
	return readCells(await (await ask("/api/v1/columns" + query(f,
		{ cells: String(zoom) }))).arrayBuffer(), kinds);
}

/** Rows of CSV by the names of its first line (RFC 4180). */
export function readCsv(text: string): Record<string, string>[] {
	const rows: string[][] = [[]];
	const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gy;
	for (let m; cell.lastIndex < text.length && (m = cell.exec(text));) {
		const raw = m[1] ?? "";
		rows[rows.length - 1]?.push(raw.startsWith("\"")
			? raw.slice(1, -1).replaceAll("\"\"", "\"") : raw);
		if (m[2] !== ",")
			rows.push([]);
	}
	const head = rows.shift() ?? [];
	return rows.filter((r) => r.length === head.length).map((r) =>
		Object.fromEntries(head.map((h, i) => [h, r[i] ?? ""])));
}

export interface Page {
	rows: Record<string, string>[];
	/** Place of the next page; null: this was the last. */
	next: string | null;
}

/** A page of records, as the cells of their CSV. */
export async function page(plural: string, f: Filter,
	more: Record<string, string> = {}): Promise<Page> {
	const r = await ask(`/api/v1/${plural}`
		+ query(f, { f: "csv", limit: "1000", ...more }));
	return { rows: readCsv(await r.text()), next: r.headers.get("Link")
		?.match(/<\?after=([^>]+)>; rel="next"/)?.[1] ?? null };
}

/** GeoJSON of those records of a filter that have one of the ids. */
export async function features(plural: string, f: Filter, ids: Set<string>) {
	const all: unknown[] = [];
	for (let after: string | null = ""; after !== null;) {
		const p: { features: { id?: string }[]; next?: string | null } =
			await json(plural + query(f, { f: "geojson", limit: "1000",
				...after && { after } }));
		all.push(...p.features.filter((x) => ids.has(x.id ?? "")));
		after = p.next ?? null;
	}
	return { type: "FeatureCollection", features: all };
}

export interface Event {
	index: number;
	kind: string;
	record: Row;
}

/** What `truce run` tells at once (docs/schema/alert.json). */
export interface Alert {
	alert?: number;
	incident?: Row;
}

/** Until closed: what is logged behind an index, and what is heard before. */
export function listen(after: number, told: (e: Event) => void,
	heard: (a: Alert) => void, state: (live: boolean) => void): EventSource {
	const s = new EventSource(`/api/v1/stream?after=${after}`);
	s.onopen = () => state(true);
	s.onerror = () => state(false);
	for (const kind of ["incident", "finding", "activity", "claim",
		"obligation"])
		s.addEventListener(kind, (e) => told({
			index: Number(e.lastEventId), kind,
			record: JSON.parse(e.data as string) as Row,
		}));
	s.addEventListener("alert", (e) =>
		heard(JSON.parse((e as MessageEvent<string>).data) as Alert));
	return s;
}
