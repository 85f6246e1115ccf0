/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include "base/encode.h"

static void before_value(struct json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth > 0) {
		if (j->some[j->depth - 1])
			text_char(j->out, ',');
		j->some[j->depth - 1] = true;
	}
}

static void open_with(struct json *j, char open, char close)
{
	before_value(j);
	if (NEVER(j->depth >= JSON_DEPTH))
		return;
	text_char(j->out, open);
	j->close[j->depth] = close;
	j->some[j->depth] = false;
	j->depth++;
}

void json_object(struct json *j)
{
	open_with(j, '{', '}');
}

void json_list(struct json *j)
{
	open_with(j, '[', ']');
}

void json_close(struct json *j)
{
	if (NEVER(j->depth == 0))
		return;
	j->depth--;
	text_char(j->out, j->close[j->depth]);
}

void json_key(struct json *j, const char *key)
{
	before_value(j);
	text_quoted(j->out, bytes_of(key));
	text_char(j->out, ':');
	j->after_key = true;
}

void json_text(struct json *j, const char *s)
{
	if (!s) {
		json_null_value(j);
		return;
	}
	json_bytes(j, bytes_of(s));
}

void json_bytes(struct json *j, struct bytes b)
{
	before_value(j);
	text_quoted(j->out, b);
}

void json_i64(struct json *j, int64_t v)
{
	before_value(j);
	text_i64(j->out, v);
}

void json_fixed(struct json *j, double v, int decimals)
{
	before_value(j);
	text_fixed(j->out, v, decimals);
}

void json_short(struct json *j, double v, int decimals)
{
	before_value(j);
	text_short(j->out, v, decimals);
}

void json_flag(struct json *j, bool v)
{
	before_value(j);
	text_add(j->out, v ? "true" : "false");
}

void json_null_value(struct json *j)
{
	before_value(j);
	text_add(j->out, "null");
}

void json_time(struct json *j, struct instant t, int decimals)
{
	char s[INSTANT_TEXT];

	if (instant_known(t))
		json_text(j, instant_print(t, decimals, s));
	else
		json_null_value(j);
}

void json_raw(struct json *j, struct bytes b)
{
	before_value(j);
	text_bytes(j->out, b);
}

static void control(struct text *t, uint8_t c)
{
	switch (c) {
	case '\n':
		text_add(t, "\\n");
		break;
	case '\t':
		text_add(t, "\\t");
		break;
	case '\r':
		text_add(t, "\\r");
		break;
	default:
		text_fmt(t, "\\u%04x", c);
	}
}

/* How many bytes from i on stand in quotes as they are. */
static size_t plain(struct bytes b, size_t i)
{
	size_t from = i;

	while (i < b.len && b.at[i] >= 0x20 && b.at[i] < 0x7f &&
		b.at[i] != '"' && b.at[i] != '\\')
		i++;
	return i - from;
}

static void odd(struct text *t, struct bytes character)
{
	if (character.len == 0) {
		text_add(t, "\xef\xbf\xbd");
	} else if (*character.at < 0x20 || *character.at == 0x7f) {
		control(t, *character.at);
	} else if (*character.at == '"' || *character.at == '\\') {
		text_char(t, '\\');
		text_char(t, (char)*character.at);
	} else {
		text_bytes(t, character);
	}
}

void text_quoted(struct text *t, struct bytes b)
{
	text_char(t, '"');
	for (size_t i = 0; i < b.len;) {
		size_t n = plain(b, i);

		text_bytes(t, bytes_part(b, i, n));
		i += n;
		if (i == b.len)
			break;
		n = utf8_length(bytes_part(b, i, b.len));
		odd(t, bytes_part(b, i, n));
		i += n > 0 ? n : 1;
	}
	text_char(t, '"');
}
