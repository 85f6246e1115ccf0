/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/id.h"

#include "base/encode.h"
#include "base/sha256.h"

struct id id_make(char letter, struct instant t, struct bytes made_of)
{
	uint8_t subject[ID_SUBJECT];
	struct digest d = sha256_of(made_of);
	struct id id;
	struct text out = text_on(id.text, sizeof id.text);
	int64_t ms = instant_known(t) ? t.utc_ns / 1000000 : 0;

	put_be(subject, (uint64_t)ms, 6);
	memcpy(subject + 6, d.at, 10);
	text_char(&out, letter);
	text_char(&out, '-');
	text_base32hex(&out, (struct bytes){subject, sizeof subject});
	return id;
}

bool id_subject(const struct id *id, uint8_t subject[ID_SUBJECT])
{
	struct fault f;

	if (strlen(id->text) != ID_TEXT - 1 || id->text[1] != '-')
		return false;
	return base32hex_read(bytes_of(id->text + 2), subject, ID_SUBJECT, &f);
}

bool id_read(const char *text, struct id *id)
{
	uint8_t subject[ID_SUBJECT];

	*id = (struct id){0};
	if (!text || strlen(text) != ID_TEXT - 1)
		return false;
	memcpy(id->text, text, ID_TEXT);
	if (id_subject(id, subject))
		return true;
	*id = (struct id){0};
	return false;
}

bool id_among(const struct id *sorted, size_t count, const struct id *id)
{
	size_t lo = 0, hi = count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(sorted[mid].text, id->text);

		if (c == 0)
			return true;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}
