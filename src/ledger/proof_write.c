/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/proof.h"

#include "base/encode.h"

void proof_print(const struct proof *p, struct text *t)
{
	text_fmt(t, "%s\nindex %ju\n", PROOF_TITLE, (uintmax_t)p->index);
	for (size_t i = 0; i < p->path.count; i++) {
		text_base64(t, digest_view(&p->path.at[i]));
		text_char(t, '\n');
	}
	text_char(t, '\n');
	text_bytes(t, p->note);
}

static void print_field(const struct shown *s, struct text *t)
{
	if (!s->open) {
		text_add(t, "shut ");
		text_base64(t, digest_view(&s->leaf));
	} else {
		text_add(t, "open ");
		text_base64(t, (struct bytes){s->salt, BODY_SALT});
		text_char(t, ' ');
		text_bytes(t, s->name);
		text_char(t, ' ');
		text_base64(t, s->value);
	}
	text_char(t, '\n');
}

bool disclosure_print(const uint8_t entry[ENTRY_LEN], struct bytes plain,
	const uint8_t secret[BODY_SECRET],
	bool (*shut)(void *self, struct bytes name), void *self,
	const struct proof *p, struct text *t, struct fault *f)
{
	struct reader r = reader(plain);

	text_add(t, DISCLOSURE_TITLE);
	text_add(t, "\nentry ");
	text_base64(t, (struct bytes){entry, ENTRY_LEN});
	text_char(t, '\n');
	while (!reader_done(&r)) {
		struct shown s = {.open = true};

		s.name = read_bytes(&r, read_u16be(&r));
		s.value = read_bytes(&r, read_u32be(&r));
		if (r.ran_out)
			return fault(f, FAULT_INPUT, "body is cut");
		body_salt(secret, s.name, s.salt);
		s.leaf = shown_leaf(&s);
		s.open = !shut || !shut(self, s.name);
		print_field(&s, t);
	}
	text_char(t, '\n');
	proof_print(p, t);
	return text_check(t, f);
}

bool shown_print(const struct disclosure *d,
	bool (*shut)(void *self, struct bytes name), void *self,
	const struct proof *p, struct text *t, struct fault *f)
{
	text_add(t, DISCLOSURE_TITLE);
	text_add(t, "\nentry ");
	text_base64(t, (struct bytes){d->raw, ENTRY_LEN});
	text_char(t, '\n');
	for (size_t i = 0; i < d->count; i++) {
		struct shown s = d->field[i];

		s.open = s.open && !(shut && shut(self, s.name));
		print_field(&s, t);
	}
	text_char(t, '\n');
	proof_print(p, t);
	return text_check(t, f);
}
