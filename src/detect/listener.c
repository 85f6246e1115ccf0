/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/listener.h"

#include "base/maths.h"

#define DB 4.342944819032518
#define REFERENCE_DB (-93.97940008672037) /* (20 uPa)^2 */
#define MINUTE_NS INT64_C(60000000000)
#define SLOT_NS (INT64_C(1000000000) * AMBIENT_SLOT_S)

void listener_start(struct listener *l)
{
	l->from = l->until = INSTANT_UNKNOWN;
	for (size_t i = 0; i < KERNEL_LANES; i++)
		l->power[i] = l->on[i] = l->count[i] = 0;
	l->arrivals = l->busiest = 0;
}

void listener_arrival(struct listener *l, struct instant at)
{
	int64_t minute = at.utc_ns / MINUTE_NS - (at.utc_ns % MINUTE_NS < 0);

	if (minute != l->minute)
		l->arrivals = 0;
	l->minute = minute;
	l->arrivals++;
	if (l->arrivals > l->busiest)
		l->busiest = l->arrivals;
}

/* A lane's power is in squares of its filter's output, gain left out. */
static double gain2(const struct bank *b, size_t i)
{
	double a1, a2, gain;

	gain = gains_poles(b->band[i].low_hz, b->rate_hz, true, &a1, &a2);
	gain *= gains_poles(b->band[i].high_hz, b->rate_hz, false, &a1, &a2);
	return gain * gain;
}

bool listener_end(
	struct listener *l, const struct bank *b, struct fault *f)
{
	struct ambient a = {.source = l->source,
		.span = {instant_round_us(l->from),
			instant_round_us(l->until)},
		.busy_hz = l->busiest / 60.0};

	if (!l->to || !instant_known(l->from))
		return true;
	for (size_t i = 0; i < KERNEL_LANES; i++) {
		const struct band *band = &b->band[i];

		if (!(l->count[i] > 0))
			continue;
		a.band[a.bands++] = (struct ambient_band){
			.low_hz = band->low_hz,
			.high_hz = band->high_hz,
			.short_s = band->short_s,
			.noise_db = DB * m_log(fmax(l->power[i] / l->count[i] *
					gain2(b, i), 1e-30)) - REFERENCE_DB,
			.on_db = DB * l->on[i] / l->count[i]};
	}
	listener_start(l);
	return a.bands == 0 || a.span.to.utc_ns <= a.span.from.utc_ns ||
		l->to->put(l->to->self, &a, f);
}

static int64_t slot_of(struct instant t)
{
	return t.utc_ns / SLOT_NS - (t.utc_ns % SLOT_NS < 0);
}

bool listener_hear(struct listener *l, const struct bank *b,
	struct instant now, double scale, struct fault *f)
{
	struct instant last = instant_plus_s(now,
		-(double)LISTENER_BLOCKS * KERNEL_BLOCK / b->rate_hz);
	bool warm = false;

	if (!l->to || !isfinite(scale))
		return true;
	if (instant_known(l->from) && slot_of(now) != slot_of(l->until) &&
		!listener_end(l, b, f))
		return false;
	for (size_t i = 0; i < KERNEL_LANES; i++) {
		const struct lane *lane = &b->lane[i];
		double L = (double)b->kernel.L[i] + (double)b->gains.floor[i];

		if (!lane->active || b->samples < lane->warm)
			continue;
		warm = true;
		l->power[i] += L * scale * scale;
		l->on[i] += lane->threshold.on;
		l->count[i]++;
	}
	if (warm && !instant_known(l->from))
		l->from = last;
	l->until = now;
	return true;
}
