// SPDX-License-Identifier: GPL-3.0-or-later
//
// stamp.ts - an RFC 3161 time stamp: an authority that we know, by its
// certificate, says that it saw a hash no later than a time.  CMS (RFC 5652)
// as far as a stamp needs it: one signer, signed attributes, RSA (PKCS #1
// v1.5) and SHA-256.  In BigInt, because WebCrypto is not there on a page that
// comes by plain http.
import { sha1 } from "@noble/hashes/legacy";

import {
	Refusal, attempt, concat, equal, fromBase64, toHex, utf8,
} from "./bytes.js";
import { sha256 } from "./merkle.js";

interface Node {
	tag: number;
	raw: Uint8Array; /* with head */
	value: Uint8Array;
}

const INTEGER = 2, BITS = 3, OCTETS = 4, OID = 6;
const UTC_TIME = 23, TIME = 24, SEQUENCE = 0x30, SET = 0x31, CONTEXT0 = 0xa0;

function bad(where: string): Refusal {
	return new Refusal("stamp", where);
}

/** One element at the front; strict DER lengths. */
function element(b: Uint8Array): Node {
	const tag = b[0], first = b[1];
	if (tag === undefined || first === undefined)
		throw bad("DER: cut");
	let length = first, head = 2;
	if (first >= 0x80) {
		const n = first & 0x7f;
		if (n < 1 || n > 3 || b.length < 2 + n)
			throw bad("DER: bad length");
		length = b.subarray(2, 2 + n).reduce((v, x) => v * 256 + x, 0);
		head = 2 + n;
		if (length < 0x80 || (n > 1 && b[2] === 0))
			throw bad("DER: length not in its shortest form");
	}
	if (b.length < head + length)
		throw bad("DER: cut");
	return {
		tag, raw: b.subarray(0, head + length),
		value: b.subarray(head, head + length),
	};
}

function children(n: Node): Node[] {
	const out: Node[] = [];
	for (let left = n.value; left.length > 0;) {
		const e = element(left);
		out.push(e);
		left = left.subarray(e.raw.length);
	}
	return out;
}

function whole(b: Uint8Array, what: string): Node {
	const n = element(b);
	if (n.raw.length !== b.length)
		throw bad(`${what}: bytes after the end`);
	return n;
}

/** Children of a sequence, as many as wanted at least. */
function sequence(n: Node | undefined, least: number, what: string): Node[] {
	const c = n?.tag === SEQUENCE ? children(n) : [];
	if (c.length < least)
		throw bad(`${what}: wants a sequence of ${least}`);
	return c;
}

function is(n: Node | undefined, tag: number, hex: string): boolean {
	return n?.tag === tag && toHex(n.value) === hex;
}

const SIGNED_DATA = "2a864886f70d010702";
const TST_INFO = "2a864886f70d0109100104";
const CONTENT_TYPE = "2a864886f70d010903";
const MESSAGE_DIGEST = "2a864886f70d010904";
const SIGNING_CERT = "2a864886f70d010910020c";
const SHA256 = "608648016503040201";
const RSA = "2a864886f70d010101";
const RSA_SHA256 = "2a864886f70d01010b";
const SHA256_INFO = "3031300d060960864801650304020105000420";
const EKU = "551d25", TIME_STAMPING = "300a06082b06010505070308";

function big(b: Uint8Array): bigint {
	return b.length ? BigInt(`0x${toHex(b)}`) : 0n;
}

function power(x: bigint, e: bigint, n: bigint): bigint {
	let r = 1n, b = x % n;
	for (let k = e; k > 0n; k >>= 1n) {
		if (k & 1n)
			r = (r * b) % n;
		b = (b * b) % n;
	}
	return r;
}

interface Authority {
	der: Uint8Array;
	serial: Uint8Array;
	issuer: Uint8Array;
	modulus: bigint;
	length: number; /* of the modulus, bytes */
	exponent: bigint;
	from: string; /* valid, ISO */
	until: string;
}

function rsaHolds(a: Authority, message: Uint8Array, sig: Uint8Array): boolean {
	const info = `${SHA256_INFO}${toHex(sha256(message))}`;
	const fill = a.length - 3 - info.length / 2;
	if (sig.length !== a.length || fill < 8 || big(sig) >= a.modulus)
		return false;
	const want = BigInt(`0x01${"ff".repeat(fill)}00${info}`);
	return power(big(sig), a.exponent, a.modulus) === want;
}

/** A certificate as PEM, of an authority that may stamp. */
export function readAuthority(pem: string): Authority {
	const m = new RegExp("^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n"
		+ "-----END CERTIFICATE-----\n?$").exec(pem);
	if (!m)
		throw bad("wants one certificate in PEM");
	const der = fromBase64(m[1]!.replace(/\n/g, ""));
	const [tbs, algorithm, signature] = sequence(
		whole(der, "certificate"), 3, "certificate");
	const t = sequence(tbs, 8, "certificate");
	const spki = sequence(t[6], 2, "key");
	if (!is(sequence(spki[0], 1, "key")[0], OID, RSA) || spki[1]!.tag !== BITS)
		throw bad("certificate: no RSA key");
	const [n, e] = sequence(whole(spki[1]!.value.subarray(1), "key"), 2, "key");
	const a = {
		der, serial: t[1]!.value, issuer: t[3]!.raw,
		from: validity(t[4], 0), until: validity(t[4], 1),
		modulus: big(n!.value), exponent: big(e!.value),
		length: n!.value.length - (n!.value[0] === 0 ? 1 : 0),
	};
	const stamps = t.slice(7).some((x) => x.tag === 0xa3
		&& sequence(element(x.value), 1, "extensions").some((y) => {
			const c = children(y);
			return is(c[0], OID, EKU)
				&& is(c[c.length - 1], OCTETS, TIME_STAMPING);
		}));
	if (!stamps)
		throw bad("certificate: not for time stamping");
	/* Ours is its own root: it must at least be whole. */
	if (!is(sequence(algorithm, 1, "algorithm")[0], OID, RSA_SHA256)
		|| equal(t[3]!.raw, t[5]!.raw)
		&& !rsaHolds(a, tbs!.raw, signature!.value.subarray(1)))
		throw bad("certificate: its own signature does not hold");
	return a;
}

/** UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5). */
function validity(n: Node | undefined, k: number): string {
	const t = sequence(n, 2, "validity")[k]!;
	if (t.tag !== UTC_TIME)
		return readTime(t);
	const text = String.fromCharCode(...t.value);
	const century = Number(text.slice(0, 2)) < 50 ? "20" : "19";
	return readTime({ ...t, tag: TIME, value: utf8(century + text) });
}

/** YYYYMMDDhhmmss[.f]Z as ISO. */
function readTime(n: Node | undefined): string {
	const m = n?.tag === TIME ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d+)?)Z$/
		.exec(String.fromCharCode(...n.value)) : null;
	if (!m)
		throw bad("no time in it");
	return `${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`;
}

/** Serial, imprint, time of a TSTInfo. */
function stampedTime(info: Node, imprint: Uint8Array): string {
	const t = sequence(info, 5, "TSTInfo");
	const [algorithm, hash] = sequence(t[2], 2, "imprint");
	if (!is(t[0], INTEGER, "01")
		|| !is(sequence(algorithm, 1, "imprint")[0], OID, SHA256)
		|| hash!.tag !== OCTETS || !equal(hash!.value, imprint))
		throw bad("is of another hash");
	return readTime(t[4]);
}

function attribute(all: Node[], oid: string): Node {
	const found = all.filter((a) => is(children(a)[0], OID, oid));
	const set = found.length === 1 ? children(found[0]!)[1] : undefined;
	const values = set?.tag === SET ? children(set) : [];
	if (values.length !== 1)
		throw bad(`wants one signed attribute ${oid}`);
	return values[0]!;
}

function checkSigner(signer: Node, info: Uint8Array, a: Authority): void {
	const s = sequence(signer, 6, "signer");
	const [issuer, serial] = sequence(s[1], 2, "signer");
	const attributes = s[3]!;
	if (!equal(issuer!.raw, a.issuer) || !equal(serial!.value, a.serial))
		throw bad("signed by another authority");
	if (!is(sequence(s[2], 1, "digest")[0], OID, SHA256)
		|| attributes.tag !== CONTEXT0 || s[5]!.tag !== OCTETS)
		throw bad("wants SHA-256 and signed attributes");
	const algorithm = sequence(s[4], 1, "algorithm")[0];
	if (!is(algorithm, OID, RSA) && !is(algorithm, OID, RSA_SHA256))
		throw bad("not signed by RSA");
	const all = children(attributes);
	if (!is(attribute(all, CONTENT_TYPE), OID, TST_INFO)
		|| !equal(attribute(all, MESSAGE_DIGEST).value, sha256(info)))
		throw bad("what was signed is not what is in it");
	const id = sequence(sequence(sequence(attribute(all, SIGNING_CERT), 1,
		"certificate id")[0], 1, "certificate id")[0], 1, "certificate id");
	if (!equal(id[0]!.value, sha1(a.der)))
		throw bad("names another certificate");
	const message = concat(Uint8Array.of(SET), attributes.raw.subarray(1));
	if (!rsaHolds(a, message, s[5]!.value))
		throw bad("signature does not hold");
}

/** When `authority` says it saw `imprint`, or a Refusal. */
export function stampTime(
	reply: Uint8Array,
	imprint: Uint8Array,
	authority: Authority,
): string {
	const r = sequence(whole(reply, "reply"), 2, "reply");
	const status = sequence(r[0], 1, "status")[0]!;
	if (!is(status, INTEGER, "00") && !is(status, INTEGER, "01"))
		throw bad("was not granted");
	const [type, content] = sequence(r[1], 2, "token");
	if (!is(type, OID, SIGNED_DATA) || content!.tag !== CONTEXT0)
		throw bad("is no signed data");
	const d = sequence(whole(content!.value, "token"), 4, "token");
	const [kind, inner] = sequence(d[2], 2, "content");
	if (!is(kind, OID, TST_INFO) || inner!.tag !== CONTEXT0)
		throw bad("is no time stamp");
	const octets = whole(inner!.value, "content");
	const signers = d[d.length - 1]!;
	const list = signers.tag === SET ? children(signers) : [];
	if (octets.tag !== OCTETS || list.length !== 1)
		throw bad("wants one signer");
	const time = stampedTime(whole(octets.value, "TSTInfo"), imprint);
	checkSigner(list[0]!, octets.value, authority);
	if (time < authority.from || time > authority.until)
		throw bad("the authority's certificate was not valid then");
	return time;
}

/** The time, or "refuse". */
export function verifyStamp(
	reply: Uint8Array,
	imprint: Uint8Array,
	pem: string,
): string {
	const got = attempt(() => stampTime(reply, imprint, readAuthority(pem)));
	return got instanceof Refusal ? "refuse" : got;
}
