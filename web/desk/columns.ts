// SPDX-License-Identifier: GPL-3.0-or-later
//
// columns.ts - incidents as binary columns (src/serve/points.h), as views into
// the bytes that came.

export interface Columns {
	rows: number;
	/** UTC ms that `t` counts from. */
	t0: number;
	/** Entries that the log had. */
	size: number;
	cut: boolean;
	id: Uint32Array;
	t: Uint32Array;
	/** Seconds that it lasts; 0 a moment. */
	d: Uint32Array;
	lon: Int32Array;
	lat: Int32Array;
	err: Uint16Array;
	kind: Uint8Array;
	state: Uint8Array;
	n: Uint16Array;
	nq: Uint8Array;
}

const MAGIC = "TRUCECL1", HEAD = 40, COLUMN = 24;
export const UNKNOWN_PLACE = -2147483648;

const kinds = {
	"0/4": Uint32Array, "1/4": Int32Array, "0/2": Uint16Array,
	"0/1": Uint8Array,
} as const;

export type Column = Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** Any table of the format, by the names of its columns. */
export function tableOf(buffer: ArrayBuffer) {
	const view = new DataView(buffer);
	const text = (at: number, n: number) =>
		new TextDecoder().decode(new Uint8Array(buffer, at, n));
	if (buffer.byteLength < HEAD || text(0, 8) !== MAGIC)
		throw new Error("columns: not begun by " + MAGIC);
	const rows = view.getUint32(12, true);
	const count = view.getUint32(32, true);
	const of: Record<string, Column> = {};
	for (let c = 0; c < count; c++) {
		const at = HEAD + c * COLUMN;
		const name = text(at, 8).replace(/\0+$/, "");
		const key = `${view.getUint8(at + 8)}/${view.getUint8(at + 9)}`;
		const Kind = kinds[key as keyof typeof kinds];
		if (!Kind)
			throw new Error(`columns: ${name} of type ${key}`);
		of[name] = new Kind(buffer, view.getUint32(at + 12, true), rows);
	}
	return { rows, of, t0: Number(view.getBigInt64(16, true)),
		size: Number(view.getBigUint64(24, true)),
		flags: view.getUint32(36, true) };
}

export function readColumns(buffer: ArrayBuffer): Columns {
	const { rows, of, t0, size, flags } = tableOf(buffer);
	for (const name of ["id", "t", "d", "lon", "lat", "err", "kind", "state", "n",
		"nq"])
		if (!(name in of))
			throw new Error(`columns: no ${name}`);
	return { rows, t0, size, cut: (flags & 4) !== 0,
		...of } as unknown as Columns;
}

/** Does row i touch [from, to), in UTC ms of whole seconds? */
export function touches(c: Columns, i: number, from: number | null,
	to: number | null): boolean {
	const t = c.t0 + (c.t[i] ?? 0) * 1000, d = (c.d[i] ?? 0) * 1000;
	return t < (to ?? Infinity) && (from === null || t >= from ||
		t + d > from);
}
