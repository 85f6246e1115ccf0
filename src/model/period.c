/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * period.c - local time from the mission's own table of offsets, and the
 * reporting periods that its cut-offs make.
 *
 * Every local date has one cut-off, at cutoff_minute of its wall clock.  A
 * wall time that comes twice (clocks go back) means the first; one that does
 * not come (clocks go forward) means the moment the clock would have shown it
 * had it not been moved.  With weekend_joins no report closes on Saturday or
 * Sunday, so Monday's covers three evenings.  A local date that a zone leaves
 * out altogether (Samoa 2011) is beyond this file: its period would be
 * empty. */
#include "model/mission.h"

#include "base/text.h"

#define NS INT64_C(1000000000)
#define DAY_S INT64_C(86400)

static int64_t seconds(struct instant t)
{
	int64_t s = t.utc_ns / NS;

	return t.utc_ns % NS < 0 ? s - 1 : s;
}

/* The row in force; offset_count > 0.  Before the first row, the first. */
static size_t row_at(const struct mission *m, int64_t utc_s)
{
	size_t lo = 0, hi = m->offset_count;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (seconds(m->offset[mid].from) <= utc_s)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

int32_t mission_offset(
	const struct mission *m, struct instant t, const char **abbreviation)
{
	const struct zone_offset *o;

	if (m->offset_count == 0) {
		if (abbreviation)
			*abbreviation = "UTC";
		return 0;
	}
	o = &m->offset[row_at(m, seconds(t))];
	if (abbreviation)
		*abbreviation = o->abbreviation;
	return o->east_s;
}

const char *mission_local(
	const struct mission *m, struct instant t, char out[INSTANT_TEXT])
{
	struct text s = text_on(out, INSTANT_TEXT);
	const char *zone;
	struct civil c;

	if (!instant_known(t)) {
		text_add(&s, "not known");
		return out;
	}
	t.utc_ns += mission_offset(m, t, &zone) * NS;
	c = instant_civil(t);
	text_fmt(&s, "%04d-%02d-%02d %02d:%02d %s", c.year, c.month, c.day,
		c.hour, c.minute, zone);
	return out;
}

/* The moment at which the wall clock shows local_s (seconds as if UTC). */
static int64_t utc_of_local(const struct mission *m, int64_t local_s)
{
	size_t k, first, last;

	if (m->offset_count == 0)
		return local_s;
	/* Offsets are under a day and changes more than two days apart, so the
	 * row in force is this one or a neighbour. */
	k = row_at(m, local_s);
	first = k > 0 ? k - 1 : 0;
	last = k + 1 < m->offset_count ? k + 1 : k;
	for (size_t i = first; i <= last; i++) {
		int64_t t = local_s - m->offset[i].east_s;

		if (row_at(m, t) == i)
			return t; /* ascending, so the first of two */
	}
	for (size_t i = first; i < last; i++) {
		int64_t change = seconds(m->offset[i + 1].from);

		if (local_s - m->offset[i].east_s >= change &&
			local_s - m->offset[i + 1].east_s < change)
			return local_s - m->offset[i].east_s;
	}
	return local_s - m->offset[k].east_s;
}

static struct instant cutoff_of(const struct mission *m, int64_t day)
{
	int64_t s = utc_of_local(m, day * DAY_S + m->cutoff_minute * 60);

	return (struct instant){s * NS};
}

/* 1 to 7, Monday first; 1970-01-01, day 0, was a Thursday. */
static int weekday(int64_t day)
{
	return (int)(((day + 3) % 7 + 7) % 7) + 1;
}

static bool closes(const struct mission *m, int64_t day)
{
	return !m->weekend_joins || weekday(day) < 6;
}

/* Closing cut-offs from a year's first of January to a day, both included. */
static int number_of(const struct mission *m, int64_t first, int64_t day)
{
	int n = 0;

	if (!m->weekend_joins)
		return (int)(day - first) + 1;
	for (int64_t d = first; d <= day; d++)
		n += closes(m, d);
	return n;
}

static struct civil date_of(int64_t day)
{
	return instant_civil((struct instant){day * DAY_S * NS});
}

/* The period that closes on a day which closes. */
static struct period period_on(const struct mission *m, int64_t day)
{
	struct period p = {.evenings = 1};
	struct text label = text_on(p.label, sizeof p.label);
	int64_t before = day - 1;

	while (!closes(m, before)) {
		before--;
		p.evenings++;
	}
	p.span.from = cutoff_of(m, before);
	p.span.to = cutoff_of(m, day);
	p.year = date_of(day).year;
	p.number = number_of(m, days_of_civil(p.year, 1, 1), day);
	text_fmt(&label, "%03d/%04d", p.number, p.year);
	return p;
}

struct period period_at(const struct mission *m, struct instant t)
{
	int64_t day;

	if (!instant_known(t))
		return (struct period){
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	/* A day early, since no offset is over a day, then on. */
	day = (seconds(t) + mission_offset(m, t, NULL)) / DAY_S - 1;
	while (!closes(m, day) || cutoff_of(m, day).utc_ns <= t.utc_ns)
		day++;
	return period_on(m, day);
}

struct period period_before(const struct mission *m, const struct period *p)
{
	return period_at(m, instant_plus_ns(p->span.from, -1));
}

/* A whole number of one to `most` digits. */
static bool number_read(struct reader *r, size_t most, int *out)
{
	size_t n = 0;

	*out = 0;
	while (n < most && reader_left(r) > 0 && r->in.at[r->pos] >= '0' &&
		r->in.at[r->pos] <= '9') {
		*out = *out * 10 + (read_u8(r) - '0');
		n++;
	}
	return n > 0;
}

static bool numbered(const struct mission *m, int number, int year,
	struct period *out, struct fault *f)
{
	int64_t day, next;
	int last;

	if (year < 1970 || year > 2199)
		return fault(f, FAULT_INPUT, "year %d, wants 1970 to 2199",
			year);
	day = days_of_civil(year, 1, 1);
	next = days_of_civil(year + 1, 1, 1);
	last = number_of(m, day, next - 1);
	if (number < 1 || number > last)
		return fault(f, FAULT_INPUT,
			"period %03d/%04d, wants 001 to %03d in that year",
			number, year, last);
	for (; day < next; day++)
		if (closes(m, day) && --number == 0)
			break;
	*out = period_on(m, day);
	return true;
}

static bool dated(const struct mission *m, const char *text,
	struct period *out, struct fault *f)
{
	static const char *const names[] = {"Saturday", "Sunday"};
	struct instant t;
	int64_t day;

	if (!instant_parse(bytes_of(text), true, &t, f))
		return fault_in(f, "period");
	day = seconds(t) / DAY_S;
	if (closes(m, day)) {
		*out = period_on(m, day);
		return true;
	}
	return fault(f, FAULT_INPUT,
		"no report closes on %s %s; %s covers it",
		names[weekday(day) - 6], text,
		period_at(m, instant_plus_ns(cutoff_of(m, day), -1)).label);
}

bool period_named(const struct mission *m, const char *text,
	struct period *out, struct fault *f)
{
	struct reader r = reader(bytes_of(text));
	int number, year;

	if (number_read(&r, 3, &number) && read_u8(&r) == '/' &&
		number_read(&r, 4, &year) && reader_done(&r) && !r.ran_out)
		return numbered(m, number, year, out, f);
	if (strlen(text) == 10)
		return dated(m, text, out, f);
	return fault(f, FAULT_INPUT,
		"period '%.40s', wants NNN/YYYY or the local date of its "
		"cut-off, YYYY-MM-DD",
		text);
}
