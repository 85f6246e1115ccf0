// SPDX-License-Identifier: GPL-3.0-or-later
//
// stamps.ts - time stamps (RFC 3161) of authorities that are played here,
// right, and wrong in one place: reply, hash, certificate as PEM.
import { createHash, createPrivateKey, createSign } from "node:crypto";

import { concat, toBase64, utf8 } from "../verify/bytes.js";
import { sha256 } from "../verify/merkle.js";
import { PRIMES } from "./primes.js";

export type Stamp = [name: string, want: string, reply: Uint8Array,
	imprint: Uint8Array, pem: string];

// -- DER --

const INT = 2, BITS = 3, OCTETS = 4, NULL = 5, OID = 6, UTF8 = 12, UTC = 23;
const TIME = 24, SEQ = 0x30, SET = 0x31, C0 = 0xa0, C3 = 0xa3;

function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
	const v = concat(...parts), n = v.length;
	const head = n < 0x80 ? [n] : n < 0x100 ? [0x81, n]
		: n < 0x10000 ? [0x82, n >> 8, n & 255]
			: [0x83, n >> 16, n >> 8 & 255, n & 255];
	return concat(Uint8Array.of(tag, ...head), v);
}

function hex(text: string): Uint8Array {
	return new Uint8Array(Buffer.from(text, "hex"));
}

function oid(text: string): Uint8Array {
	return der(OID, hex(text));
}

const none = der(NULL);
const SHAS = ["608648016503040201", "608648016503040202",
	"608648016503040203"] as const;
const [SHA256, SHA384, SHA512] = SHAS, SHA1 = "2b0e03021a";
const RSA = "2a864886f70d010101", EC = "2a8648ce3d0201";
const RSA_WITH = ["2a864886f70d01010b", "2a864886f70d01010c",
	"2a864886f70d01010d"] as const;
const TST = "2a864886f70d0109100104", SIGNED = "2a864886f70d010702";
const ATTRIBUTES = ["2a864886f70d010903", "2a864886f70d010904",
	"2a864886f70d010910020c", "2a864886f70d010910022f"] as const;
const EKU = "551d25", STAMPING = "2b06010505070308";

type Parts = Uint8Array[];
type Edit = (parts: Parts) => Parts;

/** With part k put otherwise, or left out. */
function put(k: number, ...by: Parts): Edit {
	return (p) => [...p.slice(0, k), ...by, ...p.slice(k + 1)];
}

function int(n: number): Uint8Array {
	return der(INT, Uint8Array.of(n));
}

function sum(name: string, b: Uint8Array): Uint8Array {
	return new Uint8Array(createHash(name).update(b).digest());
}

// -- an authority --

interface Maker {
	key: ReturnType<typeof createPrivateKey>;
	n: Uint8Array;
	e: Uint8Array;
}

function bytesOf(n: bigint): Uint8Array {
	const h = n.toString(16);
	return hex(h.length % 2 ? `0${h}` : h);
}

function inverse(a: bigint, m: bigint): bigint {
	let [x, y, u, v] = [a % m, m, 1n, 0n];
	while (x > 1n)
		[x, y, u, v] = [y % x, x, v - (y / x) * u, u];
	return ((u % m) + m) % m;
}

function maker(bits: number, e = 65537n): Maker {
	const [p, q] = PRIMES[bits]!.map((h) => BigInt(`0x${h}`)) as
		[bigint, bigint];
	const d = inverse(e, (p - 1n) * (q - 1n));
	const b64 = (n: bigint): string =>
		Buffer.from(bytesOf(n)).toString("base64url");
	const key = createPrivateKey({ format: "jwk", key: {
		kty: "RSA", n: b64(p * q), e: b64(e), d: b64(d), p: b64(p),
		q: b64(q), dp: b64(d % (p - 1n)), dq: b64(d % (q - 1n)),
		qi: b64(inverse(q, p)),
	} });
	return { key, n: bytesOf(p * q), e: bytesOf(e) };
}

