/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/cosign.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <time.h>

enum { BODY_MAX_BYTES = 64 << 10 };

struct cosign_door {
	struct MHD_Daemon *daemon;
	struct cosigner *cosigner;
	uint16_t port;
};

struct asked { /* one request while it comes in */
	size_t len;
	bool over;
	uint8_t at[BODY_MAX_BYTES];
};

static enum MHD_Result say(struct MHD_Connection *c, int status,
	const char *type, struct bytes text)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(text.len,
		(void *)(uintptr_t)text.at, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result ok;

	if (!r)
		return MHD_NO;
	(void)MHD_add_response_header(r, "Content-Type", type);
	(void)MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	ok = MHD_queue_response(c, (unsigned)status, r);
	MHD_destroy_response(r);
	return ok;
}

static enum MHD_Result say_text(
	struct MHD_Connection *c, int status, const char *text)
{
	return say(c, status, "text/plain", bytes_of(text));
}

static enum MHD_Result give_note(
	struct MHD_Connection *c, struct cosign_door *d, const char *id)
{
	uint8_t at[4096];
	struct fault f;
	size_t n;

	if (!cosigner_note(d->cosigner, id, at, sizeof at, &n, &f))
		return say_text(c, 500, "cannot be read\n");
	if (n == 0)
		return say_text(c, 404, "no such log, or never seen\n");
	return say(c, 200, "text/plain; charset=utf-8", (struct bytes){at, n});
}

static enum MHD_Result cosign(struct MHD_Connection *c, struct cosign_door *d,
	const struct asked *q)
{
	struct cosigned a;

	if (q->over)
		return say_text(c, 413, "over 64 KiB\n");
	cosigner_answer(d->cosigner, (struct bytes){q->at, q->len},
		(uint64_t)time(NULL), &a);
	return say(c, a.status, a.type, bytes_of(a.text));
}

static enum MHD_Result answer(void *self, struct MHD_Connection *c,
	const char *url, const char *method, const char *version,
	const char *upload, size_t *upload_size, void **seen)
{
	static const char notes[] = "/checkpoint/";
	struct cosign_door *d = self;
	struct asked *q = *seen;

	(void)version;
	if (!q) {
		*seen = calloc(1, sizeof *q);
		return *seen ? MHD_YES : MHD_NO;
	}
	if (*upload_size > 0) {
		q->over |= *upload_size > sizeof q->at - q->len;
		if (!q->over) {
			memcpy(q->at + q->len, upload, *upload_size);
			q->len += *upload_size;
		}
		*upload_size = 0;
		return MHD_YES;
	}
	if (strcmp(method, "POST") == 0 && strcmp(url, "/add-checkpoint") == 0)
		return cosign(c, d, q);
	if (strcmp(method, "GET") == 0 &&
		strncmp(url, notes, sizeof notes - 1) == 0)
		return give_note(c, d, url + sizeof notes - 1);
	return say_text(c, 404, "POST /add-checkpoint\n");
}

static void forget(void *self, struct MHD_Connection *c, void **seen,
	enum MHD_RequestTerminationCode code)
{
	(void)self;
	(void)c;
	(void)code;
	free(*seen);
	*seen = NULL;
}

bool cosign_open(struct cosign_door **out, struct cosigner *cosigner,
	uint16_t port, struct fault *f)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct cosign_door *d = calloc(1, sizeof *d);
	const union MHD_DaemonInfo *info;

	*out = d;
	if (!d)
		return fault(f, FAULT_LIMIT, "memory");
	d->cosigner = cosigner;
	d->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
		answer, d, MHD_OPTION_SOCK_ADDR, &a,
		MHD_OPTION_NOTIFY_COMPLETED, forget, NULL,
		MHD_OPTION_CONNECTION_LIMIT, 64U,
		MHD_OPTION_CONNECTION_TIMEOUT, 10U, MHD_OPTION_END);
	if (!d->daemon) {
		free(d);
		*out = NULL;
		return fault_errno(f, "127.0.0.1:%u", (unsigned)port);
	}
	info = MHD_get_daemon_info(d->daemon, MHD_DAEMON_INFO_BIND_PORT);
	d->port = info ? info->port : port;
	return true;
}

uint16_t cosign_port(const struct cosign_door *d)
{
	return d->port;
}

void cosign_close(struct cosign_door *d)
{
	if (!d)
		return;
	MHD_stop_daemon(d->daemon);
	free(d);
}
