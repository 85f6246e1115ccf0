// SPDX-License-Identifier: GPL-3.0-or-later
//
// stamps.ts - time stamps (RFC 3161) of an authority that is made anew for
// each run, right, and wrong in one place: reply, hash, certificate as PEM.
import { createHash, createPrivateKey, createSign, generateKeyPairSync } from
	"node:crypto";

import { concat, toBase64, utf8 } from "../verify/bytes.js";
import { sha256 } from "../verify/merkle.js";

export type Stamp = [name: string, want: string, reply: Uint8Array,
	imprint: Uint8Array, pem: string];

// -- DER --

const INT = 2, BITS = 3, OCTETS = 4, NULL = 5, OID = 6, UTF8 = 12, UTC = 23;
const TIME = 24, SEQ = 0x30, SET = 0x31, C0 = 0xa0, C3 = 0xa3;

function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
	const v = concat(...parts), n = v.length;
	const head = n < 0x80 ? [n] : n < 0x100 ? [0x81, n]
		: [0x82, n >> 8, n & 255];
	return concat(Uint8Array.of(tag, ...head), v);
}

function hex(text: string): Uint8Array {
	return new Uint8Array(Buffer.from(text, "hex"));
}

function oid(text: string): Uint8Array {
	return der(OID, hex(text));
}

const none = der(NULL);
const SHA256 = "608648016503040201", RSA = "2a864886f70d010101";
const RSA_SHA256 = "2a864886f70d01010b", EC = "2a8648ce3d0201";
const TST = "2a864886f70d0109100104", SIGNED = "2a864886f70d010702";
const ATTRIBUTES = ["2a864886f70d010903", "2a864886f70d010904",
	"2a864886f70d010910020c"] as const;

// -- an authority --

interface Maker {
	bits: number;
	key: ReturnType<typeof createPrivateKey>;
	n: Uint8Array;
	e: Uint8Array;
}

function maker(bits: number): Maker {
	const { privateKey } = generateKeyPairSync("rsa",
		{ modulusLength: bits });
	const jwk = privateKey.export({ format: "jwk" });
	const b = (s: string): Uint8Array =>
		new Uint8Array(Buffer.from(s, "base64url"));
	return { bits, key: privateKey, n: b(jwk.n!), e: b(jwk.e!) };
}

function signed(m: Maker, bytes: Uint8Array): Uint8Array {
	return new Uint8Array(createSign("SHA256").update(bytes).sign(m.key));
}

/** A number that is not negative. */
function natural(b: Uint8Array): Uint8Array {
	return der(INT, b[0]! >= 0x80 ? concat(Uint8Array.of(0), b) : b);
}

const NAME = der(SEQ, der(SET, der(SEQ, oid("550403"),
	der(UTF8, utf8("stamps")))));

interface Change { /* what is wrong in a certificate */
	use?: string; /* of the key */
	alg?: string; /* of the key */
	validity?: [Uint8Array, Uint8Array];
	issuer?: Uint8Array;
	bent?: boolean; /* its own signature */
	bits?: number; /* tag of the key */
	number?: Uint8Array; /* the modulus as it stands */
	without?: boolean; /* extensions */
}

const FROM = der(UTC, utf8("200101000000Z"));
const UNTIL = der(UTC, utf8("491231235959Z"));

function certificate(m: Maker, c: Change = {}): Uint8Array {
	const algorithm = der(SEQ, oid(RSA_SHA256), none);
	const key = der(SEQ, c.number ?? natural(m.n), natural(m.e));
	const tbs = der(SEQ, der(C0, der(INT, Uint8Array.of(2))),
		der(INT, Uint8Array.of(7)), algorithm, c.issuer ?? NAME,
		der(SEQ, ...c.validity ?? [FROM, UNTIL]), NAME,
		der(SEQ, der(SEQ, oid(c.alg ?? RSA), none),
			der(c.bits ?? BITS, Uint8Array.of(0), key)),
		...(c.without ? [] : [der(C3, der(SEQ, der(SEQ, oid("551d25"),
			der(1, Uint8Array.of(255)), der(OCTETS, der(SEQ,
				oid(c.use ?? "2b06010505070308"))))))]));
	const s = signed(m, tbs);
	if (c.bent)
		s[9]! ^= 1;
	return der(SEQ, tbs, algorithm, der(BITS, Uint8Array.of(0), s));
}

