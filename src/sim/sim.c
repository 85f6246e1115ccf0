/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sim.h"

#include "sim/world.h"

/* Bytes of truth.jsonl: a line is below 400, and each blast at each node makes
 * one, beside some hundred others. */
enum { TRUTH_LINE = 400, TRUTH_OTHERS = 1000 };

static const struct sim_scenario scenarios[] = {
	{"demo", "a day before a cut-off with every modality and two parties"},
	{"quiet", "a night in which nothing happens"},
	{"singles", "single explosions everywhere (nodes, shots, hours)"},
	{"barrage", "many explosions, some seconds apart (nodes, shots)"},
	{"faults", "dead nodes, wrong clocks, damaged, doubled, late files"},
	{"nodes", "a large network for load (nodes, hours)"},
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
	json_key(&j, "what");
	json_text(&j, what);
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

	json_key(&j, "id");
	json_text(&j, id);
	json_key(&j, "t0");
	json_time(&j, t0, 6);
	json_key(&j, "lat");
	json_fixed(&j, p.lat_deg, 7);
	json_key(&j, "lon");
	json_fixed(&j, p.lon_deg, 7);
	json_key(&j, "kind");
	json_text(&j, kind);
	json_key(&j, "count");
	json_i64(&j, count);
	return j;
}

void world_whose(
	struct json *j, const char *party, const char *breach, bool observable)
{
	json_key(j, "party");
	json_text(j, party);
	json_key(j, "breach");
	json_text(j, breach);
	json_key(j, "observable");
	json_flag(j, observable);
}

/* Locating takes four nodes, three unknowns and one check; with five, one may
 * be missed. */
enum { NODES_ENOUGH = 5 };

static void tell_blast(struct world *w, const struct blast *b)
{
	struct json j = world_incident(w, b->id, b->t0, b->at, b->kind, 1);

	json_key(&j, "yield_kg");
	json_fixed(&j, b->yield_kg, 2);
	json_key(&j, "cause");
	json_text(&j, b->cause);
	json_key(&j, "group");
	json_text(&j, b->group);
	world_whose(&j, b->party, b->breach, b->heard >= NODES_ENOUGH);
	json_key(&j, "heard_by");
	json_i64(&j, (int64_t)b->heard);
	json_key(&j, "modalities");
	json_list(&j);
	if (b->heard >= NODES_ENOUGH)
		json_text(&j, "acoustic");
	if (b->burnt)
		json_text(&j, "heat");
	if (b->witnessed)
		json_text(&j, "witness");
	json_close(&j);
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
	json_key(&j, "weapon");
	json_text(&j, s->weapon);
	world_whose(&j, s->party, s->breach, true);
	/* Two observers, one thing: one incident, not two. */
	(void)snprintf(id, sizeof id, "s%02u",
		(unsigned)first_seen(w, nth) + 1);
	json_key(&j, "same_as");
	json_text(&j, first_seen(w, nth) == nth ? NULL : id);
	json_key(&j, "modalities");
	json_list(&j);
	json_text(&j, strcmp(s->means, "recorded") == 0 ? "image" : "witness");
	json_close(&j);
	world_truth_end(w, &j);
}

static bool write_truth(struct world *w, struct fault *f)
{
	for (size_t i = 0; i < w->blast_count; i++)
		tell_blast(w, &w->blast[i]);
	for (size_t i = 0; i < w->sighting_count; i++)
		tell_sighting(w, i);
	return text_check(&w->truth, f) &&
		world_file(w, "truth.jsonl", text_view(&w->truth), f);
}

static bool make(struct world *w, const struct sim_ask *ask, struct fault *f)
{
	const struct sim_scenario *s = sim_scenario_named(ask->scenario);

	if (!s)
		return fault(f, FAULT_INPUT, "no scenario '%s'", ask->scenario);
	return s == scenarios ? demo_make(w, ask, f) : plain_make(w, ask, f);
}

bool sim_run(const struct sim_ask *ask, struct arena *arena,
	const struct sim_files *files, struct fault *f)
{
	struct world *w = arena_take(arena, sizeof *w, f);
	size_t lines;

	if (!w)
		return false;
	*w = (struct world){.seed = ask->seed, .arena = arena, .files = files,
		.agreement_text = ask->agreement, .rough = 1};
	w->frame = frame_at(48.3, 37.4);
	if (!make(w, ask, f))
		return false;
	lines = TRUTH_OTHERS + w->blast_count * (1 + w->node_count);
	w->truth = text_in(arena, lines * TRUTH_LINE);
	return text_check(&w->truth, f) && folder_write(w, f) &&
		sound_write(w, f) && sheets_write(w, f) &&
		(!w->flights || flight_write(w, f)) && write_truth(w, f);
}