/** The name that node has for one of them; SHA-256 for any other. */
function shaOf(id: string | undefined): string {
	return id === SHA384 ? "sha384" : id === SHA512 ? "sha512" : "sha256";
}

function signed(m: Maker, bytes: Uint8Array, hash?: string): Uint8Array {
	return new Uint8Array(createSign(shaOf(hash)).update(bytes).sign(m.key));
}

/** A number that is not negative. */
function natural(b: Uint8Array): Uint8Array {
	return der(INT, b[0]! >= 0x80 ? concat(Uint8Array.of(0), b) : b);
}

function named(name: string): Uint8Array {
	return der(SEQ, der(SET, der(SEQ, oid("550403"),
		der(UTF8, utf8(name)))));
}

const NAME = named("stamps"), SERIAL = int(7);
const FROM = der(UTC, utf8("200101000000Z"));
const UNTIL = der(UTC, utf8("491231235959Z"));

interface Change { /* what is wrong in a certificate */
	use?: Uint8Array; /* its extensions, with their tag */
	alg?: Uint8Array; /* of the key */
	validity?: Parts;
	issuer?: Uint8Array;
	by?: Uint8Array; /* algorithm of its signature */
	bent?: boolean; /* its signature */
	key?: Uint8Array; /* with its tag */
	number?: Edit; /* modulus and exponent */
	tbs?: Edit;
	parts?: Edit;
}

function extension(...parts: Parts): Uint8Array {
	return der(C3, der(SEQ, der(SEQ, ...parts)));
}

function use(purpose: string): Parts {
	return [oid(EKU), der(1, Uint8Array.of(255)),
		der(OCTETS, der(SEQ, oid(purpose)))];
}

function certificate(m: Maker, c: Change = {}): Uint8Array {
	const by = c.by ?? der(SEQ, oid(RSA_WITH[0]), none);
	const numbers = [natural(m.n), natural(m.e)];
	const key = der(SEQ, ...c.number ? c.number(numbers) : numbers);
	const tbs = [der(C0, int(2)), SERIAL, by, c.issuer ?? NAME,
		der(SEQ, ...c.validity ?? [FROM, UNTIL]), NAME,
		der(SEQ, c.alg ?? der(SEQ, oid(RSA), none),
			c.key ?? der(BITS, Uint8Array.of(0), key)),
		c.use ?? extension(...use(STAMPING))];
	const said = der(SEQ, ...c.tbs ? c.tbs(tbs) : tbs);
	const which = RSA_WITH.findIndex((r) => Buffer.from(by)
		.includes(Buffer.from(hex(r))));
	const s = signed(m, said, SHAS[which]);
	if (c.bent)
		s[9]! ^= 1;
	const parts = [said, by, der(BITS, Uint8Array.of(0), s)];
	return der(SEQ, ...c.parts ? c.parts(parts) : parts);
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
	hash?: string;
	imprint?: Uint8Array;
	imprintTag?: number;
	time?: Uint8Array;
	info?: Edit;
	attributes?: Edit;
	attributesAre?: Uint8Array; /* with their tag */
	digest?: Uint8Array;
	content?: string;
	contentTag?: number;
	octets?: number;
	signedTag?: number;
	type?: string;
	issuer?: Uint8Array;
	serial?: Uint8Array;
	by?: string; /* algorithm of the signature */
	hashedBy?: string;
	bent?: boolean;
	signature?: Uint8Array;
	signer?: Edit;
	signers?: (one: Uint8Array) => Parts;
	signersTag?: number;
	data?: Edit;
	all?: Edit;
}

function attribute(name: string, ...values: Parts): Uint8Array {
	return der(SEQ, oid(name), der(SET, ...values));
}

/** ESSCertID, or ESSCertIDv2: algorithm and hash, or the hash alone. */
function certificateId(which: 2 | 3, ...id: Parts): Uint8Array {
	return attribute(ATTRIBUTES[which], der(SEQ, der(SEQ, der(SEQ, ...id))));
}

