/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/note.h"

#include "base/encode.h"

enum { SIGNATURE_MAX = 8192 };

/* -- lines, numbers -- */

bool note_next_line(struct reader *r, struct bytes *line)
{
	size_t left = reader_left(r);
	const uint8_t *at = left ? r->in.at + r->pos : NULL;
	const uint8_t *lf = at ? memchr(at, '\n', left) : NULL;

	if (!lf)
		return false;
	*line = read_bytes(r, (size_t)(lf - at));
	reader_skip(r, 1);
	return true;
}

bool note_number(struct bytes b, uint64_t *v)
{
	*v = 0;
	if (b.len == 0 || b.len > 19 || (b.len > 1 && b.at[0] == '0'))
		return false;
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] < '0' || b.at[i] > '9')
			return false;
		*v = *v * 10 + (uint64_t)(b.at[i] - '0');
	}
	return *v <= INT64_MAX;
}

bool note_digest(struct bytes b, struct digest *d)
{
	struct fault no;
	size_t n;

	return base64_read(b, d->at, SHA256_LEN, &n, &no) && n == SHA256_LEN;
}

/* -- names -- */

static uint32_t character(struct bytes b, size_t n)
{
	uint32_t c = n == 1 ? b.at[0] : b.at[0] & (0x7fU >> n);

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (b.at[i] & 0x3fU);
	return c;
}

/* White_Space of Unicode 15, controls, and plus, which no name may hold. */
static bool is_in_names(uint32_t c)
{
	return c > 0x20 && c != '+' && c != 0x7f && c != 0x85 && c != 0xa0 &&
		c != 0x1680 && (c < 0x2000 || c > 0x200a) && c != 0x2028 &&
		c != 0x2029 && c != 0x202f && c != 0x205f && c != 0x3000;
}

static bool name_ok(struct bytes b)
{
	for (size_t i = 0, n; i < b.len; i += n) {
		struct bytes rest = bytes_part(b, i, b.len);

		n = utf8_length(rest);
		if (n == 0 || !is_in_names(character(rest, n)))
			return false;
	}
	return b.len > 0;
}

/* -- keys -- */

void note_key_id(const char *name, enum note_type type,
	const uint8_t key[SIGN_KEY], uint8_t out[NOTE_ID])
{
	const uint8_t between[2] = {'\n', (uint8_t)type};
	struct sha256 s;
	struct digest d;

	sha256_start(&s);
	sha256_add(&s, bytes_of(name));
	sha256_add(&s, (struct bytes){between, 2});
	sha256_add(&s, (struct bytes){key, SIGN_KEY});
	d = sha256_end(&s);
	memcpy(out, d.at, NOTE_ID);
}

bool note_key_split(struct bytes b, struct note_key *k, uint8_t id[NOTE_ID],
	struct fault *f)
{
	const uint8_t *plus = b.len ? memchr(b.at, '+', b.len) : NULL;
	size_t n = plus ? (size_t)(plus - b.at) : 0, got;
	uint8_t raw[1 + SIGN_KEY];

	if (n == 0 || n > SIGN_NAME_MAX || b.len < n + 10 ||
		b.at[n + 9] != '+' || !name_ok(bytes_part(b, 0, n)))
		return fault(f, FAULT_INPUT, "no key: wants name+id+base64");
	memcpy(k->name, b.at, n);
	k->name[n] = '\0';
	if (!hex_read(bytes_part(b, n + 1, 8), id, NOTE_ID, f) ||
		!base64_read(bytes_part(b, n + 10, b.len), raw, sizeof raw,
			&got, f))
		return fault_in(f, "key");
	if (got != sizeof raw || (raw[0] != NOTE_SIGNS &&
					 raw[0] != NOTE_COSIGNS))
		return fault(f, FAULT_INPUT, "key: not Ed25519");
	k->type = raw[0] == NOTE_SIGNS ? NOTE_SIGNS : NOTE_COSIGNS;
	memcpy(k->key, raw + 1, SIGN_KEY);
	sign_forget(raw, sizeof raw);
	return true;
}

