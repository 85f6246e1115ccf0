/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * locate.c - physics by simulation: incidents at known places, in networks
 * drawn anew each time, with every error that the locator believes in.  A
 * region that claims 90 % must hold 85-95 % of them, whatever the weather and
 * however many nodes are dead; order of input must not matter; chance must
 * not be taken for an incident. */
#include <string.h>

#include "base/maths.h"
#include "check.h"
#include "dice.h"
#include "ears.h"
#include "locate/locate.h"

enum { NODES = 36, DRAWS = 400, PICKS = 512, FOUND = 32 };

struct condition {
	const char *name;
	int across;     /* nodes a side; 0: five nodes, sparse */
	double spacing_m;
	double wind_ms; /* true wind, one sigma an axis */
	bool weather;   /* a report says calm */
	double wind_err_ms; /* that it states; 0: none */
	double dead;    /* share of nodes, and health knows */
};

static const struct condition conditions[] = {
	{"calm",                5, 1000, 0.5, true,  0.5, 0},
	{"wind nobody reports", 5, 1000, 5.0, false, 0,   0},
	{"20 % dead",           5, 1000, 2.0, true,  0,   0.2},
	{"sparse, five nodes",  0, 3000, 2.0, true,  0,   0},
};

static struct arena work;

struct world {
	struct frame frame;
	struct source source[NODES];
	char id[NODES][8];
	struct xy at[NODES]; /* as listed */
	struct health health[NODES];
	size_t nodes, downs;
	struct mission mission;
	struct weather weather;
	struct network net;
	struct detection pick[PICKS];
	size_t picks;
	struct xy shot;
	struct instant t0;
};

struct found {
	struct incident incident[FOUND];
	size_t count;
};

static bool put(void *self, const struct incident *i, struct fault *f)
{
	struct found *out = self;

	if (out->count == FOUND)
		return fault(f, FAULT_LIMIT, "too many incidents");
	out->incident[out->count++] = *i;
	return true;
}

static void node(struct world *w, double x, double y)
{
	size_t i = w->nodes++;
	struct point p = frame_from(&w->frame, (struct xy){x, y});

	(void)snprintf(w->id[i], sizeof w->id[i], "n%02u", (unsigned)i);
	w->at[i] = (struct xy){x, y};
	w->source[i] = ear_at(w->id[i], i, p, 3);
	w->source[i].elev_m += 10 * normal();
}

static void arrival(struct world *w, size_t i, struct instant at)
{
	struct detection *d = &w->pick[w->picks++];

	*d = ear_heard(w->id[i], w->picks, at, 0.005);
	detection_name(d);
}

static int by_order(const void *a, const void *b)
{
	return detection_order(a, b);
}

static void lay(struct world *w, const struct condition *c)
{
	double s = c->spacing_m;

	w->frame = frame_at(48, 37.5);
	w->nodes = w->downs = w->picks = 0;
	for (int j = 0; j < c->across; j++)
		for (int i = 0; i < c->across; i++)
			node(w, (i - 2 + 0.4 * (uniform() - 0.5)) * s,
				(j - 2 + 0.4 * (uniform() - 0.5)) * s);
	for (int i = 0; i < 5 && c->across == 0; i++)
		node(w, s * m_cos(RAD(72 * i + 20 * uniform())),
			s * m_sin(RAD(72 * i + 20 * uniform())));
	w->t0 = (struct instant){INT64_C(1770000000000000000)};
	w->t0 = instant_plus_s(w->t0, 20 * uniform());
	w->mission = (struct mission){
		.source = w->source, .source_count = w->nodes};
	w->weather = (struct weather){.at = w->t0, .lat_deg = NAN,
		.lon_deg = NAN, .temperature_c = 10, .pressure_pa = NAN,
		.humidity_pct = 50, .wind_ms = 0, .wind_from_deg = 0,
		.wind_err_ms = c->wind_err_ms};
	w->net = (struct network){.mission = &w->mission,
		.health = w->health, .weather = &w->weather,
		.weather_count = c->weather};
	for (size_t i = 0; i < w->nodes; i++)
		if (uniform() < c->dead)
			w->health[w->downs++] = (struct health){
				.source = w->id[i], .state = HEALTH_DOWN,
				.why = "no data",
				.span = {{0}, {INSTANT_MAX_NS - 1}}};
	w->net.health_count = w->downs;
}

static bool is_dead(const struct world *w, size_t i)
{
	for (size_t k = 0; k < w->downs; k++)
		if (strcmp(w->health[k].source, w->id[i]) == 0)
			return true;
	return false;
}