function pem(cert: Uint8Array): string {
	return "-----BEGIN CERTIFICATE-----\n"
		+ `${toBase64(cert).replace(/.{64}(?=.)/g, "$&\n")}\n`
		+ "-----END CERTIFICATE-----\n";
}

// -- what it answers --

const IMPRINT = sha256(utf8("what is stamped"));

interface Reply { /* what is wrong in it */
	status?: Uint8Array;
	version?: number;
	hash?: string;
	imprint?: Uint8Array;
	imprintTag?: number;
	time?: Uint8Array;
	attributes?: (all: Uint8Array[]) => Uint8Array[];
	digest?: Uint8Array;
	named?: Uint8Array; /* the certificate that it names */
	content?: string;
	contentTag?: number;
	signedTag?: number;
	type?: string;
	issuer?: Uint8Array;
	by?: string; /* algorithm of the signature */
	hashedBy?: string;
	attributesTag?: number;
	bent?: boolean;
	signers?: (one: Uint8Array) => Uint8Array[];
	signersTag?: number;
	octets?: number;
}

function attribute(name: string, ...values: Uint8Array[]): Uint8Array {
	return der(SEQ, oid(name), der(SET, ...values));
}

function reply(m: Maker, cert: Uint8Array, r: Reply = {}): Uint8Array {
	const sha = der(SEQ, oid(r.hash ?? SHA256), none);
	const info = der(SEQ, der(INT, Uint8Array.of(r.version ?? 1)),
		oid("2a0304"), der(SEQ, sha, der(r.imprintTag ?? OCTETS,
			r.imprint ?? IMPRINT)), der(INT, Uint8Array.of(9)),
		r.time ?? der(TIME, utf8("20260203040506Z")));
	const sum = (b: Uint8Array): Uint8Array =>
		new Uint8Array(createHash("sha1").update(b).digest());
	const all = [attribute(ATTRIBUTES[0], oid(TST)),
		attribute(ATTRIBUTES[1], der(OCTETS, r.digest ?? sha256(info))),
		attribute(ATTRIBUTES[2], der(SEQ, der(SEQ, der(SEQ,
			der(OCTETS, sum(r.named ?? cert))))))];
	const attributes = r.attributes ? r.attributes(all) : all;
	const s = signed(m, der(SET, ...attributes));
	if (r.bent)
		s[9]! ^= 1;
	const hashed = der(SEQ, oid(r.hashedBy ?? SHA256), none);
	const signer = der(SEQ, der(INT, Uint8Array.of(1)),
		der(SEQ, r.issuer ?? NAME, der(INT, Uint8Array.of(7))), hashed,
		der(r.attributesTag ?? C0, ...attributes),
		der(SEQ, oid(r.by ?? RSA), none), der(OCTETS, s));
	const data = der(SEQ, der(INT, Uint8Array.of(3)), der(SET, hashed),
		der(SEQ, oid(r.content ?? TST), der(r.contentTag ?? C0,
			der(r.octets ?? OCTETS, info))), der(C0, cert),
		der(r.signersTag ?? SET, ...r.signers ? r.signers(signer)
			: [signer]));
	return der(SEQ, r.status ?? der(SEQ, der(INT, Uint8Array.of(0))),
		der(SEQ, oid(r.type ?? SIGNED), der(r.signedTag ?? C0, data)));
}

/** Written in a longer form, or with a length that is none. */
function heads(b: Uint8Array): [string, Uint8Array][] {
	const rest = b.subarray(4); /* its own head: 30 82 hi lo */
	return [
		["one-byte", b.subarray(0, 1)],
		["cut", b.subarray(0, b.length - 1)],
		["more", concat(b, utf8("x"))],
		["no-length", concat(Uint8Array.of(SEQ, 0x80), rest)],
		["length-of-4", concat(Uint8Array.of(SEQ, 0x84, 0, 0, b[2]!, b[3]!),
			rest)],
		["length-cut", Uint8Array.of(SEQ, 0x82, 1)],
		["length-of-3", concat(Uint8Array.of(SEQ, 0x83, 0, b[2]!, b[3]!),
			rest)],
		["long-for-short", concat(Uint8Array.of(SEQ, 0x81, 5),
			b.subarray(0, 5))],
	];
}

