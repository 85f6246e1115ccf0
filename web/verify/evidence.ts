// SPDX-License-Identifier: GPL-3.0-or-later
//
// evidence.ts - the files that entries speak of, as far as they are in a
// mirror: each bears its own hash, each batch its root (PROOF.md 6).
import { Refusal, toHex } from "./bytes.js";
import type { Body } from "./entry.js";
import { fieldCount, fieldHash } from "./entry.js";
import { leafHash, rootOf, sha256 } from "./merkle.js";
import type { Report } from "./mirror.js";
import type { Progress, Source } from "./source.js";
import { need } from "./source.js";

export class Evidence {
	private listed: string[] | null = null;
	private readonly wanted: { i: number; type: number; body: Body }[] = [];

	constructor(
		readonly source: Source,
		readonly report: Report,
		readonly progress: Progress,
	) {}

	want(i: number, type: number, body: Body): void {
		this.wanted.push({ i, type, body });
	}

	async all(): Promise<void> {
		for (const w of this.wanted)
			await this.blob(w.i, w.type, w.body);
		await this.blobs();
	}

	private async blob(i: number, type: number, body: Body): Promise<void> {
		const name = fieldHash(body, "blob");
		if (!name) {
			if (body.fields.has("blob")
				&& body.fields.get("blob") === undefined)
				return; /* withheld */
			throw new Refusal("batch", "wants blob", i);
		}
		const path = blobPath(name);
		const bytes = await this.source.read(path);
		if (!bytes) {
			if (!(await this.hasBlobs())) {
				this.report.blobsMissing++;
				return;
			}
			throw new Refusal("blob", `${path}: is not there`, i);
		}
		if (toHex(sha256(bytes)) !== name)
			throw new Refusal("blob",
				`${path}: its bytes are not what it is named by`, i);
		if (type === 13)
			this.batch(i, body, bytes);
	}

	/** Or is this a mirror without evidence? */
	private async hasBlobs(): Promise<boolean> {
		this.listed ??= (await this.source.list("blobs")) ?? [];
		return this.listed.length > 0;
	}

	private batch(i: number, body: Body, bytes: Uint8Array): void {
		const lines: Uint8Array[] = [];
		for (let at = 0; at < bytes.length;) {
			const lf = bytes.indexOf(10, at);
			const end = lf < 0 ? bytes.length : lf;
			lines.push(leafHash(bytes.subarray(at, end)));
			at = end + 1;
		}
		if (fieldCount(body, "count") !== lines.length
			|| fieldHash(body, "root") !== toHex(rootOf(lines)))
			throw new Refusal("batch",
				"count or root is not that of its blob", i);
		this.report.batches++;
	}

	/** Every evidence file that is there bears its own hash. */
	async blobs(): Promise<void> {
		const all = (await this.hasBlobs()) ? this.listed!.sort() : [];
		for (const [k, path] of all.entries()) {
			const name = path.slice(path.lastIndexOf("/") + 1);
			if (path !== blobPath(name))
				throw new Refusal("blob", `${path}: is no evidence file`);
			const bytes = await need(this.source, path, "blob", null);
			if (toHex(sha256(bytes)) !== name)
				throw new Refusal("blob",
					`${path}: its bytes are not what it is named by`);
			this.report.blobs++;
			this.progress("blobs", k + 1, all.length);
		}
	}
}

export function blobPath(hex: string): string {
	return `blobs/sha256/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex}`;
}
