/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sim.h"

#include "sim/sky.h"

/* Bytes of truth.jsonl held at once: of sheets and flights, whose lines are
 * below 400 bytes each; the rest is written as it is told. */
enum { TRUTH_SHEETS = 2 << 20, TRUTH_PIECE = 1 << 16 };

struct sim {
	struct world world;
};

static const struct sim_scenario scenarios[] = {
	{"demo", "a day before a cut-off with every modality and two parties"},
	{"quiet", "a night in which nothing happens"},
	{"day", "a quiet day: wind, traffic, hum, microbaroms, and nothing"},
	{"singles", "single explosions everywhere"},
	{"barrage", "many explosions, some seconds apart"},
	{"drumfire", "ten light shots a second over 100 nodes"},
	{"upwind", "strong wind: nodes upwind of a blast hear nothing"},
	{"town", "shots among houses: echoes, blocked paths, traffic, hum"},
	{"thunder", "a storm crosses, and eight explosions"},
	{"quarry", "quarry blasts, training, an earthquake, eight explosions"},
	{"dead", "one node in five dies"},
	{"clocks", "clocks that step, drift, walk; satellites lost, spoofed"},
	{"tamper", "one owner loops, replays, moves, forges and more"},
	{"sparse", "five nodes"},
	{"mixed", "array, nodes, seismometers; guns, rifles, drone, boom"},
	{"battery", "three batteries, and where their rounds fall"},
	{"kinds", "every kind of sound in turn, in the air of the seed"},
	{"faults", "dead nodes, wrong clocks, damaged, doubled, late files"},
	{"nodes", "a large network for load"},
	{"load", "10,000 nodes at 1 kHz, 10 shots a second, 10 minutes"},
	{NULL, NULL},
};

const struct sim_scenario *sim_scenarios(void)
{
	return scenarios;
}

const struct sim_scenario *sim_scenario_named(const char *name)
{
	const struct sim_scenario *s = scenarios;

	while (s->name && strcmp(s->name, name) != 0)
		s++;
	return s->name ? s : NULL;
}

struct instant world_time(const char *s)
{
	struct instant t = INSTANT_UNKNOWN;
	struct fault f;

	if (NEVER(!instant_parse(bytes_of(s), false, &t, &f)))
		return INSTANT_UNKNOWN;
	return t;
}

struct point world_point(const struct world *w, struct xy p)
{
	return frame_from(&w->frame, p);
}

bool world_pass_first(const struct world *w, size_t nth)
{
	for (size_t i = 0; i < nth; i++)
		if (strcmp(w->pass[i].satellite, w->pass[nth].satellite) == 0)
			return false;
	return true;
}

struct json world_truth(struct world *w, const char *what)
{
	struct json j = json_on(&w->truth);

	json_object(&j);
	json_key_text(&j, "what", what);
	return j;
}

void world_truth_end(struct world *w, struct json *j)
{
	json_close(j);
	text_char(&w->truth, '\n');
}

bool world_file(struct world *w, const char *path, struct bytes b,
	struct fault *f)
{
	const struct sim_files *to = w->files;

	return to->open(to->self, path, f) && to->put(to->self, b, f) &&
		to->close(to->self, f);
}

struct json world_incident(struct world *w, const char *id,
	struct instant t0, struct xy at, const char *kind, int count)
{
	struct point p = world_point(w, at);
	struct json j = world_truth(w, "incident");

	json_key_text(&j, "id", id);
	json_key_time(&j, "t0", t0, 6);
	json_key_fixed(&j, "lat", p.lat_deg, 7);
	json_key_fixed(&j, "lon", p.lon_deg, 7);
	json_key_text(&j, "kind", kind);
	json_key_i64(&j, "count", count);
	return j;
}

void world_whose(
	struct json *j, const char *party, const char *breach, bool observable)
{
	json_key_text(j, "party", party);
	json_key_text(j, "breach", breach);
	json_key_flag(j, "observable", observable);
}

/* Locating takes four nodes, three unknowns and one check; with five, one may
 * be missed. */
enum { NODES_ENOUGH = 5 };

/* Of a thing that no node's owner made up. */
static void tell_heard(struct json *j, const struct act *b)
{
	json_key_i64(j, "heard_by", (int64_t)b->heard);
	json_key(j, "modalities");
	json_list(j);
	if (b->heard >= NODES_ENOUGH)
		json_text(j, "acoustic");
	if (b->burnt)
		json_text(j, "heat");
	if (b->witnessed)
		json_text(j, "witness");
	json_close(j);
}

/* What only full worlds have. */
static void tell_full(
	const struct world *w, struct json *j, const struct act *b)
{
	if (b->height_m < 0 || b->height_m > 0)
		json_key_fixed(j, "height_m", b->height_m, 0);
	if (b->speed_ms > 0) {
		json_key_fixed(j, "speed_ms", b->speed_ms, 1);
		json_key_fixed(j, "heading_deg", b->heading_deg, 1);
	}
	if (b->link_is) {
		json_key(j, "link");
		json_object(j);
		json_key_text(j, "is", b->link_is);
		json_key_text(j, "id", w->act[b->link].id);
		json_close(j);
	}
}

