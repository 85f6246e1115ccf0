/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * associate.c - other people's picks become incidents, without a mission. */
#include "base/csv.h"
#include "cmd/ui.h"
#include "detect/detector.h"
#include "feeds/file.h"
#include "locate/assoc_incident.h"
#include "parser/parser.h"

extern const struct cmd cmd_associate;
extern const struct detector detector_arrival;

enum { SOURCES_MAX = 1 << 20, DETECTIONS_MAX = 1 << 24 };

struct options {
	const char *stations, *picks, *format, *model, *day;
	const char *range, *depth, *accept, *least;
};

struct gathered {
	struct arena arena, scratch;
	struct parsers *parsers;
	struct source *source;
	size_t sources;
	struct detection *detection;
	size_t detections;
	struct instant day;
	uint64_t damaged, dayless;
	char line[1 << 20];
};

static const char *kept(struct gathered *g, const char *s, struct fault *f)
{
	return arena_text(&g->arena, bytes_of(s), f);
}

static bool station(struct gathered *g, const struct observation *o,
	struct fault *f)
{
	const char *owner = attribute_of(
		o->attribute, o->attribute_count, "owner");
	struct source s = {.lat_deg = o->place.lat_deg,
		.lon_deg = o->place.lon_deg, .elev_m = o->place.alt_m,
		.host_party = "", .public_key = "", .array = "",
		.installed = INSTANT_UNKNOWN};

	if (g->sources == SOURCES_MAX)
		return fault(f, FAULT_LIMIT, "over %d stations", SOURCES_MAX);
	s.id = kept(g, o->source, f);
	s.owner = s.id ? kept(g, owner ? owner : "", f) : NULL;
	if (!s.owner)
		return false;
	g->source[g->sources++] = s;
	return true;
}

static bool detection(void *self, const struct detection *d, struct fault *f)
{
	struct gathered *g = self;
	const char *phase = attribute_of(
		d->attribute, d->attribute_count, "phase");
	struct attribute *a;

	if (g->detections == DETECTIONS_MAX)
		return fault(f, FAULT_LIMIT, "over %d picks", DETECTIONS_MAX);
	g->detection[g->detections] = *d;
	d = &g->detection[g->detections];
	g->detection[g->detections].feature = NULL;
	g->detection[g->detections].feature_count = 0;
	g->detection[g->detections].attribute_count = 0;
	/* Picks of one file are mostly one source's. */
	if (g->detections > 0 &&
		strcmp(g->detection[g->detections - 1].source, d->source) == 0)
		g->detection[g->detections].source =
			g->detection[g->detections - 1].source;
	else if (!(g->detection[g->detections].source = kept(
			   g, d->source, f)))
		return false;
	if (phase) {
		static const char *const words[] = {"P", "S", "A", "I"};

		if (!(a = arena_take(&g->arena, sizeof *a, f)))
			return false;
		for (size_t i = 0; i < 4; i++)
			if (strcmp(words[i], phase) == 0)
				*a = (struct attribute){"phase", words[i]};
		g->detection[g->detections].attribute = a;
		g->detection[g->detections].attribute_count = a->name != NULL;
	}
	g->detections++;
	return true;
}

/* Who knows the day puts it to the second of the day. */
static bool dated(struct gathered *g, struct observation *o)
{
	double s = feature_of(o->feature, o->feature_count, "second_of_day");

	if (instant_known(o->at))
		return true;
	if (!instant_known(g->day) || !isfinite(s)) {
		g->dayless++;
		return false;
	}
	o->at = instant_round_us(instant_plus_s(g->day, s));
	return true;
}

static bool observation(
	void *self, const struct observation *given, struct fault *f)
{
	struct gathered *g = self;
	struct detections to = {detection, g};
	struct observation o = *given;

	if (o.what == OBSERVATION_SURVEY)
		return station(g, &o, f);
	if (o.what != OBSERVATION_ARRIVAL || !dated(g, &o))
		return true;
	/* An array that says where it stands is its own station. */
	if (place_known(&o.place) && !station(g, &o, f))
		return false;
	return detector_arrival.observation(NULL, &o, &to, f);
}

static bool segment(void *self, const struct segment *s, struct fault *f)
{
	(void)self;
	(void)s;
	(void)f;
	return true;
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct gathered *g = self;

	(void)offset;
	(void)length;
	(void)f;
	if (g->damaged++ < 5 && !ui_quiet())
		(void)fprintf(stderr, "truce associate: %s\n", why->text);
	return true;
}

