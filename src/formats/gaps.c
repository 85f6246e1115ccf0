/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gaps.c - what was lost before it came, as its sender tells it (CSV):
 * sensor, gap_from, gap_until, why.  A sender that could not wait, or whose
 * memory was full, says so; where the samples came after all, nothing is said
 * of it (watch/gaps.h). */
#include "formats/gaps.h"

#include "formats/statement.h"

static const char *const wanted[] = {
	"sensor", "gap_from", "gap_until", "why", NULL};

void gaps_table(struct text *t, struct bytes sensor, struct span x,
	struct bytes why)
{
	char from[INSTANT_TEXT], until[INSTANT_TEXT];

	text_add(t, "sensor,gap_from,gap_until,why\n");
	text_bytes(t, sensor);
	text_fmt(t, ",%s,%s,", instant_print(x.from, 6, from),
		instant_print(x.to, 6, until));
	for (size_t i = 0; i < why.len; i++)
		text_char(t, why.at[i] < ' ' || why.at[i] > '~' ||
			strchr(",\"'", why.at[i]) ? '_' : (char)why.at[i]);
	text_char(t, '\n');
}

static bool row(struct statement *s, struct fault *f)
{
	struct observation *o = &s->o;
	const char *why;

	o->what = OBSERVATION_GAP;
	if (!statement_needs(s, "sensor", &o->source, f) ||
		!statement_time(s, "gap_from", &o->at, f) ||
		!statement_time(s, "gap_until", &o->until, f) ||
		!statement_needs(s, "why", &why, f))
		return false;
	if (!instant_known(o->at) || !instant_known(o->until) ||
		o->until.utc_ns <= o->at.utc_ns)
		return fault(f, FAULT_INPUT,
			"wants gap_from, and gap_until after it");
	statement_add_text(s, "why", why);
	return true;
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	if (!statements_header(in, wanted))
		return fault(f, FAULT_INPUT, "no table of gaps: columns "
			"sensor, gap_from, gap_until, why are wanted");
	return statements_csv(in, o, a, to, row, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	return statements_header(head, wanted);
}

const struct format format_gaps = {
	.name = "gaps",
	.about = "what was lost before it came, as senders tell it (CSV)",
	.sniff = sniff,
	.decode = decode,
};
