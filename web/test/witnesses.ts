// SPDX-License-Identifier: GPL-3.0-or-later
//
// witnesses.ts - who confirmed, who is silent, and between which times an
// entry was logged: a log of three checkpoints and three witnesses.
import { be, concat, toBase64, utf8 } from "../verify/bytes.js";
import { bracket } from "../verify/bracket.js";
import { leafHash } from "../verify/merkle.js";
import type { Report } from "../verify/mirror.js";
import type { Checkpoint } from "../verify/note.js";
import { clocksOf } from "../verify/clocks.js";
import { keyId, readCheckpoint } from "../verify/note.js";
import { judge, readPolicy } from "../verify/policy.js";
import { witnessLines } from "../verify/summary.js";
import { Pair, signedNote, vkey } from "./forge.js";

const NAME = "test.example/log";
const log = new Pair("log");
const names = ["a", "b", "c"];
const pens = names.map((n) => new Pair(`witness ${n}`));

function cosigned(size: number, times: (number | null)[]): Checkpoint {
	const text = `${NAME}\n${size}\n${toBase64(leafHash(be(size, 8)))}\n`;
	const lines = times.map((t, i) => {
		if (t === null)
			return "";
		const s = pens[i]!.sign(utf8(`cosignature/v1\ntime ${t}\n${text}`));
		return `\u2014 ${names[i]} ${toBase64(concat(
			keyId(names[i]!, 4, pens[i]!.key), be(t, 8), s))}\n`;
	});
	return readCheckpoint(utf8(signedNote(text, NAME, log) + lines.join("")));
}

function policy(quorum: string): string {
	const keys = names.map((n, i) => `witness ${n} ${vkey(n, pens[i]!, 4)}\n`);
	return `log ${vkey(NAME, log)}\n${keys.join("")}${quorum}`;
}

/** What is not as it must be; "" where all is. */
export function witnesses(): string {
	const two = readPolicy(utf8(policy("group w 2 a b c\nquorum w\n")));
	const joint = readPolicy(utf8(policy("group p all a b\ngroup j all p c\n"
		+ "quorum j\n")));
	const all = [cosigned(5, [100, 110, 130]), cosigned(9, [200, null, 230]),
		cosigned(12, [300, 310, 320])];
	const cases: [number, number, number | null, number | null][] = [
		[3, 1, null, 110], [5, 1, 110, 230], [8, 1, 110, 230],
		[9, 1, 200, 310], [11, 0, 230, 300], [11, 2, null, 320],
		[12, 1, 310, null], [3, 3, null, null],
	];
	const wrong = cases.filter(([i, f, from, to]) => {
		const b = bracket(i, all, two, f);
		return b.notBefore !== from || b.notAfter !== to;
	}).map((c) => `bracket ${c.join("/")}`);
	/* The table of tests/clocks.c. */
	const notes = [cosigned(2, [1000, 1000, 5]),
		cosigned(2, [1000, 1000, 5]), cosigned(3, [1000, 1001, 99999]), cosigned(4, [2000, 2000, 2000])];
	const off = (s: number[], some: Checkpoint[]): string => {
		const c = clocksOf(s.map((x) => 1000 * x), some, two);
		return `${c.proved} ${c.off} ${c.first}`;
	};
	const clocks = [off([1000, 1300, 700, 2000, 9000], notes),
		off([1000, 1301, 699, 5000, 1000], notes),
		off([1000, 1301], [cosigned(5, [null, null, null])])].join(", ");
	if (clocks !== "4 0 null, 4 3 1, 0 0 null")
		wrong.push(`clocks ${clocks}`);
	const words = (c: Checkpoint, now: number): string => witnessLines({
		witnessed: judge(two, c), joint: judge(joint, c) } as Report,
	1000 * now).join("|");
	const first = words(all[1]!, 240), second = words(all[2]!, 600);
	const third = words(cosigned(15, [100, 400, 400]), 410);
	if (!third.includes("silent: a, last 1970-01-01 00:01:40 UTC"))
		wrong.push(third);
	const off2 = witnessLines({ witnessed: null, joint: null,
		clocks: { proved: 2, off: 2, first: 1 } } as unknown as Report, 0);
	if (!off2[0]?.startsWith("2 entries state a time more than 300 s"))
		wrong.push(off2.join());
	if (!first.startsWith("accepted: enough of 3 witnesses confirmed it|")
		|| !first.includes("silent: b, no confirmation here")
		|| !first.includes("not jointly accepted: too few"))
		wrong.push(first);
	if (!second.includes("|jointly accepted: enough of 3")
		|| !second.includes("stale since 1970-01-01 00:05:20 UTC"))
		wrong.push(second);
	return wrong.join("; ");
}