/* A shot somewhere among the nodes. */
static void shoot(struct world *w, const struct condition *c)
{
	double r = (c->across ? 2 : 0.8) * c->spacing_m;
	double sound = 337.7 + 1.2 * normal() + (c->weather ? 0 : 3 * normal());
	double we = c->wind_ms * normal(), wn = c->wind_ms * normal();
	double z = 150 + 10 * normal(), reach = 1.2 * c->spacing_m * 2;

	w->shot = (struct xy){r * (2 * uniform() - 1), r * (2 * uniform() - 1)};
	for (size_t i = 0; i < w->nodes; i++) {
		double dx = w->at[i].x_m + 3 * normal() - w->shot.x_m;
		double dy = w->at[i].y_m + 3 * normal() - w->shot.y_m;
		double dz = w->source[i].elev_m - z;
		double d = sqrt(dx * dx + dy * dy + dz * dz), q = d / reach;
		double along = (we * dx + wn * dy) / d;
		double cross2 = we * we + wn * wn - along * along;
		double v = along + sqrt(sound * sound - cross2);
		double late = 0.005 * normal() + 0.002 * normal() +
			5e-6 * d * normal();

		if (is_dead(w, i) || uniform() > 0.9 / (1 + q * q * q * q))
			continue;
		if (uniform() < 0.03)
			late -= 0.03 * m_log(1 - uniform());
		arrival(w, i, instant_plus_s(w->t0, d / v + late));
	}
	/* And four false arrivals an hour, within half a minute. */
	for (size_t i = 0; i < w->nodes; i++)
		if (uniform() < 0.033)
			arrival(w, i, instant_plus_s(w->t0, 30 * uniform()));
	qsort(w->pick, w->picks, sizeof *w->pick, by_order);
}

static void run(const struct world *w, struct found *out)
{
	struct incidents to = {put, out};
	struct fault f = {0};

	out->count = 0;
	work.used = 0;
	if (!locate_sound(&w->net, w->pick, w->picks, &work, &to, &f)) {
		CHECK(false, "%s", f.text);
		exit(1);
	}
}

/* Posterior mass denser than the truth's cell; 1 outside all cells. */
static double denser(const struct world *w, const struct incident *q)
{
	const struct region *r = &q->place.region;
	double mine = -1, own = 0, sum = 0;

	for (size_t i = 0; i < r->cell_count; i++) {
		const struct cell *c = &r->cell[i];
		struct xy p = frame_to(&w->frame, c->lat_deg, c->lon_deg);

		if (fabs(p.x_m - w->shot.x_m) <= c->half_side_m &&
			fabs(p.y_m - w->shot.y_m) <= c->half_side_m) {
			own = c->share;
			mine = own / (c->half_side_m * c->half_side_m);
		}
	}
	if (mine < 0)
		return 1;
	for (size_t i = 0; i < r->cell_count; i++) {
		const struct cell *c = &r->cell[i];

		if (c->share / (c->half_side_m * c->half_side_m) > mine)
			sum += c->share;
	}
	return sum + own / 2;
}

static bool in_ellipse(const struct world *w, const struct incident *q)
{
	const struct ellipse *e = &q->place.region.ellipse;
	struct xy p = frame_to(&w->frame, q->place.lat_deg, q->place.lon_deg);
	double dx = w->shot.x_m - p.x_m, dy = w->shot.y_m - p.y_m;
	double az = RAD(e->azimuth_deg);
	double a = dx * m_sin(az) + dy * m_cos(az);
	double b = dx * m_cos(az) - dy * m_sin(az);

	return a * a / (e->semi_major_m * e->semi_major_m) +
		b * b / (e->semi_minor_m * e->semi_minor_m) <= 1;
}

static double shares(const struct incident *q)
{
	double sum = 0;

	for (size_t i = 0; i < q->place.region.cell_count; i++)
		sum += q->place.region.cell[i].share;
	return sum;
}

