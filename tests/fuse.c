/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuse.c - detections of many kinds become incidents: tables of who joins
 * whom, and the real fire files in any order and twice. */
#include "base/maths.h"
#include "check.h"
#include "detect/detector.h"
#include "formats/format.h"
#include "geo/frame.h"
#include "locate/locate.h"
#include "model/fields.h"

extern const struct detector detector_heat, detector_report;

enum { DETECTIONS = 20000, INCIDENTS = 8000 };

struct all {
	struct arena arena;
	struct detection *d;
	size_t count;
	struct incident *inc;
	size_t inc_count;
	bool backwards;
};

static bool keep_detection(
	void *self, const struct detection *d, struct fault *f)
{
	struct all *a = self;
	struct region *r;
	struct point *p;
	struct ring *ring;

	if (a->count == DETECTIONS)
		abort();
	a->d[a->count] = *d;
	struct detection *k = &a->d[a->count++];
	k->source = arena_text(&a->arena, bytes_of(d->source), f);
	struct feature *fe = arena_array(
		&a->arena, d->feature_count + 1, sizeof *fe, f);
	struct attribute *at = arena_array(
		&a->arena, d->attribute_count + 1, sizeof *at, f);
	for (size_t i = 0; i < d->feature_count; i++)
		fe[i] = d->feature[i];
	for (size_t i = 0; i < d->attribute_count; i++) {
		at[i].name = d->attribute[i].name;
		at[i].text = arena_text(
			&a->arena, bytes_of(d->attribute[i].text), f);
	}
	k->feature = fe;
	k->attribute = at;
	r = &k->place.region;
	if (r->ring_count == 1) {
		p = arena_array(&a->arena, r->ring[0].count, sizeof *p, f);
		ring = arena_take(&a->arena, sizeof *ring, f);
		memcpy(p, r->ring[0].point, r->ring[0].count * sizeof *p);
		*ring = (struct ring){p, r->ring[0].count};
		r->ring = ring;
	}
	return true;
}

static bool keep_incident(
	void *self, const struct incident *i, struct fault *f)
{
	struct all *a = self;

	(void)f;
	if (a->inc_count == INCIDENTS)
		abort();
	a->inc[a->inc_count++] = *i;
	return true;
}

struct feed {
	const struct detector *detector;
	struct detections to;
	size_t damage;
};

static bool pass(void *self, const struct observation *o, struct fault *f)
{
	struct feed *d = self;

	return d->detector->observation(NULL, o, &d->to, f);
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct feed *d = self;

	(void)why, (void)offset, (void)length, (void)f;
	d->damage++;
	return true;
}

static void start(struct all *a)
{
	struct fault f;

	*a = (struct all){.count = 0};
	if (!arena_map(&a->arena, (size_t)1 << 30, &f))
		abort();
	a->d = arena_array(&a->arena, DETECTIONS, sizeof *a->d, &f);
	a->inc = arena_array(&a->arena, INCIDENTS, sizeof *a->inc, &f);
}

static size_t take(struct all *a, const struct detector *d,
	const char *format, struct bytes in)
{
	static uint8_t block[4 << 20];
	struct arena scratch = arena_on(block, sizeof block);
	struct feed feed = {d, {keep_detection, a}, 0};
	struct intake intake = {&feed, NULL, pass, damage, false};
	struct origin o = {"", ""};
	struct fault f = {0};

	CHECK(format_named(format)->decode(in, &o, &scratch, &intake, &f),
		"%s is read", format);
	return feed.damage;
}

static int order(const void *x, const void *y)
{
	return detection_order(x, y);
}

static void fuse(struct all *a, const struct incident *sound, size_t n)
{
	struct network net = {0};
	struct incidents to = {keep_incident, a};
	struct fault f = {0};

	qsort(a->d, a->count, sizeof *a->d, order);
	CHECK(locate_fuse(&net, sound, n, a->d, a->count, &a->arena, &to, &f),
		"fused: %s", f.text);
}

