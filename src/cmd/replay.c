/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/take.h"
#include "roles/warn.h"

extern const struct cmd cmd_replay;

static void say_strange(const struct replay_done *d)
{
	if (d->strange > 0)
		(void)fprintf(stderr, "%llu samples are kept but not heard: "
			"sensors.csv has no source for %s; add its row, then "
			"replay\n", (unsigned long long)d->strange,
			d->stranger);
}

static void print(const struct taking *t, const struct replay_done *d)
{
	printf("%llu files (%llu new), %llu samples, %llu observations, "
		"%llu damaged parts", (unsigned long long)d->files,
		(unsigned long long)t->taken, (unsigned long long)d->samples,
		(unsigned long long)d->observations,
		(unsigned long long)d->damaged);
	if (d->duplicates > 0)
		printf(", %llu overlaps", (unsigned long long)d->duplicates);
	if (t->unopened > 0)
		printf(", %llu unreadable", (unsigned long long)t->unopened);
	printf("\n%llu detections, %llu looks, %llu incidents, %llu findings; "
		"%llu records are new or changed\n",
		(unsigned long long)d->detections,
		(unsigned long long)d->looks,
		(unsigned long long)d->incidents,
		(unsigned long long)d->findings,
		(unsigned long long)d->fresh);
}

static bool count_owed(
	const char *folder, struct warn_counts *c, struct fault *f)
{
	struct store s = {stores[0], NULL};
	bool ok;

	if (!s.engine->open(&s, folder, false, f))
		return false;
	ok = warn_count(&s, take_now(), c, f);
	s.engine->close(&s);
	return ok;
}

/* Only of a mission that has any. */
static void print_owed(const char *folder, const struct warn_counts *c)
{
	if (c->standing + c->fell == 0)
		return;
	printf("%llu obligations stand, %llu of them wait for their "
		"authority: %llu near their deadline, %llu perhaps past it, "
		"%llu past it (truce pledges due %s)\n",
		(unsigned long long)c->standing,
		(unsigned long long)c->waiting, (unsigned long long)c->near,
		(unsigned long long)c->perhaps, (unsigned long long)c->passed,
		folder);
}

static int run(int argc, char **argv)
{
	const char *from = NULL, *to = NULL, *jobs_text = NULL;
	const struct ui_option options[] = {{"--from", &from, NULL},
		{"--to", &to, NULL}, {"--jobs", &jobs_text, NULL}, {0}};
	struct span span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN};
	struct warn_counts owed;
	struct replay_done done;
	struct fault f = {0};
	struct taking t;
	int jobs, code;

	if (!ui_options(&cmd_replay, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 2)
		return cmd_usage(&cmd_replay, "one mission folder is wanted");
	if (!ui_time(&cmd_replay, from, &span.from) ||
		!ui_time(&cmd_replay, to, &span.to) ||
		!take_jobs(&cmd_replay, jobs_text, &jobs))
		return EXIT_USAGE;
	if (from && to && span.to.utc_ns < span.from.utc_ns)
		return cmd_usage(&cmd_replay, "--to '%s' is before --from "
			"'%s'", to, from);
	if (from && !to)
		span.to = (struct instant){INSTANT_MAX_NS - 1};
	if (to && !from)
		span.from = (struct instant){0};
	code = take_open(&t, &cmd_replay, argv[1]);
	if (code != EXIT_DONE)
		return code;
	if (take_inbox(&t, &f) && take_live(&t, &f) && take_commit(&t, &f) &&
		take_replay(&t, span, jobs, &done, &f) &&
		count_owed(argv[1], &owed, &f)) {
		say_strange(&done);
		print(&t, &done);
		print_owed(argv[1], &owed);
		code = t.unopened > 0 ? EXIT_INPUT : EXIT_DONE;
	} else {
		code = cmd_fault(&cmd_replay, &f);
	}
	take_close(&t);
	return code;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.usage = "replay MISSION [--from T] [--to T] [--jobs N]",
	.about = "the whole chain over what is in the mission",
	.run = run,
};
