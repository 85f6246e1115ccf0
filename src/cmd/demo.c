/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * demo.c - the whole of Truce at work on a simulated day: the mission folder
 * made, replayed, its report written and, unless --once, shown on loopback. */
#include <unistd.h>

#include "base/csv.h"
#include "cmd/embedded.h"
#include "cmd/serving.h"
#include "cmd/simfolder.h"
#include "cmd/take.h"
#include "publish/glimpse.h"
#include "roles/edition.h"

extern const struct cmd cmd_demo;

enum { DEMO_SEED = 1, DEMO_SIGNS = 2 /* sensors (simsign.h) */ };

static bool make_folder(const char *dir, struct fault *f)
{
	const struct sim_ask ask = {.scenario = "demo", .seed = DEMO_SEED,
		.agreement = {demo_agreement, demo_agreement_len}};
	struct simfolder_sum sum;
	char path[4096];
	struct text t = text_on(path, sizeof path);

	text_fmt(&t, "%s/mission.yaml", dir);
	if (file_exists(path)) {
		printf("mission    %s (made before)\n", dir);
		return true;
	}
	if (!simfolder_write(&ask, 1, DEMO_SIGNS, dir, &sum, f))
		return false;
	printf("mission    %s: %zu files, %.1f MB, simulated\n", dir,
		sum.files, (double)sum.bytes * 1e-6);
	return true;
}

static bool write_report(struct arena *a, const struct report *r,
	const struct publisher *p, const char *folder, struct fault *f)
{
	char path[4200];
	struct text t = text_on(path, sizeof path);
	FILE *to;
	bool ok;

	text_fmt(&t, "%s/report.%s", folder, p->suffix[0] == '.'
		? p->suffix + 1 : p->suffix);
	if (!(to = fopen(path, "wb")))
		return fault_errno(f, "%s", path);
	ok = p->print(r, a, ui_file(to), f);
	if (fclose(to) != 0 && ok)
		ok = fault_errno(f, "%s", path);
	return ok || fault_in(f, "%s", path);
}

/* A share; where it says next to nothing, the looks themselves. */
static void tell_watched(const struct report *r, struct arena *a)
{
	struct fault f = {0};
	struct view v;

	if (!report_view(r, a, &v, &f))
		return;
	for (size_t i = 0; i < r->now.coverage_count; i++) {
		const struct coverage *c = &r->now.coverage[i];

		if (strcmp(c->area, "all") != 0 ||
			c->modality != MODALITY_COUNT)
			continue;
		if (is_glimpse(c))
			printf("watched    %s: %s\n", kind_name(c->kind),
				view_glimpse(&v, c));
		else
			printf("watched    %s: %.0f %% of area and time\n",
				kind_name(c->kind), c->watched * 100);
	}
	if (r->now.limits.count > 0)
		printf("explosions %s\n",
			view_limit(&v, &r->now.limits.limit[0]));
}

static void tell(const struct report *r, struct arena *a, const char *folder)
{
	size_t n[VERDICT_COUNT] = {0};
	const struct finding *breach = NULL;
	char from[INSTANT_TEXT], to[INSTANT_TEXT];

	for (size_t i = 0; i < r->now.finding_count; i++) {
		n[r->now.finding[i].verdict]++;
		if (!breach && r->now.finding[i].verdict == VERDICT_BREACH)
			breach = &r->now.finding[i];
	}
	printf("period     %s: %s to %s\n", r->now.period.label,
		mission_local(r->mission, r->now.period.span.from, from),
		mission_local(r->mission, r->now.period.span.to, to));
	printf("incidents  %zu\n", r->now.incident_count);
	printf("findings   %zu breach, %zu undetermined, %zu conflict, "
		"%zu no breach, %zu not applicable\n", n[VERDICT_BREACH],
		n[VERDICT_UNDETERMINED], n[VERDICT_CONFLICT],
		n[VERDICT_NO_BREACH], n[VERDICT_NOT_APPLICABLE]);
	tell_watched(r, a);
	if (breach)
		printf("ask why    truce explain %s %s\n", folder,
			breach->id.text + ID_TEXT - 9);
}

