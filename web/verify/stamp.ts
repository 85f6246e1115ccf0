// SPDX-License-Identifier: GPL-3.0-or-later
//
// stamp.ts - an RFC 3161 time stamp: an authority that we know, by its
// certificate, says that it saw a hash no later than a time.  CMS (RFC 5652)
// as far as a stamp needs it, by the rule of docs/verifying.md: one signer,
// signed attributes, RSA (PKCS #1 v1.5) and SHA-256, -384 or -512.  In BigInt,
// because WebCrypto is not there on a page that comes by plain http.
import { sha1 } from "@noble/hashes/legacy";
import { sha384, sha512 } from "@noble/hashes/sha2";

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
const UTC_TIME = 23, TIME = 24, SEQUENCE = 0x30, SET = 0x31;
const CONTEXT0 = 0xa0, CONTEXT3 = 0xa3;
const REPLY_MAX = 1 << 20, CERTIFICATE_MAX = 8192, ATTRIBUTES_MAX = 8192;

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
const SIGNING_CERT_2 = "2a864886f70d010910022f";
const RSA = "2a864886f70d010101";
const EKU = "551d25", TIME_STAMPING = "300a06082b06010505070308";

interface Hash {
	name: string; /* object identifier; with RSA */
	rsa: string;
	of: (b: Uint8Array) => Uint8Array;
}

const HASHES: Hash[] = [
	{ name: "608648016503040201", rsa: "2a864886f70d01010b", of: sha256 },
	{ name: "608648016503040202", rsa: "2a864886f70d01010c", of: sha384 },
	{ name: "608648016503040203", rsa: "2a864886f70d01010d", of: sha512 },
];

/** The identifier in front of an AlgorithmIdentifier, as hex. */
function algorithm(n: Node | undefined): string {
	const [id] = sequence(n, 1, "algorithm");
	if (id!.tag !== OID)
		throw bad("algorithm: wants a name");
	return toHex(id!.value);
}

function hashNamed(n: Node | undefined): Hash {
	const name = algorithm(n), found = HASHES.find((h) => h.name === name);
	if (!found)
		throw bad("wants SHA-256, SHA-384 or SHA-512");
	return found;
}

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

export interface Authority {
	der: Uint8Array;
	serial: Uint8Array;
	issuer: Uint8Array;
	modulus: bigint;
	length: number; /* of the modulus, bytes */
	exponent: bigint;
	from: string; /* valid: YYYYMMDDhhmmss */
	until: string;
}

function rsaHolds(
	a: Authority,
	hash: Hash,
	message: Uint8Array,
	sig: Uint8Array,
): boolean {
	const sum = toHex(hash.of(message)), n = sum.length / 2;
	const head = [0x30, 17 + n, 0x30, 0x0d, 0x06, 0x09];
	const info = toHex(Uint8Array.from(head)) + hash.name
		+ toHex(Uint8Array.of(5, 0, 4, n)) + sum;
	const fill = a.length - 3 - info.length / 2;
	if (sig.length !== a.length || big(sig) >= a.modulus)
		return false;
	const want = BigInt(`0x01${"ff".repeat(fill)}00${info}`);
	return power(big(sig), a.exponent, a.modulus) === want;
}

/** Without the zero in front that keeps it from being negative. */
function natural(n: Node | undefined, least: number, most: number): Uint8Array {
	if (n?.tag !== INTEGER)
		throw bad("key: wants numbers");
	const b = n.value[0] === 0 ? n.value.subarray(1) : n.value;
	if (b.length < least || b.length > most)
		throw bad(`key: a number of ${b.length} bytes`);
	return b;
}

/** Modulus and exponent of an RSA key. */
function rsaKey(n: Node | undefined): [Uint8Array, Uint8Array] {
	const [kind, key] = sequence(n, 2, "key");
	if (algorithm(kind) !== RSA || key!.tag !== BITS || key!.value[0] !== 0)
		throw bad("certificate: no RSA key");
	const [m, e] = sequence(whole(key!.value.subarray(1), "key"), 2, "key");
	return [natural(m, 256, 1024), natural(e, 0, 8)];
}

/** Its extensions say once what the key is for, and it is stamps. */
function checkUse(extensions: Node | undefined): void {
	if (!extensions)
		throw bad("certificate: not for time stamping");
	const list = whole(extensions.value, "extensions");
	if (list.tag !== SEQUENCE)
		throw bad("extensions: wants a sequence");
	const uses = children(list).map((y) => sequence(y, 2, "extension"))
		.map((y) => {
			if (y.length > 3)
				throw bad("extension: too many parts");
			return y;
		})
		.filter((y) => is(y[0], OID, EKU));
	if (uses.length !== 1
		|| !is(uses[0]![uses[0]!.length - 1], OCTETS, TIME_STAMPING))
		throw bad("certificate: not for time stamping");
}

