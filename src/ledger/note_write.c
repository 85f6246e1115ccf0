/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/note.h"

#include "base/encode.h"

static void line_print(struct bytes name, struct bytes raw, struct text *t)
{
	text_add(t, NOTE_DASH);
	text_bytes(t, name);
	text_char(t, ' ');
	text_base64(t, raw);
	text_char(t, '\n');
}

void note_line_print(const struct note_line *l, struct text *t)
{
	line_print(l->name, (struct bytes){l->raw, l->len}, t);
}

void note_sign(struct bytes text, const struct sign_key *k, struct text *t)
{
	uint8_t raw[NOTE_ID + SIGN_LEN];

	note_key_id(k->name, NOTE_SIGNS, k->public_key, raw);
	sign_make(k, text, raw + NOTE_ID);
	line_print(bytes_of(k->name), (struct bytes){raw, sizeof raw}, t);
}

bool note_cosign(struct bytes text, const struct sign_key *k, uint64_t time_s,
	struct text *t, struct fault *f)
{
	uint8_t message[NOTE_COSIGNED];
	uint8_t raw[NOTE_KEEP];

	if (text.len > NOTE_COSIGNED - NOTE_TIME)
		return fault(f, FAULT_LIMIT, "text of %zu bytes to cosign, "
			"at most %d", text.len, NOTE_COSIGNED - NOTE_TIME);
	note_key_id(k->name, NOTE_COSIGNS, k->public_key, raw);
	put_be(raw + NOTE_ID, time_s, 8);
	sign_make(k, note_cosigned_text(text, time_s, message),
		raw + NOTE_ID + 8);
	line_print(bytes_of(k->name), (struct bytes){raw, sizeof raw}, t);
	return text_check(t, f);
}

void checkpoint_text(const struct checkpoint *c, struct text *t)
{
	text_fmt(t, "%s\n%ju\n", c->origin, (uintmax_t)c->size);
	text_base64(t, digest_view(&c->root));
	text_char(t, '\n');
}

void checkpoint_print(
	const struct checkpoint *c, const struct sign_key *k, struct text *t)
{
	size_t from = t->len;

	checkpoint_text(c, t);
	if (t->full)
		return;
	struct bytes signed_ = bytes_part(text_view(t), from, t->len);

	text_char(t, '\n');
	note_sign(signed_, k, t);
}
