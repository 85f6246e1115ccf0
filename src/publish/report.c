/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/maths.h"
#include "geo/frame.h"
#include "geo/polygon.h"
#include "model/phrase.h"

/* Share that must not differ more, in thousandths (DESK 12, calibrated there):
 * ten points. */
enum { COMPARABLE_PER_MILLE = 100 };
/* A cell for missions that state none: far above any sensor's error. */
#define PUBLIC_CELL_M 10000.0

enum group report_group(enum kind k)
{
	switch (k) {
	case KIND_EXPLOSION:
		return GROUP_EXPLOSION;
	case KIND_SHOT:
	case KIND_BURST:
		return GROUP_SMALL_ARMS;
	case KIND_PROJECTILE:
	case KIND_MUZZLE_FLASH:
	case KIND_FLARE:
		return GROUP_LIGHT;
	case KIND_FIRE:
	case KIND_DAMAGE:
	case KIND_CASUALTY:
		return GROUP_FIRE;
	case KIND_FLIGHT:
	case KIND_VESSEL:
	case KIND_VEHICLE:
		return GROUP_AIR;
	case KIND_WEAPON:
		return GROUP_WEAPON;
	case KIND_JAMMING:
	case KIND_SPOOFING:
	case KIND_OBSTRUCTION:
	case KIND_DENIAL:
	case KIND_DELAY:
	case KIND_OUTAGE:
	case KIND_TAMPERING:
		return GROUP_RESTRICTION;
	default:
		return GROUP_OTHER;
	}
}

const char *report_group_name(enum group g)
{
	static const char *const names[GROUP_COUNT] = {"Explosions",
		"Shots and bursts", "Projectiles, flashes, flares",
		"Fires, damage, casualties", "Flights, vessels, vehicles",
		"Weapons", "Restrictions, interference",
		"Other causes, unknown"};

	return names[g];
}

static enum section section_of(const struct event *e)
{
	bool settled = !e->judged || e->verdict == VERDICT_NO_BREACH ||
		e->verdict == VERDICT_NOT_APPLICABLE;

	if (e->kind >= KIND_EARTHQUAKE && e->kind <= KIND_SONIC_BOOM &&
		settled)
		return SECTION_NOTIFIED;
	if (e->kind == KIND_WEAPON)
		return SECTION_WEAPONS;
	if (e->cause[0] && settled)
		return SECTION_NOTIFIED;
	if (e->kind == KIND_CASUALTY || e->kind == KIND_DAMAGE)
		return SECTION_HARM;
	if (e->group == GROUP_RESTRICTION)
		return SECTION_RESTRICTIONS;
	return SECTION_EVENTS;
}

const char *view_keep(struct view *v, const struct text *t)
{
	char *s;

	if (v->why.kind != FAULT_NONE)
		return "";
	s = arena_text(v->arena, text_view(t), &v->why);
	return s ? s : "";
}

const char *view_fmt(struct view *v, const char *fmt, ...)
{
	char at[1024];
	struct text t = text_on(at, sizeof at);
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(at, sizeof at, fmt, ap);
	va_end(ap);
	if (n < 0)
		return "";
	if ((size_t)n >= sizeof at) { /* words of people may be long */
		t = text_in(v->arena, (size_t)n + 1);
		if (!text_check(&t, &v->why))
			return "";
		va_start(ap, fmt);
		(void)vsnprintf(t.at, t.size, fmt, ap);
		va_end(ap);
		return t.at;
	}
	t.len = (size_t)n;
	return view_keep(v, &t);
}

const char *view_cut(struct view *v, const char *s, size_t n)
{
	if (strlen(s) <= n)
		return s;
	while (n > 0 && ((uint8_t)s[n] & 0xc0) == 0x80)
		n--;
	return view_fmt(v, "%.*s\u2026", (int)n, s);
}

const char *view_local(struct view *v, struct instant t)
{
	const char *zone;
	struct civil c;

	if (!instant_known(t))
		return catalogue_word(v->words, W_NOT_KNOWN);
	t.utc_ns += mission_offset(v->mission, t, &zone) * INT64_C(1000000000);
	c = instant_civil(t);
	return view_fmt(v, "%04d-%02d-%02d %02d:%02d:%02d %s", c.year, c.month,
		c.day, c.hour, c.minute, c.second, zone);
}

