/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/genesis.h"

#include "base/encode.h"
#include "ledger/note.h"

void roots_print(const struct roots *s, struct text *t)
{
	for (size_t i = 0; i < s->count; i++) {
		text_add(t, i > 0 ? "\n" : "");
		text_hex(t, (struct bytes){s->of[i].person, PERSON_LEN});
		text_char(t, ' ');
		text_hex(t, (struct bytes){s->of[i].key, SIGN_KEY});
		text_char(t, ' ');
		text_add(t, s->of[i].org);
	}
}

bool roots_file(struct bytes b, struct genesis *g, struct fault *f)
{
	struct reader r = reader(b);
	struct bytes line = {0};
	uint64_t threshold;

	if (!note_next_line(&r, &line) || !bytes_start(line, "threshold ") ||
		!note_number(bytes_part(line, 10, line.len), &threshold))
		return fault(f, FAULT_INPUT,
			"roots: line 1: wants threshold N");
	if (!note_next_line(&r, &line) || (!bytes_are(line, "two_orgs yes") &&
			!bytes_are(line, "two_orgs no")))
		return fault(f, FAULT_INPUT,
			"roots: line 2: wants two_orgs yes|no");
	g->two_orgs = bytes_are(line, "two_orgs yes");
	b = bytes_part(b, r.pos, b.len);
	if (b.len > 0 && b.at[b.len - 1] == '\n')
		b.len--;
	return roots_read(b, threshold, &g->roots, f);
}

static void hex_field(struct fields *s, const char *name, struct bytes b)
{
	char hex[SHA256_HEX];
	struct text t = text_on(hex, sizeof hex);

	text_hex(&t, b);
	fields_text(s, name, hex);
}

void genesis_fields(const struct genesis *g, struct fields *s)
{
	char log_key[SIGN_NAME_MAX + 64], roots[ROOTS_MAX * ROOT_LINE];
	struct text k = text_on(log_key, sizeof log_key);
	struct text r = text_on(roots, sizeof roots);

	sign_vkey_print(g->origin, g->log, &k);
	roots_print(&g->roots, &r);
	fields_text(s, "act", "genesis");
	hex_field(s, "engine", (struct bytes){g->engine, SIGN_KEY});
	fields_text(s, "log", log_key);
	fields_text(s, "mission", g->mission);
	hex_field(s, "mission_sha256", digest_view(&g->mission_sha256));
	hex_field(s, "policy_sha256", digest_view(&g->policy_sha256));
	fields_text(s, "roots", roots);
	fields_i64(s, "threshold", (int64_t)g->roots.threshold);
	fields_text(s, "two_orgs", g->two_orgs ? "yes" : "no");
}
