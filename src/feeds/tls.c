/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOST_MAX = 256 };

struct tls_side {
	SSL_CTX *ctx;
};

struct tls {
	SSL *ssl;
	char host[HOST_MAX]; /* "" we were called */
};

/* What libssl said last; its queue is empty then. */
static const char *reason(void)
{
	unsigned long e = ERR_peek_last_error();
	const char *text = e ? ERR_reason_error_string(e) : NULL;

	ERR_clear_error();
	return text ? text : "no reason is given";
}

static bool wrong_file(const char *path, const char *what, struct fault *f)
{
	return fault(f, FAULT_INPUT, "%.200s: no %s: %s", path, what,
		reason());
}

/* -- sides -- */

/* NULL: no memory. */
static struct tls_side *side_new(const SSL_METHOD *how)
{
	struct tls_side *s = calloc(1, sizeof *s);

	if (s && (s->ctx = SSL_CTX_new(how)) && SSL_CTX_set_min_proto_version(
		s->ctx, TLS1_2_VERSION) == 1) {
		(void)SSL_CTX_set_options(s->ctx, SSL_OP_NO_RENEGOTIATION |
			SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
		(void)SSL_CTX_set_mode(s->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
			SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
			SSL_MODE_RELEASE_BUFFERS);
		return s;
	}
	tls_side_free(s);
	return NULL;
}

static bool trust(struct tls_side *s, const char *path, int how,
	struct fault *f)
{
	SSL_CTX_set_verify(s->ctx, how, NULL);
	return SSL_CTX_load_verify_file(s->ctx, path) == 1 ||
		wrong_file(path, "certificates of authorities in PEM", f);
}

bool tls_client(struct tls_side **out, const char *authorities,
	struct fault *f)
{
	struct tls_side *s = *out = side_new(TLS_client_method());

	if (!s)
		return fault(f, FAULT_LIMIT, "no memory for TLS");
	if (trust(s, authorities, SSL_VERIFY_PEER, f))
		return true;
	tls_side_free(s);
	*out = NULL;
	return false;
}

static bool show(struct tls_side *s, const char *certificate, const char *key,
	struct fault *f)
{
	if (SSL_CTX_use_certificate_chain_file(s->ctx, certificate) != 1)
		return wrong_file(certificate, "certificate in PEM", f);
	if (SSL_CTX_use_PrivateKey_file(s->ctx, key, SSL_FILETYPE_PEM) != 1 ||
		SSL_CTX_check_private_key(s->ctx) != 1)
		return wrong_file(key, "key of that certificate", f);
	return true;
}

bool tls_server(struct tls_side **out, const char *certificate,
	const char *key, const char *peers, struct fault *f)
{
	static const unsigned char name[] = "truce";
	struct tls_side *s = *out = side_new(TLS_server_method());

	if (!s)
		return fault(f, FAULT_LIMIT, "no memory for TLS");
	if (show(s, certificate, key, f) && (!peers || (trust(s, peers,
			SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
			f) && SSL_CTX_set_session_id_context(s->ctx, name,
			sizeof name - 1) == 1)))
		return true;
	tls_side_free(s);
	*out = NULL;
	return false;
}

void tls_side_free(struct tls_side *s)
{
	if (s)
		SSL_CTX_free(s->ctx);
	free(s);
}

/* -- connections -- */

static bool is_address(const char *host)
{
	uint8_t at[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, at) == 1 ||
		inet_pton(AF_INET6, host, at) == 1;
}

/* Whose certificate it must be; libssl's macro wants no const. */
static bool name_peer(SSL *ssl, char *host)
{
	if (is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl),
			host) == 1;
	SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set1_host(ssl, host) == 1 &&
		SSL_set_tlsext_host_name(ssl, host) == 1;
}

bool tls_open(struct tls **out, const struct tls_side *side, int fd,
	const char *host, struct fault *f)
{
	struct tls *t = calloc(1, sizeof *t);

	*out = t;
	if (t)
		(void)snprintf(t->host, sizeof t->host, "%s", host ? host : "");
	if (t && (t->ssl = SSL_new(side->ctx)) && SSL_set_fd(t->ssl, fd) == 1 &&
		(!host || name_peer(t->ssl, t->host))) {
		if (host)
			SSL_set_connect_state(t->ssl);
		else
			SSL_set_accept_state(t->ssl);
		return true;
	}
	tls_free(t);
	*out = NULL;
	return fault(f, FAULT_LIMIT, "TLS: %s", reason());
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	if (t->ssl && SSL_is_init_finished(t->ssl))
		(void)SSL_shutdown(t->ssl);
	SSL_free(t->ssl);
	ERR_clear_error();
	free(t);
}

static bool refused(const struct tls *t, long why, struct fault *f)
{
	const char *text = X509_verify_cert_error_string(why);

	if (!t->host[0])
		return fault(f, FAULT_INPUT,
			"TLS: the peer's certificate is refused: %s", text);
	return fault(f, FAULT_INPUT, "TLS: the certificate that %s shows is "
		"refused: %s", t->host, text);
}

/* Why nothing came or went; true: it may later. */
static bool wait_or_fault(struct tls *t, int code, bool *reads,
	struct fault *f)
{
	int number = errno, what = SSL_get_error(t->ssl, code);
	long verdict = SSL_get_verify_result(t->ssl);

	if (what == SSL_ERROR_WANT_READ || what == SSL_ERROR_WANT_WRITE) {
		*reads = what == SSL_ERROR_WANT_READ;
		return true;
	}
	if (what == SSL_ERROR_ZERO_RETURN)
		return fault(f, FAULT_INPUT, SSL_is_init_finished(t->ssl) ?
			"the peer has closed" :
			"TLS: the peer closed during the handshake");
	if (what == SSL_ERROR_SYSCALL && number != 0) {
		ERR_clear_error();
		errno = number;
		return fault_errno(f, "TLS");
	}
	if (!SSL_is_init_finished(t->ssl) && verdict != X509_V_OK) {
		ERR_clear_error();
		return refused(t, verdict, f);
	}
	return fault(f, FAULT_INPUT, "TLS: %s", reason());
}

bool tls_read(struct tls *t, void *at, size_t room, size_t *got,
	struct fault *f)
{
	bool reads;
	int code;

	*got = 0;
	ERR_clear_error();
	errno = 0;
	code = SSL_read_ex(t->ssl, at, room, got);
	return code == 1 || wait_or_fault(t, code, &reads, f);
}

bool tls_write(struct tls *t, const void *at, size_t n, size_t *put,
	bool *reads, struct fault *f)
{
	int code;

	*put = 0;
	*reads = false;
	ERR_clear_error();
	errno = 0;
	code = SSL_write_ex(t->ssl, at, n, put);
	return code == 1 || wait_or_fault(t, code, reads, f);
}

size_t tls_pending(const struct tls *t)
{
	return (size_t)SSL_pending(t->ssl);
}