const char *view_utc(struct view *v, struct instant t)
{
	struct civil c;

	if (!instant_known(t))
		return catalogue_word(v->words, W_NOT_KNOWN);
	c = instant_civil(t);
	return view_fmt(v, "%04d-%02d-%02d %02d:%02d:%02d UTC", c.year,
		c.month, c.day, c.hour, c.minute, c.second);
}

const char *view_share(struct view *v, double share)
{
	if (!isfinite(share))
		return catalogue_word(v->words, W_NOT_KNOWN);
	if (share > 0 && share < 0.01)
		return view_tr(v, "under 1 %");
	if (share < 1 && share > 0.99)
		return view_tr(v, "over 99 %");
	return SAY(v, "{0} %", view_fmt(v, "%.0f", floor(share * 100 + 0.5)));
}

static const char *whole(struct view *v, int64_t n)
{
	return view_fmt(v, "%lld", (long long)n);
}

const char *view_number(struct view *v, struct count c)
{
	if (c.meaning == COUNT_UNCOUNTABLE && c.value < 0)
		return catalogue_word(v->words, W_NOT_STATED);
	if (c.value < 0 || c.meaning == COUNT_UNCOUNTABLE)
		return view_tr(v, "not countable");
	switch (c.meaning) {
	case COUNT_ABOUT:
		return SAY(v, "about {0}", whole(v, c.value));
	case COUNT_AT_LEAST:
		return SAY(v, "at least {0}", whole(v, c.value));
	case COUNT_OVER:
		return SAY(v, "over {0}", whole(v, c.value));
	case COUNT_RANGE:
		return SAY(v, "{0} to {1}", whole(v, c.value),
			whole(v, c.max));
	default:
		return whole(v, c.value);
	}
}

const char *view_tally(struct view *v, const struct tally *t)
{
	const char *sum, *not_counted;

	if (t->incidents == 0)
		return view_tr(v, "none");
	not_counted = whole(v, (int64_t)t->uncounted);
	if (t->uncounted == t->incidents)
		return t->incidents == 1
			? SAY(v, "not counted ({0} incident)", not_counted)
			: SAY(v, "not counted ({0} incidents)", not_counted);
	sum = view_number(v, t->sum);
	if (t->uncounted == 0)
		return sum;
	return t->uncounted == 1
		? SAY(v, "{0}, and {1} incident not counted", sum, not_counted)
		: SAY(v, "{0}, and {1} incidents not counted", sum,
			  not_counted);
}

static const char *signed_number(struct view *v, int64_t n)
{
	/* U+2212, the minus sign, as wide as the plus. */
	return n < 0 ? view_fmt(v, "\xe2\x88\x92%lld", -(long long)n)
		: n > 0 ? view_fmt(v, "+%lld", (long long)n)
			: "0";
}

const char *view_change(struct view *v, const struct kind_row *k)
{
	int64_t alo, ahi, blo, bhi;
	bool about = k->now.sum.meaning == COUNT_ABOUT ||
		k->before.sum.meaning == COUNT_ABOUT;

	if (!k->comparable)
		return catalogue_word(v->words, W_NOT_COMPARABLE);
	if (k->now.incidents + k->before.incidents == 0)
		return view_tr(v, "none in both");
	count_bounds(k->now.sum, &alo, &ahi);
	count_bounds(k->before.sum, &blo, &bhi);
	if (k->now.uncounted + k->before.uncounted > 0 || ahi == INT64_MAX ||
		bhi == INT64_MAX)
		return view_tr(v, "open: no upper bound");
	if (alo - bhi == ahi - blo)
		return alo == blo ? view_tr(v, "no change")
			: about	  ? SAY(v, "about {0}",
					    signed_number(v, alo - blo))
				  : signed_number(v, alo - blo);
	return SAY(v, "{0} to {1}", signed_number(v, alo - bhi),
		signed_number(v, ahi - blo));
}

const char *view_duration(struct view *v, struct span s)
{
	int64_t sec;

	if (!instant_known(s.from) || !instant_known(s.to) ||
		s.to.utc_ns < s.from.utc_ns)
		return catalogue_word(v->words, W_NOT_KNOWN);
	sec = (s.to.utc_ns - s.from.utc_ns) / INT64_C(1000000000);
	if (sec < 60)
		return SAY(v, "{0} s", whole(v, sec));
	if (sec < 3600)
		return SAY(v, "{0} min", whole(v, sec / 60));
	return SAY(v, "{0} h {1} min", whole(v, sec / 3600),
		view_fmt(v, "%02lld", (long long)(sec / 60 % 60)));
}

