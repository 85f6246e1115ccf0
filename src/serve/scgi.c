/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/scgi.h"

#include "base/csv.h"

bool scgi_length(
	struct bytes in, size_t *head, size_t *length, struct fault *f)
{
	size_t n = 0;

	f->kind = FAULT_NONE;
	for (size_t i = 0; i < in.len && i < SCGI_LENGTH; i++) {
		if (in.at[i] == ':' && i > 0) {
			*head = i + 1;
			*length = n;
			return n <= SCGI_BLOCK || fault(f, FAULT_LIMIT,
				"scgi: a block of %zu bytes", n);
		}
		if (in.at[i] < '0' || in.at[i] > '9' ||
			(i > 0 && in.at[0] == '0'))
			return fault(f, FAULT_INPUT, "scgi: no length");
		n = n * 10 + (in.at[i] - '0');
	}
	if (in.len >= SCGI_LENGTH)
		return fault(f, FAULT_INPUT, "scgi: no length");
	return false;
}

static bool name_ok(struct bytes s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!((s.at[i] >= 'A' && s.at[i] <= 'Z') || s.at[i] == '_' ||
			(s.at[i] >= '0' && s.at[i] <= '9')))
			return false;
	return s.len >= 1 && s.len <= 64;
}

struct pair {
	struct bytes name, value;
};

/* Up to the next zero byte, which is taken too. */
static bool word(struct bytes *left, struct bytes *out, struct fault *f)
{
	const uint8_t *zero =
		left->len ? memchr(left->at, 0, left->len) : NULL;
	size_t n = zero ? (size_t)(zero - left->at) : 0;

	*out = (struct bytes){0};
	if (!zero)
		return fault(f, FAULT_INPUT, "scgi: the block ends in a word");
	*out = bytes_part(*left, 0, n);
	*left = bytes_part(*left, n + 1, left->len);
	return true;
}

static bool pairs(struct bytes block, struct pair *p, size_t *count,
	struct fault *f)
{
	for (*count = 0; block.len > 0; ++*count) {
		struct pair *x = &p[*count];

		if (*count == SCGI_NAMES)
			return fault(f, FAULT_LIMIT, "scgi: too many names");
		if (!word(&block, &x->name, f) || !word(&block, &x->value, f))
			return false;
		if (!name_ok(x->name) || x->value.len > SCGI_VALUE)
			return fault(f, FAULT_INPUT, "scgi: pair %zu", *count);
		for (size_t i = 0; i < *count; i++)
			if (bytes_equal(p[i].name, x->name))
				return fault(f, FAULT_INPUT,
					"scgi: a name twice");
	}
	return true;
}

static struct bytes value(
	const struct pair *p, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_are(p[i].name, name))
			return p[i].value;
	return (struct bytes){0};
}

static bool address(struct bytes uri, struct arena *a, struct wire_request *q,
	struct fault *f)
{
	const uint8_t *mark = uri.len ? memchr(uri.at, '?', uri.len) : NULL;
	size_t n = mark ? (size_t)(mark - uri.at) : uri.len;
	struct text path = text_in(a, n + 1);

	if (n == 0 || uri.at[0] != '/' ||
		!wire_decode(bytes_part(uri, 0, n), false, &path))
		return fault(f, FAULT_INPUT, "a broken address");
	q->path = text_view(&path);
	q->query = bytes_part(uri, n + 1, uri.len);
	return true;
}

bool scgi_read(struct bytes block, struct arena *a, struct wire_request *q,
	size_t *body, struct fault *f)
{
	struct pair p[SCGI_NAMES] = {0};
	size_t n;
	int64_t length;

	if (!pairs(block, p, &n, f))
		return false;
	if (n == 0 || !bytes_are(p[0].name, "CONTENT_LENGTH") ||
		!integer_read(p[0].value, &length, f) || length < 0 ||
		!bytes_are(value(p, n, "SCGI"), "1"))
		return fault(f, FAULT_INPUT, "scgi: CONTENT_LENGTH first, and "
			"SCGI of 1");
	*body = (size_t)length;
	*q = (struct wire_request){
		.method = wire_method_named(value(p, n, "REQUEST_METHOD")),
		.accept = value(p, n, "HTTP_ACCEPT"),
		.content_type = value(p, n, "CONTENT_TYPE"),
		.last_event_id = value(p, n, "HTTP_LAST_EVENT_ID"),
		.if_none_match = value(p, n, "HTTP_IF_NONE_MATCH"),
		.host = value(p, n, "HTTP_HOST"),
		.origin = value(p, n, "HTTP_ORIGIN"),
		.cookie = value(p, n, "HTTP_COOKIE"),
		.token = value(p, n, "HTTP_X_TRUCE_TOKEN"),
	};
	return address(value(p, n, "REQUEST_URI"), a, q, f);
}

static void header(void *self, const char *name, const char *v)
{
	text_fmt(self, "%s: %s\r\n", name, v);
}

void scgi_head(const struct wire_response *w, struct text *t)
{
	text_fmt(t, "Status: %u\r\n", w->status);
	wire_headers(w, header, t);
	text_add(t, "\r\n");
}
