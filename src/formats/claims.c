/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * claims.c - what a party says of an incident, or submits of its own, as CSV.
 *
 * Never merged into the mission's view (R2).  `received` is the receipt that
 * the file states. */
#include "formats/statement.h"

static const char *const wanted[] = {"claim_id", "party", "says", NULL};

static bool kind(struct statement *s, struct fault *f)
{
	const char *text;
	int k;

	if (!statement_text(s, "kind", &text, f))
		return false;
	if (text[0] == '\0')
		return true;
	k = kind_named(text);
	if (k < 0)
		return fault(f, FAULT_INPUT, "kind '%.40s' is not in the "
			"vocabulary (explosion, shot, burst, ...)", text);
	s->o.kind = (enum kind)k;
	return true;
}

bool statement_claim(struct statement *s, struct fault *f)
{
	static const char *const needed[] = {"claim_id", "party", "says"};
	struct observation *o = &s->o;
	const char *text;

	o->what = OBSERVATION_CLAIM;
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		if (!statement_needs(s, needed[i], &text, f))
			return false;
		statement_add_text(s, needed[i], text);
		if (i == 1)
			o->source = s->origin->source[0] ? s->origin->source :
				text;
	}
	return statement_keep(s, "incident", f) &&
		statement_keep(s, "received_last", f) && kind(s, f) &&
		statement_time(s, "at", &o->at, f) &&
		statement_time(s, "received", &o->received, f) &&
		statement_count(s, &o->count, f) && statement_disc(s, f);
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	if (!statements_header(in, wanted))
		return fault(f, FAULT_INPUT, "no table of claims: columns "
			"claim_id, party, says are wanted");
	return statements_csv(in, o, a, to, statement_claim, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	return statements_header(head, wanted);
}

const struct format format_claims = {
	.name = "claims",
	.about = "what a party says of an incident (CSV)",
	.sniff = sniff,
	.decode = decode,
};