/** What was stamped, and the attributes by which it is signed. */
function statement(cert: Uint8Array, r: Reply): [Uint8Array, Parts] {
	const info = [int(1), oid("2a0304"), der(SEQ,
		der(SEQ, oid(r.hash ?? SHA256), none),
		der(r.imprintTag ?? OCTETS, r.imprint ?? IMPRINT)), int(9),
	r.time ?? der(TIME, utf8("20260203040506Z"))];
	const said = der(SEQ, ...r.info ? r.info(info) : info);
	const all = [attribute(ATTRIBUTES[0], oid(TST)),
		attribute(ATTRIBUTES[1], der(OCTETS, r.digest
			?? sum(shaOf(r.hashedBy), said))),
		certificateId(2, der(OCTETS, sum("sha1", cert)))];
	return [said, r.attributes ? r.attributes(all) : all];
}

function reply(m: Maker, cert: Uint8Array, r: Reply = {}): Uint8Array {
	const [info, attributes] = statement(cert, r);
	const s = r.signature ?? signed(m, der(SET, ...attributes), r.hashedBy);
	if (r.bent)
		s[9]! ^= 1;
	const hashed = der(SEQ, oid(r.hashedBy ?? SHA256), none);
	const signer = [int(1), der(SEQ, r.issuer ?? NAME, r.serial ?? SERIAL),
		hashed, r.attributesAre ?? der(C0, ...attributes),
		der(SEQ, oid(r.by ?? RSA), none), der(OCTETS, s)];
	const one = der(SEQ, ...r.signer ? r.signer(signer) : signer);
	const data = [int(3), der(SET, hashed),
		der(SEQ, oid(r.content ?? TST), der(r.contentTag ?? C0,
			der(r.octets ?? OCTETS, info))),
		der(r.signersTag ?? SET, ...r.signers ? r.signers(one) : [one])];
	const all = [r.status ?? der(SEQ, int(0)),
		der(SEQ, oid(r.type ?? SIGNED), der(r.signedTag ?? C0,
			der(SEQ, ...r.data ? r.data(data) : data)))];
	return der(SEQ, ...r.all ? r.all(all) : all);
}

/** Written in a longer form, or with a length that is none. */
function heads(b: Uint8Array): [string, Uint8Array][] {
	const rest = b.subarray(4); /* its own head: 30 82 hi lo */
	const long = (...head: number[]): Uint8Array =>
		concat(Uint8Array.of(SEQ, ...head), rest);
	return [
		["nothing", b.subarray(0, 0)],
		["one-byte", b.subarray(0, 1)],
		["cut", b.subarray(0, b.length - 1)],
		["more", concat(b, utf8("x"))],
		["no-length", long(0x80)],
		["length-of-4", long(0x84, 0, 0, b[2]!, b[3]!)],
		["length-cut", Uint8Array.of(SEQ, 0x82, 1)],
		["length-of-3", long(0x83, 0, b[2]!, b[3]!)],
		["long-for-short", concat(Uint8Array.of(SEQ, 0x81, 5),
			b.subarray(0, 5))],
	];
}

type Named = [name: string, want: string, r: Reply];

function no(name: string, r: Reply): Named {
	return [name, "stamp", r];
}

function yes(name: string, r: Reply): Named {
	return [name, "ok", r];
}

const junk = Uint8Array.of(SEQ, 9, 1);

