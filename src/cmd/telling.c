/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/telling.h"

#include "ledger/bracket.h"
#include "spool/files.h"

#include "cmd/depict.h"
#include "geo/frame.h"
#include "ledger/blobs.h"
#include "model/activity.h"
#include "model/called.h"
#include "model/finding.h"
#include "model/health.h"
#include "model/look.h"
#include "model/loudness.h"
#include "serve/render.h"

bool telling_keep(void *self, const struct row *row, struct fault *f)
{
	struct found *x = self;
	struct text t;

	if (x->count++ > 0 && strcmp(x->id, row->id) == 0)
		x->count--;
	x->type = row->type;
	x->id = arena_text(x->arena, bytes_of(row->id), f);
	x->body.at = (uint8_t *)arena_text(x->arena, row->body, f);
	x->body.len = row->body.len;
	x->ledger_index = row->ledger_index;
	t = text_in(x->arena, row->body.len + 256);
	render_record(&t, row);
	x->record = text_view(&t);
	return x->id && x->body.at && text_check(&t, f);
}

bool telling_incident(struct telling *t, const char *id, struct incident *i,
	bool *there, struct fault *f)
{
	struct found x = {.arena = &t->arena};
	struct query q = {.type = ROW_INCIDENT, .id = id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const struct tree *tree;

	*there = false;
	if (!t->store->engine->find(t->store, &q, telling_keep, &x, f))
		return false;
	*there = x.count > 0;
	return x.count == 0 || (tree_read(x.body, &t->arena, &tree, f) &&
			incident_read(tree, &t->arena, i, f));
}

static bool tell_bytes(
	struct telling *t, const struct cite *c, struct fault *f)
{
	char path[BLOB_PATH];

	if (c->length == 0)
		return true;
	printf("  %s bytes %llu to %llu\n", blob_path(&c->blob, path),
		(unsigned long long)c->offset,
		(unsigned long long)c->offset + c->length);
	return custodian_tell(&t->custodian, t->loaded->folder, &c->blob,
		"    ", f);
}

static void tell_point(const struct place *p)
{
	printf("%.5f %c %.5f %c", fabs(p->lat_deg), p->lat_deg < 0 ? 'S' : 'N',
		fabs(p->lon_deg), p->lon_deg < 0 ? 'W' : 'E');
}

static bool tell_detection(struct telling *t, const char *id, const char *lead,
	struct fault *f)
{
	struct found x = {.arena = &t->arena};
	struct query q = {.type = ROW_DETECTION, .id = id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	char when[INSTANT_TEXT];
	const struct tree *tree;
	struct detection d;

	if (!t->store->engine->find(t->store, &q, telling_keep, &x, f))
		return false;
	if (x.count == 0) {
		printf("%s%s: not held here\n", lead, id);
		return true;
	}
	if (!tree_read(x.body, &t->arena, &tree, f) ||
		!detection_read(tree, &t->arena, &d, f))
		return false;
	printf("%s%s by %s at %s", lead, modality_name(d.modality), d.source,
		instant_print(d.at, 3, when));
	if (isfinite(d.sigma_s) && d.sigma_s >= 1)
		printf(" +- %.0f s", d.sigma_s);
	else if (isfinite(d.sigma_s) && d.sigma_s > 0)
		printf(" +- %.0f ms", d.sigma_s * 1000);
	if (isfinite(d.snr))
		printf(", %.0f dB above noise", d.snr);
	if (strcmp(d.detector, "hum") == 0)
		printf(", a hum of %.0f Hz", d.frequency_hz);
	if (isfinite(d.back_azimuth_deg))
		printf(", from %.1f deg", d.back_azimuth_deg);
	if (isfinite(d.back_azimuth_deg) && isfinite(d.sigma_az_deg))
		printf(" +- %.1f", d.sigma_az_deg);
	printf("\n%s", lead);
	return tell_bytes(t, &d.cite, f);
}

static void tell_count(const struct count *c)
{
	if (c->meaning == COUNT_UNCOUNTABLE) {
		printf("uncountable");
		return;
	}
	if (c->value < 0) {
		printf("how many is not known");
		return;
	}
	printf("%s%lld", c->meaning == COUNT_ABOUT ? "about "
		: c->meaning == COUNT_AT_LEAST	   ? "at least "
		: c->meaning == COUNT_OVER	   ? "over "
						   : "",
		(long long)c->value);
	if (c->meaning == COUNT_RANGE)
		printf(" to %lld", (long long)c->max);
}

static void tell_kinds(const struct incident *i)
{
	const char *comma = "";

	printf("  what:   ");
	for (int k = 0; k < KIND_COUNT; k++)
		if (i->kind[k] >= 0.005) {
			printf("%s%s %.0f %%", comma, kind_name((enum kind)k),
				i->kind[k] * 100);
			comma = ", ";
		}
	printf("\n  count:  ");
	tell_count(&i->count);
	printf("\n");
}

static void tell_when_where(const struct telling *t, const struct incident *i)
{
	char a[INSTANT_TEXT], b[INSTANT_TEXT], c[INSTANT_TEXT];

	printf("  when:   %s (%s)\n", instant_print(i->at, 3, a),
		mission_local(&t->loaded->mission, i->at, b));
	printf("          between %s and %s with %.0f %%\n",
		instant_print(i->from, 3, b), instant_print(i->to, 3, c),
		i->time_level * 100);
	if (!place_known(&i->place)) {
		printf("  where:  not known\n");
		return;
	}
	printf("  where:  ");
	tell_point(&i->place);
	printf("%s%s\n", *i->phrase ? ", " : "", i->phrase);
	if (isfinite(i->place.region.ellipse.semi_major_m))
		printf("          within an ellipse of %.0f x %.0f m, "
			"long axis at %.0f deg, with %.0f %%\n",
			i->place.region.ellipse.semi_major_m,
			i->place.region.ellipse.semi_minor_m,
			i->place.region.ellipse.azimuth_deg,
			i->place.region.level * 100);
}

/* What only seismometers felt: how deep, and what microphones say. */
static void tell_depth(const struct incident *i)
{
	double z = feature_of(i->feature, i->feature_count, "depth_m");
	double wide = feature_of(i->feature, i->feature_count, "sigma_z_m");
	double want = feature_of(
		i->feature, i->feature_count, "air_expected");
	double had = feature_of(i->feature, i->feature_count, "air_heard");

	if (isfinite(z))
		printf("  depth:  %.1f km +- %.1f km\n", z / 1e3,
			wide / 1e3);
	if (isfinite(want) && isfinite(had))
		printf("          a blast that shakes the ground so: %.1f "
			"microphones would have told of it; %.0f told of "
			"anything then\n", want, had);
}

/* What the variance of the place comes from, from 1 % on. */
static void tell_doubts(const struct incident *i)
{
	static const char start[] = "error_";
	const char *lead = "          its error: ";
	bool any = false;

	for (size_t k = 0; k < i->feature_count; k++) {
		const struct feature *x = &i->feature[k];

		if (strncmp(x->name, start, strlen(start)) != 0 ||
			x->value < 0.005)
			continue;
		printf("%s%s %.0f %%", lead, x->name + strlen(start),
			100 * x->value);
		lead = ", ";
		any = true;
	}
	if (any)
		printf("\n");
}

/* What the network could and could not notice, at that time. */
struct blind {
	struct telling *telling;
	const struct incident *incident;
	size_t down;
	char names[512];
	double *pd; /* of the silent ones, for a kilogram there */
};

/* By the same model as the looks, the wind not asked. */
static double silent_pd(
	const struct blind *b, const char *id, const struct health *h)
{
	const struct mission *m = &b->telling->loaded->mission;
	const struct source *s = source_find(m->source, m->source_count, id);
	const struct place *p = &b->incident->place;
	const struct feature *v = h->more;
	struct loudness_wind wind = loudness_wind_at(
		NULL, 0, b->incident->at);
	struct ambient_band band = {
		feature_of(v, h->more_count, "band_low_hz"),
		feature_of(v, h->more_count, "band_high_hz"),
		feature_of(v, h->more_count, "short_s"),
		feature_of(&h->measure, 1, "noise_db"),
		feature_of(v, h->more_count, "on_db")};
	struct loudness_bend bend;
	struct frame f;
	struct xy q;
	double d;

	if (!isfinite(band.noise_db))
		band.noise_db = feature_of(v, h->more_count, "noise_db");
	if (!s || !place_known(p) || !isfinite(band.noise_db + band.on_db))
		return NAN;
	f = frame_at(p->lat_deg, p->lon_deg);
	q = frame_to(&f, s->lat_deg, s->lon_deg);
	d = sqrt(q.x_m * q.x_m + q.y_m * q.y_m);
	bend = loudness_bends(0, wind.sigma_ms, d);
	return loudness_pd(loudness_band_db(1, d, &band) -
			loudness_needed_db(&band), &bend);
}

static bool take_silent(
	struct blind *b, const struct row *row, struct fault *f)
{
	const struct incident *i = b->incident;
	struct arena *a = &b->telling->arena;
	const struct tree *t;
	struct health h;

	for (size_t k = 0; k < i->silent_count; k++)
		if (strcmp(i->silent[k], row->source) == 0) {
			if (!tree_read(row->body, a, &t, f) ||
				!health_read(t, a, &h, f))
				return false;
			b->pd[k] = silent_pd(b, row->source, &h);
		}
	return true;
}

static bool take_blind(void *self, const struct row *row, struct fault *f)
{
	struct blind *b = self;
	struct text t = {.at = b->names, .size = sizeof b->names,
		.len = strlen(b->names)};

	if (strcmp(row->status, "up") == 0)
		return take_silent(b, row, f);
	if (b->down++ < 12)
		text_fmt(&t, "%s%s (%s)", b->down > 1 ? ", " : "", row->source,
			row->status);
	return true;
}

static void tell_links(const struct incident *i)
{
	for (size_t k = 0; k < i->link_count; k++) {
		const char *is = i->link[k].is;

		printf("  %s", is);
		if (strcmp(is, LINK_SHOCK_OF) == 0)
			printf(": the bullet of the shot, judged with it:");
		if (strcmp(is, LINK_IMPACT_OF) == 0)
			printf(": %.0f rounds fell in the rhythm in which "
				"they were fired, %.1f s later; this one by",
				feature_of(i->feature, i->feature_count,
					"rounds"),
				feature_of(i->feature, i->feature_count,
					"flight_s"));
		printf(" %s\n", i->link[k].id.text);
	}
}

static bool tell_blindness(struct telling *t, const struct incident *i,
	struct fault *f)
{
	struct blind b = {.telling = t, .incident = i};
	struct query q = {.type = ROW_HEALTH,
		.span = {i->at, instant_plus_s(i->at, 0.001)}};

	b.pd = arena_array(&t->arena, i->silent_count + 1, sizeof *b.pd, f);
	for (size_t k = 0; b.pd && k < i->silent_count; k++)
		b.pd[k] = NAN;
	if (!b.pd || !t->store->engine->find(t->store, &q, take_blind, &b, f))
		return false;
	printf("what was not seen\n");
	if (i->silent_count == 0)
		printf("  no working source that should have noticed it "
			"stayed silent\n");
	for (size_t k = 0; k < i->silent_count; k++)
		if (isfinite(b.pd[k]))
			printf("  %s was working and should have noticed it, "
				"but did not (1 kg there: %.0f %%)\n",
				i->silent[k], b.pd[k] * 100);
		else
			printf("  %s was working and should have noticed it, "
				"but did not\n", i->silent[k]);
	if (b.down > 0)
		printf("  not fully working then: %s%s\n", b.names,
			b.down > 12 ? ", ..." : "");
	for (size_t k = 0; k < i->health_count; k++)
		printf("  note: %s\n", i->health[k]);
	return true;
}

static bool tell_incident(
	struct telling *t, const struct incident *i, struct fault *f)
{
	printf("incident %s, version %u, %s\n", i->id.text,
		(unsigned)i->version, status_name(i->status));
	tell_kinds(i);
	tell_when_where(t, i);
	tell_doubts(i);
	tell_depth(i);
	for (size_t k = 0; k < i->attribute_count; k++)
		printf("  %s: %s\n", i->attribute[k].name,
			i->attribute[k].text);
	printf("evidence (%zu)\n", i->evidence_count);
	for (size_t k = 0; k < i->evidence_count; k++) {
		if (k == 40) {
			printf("  ... and %zu more; `truce detections`\n",
				i->evidence_count - k);
			break;
		}
		if (!tell_detection(t, i->evidence[k].text, "  ", f))
			return false;
	}
	tell_links(i);
	return depict_arrivals(t, i, f) && tell_blindness(t, i, f);
}

static void tell_rule(const struct telling *t, const char *clause)
{
	const struct terms *terms = t->loaded->terms;

	for (size_t i = 0; terms && i < terms_rules(terms); i++) {
		struct rule_view r = terms_rule(terms, i);

		if (strcmp(r.id, clause) == 0)
			printf("  article %s: \"%s\"\n", r.article, r.text);
	}
}

/* The judge's words, lines and zones by their names. */
static void tell_named(const struct telling *t, const char *sentence)
{
	char at[1024];
	struct text named = text_on(at, sizeof at);

	called_text(&t->loaded->mission, "en", sentence, &named);
	printf("  %s\n", at);
}

static bool tell_finding(
	struct telling *t, const struct finding *x, struct fault *f)
{
	struct incident i;
	bool there;

	printf("finding %s, version %u, %s\n", x->id.text,
		(unsigned)x->version, status_name(x->status));
	printf("  rule %s: %s%s%s", x->clause, verdict_name(x->verdict),
		x->grade && *x->grade ? ", " : "", x->grade ? x->grade : "");
	printf("; by: %s\n", x->party);
	tell_rule(t, x->clause);
	printf("  probability that the rule's conditions hold: %.4f to %.4f "
		"(standard: %s)\n", x->lo_ppm * 1e-6, x->hi_ppm * 1e-6,
		x->standard);
	if (x->cause && *x->cause)
		printf("  cause: %s\n", x->cause);
	printf("why\n");
	for (size_t k = 0; k < x->explanation_count; k++)
		if (strncmp(x->explanation[k], "article ", 8) != 0)
			tell_named(t, x->explanation[k]);
	if (x->flips_if && *x->flips_if) {
		printf("what would change it\n");
		tell_named(t, x->flips_if);
	}
	for (size_t k = 0; k < x->claim_count; k++)
		printf("party %s says: %s\n", x->claim[k].party,
			x->claim[k].says);
	if (!telling_incident(t, x->incident.text, &i, &there, f))
		return false;
	if (there && !tell_incident(t, &i, f))
		return false;
	printf("under terms sha256 %s\n", x->terms_sha256);
	return true;
}

/* Findings of an incident, a line each; self counts them. */
static bool tell_verdict(void *self, const struct row *row, struct fault *f)
{
	static const char gone[] = "\"status\":\"rejected\"";

	++*(size_t *)self;
	(void)f;
	if (memmem(row->body.at, row->body.len, gone, sizeof gone - 1))
		printf("  rule %s: withdrawn, was %s (%s)\n", row->kind,
			row->status, row->id);
	else
		printf("  rule %s: %s (%s)\n", row->kind, row->status,
			row->id);
	return true;
}

static void tell_span(const struct telling *t, struct span s)
{
	char a[INSTANT_TEXT], b[INSTANT_TEXT], c[INSTANT_TEXT];

	printf("  when:   %s to %s (from %s)\n", instant_print(s.from, 0, a),
		instant_print(s.to, 0, b),
		mission_local(&t->loaded->mission, s.from, c));
}

static bool tell_look(
	struct telling *t, const struct tree *tree, struct fault *f)
{
	struct look l;

	if (!look_read(tree, &t->arena, &l, f))
		return false;
	printf("look %s: %s, by %s\n", l.id.text, l.source,
		modality_name(l.modality));
	tell_span(t, l.span);
	if (l.area.count > 0) {
		double s = INFINITY, n = -INFINITY, w = INFINITY, e = -INFINITY;

		for (size_t i = 0; i < l.area.count; i++) {
			s = fmin(s, l.area.point[i].lat_deg);
			n = fmax(n, l.area.point[i].lat_deg);
			w = fmin(w, l.area.point[i].lon_deg);
			e = fmax(e, l.area.point[i].lon_deg);
		}
		printf("  where:  a polygon of %zu points within latitude %.5f "
			"to %.5f, longitude %.5f to %.5f\n", l.area.count, s,
			n, w, e);
	}
	printf("  what:   ");
	if (isfinite(l.pd))
		printf("noticed with probability %.2f if there was: %s", l.pd,
			kind_name(l.kind));
	else
		printf("how surely this was noticed is not known: %s",
			kind_name(l.kind));
	for (size_t i = 0; i < l.of_count; i++)
		printf(", %s %g", l.of[i].name, l.of[i].value);
	printf("\n");
	return tell_bytes(t, &l.cite, f);
}

static bool tell_health(
	struct telling *t, const struct tree *tree, struct fault *f)
{
	struct health h;

	if (!health_read(tree, &t->arena, &h, f))
		return false;
	printf("source %s was %s%s%s\n", h.source, health_state_name(h.state),
		*h.why ? ": " : "", h.why);
	tell_span(t, h.span);
	if (h.measure.name)
		printf("  shown by %s %g\n", h.measure.name, h.measure.value);
	return true;
}

static void tell_receipt(struct instant received, bool claimed)
{
	char a[INSTANT_TEXT];

	printf("  received %s%s\n", instant_print(received, 0, a),
		claimed ? ", as its file says: claimed, not proven" : "");
}

static bool tell_activity(
	struct telling *t, const struct tree *tree, struct fault *f)
{
	struct activity a;

	if (!activity_read(tree, &t->arena, &a, f))
		return false;
	printf("notice %s by party %s: %s\n", a.id.text, a.party, a.what);
	tell_span(t, a.span);
	tell_receipt(a.received, a.received_claimed);
	if (place_known(&a.place)) {
		printf("  where:  ");
		tell_point(&a.place);
		printf("\n");
	}
	if (*a.text)
		printf("  \"%s\"\n", a.text);
	return tell_bytes(t, &a.cite, f);
}

static bool tell_claim(
	struct telling *t, const struct tree *tree, struct fault *f)
{
	char at[INSTANT_TEXT];
	struct claim c;

	if (!claim_read(tree, &t->arena, &c, f))
		return false;
	printf("claim %s by party %s: %s, ", c.id.text, c.party,
		kind_name(c.kind));
	tell_count(&c.count);
	printf("\n  \"%s\"\n", c.says);
	if (instant_known(c.at))
		printf("  when:   %s\n", instant_print(c.at, 0, at));
	if (place_known(&c.place)) {
		printf("  where:  ");
		tell_point(&c.place);
		printf("\n");
	}
	if (*c.incident.text)
		printf("  of incident %s\n", c.incident.text);
	tell_receipt(c.received, c.received_claimed);
	return tell_bytes(t, &c.cite, f);
}

static bool tell_with_findings(struct telling *t, const struct found *x,
	const struct tree *tree, struct fault *f)
{
	struct query q = {.type = ROW_FINDING, .source = x->id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct incident i;
	size_t n = 0;

	if (!incident_read(tree, &t->arena, &i, f) ||
		!tell_incident(t, &i, f))
		return false;
	printf("findings\n");
	if (!t->store->engine->find(t->store, &q, tell_verdict, &n, f))
		return false;
	if (n == 0)
		printf("  none: no rule of the agreement speaks of it\n");
	return true;
}

/* Where it lies in the log, and since when, by the clocks of others. */
static bool tell_entry(
	struct telling *t, const struct found *x, struct fault *f)
{
	struct bracket b = {.index = (uint64_t)x->ledger_index};
	char at[INSTANT_TEXT];
	struct files files;
	bool ok;

	printf("ledger entry %lld; `truce audit %s` checks it\n",
		(long long)x->ledger_index, t->loaded->folder);
	if (!files_open(&files, t->loaded->folder, f))
		return false;
	ok = bracket_of(&files.disk, &b, f);
	files_close(&files);
	if (ok && b.from_s > 0)
		printf("logged not before %s, by the witnesses\n",
			instant_print((struct instant){
				(int64_t)b.from_s * 1000000000}, 0, at));
	if (ok && b.to_s > 0)
		printf("logged not after %s, by the witnesses, of whom %d may "
			"lie\n", instant_print((struct instant){
				(int64_t)b.to_s * 1000000000}, 0, at),
			BRACKET_LIARS);
	return ok;
}

bool telling_tell(struct telling *t, const struct found *x, struct fault *f)
{
	const struct tree *tree;
	struct finding finding;
	bool ok;

	if (!tree_read(x->body, &t->arena, &tree, f))
		return false;
	if (x->type == ROW_FINDING)
		ok = finding_read(tree, &t->arena, &finding, f) &&
			tell_finding(t, &finding, f);
	else if (x->type == ROW_INCIDENT)
		ok = tell_with_findings(t, x, tree, f);
	else if (x->type == ROW_DETECTION)
		ok = tell_detection(t, x->id, "", f);
	else if (x->type == ROW_LOOK)
		ok = tell_look(t, tree, f);
	else if (x->type == ROW_HEALTH)
		ok = tell_health(t, tree, f);
	else if (x->type == ROW_ACTIVITY)
		ok = tell_activity(t, tree, f);
	else if (x->type == ROW_OBLIGATION)
		ok = telling_owed(t, x, f);
	else
		ok = tell_claim(t, tree, f);
	return ok && (x->ledger_index < 0 || tell_entry(t, x, f));
}