/* A sound incident of one explosion at a place, 50 m sharp. */
static struct incident sound_at(const char *at, double north_m, double east_m,
	char n)
{
	struct frame fr = frame_at(48.1, 37.2);
	struct point p = frame_from(&fr, (struct xy){east_m, north_m});
	struct detection d = detection_new();
	struct incident i = incident_new();
	static struct id id[64];
	static size_t used;
	struct fault f;

	if (!instant_parse(bytes_of(at), false, &d.at, &f))
		abort();
	d.source = "S1";
	d.count.value = n;
	detection_name(&d);
	incident_name(&i, &d);
	id[used] = d.id;
	i.evidence = &id[used++];
	i.evidence_count = 1;
	i.kind[KIND_UNKNOWN] = 0.1;
	i.kind[KIND_EXPLOSION] = 0.9;
	i.count = COUNT_OF(1);
	i.at = i.from = i.to = d.at;
	i.place.lat_deg = p.lat_deg;
	i.place.lon_deg = p.lon_deg;
	i.place.region.ellipse = (struct ellipse){50, 50, 0};
	i.modalities = 1u << MODALITY_ACOUSTIC;
	return i;
}

#define HEAD                                                                  \
	"report_id,observer,lat,lon,at,until,means,kind,count,"               \
	"count_meaning,bearing,dist_min_m,dist_max_m,weapon\n"

/* Sounds 3 km south of 48.1, 37.2 at 04:05:00, :02, :04; and what a patrol
 * there says. */
static const struct {
	const char *name, *report;
	size_t incidents; /* in all, with the three sounds */
	size_t joined;    /* sounds that got the report as evidence */
	int64_t count[4]; /* in order of time */
} cases[] = {
	{"agrees: in all three", "R1,P1,48.1,37.2,2026-02-03T04:05:00Z,,heard,"
		"explosion,3,,S,2000,4000,mortar\n", 3, 3, {1, 1, 1, 0}},
	{"at least two: in all three", "R1,P1,48.1,37.2,2026-02-03T04:05:00Z,,"
		"heard,explosion,2,at_least,S,2000,4000,\n", 3, 3,
		{1, 1, 1, 0}},
	{"one: in the nearest", "R1,P1,48.1,37.2,2026-02-03T04:05:00Z,,heard,"
		"explosion,1,,S,2000,4000,\n", 3, 1, {1, 1, 1, 0}},
	{"five: the rest stands alone", "R1,P1,48.1,37.2,"
		"2026-02-03T04:05:00Z,,heard,explosion,5,,S,2000,4000,\n", 4,
		3, {2, 1, 1, 1}},
	{"not counted: in all", "R1,P1,48.1,37.2,2026-02-03T04:05:00Z,,heard,"
		"explosion,,uncountable,S,2000,4000,\n", 3, 3, {1, 1, 1, 0}},
	{"to the north: another", "R1,P1,48.1,37.2,2026-02-03T04:05:00Z,,"
		"heard,explosion,3,,N,2000,4000,\n", 4, 0, {3, 1, 1, 1}},
	{"an hour later: another", "R1,P1,48.1,37.2,2026-02-03T05:05:00Z,,"
		"heard,explosion,3,,S,2000,4000,\n", 4, 0, {1, 1, 1, 3}},
	{"shots: another", "R1,P1,48.1,37.2,2026-02-03T04:05:00Z,,"
		"heard,shot,3,,S,2000,4000,\n", 4, 0, {3, 1, 1, 1}},
	{"no place: another", "R1,P1,,,2026-02-03T04:05:00Z,,"
		"heard,explosion,3,,S,2000,4000,\n", 4, 0, {3, 1, 1, 1}},
	{"over the whole hour", "R1,P1,48.1,37.2,2026-02-03T03:30:00Z,"
		"2026-02-03T04:30:00Z,heard,explosion,3,,S,2000,4000,\n", 3,
		3, {1, 1, 1, 0}},
};

