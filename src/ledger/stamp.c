/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/stamp.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include <time.h>

enum { REPLY_MAX = 1 << 20 };

static bool refuse(struct fault *f, const char *what)
{
	unsigned long e = ERR_peek_last_error();
	const char *why = e ? ERR_reason_error_string(e) : NULL;

	ERR_clear_error();
	return fault(f, FAULT_INPUT, "stamp: %s%s%s", what, why ? ": " : "",
		why ? why : "");
}

static X509 *read_certificate(struct bytes pem)
{
	BIO *b = BIO_new_mem_buf(pem.at, (int)pem.len);
	X509 *x = b ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;

	BIO_free(b);
	return x;
}

/* Trusts this certificate alone, as of the stamped time. */
static X509_STORE *store_of(X509 *authority, time_t at)
{
	X509_STORE *s = X509_STORE_new();

	if (!s || !X509_STORE_add_cert(s, authority)) {
		X509_STORE_free(s);
		return NULL;
	}
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(s), at);
	return s;
}

static bool stamped_time(TS_RESP *r, time_t *at)
{
	TS_TST_INFO *info = TS_RESP_get_tst_info(r);
	const ASN1_GENERALIZEDTIME *t =
		info ? TS_TST_INFO_get_time(info) : NULL;
	struct tm tm = {0};

	if (!t || !ASN1_TIME_to_tm(t, &tm))
		return false;
	*at = timegm(&tm);
	return *at >= 0;
}

static bool verify(TS_RESP *r, const struct digest *imprint, X509 *authority,
	time_t at, struct fault *f)
{
	TS_VERIFY_CTX *c = TS_VERIFY_CTX_new();
	unsigned char *copy = OPENSSL_memdup(imprint->at, SHA256_LEN);
	bool ok = false;

	if (!c || !copy) {
		OPENSSL_free(copy);
		TS_VERIFY_CTX_free(c);
		return fault(f, FAULT_LIMIT, "stamp: memory");
	}
	/* c owns store and copy from here on */
	TS_VERIFY_CTX_set_imprint(c, copy, SHA256_LEN);
	if (TS_VERIFY_CTX_set_store(c, store_of(authority, at))) {
		TS_VERIFY_CTX_set_flags(c, TS_VFY_VERSION | TS_VFY_IMPRINT |
				TS_VFY_SIGNATURE);
		ok = TS_RESP_verify_response(c, r) == 1;
	}
	TS_VERIFY_CTX_free(c);
	return ok || refuse(f, "does not hold");
}

bool stamp_holds(struct bytes reply, const struct digest *imprint,
	struct bytes pem, struct instant *time, struct fault *f)
{
	const unsigned char *at = reply.at;
	TS_RESP *r;
	X509 *authority;
	time_t seconds = 0;
	bool ok = false;

	if (reply.len > REPLY_MAX || pem.len > REPLY_MAX)
		return fault(f, FAULT_LIMIT, "stamp: too long");
	r = d2i_TS_RESP(NULL, &at, (long)reply.len);
	authority = read_certificate(pem);
	if (!r || at != reply.at + reply.len)
		refuse(f, "is no reply of an authority");
	else if (!authority)
		refuse(f, "no certificate to hold it against");
	else if (!stamped_time(r, &seconds))
		refuse(f, "has no time");
	else
		ok = verify(r, imprint, authority, seconds, f);
	*time = ok ? (struct instant){(int64_t)seconds * 1000000000}
		   : INSTANT_UNKNOWN;
	X509_free(authority);
	TS_RESP_free(r);
	return ok;
}