/** A certificate as PEM, of an authority that may stamp. */
export function readAuthority(pem: string): Authority {
	const m = new RegExp("^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n"
		+ "-----END CERTIFICATE-----\n?$").exec(pem);
	if (!m || pem.length > 4 * CERTIFICATE_MAX)
		throw bad("wants one certificate in PEM");
	const der = fromBase64(m[1]!.replace(/\n/g, ""));
	if (der.length > CERTIFICATE_MAX)
		throw bad("certificate: too long");
	const [tbs, by, signature] = sequence(
		whole(der, "certificate"), 3, "certificate");
	const t = sequence(tbs, 8, "certificate");
	if (t.length > 10 || t[1]!.tag !== INTEGER)
		throw bad("certificate: no serial number");
	const [modulus, exponent] = rsaKey(t[6]);
	const a = {
		der, serial: t[1]!.value, issuer: t[3]!.raw,
		from: validity(t[4], 0), until: validity(t[4], 1),
		modulus: big(modulus), exponent: big(exponent),
		length: modulus.length,
	};
	checkUse(t.slice(7).find((x) => x.tag === CONTEXT3));
	if (signature!.tag !== BITS || signature!.value.length === 0)
		throw bad("certificate: not signed");
	/* One that is its own root must at least be whole. */
	if (equal(t[3]!.raw, t[5]!.raw)) {
		const hash = hashOfRsa(by);
		if (!hash || !rsaHolds(a, hash, tbs!.raw,
			signature!.value.subarray(1)))
			throw bad("certificate: its own signature does not hold");
	}
	return a;
}

function hashOfRsa(n: Node | undefined): Hash | undefined {
	const [id] = n?.tag === SEQUENCE ? children(n) : [];
	return HASHES.find((h) => is(id, OID, h.rsa));
}

/** UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5). */
function validity(n: Node | undefined, k: number): string {
	const t = sequence(n, 2, "validity")[k]!;
	if (t.tag !== UTC_TIME)
		return readDigits(t.tag, t.value);
	const century = t.value[0]! < 0x35 ? "20" : "19";
	if (t.value.length !== 13)
		throw bad("validity: no time");
	return readDigits(TIME, concat(utf8(century), t.value));
}

/** YYYYMMDDhhmmss[.f]Z: the 14 digits. */
function readDigits(tag: number, value: Uint8Array): string {
	const m = tag === TIME ? /^(\d{14})(?:\.\d+)?Z$/
		.exec(String.fromCharCode(...value)) : null;
	if (!m)
		throw bad("no time in it");
	return m[1]!;
}

/** 14 digits as ISO, if the calendar has such a time, from 1970 to 2199; a
 * second of 60 as it stands. */
function iso(d: string): string {
	const m = /^(....)(..)(..)(..)(..)(..)$/.exec(d)!;
	const day = `${m[1]}-${m[2]}-${m[3]}`;
	const at = new Date(`${day}T${m[4]}:${m[5]}:${m[6] === "60" ? 59 : m[6]}Z`);
	if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day
		|| m[4] === "24" || m[1]! < "1970" || m[1]! > "2199")
		throw bad("no time of the calendar in it");
	return `${day}T${m[4]}:${m[5]}:${m[6]}Z`;
}

/** Imprint and time (14 digits) of a TSTInfo. */
function readInfo(info: Node): [Uint8Array, string] {
	const t = sequence(info, 5, "TSTInfo");
	const [by, hash] = sequence(t[2], 2, "imprint");
	if (!is(t[0], INTEGER, "01") || hashNamed(by) !== HASHES[0]
		|| hash!.tag !== OCTETS || hash!.value.length !== 32)
		throw bad("wants a SHA-256");
	const digits = readDigits(t[4]!.tag, t[4]!.value);
	iso(digits);
	return [hash!.value, digits];
}

/** The values of an attribute: of none, or of one. */
function attribute(all: Node[], oid: string): Node | undefined {
	const found = all.map((a) => sequence(a, 2, "attribute"))
		.filter((a) => is(a[0], OID, oid));
	if (found.length === 0)
		return undefined;
	const set = found[0]![1]!;
	const values = set.tag === SET ? children(set) : [];
	if (found.length > 1 || values.length !== 1)
		throw bad(`wants one signed attribute ${oid}`);
	return values[0]!;
}

/** An attribute that names the certificate does, by its hash: SHA-1, or in
 * its second form as it says, and SHA-256 where it says nothing. */
