/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request as a web server hands it on: what is one, what is none, cut at
 * each byte, each byte another. */
#include "check.h"
#include "serve/scgi.h"

#define S(x) {(const uint8_t *)(x), sizeof(x) - 1}
#define GOOD "CONTENT_LENGTH\0" "3\0SCGI\0" "1\0REQUEST_METHOD\0POST\0" \
	"REQUEST_URI\0/a%20b?q=%41\0HTTP_HOST\0x.org\0HTTP_COOKIE\0truce=1\0" \
	"HTTP_X_TRUCE_TOKEN\0t\0REMOTE_ADDR\0::1\0"

static uint8_t block[1 << 16];

static bool reads(struct bytes b)
{
	struct arena a = arena_on(block, sizeof block);
	struct wire_request q;
	struct fault f = {0};
	size_t n;

	return scgi_read(b, &a, &q, &n, &f);
}

static void whole(void)
{
	struct arena a = arena_on(block, sizeof block);
	struct bytes good = S(GOOD);
	struct wire_request q;
	struct fault f = {0};
	size_t n = 0;
	bool ok = scgi_read(good, &a, &q, &n, &f);

	CHECK(ok && n == 3 && q.method == WIRE_POST &&
		bytes_are(q.path, "/a b") && bytes_are(q.query, "q=%41") &&
		bytes_are(q.host, "x.org") && bytes_are(q.cookie, "truce=1") &&
		bytes_are(q.token, "t"), "a request: %s", f.text);
}

static void none(void)
{
	static const struct {
		const char *what;
		struct bytes b;
	} t[] = {
		{"empty", S("")},
		{"no CONTENT_LENGTH first",
			S("SCGI\0" "1\0CONTENT_LENGTH\0" "0\0"
				"REQUEST_URI\0/\0")},
		{"no SCGI", S("CONTENT_LENGTH\0" "0\0"
			"REQUEST_URI\0/\0")},
		{"SCGI 2", S("CONTENT_LENGTH\0" "0\0SCGI\0" "2\0"
			"REQUEST_URI\0/\0")},
		{"a name twice", S("CONTENT_LENGTH\0" "0\0SCGI\0" "1\0"
			"SCGI\0" "1\0REQUEST_URI\0/\0")},
		{"a small letter", S("CONTENT_LENGTH\0" "0\0SCGI\0" "1\0a\0b\0"
			"REQUEST_URI\0/\0")},
		{"an empty name", S("CONTENT_LENGTH\0" "0\0SCGI\0" "1\0\0b\0"
			"REQUEST_URI\0/\0")},
		{"a negative length",
			S("CONTENT_LENGTH\0-1\0SCGI\0" "1\0REQUEST_URI\0/\0")},
		{"no length", S("CONTENT_LENGTH\0\0SCGI\0" "1\0"
			"REQUEST_URI\0/\0")},
		{"no address", S("CONTENT_LENGTH\0" "0\0SCGI\0" "1\0")},
		{"an address elsewhere", S("CONTENT_LENGTH\0" "0\0SCGI\0" "1\0"
			"REQUEST_URI\0http://x/\0")},
		{"a zero in it", S("CONTENT_LENGTH\0" "0\0SCGI\0" "1\0"
			"REQUEST_URI\0/%00\0")},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		CHECK(!reads(t[i].b), "refused: %s", t[i].what);
}

static void lengths(void)
{
	static const struct {
		const char *text;
		bool ok;
		enum fault_kind kind; /* NONE and not ok: more is wanted */
	} t[] = {
		{"", false, FAULT_NONE}, {"7", false, FAULT_NONE},
		{"70:", true, FAULT_NONE}, {"32768:", true, FAULT_NONE},
		{"32769:", false, FAULT_LIMIT}, {"99999", false, FAULT_NONE},
		{"999999", false, FAULT_INPUT}, {":", false, FAULT_INPUT},
		{"07:", false, FAULT_INPUT}, {"7a", false, FAULT_INPUT},
		{"-1:", false, FAULT_INPUT},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct fault f = {0};
		size_t head, length;
		bool ok = scgi_length(
			bytes_of(t[i].text), &head, &length, &f);

		CHECK(ok == t[i].ok && f.kind == t[i].kind, "'%s'", t[i].text);
	}
}

/* Cut anywhere it is none, but behind a pair that nobody needs; another byte
 * is read or refused, and nothing else. */
static void damaged(void)
{
	static const uint8_t good[] = GOOD;
	uint8_t at[sizeof good];
	size_t cut = 0, taken = 0;

	for (size_t n = 0; n < sizeof good - 1; n++)
		cut += reads((struct bytes){good, n});
	CHECK(cut == 4, "cut at each byte: %zu are requests still", cut);
	for (size_t i = 0; i < sizeof good - 1; i++)
		for (int b = 0; b < 256; b++) {
			memcpy(at, good, sizeof good);
			at[i] = (uint8_t)b;
			taken += reads((struct bytes){at, sizeof good - 1});
		}
	CHECK(taken > 0, "each byte another: %zu are requests", taken);
}

int main(void)
{
	whole();
	none();
	lengths();
	damaged();
	return check_done();
}
