// SPDX-License-Identifier: GPL-3.0-or-later
//
// mirror.ts - a whole log, as any web server or folder holds it (PROOF.md 4
// and 9):
//
//	checkpoint                   the newest signed note
//	tile/<L>/<N>[.p/<W>]         hashes
//	tile/entries/<N>[.p/<W>]     entries
//	disclosures/<N>.disclosure   bodies at hand, by index (packs only)
//	stamps/<N>.tsr               time stamps that entries are about
//	blobs/sha256/aa/bb/<hex>     evidence at hand (packs only)
//
// Stops at the first failure and names it: rule, entry, file.
import type { Fields, Recomputed } from "../judge/pack.js";
import { recompute } from "../judge/pack.js";
import type { Stamps } from "./anchor.js";
import { Anchored } from "./anchor.js";
import { Refusal, equal, toHex, within } from "./bytes.js";
import type { Clocks } from "./clocks.js";
import { clocksOf } from "./clocks.js";
import type { Body, Entry } from "./entry.js";
import { readEntry } from "./entry.js";
import { Evidence } from "./evidence.js";
import { readGenesis } from "./keys.js";
import { Range, leafHash, rootOf } from "./merkle.js";
import type { Checkpoint, Key } from "./note.js";
import { noteSignedBy, readCheckpoint, verifyCheckpoint } from "./note.js";
import type { States } from "./people.js";
import { People } from "./people.js";
import type { Policy, Witnessed } from "./policy.js";
import { judge } from "./policy.js";
import { readDisclosure, verifyDisclosure } from "./proof.js";
import type { Heartbeats } from "./pulse.js";
import { Pulse } from "./pulse.js";
import type { Progress, Source } from "./source.js";
import { need } from "./source.js";
import type { Authority } from "./stamp.js";
import {
	WIDTH, indexPath, levelSize, levels, splitBundle, splitTile, tilePath,
	widthOf,
} from "./tiles.js";

export interface Anchors {
	key: Key | null; /* of the log; null: as the genesis entry says */
	genesis: string | null; /* hex of entry 0's leaf hash */
	policy: Policy | null;
	joint?: Policy | null; /* asked of, not needed for the verdict */
	seen: Uint8Array[]; /* checkpoints seen before */
	authorities?: Authority[]; /* whose time stamps are believed */
}

export interface Report {
	verified: boolean;
	refusal: Refusal | null;
	origin: string;
	key: Key | null;
	keyGiven: boolean; /* from the anchors, not from the mirror itself */
	size: number;
	root: string;
	genesis: string;
	checkpoints: number; /* seen before and consistent */
	entries: number;
	signatures: number;
	byType: Map<number, number>;
	bodies: number; /* at hand and right */
	withheld: number; /* fields */
	unnamed: number; /* bodies whose names are not proven */
	batches: number;
	blobs: number;
	blobsMissing: number;
	intakes: number; /* whose records are not at hand */
	people: States | null; /* null: not got so far */
	heartbeats: Heartbeats | null;
	stamps: Stamps | null;
	closed: number; /* bodies gone, whose erasure is complete */
	lifted: number; /* sealed entries that were opened since */
	witnessed: Witnessed | null;
	joint: Witnessed | null;
	kept: Checkpoint[]; /* older ones that the mirror keeps */
	clocks: Clocks | null; /* of authors; null: no policy to ask */
	policySha: string | null; /* as the log names it; null: not known */
	newest: number | null; /* entry's time, ms */
	recomputed: Recomputed | null; /* findings; null: no mission here */
}

/** The tile or bundle as it stands, or its full form: a log may remove a
 * partial one once it is full. */
async function needTile(
	source: Source,
	level: number | "entries",
	n: number,
	width: number,
	index: number,
): Promise<{ path: string; bytes: Uint8Array; width: number }> {
	const path = tilePath(level, n, width);
	const bytes = await source.read(path);
	if (bytes)
		return { path, bytes, width };
	const full = tilePath(level, n, WIDTH);
	const whole = width < WIDTH ? await source.read(full) : null;
	if (!whole)
		throw new Refusal(level === "entries" ? "bundle" : "tile",
			`${path}: is not there`, index);
	return { path: full, bytes: whole, width: WIDTH };
}

