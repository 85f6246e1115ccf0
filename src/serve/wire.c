/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/wire.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"

void wire_headers(const struct wire_response *w,
	void (*each)(void *self, const char *name, const char *value),
	void *self)
{
	char next[400];
	struct text t = text_on(next, sizeof next);
	const struct {
		const char *name, *value;
	} all[] = {{"Content-Type", w->type},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Content-Security-Policy", w->policy ? w->policy
			: "default-src 'none'"},
		{"Content-Encoding", w->encoding},
		{"Cache-Control", w->cache}, {"ETag", w->etag},
		{"Set-Cookie", w->cookie}, {"Link", w->next ? next : NULL},
		{"X-Accel-Buffering", w->is == WIRE_EVENTS ? "no" : NULL}};

	if (w->next)
		text_fmt(&t, "<?after=%s>; rel=\"next\"", w->next);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].value && all[i].value[0])
			each(self, all[i].name, all[i].value);
}

enum wire_method wire_method_named(struct bytes name)
{
	static const char *const names[] = {[WIRE_GET] = "GET",
		[WIRE_HEAD] = "HEAD", [WIRE_PUT] = "PUT",
		[WIRE_POST] = "POST", [WIRE_DELETE] = "DELETE"};

	for (int i = 0; i < WIRE_OTHER; i++)
		if (bytes_are(name, names[i]))
			return (enum wire_method)i;
	return WIRE_OTHER;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool wire_decode(struct bytes in, bool plus, struct text *out)
{
	for (size_t i = 0; i < in.len; i++) {
		int c = in.at[i];

		if (c == '%') {
			int high = i + 2 < in.len ? hex_digit(in.at[i + 1])
				: -1;
			int low = high >= 0 ? hex_digit(in.at[i + 2]) : -1;

			if (low < 0)
				return false;
			c = high * 16 + low;
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c == 0)
			return false;
		text_char(out, (char)c);
	}
	return !out->full;
}

bool wire_parameter(struct bytes query, const char *name, struct arena *a,
	const char **value, bool *bad)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < query.len;) {
		const uint8_t *amp = memchr(query.at + i, '&', query.len - i);
		size_t end = amp ? (size_t)(amp - query.at) : query.len;
		struct bytes part = bytes_part(query, i, end - i);

		i = end + 1;
		if (part.len <= n || memcmp(part.at, name, n) != 0 ||
			part.at[n] != '=')
			continue;
		part = bytes_part(part, n + 1, part.len);
		struct text t = text_in(a, part.len + 1);

		if (!wire_decode(part, true, &t))
			*bad = true;
		*value = t.at;
		return !*bad;
	}
	return false;
}

static const char *title(unsigned status)
{
	static const struct {
		unsigned status;
		const char *title;
	} titles[] = {{400, "Bad request"}, {401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not found"}, {405, "Method not allowed"},
		{406, "Not acceptable"}, {409, "Conflict"},
		{410, "Gone"},
		{413, "Too large"}, {415, "Unsupported media type"},
		{422, "Not understood"}, {503, "Not now"}};

	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (titles[i].status == status)
			return titles[i].title;
	return "Failed";
}

static void problem(struct wire_response *r, struct arena *a, unsigned status,
	struct bytes more, const char *detail)
{
	struct text t = text_in(a, 2048 + more.len);
	struct json j = json_on(&t);

	json_object(&j);
	json_key_text(&j, "type", "about:blank");
	json_key_text(&j, "title", title(status));
	json_key_i64(&j, "status", status);
	json_key_text(&j, "detail", detail);
	if (more.len > 2) { /* without its braces */
		text_char(&t, ',');
		text_bytes(&t, bytes_part(more, 1, more.len - 2));
	}
	json_close(&j);
	text_char(&t, '\n');
	*r = (struct wire_response){.status = status,
		.type = "application/problem+json", .cache = "no-store",
		.body = text_view(&t)};
}

void wire_problem(struct wire_response *r, struct arena *a, unsigned status,
	const char *fmt, ...)
{
	char detail[600];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(detail, sizeof detail, fmt, args);
	va_end(args);
	problem(r, a, status, (struct bytes){0}, detail);
}

void wire_problem_more(struct wire_response *r, struct arena *a,
	unsigned status, struct bytes more, const char *fmt, ...)
{
	char detail[600];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(detail, sizeof detail, fmt, args);
	va_end(args);
	problem(r, a, status, more, detail);
}
