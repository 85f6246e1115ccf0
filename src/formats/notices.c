/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * notices.c - activities that a party notified beforehand, as CSV: demining,
 * training, a movement, a flight (R4).
 *
 * `received` is the receipt that the file states; whether it counts is judged
 * later, and marked as claimed.  The region is the notified disc. */
#include "formats/statement.h"

static const char *const wanted[] = {
	"notice_id", "party", "what", "from", "until", NULL};

bool statement_notice(struct statement *s, struct fault *f)
{
	static const char *const needed[] = {"notice_id", "party", "what"};
	/* A query is about an incident and to a party; what is deployed under
	 * a pledge names it. */
	static const char *const kept[] = {"place_name", "text", "incident",
		"to", "received_last", "pledge"};
	struct observation *o = &s->o;
	const char *text;

	o->what = OBSERVATION_NOTICE;
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		if (!statement_needs(s, needed[i], &text, f))
			return false;
		statement_add_text(s, needed[i], text);
		if (i == 1)
			o->source = s->origin->source[0] ? s->origin->source :
				text;
	}
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (!statement_keep(s, kept[i], f))
			return false;
	if (!statement_time(s, "from", &o->at, f) ||
		!statement_time(s, "until", &o->until, f) ||
		!statement_time(s, "received", &o->received, f))
		return false;
	if (!instant_known(o->at) || !instant_known(o->until))
		return fault(f, FAULT_INPUT, "from and until are wanted");
	if (o->until.utc_ns < o->at.utc_ns)
		return fault(f, FAULT_INPUT, "until is before from");
	return statement_disc(s, f);
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	if (!statements_header(in, wanted))
		return fault(f, FAULT_INPUT, "no table of notices: columns "
			"notice_id, party, what, from, until are wanted");
	return statements_csv(in, o, a, to, statement_notice, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	return statements_header(head, wanted);
}

const struct format format_notices = {
	.name = "notices",
	.about = "activities notified by a party beforehand (CSV)",
	.sniff = sniff,
	.decode = decode,
};