static bool take_file(struct gathered *g, const char *path,
	const char *folder, const char *format, struct fault *f)
{
	const char *slash = strrchr(path, '/');
	struct origin o = {slash ? slash + 1 : path, folder};
	struct intake to = {g, segment, observation, damage, false};
	struct parse p = {.format = format ? format_named(format) : NULL,
		.origin = &o, .scratch = &g->scratch};
	bool ok;

	if (!file_map(path, &p.in, f))
		return false;
	if (p.in.len == 0)
		return true; /* a source that picked nothing */
	g->scratch.used = 0;
	ok = p.format || parsers_sniff(g->parsers, &p, f);
	if (ok && !p.format)
		ok = fault(f, FAULT_INPUT, "no format knows it; name one with "
			"--format");
	ok = ok && parsers_decode(g->parsers, &p, &to, f);
	file_unmap(p.in);
	return ok || fault_in(f, "%s", path);
}

/* A file, or all below a folder; the last folder's name may be its day. */
static bool take_path(struct gathered *g, const char *path,
	const char *format, struct fault *f)
{
	const char **names;
	size_t count;

	if (!folder_exists(path))
		return take_file(g, path, "", format, f);
	if (!folder_walk(path, &g->arena, &names, &count, f))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *full = path_join(&g->arena, path, names[i], f);
		char folder[256] = "";
		const char *end, *from;

		if (!full)
			return false;
		end = strrchr(full, '/');
		for (from = end; from > full && from[-1] != '/'; from--)
			;
		if (end && (size_t)(end - from) < sizeof folder)
			memcpy(folder, from, (size_t)(end - from));
		if (!take_file(g, full, folder, format, f))
			return false;
	}
	return true;
}

static int by_id(const void *a, const void *b)
{
	const struct source *p = a, *q = b;

	return strcmp(p->id, q->id);
}

static int by_order(const void *a, const void *b)
{
	return detection_order(a, b);
}

/* Sorted, and each once. */
static void settle(struct gathered *g)
{
	size_t n = 0;

	qsort(g->source, g->sources, sizeof *g->source, by_id);
	for (size_t i = 0; i < g->sources; i++)
		if (n == 0 || strcmp(g->source[n - 1].id, g->source[i].id) != 0)
			g->source[n++] = g->source[i];
	g->sources = n;
	n = 0;
	qsort(g->detection, g->detections, sizeof *g->detection, by_order);
	for (size_t i = 0; i < g->detections; i++)
		if (n == 0 || strcmp(g->detection[n - 1].id.text,
				      g->detection[i].id.text) != 0)
			g->detection[n++] = g->detection[i];
	g->detections = n;
}

static bool print(void *self, const struct incident *i, struct fault *f)
{
	struct gathered *g = self;
	struct text t = text_on(g->line, sizeof g->line);
	struct fields s = fields_in(&g->scratch);

	g->scratch.used = 0;
	if (!incident_write(i, &s, f))
		return false;
	fields_print(&s, &t);
	text_char(&t, '\n');
	if (!text_check(&t, f))
		return false;
	return fwrite(t.at, 1, t.len, stdout) == t.len ||
		fault_errno(f, "write");
}

static bool number(const char *text, double scale, double *v, struct fault *f)
{
	double got;

	if (!text)
		return true;
	if (!number_read(bytes_of(text), &got, f))
		return false;
	if (!(got > 0))
		return fault(f, FAULT_INPUT, "'%.40s', wants more than 0",
			text);
	*v = got * scale;
	return true;
}

/* "constant", "constant:6.2,3.3", or a file of travel times. */
static bool model_of(struct gathered *g, const struct options *o,
	struct assoc_model *m, struct fault *f)
{
	const char *rest = o->model + strlen("constant"), *comma;
	struct bytes in;

	if (strncmp(o->model, "constant", strlen("constant")) != 0) {
		if (!file_read(o->model, &g->arena, &in, f))
			return false;
		return assoc_table_read(in, &g->arena, &m->table, f) ||
			fault_in(f, "%s", o->model);
	}
	if (rest[0] == '\0')
		return true;
	comma = strchr(rest, ',');
	if (rest[0] != ':' || !comma ||
		!number_read(bytes_part(bytes_of(rest), 1,
				     (size_t)(comma - rest) - 1),
			&m->law[ASSOC_P].speed_ms, f) ||
		!number_read(bytes_of(comma + 1), &m->law[ASSOC_S].speed_ms, f))
		return fault(f, FAULT_INPUT, "--model '%.40s', wants "
			"constant:VP,VS in km/s, or a file", o->model);
	m->law[ASSOC_P].speed_ms *= 1000;
	m->law[ASSOC_S].speed_ms *= 1000;
	return (m->law[ASSOC_P].speed_ms > 100 &&
		       m->law[ASSOC_S].speed_ms > 100) ||
		fault(f, FAULT_INPUT, "--model: speeds of %g and %g m/s",
			m->law[ASSOC_P].speed_ms, m->law[ASSOC_S].speed_ms);
}

