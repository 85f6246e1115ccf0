/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * truce sim: a simulated mission folder, with the truth beside it. */
#include "cmd/cmd.h"

#include "base/csv.h"
#include "cmd/simfolder.h"
#include "feeds/file.h"

/* Default of --seed, so that two people who give none see the same day. */
enum { SEED = 1, AGREEMENT_MAX = 1 << 20 };

extern const struct cmd cmd_sim;

struct options {
	struct sim_ask ask;
	const char *out, *agreement;
};

static int wrong(const char *what, const char *word)
{
	int code = cmd_usage(&cmd_sim, "%s '%s'", what, word);

	fprintf(stderr, "scenarios:\n");
	for (const struct sim_scenario *s = sim_scenarios(); s->name; s++)
		fprintf(stderr, "  %-8s  %s\n", s->name, s->about);
	return code;
}

static bool whole(const char *word, int64_t low, int64_t high, int64_t *out)
{
	struct fault f;

	return word && integer_read(bytes_of(word), out, &f) && *out >= low &&
		*out <= high;
}

/* true when the option is known and its word is sound. */
static bool option(struct options *o, const char *name, const char *word)
{
	struct fault f;
	int64_t n = 0;

	if (strcmp(name, "--seed") == 0) {
		if (!whole(word, 0, INT64_MAX, &n))
			return false;
		o->ask.seed = (uint64_t)n;
	} else if (strcmp(name, "--nodes") == 0) {
		if (!whole(word, 1, 10000, &n))
			return false;
		o->ask.nodes = (int)n;
	} else if (strcmp(name, "--shots") == 0) {
		if (!whole(word, 1, 100000, &n))
			return false;
		o->ask.shots = (int)n;
	} else if (strcmp(name, "--hours") == 0) {
		return word && *word &&
			number_read(bytes_of(word), &o->ask.hours, &f) &&
			o->ask.hours > 0;
	} else if (strcmp(name, "--out") == 0) {
		o->out = word;
	} else if (strcmp(name, "--agreement") == 0) {
		o->agreement = word;
	} else {
		return false;
	}
	return word != NULL;
}

static int make(struct options *o)
{
	struct simfolder_sum sum = {0};
	struct fault f = {0};
	struct arena arena = {0};
	int code = EXIT_DONE;

	if (!arena_map(&arena, AGREEMENT_MAX, &f) ||
		(o->agreement && !file_read(o->agreement, &arena,
					 &o->ask.agreement, &f)) ||
		!simfolder_write(&o->ask, o->out, &sum, &f))
		code = cmd_fault(&cmd_sim, &f);
	else
		fprintf(stderr, "%s: %zu files, %.1f MB; the truth is in "
			"%s/truth.jsonl\n", o->out, sum.files,
			(double)sum.bytes / 1e6, o->out);
	arena_unmap(&arena);
	return code;
}

static int run(int argc, char **argv)
{
	struct options o = {.ask = {.seed = SEED}};

	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-' && !o.ask.scenario) {
			o.ask.scenario = argv[i];
			continue;
		}
		if (!option(&o, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
			return wrong("cannot use", argv[i]);
		i++;
	}
	if (!o.ask.scenario)
		return wrong("no scenario", "");
	for (const struct sim_scenario *s = sim_scenarios();; s++) {
		if (!s->name)
			return wrong("no scenario", o.ask.scenario);
		if (strcmp(s->name, o.ask.scenario) == 0)
			break;
	}
	if (!o.out)
		return wrong("no folder for", o.ask.scenario);
	return make(&o);
}

const struct cmd cmd_sim = {
	.name = "sim",
	.usage = "sim SCENARIO [--seed N] --out DIR [--nodes N] [--shots N]"
		 " [--hours H] [--agreement FILE]",
	.about = "write a simulated mission folder, with its truth",
	.run = run,
};