class Auditor {
	readonly people = new People();
	private readonly evidence: Evidence;
	private readonly open = new Set<number>();
	readonly raw: Uint8Array[] = [];
	readonly leaves: Uint8Array[] = [];
	readonly times: number[] = []; /* what each entry says, ms */
	checkpoint!: Checkpoint;
	private note = new Uint8Array(0);
	/* Notes, and of which entry; whose word they are is known at the end. */
	private readonly notes: { bytes: Uint8Array; rule: "checkpoint" | "body";
		index: number | null }[] = [];
	private follows = false; /* entry 0 names the log's key */
	private readonly records: Fields[] = [];
	private anchored!: Anchored;

	constructor(
		readonly source: Source,
		readonly anchors: Anchors,
		readonly report: Report,
		readonly progress: Progress,
	) {
		this.evidence = new Evidence(source, report, progress);
	}

	// -- keys and checkpoint --

	/** What entry 0 says of itself, if its body is at hand. */
	async genesis(): Promise<void> {
		const path = `disclosures/${indexPath(0)}.disclosure`;
		const bytes = await this.source.read(path);
		if (!bytes) {
			if (!this.anchors.key)
				throw new Refusal("key", "the log's key is not known: give "
					+ "it, or a mirror with disclosures");
			this.report.key = this.anchors.key;
			return;
		}
		const body = within("genesis", 0, path, () =>
			verifyDisclosure(readDisclosure(bytes), null).body);
		const log = within("genesis", 0, path, () => readGenesis(body).log);
		const given = this.anchors.key;
		if (given && (given.name !== log.name || !equal(given.key, log.key)))
			throw new Refusal("genesis",
				`entry 0 names the key of ${log.name}, another than yours`, 0);
		this.report.key = given ?? log;
		this.follows = true;
	}

	/** A note of this log: by the key that entry 0 names, or by one that
	 * came later, as byRight() will tell. */
	private noteOf(
		bytes: Uint8Array,
		rule: "checkpoint" | "body",
		index: number | null,
		path: string,
	): Checkpoint {
		const key = this.report.key!;
		return within(rule, index, path, () => {
			if (!this.follows)
				return verifyCheckpoint(bytes, key);
			const c = readCheckpoint(bytes);
			if (c.origin !== key.name)
				throw new Refusal("checkpoint", `of another log: ${c.origin}`);
			noteSignedBy(c.note, key); /* refuses one that does not hold */
			this.notes.push({ bytes, rule, index });
			return c;
		});
	}

	/** Signed by the key whose word it is, by what all entries say: notes of
	 * the whole log, or those that entries are shown under. */
	byRight(rule: "checkpoint" | "body"): void {
		for (const n of this.notes.filter((x) => x.rule === rule)) {
			const c = readCheckpoint(n.bytes);
			const key = this.people.directory?.logOf(c.size);
			if (!key)
				throw new Refusal(rule, `of ${c.size} entries: the log's key `
					+ "was handed over before, and the next one did not "
					+ "count yet", n.index);
			within(rule, n.index, "", () => verifyCheckpoint(n.bytes, key));
		}
	}

	async readCheckpoint(): Promise<void> {
		const bytes = await need(this.source, "checkpoint", "checkpoint", null);
		this.note = new Uint8Array(bytes);
		this.checkpoint = this.noteOf(bytes, "checkpoint", null,
			"checkpoint");
		this.report.size = this.checkpoint.size;
		this.report.origin = this.checkpoint.origin;
		this.report.root = toHex(this.checkpoint.root);
		const joint = this.anchors.joint;
		if (joint)
			this.report.joint = within("checkpoint", null, "checkpoint",
				() => judge(joint, this.checkpoint));
		const policy = this.anchors.policy;
		if (!policy)
			return;
		const w = within("checkpoint", null, "checkpoint",
			() => judge(policy, this.checkpoint));
		this.report.witnessed = w;
		if (!w.met)
			throw new Refusal("quorum",
				"too few of the policy's witnesses cosigned");
	}

