/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct loopback {
	struct MHD_Daemon *daemon;
	char folder[4096], first[256];
	uint16_t port;
};

static const struct {
	const char *ending, *type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".txt", "text/plain; charset=utf-8"},
	{".csv", "text/csv; charset=utf-8"},
	{".json", "application/json"},
	{".geojson", "application/geo+json"},
};

static const char *type_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
		if (strcmp(dot, types[i].ending) == 0)
			return types[i].type;
	return "application/octet-stream";
}

static enum MHD_Result say(
	struct MHD_Connection *c, unsigned code, const char *text)
{
	struct MHD_Response *r =
		MHD_create_response_from_buffer_with_free_callback(
			strlen(text), (void *)(uintptr_t)text, NULL);
	enum MHD_Result ok;

	if (!r)
		return MHD_NO;
	(void)MHD_add_response_header(r, "Content-Type", "text/plain");
	ok = MHD_queue_response(c, code, r);
	MHD_destroy_response(r);
	return ok;
}

static bool name_ok(const char *name)
{
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789._-");

	return n > 0 && n < 200 && name[n] == '\0' && name[0] != '.';
}

static bool host_ok(struct MHD_Connection *c)
{
	const char *host = MHD_lookup_connection_value(
		c, MHD_HEADER_KIND, "Host");
	size_t n = host ? strcspn(host, ":") : 0;

	return host && ((n == 9 && (memcmp(host, "127.0.0.1", n) == 0 ||
				memcmp(host, "localhost", n) == 0)) ||
			strncmp(host, "[::1]", 5) == 0);
}

static enum MHD_Result give_file(
	struct MHD_Connection *c, const struct loopback *l, const char *name)
{
	struct MHD_Response *r;
	char path[4400];
	enum MHD_Result ok;
	struct stat st;
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", l->folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		if (fd >= 0)
			(void)close(fd);
		return say(c, MHD_HTTP_NOT_FOUND, "there is no such file\n");
	}
	r = MHD_create_response_from_fd64((uint64_t)st.st_size, fd);
	if (!r) {
		(void)close(fd);
		return MHD_NO;
	}
	(void)MHD_add_response_header(r, "Content-Type", type_of(name));
	(void)MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	(void)MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
	(void)MHD_add_response_header(r, "Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; "
		"img-src 'self' data:; base-uri 'none'; form-action 'none'; "
		"frame-ancestors 'none'");
	ok = MHD_queue_response(c, MHD_HTTP_OK, r);
	MHD_destroy_response(r);
	return ok;
}

/* MHD calls twice: a reply on the first call closes the connection. */
static enum MHD_Result answer(void *self, struct MHD_Connection *c,
	const char *url, const char *method, const char *version,
	const char *upload, size_t *upload_size, void **seen)
{
	static int first_call;
	const struct loopback *l = self;

	(void)version;
	(void)upload;
	if (!*seen) {
		*seen = &first_call;
		return MHD_YES;
	}
	*upload_size = 0;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return say(c, MHD_HTTP_METHOD_NOT_ALLOWED, "GET only\n");
	if (!host_ok(c))
		return say(c, MHD_HTTP_FORBIDDEN, "not a loopback name\n");
	if (strcmp(url, "/") == 0)
		return give_file(c, l, l->first);
	if (url[0] != '/' || !name_ok(url + 1))
		return say(c, MHD_HTTP_NOT_FOUND, "there is no such file\n");
	return give_file(c, l, url + 1);
}

bool loopback_start(struct loopback **out, const char *folder,
	const char *first, uint16_t port, struct fault *f)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct loopback *l = calloc(1, sizeof *l);
	const union MHD_DaemonInfo *info;

	*out = l;
	if (!l)
		return fault(f, FAULT_LIMIT, "no memory");
	(void)snprintf(l->folder, sizeof l->folder, "%s", folder);
	(void)snprintf(l->first, sizeof l->first, "%s", first);
	l->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
		answer, l, MHD_OPTION_SOCK_ADDR, &a,
		MHD_OPTION_CONNECTION_LIMIT, 64U,
		MHD_OPTION_CONNECTION_TIMEOUT, 30U, MHD_OPTION_END);
	if (!l->daemon) {
		free(l);
		*out = NULL;
		return fault_errno(f, "127.0.0.1:%u", (unsigned)port);
	}
	info = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_BIND_PORT);
	l->port = info ? info->port : port;
	return true;
}

uint16_t loopback_port(const struct loopback *l)
{
	return l->port;
}

void loopback_stop(struct loopback *l)
{
	if (!l)
		return;
	MHD_stop_daemon(l->daemon);
	free(l);
}
