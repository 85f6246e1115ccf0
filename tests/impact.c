/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * impact.c - a battery's rhythm comes again where its rounds fall: found, and
 * not found where there is nothing, or where the rhythm says nothing. */
#include "check.h"
#include "dice.h"
#include "geo/frame.h"
#include "locate/impact.h"

enum { MAX = 400, TRIALS = 200 };

static struct incident sound[MAX];
static int thrown_by[MAX]; /* by number of the round; -1: nobody's */
static int number[MAX];
static size_t count;
static struct arena arena;
static struct frame frame;

static void put(double t_s, double x, double y, int nth, int by)
{
	struct incident *i = &sound[count];
	struct point p = frame_from(&frame, (struct xy){
		x + 20 * normal(), y + 20 * normal()});
	double t = t_s + 0.03 * normal();

	if (count == MAX)
		return;
	*i = incident_new();
	i->at = instant_plus_s((struct instant){INT64_C(1770000000000000000)},
		t);
	i->from = instant_plus_s(i->at, -0.05);
	i->to = instant_plus_s(i->at, 0.05);
	i->place.lat_deg = p.lat_deg;
	i->place.lon_deg = p.lon_deg;
	i->place.region.ellipse = (struct ellipse){40, 30, 0};
	i->kind[KIND_EXPLOSION] = by < 0 ? 0.3 : 0.7;
	i->kind[KIND_SHOT] = by < 0 ? 0.6 : 0.2;
	number[count] = nth;
	thrown_by[count] = by;
	(void)snprintf(i->id.text, sizeof i->id.text, "i-%04zu", count);
	count++;
}

static int by_time(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;

	return (x->at.utc_ns > y->at.utc_ns) - (x->at.utc_ns < y->at.utc_ns);
}

struct battery {
	double x, y, to_x, to_y, flight_s, least_s, most_s, heard;
	int rounds;
};

/* Numbers are of MAX: ids say who a sound was, in whatever order. */
static void fire(const struct battery *b, double t, int first)
{
	for (int k = 0; k < b->rounds; k++) {
		t += b->least_s + (b->most_s - b->least_s) * uniform();
		if (uniform() < b->heard)
			put(t, b->x + 60 * normal(), b->y + 60 * normal(),
				first + k, -1);
		if (uniform() < b->heard)
			put(t + b->flight_s + 0.25 * normal(),
				b->to_x + 120 * normal(),
				b->to_y + 120 * normal(), -1, first + k);
	}
}

/* Whatever else bangs in a quarter of an hour within 10 km. */
static void noise(int n)
{
	for (int i = 0; i < n; i++)
		put(900 * uniform(), 20000 * uniform() - 10000,
			20000 * uniform() - 10000, -1, -1);
}

static void tally(int *right, int *wrong, int *could)
{
	static struct incident was[MAX];
	struct fault f = {0};

	memcpy(was, sound, sizeof was);
	qsort(sound, count, sizeof *sound, by_time);
	arena.used = 0;
	CHECK_QUIET(impacts_link(sound, count, &arena, &f), "%s", f.text);
	for (size_t i = 0; i < count; i++) {
		size_t me = strtoul(sound[i].id.text + 2, NULL, 10), from;
		bool there = false;

		for (size_t k = 0; k < count; k++)
			there |= thrown_by[me] >= 0 &&
				number[k] == thrown_by[me];
		*could += there;
		if (sound[i].link_count == 0)
			continue;
		from = strtoul(sound[i].link[0].id.text + 2, NULL, 10);
		if (thrown_by[me] >= 0 && number[from] == thrown_by[me])
			++*right;
		else
			++*wrong;
	}
}

static void many(const char *name, const struct battery *kind, int others,
	double least, double most)
{
	int right = 0, wrong = 0, could = 0;
	double share;

	for (int i = 0; i < TRIALS; i++) {
		struct battery b = *kind;

		count = 0;
		b.rounds += (int)(4 * uniform());
		fire(&b, 600 * uniform(), 0);
		noise(others);
		tally(&right, &wrong, &could);
	}
	share = (double)right / (could > 0 ? could : 1);
	CHECK(share >= least && share <= most && wrong <= 0.01 * could,
		"%s: %d of %d linked, %d wrongly", name, right, could, wrong);
}

static void nothing(const char *name, const struct battery *a,
	const struct battery *b, int others)
{
	int right = 0, wrong = 0, could = 0;

	for (int i = 0; i < TRIALS; i++) {
		count = 0;
		for (const struct battery *x = a; x; x = x == a ? b : NULL)
			fire(x, 600 * uniform(), x == a ? 0 : 100);
		noise(others);
		tally(&right, &wrong, &could);
	}
	CHECK(right + wrong <= 2, "%s: %d linked in %d quarters of an hour",
		name, right + wrong, TRIALS);
}

/* Two guns that fire together at one place: an explosion has one launch, and
 * each of its features once. */
static void together(void)
{
	static const double t[] = {0, 7, 19, 24, 41, 49, 66, 71, 90, 97};
	struct fault f = {0};
	size_t linked = 0, twice = 0;

	count = 0;
	for (int i = 0; i < 10; i++) {
		put(t[i], -4000, 1000, i, -1);
		put(t[i] + 0.1, -4300, 1000, 10 + i, -1);
		put(t[i] + 21, 4000, 3000, -1, i);
	}
	qsort(sound, count, sizeof *sound, by_time);
	arena.used = 0;
	CHECK_QUIET(impacts_link(sound, count, &arena, &f), "%s", f.text);
	for (size_t i = 0; i < count; i++) {
		linked += sound[i].link_count > 0;
		twice += sound[i].link_count > 1 || sound[i].feature_count > 2;
	}
	CHECK(linked == 10 && twice == 0,
		"two guns at once: %zu of 10 linked, %zu twice", linked, twice);
}

int main(void)
{
	const struct battery gun = {-4000, 1000, 4000, 3000, 21, 4, 20, 0.9, 6};
	struct battery deaf = gun, steady = gun, here = gun, there = gun;
	struct fault f = {0};

	seed = 9;
	frame = frame_at(48, 37.5);
	if (!arena_map(&arena, (size_t)1 << 26, &f))
		return 1;
	many("a battery in a loud quarter of an hour", &gun, 60, 0.5, 1);
	deaf.heard = 0.6;
	many("six rounds in ten heard", &deaf, 60, 0.05, 1);
	steady.least_s = steady.most_s = 10;
	steady.heard = 1;
	many("a steady rhythm says nothing", &steady, 60, 0, 0.03);
	here.to_x = 50000; /* its rounds fall out of hearing */
	here.to_y = 50000;
	there.x = -50000;
	there.y = -50000;
	nothing("two batteries that do not know of each other", &here, &there,
		60);
	nothing("chance alone", &(struct battery){.rounds = 0},
		&(struct battery){.rounds = 0}, 390);
	together();
	return check_done();
}