	// -- tree --

	/** Bundles and tiles of level 0; then the levels above; then the root.
	 * Where an entry and its hash differ, the root tells which is wrong. */
	async tree(): Promise<void> {
		const size = this.checkpoint.size;
		const fromEntries = new Range(), fromTiles = new Range();
		let differs: { index: number; bundle: string; tile: string } | null
			= null;
		for (let n = 0; n * WIDTH < size; n++) {
			const at = n * WIDTH, width = widthOf(n, size);
			const b = await needTile(this.source, "entries", n, width, at);
			const t = await needTile(this.source, 0, n, width, at);
			const entries = within("bundle", at, b.path,
				() => splitBundle(b.bytes, b.width)).slice(0, width);
			const hashes = within("tile", at, t.path,
				() => splitTile(t.bytes, t.width)).slice(0, width);
			entries.forEach((e, i) => {
				const leaf = leafHash(e);
				fromEntries.add(leaf);
				fromTiles.add(hashes[i]!);
				this.raw.push(e);
				this.leaves.push(leaf);
				if (!differs && !equal(leaf, hashes[i]!))
					differs = { index: at + i, bundle: b.path, tile: t.path };
			});
			this.progress("tree", at + width, size);
		}
		this.judgeTree(differs, fromEntries, fromTiles);
		await this.upper();
	}

	private judgeTree(
		differs: { index: number; bundle: string; tile: string } | null,
		fromEntries: Range,
		fromTiles: Range,
	): void {
		const root = this.checkpoint.root;
		if (differs) {
			const rightTiles = equal(fromTiles.root(), root);
			const rule = rightTiles ? "entry" : "tile";
			throw new Refusal(rule, rightTiles
				? `${differs.bundle}: entry is not the one that was logged`
				: `${differs.tile}: hash is not that of the entry`,
			differs.index);
		}
		if (!equal(fromEntries.root(), root))
			throw new Refusal("checkpoint", "the entries up to here are not "
				+ "those signed", this.checkpoint.size);
	}

	/** Each hash of a level above stands for so many entries. */
	private async upper(): Promise<void> {
		const size = this.checkpoint.size;
		for (let l = 1; l < levels(size); l++) {
			const each = WIDTH ** l;
			for (let n = 0; n * WIDTH < levelSize(l, size); n++) {
				const width = widthOf(n, levelSize(l, size));
				const first = n * WIDTH * each;
				const t = await needTile(this.source, l, n, width, first);
				const hashes = within("tile", first, t.path,
					() => splitTile(t.bytes, t.width)).slice(0, width);
				hashes.forEach((h, i) => {
					const at = first + i * each;
					if (!equal(h, rootOf(this.leaves.slice(at, at + each))))
						throw new Refusal("tile", `${t.path}: hash ${i} is `
							+ "not that of the tile below", at);
				});
			}
		}
	}

	/** A beginning of this log; `size`: that it must be of. */
	private passed(
		bytes: Uint8Array,
		size: number | null,
		path: string,
	): Checkpoint {
		const c = this.noteOf(bytes, "checkpoint", size, path);
		if (size !== null && c.size !== size)
			throw new Refusal("checkpoint", `${path}: is of ${c.size} entries`,
				size);
		if (c.size > this.checkpoint.size)
			throw new Refusal("checkpoint", `${path}: ${c.size} entries, here `
				+ `are ${this.checkpoint.size}`, this.checkpoint.size);
		if (!equal(rootOf(this.leaves.slice(0, c.size)), c.root))
			throw new Refusal("checkpoint", `${path}: another log`, c.size);
		return c;
	}

