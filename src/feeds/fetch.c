/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_loopback(const char *host)
{
	return strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0 ||
		strcmp(host, "localhost") == 0;
}

bool fetch_may(const char *url, struct fault *f)
{
	char *scheme = NULL, *host = NULL;
	CURLU *u = curl_url();
	bool ok = false;

	if (!u)
		return fault(f, FAULT_LIMIT, "memory");
	if (curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) ||
		curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) ||
		curl_url_get(u, CURLUPART_HOST, &host, 0))
		fault(f, FAULT_INPUT, "'%.150s' is no URL that can be asked",
			url);
	else if (strcmp(scheme, "https") == 0)
		ok = true;
	else if (strcmp(scheme, "http") == 0 && is_loopback(host))
		ok = true;
	else
		fault(f, FAULT_INPUT, "'%.150s': wants https, or http on "
			"loopback", url);
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(u);
	return ok;
}

static size_t take(char *at, size_t one, size_t n, void *self)
{
	struct fetch *x = self;
	size_t room = x->room ? x->room : 4096;
	uint8_t *more;

	n *= one;
	if (n > x->most - x->reply.len) {
		fault(&x->why, FAULT_LIMIT, "the reply is over %zu bytes",
			x->most);
		return 0; /* not n: it is over */
	}
	while (room < x->reply.len + n)
		room *= 2;
	if (room > x->room) {
		more = realloc(x->at, room);
		if (!more) {
			fault(&x->why, FAULT_LIMIT, "memory");
			return 0;
		}
		x->at = more;
		x->room = room;
	}
	memcpy(x->at + x->reply.len, at, n);
	x->reply = (struct bytes){x->at, x->reply.len + n};
	return n;
}

static void set_up(struct fetch *x, CURL *h)
{
	(void)curl_easy_setopt(h, CURLOPT_URL, x->url);
	(void)curl_easy_setopt(h, CURLOPT_PRIVATE, (void *)x);
	(void)curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	(void)curl_easy_setopt(h, CURLOPT_WRITEDATA, (void *)x);
	(void)curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, x->limit_ms);
	(void)curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(h, CURLOPT_USERAGENT, "truce");
	(void)curl_easy_setopt(h, CURLOPT_NOPROXY, "127.0.0.1,::1,localhost");
	if (!x->post)
		return;
	(void)curl_easy_setopt(h, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(h, CURLOPT_POSTFIELDS, (const char *)x->body.at);
	(void)curl_easy_setopt(
		h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.len);
}

static void finish(CURL *h, CURLcode code)
{
	struct fetch *x = NULL;
	char *type = NULL, *self = NULL;
	long status = 0;

	(void)curl_easy_getinfo(h, CURLINFO_PRIVATE, &self);
	x = (struct fetch *)(void *)self;
	if (code != CURLE_OK) {
		if (x->why.kind == FAULT_NONE)
			fault(&x->why, FAULT_SYSTEM, "%s",
				curl_easy_strerror(code));
		(void)fault_in(&x->why, "%.100s", x->url);
		return;
	}
	(void)curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(h, CURLINFO_CONTENT_TYPE, &type);
	x->status = (int)status;
	if (type)
		(void)snprintf(x->type, sizeof x->type, "%s", type);
}

static bool perform(CURLM *m, struct fault *f)
{
	int running = 1, left;
	CURLMcode code = CURLM_OK;
	CURLMsg *said;

	while (running && code == CURLM_OK) {
		code = curl_multi_perform(m, &running);
		if (code == CURLM_OK && running)
			code = curl_multi_poll(m, NULL, 0, 1000, NULL);
		while ((said = curl_multi_info_read(m, &left)))
			if (said->msg == CURLMSG_DONE)
				finish(said->easy_handle, said->data.result);
	}
	return code == CURLM_OK || fault(f, FAULT_SYSTEM, "fetch: %s",
		curl_multi_strerror(code));
}

bool fetch_all(struct fetch *x, size_t count, struct fault *f)
{
	bool ok = true;
	CURLM *m;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return fault(f, FAULT_SYSTEM, "libcurl does not start");
	m = curl_multi_init();
	if (!m)
		return fault(f, FAULT_LIMIT, "memory");
	for (size_t i = 0; i < count && ok; i++) {
		x[i].status = 0;
		x[i].type[0] = '\0';
		x[i].reply.len = 0;
		x[i].handle = NULL;
		x[i].why = (struct fault){0};
		if (!fetch_may(x[i].url, &x[i].why))
			continue;
		x[i].handle = curl_easy_init();
		ok = x[i].handle || fault(f, FAULT_LIMIT, "memory");
		if (ok) {
			set_up(&x[i], x[i].handle);
			(void)curl_multi_add_handle(m, x[i].handle);
		}
	}
	ok = ok && perform(m, f);
	for (size_t i = 0; i < count; i++)
		if (x[i].handle) {
			(void)curl_multi_remove_handle(m, x[i].handle);
			curl_easy_cleanup(x[i].handle);
			x[i].handle = NULL;
		}
	(void)curl_multi_cleanup(m);
	return ok;
}

void fetch_free(struct fetch *x, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(x[i].at);
		x[i].at = NULL;
		x[i].room = 0;
		x[i].reply = (struct bytes){0};
	}
}