function times(): Named[] {
	const at = (name: string, text: string, want = "stamp"): Named =>
		[`time-${name}`, want, { time: der(TIME, utf8(text)) }];
	return [
		no("no-time", { time: int(1) }),
		at("cut", "202602030405"),
		at("of-no-zone", "20260203040506"),
		at("of-letters", "2026020304050xZ"),
		at("of-signs", "2026020304050+Z"),
		at("of-another-zone", "20260203040506+0000"),
		at("of-a-small-z", "20260203040506z"),
		at("with-a-fraction", "20260203040506.25Z", "ok"),
		at("with-a-comma", "20260203040506,25Z"),
		at("with-a-dot", "20260203040506.Z"),
		at("of-an-odd-fraction", "20260203040506.2xZ"),
		at("of-no-day", "20260230040506Z"),
		at("of-no-month", "20261303040506Z"),
		at("of-no-hour", "20260203240000Z"),
		at("of-no-minute", "20260203046006Z"),
		at("of-a-leap-second", "20260203040560Z", "ok"),
		at("of-no-second", "20260203040561Z"),
		at("first", "20200101000000Z", "ok"),
		at("first-of-all", "20200101000000.5Z", "ok"),
		at("before", "20191231235959Z"),
		at("last", "20491231235959.9Z", "ok"),
		at("after", "20500101000000Z"),
		at("of-1969", "19691231235959Z"),
		at("of-2200", "22000101000000Z"),
	];
}

function attributes(cert: Uint8Array): Named[] {
	const one = certificateId(2, der(OCTETS, sum("sha1", cert)));
	const by = (name: string, of: string, b = cert): Uint8Array =>
		certificateId(3, der(SEQ, oid(name)), der(OCTETS, sum(of, b)));
	const two = certificateId(3, der(OCTETS, sha256(cert)));
	const ids = (name: string, want: string, ...all: Parts): Named =>
		[name, want, { attributes: put(2, ...all) }];
	const odd = (...v: Parts): Uint8Array => attribute(ATTRIBUTES[2], ...v);
	return [
		no("no-type", { attributes: put(0) }),
		no("type-twice", { attributes: (a) => [a[0]!, ...a] }),
		no("type-of-two", { attributes: put(0, attribute(ATTRIBUTES[0],
			oid(TST), oid(TST))) }),
		no("type-of-none", { attributes: put(0, attribute(
			ATTRIBUTES[0])) }),
		no("no-set", { attributes: put(0, der(SEQ, oid(ATTRIBUTES[0]))) }),
		no("set-of-another-tag", { attributes: put(0, der(SEQ,
			oid(ATTRIBUTES[0]), der(SEQ, oid(TST)))) }),
		no("attribute-cut", { attributes: (a) => [...a, junk] }),
		no("attribute-of-none", { attributes: (a) => [...a, none] }),
		yes("attribute-more", { attributes: (a) => [...a,
			attribute(SIGNED, none)] }),
		no("other-type", { attributes: put(0, attribute(ATTRIBUTES[0],
			oid(SIGNED))) }),
		no("no-digest", { attributes: put(1) }),
		no("digest-twice", { attributes: (a) => [a[1]!, ...a] }),
		no("other-digest", { digest: sha256(utf8("x")) }),
		ids("no-certificate-id", "stamp"),
		ids("certificate-id-twice", "stamp", one, one),
		ids("certificate-id-2-twice", "stamp", two, two),
		ids("certificate-id-2", "ok", two),
		ids("certificate-id-2-by-sha-512", "ok", by(SHA512, "sha512")),
		ids("certificate-id-with-more", "ok", certificateId(2,
			der(OCTETS, sum("sha1", cert)), der(SEQ))),
		ids("certificate-id-2-with-more", "ok", certificateId(3,
			der(OCTETS, sha256(cert)), der(SEQ))),
		ids("certificate-id-2-by-sha-1", "stamp", by(SHA1, "sha1")),
		ids("certificate-id-2-of-another", "stamp",
			by(SHA384, "sha384", utf8("x"))),
		ids("certificate-id-2-of-nothing", "stamp", certificateId(3,
			der(SEQ, oid(SHA256)))),
		ids("both-certificate-ids", "ok", one, two),
		ids("both-and-one-is-wrong", "stamp", one,
			by(SHA256, "sha256", utf8("x"))),
		ids("both-and-the-first-is-wrong", "stamp", certificateId(2,
			der(OCTETS, sum("sha1", utf8("x")))), two),
		ids("certificate-id-no-octets", "stamp", certificateId(2,
			der(BITS, sum("sha1", cert)))),
		ids("certificate-id-no-list", "stamp", odd(none)),
		ids("certificate-id-empty", "stamp", odd(der(SEQ, der(SEQ)))),
		ids("certificate-id-of-none", "stamp", odd(der(SEQ, der(SEQ,
			der(SEQ))))),
	];
}