	/** Every checkpoint seen before must be a beginning of this log. */
	before(): void {
		for (const bytes of this.anchors.seen) {
			this.passed(bytes, null, "the one seen before");
			this.report.checkpoints++;
		}
	}

	/** Those that the mirror keeps of itself: checkpoints/<size>. */
	async keptBefore(): Promise<void> {
		const sizes = (await this.source.list("checkpoints") ?? [])
			.filter((p) => /^checkpoints\/[1-9][0-9]{0,14}$/.test(p))
			.map((p) => Number(p.slice("checkpoints/".length)))
			.sort((a, b) => a - b);
		for (const size of sizes) {
			const path = `checkpoints/${size}`;
			const bytes = await need(this.source, path, "checkpoint", size);
			this.report.kept.push(this.passed(bytes, size, path));
		}
	}

	// -- entries, with what they say --

	async allEntries(): Promise<void> {
		const r = this.report, pulse = new Pulse(this.leaves);
		this.anchored = new Anchored(this.source, r.key!.name, this.leaves,
			this.times, this.anchors.authorities ?? []);
		for (let i = 0; i < this.raw.length; i++) {
			const e = within("entry", i, "", () => readEntry(this.raw[i]!));
			if (i === 0)
				this.first(e);
			const body = await this.people.take(i, e,
				() => this.body(i, e));
			pulse.take(i, e, body);
			this.times.push(e.timeMs);
			await this.anchored.take(i, e, body);
			r.entries++;
			r.byType.set(e.type, (r.byType.get(e.type) ?? 0) + 1);
			r.newest = Math.max(r.newest ?? 0, e.timeMs);
			r.signatures = this.people.signatures;
			r.intakes += e.type === 1 ? 1 : 0;
			if (body) {
				r.bodies++;
				r.withheld += body.shut;
				r.unnamed += body.named ? 0 : 1;
				if (e.type === 13 || body.fields.has("blob"))
					this.evidence.want(i, e.type, body);
				this.open.add(i);
				if (body.named && [2, 3, 14].includes(e.type))
					this.records.push(body.fields);
			}
			if (i % 64 === 63) {
				this.progress("entries", i + 1, this.raw.length);
				await pause();
			}
		}
		r.heartbeats = pulse.seen;
		r.people = this.people.states();
		r.policySha = this.people.directory?.policy ?? null;
		r.closed = [...this.people.erased()]
			.filter((i) => !this.open.has(i)).length;
		r.lifted = this.people.lifted();
	}

	private first(e: Entry): void {
		this.report.genesis = toHex(e.leaf);
		const want = this.anchors.genesis;
		if (want && want !== this.report.genesis)
			throw new Refusal("genesis", "entry 0 is not the one you know", 0);
	}

	/** What an entry says, if this copy tells. */
	private async body(i: number, e: Entry): Promise<Body | null> {
		const path = `disclosures/${indexPath(i)}.disclosure`;
		const bytes = await this.source.read(path);
		if (!bytes)
			return null;
		const d = within("body", i, path, () => readDisclosure(bytes));
		if (!equal(d.entry.leaf, e.leaf))
			throw new Refusal("body", `${path}: is of another entry`, i);
		if (d.proof.index !== i)
			throw new Refusal("body",
				`${path}: its proof is of entry ${d.proof.index}`, i);
		if (!this.isOurs(d.proof.note))
			this.noteOf(d.proof.note, "body", i, path);
		const done = within("body", i, path, () => verifyDisclosure(d, null));
		const c = done.checkpoint;
		if (c.size > this.checkpoint.size || !equal(c.root,
			c.size === this.checkpoint.size ? this.checkpoint.root
				: rootOf(this.leaves.slice(0, c.size))))
			throw new Refusal("body",
				`${path}: its checkpoint is of another log`, i);
		return done.body;
	}

	async files(): Promise<void> {
		await this.evidence.all();
		this.anchored.done();
		this.report.stamps = this.anchored.seen;
	}

	/** Do the findings follow from terms, geometry and records? */
	recompute(): Promise<Recomputed | null> {
		return recompute(this.source, this.records);
	}

