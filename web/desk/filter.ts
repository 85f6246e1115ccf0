// SPDX-License-Identifier: GPL-3.0-or-later
//
// filter.ts - what is shown, as it stands in the address: one parser, one
// printer (DESK.md 4).  What is not known is kept and told of, never dropped.

export interface Filter {
	/** UTC ms, [from, to); null: open. */
	from: number | null;
	to: number | null;
	kinds: string[];
	/** An incident or finding that is open. */
	open: string | null;
	/** Ledger index that the view is pinned to. */
	at: number | null;
	lang: string | null;
	tab: string | null;
	local: boolean;
	unknown: string[];
}

export const everything: Filter = {
	from: null, to: null, kinds: [], open: null, at: null, lang: null,
	tab: null, local: false, unknown: [],
};

const time = (ms: number) =>
	new Date(ms).toISOString().replace(/\.000Z$/, "Z");

function moment(text: string): number | null {
	const ms = Date.parse(text);
	return text !== "" && Number.isFinite(ms) ? ms : null;
}

export function parseFilter(search: string): Filter {
	const f: Filter = { ...everything, kinds: [], unknown: [] };
	for (const [key, value] of new URLSearchParams(search)) {
		if (key === "t") {
			const [a, b] = value.split("~");
			f.from = moment(a ?? "");
			f.to = moment(b ?? "");
		} else if (key === "k") {
			f.kinds = value.split(",").filter((k) => /^[a-z_]+$/.test(k))
				.sort();
		} else if (key === "i") {
			f.open = value;
		} else if (key === "at" && /^\d+$/.test(value)) {
			f.at = Number(value);
		} else if (key === "lang") {
			f.lang = value;
		} else if (key === "v") {
			f.tab = value;
		} else if (key === "z") {
			f.local = value === "local";
		} else {
			f.unknown.push(key);
		}
	}
	return f;
}

export function printFilter(f: Filter): string {
	const out: string[] = [];
	if (f.from !== null || f.to !== null)
		out.push(`t=${f.from === null ? "" : time(f.from)}~${
			f.to === null ? "" : time(f.to)}`);
	if (f.kinds.length > 0)
		out.push(`k=${[...f.kinds].sort().join(",")}`);
	if (f.open)
		out.push(`i=${encodeURIComponent(f.open)}`);
	if (f.tab)
		out.push(`v=${encodeURIComponent(f.tab)}`);
	if (f.lang)
		out.push(`lang=${encodeURIComponent(f.lang)}`);
	if (f.local)
		out.push("z=local");
	if (f.at !== null)
		out.push(`at=${f.at}`);
	return out.length > 0 ? "?" + out.join("&") : "";
}