bool note_key_fits(
	const struct note_key *k, const uint8_t id[NOTE_ID], struct fault *f)
{
	uint8_t want[NOTE_ID];

	note_key_id(k->name, k->type, k->key, want);
	return memcmp(id, want, NOTE_ID) == 0 ||
		fault(f, FAULT_INPUT, "key: its id does not fit");
}

bool note_key_read(struct bytes b, struct note_key *k, struct fault *f)
{
	uint8_t id[NOTE_ID];

	return note_key_split(b, k, id, f) && note_key_fits(k, id, f);
}

void note_key_print_as(
	const struct note_key *k, const uint8_t value[SIGN_KEY], struct text *t)
{
	uint8_t id[NOTE_ID], raw[1 + SIGN_KEY] = {(uint8_t)k->type};

	note_key_id(k->name, k->type, k->key, id);
	memcpy(raw + 1, value, SIGN_KEY);
	text_add(t, k->name);
	text_char(t, '+');
	text_hex(t, (struct bytes){id, sizeof id});
	text_char(t, '+');
	text_base64(t, (struct bytes){raw, sizeof raw});
	sign_forget(raw, sizeof raw);
}

void note_key_print(const struct note_key *k, struct text *t)
{
	note_key_print_as(k, k->key, t);
}

/* -- notes -- */

static bool sound_text(struct bytes b, struct fault *f)
{
	for (size_t i = 0, n; i < b.len; i += n) {
		n = utf8_length(bytes_part(b, i, b.len));
		if (n == 0)
			return fault(f, FAULT_INPUT,
				"note: byte %zu is no UTF-8", i);
		if (b.at[i] < 0x20 && b.at[i] != '\n')
			return fault(f, FAULT_INPUT,
				"note: control character at byte %zu", i);
	}
	return true;
}

/* "— name base64" */
static bool read_line(struct bytes b, struct note_line *l)
{
	uint8_t raw[SIGNATURE_MAX];
	const uint8_t *space;
	struct fault no;
	size_t n;

	if (!bytes_start(b, NOTE_DASH))
		return false;
	b = bytes_part(b, sizeof NOTE_DASH - 1, b.len);
	space = b.len ? memchr(b.at, ' ', b.len) : NULL;
	if (!space)
		return false;
	n = (size_t)(space - b.at);
	l->name = bytes_part(b, 0, n);
	if (!name_ok(l->name) ||
		!base64_read(bytes_part(b, n + 1, b.len), raw, sizeof raw,
			&l->len, &no) || l->len <= NOTE_ID)
		return false;
	memcpy(l->raw, raw, l->len < NOTE_KEEP ? l->len : NOTE_KEEP);
	return true;
}

/* Where the empty line in front of the signatures ends; 0: there is none. */
static size_t after_text(struct bytes b)
{
	for (size_t i = b.len; i > 2; i--)
		if (b.at[i - 1] == '\n' && b.at[i - 2] == '\n')
			return i;
	return 0;
}

bool note_read_but(
	struct bytes b, struct note *n, bool *unsigned_, struct fault *f)
{
	size_t from;
	struct reader r;
	struct bytes line;

	*n = (struct note){0};
	*unsigned_ = false;
	if (b.len > NOTE_MAX)
		return fault(f, FAULT_LIMIT, "note of %zu bytes, at most %d",
			b.len, NOTE_MAX);
	if (!sound_text(b, f))
		return false;
	from = after_text(b);
	if (from == 0)
		return fault(f, FAULT_INPUT,
			"note: no empty line in front of signatures");
	n->text = bytes_part(b, 0, from - 1);
	r = reader(bytes_part(b, from, b.len));
	while (note_next_line(&r, &line)) {
		if (n->count == NOTE_LINES)
			return fault(f, FAULT_LIMIT,
				"note: more than %d signatures", NOTE_LINES);
		*unsigned_ = !read_line(line, &n->line[n->count++]);
		if (*unsigned_)
			return fault(f, FAULT_INPUT, "signature line %zu: wants"
				" \"\xe2\x80\x94 name base64\"", n->count);
	}
	if (n->count == 0 || reader_left(&r) > 0)
		return fault(f, FAULT_INPUT,
			"note: does not end in signatures and a line feed");
	return true;
}