	/** The very checkpoint of this mirror, whose signature held already. */
	private isOurs(note: Uint8Array): boolean {
		return equal(note, this.note);
	}
}

/** Lets a page breathe. */
function pause(): Promise<void> {
	return new Promise((done) => setTimeout(done, 0));
}

export function emptyReport(anchors: Anchors): Report {
	return {
		verified: false, refusal: null, origin: "", key: anchors.key,
		keyGiven: anchors.key !== null, size: 0, root: "", genesis: "",
		checkpoints: 0, entries: 0, signatures: 0, byType: new Map(),
		bodies: 0, withheld: 0, unnamed: 0, batches: 0, blobs: 0,
		blobsMissing: 0, joint: null, kept: [], clocks: null, policySha: null, intakes: 0,
		people: null, heartbeats: null, stamps: null, closed: 0,
		lifted: 0, witnessed: null,
		newest: null, recomputed: null,
	};
}

export async function verifyMirror(
	source: Source,
	anchors: Anchors,
	progress: Progress = () => {},
): Promise<Report> {
	const report = emptyReport(anchors);
	const a = new Auditor(source, anchors, report, progress);
	try {
		await a.genesis();
		await a.readCheckpoint();
		if (a.checkpoint.size === 0)
			throw new Refusal("checkpoint", "no entry", 0);
		await a.tree();
		a.before();
		await a.keptBefore();
		await a.allEntries();
		a.byRight("checkpoint");
		a.byRight("body");
		await a.files();
		report.kept.push(a.checkpoint);
		if (anchors.policy)
			report.clocks = clocksOf(a.times, report.kept, anchors.policy);
		report.verified = true;
		report.recomputed = await a.recompute();
	} catch (e) {
		if (!(e instanceof Refusal))
			throw e;
		report.refusal = e;
	}
	return report;
}

/** "1 entry", "2 entries" */
export function many(n: number, one: string, more = `${one}s`): string {
	return `${n.toLocaleString("en")} ${n === 1 ? one : more}`;
}

/** What a verified mirror does not prove, in plain words. */
export function limits(r: Report): string[] {
	const p = r.people!; /* of what is verified all is counted */
	const shut = r.entries - r.bodies - r.closed - p.confirmations;
	const words: [unknown, string][] = [
		[!r.keyGiven, "The log's key was taken from the mirror itself. Compare "
			+ "it with the one you hold on paper."],
		[!r.witnessed, "No policy was given, so no witness was asked for: the "
			+ "owner of the log's key could show you another log than others."],
		[r.signatures === 0, "Who signed the entries was not checked: "
			+ "the body of entry 0, which names the keys, is not here."],
		[shut, `What ${many(shut, "entry says", "entries say")} is not `
			+ "here. That they exist, and since when, is proved."],
		[r.unnamed, `${many(r.unnamed, "entry hides", "entries hide")} the `
			+ "list of names: names not proven."],
		[r.closed, `What ${many(r.closed, "entry", "entries")} said was `
			+ "erased, as two persons asked for."],
		[r.withheld, `${many(r.withheld, "field is", "fields are")} withheld.`],
		[r.blobsMissing, `${many(r.blobsMissing, "evidence file")} that `
			+ "entries speak of cannot be looked at here."],
		[r.intakes, "The received records behind "
			+ `${many(r.intakes, "intake")} are not here.`],
		[p.alone, `${many(p.alone, "entry waits",
			"entries wait")} for a second person: not reviewed.`],
		[p.undecidable, `Whether ${many(p.undecidable,
			"entry is", "entries are")} reviewed cannot be decided from this `
			+ "copy: what somebody said of it is not here."],
		[p.unchecked, `${many(p.unchecked, "entry is",
			"entries are")} by keys that this copy does not name.`],
		[true, "A log proves who said what and no later than when. It does not "
			+ "prove who fired, nor that it was calm where nobody looked."],
	];
	return words.filter(([holds]) => holds).map(([, text]) => text);
}