static const char *kind_of_source(enum source_kind k)
{
	static const char *const names[SOURCE_KINDS] = {"acoustic sensor",
		"infrasound sensor", "seismic sensor", "drone", "satellite",
		"camera", "patrol", "party", "weather station", "source"};

	return (size_t)k < SOURCE_KINDS ? names[k] : "source";
}

const char *view_source(struct view *v, const char *id)
{
	const struct source *s;

	if (v->report->level != LEVEL_PUBLIC)
		return id && id[0] ? id
				   : catalogue_word(v->words, W_NOT_STATED);
	s = id ? source_find(v->mission->source, v->mission->source_count, id)
	       : NULL;
	return view_tr(v, kind_of_source(s ? s->kind : SOURCE_OTHER));
}

const char *view_party(const struct view *v, const char *id)
{
	for (size_t i = 0; id && i < v->mission->party_count; i++)
		if (strcmp(v->mission->party[i].id, id) == 0)
			return v->mission->party[i].name;
	return id && id[0] && strcmp(id, "undetermined") != 0
		? id
		: view_tr(v, "undetermined");
}

double coverage_share(
	const struct report_part *p, const char *area, enum kind k)
{
	double best = NAN;

	for (size_t i = 0; i < p->coverage_count; i++) {
		const struct coverage *c = &p->coverage[i];

		if (c->kind != k || strcmp(c->area, area) != 0)
			continue;
		if (c->modality == MODALITY_COUNT)
			return c->watched;
		/* No row for all together: at least the best one's share. */
		best = isfinite(best) ? fmax(best, c->watched) : c->watched;
	}
	return best;
}

/* The centre of the cell of a fixed grid of degrees.  The grid is that of the
 * mission's own latitude, so that a place keeps its cell for ever. */
struct place view_place(const struct view *v, const struct place *p)
{
	const struct mission *m = v->mission;
	struct place g = PLACE_UNKNOWN;
	double cell = m->public_cell_m > 0 && isfinite(m->public_cell_m)
		? m->public_cell_m
		: PUBLIC_CELL_M;
	double mid = isfinite(m->south + m->north) ? (m->south + m->north) / 2
						   : 0;
	struct frame f = frame_at(mid, 0);
	double dlat = cell / f.m_per_deg_lat;
	double dlon = cell / (f.m_per_deg_lon * fmax(f.cos_lat, 0.1));
	double major = p->region.ellipse.semi_major_m;

	if (v->report->level != LEVEL_PUBLIC)
		return *p;
	if (!place_known(p))
		return g;
	g.lat_deg = (floor(p->lat_deg / dlat) + 0.5) * dlat;
	g.lon_deg = (floor(p->lon_deg / dlon) + 0.5) * dlon;
	g.region.level = p->region.level;
	/* Half the diagonal, and the error in whole cells: its exact size
	 * would tell how near a sensor stood. */
	g.region.ellipse.semi_major_m = cell * 0.70710678118654752440 +
		(isfinite(major) ? floor(major / cell) * cell : INFINITY);
	g.region.ellipse.semi_minor_m = g.region.ellipse.semi_major_m;
	return g;
}

static bool allowed(const char *name, enum level level)
{
	static const char *const open[] = {
		"means", "assessment", "direction", "weapon", "state"};
	static const char *const personal[] = {"observer", "report_id",
		"notes", "place_name", "photos", "observer_lat",
		"observer_lon", "observer_err_m"};

	if (level == LEVEL_PUBLIC) {
		for (size_t i = 0; i < sizeof open / sizeof *open; i++)
			if (strcmp(name, open[i]) == 0)
				return true;
		return false;
	}
	for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
		if (strcmp(name, personal[i]) == 0)
			return level >= LEVEL_MISSION;
	return true;
}

static bool redact_lists(struct view *v, struct incident *i, struct fault *f)
{
	enum level level = v->report->level;
	struct attribute *a;
	struct feature *n;
	size_t kept = 0;

	a = arena_array(v->arena, i->attribute_count, sizeof *a, f);
	n = arena_array(v->arena, i->feature_count, sizeof *n, f);
	if ((!a && i->attribute_count) || (!n && i->feature_count))
		return false;
	for (size_t k = 0; k < i->attribute_count; k++)
		if (allowed(i->attribute[k].name, level))
			a[kept++] = i->attribute[k];
	i->attribute = a;
	i->attribute_count = kept;
	kept = 0;
	for (size_t k = 0; k < i->feature_count; k++)
		if (allowed(i->feature[k].name, level) ||
			strncmp(i->feature[k].name, "calibre_", 8) == 0)
			n[kept++] = i->feature[k];
	i->feature = n;
	i->feature_count = kept;
	return true;
}