function replies(m: Maker, cert: Uint8Array): [string, string, Uint8Array][] {
	const no = (name: string, r: Reply): [string, string, Uint8Array] =>
		[name, "stamp", reply(m, cert, r)];
	const granted = (n: number): Uint8Array =>
		der(SEQ, der(INT, Uint8Array.of(n)));
	return [
		["sound", "ok", reply(m, cert)],
		["granted-with-words", "ok", reply(m, cert, { status: granted(1) })],
		["signed-by-the-long-name", "ok", reply(m, cert,
			{ by: RSA_SHA256 })],
		no("not-granted", { status: granted(2) }),
		no("no-status", { status: der(SET) }),
		no("version", { version: 2 }),
		no("sha-512", { hash: "608648016503040203" }),
		no("other-hash", { imprint: sha256(utf8("x")) }),
		no("no-octets", { imprintTag: UTF8 }),
		no("no-time", { time: der(INT, Uint8Array.of(1)) }),
		no("odd-time", { time: der(TIME, utf8("202602030405")) }),
		no("before", { time: der(TIME, utf8("20191231235959Z")) }),
		no("after", { time: der(TIME, utf8("20500101000000Z")) }),
		no("no-type", { attributes: (a) => a.slice(1) }),
		no("type-twice", { attributes: (a) => [a[0]!, ...a] }),
		no("type-of-two", { attributes: (a) => [attribute(ATTRIBUTES[0],
			oid(TST), oid(TST)), ...a.slice(1)] }),
		no("no-set", { attributes: (a) => [der(SEQ, oid(ATTRIBUTES[0])),
			...a.slice(1)] }),
		no("no-certificate-id", { attributes: (a) => a.slice(0, 2) }),
		no("other-type", { attributes: (a) => [attribute(ATTRIBUTES[0],
			oid(SIGNED)), ...a.slice(1)] }),
		no("other-digest", { digest: sha256(utf8("x")) }),
		no("other-certificate", { named: utf8("x") }),
		no("other-content", { content: SIGNED }),
		no("content-tag", { contentTag: 0xa1 }),
		no("no-signed-data", { type: TST }),
		no("data-tag", { signedTag: 0xa1 }),
		no("other-issuer", { issuer: der(SEQ) }),
		no("by-ec", { by: EC }),
		no("hashed-otherwise", { hashedBy: "2b0e03021a" }),
		no("no-attributes", { attributesTag: 0xa1 }),
		no("bent", { bent: true }),
		no("two-signers", { signers: (s) => [s, s] }),
		no("no-signer", { signers: () => [] }),
		no("signers-tag", { signersTag: 0xa1 }),
		no("content-no-octets", { octets: BITS }),
		...heads(reply(m, cert)).map(([name, b]):
		[string, string, Uint8Array] => [`der-${name}`, "stamp", b]),
	];
}

export function stamps(): Stamp[] {
	const m = maker(2048), odd = maker(2047), small = maker(512);
	const cert = certificate(m), sound = pem(cert);
	/* A reply that holds against the certificate, if that is one. */
	const by = (name: string, want: string, c: Change, who = m): Stamp => {
		const own = certificate(who, c);
		return [`certificate-${name}`, want, reply(who, own,
			c.issuer ? { issuer: c.issuer } : {}), IMPRINT, pem(own)];
	};
	const general = (text: string): Uint8Array => der(TIME, utf8(text));
	return [
		...replies(m, cert).map(([name, want, b]): Stamp =>
			[name, want, b, IMPRINT, sound]),
		["by-another", "stamp", reply(odd, cert), IMPRINT, sound],
		["of-another-length", "stamp", reply(small, cert), IMPRINT, sound],
		["no-pem", "stamp", reply(m, cert), IMPRINT, "x"],
		["bad-pem", "text", reply(m, cert), IMPRINT,
			sound.replace(/\n[^\n]/, "\n=")],
		["pem-of-nothing", "stamp", reply(m, cert), IMPRINT,
			pem(utf8("x"))],
		by("of-2047-bits", "ok", {}, odd),
		by("until-2080", "ok", { validity: [general("20200101000000Z"),
			general("20800101000000Z")] }),
		by("from-1990", "ok", { validity: [der(UTC,
			utf8("900101000000Z")), UNTIL] }),
		by("odd-validity", "stamp", { validity: [der(INT), UNTIL] }),
		by("for-mail", "stamp", { use: "2b06010505070304" }),
		by("for-all", "stamp", { without: true }),
		by("of-ec", "stamp", { alg: EC }),
		by("no-bits", "stamp", { bits: OCTETS }),
		by("no-number", "stamp", { number: der(INT) }),
		by("bent", "stamp", { bent: true }),
		by("of-512-bits", "ok", {}, small),
	];
}
