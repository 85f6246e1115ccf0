// SPDX-License-Identifier: GPL-3.0-or-later
//
// vectors.ts - for tests: all vectors in a browser, of a folder that was
// picked; one line each, as `verify.js vectors` prints them.
import { allVectors } from "../verify/vectors.js";

const input = document.getElementById("folder") as HTMLInputElement;

async function run(files: File[]): Promise<string> {
	const byPath = new Map(files.map((f) =>
		[f.webkitRelativePath.replace(/^[^/]*\//, ""), f]));
	const lines: string[] = [];
	await allVectors({
		async read(path) {
			const f = byPath.get(path);
			return f ? new Uint8Array(await f.arrayBuffer()) : null;
		},
		async list(folder) {
			return [...byPath.keys()].filter((p) =>
				p.startsWith(`${folder}/`));
		},
	}, (v) => lines.push(`${v.name} ${v.got}`));
	return lines.join("\n");
}

input.addEventListener("change", () => {
	run([...input.files ?? []]).then((text) => {
		document.getElementById("lines")!.textContent = text;
		document.body.dataset.verdict = "done";
	}, (e: unknown) => {
		document.body.dataset.verdict = String(e);
	});
});
