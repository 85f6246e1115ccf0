/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/genesis.h"

#include "base/encode.h"
#include "ledger/body.h"

bool org_ok(struct bytes b)
{
	static const char may[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	for (size_t i = 0; i < b.len; i++)
		if (!memchr(may, b.at[i], sizeof may - 1))
			return false;
	return b.len > 0 && b.len <= ORG_MAX;
}

/* The next character of a value's text; false: it is none. */
static bool next_char(struct bytes b, size_t *i, bool quoted, uint8_t *c)
{
	*c = b.at[(*i)++];
	if (*c == 0 || (quoted && *c == '"'))
		return false;
	if (!quoted || *c != '\\')
		return true;
	*c = *i < b.len ? b.at[(*i)++] : 0;
	if (*c != 'n' && *c != '"' && *c != '\\')
		return false;
	*c = *c == 'n' ? '\n' : *c;
	return true;
}

/* Without the quotes; false: one of them is missing. */
static bool unquote(struct bytes *b, bool *quoted)
{
	*quoted = b->len > 0 && b->at[0] == '"';
	if (*quoted && (b->len < 2 || b->at[b->len - 1] != '"'))
		return false;
	if (*quoted)
		*b = bytes_part(*b, 1, b->len - 2);
	return true;
}

bool value_text(struct bytes b, char *out, size_t size)
{
	struct text t = text_on(out, size);
	struct fault no;
	bool quoted;
	uint8_t c;

	if (!unquote(&b, &quoted))
		return false;
	for (size_t i = 0; i < b.len;) {
		if (!next_char(b, &i, quoted, &c))
			return false;
		text_char(&t, (char)c);
	}
	return text_check(&t, &no);
}

bool value_reads(struct bytes b)
{
	bool quoted;
	uint8_t c;

	if (!unquote(&b, &quoted))
		return false;
	for (size_t i = 0; i < b.len;)
		if (!next_char(b, &i, quoted, &c))
			return false;
	return true;
}

/* -- root keys -- */

static bool root_line(struct bytes line, struct root *r)
{
	struct fault no;
	size_t key = 2 * PERSON_LEN + 1, org = key + 2 * SIGN_KEY + 1;
	struct text t = text_on(r->org, sizeof r->org);
	struct bytes name = bytes_part(line, org, line.len);

	if (line.len <= org || line.at[key - 1] != ' ' ||
		line.at[org - 1] != ' ' || !org_ok(name) ||
		!hex_read(bytes_part(line, 0, key - 1), r->person, PERSON_LEN,
			&no) ||
		!hex_read(bytes_part(line, key, 2 * SIGN_KEY), r->key,
			SIGN_KEY, &no))
		return false;
	text_bytes(&t, name);
	return true;
}

bool roots_read(struct bytes lines, uint64_t threshold, struct roots *s,
	struct fault *f)
{
	struct bytes before = {0};

	s->count = 0;
	s->threshold = threshold;
	for (size_t at = 0; at <= lines.len;) {
		const uint8_t *lf = at < lines.len ?
			memchr(lines.at + at, '\n', lines.len - at) : NULL;
		struct bytes line = bytes_part(lines, at,
			lf ? (size_t)(lf - lines.at) - at : lines.len - at);

		if (s->count == ROOTS_MAX)
			return fault(f, FAULT_LIMIT, "more than %d root keys",
				ROOTS_MAX);
		if (!root_line(line, &s->of[s->count++]))
			return fault(f, FAULT_INPUT, "roots: line %zu: wants "
				"PERSON KEY ORG (hex, hex, name)", s->count);
		if (before.len > 0 && body_order(before, line) >= 0)
			return fault(f, FAULT_INPUT,
				"roots: line %zu is not above the one before",
				s->count);
		before = line;
		at += line.len + 1;
	}
	return (threshold >= 1 && threshold <= s->count) ||
		fault(f, FAULT_INPUT, "threshold of %ju, of %zu root keys",
			(uintmax_t)threshold, s->count);
}

/* -- entry 0 -- */

static bool field_is(const struct fields *s, const char *name, const char *v)
{
	const struct field *x = fields_find(s, name);

	return x && bytes_are(body_text(x->value), v);
}

bool genesis_read(const struct fields *s, struct genesis *g, struct fault *f)
{
	char roots[ROOTS_MAX * ROOT_LINE];
	const struct field *log = fields_find(s, "log");
	const struct field *lines = fields_find(s, "roots");
	struct digest engine;
	uint64_t threshold;

	if (!field_is(s, "act", "genesis") || !log || !lines ||
		!body_digest(s, "engine", &engine) ||
		!body_digest(s, "mission_sha256", &g->mission_sha256) ||
		!body_digest(s, "policy_sha256", &g->policy_sha256) ||
		!body_number(s, "threshold", &threshold) ||
		!value_text(lines->value, roots, sizeof roots))
		return fault(f, FAULT_INPUT, "wants act genesis, engine, log, "
			"mission_sha256, policy_sha256, roots, threshold");
	memcpy(g->engine, engine.at, SIGN_KEY);
	g->two_orgs = field_is(s, "two_orgs", "yes");
	if (!g->two_orgs && !field_is(s, "two_orgs", "no"))
		return fault(f, FAULT_INPUT, "two_orgs is yes or no");
	return sign_vkey_read(body_text(log->value), g->origin, g->log, f) &&
		roots_read(bytes_of(roots), threshold, &g->roots, f);
}
