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

export function folderSource(root: string): Source {
	return {
		async read(path) {
			try {
				return new Uint8Array(await readFile(join(root, path)));
			} catch (e) {
				if (isMissing(e))
					return null;
				throw e;
			}
		},
		async list(folder) {
			const out: string[] = [];
			const left = [folder];
			for (let at = left.pop(); at !== undefined; at = left.pop()) {
				let names;
				try {
					names = await readdir(join(root, at),
						{ withFileTypes: true });
				} catch (e) {
					if (isMissing(e))
						continue;
					throw e;
				}
				for (const n of names)
					(n.isDirectory() ? left : out).push(`${at}/${n.name}`);
			}
			return out;
		},
	};
}
