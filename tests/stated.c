/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What sensors state of themselves: each word of health by a frame that shows
 * it, ramps and steps of satellite time among clocks of every rate, and months
 * in which nothing is wrong. */
#include <string.h>

#include "base/maths.h"
#include "check.h"
#include "watch/stated.h"

enum { MOST = 200000, TOLD = 64 };

static struct stated x[MOST];
static size_t count;
static struct { struct health h; char evidence[40]; } told[TOLD];
static size_t tolds;
static const struct source source = {.id = "S1", .lat_deg = 48,
	.lon_deg = 37};
static const struct source other = {.id = "S2", .lat_deg = 48,
	.lon_deg = 37};

static const int64_t begun_ns = INT64_C(1770000000) * 1000000000;

static bool put(void *self, const struct health *h, struct fault *f)
{
	(void)self;
	(void)f;
	if (tolds < TOLD) {
		told[tolds].h = *h;
		(void)snprintf(told[tolds].evidence, 40, "%s", h->evidence[0]);
		tolds++;
	}
	return true;
}

static void judge(void)
{
	const struct healths out = {put, NULL};
	const struct span all = {{begun_ns}, {begun_ns + INT64_C(86400) *
		40 * 1000000000}};
	struct fault f = {0};

	tolds = 0;
	qsort(x, count, sizeof *x, stated_order);
	CHECK_QUIET(stated_judge(x, count, all, &out, &f), "%s", f.text);
}

/* n frames of s seconds; satellites ahead of the own clock by ppm. */
static void healthy(size_t n, double s, double ppm)
{
	count = 0;
	for (size_t i = 0; i < n && i < MOST; i++) {
		double t = (double)i * s;

		x[count++] = (struct stated){.source = &source, .boot = 1,
			.sequence = i, .record = i,
			.start = {begun_ns + (int64_t)(t * 1e9)},
			.received = {begun_ns + (int64_t)(t * 1e9) +
				2000000000},
			.monotonic_ns = 5000000000u +
				(uint64_t)(t * (1 - ppm * 1e-6) * 1e9),
			.span_us = (uint32_t)(s * 1e6), .error_us = 1,
			.time_source = 1, .lock = 2,
			.lat_e7 = 480000000, .lon_e7 = 370000000};
	}
}

static const struct health *says(const char *why)
{
	for (size_t i = 0; i < tolds; i++)
		if (strcmp(told[i].h.why, why) == 0)
			return &told[i].h;
	return NULL;
}

static const char *evidence_of(const struct health *h)
{
	for (size_t i = 0; i < tolds; i++)
		if (h == &told[i].h)
			return told[i].evidence;
	return "";
}

static void words(void)
{
	const struct health *h;

	healthy(100, 10, 2);
	judge();
	CHECK(tolds == 0, "nothing is said of what is well");
	x[40].lock = 0;
	x[41].error_us = UINT16_MAX;
	x[50].tamper = 1 << 1;
	x[51].tamper = 1 << 1;
	x[60].tamper = 1u << 15 | 1;
	x[61].health = 1 << 8;
	x[70].lat_e7 += 17900; /* 199 m */
	x[71].lat_e7 += 18100; /* 201 m */
	x[80].broken = true;
	judge();
	h = says(STATED_CLOCK);
	CHECK(h && h->state == HEALTH_DEGRADED &&
		h->span.from.utc_ns == begun_ns + INT64_C(400000000000) &&
		h->span.to.utc_ns == begun_ns + INT64_C(420000000001),
		"unlocked, or no bound: clock in doubt, while it lasts");
	h = says("tampered: moved or tilted");
	CHECK(h && h->state == HEALTH_QUARANTINED &&
		strcmp(evidence_of(h), "frames/50") == 0,
		"a tamper bit, with its frame");
	CHECK(!says("tampered: case"), "a bit of what is not fitted is none");
	h = says("says: interference suspected");
	CHECK(h && h->state == HEALTH_DEGRADED, "a health bit");
	h = says(STATED_MOVED_AWAY);
	CHECK(h && h->span.from.utc_ns == x[71].start.utc_ns &&
		h->measure.value >= 200 && h->measure.value < 203,
		"200 m off its place, and not 199: moved, by %.0f m",
		h ? h->measure.value : 0);
	CHECK(says(STATED_BROKEN) && tolds == 5, "a break; nothing else");
}