static bool choices(struct gathered *g, const struct options *o,
	struct assoc_model *m, struct fault *f)
{
	double range = NAN, least = NAN;

	if (!number(o->range, 1000, &range, f))
		return fault_in(f, "--range");
	if (!number(o->depth, 1000, &m->depth_m, f))
		return fault_in(f, "--depth");
	if (o->accept && !number_read(bytes_of(o->accept), &m->accept, f))
		return fault_in(f, "--accept");
	if (!number(o->least, 1, &least, f))
		return fault_in(f, "--least");
	for (int p = 0; p < ASSOC_PHASES && range > 0; p++)
		if (m->law[p].range_m > 0)
			m->law[p].range_m = range;
	if (least > 0) {
		m->picks = (size_t)least;
		m->of_phase[ASSOC_P] = m->picks / 4;
		m->of_phase[ASSOC_S] = m->picks / 6;
	}
	return !o->model || model_of(g, o, m, f);
}

static bool associate_all(
	struct gathered *g, const struct options *o, struct fault *f)
{
	struct assoc_input in = {0};
	struct incidents out = {print, g};
	struct assoc_source *s;
	struct assoc_model m;
	struct assoc_left left;

	settle(g);
	in.source = g->source;
	in.sources = g->sources;
	in.detection = g->detection;
	in.detections = g->detections;
	s = assoc_sources(g->source, g->sources, false, &g->arena, f);
	if (!s)
		return false;
	m = assoc_model(
		s, g->sources, assoc_phases(g->detection, g->detections));
	in.model = &m;
	if (!choices(g, o, &m, f) ||
		!assoc_incidents(&in, &g->arena, &out, &left, f))
		return false;
	if (left.unplaced > 0 && !ui_quiet())
		(void)fprintf(stderr, "truce associate: %zu of %zu picks have "
			"no station of a known place\n", left.unplaced,
			g->detections);
	if (left.skipped > 0)
		(void)fprintf(stderr, "truce associate: too many picks at "
			"once: %zu blocks of ground and time were passed "
			"over\n", left.skipped);
	return true;
}

static bool gather(struct gathered *g, const struct options *o,
	struct fault *f)
{
	struct arena rooms;

	if (!arena_map(&g->arena, (size_t)16 << 30, f) ||
		!arena_map(&g->scratch, (size_t)8 << 30, f) ||
		!arena_map(&rooms, (size_t)8 << 30, f))
		return false;
	/* Given page by page as it is touched: not zeroed first. */
	g->source = (void *)rooms.at;
	g->detection = (void *)(rooms.at + SOURCES_MAX * sizeof *g->source);
	if (o->day && !instant_parse(bytes_of(o->day), true, &g->day, f))
		return fault_in(f, "--day");
	if (o->stations && !take_path(g, o->stations, NULL, f))
		return false;
	return take_path(g, o->picks, o->format, f);
}

static int run(int argc, char **argv)
{
	static struct gathered g = {.day = {INT64_MIN}};
	struct options o = {0};
	const struct ui_option options[] = {{"--stations", &o.stations, NULL},
		{"--picks", &o.picks, NULL}, {"--format", &o.format, NULL},
		{"--model", &o.model, NULL}, {"--day", &o.day, NULL},
		{"--range", &o.range, NULL}, {"--depth", &o.depth, NULL},
		{"--accept", &o.accept, NULL}, {"--least", &o.least, NULL},
		{0}};
	struct fault f = {0};
	bool ok;

	if (!ui_options(&cmd_associate, &argc, argv, options))
		return EXIT_USAGE;
	if (argc > 1 || !o.picks)
		return cmd_usage(&cmd_associate, "--picks F is wanted%s",
			argc > 1 ? ", and no operand" : "");
	if (o.format && !format_named(o.format))
		return cmd_usage(&cmd_associate, "no format '%s'; `truce "
			"decode` lists all", o.format);
	if (!parsers_open(&g.parsers, NULL, &f) || !gather(&g, &o, &f)) {
		parsers_close(g.parsers);
		return cmd_fault(&cmd_associate, &f);
	}
	if (g.dayless > 0)
		(void)fprintf(stderr, "truce associate: %llu picks have a "
			"second of the day but no day: give --day\n",
			(unsigned long long)g.dayless);
	ok = associate_all(&g, &o, &f);
	parsers_close(g.parsers); /* whose are the names that are printed */
	return ok ? EXIT_DONE : cmd_fault(&cmd_associate, &f);
}

const struct cmd cmd_associate = {
	.name = "associate",
	.usage = "associate --picks F [--stations F] [--format NAME] "
		"[--model FILE | constant[:VP,VS]] [--day D] [--range KM] "
		"[--depth KM] [--accept S] [--least N]",
	.about = "which picks belong together: incidents, as JSON lines",
	.run = run,
};