function checkNames(
	value: Node | undefined,
	second: boolean,
	a: Authority,
): boolean {
	if (!value)
		return false;
	const [list] = sequence(value, 1, "certificate id");
	const [first] = sequence(list, 1, "certificate id");
	let of: Hash["of"] = second ? sha256 : sha1;
	let id = sequence(first, 1, "certificate id");
	if (second && id.length > 1 && id[0]!.tag === SEQUENCE) {
		of = hashNamed(id[0]).of;
		id = id.slice(1);
	}
	if (!is(id[0], OCTETS, toHex(of(a.der))))
		throw bad("names another certificate");
	return true;
}

interface Signer {
	issuer: Uint8Array;
	serial: Uint8Array;
	hash: Hash;
	attributes: Node;
	signature: Uint8Array;
}

function readSigner(signer: Node): Signer {
	const s = sequence(signer, 6, "signer");
	const [issuer, serial] = sequence(s[1], 2, "signer");
	const hash = hashNamed(s[2]), by = algorithm(s[4]);
	if (serial!.tag !== INTEGER || s[3]!.tag !== CONTEXT0
		|| s[3]!.raw.length > ATTRIBUTES_MAX || s[5]!.tag !== OCTETS)
		throw bad("wants signed attributes");
	if (by !== RSA && by !== hash.rsa)
		throw bad("not signed by RSA");
	return {
		issuer: issuer!.raw, serial: serial!.value, hash,
		attributes: s[3]!, signature: s[5]!.value,
	};
}

function checkSigner(s: Signer, info: Uint8Array, a: Authority): void {
	const all = children(s.attributes);
	if (!is(attribute(all, CONTENT_TYPE), OID, TST_INFO)
		|| !is(attribute(all, MESSAGE_DIGEST), OCTETS,
			toHex(s.hash.of(info))))
		throw bad("what was signed is not what is in it");
	const one = checkNames(attribute(all, SIGNING_CERT), false, a);
	const two = checkNames(attribute(all, SIGNING_CERT_2), true, a);
	if (!one && !two)
		throw bad("names no certificate");
	const message = concat(Uint8Array.of(SET), s.attributes.raw.subarray(1));
	if (!rsaHolds(a, s.hash, message, s.signature))
		throw bad("signature does not hold");
}

/** A reply that was read and is not believed yet. */
export interface Stamp {
	imprint: Uint8Array;
	digits: string; /* of the time: YYYYMMDDhhmmss */
	info: Uint8Array; /* what was signed */
	signer: Signer;
}

export function readStamp(reply: Uint8Array): Stamp {
	if (reply.length > REPLY_MAX)
		throw bad("too long");
	const r = sequence(whole(reply, "reply"), 2, "reply");
	const status = sequence(r[0], 1, "status")[0]!;
	if (!is(status, INTEGER, "00") && !is(status, INTEGER, "01"))
		throw bad("was not granted");
	const [type, content] = sequence(r[1], 2, "token");
	if (!is(type, OID, SIGNED_DATA) || content!.tag !== CONTEXT0)
		throw bad("is no signed data");
	const d = sequence(whole(content!.value, "token"), 4, "token");
	const [kind, inner] = sequence(d[2], 2, "content");
	if (d.length > 6 || !is(kind, OID, TST_INFO) || inner!.tag !== CONTEXT0)
		throw bad("is no time stamp");
	const octets = whole(inner!.value, "content");
	const signers = d[d.length - 1]!;
	const list = signers.tag === SET ? children(signers) : [];
	if (octets.tag !== OCTETS || list.length !== 1)
		throw bad("wants one signer");
	const [imprint, digits] = readInfo(whole(octets.value, "TSTInfo"));
	return { imprint, digits, info: octets.value,
		signer: readSigner(list[0]!) };
}

/** It says that it is by this authority's key, whether it is or not. */
export function isBy(s: Stamp, a: Authority): boolean {
	return equal(s.signer.issuer, a.issuer) && equal(s.signer.serial, a.serial);
}

/** When `authority` says it saw `imprint`, or a Refusal. */
export function checkStamp(
	s: Stamp,
	imprint: Uint8Array,
	authority: Authority,
): string {
	if (!equal(s.imprint, imprint))
		throw bad("is of another hash");
	if (!isBy(s, authority))
		throw bad("signed by another authority");
	checkSigner(s.signer, s.info, authority);
	if (s.digits < authority.from || s.digits > authority.until)
		throw bad("the authority's certificate was not valid then");
	return iso(s.digits);
}

/** Its time, ms; a second of 60 is the next one. */
export function stampMs(s: Stamp): number {
	const leap = s.digits.endsWith("60");
	return Date.parse(iso(leap ? `${s.digits.slice(0, 12)}59` : s.digits))
		+ (leap ? 1000 : 0);
}

export function stampTime(
	reply: Uint8Array,
	imprint: Uint8Array,
	authority: Authority,
): string {
	return checkStamp(readStamp(reply), imprint, authority);
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