static void tell_act(struct world *w, size_t nth)
{
	const struct act *b = &w->act[nth];
	struct json j;

	if (b->sort == ACT_FORGED) {
		j = world_truth(w, "forged");
		json_key_text(&j, "id", b->id);
		json_key_time(&j, "t0", b->t0, 6);
		json_key_text(&j, "owner", b->owner);
		world_truth_end(w, &j);
		return;
	}
	j = world_incident(w, b->id, b->t0, b->at, b->kind, 1);
	json_key_fixed(&j, "yield_kg", b->yield_kg > 0 ? b->yield_kg : NAN,
		b->yield_kg < 0.1 ? 6 : 2);
	json_key_text(&j, "cause", b->cause);
	json_key_text(&j, "group", b->group);
	world_whose(&j, b->party, b->breach, b->heard >= NODES_ENOUGH);
	tell_heard(&j, b);
	tell_full(w, &j, b);
	world_truth_end(w, &j);
}

/* The first sighting of the same thing at the same place, or nth. */
static size_t first_seen(const struct world *w, size_t nth)
{
	const struct sighting *s = w->sighting;

	for (size_t i = 0; i < nth; i++)
		if (strcmp(s[i].kind, s[nth].kind) == 0 &&
			world_distance(s[i].at, s[nth].at) < 1)
			return i;
	return nth;
}

static void tell_sighting(struct world *w, size_t nth)
{
	const struct sighting *s = &w->sighting[nth];
	struct json j;
	char id[16];

	(void)snprintf(id, sizeof id, "s%02u", (unsigned)nth + 1);
	j = world_incident(
		w, id, world_time(s->time), s->at, s->kind, s->count);
	json_key_text(&j, "weapon", s->weapon);
	world_whose(&j, s->party, s->breach, true);
	/* Two observers, one thing: one incident, not two. */
	(void)snprintf(id, sizeof id, "s%02u",
		(unsigned)first_seen(w, nth) + 1);
	json_key_text(&j, "same_as", first_seen(w, nth) == nth ? NULL : id);
	json_key(&j, "modalities");
	json_list(&j);
	json_text(&j, strcmp(s->means, "recorded") == 0 ? "image" : "witness");
	json_close(&j);
	world_truth_end(w, &j);
}

static bool put_piece(void *self, struct bytes b, struct fault *f)
{
	const struct sim_files *to = self;

	return to->put(to->self, b, f);
}

static bool tell_all(struct world *w, struct bytes sheets, struct fault *f)
{
	for (size_t i = 0; i < w->node_count; i++)
		if (!wire_tell(w, i, w->arena, f))
			return false;
	text_bytes(&w->truth, sheets);
	for (size_t i = 0; i < w->act_count; i++)
		tell_act(w, i);
	for (size_t i = 0; i < w->sighting_count; i++)
		tell_sighting(w, i);
	return text_flush(&w->truth, f);
}

static bool write_truth(struct world *w, struct bytes sheets, struct fault *f)
{
	struct sim_files to = *w->files;
	const struct sink sink = {put_piece, &to};

	w->truth = text_in(w->arena, TRUTH_PIECE);
	w->truth.sink = &sink;
	return to.open(to.self, "truth.jsonl", f) && tell_all(w, sheets, f) &&
		to.close(to.self, f);
}

static bool make(struct world *w, const struct sim_ask *ask, struct fault *f)
{
	const struct sim_scenario *s = sim_scenario_named(ask->scenario);

	if (!s)
		return fault(f, FAULT_INPUT, "no scenario '%s'", ask->scenario);
	return s == scenarios ? demo_make(w, ask, f) : grid_make(w, ask, f);
}

bool sim_open(const struct sim_ask *ask, struct arena *arena,
	const struct sim_files *files, struct sim **out, struct fault *f)
{
	struct sim *s = arena_take(arena, sizeof *s, f);
	struct world *w;

	if (!s)
		return false;
	w = &s->world;
	*w = (struct world){.seed = ask->seed, .arena = arena, .files = files,
		.agreement_text = ask->agreement, .rough = 1,
		.traffic_s = 4800};
	w->frame = frame_at(48.3, 37.4);
	sky_prepare(w);
	*out = s;
	if (!make(w, ask, f))
		return false;
	sky_acts(w);
	return folder_write(w, f);
}

size_t sim_nodes(const struct sim *s)
{
	return s->world.node_count;
}

bool sim_node(const struct sim *s, size_t i, struct arena *arena,
	const struct sim_files *files, struct fault *f)
{
	return wire_write(&s->world, i, arena, files, f);
}

bool sim_close(struct sim *s, struct fault *f)
{
	struct world *w = &s->world;
	struct text sheets = text_in(w->arena, TRUTH_SHEETS);

	w->truth = sheets;
	if (!sheets_write(w, f) || (w->flights && !flight_write(w, f)) ||
		!text_check(&w->truth, f))
		return false;
	sheets = w->truth;
	return write_truth(w, text_view(&sheets), f);
}

bool sim_run(const struct sim_ask *ask, struct arena *arena,
	const struct sim_files *files, struct fault *f)
{
	struct sim *s;

	if (!sim_open(ask, arena, files, &s, f))
		return false;
	for (size_t i = 0; i < sim_nodes(s); i++)
		if (!sim_node(s, i, arena, files, f))
			return false;
	return sim_close(s, f);
}
