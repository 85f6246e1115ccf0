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

static int make(struct sim_ask *ask, int jobs, size_t sign, const char *out,
	const char *agreement)
{
	struct simfolder_sum sum = {0};
	struct fault f = {0};
	struct arena arena = {0};
	int code = EXIT_DONE;

	if (!arena_map(&arena, AGREEMENT_MAX, &f) ||
		(agreement &&
			!file_read(agreement, &arena, &ask->agreement, &f)) ||
		!simfolder_write(ask, jobs, sign, out, &sum, &f))
		code = cmd_fault(&cmd_sim, &f);
	else
		(void)fprintf(stderr, "%s: %zu files, %.1f MB; the truth is in "
			"%s/truth.jsonl\n", out, sum.files,
			(double)sum.bytes / 1e6, out);
	arena_unmap(&arena);
	return code;
}

struct words { /* of the command line; NULL not given */
	const char *seed, *nodes, *shots, *hours, *minutes, *rate, *jobs;
	const char *sign;
	const char *out, *agreement;
};

static bool hours_of(const char *word, double unit, double *hours)
{
	struct fault f;
	double v;

	if (!word)
		return true;
	if (!number_read(bytes_of(word), &v, &f) || !(v > 0))
		return false;
	*hours = v * unit;
	return true;
}

static int numbers(const struct words *w, struct sim_ask *ask, int *jobs)
{
	int64_t seed = SEED, nodes = 0, shots = 0, rate = 0, threads = 1;

	if (!whole(w->seed, 0, INT64_MAX, &seed))
		return wrong("--seed: no whole number", w->seed, "");
	if (!whole(w->nodes, 1, 10000, &nodes))
		return wrong("--nodes: not within 1..10000", w->nodes, "");
	if (!whole(w->shots, 1, 100000, &shots))
		return wrong("--shots: not within 1..100000", w->shots, "");
	if (!whole(w->rate, 1, 4000, &rate))
		return wrong("--rate: not within 1..4000", w->rate, "");
	if (!whole(w->jobs, 1, SIMFOLDER_JOBS, &threads))
		return wrong("--jobs: not within 1..64", w->jobs, "");
	if (!hours_of(w->hours, 1, &ask->hours))
		return wrong("--hours: no number above 0", w->hours, "");
	if (!hours_of(w->minutes, 1.0 / 60, &ask->hours))
		return wrong("--minutes: no number above 0", w->minutes, "");
	ask->seed = (uint64_t)seed;
	ask->nodes = (int)nodes;
	ask->shots = (int)shots;
	ask->rate_hz = (int)rate;
	*jobs = (int)threads;
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct words w = {0};
	const struct ui_option options[] = {{"--seed", &w.seed, NULL},
		{"--nodes", &w.nodes, NULL}, {"--shots", &w.shots, NULL},
		{"--hours", &w.hours, NULL}, {"--minutes", &w.minutes, NULL},
		{"--rate", &w.rate, NULL}, {"--jobs", &w.jobs, NULL},
		{"--sign", &w.sign, NULL},
		{"--out", &w.out, NULL}, {"--agreement", &w.agreement, NULL},
		{0}};
	struct sim_ask ask = {0};
	int64_t sign = 0;
	int jobs = 1, code;

	if (!ui_options(&cmd_sim, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return wrong("one scenario is wanted, such as", "demo", "");
	ask.scenario = argv[1];
	if (!sim_scenario_named(ask.scenario))
		return unknown(ask.scenario);
	if (!w.out)
		return wrong("no folder (--out DIR) for", ask.scenario, "");
	if (!whole(w.sign, 0, 10000, &sign))
		return wrong("--sign: not within 0..10000", w.sign, "");
	code = numbers(&w, &ask, &jobs);
	return code != EXIT_DONE ? code :
		make(&ask, jobs, (size_t)sign, w.out, w.agreement);
}

const struct cmd cmd_sim = {
	.name = "sim",
	.usage = "sim SCENARIO [--seed N] --out DIR [--nodes N] [--shots N]"
		 " [--hours H] [--minutes M] [--rate HZ] [--jobs N]"
		 " [--sign N] [--agreement FILE]",
	.about = "write a simulated mission folder, with its truth",
	.run = run,
};
