// SPDX-License-Identifier: GPL-3.0-or-later
//
// frame.ts - sensor frame v1: 152 signed bytes, 64 of signature, payload
// (PROOF.md 5).
import { Reader, Refusal, concat, equal, utf8 } from "./bytes.js";
import { signatureHolds } from "./ed25519.js";
import { sha256 } from "./merkle.js";

export const FRAME_HEAD = 216;
const SIGNED = 152;
const PAYLOAD_MAX = 65_320;

export interface Frame {
	flags: number;
	payloadKind: number;
	sensor: Uint8Array;
	boot: number;
	sequence: bigint;
	prev: Uint8Array;
	payload: Uint8Array;
	id: Uint8Array; /* SHA-256 of bytes 0..215 */
}

export function readFrame(bytes: Uint8Array): Frame {
	const r = new Reader(bytes, "frame");
	if (!equal(r.take(4), utf8("CFS1")))
		throw new Refusal("frame", "does not begin with CFS1");
	const flags = r.uint(2), payloadKind = r.uint(2);
	if ((flags & ~3) !== 0 || payloadKind < 1 || payloadKind > 6)
		throw new Refusal("frame", "reserved flags or kind of payload");
	const sensor = r.take(16), boot = r.uint(4), length = r.uint(4);
	const sequence = r.big(8);
	r.take(8 + 8 + 4); /* its start, monotonic clock, span */
	if (r.uint(1) > 4 || r.uint(1) > 2)
		throw new Refusal("frame", "source of time or lock is unknown");
	r.take(2 + 4 + 4 + 4 + 2 + 2 + 8);
	const hash = r.take(32), prev = r.take(32);
	r.take(64);
	if (length > PAYLOAD_MAX || r.left !== length)
		throw new Refusal("frame",
			`payload of ${r.left} bytes, the head says ${length}`);
	const payload = r.take(length);
	if (!equal(sha256(payload), hash))
		throw new Refusal("frame", "payload is not what the head says");
	return {
		flags, payloadKind, sensor, boot, sequence, prev, payload,
		id: sha256(bytes.subarray(0, FRAME_HEAD)),
	};
}

export function frameSignedBy(bytes: Uint8Array, key: Uint8Array): boolean {
	return bytes.length >= FRAME_HEAD && signatureHolds(key,
		concat(utf8("cfm/frame/v1\n"), bytes.subarray(0, SIGNED)),
		bytes.subarray(SIGNED, FRAME_HEAD));
}