/** One attribute more, so that all have so many bytes, with their head. */
function padded(length: number): Edit {
	const more = (n: number): Uint8Array =>
		attribute(SIGNED, der(OCTETS, new Uint8Array(n)));
	return (a) => {
		const over = der(C0, ...a, more(4096)).length - 4096;
		return [...a, more(length - over)];
	};
}

function signers(m: Maker): Named[] {
	return [
		yes("signed-by-the-long-name", { by: RSA_WITH[0] }),
		yes("by-sha-384", { hashedBy: SHA384 }),
		yes("by-sha-512", { hashedBy: SHA512, by: RSA_WITH[2] }),
		no("by-two-hashes", { hashedBy: SHA512, by: RSA_WITH[1] }),
		no("by-ec", { by: EC }),
		no("signature-of-another-tag", { signer: (p) => {
			const s = p[5]!.slice();
			s[0] = BITS;
			return [...p.slice(0, 5), s];
		} }),
		no("hashed-by-octets", { signer: put(2, der(SEQ,
			der(OCTETS, hex(SHA256)))) }),
		no("hashed-by-more", { hashedBy: `${SHA256}01` }),
		no("by-no-algorithm", { signer: put(4, none) }),
		no("hashed-otherwise", { hashedBy: SHA1 }),
		no("hashed-by-no-sha", { hashedBy: "608648016503040204" }),
		no("hashed-by-rsa", { hashedBy: RSA }),
		no("hashed-by-nothing", { signer: put(2, none) }),
		no("other-issuer", { issuer: der(SEQ) }),
		no("other-serial", { serial: int(8) }),
		no("serial-no-number", { serial: der(OCTETS, Uint8Array.of(7)) }),
		no("serial-alone", { signer: put(1, der(SEQ, SERIAL)) }),
		no("no-attributes", { attributesAre: der(0xa1) }),
		yes("attributes-longest", { attributes: padded(8192) }),
		no("attributes-too-long", { attributes: padded(8193) }),
		no("attributes-cut", { attributesAre: der(C0, junk) }),
		no("signer-cut", { signer: put(5) }),
		no("signature-no-octets", { signer: put(5, none) }),
		no("bent", { bent: true }),
		no("signature-short", { signature: new Uint8Array(255) }),
		no("signature-too-high", { signature: new Uint8Array(256)
			.fill(255) }),
		no("signature-of-nothing", { signature: new Uint8Array(256) }),
		no("signature-is-the-modulus", { signature: m.n }),
		no("two-signers", { signers: (s) => [s, s] }),
		no("no-signer", { signers: () => [] }),
		no("signers-tag", { signersTag: 0xa1 }),
		no("signer-no-sequence", { signers: () => [none] }),
	];
}