static void test_reports(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char csv[1024];
		struct all a;
		size_t joined = 0;
		struct incident sound[3] = {
			sound_at("2026-02-03T04:05:00Z", -3000, 0, 1),
			sound_at("2026-02-03T04:05:02Z", -3000, 30, 2),
			sound_at("2026-02-03T04:05:04Z", -3000, 60, 3)};
		bool counts = true;

		start(&a);
		(void)snprintf(csv, sizeof csv, "%s%s", HEAD, cases[i].report);
		take(&a, &detector_report, "reports", bytes_of(csv));
		fuse(&a, sound, 3);
		for (size_t k = 0; k < a.inc_count; k++) {
			joined += a.inc[k].modalities ==
				(1u << MODALITY_ACOUSTIC |
					1u << MODALITY_WITNESS);
			if (a.inc_count <= 4)
				counts = counts &&
					a.inc[k].count.value >= 0;
		}
		CHECK(a.inc_count == cases[i].incidents &&
			joined == cases[i].joined && counts,
			"%s: %zu incidents, %zu joined", cases[i].name,
			a.inc_count, joined);
		int64_t sum = 0, want = 0;
		for (size_t k = 0; k < a.inc_count; k++)
			sum += a.inc[k].count.value;
		for (size_t k = 0; k < 4; k++)
			want += cases[i].count[k];
		CHECK(sum == want, "%s: counts sum to %d", cases[i].name,
			(int)sum);
		arena_unmap(&a.arena);
	}
}

/* Two patrols, 4 km apart, hear one burst: sectors cross. */
static void test_sectors(void)
{
	struct all a;

	start(&a);
	take(&a, &detector_report, "reports", bytes_of(HEAD
		"R1,P1,48.1,37.2,2026-02-03T04:05:00Z,,heard,burst,3,at_least,"
		"SE,1000,6000,hmg\n"
		"R2,P2,48.1,37.28,2026-02-03T04:06:00Z,,heard,burst,5,about,"
		"SW,1000,6000,small_arms\n"
		"R3,P2,48.1,37.28,2026-02-03T04:06:00Z,,heard,burst,5,about,"
		"SW,1000,6000,small_arms\n"));
	fuse(&a, NULL, 0);
	CHECK(a.inc_count == 2, "two reports of one patrol stay two: %zu",
		a.inc_count);
	const struct incident *i = &a.inc[0];
	CHECK(i->evidence_count == 2 && i->place.region.cell_count > 0 &&
		i->place.region.cell_count <= REGION_CELLS_MAX,
		"two patrols make one incident with cells");
	CHECK(fabs(i->place.lon_deg - 37.24) < 0.003 &&
		i->place.region.ellipse.semi_major_m < 2500 &&
		i->place.region.ellipse.semi_major_m > 500,
		"where the sectors cross: %.4f %.0f m", i->place.lon_deg,
		i->place.region.ellipse.semi_major_m);
	CHECK(i->count.value == 5 && i->count.meaning == COUNT_ABOUT,
		"the greater count, once");
	const char *weapon = attribute_of(
		i->attribute, i->attribute_count, "weapon");
	CHECK(weapon && strstr(weapon, "hmg") && strstr(weapon, "small_arms"),
		"both words: %s", weapon ? weapon : "none");
	CHECK(!attribute_of(i->attribute, i->attribute_count, "observer"),
		"an observer is not what happened");
	double share = 0;
	for (size_t k = 0; k < i->place.region.cell_count; k++)
		share += i->place.region.cell[k].share;
	CHECK(fabs(share - 1) < 1e-9, "shares sum to 1");
	CHECK(i->status == STATUS_ASSOCIATED, "associated");
	arena_unmap(&a.arena);
}

#define FIRMS                                                                 \
	"latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,"         \
	"satellite,confidence,version,bright_ti5,frp,daynight\n"

