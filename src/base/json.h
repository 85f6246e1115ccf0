/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json.h - writing JSON into a text.
 *
 * Commas are placed by the writer; the caller gives members in the order they
 * shall stand (byte order of the names, where the text is to be canonical).
 * No spaces.  Unknown numbers are null.  Text is UTF-8 and passes through as
 * it is, but for quotes, backslash and control characters; bytes that are no
 * UTF-8 become U+FFFD. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/instant.h"
#include "base/text.h"

enum { JSON_DEPTH = 32 };

struct json {
	struct text *out;
	int depth;
	bool some[JSON_DEPTH]; /* a member stands at this depth already */
	char close[JSON_DEPTH];
	bool after_key;
};

static inline struct json json_on(struct text *out)
{
	return (struct json){.out = out};
}

void json_object(struct json *);
void json_list(struct json *);
void json_close(struct json *); /* the innermost object or list */
void json_key(struct json *, const char *key);
void json_text(struct json *, const char *); /* NULL is null */
void json_bytes(struct json *, struct bytes);
void json_i64(struct json *, int64_t);
void json_fixed(struct json *, double, int decimals); /* NAN is null */
void json_short(struct json *, double, int decimals);
void json_flag(struct json *, bool);
void json_null_value(struct json *);
void json_time(struct json *, struct instant, int decimals);
void json_raw(struct json *, struct bytes); /* JSON already */

/* A member: its key and its value, as above. */
static inline void json_key_text(struct json *j, const char *key, const char *v)
{
	json_key(j, key);
	json_text(j, v);
}

static inline void json_key_bytes(
	struct json *j, const char *key, struct bytes v)
{
	json_key(j, key);
	json_bytes(j, v);
}

static inline void json_key_i64(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	json_i64(j, v);
}

static inline void json_key_flag(struct json *j, const char *key, bool v)
{
	json_key(j, key);
	json_flag(j, v);
}

static inline void json_key_raw(struct json *j, const char *key, struct bytes v)
{
	json_key(j, key);
	json_raw(j, v);
}

static inline void json_key_fixed(struct json *j, const char *key, double v,
	int decimals)
{
	json_key(j, key);
	json_fixed(j, v, decimals);
}

static inline void json_key_short(struct json *j, const char *key, double v,
	int decimals)
{
	json_key(j, key);
	json_short(j, v, decimals);
}

static inline void json_key_time(struct json *j, const char *key,
	struct instant v, int decimals)
{
	json_key(j, key);
	json_time(j, v, decimals);
}

/* The quoted form alone. */
void text_quoted(struct text *, struct bytes);

#endif
