// SPDX-License-Identifier: GPL-3.0-or-later
//
// files.ts - a folder on disk as a Source (node only).
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import type { Source } from "./source.js";

function isMissing(e: unknown): boolean {
	const code = (e as { code?: string }).code;
	return code === "ENOENT" || code === "ENOTDIR";
}

/** null where nothing is there; any other failure goes on its way. */
async function orNull<T>(found: Promise<T>): Promise<T | null> {
	try {
		return await found;
	} catch (e) {
		if (isMissing(e))
			return null;
		throw e;
	}
}

export function folderSource(root: string): Source {
	return {
		async read(path) {
			const bytes = await orNull(readFile(join(root, path)));
			return bytes && new Uint8Array(bytes);
		},
		async list(folder) {
			const out: string[] = [];
			const left = [folder];
			for (let at = left.pop(); at !== undefined; at = left.pop()) {
				const names = await orNull(readdir(join(root, at),
					{ withFileTypes: true }));
				for (const n of names ?? [])
					(n.isDirectory() ? left : out).push(`${at}/${n.name}`);
			}
			return out;
		},
	};
}