function replies(m: Maker, cert: Uint8Array): [string, string, Uint8Array][] {
	const granted = (n: number): Uint8Array => der(SEQ, int(n));
	const long = (n: number): Edit => (d) => [...d.slice(0, 3),
		der(C0, der(OCTETS, new Uint8Array(n))), d[3]!];
	const over = 70000 - reply(m, cert, { data: long(70000) }).length;
	const octets = (...head: number[]): Edit => (i) => [...i,
		concat(Uint8Array.of(OCTETS, ...head), new Uint8Array(128))];
	const list: Named[] = [
		yes("sound", {}),
		yes("with-its-certificate", { data: (d) => [...d.slice(0, 3),
			der(C0, cert), d[3]!] }),
		yes("data-of-six", { data: (d) => [...d.slice(0, 3), der(C0),
			der(0xa1), d[3]!] }),
		yes("data-of-70000-bytes", { data: long(70000) }),
		yes("longest", { data: long(over + (1 << 20)) }),
		no("too-long-by-one", { data: long(over + (1 << 20) + 1) }),
		no("data-of-seven", { data: (d) => [...d.slice(0, 3), none, none,
			none, d[3]!] }),
		no("data-of-three", { data: (d) => d.slice(1) }),
		yes("granted-with-words", { status: granted(1) }),
		no("not-granted", { status: granted(2) }),
		no("granted-in-two-bytes", { status: der(SEQ, der(INT,
			Uint8Array.of(0, 0))) }),
		no("no-status", { status: der(SET) }),
		no("status-of-none", { status: der(SEQ) }),
		no("status-alone", { all: put(1) }),
		no("token-alone", { all: put(1, der(SEQ, oid(SIGNED))) }),
		no("data-twice", { all: (a) => [a[0]!, der(SEQ, oid(SIGNED),
			der(C0, der(SEQ), der(SEQ)))] }),
		no("version", { info: put(0, int(2)) }),
		no("info-junk", { data: put(2, der(SEQ, oid(TST), der(C0,
			der(OCTETS, junk)))) }),
		no("info-cut", { info: put(1) }),
		no("info-no-sequence", { info: () => [junk] }),
		yes("info-with-128-bytes", { info: octets(0x81, 128) }),
		no("info-with-128-bytes-in-short", { info: octets(0x80) }),
		no("info-with-127-bytes-in-long", { info: octets(0x81, 127) }),
		no("info-with-128-bytes-in-two", { info: octets(0x82, 0, 128) }),
		yes("info-with-more", { info: (i) => [...i, int(5)] }),
		no("sha-512", { hash: SHA512 }),
		no("sha-of-none", { hash: "6086480165030402" }),
		no("imprint-alone", { info: put(2, der(SEQ, none)) }),
		no("imprint-by-nothing", { info: put(2, der(SEQ, none,
			der(OCTETS, IMPRINT))) }),
		no("imprint-by-a-number", { info: put(2, der(SEQ, der(SEQ, int(1)),
			der(OCTETS, IMPRINT))) }),
		no("imprint-short", { imprint: IMPRINT.subarray(1) }),
		no("other-hash", { imprint: sha256(utf8("x")) }),
		no("no-octets", { imprintTag: UTF8 }),
		no("other-content", { content: SIGNED }),
		no("content-tag", { contentTag: 0xa1 }),
		no("content-no-octets", { octets: BITS }),
		no("content-alone", { data: put(2, der(SEQ, oid(TST))) }),
		no("no-signed-data", { type: TST }),
		no("data-tag", { signedTag: 0xa1 }),
		...times(), ...attributes(cert), ...signers(m),
	];
	return [
		...list.map(([name, want, r]): [string, string, Uint8Array] =>
			[name, want, reply(m, cert, r)]),
		...heads(reply(m, cert)).map(([name, b]):
		[string, string, Uint8Array] => [`der-${name}`, "stamp", b]),
	];
}

// -- certificates --

type Cert = [name: string, want: string, c: Change];

function keys(m: Maker): Cert[] {
	const key = der(SEQ, natural(m.n), natural(m.e));
	return [
		["of-ec", "stamp", { alg: der(SEQ, oid(EC), none) }],
		["of-no-algorithm", "stamp", { alg: none }],
		["no-bits", "stamp", { key: der(OCTETS, Uint8Array.of(0), key) }],
		["bits-of-none", "stamp", { key: der(BITS) }],
		["bits-left-over", "stamp", { key: der(BITS, Uint8Array.of(1),
			key) }],
		["key-and-more", "stamp", { key: der(BITS, Uint8Array.of(0), key,
			none) }],
		["key-of-one", "stamp", { number: (n) => n.slice(1) }],
		["key-gone", "stamp", { tbs: put(6, der(SEQ)) }],
		["no-number", "stamp", { number: put(0, der(INT)) }],
		["modulus-no-number", "stamp", { number: put(0, der(OCTETS,
			m.n)) }],
		["exponent-no-number", "stamp", { number: put(1, none) }],
		["modulus-of-zeros", "stamp", { number: put(0, der(INT,
			new Uint8Array(300))) }],
		["modulus-even", "stamp", { number: put(0, der(INT, m.n.map(
			(x, i) => (i === m.n.length - 1 ? x ^ 1 : x)))) }],
		["modulus-too-long", "stamp", { number: put(0, der(INT,
			new Uint8Array(1025).fill(1))) }],
		["exponent-too-long", "stamp", { number: put(1, der(INT,
			new Uint8Array(9).fill(1))) }],
		["exponent-of-nothing", "stamp", { number: put(1, der(INT)) }],
	];
}

