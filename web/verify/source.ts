// SPDX-License-Identifier: GPL-3.0-or-later
//
// source.ts - where the files of a mirror come from.
import { Refusal } from "./bytes.js";

/** Where the files come from: a folder, a list of picked files, a URL. */
export interface Source {
	/** null: there is no such file. */
	read(path: string): Promise<Uint8Array | null>;
	/** Names below a folder, or null where they cannot be listed. */
	list(folder: string): Promise<string[] | null>;
}

export type Progress = (what: string, done: number, of: number) => void;

/** A file that must be there. */
export async function need(
	source: Source,
	path: string,
	rule: string,
	index: number | null,
): Promise<Uint8Array> {
	const bytes = await source.read(path);
	if (!bytes)
		throw new Refusal(rule, `${path}: is not there`, index);
	return bytes;
}