static bool publish(struct taking *t, const char *out, struct fault *f)
{
	struct store store = {stores[0], NULL};
	struct edition_ask ask = {.mission = &t->loaded.mission,
		.terms = t->loaded.terms, .store = &store,
		.ledger = t->intake.ledger, .level = LEVEL_MISSION,
		.lang = "en"};
	struct period period;
	struct report r;
	struct arena a;
	bool ok;

	if (!folder_make(out, f) || !arena_map(&a, (size_t)8 << 30, f))
		return false;
	ok = store.engine->open(&store, t->loaded.folder, false, f) &&
		edition_last(&ask, &period, f) &&
		edition_gather(&ask, &period, &a, &r, f) &&
		edition_pictures(&ask, &t->files.disk, &a, &r, f);
	for (size_t i = 0; ok && publishers[i]; i++)
		ok = write_report(&a, &r, publishers[i], out, f);
	if (ok)
		tell(&r, &a, t->loaded.folder);
	if (store.self)
		store.engine->close(&store);
	arena_unmap(&a);
	return ok;
}

/* The replay's hold on the folder is over: what is shown is read anew. */
static int show(const char *dir, uint16_t port)
{
	struct fault f = {0};
	struct loaded l;
	int code = load_sound(&cmd_demo, dir, &l);

	if (code != EXIT_DONE)
		return code;
	if (!serving_until_end(
		&l, &(struct serving){.port = port}, &f))
		code = cmd_fault(&cmd_demo, &f);
	load_free(&l);
	return code;
}

static int demo(const char *dir, const char *out, uint16_t port, bool once)
{
	const struct span all = {INSTANT_UNKNOWN, INSTANT_UNKNOWN};
	struct replay_done done;
	struct fault f = {0};
	struct taking t;
	int jobs = (int)sysconf(_SC_NPROCESSORS_ONLN), code;

	if (!make_folder(dir, &f))
		return cmd_fault(&cmd_demo, &f);
	code = take_open(&t, &cmd_demo, dir);
	if (code != EXIT_DONE)
		return code;
	if (take_inbox(&t, &f) && take_commit(&t, &f) &&
		take_replay(&t, all, jobs < 1 ? 1 : jobs, &done, &f)) {
		printf("replayed   %llu files, %.1f million samples, %llu "
			"observations, %llu detections\n",
			(unsigned long long)done.files,
			(double)done.samples * 1e-6,
			(unsigned long long)done.observations,
			(unsigned long long)done.detections);
		if (!publish(&t, out, &f))
			code = cmd_fault(&cmd_demo, &f);
	} else {
		code = cmd_fault(&cmd_demo, &f);
	}
	take_close(&t);
	if (code != EXIT_DONE)
		return code;
	printf("report     %s/report.html\n", out);
	return once ? EXIT_DONE : show(dir, port);
}

static int run(int argc, char **argv)
{
	const char *dir = "build/demo", *port_text = "8080";
	bool once = false;
	const struct ui_option options[] = {{"--dir", &dir, NULL},
		{"--port", &port_text, NULL}, {"--once", NULL, &once}, {0}};
	char out[4096];
	struct text t = text_on(out, sizeof out);
	struct fault f;
	int64_t port;

	if (!ui_options(&cmd_demo, &argc, argv, options))
		return EXIT_USAGE;
	if (argc != 1)
		return cmd_usage(&cmd_demo, "no operands are wanted");
	if (!integer_read(bytes_of(port_text), &port, &f) || port < 0 ||
		port > 65535)
		return cmd_usage(&cmd_demo, "--port '%s', wants 0 to 65535",
			port_text);
	text_fmt(&t, "%s/out", dir);
	return demo(dir, out, (uint16_t)port, once);
}

const struct cmd cmd_demo = {
	.name = "demo",
	.usage = "demo [--dir D] [--port P] [--once]",
	.about = "a whole simulated day, and its report",
	.run = run,
};