function uses(): Cert[] {
	const two = der(C3, der(SEQ, der(SEQ, ...use(STAMPING)),
		der(SEQ, ...use(STAMPING))));
	const [name, critical, value] = use(STAMPING) as
		[Uint8Array, Uint8Array, Uint8Array];
	return [
		["for-mail", "stamp", { use: extension(
			...use("2b06010505070304")) }],
		["for-stamps-and-more", "stamp", { use: extension(name, critical,
			der(OCTETS, der(SEQ, oid(STAMPING), oid(EC)))) }],
		["for-all", "stamp", { tbs: put(7, der(0xa1)) }],
		["without-extensions", "stamp", { tbs: (t) => t.slice(0, 7) }],
		["for-stamps-twice", "stamp", { use: two }],
		["for-stamps-uncritically", "ok", { use: extension(name, value) }],
		["for-nothing", "stamp", { use: extension(name) }],
		["extension-of-four", "stamp", { use: extension(name, critical,
			none, value) }],
		["extension-cut", "stamp", { use: der(C3, der(SEQ, junk)) }],
		["extensions-no-list", "stamp", { use: der(C3, none) }],
		["extensions-behind-others", "ok", { tbs: (t) => [...t.slice(0, 7),
			der(0x81), der(0x82), t[7]!] }],
		["extensions-and-more", "ok", { tbs: (t) => [...t, der(0xa4)] }],
		["extensions-too-far", "stamp", { tbs: (t) => [...t.slice(0, 7),
			der(0x81), der(0x82), none, t[7]!] }],
		["with-another", "ok", { use: der(C3, der(SEQ,
			der(SEQ, oid("551d0e"), der(OCTETS)),
			der(SEQ, ...use(STAMPING)))) }],
	];
}

function certificates(m: Maker): Cert[] {
	const general = (text: string): Uint8Array => der(TIME, utf8(text));
	const utc = (text: string): Uint8Array => der(UTC, utf8(text));
	const other = named("root");
	return [
		["until-2080", "ok", { validity: [general("20200101000000Z"),
			general("20800101000000Z")] }],
		["for-ever", "ok", { validity: [FROM,
			general("99991231235959Z")] }],
		["from-1990", "ok", { validity: [utc("900101000000Z"), UNTIL] }],
		["odd-validity", "stamp", { validity: [der(INT), UNTIL] }],
		["odd-end", "stamp", { validity: [FROM, utc("4912312359xxZ")] }],
		["from-1950", "ok", { validity: [utc("500101000000Z"), UNTIL] }],
		["validity-of-another-tag", "stamp", { validity: [der(UTF8,
			utf8("200101000000Z")), UNTIL] }],
		["short-validity", "stamp", { validity: [utc("2001010000Z"),
			UNTIL] }],
		["validity-of-one", "stamp", { validity: [FROM] }],
		["bent", "stamp", { bent: true }],
		["by-another", "ok", { issuer: other, bent: true }],
		["by-another-not-signed", "stamp", { issuer: other,
			parts: put(2, none) }],
		["by-another-signed-by-nothing", "stamp", { issuer: other,
			parts: put(2, der(BITS)) }],
		["by-another-with-ec", "ok", { issuer: other,
			by: der(SEQ, oid(EC)) }],
		["by-itself-with-ec", "stamp", { by: der(SEQ, oid(EC)) }],
		["by-itself-with-nothing", "stamp", { by: none }],
		["by-itself-with-sha-384", "ok", { by: der(SEQ,
			oid(RSA_WITH[1])) }],
		["by-itself-with-sha-512", "ok", { by: der(SEQ,
			oid(RSA_WITH[2])) }],
		["by-itself-with-sha-1", "stamp", { by: der(SEQ,
			oid("2a864886f70d010105")) }],
		["serial-no-number", "stamp", { tbs: put(1, none) }],
		["of-seven", "stamp", { tbs: (t) => t.slice(1) }],
		["not-signed", "stamp", { parts: put(2) }],
		["signature-no-bits", "stamp", { parts: put(2, none) }],
		["signature-of-none", "stamp", { parts: put(2, der(BITS)) }],
		["signature-short", "stamp", { parts: put(2, der(BITS,
			Uint8Array.of(0, 1))) }],
		["too-long", "stamp", { parts: (p) => [...p, der(OCTETS,
			new Uint8Array(8192))] }],
		...keys(m), ...uses(),
	];
}