bool note_read(struct bytes b, struct note *n, struct fault *f)
{
	bool unsigned_;

	return note_read_but(b, n, &unsigned_, f);
}

bool note_line_by(const struct note_line *l, const struct note_key *k)
{
	uint8_t id[NOTE_ID];

	if (!bytes_are(l->name, k->name))
		return false;
	note_key_id(k->name, k->type, k->key, id);
	return memcmp(id, l->raw, NOTE_ID) == 0;
}

bool note_signed(const struct note *n, const struct note_key *k, bool *by,
	struct fault *f)
{
	*by = false;
	for (size_t i = 0; i < n->count; i++) {
		const struct note_line *l = &n->line[i];

		if (!note_line_by(l, k))
			continue;
		if (l->len != NOTE_ID + SIGN_LEN ||
			!sign_holds(k->key, n->text, l->raw + NOTE_ID))
			return fault(f, FAULT_INPUT,
				"%s: signature does not hold", k->name);
		*by = true;
	}
	return true;
}

struct bytes note_cosigned_text(struct bytes text, uint64_t time_s,
	uint8_t at[NOTE_COSIGNED])
{
	struct text t = text_on((char *)at, NOTE_TIME);

	text_fmt(&t, "cosignature/v1\ntime %ju\n", (uintmax_t)time_s);
	memcpy(at + t.len, text.at, text.len);
	return (struct bytes){at, t.len + text.len};
}

bool note_cosigned(const struct note *n, const struct note_key *k,
	uint64_t *time_s, struct fault *f)
{
	uint8_t message[NOTE_COSIGNED];

	*time_s = 0;
	if (n->text.len > NOTE_COSIGNED - NOTE_TIME)
		return fault(f, FAULT_LIMIT, "text of %zu bytes is cosigned, "
			"at most %d", n->text.len, NOTE_COSIGNED - NOTE_TIME);
	for (size_t i = 0; i < n->count; i++) {
		const struct note_line *l = &n->line[i];
		uint64_t t;

		if (!note_line_by(l, k))
			continue;
		t = bytes_be((struct bytes){l->raw + NOTE_ID, 8});
		if (l->len != NOTE_KEEP || t > INT64_MAX ||
			!sign_holds(k->key,
				note_cosigned_text(n->text, t, message),
				l->raw + NOTE_ID + 8))
			return fault(f, FAULT_INPUT,
				"%s: cosignature does not hold", k->name);
		if (t > *time_s)
			*time_s = t;
	}
	return true;
}

bool note_checkpoint(
	const struct note *n, struct checkpoint *c, struct fault *f)
{
	struct reader r = reader(n->text);
	struct bytes origin, size, root;

	if (!note_next_line(&r, &origin) || !note_next_line(&r, &size) ||
		!note_next_line(&r, &root) || reader_left(&r) > 0)
		return fault(f, FAULT_INPUT,
			"checkpoint: wants three lines: origin, size, root");
	if (origin.len == 0 || origin.len > SIGN_NAME_MAX)
		return fault(f, FAULT_INPUT, "checkpoint: bad origin");
	if (!note_number(size, &c->size) || !note_digest(root, &c->root))
		return fault(f, FAULT_INPUT, "checkpoint: bad size or root");
	memcpy(c->origin, origin.at, origin.len);
	c->origin[origin.len] = '\0';
	return true;
}
