/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reports.c - patrol reports as CSV, one observation a row (witness.c says
 * what the columns mean).
 *
 * Also read is the coded table of an earlier mission's published reports (its
 * header has report_issued, observer_place, time_of_day, dist_km_min): times
 * there are words of Kyiv's local time, so they become intervals, wide enough
 * for summer and winter time; places are names without coordinates, so the
 * place stays unknown (columns lat and lon may be added). */
#include "base/text.h"
#include "formats/statement.h"

static const char *const ours[] = {
	"report_id", "observer", "at", "means", "kind", NULL};
static const char *const coded[] = {
	"report_issued", "observer_place", "time_of_day", "dist_km_min", NULL};

static int month_of(struct bytes b)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; b.len >= 3 && i < 12; i++)
		if (memcmp(months + 3 * i, b.at, 3) == 0)
			return i + 1;
	return 0;
}

struct when { /* days and minutes, local; -1 not said */
	int day, last_day, month, from, to;
	bool evening, night;
};

static int digits(struct reader *r)
{
	int v = -1;

	while (reader_left(r) > 0 && r->in.at[r->pos] >= '0' &&
		r->in.at[r->pos] <= '9' && v < 1000)
		v = (v < 0 ? 0 : v * 10) + (read_u8(r) - '0');
	return v;
}

static bool next_is(struct reader *r, char c)
{
	if (reader_left(r) == 0 || r->in.at[r->pos] != (uint8_t)c)
		return false;
	reader_skip(r, 1);
	return true;
}

static struct bytes letters(struct reader *r)
{
	size_t from = r->pos;

	while (reader_left(r) > 0 && (r->in.at[r->pos] | 32) >= 'a' &&
		(r->in.at[r->pos] | 32) <= 'z')
		reader_skip(r, 1);
	return bytes_part(r->in, from, r->pos - from);
}

/* "19:11" or "20-21" or "20", the number before being read. */
static void number_said(struct reader *r, int v, struct when *w)
{
	if (next_is(r, ':')) {
		int minute = v * 60 + digits(r);

		if (w->from < 0)
			w->from = minute;
		else
			w->to = minute;
	} else if (w->day < 0) {
		w->day = w->last_day = v;
	} else {
		w->last_day = v;
	}
}

static bool when_said(struct bytes b, struct when *w)
{
	struct reader r = reader(b);

	*w = (struct when){-1, -1, 0, -1, -1, false, false};
	while (!reader_done(&r)) {
		struct bytes word = letters(&r);
		int v = word.len ? -1 : digits(&r);

		if (v >= 0)
			number_said(&r, v, w);
		else if (bytes_are(word, "evening"))
			w->evening = true;
		else if (bytes_are(word, "night"))
			w->night = true;
		else if (word.len)
			w->month = month_of(word);
		else
			reader_skip(&r, 1);
	}
	if (w->evening || w->night) {
		/* A camera's or patrol's evening begins at 16:00 at the
		 * earliest; a night ends by 08:00. */
		w->from = w->evening ? 16 * 60 : 18 * 60;
		w->to = w->night ? 8 * 60 : 24 * 60;
	}
	return w->day > 0 && w->month > 0 && w->from >= 0 && w->to >= 0;
}

/* Local time of Kyiv is 2 or 3 hours ahead of UTC. */
static bool interval(struct statement *s, struct fault *f)
{
	struct instant issued;
	struct when w;
	const char *text, *date;

	if (!statement_needs(s, "report_issued", &date, f) ||
		!instant_parse(bytes_of(date), true, &issued, f) ||
		!statement_text(s, "time_of_day", &text, f))
		return fault_in(f, "report_issued");
	s->o.sigma_s = 60;
	if (!when_said(bytes_of(text), &w)) {
		s->o.at = instant_plus_s(issued, -3 * 86400.0);
		s->o.until = issued;
		return true;
	}
	int year = instant_civil(issued).year -
		(w.month > instant_civil(issued).month);
	/* "30-31 Jan" ends in the month it names, begins in it too; "31-1
	 * Feb" begins a month earlier. */
	int64_t last = days_of_civil(year, w.month, w.last_day);
	int64_t first = last - (w.last_day - w.day);
	if (w.last_day < w.day)
		first = last - 1;
	if (w.to < w.from && last == first)
		last++;
	s->o.at.utc_ns = (first * 1440 + w.from - 180) * 60000000000;
	s->o.until.utc_ns = (last * 1440 + w.to - 120) * 60000000000;
	return (instant_known(s->o.at) && instant_known(s->o.until)) ||
		fault(f, FAULT_INPUT, "time_of_day '%.40s' is no time", text);
}

static bool coded_report(struct statement *s, struct fault *f)
{
	const char *observer, *page, *text;
	struct text id;

	if (!statement_needs(s, "observer", &observer, f) ||
		!statement_text(s, "source", &page, f) || !interval(s, f) ||
		!statement_coded(s, f) ||
		!statement_text(s, "observer_place", &text, f))
		return false;
	id = text_in(s->arena, 200);
	text_fmt(&id, "%.100s:%zu", page, s->csv->line);
	s->o.source = s->origin->source[0] ? s->origin->source : observer;
	statement_add_text(s, "observer", observer);
	statement_add_text(s, "place_name", text);
	statement_add_text(s, "report_id", id.at ? id.at : "");
	return text_check(&id, f);
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	if (statements_header(in, ours))
		return statements_csv(in, o, a, to, statement_report, f);
	if (statements_header(in, coded))
		return statements_csv(in, o, a, to, coded_report, f);
	return fault(f, FAULT_INPUT, "no table of reports: columns report_id, "
		"observer, at, means, kind are wanted");
}

static int sniff(struct bytes head, const struct origin *o)
{
	int n = statements_header(head, ours);

	(void)o;
	return n ? n : statements_header(head, coded);
}

const struct format format_reports = {
	.name = "reports",
	.about = "patrol reports: means, kind, count, sector (CSV)",
	.sniff = sniff,
	.decode = decode,
};
