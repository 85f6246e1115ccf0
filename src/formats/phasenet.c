/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phasenet.c - picks as CSV, as PhaseNet (Zhu and Beroza 2019) and those who
 * read its lists write them, a pick a row:
 *
 *   PhaseNet  station_id, phase_time, phase_type, phase_score,
 *             phase_amplitude, and others that are passed over
 *   GaMMA     id, timestamp, type, prob, amp
 *
 * type: P, S, or A (sound in air).  Times without a zone are UTC, as both
 * programs write them. */
#include <strings.h>

#include "base/text.h"
#include "formats/statement.h"

static const char *const theirs[] = {
	"station_id", "phase_time", "phase_type", NULL};
static const char *const gammas[] = {"id", "timestamp", "type", NULL};

struct columns_of { /* one row's values, by either set of names */
	const char *source, *at, *type, *score, *amplitude;
};

static bool time_of(struct statement *s, const char *name, struct fault *f)
{
	const char *text;
	struct text t;

	if (!statement_needs(s, name, &text, f))
		return false;
	if (instant_parse(bytes_of(text), false, &s->o.at, f))
		return true;
	t = text_in(s->arena, strlen(text) + 2);
	text_add(&t, text);
	text_char(&t, 'Z');
	return text_check(&t, f) &&
		(instant_parse(text_view(&t), false, &s->o.at, f) ||
			fault_in(f, "%s", name));
}

static bool row(struct statement *s, struct fault *f)
{
	static const struct columns_of names[2] = {
		{"station_id", "phase_time", "phase_type", "phase_score",
			"phase_amplitude"},
		{"id", "timestamp", "type", "prob", "amp"}};
	const struct columns_of *n =
		&names[csv_column(s->csv, "station_id") < 0];
	const char *type;
	double score, amplitude;

	s->o.what = OBSERVATION_ARRIVAL;
	if (!statement_needs(s, n->source, &s->o.source, f) ||
		!time_of(s, n->at, f) ||
		!statement_needs(s, n->type, &type, f) ||
		!statement_number(s, n->score, 0, 1, &score, f) ||
		!statement_number(s, n->amplitude, -1e12, 1e12, &amplitude, f))
		return false;
	s->o.at = instant_round_us(s->o.at);
	if (strcasecmp(type, "p") == 0)
		type = "P";
	else if (strcasecmp(type, "s") == 0)
		type = "S";
	else if (strcasecmp(type, "a") == 0)
		type = "A";
	else
		return fault(f, FAULT_INPUT, "%s '%.40s', wants P, S or A",
			n->type, type);
	statement_add_text(s, "phase", type);
	statement_add_number(s, "pick_score", score);
	statement_add_number(s, "picker_amplitude", amplitude);
	return true;
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	if (!statements_header(in, theirs) && !statements_header(in, gammas))
		return fault(f, FAULT_INPUT, "no table of picks: columns "
			"station_id, phase_time, phase_type are wanted, or "
			"id, timestamp, type");
	return statements_csv(in, o, a, to, row, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	return statements_header(head, theirs) ? 90 :
		statements_header(head, gammas) ? 80 : 0;
}

const struct format format_phasenet = {
	.name = "phasenet",
	.about = "picks as CSV (PhaseNet, GaMMA)",
	.sniff = sniff,
	.decode = decode,
};
