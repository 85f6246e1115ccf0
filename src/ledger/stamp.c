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
	if (ok)
		return true;
	return refuse(f, "does not hold");
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

bool stamp_imprint(
	struct bytes reply, struct digest *imprint, struct fault *f)
{
	const unsigned char *at = reply.at;
	TS_RESP *r = reply.len > REPLY_MAX ? NULL :
		d2i_TS_RESP(NULL, &at, (long)reply.len);
	TS_TST_INFO *info = r ? TS_RESP_get_tst_info(r) : NULL;
	TS_MSG_IMPRINT *m = info ? TS_TST_INFO_get_msg_imprint(info) : NULL;
	const ASN1_OCTET_STRING *said = m ? TS_MSG_IMPRINT_get_msg(m) : NULL;
	bool ok = said && ASN1_STRING_length(said) == SHA256_LEN;

	if (ok)
		memcpy(imprint->at, ASN1_STRING_get0_data(said), SHA256_LEN);
	else
		refuse(f, "is no reply of an authority with a SHA-256");
	TS_RESP_free(r);
	return ok;
}

bool stamp_authority(struct bytes pem, struct text *t, struct fault *f)
{
	X509 *x = pem.len > REPLY_MAX ? NULL : read_certificate(pem);
	BIO *b = x ? BIO_new(BIO_s_mem()) : NULL;
	char *at = NULL;
	long n = 0;

	if (b && X509_NAME_print_ex(b, X509_get_subject_name(x), 0,
			 XN_FLAG_RFC2253) >= 0)
		n = BIO_get_mem_data(b, &at);
	if (n > 0)
		text_bytes(t, (struct bytes){(const uint8_t *)at, (size_t)n});
	BIO_free(b);
	X509_free(x);
	return n > 0 ? text_check(t, f) : refuse(f, "no certificate");
}

bool stamp_request(const struct digest *imprint,
	uint8_t out[STAMP_REQUEST_MAX], size_t *n, struct fault *f)
{
	unsigned char copy[SHA256_LEN], *to = out;
	TS_REQ *r = TS_REQ_new();
	TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
	X509_ALGOR *a = X509_ALGOR_new();
	int len = 0;

	memcpy(copy, imprint->at, SHA256_LEN);
	/* 59 bytes */
	if (r && m && a && TS_REQ_set_version(r, 1) &&
		X509_ALGOR_set0(a, OBJ_nid2obj(NID_sha256), V_ASN1_NULL,
			NULL) && TS_MSG_IMPRINT_set_algo(m, a) &&
		TS_MSG_IMPRINT_set_msg(m, copy, SHA256_LEN) &&
		TS_REQ_set_msg_imprint(r, m)) {
		(void)TS_REQ_set_cert_req(r, 1); /* r is there */
		len = i2d_TS_REQ(r, &to);
	}
	X509_ALGOR_free(a);
	TS_MSG_IMPRINT_free(m);
	TS_REQ_free(r);
	*n = len > 0 ? (size_t)len : 0;
	if (len > 0)
		return true;
	return refuse(f, "no request could be made");
}
