// SPDX-License-Identifier: GPL-3.0-or-later
//
// onefile.ts - what a single file is, by its first line.
export type FileKind = "disclosure" | "proof" | "receipt" | "equivocation";

const FIRST: [string, FileKind][] = [
	["truce.disclosure/", "disclosure"],
	["c2sp.org/tlog-proof@", "proof"],
	["truce.receipt/", "receipt"],
	["truce.equivocation/", "equivocation"],
];

export function kindOf(bytes: Uint8Array): FileKind | null {
	const head = new TextDecoder("latin1").decode(bytes.subarray(0, 32));
	return FIRST.find(([s]) => head.startsWith(s))?.[1] ?? null;
}