static void coverage(const struct condition *c)
{
	static struct world w;
	static struct found found;
	int heard = 0, n = 0, in = 0, round_in = 0, extra = 0, timed = 0;
	double area = 0;

	for (int k = 0; k < DRAWS; k++) {
		const struct incident *q = &found.incident[0];
		struct instant t0;

		lay(&w, c);
		shoot(&w, c);
		run(&w, &found);
		heard += w.picks >= 5;
		if (found.count == 0)
			continue;
		extra += found.count > 1;
		n++;
		in += denser(&w, q) < 0.9;
		round_in += in_ellipse(&w, q);
		t0 = w.t0;
		timed += q->from.utc_ns <= t0.utc_ns &&
			 t0.utc_ns <= q->to.utc_ns;
		area += PI * q->place.region.ellipse.semi_major_m *
			q->place.region.ellipse.semi_minor_m;
		CHECK_QUIET(fabs(shares(q) - 1) < 1e-9 &&
				    q->place.region.cell_count <=
					    REGION_CELLS_MAX &&
				    q->place.region.ring_count >= 1,
			"cells sum to one");
	}
	printf("# %s: %d of %d found, region %.1f %%, ellipse %.1f %%, time "
		"%.1f %%, mean radius %.0f m, %d with more than one\n",
		c->name, n, DRAWS, 100.0 * in / n, 100.0 * round_in / n,
		100.0 * timed / n, sqrt(area / n / PI), extra);
	CHECK(n * 10 >= heard * 9, "%s: found when five heard it", c->name);
	CHECK(in * 100 >= n * 85 && in * 100 <= n * 95,
		"%s: 90 %% regions hold 85-95 %%", c->name);
	CHECK(round_in * 100 >= n * 85 && round_in * 100 <= n * 95,
		"%s: ellipses too", c->name);
	CHECK(timed * 100 >= n * 85 && timed * 100 <= n * 96,
		"%s: time intervals too", c->name);
	CHECK(extra * 100 <= n, "%s: one shot is one incident", c->name);
}

static bool same(const struct incident *a, const struct incident *b)
{
	return strcmp(a->id.text, b->id.text) == 0 &&
		a->at.utc_ns == b->at.utc_ns &&
		memcmp(&a->place.lat_deg, &b->place.lat_deg,
			sizeof a->place.lat_deg) == 0 &&
		memcmp(&a->place.region.ellipse, &b->place.region.ellipse,
			sizeof a->place.region.ellipse) == 0 &&
		a->evidence_count == b->evidence_count &&
		a->silent_count == b->silent_count;
}

static void shuffled(void)
{
	static struct world w;
	static struct found one, two;

	for (int k = 0; k < 20; k++) {
		lay(&w, &conditions[0]);
		shoot(&w, &conditions[0]);
		run(&w, &one);
		for (size_t i = w.picks; i-- > 1;) {
			size_t j = (size_t)(uniform() * (double)(i + 1));
			struct detection swap = w.pick[i];

			w.pick[i] = w.pick[j];
			w.pick[j] = swap;
		}
		/* The texts of the first run lie where the second writes:
		 * compare what is held by value. */
		run(&w, &two);
		CHECK_QUIET(one.count == two.count, "shuffled: as many");
		for (size_t i = 0; i < one.count && i < two.count; i++)
			CHECK_QUIET(same(&one.incident[i], &two.incident[i]),
				"shuffled: the same");
	}
	CHECK(one.count == 1, "order of input does not matter");
}

static void scrambled(void)
{
	static struct world w;
	static struct found found;
	int wrong = 0;

	for (int k = 0; k < DRAWS; k++) {
		lay(&w, &conditions[0]);
		shoot(&w, &conditions[0]);
		for (size_t i = 0; i < w.picks; i++)
			w.pick[i].at = instant_plus_s(
				w.pick[i].at, 6 * uniform() - 3);
		qsort(w.pick, w.picks, sizeof *w.pick, by_order);
		run(&w, &found);
		wrong += found.count > 0;
	}
	printf("# scrambled by +-3 s: %d of %d\n", wrong, DRAWS);
	CHECK(wrong * 50 <= DRAWS, "scrambled times: at most one in fifty");
}

static void odd(void)
{
	static struct world w;
	static struct found found;

	lay(&w, &conditions[0]);
	run(&w, &found);
	CHECK(found.count == 0, "nothing heard, nothing happened");
	arrival(&w, 0, w.t0);
	arrival(&w, 0, w.t0);
	w.pick[1].at = INSTANT_UNKNOWN;
	w.pick[0].source = "nobody";
	run(&w, &found);
	CHECK(found.count == 0, "no such source, no such time");
	w.picks = 0;
	for (size_t i = 0; i < w.nodes; i++)
		arrival(&w, i, w.t0);
	run(&w, &found);
	CHECK(found.count <= 1, "all at the same moment");
	CHECK(locate_gap_s(&w.mission) > 10 && locate_gap_s(&w.mission) < 60,
		"gap of islands %.1f s", locate_gap_s(&w.mission));
	w.mission.source_count = 0;
	CHECK(locate_gap_s(&w.mission) > 1, "a network without nodes");
	run(&w, &found);
	CHECK(found.count == 0, "and what it hears");
}

int main(void)
{
	struct fault f = {0};

	if (!arena_map(&work, (size_t)1 << 28, &f))
		return 1;
	seed = 20260203;
	odd();
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
		coverage(&conditions[i]);
	shuffled();
	scrambled();
	return check_done();
}
