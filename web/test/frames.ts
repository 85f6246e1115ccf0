// SPDX-License-Identifier: GPL-3.0-or-later
//
// frames.ts - frames of one sensor as the program judged them, judged again
// (tests/webframes.sh): frames.js < LINES; a key begins a stream of VERDICT HEX.
import { readFileSync } from "node:fs";

import { Refusal, fromHex } from "../verify/bytes.js";
import { Chain } from "../verify/chain.js";
import { frameSignedBy, readFrame } from "../verify/frame.js";

let key: Uint8Array = new Uint8Array(), chain = new Chain();

function judge(bytes: Uint8Array): string {
	try {
		const f = readFrame(bytes);
		return frameSignedBy(bytes, key) ? chain.take(f) : "refused";
	} catch (e) {
		if (e instanceof Refusal)
			return "refused";
		throw e;
	}
}

const count = new Map<string, number>(), differ: string[] = [];
let before: string[] = [], streams = 0, lost = false, forgotten = 0;
for (const line of readFileSync(0, "utf8").trimEnd().split("\n")) {
	const [theirs, hex] = line.split(" ");
	if (hex === undefined) {
		key = fromHex(theirs!, 32);
		chain = new Chain();
		before = [];
		lost = false;
		streams++;
		continue;
	}
	const ours = judge(fromHex(hex, hex.length / 2));
	before.push(theirs!);
	count.set(theirs!, (count.get(theirs!) ?? 0) + 1);
	// The program's memory has bounds (chain.h); what it forgot is old.
	if (theirs === "old" && (ours === "fork" || ours === "same")) {
		forgotten++;
		continue;
	}
	if (ours !== theirs && !lost) {
		lost = true; /* what follows differs for this alone */
		differ.push(`stream ${streams}: the program says `
			+ `${before.slice(-9).join(" ")}, and we ${ours}`);
	}
}
const counts = [...count].map((c) => c.join(" ")).sort().join(", ");
console.log(`${differ.length} of ${streams} streams differ; ${counts}; ${forgotten} forgotten`);
for (const d of differ.slice(0, 10))
	console.log(`# ${d}`);