function pems(m: Maker, cert: Uint8Array): Stamp[] {
	const sound = pem(cert), b = reply(m, cert);
	const lines = (n: number): string => sound.replace("\n-----END",
		`${"\n".repeat(n - sound.length + 1)}-----END`);
	const row = (name: string, want: string, text: string): Stamp =>
		[name, want, b, IMPRINT, text];
	return [
		row("no-pem", "stamp", "x"),
		row("pem-of-nothing", "stamp", ""),
		row("bad-pem", "text", sound.replace(/\n[^\n]/, "\n=")),
		row("pem-of-junk", "stamp", pem(utf8("x"))),
		row("pem-without-end", "stamp", sound.replace(/-----END.*/, "")),
		row("pem-in-one-line", "ok", `-----BEGIN CERTIFICATE-----\n${
			toBase64(cert)}\n-----END CERTIFICATE-----`),
		row("pem-with-words", "stamp", `subject=x\n${sound}`),
		row("pem-of-two", "stamp", sound + sound),
		row("pem-of-two-lines-at-the-end", "stamp", `${sound}\n`),
		row("pem-for-windows", "stamp", sound.replace(/\n/g, "\r\n")),
		row("pem-longest", "ok", lines(32768)),
		row("pem-too-long", "stamp", lines(32769)),
		row("pem-of-no-body", "stamp", "-----BEGIN CERTIFICATE-----\n"
			+ "-----END CERTIFICATE-----\n"),
		row("pem-of-too-much", "stamp", sound.replace("\n-----END",
			`\n${"A".repeat(12000)}\n-----END`)),
		row("pem-empty", "stamp", "-----BEGIN CERTIFICATE-----\n\n"
			+ "-----END CERTIFICATE-----\n"),
	];
}

export function stamps(): Stamp[] {
	const m = maker(2048), odd = maker(2047), small = maker(1024);
	const steep = maker(2048, (1n << 64n) - 59n);
	const cert = certificate(m), sound = pem(cert);
	/* A reply that holds against the certificate, if that is one. */
	const by = (name: string, want: string, c: Change, who = m): Stamp => {
		const own = certificate(who, c);
		return [`certificate-${name}`, want, reply(who, own,
			c.issuer ? { issuer: c.issuer } : {}), IMPRINT, pem(own)];
	};
	return [
		...replies(m, cert).map(([name, want, b]): Stamp =>
			[name, want, b, IMPRINT, sound]),
		["by-another", "stamp", reply(odd, cert), IMPRINT, sound],
		["of-another-length", "stamp", reply(small, cert), IMPRINT, sound],
		["too-long", "stamp", new Uint8Array((1 << 20) + 1), IMPRINT,
			sound],
		...pems(m, cert),
		by("of-2047-bits", "ok", {}, odd),
		by("of-1024-bits", "stamp", {}, small),
		by("of-an-exponent-of-8-bytes", "ok", {}, steep),
		...certificates(m).map(([name, want, c]) => by(name, want, c)),
	];
}
