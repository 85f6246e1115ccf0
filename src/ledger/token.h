/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * token.h - what a time stamp is made of, read and not yet believed: the reply
 * of an authority (RFC 3161, a CMS of RFC 5652 within), and the certificate of
 * one (RFC 5280).  Only what the rule of docs/verifying.md names is looked at;
 * views into the bytes given.  Times are the 14 digits YYYYMMDDhhmmss, UTC, so
 * that they compare as text. */
#ifndef LEDGER_TOKEN_H
#define LEDGER_TOKEN_H

#include "ledger/der.h"

#include "base/fault.h"
#include "base/instant.h"

enum {
	TOKEN_MAX = 1 << 20,        /* bytes of a reply */
	TOKEN_ATTRIBUTES = 8192,    /* bytes of what is signed */
	TOKEN_CERTIFICATE = 8192,   /* bytes of a certificate */
	TOKEN_PEM = 4 * TOKEN_CERTIFICATE,
	TOKEN_TIME = 15,
	/* of a modulus (2,041 to 8,192 bits), of an exponent */
	TOKEN_KEY_LEAST = 256, TOKEN_KEY_MAX = 1024, TOKEN_EXPONENT_MAX = 8
};

struct token_hash { /* SHA-256, SHA-384, SHA-512 */
	uint8_t code; /* 1 to 3: the last of its object identifier */
	size_t len;
};
/* NULL: it names none of them. */
const struct token_hash *token_hash(const struct der *algorithm);

struct token {
	struct bytes info;    /* DER of the TSTInfo: its hash is signed */
	struct bytes imprint; /* SHA-256 */
	struct instant time;  /* 1970 to 2199; a fraction is cut */
	char digits[TOKEN_TIME];
	/* of its one signer */
	struct bytes issuer, serial;
	const struct token_hash *hash;
	struct der attributes;
	struct bytes signature;
};

struct token_key { /* RSA */
	struct bytes modulus, exponent; /* without a zero in front */
};

struct authority {
	struct bytes der, serial, issuer;
	struct token_key key;
	char from[TOKEN_TIME], until[TOKEN_TIME];
	/* It is its own issuer: this much of it is signed by its own key. */
	bool own;
	struct bytes signed_part, signature;
	const struct token_hash *hash;
};

/* false: no reply with a SHA-256 in it, or with no time. */
bool token_read(struct bytes reply, struct token *);
/* The only value of the only attribute of this name; *n: how many of it. */
bool token_attribute(
	const struct token *, struct bytes oid, struct der *value, size_t *n);
/* One certificate, PEM from first byte to last; `room` keeps its DER. */
bool token_authority(struct bytes pem, uint8_t room[TOKEN_CERTIFICATE],
	struct authority *);

#endif
