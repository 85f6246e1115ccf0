// SPDX-License-Identifier: GPL-3.0-or-later
//
// worker.ts - does the work beside the page, so that it stays alive; and
// where the page's files come from.
import { authoritiesOf } from "./anchor.js";
import { Refusal } from "./bytes.js";
import type { Anchors } from "./mirror.js";
import { verifyMirror } from "./mirror.js";
import { leafHash } from "./merkle.js";
import { readKey } from "./note.js";
import { verifyEquivocation } from "./equivocation.js";
import { kindOf } from "./onefile.js";
import { readPolicy } from "./policy.js";
import {
	readDisclosure, readProof, verifyDisclosure, verifyProof,
} from "./proof.js";
import { readReceipt, recordIs, verifyReceipt } from "./receipt.js";
import type { Source } from "./source.js";
import type { Summary } from "./summary.js";
import {
	disclosureSummary, equivocationSummary, mirrorSummary, proofSummary,
	receiptSummary, refused,
} from "./summary.js";
import { urlSource } from "./url.js";

export interface Picked {
	path: string;
	file: Blob;
}

export interface Task {
	files: Picked[];
	url: string;
	key: string;
	genesis: string;
	policy: Blob | null;
	joint: Blob | null;
	since: Blob | null;
	authorities: Blob[];
}

export type Answer =
	| { done: Summary }
	| { what: string; at: number; of: number }
	| { failed: string };

async function bytesOf(b: Blob): Promise<Uint8Array> {
	return new Uint8Array(await b.arrayBuffer());
}

function fileSource(files: Picked[], folder: string): Source {
	const byPath = new Map<string, Blob>();
	for (const f of files)
		if (f.path.startsWith(folder))
			byPath.set(f.path.slice(folder.length), f.file);
	return {
		async read(path) {
			const f = byPath.get(path);
			return f ? bytesOf(f) : null;
		},
		async list(name) {
			return [...byPath.keys()].filter((p) => p.startsWith(`${name}/`));
		},
	};
}

async function anchorsOf(t: Task): Promise<Anchors> {
	const genesis = t.genesis.trim().toLowerCase();
	if (genesis && !/^[0-9a-f]{64}$/.test(genesis))
		throw new Refusal("key", "hash of entry 0: wants 64 hex digits");
	return {
		key: t.key.trim() ? readKey(t.key.trim()) : null,
		genesis: genesis || null,
		policy: t.policy ? readPolicy(await bytesOf(t.policy)) : null,
		joint: t.joint ? readPolicy(await bytesOf(t.joint)) : null,
		seen: t.since ? [await bytesOf(t.since)] : [],
		authorities: authoritiesOf(await Promise.all(
			t.authorities.map((b) => b.text()))),
	};
}

/** The folder in which the log lies: of a pack, a mirror, or a mission. */
function logFolder(files: Picked[]): string | null {
	const found = files.map((f) => f.path)
		.filter((p) => p === "checkpoint" || p.endsWith("/checkpoint"))
		.sort((a, b) => a.length - b.length)[0];
	return found === undefined ? null
		: found.slice(0, found.length - "checkpoint".length);
}

async function oneFile(t: Task, anchors: Anchors): Promise<Summary> {
	const all = await Promise.all(t.files.map(async (f) =>
		({ path: f.path, bytes: await bytesOf(f.file) })));
	const found = all.find((f) => kindOf(f.bytes));
	const other = all.find((f) => f !== found)?.bytes ?? null;
	const key = anchors.key, kind = found && kindOf(found.bytes);
	switch (kind) {
	case "equivocation":
		return equivocationSummary(
			verifyEquivocation(found!.bytes, key), key);
	case "disclosure": {
		const d = readDisclosure(found!.bytes);
		return disclosureSummary(d, verifyDisclosure(d, key), key);
	}
	case "receipt": {
		const r = readReceipt(found!.bytes), done = verifyReceipt(r, key);
		if (other && !recordIs(r, other))
			throw new Refusal("receipt", "the record that you chose is not "
				+ "the one of the receipt", r.batch.proof.index);
		return receiptSummary(r, done, key, other !== null);
	}
	case "proof": {
		if (!other)
			throw new Refusal("proof", "choose, together with the "
				+ ".tlog-proof, the file that it speaks of");
		const p = readProof(found!.bytes), leaf = leafHash(other);
		return proofSummary(p, verifyProof(p, leaf, key), leaf, key);
	}
	default:
		throw new Refusal("proof", "wants a .disclosure, .receipt, "
			+ ".equivocation or .tlog-proof file, or a folder that holds a "
			+ "log");
	}
}

async function work(t: Task, say: (a: Answer) => void): Promise<Summary> {
	const anchors = await anchorsOf(t);
	const folder = t.url ? null : logFolder(t.files);
	if (!t.url && folder === null)
		return oneFile(t, anchors);
	const source = t.url ? urlSource(t.url) : fileSource(t.files, folder!);
	let last = 0;
	const report = await verifyMirror(source, anchors, (what, at, of) => {
		if (Date.now() - last > 100 || at === of) {
			last = Date.now();
			say({ what, at, of });
		}
	});
	return mirrorSummary(report, Date.now());
}

const scope = self as unknown as {
	onmessage: (e: MessageEvent<Task>) => void;
	postMessage: (a: Answer) => void;
};

scope.onmessage = (e) => {
	work(e.data, (a) => scope.postMessage(a)).then(
		(done) => scope.postMessage({ done }),
		(err: unknown) => scope.postMessage(err instanceof Refusal
			? { done: refused(err, []) }
			: { failed: String((err as Error).message ?? err) }));
};