static void test_heat_near(void)
{
	struct incident sound[1] = {
		sound_at("2026-02-03T04:05:00Z", 0, 0, 9)};
	struct all a;

	start(&a);
	take(&a, &detector_heat, "firms", bytes_of(FIRMS
		"48.1001,37.2003,340,0.4,0.38,2026-02-03,1005,N,n,2.0NRT,"
		"300,5,D\n"
		"48.1001,37.2050,340,0.4,0.38,2026-02-03,1055,1,n,2.0NRT,"
		"300,9,D\n"
		"48.3,37.2,340,0.4,0.38,2026-02-03,1055,1,n,2.0NRT,300,9,D\n"));
	fuse(&a, sound, 1);
	CHECK(a.inc_count == 3, "an explosion and two fires: %zu", a.inc_count);
	CHECK(a.inc[0].link_count == 1 && a.inc[1].link_count == 1 &&
		a.inc[2].link_count == 0 &&
		strcmp(a.inc[0].link[0].id.text, a.inc[1].id.text) == 0 &&
		strcmp(a.inc[1].link[0].is, "near") == 0,
		"linked near, not merged");
	CHECK(a.inc[1].evidence_count == 2 &&
		feature_of(a.inc[1].feature, a.inc[1].feature_count,
			"frp_mw") == 9, "two satellites, one fire");
	arena_unmap(&a.arena);
}

static struct digest digest_of(struct all *a)
{
	struct sha256 s;

	sha256_start(&s);
	for (size_t i = 0; i < a->inc_count; i++) {
		size_t mark = a->arena.used;
		struct fields fields = fields_in(&a->arena);
		struct text t = text_in(&a->arena, 1 << 20);
		struct fault f = {0};

		if (!incident_write(&a->inc[i], &fields, &f)) {
			CHECK(false, "incident is written: %s", f.text);
			break;
		}
		fields_print(&fields, &t);
		sha256_add(&s, text_view(&t));
		a->arena.used = mark;
	}
	return sha256_end(&s);
}

static size_t lasting(const struct all *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->inc_count; i++)
		n += attribute_of(a->inc[i].attribute,
			a->inc[i].attribute_count, "persistent") != NULL;
	return n;
}

static struct digest real(const char *const *files, size_t n, struct all *a)
{
	start(a);
	for (size_t i = 0; i < n; i++) {
		struct bytes in;
		uint8_t *file = check_file(check_data(files[i]), &in.len);

		in.at = file;
		CHECK(take(a, &detector_heat, "firms", in) == 0, "no fault");
		free(file);
	}
	fuse(a, NULL, 0);
	return digest_of(a);
}

static void test_real(void)
{
	static const char *const one[] = {
		"satellite/firms-2022/SNPP_Europe_20220825_20220901.csv",
		"satellite/firms-2022/SNPP_Europe_20220829_20220905.csv"};
	static const char *const two[] = {
		"satellite/firms-2022/SNPP_Europe_20220829_20220905.csv",
		"satellite/firms-2022/SNPP_Europe_20220825_20220901.csv"};
	struct all a, b;
	struct digest x, y;

	if (!check_data(one[0])) {
		CHECK_SKIP("no ../shared/data/satellite/firms-2022");
		return;
	}
	x = real(one, 2, &a);
	y = real(two, 2, &b);
	CHECK(a.count == 12893, "%zu rows", a.count);
	size_t distinct = 0, evidence = 0;
	for (size_t i = 0; i < a.count; i++)
		distinct += i == 0 || strcmp(a.d[i].id.text,
			a.d[i - 1].id.text) != 0;
	for (size_t i = 0; i < a.inc_count; i++)
		evidence += a.inc[i].evidence_count;
	CHECK(distinct == 9708, "%zu distinct", distinct);
	CHECK(evidence == 9708, "each pixel in one incident: %zu", evidence);
	CHECK(memcmp(&x, &y, sizeof x) == 0,
		"the same incidents in any order, byte for byte");
	CHECK(lasting(&a) > 60 && lasting(&a) < 250,
		"%zu incidents, %zu of them lasting", a.inc_count,
		lasting(&a));
	arena_unmap(&a.arena);
	arena_unmap(&b.arena);
}

int main(void)
{
	test_reports();
	test_sectors();
	test_heat_near();
	test_real();
	return check_done();
}