/* What this level may show of an incident. */
static bool redact(struct view *v, struct incident *i, struct fault *f)
{
	char phrase[PHRASE_TEXT];
	struct text t = text_on(phrase, sizeof phrase);

	i->place = view_place(v, &i->place);
	if (v->report->level == LEVEL_PUBLIC) {
		/* Arrival times in the ids of evidence would give the place
		 * away to whoever knows where the sensors stand. */
		i->evidence_count = i->silent_count = i->health_count = 0;
		i->phrase = "";
	}
	if (strcmp(v->words->lang, "en") != 0)
		i->phrase = view_where(
			v, i->place.lat_deg, i->place.lon_deg);
	if (!i->phrase || !i->phrase[0]) {
		t.len = gazetteer_phrase(v->mission, i->place.lat_deg,
			i->place.lon_deg, phrase, sizeof phrase);
		i->phrase = view_keep(v, &t);
	}
	return redact_lists(v, i, f);
}

static const struct detection *detection_find(
	const struct report *r, const struct id *id)
{
	size_t lo = 0, hi = r->detection_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(r->detection[mid].id.text, id->text);

		if (c == 0)
			return &r->detection[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

enum { NAMED_SOURCES = 3, KNOWN_SOURCES = 64 };

/* "S01, S02, S03 and 4 more"; at level public "acoustic sensor (3)". */
static const char *position_of(struct view *v, const struct incident *i)
{
	const char *source[KNOWN_SOURCES];
	char at[512];
	struct text t = text_on(at, sizeof at);
	size_t n = 0;

	for (size_t k = 0; k < i->evidence_count; k++) {
		const struct detection *d =
			detection_find(v->report, &i->evidence[k]);
		size_t s = 0;

		while (d && s < n && strcmp(source[s], d->source) != 0)
			s++;
		if (d && s == n && n < KNOWN_SOURCES)
			source[n++] = d->source;
	}
	if (n == 0)
		return catalogue_word(v->words, W_NOT_STATED);
	if (v->report->level == LEVEL_PUBLIC) {
		size_t by[SOURCE_KINDS] = {0};

		for (size_t k = 0; k < n; k++) {
			const struct source *s = source_find(
				v->mission->source, v->mission->source_count,
				source[k]);

			by[s ? s->kind : SOURCE_OTHER]++;
		}
		for (int k = 0; k < SOURCE_KINDS; k++)
			if (by[k] > 0)
				text_fmt(&t, by[k] > 1 ? "%s%s (%zu)" : "%s%s",
					t.len ? ", " : "",
					view_tr(v, kind_of_source(
						(enum source_kind)k)),
					by[k]);
		return view_keep(v, &t);
	}
	for (size_t k = 0; k < n && k < NAMED_SOURCES; k++)
		text_fmt(&t, "%s%.100s", k ? ", " : "", source[k]);
	if (n <= NAMED_SOURCES)
		return view_keep(v, &t);
	return SAY(v, "{0} and {1} more", view_keep(v, &t),
		whole(v, (int64_t)(n - NAMED_SOURCES)));
}

static const char *means_of(struct view *v, const struct incident *i)
{
	static const char *const by[MODALITY_COUNT] = {"sound",
		"ground motion", "infrasound", "radar", "heat", "image",
		"track", "witness"};
	const char *said = attribute_of(
		i->attribute, i->attribute_count, "means");
	char at[256];
	struct text t = text_on(at, sizeof at);
	bool sensed = i->modalities & ~(1u << MODALITY_WITNESS);
	const char *first = "", *list;

	if (said && !(sensed && strcmp(said, "recorded") == 0))
		first = view_tr(v, said);
	else if (!said && i->modalities & 1u << MODALITY_WITNESS)
		first = view_tr(v, "reported");
	for (int m = 0; m < MODALITY_WITNESS; m++)
		if (i->modalities & 1u << m)
			text_fmt(&t, "%s%s", t.len ? ", " : "",
				view_tr(v, by[m]));
	if (t.len == 0)
		return first[0] ? view_fmt(v, "%.120s", first)
				: catalogue_word(v->words, W_NOT_STATED);
	list = SAY(v, "recorded ({0})", view_keep(v, &t));
	return first[0] ? view_fmt(v, "%.120s%s%s", first,
			view_mark(v, ';'), list) : list;
}

static const char *observation_of(struct view *v, const struct event *e)
{
	char at[64];
	struct text t = text_on(at, sizeof at);

	catalogue_spoken(&t, kind_name(e->kind));
	if (e->kind == KIND_PROJECTILE)
		text_add(&t, " in flight");
	if (e->kind == KIND_UNKNOWN)
		text_add(&t, " event");
	return view_tr(v, view_keep(v, &t));
}

static const char *length(struct view *v, double m)
{
	if (m < 950)
		return SAY(v, "{0} m", view_fmt(v, "%.0f", m < 10
			? floor(m + 0.5)
			: floor(m / 10 + 0.5) * 10));
	return SAY(v, "{0} km", view_decimal(v, m / 1000,
		m < 9500 ? 1 : 0));
}

static const char *within(struct view *v, const struct place *p)
{
	const struct ellipse *r = &p->region.ellipse;
	const char *level = view_fmt(v, "%.0f", p->region.level * 100);
	const char *major;

	if (!place_known(p) || !isfinite(r->semi_major_m))
		return view_tr(v, "place uncertain");
	major = length(v, r->semi_major_m);
	if (r->semi_minor_m < 0.8 * r->semi_major_m)
		return SAY(v, "place within {0} by {1} ({2} %)", major,
			length(v, r->semi_minor_m), level);
	return SAY(v, "place within {0} ({1} %)", major, level);
}

/* "E to W": what a monitor notes of a flight; other words as they are. */
static const char *way_of(struct view *v, const char *said)
{
	static const char to[] = " to ";
	const char *end[3] = {"", "", NULL};
	size_t from = strspn(said, "NESW"), at = from + strlen(to);

	if (strncmp(said + from, to, strlen(to)) != 0 || from == 0 ||
		from > 3 || strspn(said + at, "NESW") != strlen(said + at))
		return said;
	for (size_t i = 0; said[i]; i++)
		if (i < from || i >= at)
			end[i >= at] = view_fmt(v, "%s%s", end[i >= at],
				view_tr(v, view_fmt(v, "%c", said[i])));
	return view_fill(v, view_tr(v, "{0} to {1}"), end);
}

/* "undetermined; outgoing", of two who reported, word by word. */
static const char *words_of(struct view *v, const char *said)
{
	char at[256];
	struct text t = text_on(at, sizeof at);

	while (*said) {
		size_t n = strcspn(said, ";");

		text_fmt(&t, "%s%s", t.len ? ", " : "", view_tr(v,
			view_fmt(v, "%.*s", (int)(n < 60 ? n : 60), said)));
		said += n;
		said += strspn(said, "; ");
	}
	return view_keep(v, &t);
}

/* A list of what is known, ended by what a person noted. */
static const char *description_of(struct view *v, const struct event *e)
{
	const struct incident *i = &e->incident;
	char at[1024];
	struct text t = text_on(at, sizeof at);
	const char *said;
	double p = i->kind[e->kind];

	said = attribute_of(i->attribute, i->attribute_count, "assessment");
	if (said)
		text_fmt(&t, "%s%s", SAY(v, "assessed as {0}",
			words_of(v, said)), view_mark(v, ';'));
	said = attribute_of(i->attribute, i->attribute_count, "direction");
	if (said)
		text_fmt(&t, "%s%s", SAY(v, "direction {0}",
			way_of(v, view_cut(v, said, 60))), view_mark(v, ';'));
	if (p < 0.9)
		text_fmt(&t, "%s%s", SAY(v, "kind at {0} % only",
			view_fmt(v, "%.0f", floor(p * 100))),
			view_mark(v, ';'));
	text_add(&t, within(v, &i->place));
	said = attribute_of(i->attribute, i->attribute_count, "notes");
	if (said)
		text_fmt(&t, "%s%s", view_mark(v, ';'),
			view_quoted(v, view_cut(v, said, 400)));
	return view_keep(v, &t);
}

static const char *weapon_of(struct view *v, const struct incident *i)
{
	const char *w = attribute_of(
		i->attribute, i->attribute_count, "weapon");
	double lo = feature_of(i->feature, i->feature_count, "calibre_min_mm");
	double hi = feature_of(i->feature, i->feature_count, "calibre_max_mm");
	char at[160];
	struct text t = text_on(at, sizeof at);

	if (w)
		text_fmt(&t, "%.60s", w);
	for (size_t k = 0; k < t.len; k++)
		if (at[k] == '_')
			at[k] = ' ';
	if (w) {
		w = view_tr(v, view_keep(v, &t));
		t.len = 0;
		text_add(&t, w);
	}
	if (isfinite(lo) || isfinite(hi)) {
		const char *mm = view_fmt(v, "%.4g", isfinite(hi) ? hi : lo);

		if (lo < hi)
			mm = SAY(v, "{0} to {1}", view_fmt(v, "%.4g", lo), mm);
		text_fmt(&t, "%s%s", t.len ? ", " : "",
			SAY(v, "{0} mm", mm));
	}
	return t.len ? view_keep(v, &t) : view_tr(v, "undetermined");
}

static void tell_time(struct view *v, struct event *e)
{
	const struct incident *i = &e->incident;
	bool bounded = instant_known(i->from) && instant_known(i->to) &&
		i->to.utc_ns >= i->from.utc_ns;

	e->time = view_local(v, i->at);
	/* The interval need not lie evenly about the likeliest moment: a
	 * report of a night is of its beginning, a fire of when it is seen. */
	e->half_s = bounded ? fmax(instant_seconds(i->from, i->at),
				      instant_seconds(i->at, i->to))
			    : NAN;
	if (!bounded)
		e->plus_minus = view_tr(v, "\xc2\xb1 not known");
	else if (e->half_s < 10)
		e->plus_minus = SAY(v, "\xc2\xb1 {0} s", view_decimal(v,
			fmax(floor(e->half_s * 10 + 0.5) / 10, 0.1), 1));
	else if (e->half_s < 120)
		e->plus_minus = SAY(v, "\xc2\xb1 {0} s",
			view_fmt(v, "%.0f", e->half_s));
	else if (e->half_s < 7200)
		e->plus_minus = SAY(v, "\xc2\xb1 {0} min",
			view_fmt(v, "%.0f", floor(e->half_s / 60 + 0.5)));
	else
		e->plus_minus = SAY(v, "\xc2\xb1 {0} h",
			view_decimal(v, e->half_s / 3600, 1));
}

static const char *place_of(struct view *v, const struct incident *i)
{
	const struct place *p = &i->place;
	int digits = v->report->level == LEVEL_PUBLIC ? 2 : 4;
	char at[PHRASE_TEXT + 64];
	struct text t = text_on(at, sizeof at);

	if (!place_known(p))
		return catalogue_word(v->words, W_PLACE_NOT_KNOWN);
	if (i->phrase[0])
		text_fmt(&t, "%.*s \xc2\xb7 ", PHRASE_TEXT, i->phrase);
	text_fmt(&t, "%.*f\xc2\xb0%c %.*f\xc2\xb0%c", digits,
		fabs(p->lat_deg), p->lat_deg < 0 ? 'S' : 'N', digits,
		fabs(p->lon_deg), p->lon_deg < 0 ? 'W' : 'E');
	return view_keep(v, &t);
}

/* "breach (5.a); undetermined (5.b)"; what does not apply is said only when
 * there is nothing else. */
static const char *judgement_of(struct view *v, const struct event *e)
{
	static const enum verdict order[] = {VERDICT_BREACH, VERDICT_CONFLICT,
		VERDICT_UNDETERMINED, VERDICT_NO_BREACH,
		VERDICT_NOT_APPLICABLE};
	char at[512];
	struct text t = text_on(at, sizeof at);

	if (!e->judged)
		return catalogue_word(v->words, W_NO_RULE);
	for (size_t o = 0; o < VERDICT_COUNT; o++) {
		bool some = false;

		if (order[o] == VERDICT_NOT_APPLICABLE &&
			e->verdict != VERDICT_NOT_APPLICABLE)
			break;
		for (size_t k = 0; k < e->finding_count; k++) {
			if (e->finding[k].verdict != order[o])
				continue;
			if (!some)
				text_fmt(&t, "%s%s (",
					t.len ? view_mark(v, ';') : "",
					catalogue_verdict(v->words, order[o]));
			text_fmt(&t, "%s%.40s", some ? ", " : "",
				e->finding[k].clause);
			some = true;
		}
		if (some)
			text_char(&t, ')');
	}
	if (e->cause[0])
		text_fmt(&t, "%s%.80s", view_mark(v, ':'),
			view_tr(v, e->cause));
	return view_keep(v, &t);
}

const char *view_region(const struct view *v, const struct place *p)
{
	struct point at = {p->lat_deg, p->lon_deg};
	const char *best = "";
	double least = INFINITY;

	if (!place_known(p))
		return "";
	for (size_t s = 0; s < v->mission->shape_count; s++) {
		const struct shape *z = &v->mission->shape[s];
		double area = 0;
		bool in = false;

		if (z->role != SHAPE_ZONE || !z->closed)
			continue;
		for (size_t r = 0; r < z->ring_count; r++)
			in = in || polygon_holds(&z->ring[r], at);
		if (!in)
			continue;
		for (size_t r = 0; r < z->ring_count; r++)
			area += polygon_area_m2(&z->ring[r]);
		if (area < least || (area == least &&
				strcmp(z->name, best) < 0)) {
			least = area;
			best = z->name;
		}
	}
	return best;
}

/* Findings of an incident; the report's are by incident, then clause. */
static size_t findings_of(
	const struct report_part *p, const struct id *id, size_t *first)
{
	size_t lo = 0, hi = p->finding_count, n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(p->finding[mid].incident.text, id->text) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*first = lo;
	for (n = lo; n < p->finding_count; n++)
		if (strcmp(p->finding[n].incident.text, id->text) != 0)
			break;
	return n - lo;
}

static int gravity(enum verdict x)
{
	static const int rank[VERDICT_COUNT] = {
		[VERDICT_BREACH] = 4,
		[VERDICT_CONFLICT] = 3,
		[VERDICT_UNDETERMINED] = 2,
		[VERDICT_NO_BREACH] = 1,
		[VERDICT_NOT_APPLICABLE] = 0,
	};

	return rank[x];
}

/* Verdict, cause and section from the findings first..first+n of a part. */
static void judge_event(const struct report_part *p, struct event *e)
{
	size_t first;

	e->kind = incident_kind(&e->incident);
	e->group = report_group(e->kind);
	e->cause = "";
	e->verdict = VERDICT_NOT_APPLICABLE;
	e->finding_count = findings_of(p, &e->incident.id, &first);
	e->finding = e->finding_count ? &p->finding[first] : NULL;
	e->judged = e->finding_count > 0;
	for (size_t k = 0; k < e->finding_count; k++) {
		const struct finding *x = &e->finding[k];

		if (gravity(x->verdict) > gravity(e->verdict))
			e->verdict = x->verdict;
		if (x->cause && x->cause[0] && !e->cause[0])
			e->cause = x->cause;
	}
	e->section = section_of(e);
}

static int event_order(const void *pa, const void *pb)
{
	const struct event *a = pa, *b = pb;
	bool ka = place_known(&a->incident.place);
	bool kb = place_known(&b->incident.place);
	int c;

	if (ka != kb)
		return ka ? -1 : 1;
	if ((a->region[0] == '\0') != (b->region[0] == '\0'))
		return a->region[0] ? -1 : 1;
	c = strcmp(a->region, b->region);
	if (c == 0)
		c = strcmp(a->town, b->town);
	if (c == 0)
		c = a->incident.at.utc_ns < b->incident.at.utc_ns ? -1
			: a->incident.at.utc_ns > b->incident.at.utc_ns;
	return c ? c : strcmp(a->incident.id.text, b->incident.id.text);
}

static bool take_findings(struct view *v, struct event *e, struct fault *f)
{
	struct finding *copy = &v->finding[v->finding_count];

	(void)f;
	for (size_t k = 0; k < e->finding_count; k++) {
		copy[k] = e->finding[k];
		v->verdicts[copy[k].verdict]++;
		if (v->report->level != LEVEL_PUBLIC)
			continue;
		/* Distances to lines and sensors give the place away. */
		copy[k].explanation = NULL;
		copy[k].explanation_count = 0;
		copy[k].flips_if = "";
	}
	e->finding = copy;
	v->finding_count += e->finding_count;
	return true;
}

static bool take_event(struct view *v, const struct incident *i,
	struct event *e, struct fault *f)
{
	const struct town *town;

	*e = (struct event){.incident = *i};
	judge_event(&v->report->now, e);
	e->position = position_of(v, i); /* before evidence is withheld */
	if (!redact(v, &e->incident, f))
		return false;
	e->region = view_region(v, &e->incident.place);
	town = phrase_town(v->mission, e->incident.place.lat_deg,
		e->incident.place.lon_deg);
	e->town = town ? town->name : "";
	e->place = place_of(v, &e->incident);
	e->means = means_of(v, &e->incident);
	e->number = view_number(v, i->count);
	e->observation = observation_of(v, e);
	e->description = description_of(v, e);
	e->weapon = weapon_of(v, &e->incident);
	e->judgement = judgement_of(v, e);
	tell_time(v, e);
	v->unplaced += !place_known(&e->incident.place);
	v->apart_count += e->section == SECTION_NOTIFIED;
	return true;
}

static bool take_events(struct view *v, struct fault *f)
{
	const struct report_part *p = &v->report->now;

	v->event = arena_array(v->arena, p->incident_count + 1,
		sizeof *v->event, f);
	v->finding = arena_array(v->arena, p->finding_count + 1,
		sizeof *v->finding, f);
	if (!v->event || !v->finding)
		return false;
	for (size_t i = 0; i < p->incident_count; i++) {
		if (p->incident[i].status == STATUS_REJECTED) {
			v->rejected++;
			continue;
		}
		if (!take_event(v, &p->incident[i],
			    &v->event[v->event_count++], f))
			return false;
	}
	qsort(v->event, v->event_count, sizeof *v->event, event_order);
	for (size_t i = 0; i < v->event_count; i++)
		if (!take_findings(v, &v->event[i], f))
			return false;
	return true;
}

void tally_add(struct tally *t, struct count c)
{
	if (t->incidents++ == 0)
		t->sum = COUNT_OF(0);
	if (c.value < 0 || c.meaning == COUNT_UNCOUNTABLE)
		t->uncounted++;
	else
		t->sum = count_sum(t->sum, c);
}

bool report_comparable(double a, double b)
{
	double d;

	if (!isfinite(a) || !isfinite(b))
		return false;
	d = floor(a * 1000 + 0.5) - floor(b * 1000 + 0.5);
	return fabs(d) <= COMPARABLE_PER_MILLE;
}

/* SMM's classes are printed even at zero, with their coverage. */
static bool always(enum kind k)
{
	return k == KIND_EXPLOSION || k == KIND_PROJECTILE ||
		k == KIND_MUZZLE_FLASH || k == KIND_FLARE ||
		k == KIND_BURST || k == KIND_SHOT;
}

static void take_counts(struct view *v)
{
	const struct report *r = v->report;
	struct kind_row row[KIND_COUNT] = {{0}};

	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->event[i];

		tally_add(&row[e->kind].now, e->incident.count);
		if (e->section == SECTION_NOTIFIED)
			tally_add(&row[e->kind].apart, e->incident.count);
	}
	for (size_t i = 0; i < r->before.incident_count; i++) {
		const struct incident *x = &r->before.incident[i];

		if (x->status == STATUS_REJECTED) {
			v->rejected_before++;
			continue;
		}
		v->before_count++;
		tally_add(&row[incident_kind(x)].before, x->count);
	}
	for (int k = 0; k < KIND_COUNT; k++) {
		struct kind_row *x = &row[k];

		x->kind = (enum kind)k;
		x->watched = coverage_share(&r->now, "all", x->kind);
		x->watched_before =
			coverage_share(&r->before, "all", x->kind);
		x->comparable = report_comparable(
			x->watched, x->watched_before);
		if (always(x->kind) || x->now.incidents ||
			x->before.incidents || isfinite(x->watched))
			v->kind[v->kind_count++] = *x;
	}
}

static void take_health(struct view *v)
{
	const struct report *r = v->report;
	const char *last = NULL;

	for (size_t i = 0; i < r->health_count; i++) {
		if (r->health[i].state == HEALTH_UP ||
			(last && strcmp(last, r->health[i].source) == 0))
			continue;
		last = r->health[i].source;
		v->failing++;
	}
}

bool report_view(const struct report *r, struct arena *a, struct view *v,
	struct fault *f)
{
	*v = (struct view){.report = r,
		.mission = r->mission,
		.words = catalogue_of(r->lang),
		.speaker = catalogue_speaker(catalogue_of(r->lang)),
		.arena = a};
	if (!take_events(v, f))
		return fault_in(f, "report");
	take_counts(v);
	take_health(v);
	if (v->why.kind != FAULT_NONE) {
		*f = v->why;
		return fault_in(f, "report");
	}
	return true;
}
