/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * truce sim: a simulated mission folder, with the truth beside it. */
#include "base/csv.h"
#include "cmd/simfolder.h"
#include "cmd/ui.h"
#include "feeds/file.h"

/* Default of --seed, so that two people who give none see the same day. */
enum { SEED = 1, AGREEMENT_MAX = 1 << 20, SCENARIOS_MAX = 32 };

extern const struct cmd cmd_sim;

static int wrong(const char *what, const char *word, const char *more)
{
	int code = cmd_usage(&cmd_sim, "%s '%s'%s", what, word, more);

	(void)fprintf(stderr, "scenarios:\n");
	for (const struct sim_scenario *s = sim_scenarios(); s->name; s++)
		(void)fprintf(stderr, "  %-8s  %s\n", s->name, s->about);
	return code;
}

static int unknown(const char *word)
{
	const char *names[SCENARIOS_MAX];
	char meant[UI_MEANT];
	size_t n = 0;

	for (const struct sim_scenario *s = sim_scenarios();
		s->name && n < SCENARIOS_MAX; s++)
		names[n++] = s->name;
	return wrong("no scenario", word, ui_meant(word, names, n, meant));
}

/* Absent: unchanged. */
static bool whole(const char *word, int64_t low, int64_t high, int64_t *out)
{
	struct fault f;

	return !word || (integer_read(bytes_of(word), out, &f) &&
				*out >= low && *out <= high);
}

static int make(struct sim_ask *ask, const char *out, const char *agreement)
{
	struct simfolder_sum sum = {0};
	struct fault f = {0};
	struct arena arena = {0};
	int code = EXIT_DONE;

	if (!arena_map(&arena, AGREEMENT_MAX, &f) ||
		(agreement &&
			!file_read(agreement, &arena, &ask->agreement, &f)) ||
		!simfolder_write(ask, out, &sum, &f))
		code = cmd_fault(&cmd_sim, &f);
	else
		(void)fprintf(stderr, "%s: %zu files, %.1f MB; the truth is in "
			"%s/truth.jsonl\n", out, sum.files,
			(double)sum.bytes / 1e6, out);
	arena_unmap(&arena);
	return code;
}

static int run(int argc, char **argv)
{
	const char *seed = NULL, *nodes = NULL, *shots = NULL, *hours = NULL;
	const char *out = NULL, *agreement = NULL;
	const struct ui_option options[] = {{"--seed", &seed, NULL},
		{"--nodes", &nodes, NULL}, {"--shots", &shots, NULL},
		{"--hours", &hours, NULL}, {"--out", &out, NULL},
		{"--agreement", &agreement, NULL}, {0}};
	struct sim_ask ask = {0};
	int64_t seed_n = SEED, nodes_n = 0, shots_n = 0;
	struct fault f;

	if (!ui_options(&cmd_sim, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return wrong("one scenario is wanted, such as", "demo", "");
	ask.scenario = argv[1];
	if (!sim_scenario_named(ask.scenario))
		return unknown(ask.scenario);
	if (!out)
		return wrong("no folder (--out DIR) for", ask.scenario, "");
	if (!whole(seed, 0, INT64_MAX, &seed_n))
		return wrong("--seed: no whole number", seed, "");
	if (!whole(nodes, 1, 10000, &nodes_n))
		return wrong("--nodes: not within 1..10000", nodes, "");
	if (!whole(shots, 1, 100000, &shots_n))
		return wrong("--shots: not within 1..100000", shots, "");
	if (hours && (!number_read(bytes_of(hours), &ask.hours, &f) ||
			!(ask.hours > 0)))
		return wrong("--hours: no number above 0", hours, "");
	ask.seed = (uint64_t)seed_n;
	ask.nodes = (int)nodes_n;
	ask.shots = (int)shots_n;
	return make(&ask, out, agreement);
}

const struct cmd cmd_sim = {
	.name = "sim",
	.usage = "sim SCENARIO [--seed N] --out DIR [--nodes N] [--shots N]"
		 " [--hours H] [--agreement FILE]",
	.about = "write a simulated mission folder, with its truth",
	.run = run,
};