static void chains(void)
{
	const struct health *h;

	healthy(100, 10, 2);
	for (size_t i = 30; i < 34; i++)
		x[i] = x[i + 66]; /* 96..99 stand here too */
	count = 96;
	x[90] = x[50];
	x[90].forked = true;
	x[90].record = 1000;
	judge();
	h = says(STATED_MISSING);
	CHECK(h && h->state == HEALTH_DOWN && h->measure.value == 4 &&
		h->span.to.utc_ns == begun_ns + INT64_C(340000000000),
		"frames that are missing: named by the next");
	h = says(STATED_TWICE);
	CHECK(h && h->state == HEALTH_QUARANTINED &&
		h->span.from.utc_ns == begun_ns + INT64_C(500000000000) &&
		h->span.to.utc_ns > begun_ns + INT64_C(86400000000000),
		"a key used twice: from then on, for good");
	healthy(100, 10, 2);
	for (size_t i = 50; i < 100; i++) {
		x[i].boot = 2;
		x[i].monotonic_ns -= 500000000000u;
	}
	judge();
	CHECK(tolds == 1 && says(STATED_RESTARTED),
		"another boot: said, and its clock begins anew");
	healthy(40, 10, 2);
	for (size_t i = 20; i < 40; i++)
		x[i].source = &other;
	judge();
	CHECK(tolds == 0, "two sensors have nothing to do with each other");
}

static void ramp(double us_per_s, double ppm)
{
	const size_t from = 2000;
	const struct health *h;
	double found_ms = NAN;

	healthy(6000, 10, ppm);
	for (size_t i = from; i < count; i++)
		x[i].start.utc_ns += (int64_t)((double)(i - from) * 10 *
			us_per_s * 1e3);
	judge();
	if ((h = says(STATED_DRIFT)))
		found_ms = (double)(h->span.from.utc_ns - begun_ns -
			(int64_t)from * 10000000000) * 1e-9 * us_per_s * 1e-3;
	CHECK(h && h->state == HEALTH_QUARANTINED && fabs(found_ms) < 10,
		"a ramp of %g us/s at a clock of %g ppm: flagged at %.2f ms",
		us_per_s, ppm, found_ms);
}

static void steps(double ms, double ppm, size_t at)
{
	const struct health *h;

	healthy(6000, 10, ppm);
	for (size_t i = at; i < count; i++)
		x[i].start.utc_ns += (int64_t)(ms * 1e6);
	judge();
	h = says(STATED_STEP);
	CHECK(h && h->span.from.utc_ns == x[at].start.utc_ns,
		"a step of %g ms at frame %zu, clock of %g ppm: in that frame",
		ms, at, ppm);
}

/* Rates that wander as a compensated quartz does in a day's heat: 0.1 ppm. */
static void months(void)
{
	size_t alarms = 0;

	for (int k = 0; k < 12; k++) {
		double off_s = 0;

		healthy(MOST, 15, -20 + 3.7 * k);
		for (size_t i = 1; i < count; i++) {
			double day = (double)i * 15 / 86400;
			double sine;

			sine = m_sin(2 * PI * day + k);
			off_s += 15 * 0.1e-6 * sine;
			x[i].monotonic_ns -= (uint64_t)(int64_t)(off_s * 1e9);
		}
		judge();
		alarms += tolds;
	}
	CHECK(alarms == 0, "%d months of sensors in the sun: %zu alarms", 12,
		alarms);
}

int main(void)
{
	words();
	chains();
	ramp(1, 2);
	ramp(-1, 30);
	ramp(3, -12);
	steps(5, 2, 3000);
	steps(-5, 40, 3000);
	steps(5, 2, 20);
	months();
	return check_done();
}
