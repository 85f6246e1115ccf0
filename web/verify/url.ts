// SPDX-License-Identifier: GPL-3.0-or-later
//
// url.ts - what a web server shows below an address, as a Source.
import { textOf } from "./bytes.js";
import type { Source } from "./source.js";

export function urlSource(base: string): Source {
	const at = base.endsWith("/") ? base : `${base}/`;
	const read = async (path: string): Promise<Uint8Array | null> => {
		const name = path.split("/").map(encodeURIComponent).join("/");
		const r = await fetch(at + name, { cache: "no-store" });
		if (r.status === 404 || r.status === 403)
			return null;
		if (!r.ok)
			throw new Error(`${at}${path}: the server says ${r.status}`);
		return new Uint8Array(await r.arrayBuffer());
	};
	return {
		read,
		/* A pack says itself what is in it. */
		async list(folder) {
			const m = await read("MANIFEST");
			return m && textOf(m, "MANIFEST").split("\n")
				.map((l) => l.slice(66))
				.filter((p) => p.startsWith(`${folder}/`));
		},
	};
}
