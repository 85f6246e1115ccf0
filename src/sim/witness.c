/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The truth of one node: what arrived there, what was wrong with it. */
#include "sim/ear.h"
#include "sim/wire.h"

struct teller {
	struct world *w;
	const struct node *n;
};

static void tell_arrival(void *self, const struct arrival *x)
{
	const struct teller *t = self;
	struct act *a = &t->w->act[x->act];
	struct json j = world_truth(t->w, "arrival");

	/* Several phases of one act at one node are one hearing. */
	a->heard += x->counts && (a->last_heard != t->n);
	if (x->counts)
		a->last_heard = t->n;
	json_key_text(&j, "incident", a->id);
	json_key_text(&j, "source", t->n->id);
	json_key_time(&j, "at", x->at, 6);
	json_key_fixed(&j, "snr_db", x->snr_db, 1);
	json_key_flag(&j, "heard", x->heard);
	if (t->w->full)
		json_key_text(&j, "phase", x->phase);
	world_truth_end(t->w, &j);
}

/* Where it really stands. */
static void tell_place(const struct teller *t)
{
	struct json j = world_truth(t->w, "source");
	struct point p = world_point(t->w,
		node_place(t->w, t->n, t->w->span.from));

	json_key_text(&j, "source", t->n->id);
	json_key_fixed(&j, "lat", p.lat_deg, 7);
	json_key_fixed(&j, "lon", p.lon_deg, 7);
	world_truth_end(t->w, &j);
}

static struct json begin_fault(
	const struct teller *t, const char *kind, struct span s)
{
	struct json j = world_truth(t->w, "fault");

	json_key_text(&j, "source", t->n->id);
	json_key_text(&j, "kind", kind);
	json_key_time(&j, "from", s.from, 3);
	json_key_time(&j, "to", s.to, 3);
	return j;
}

static void tell_fault(const struct teller *t, const char *kind, struct span s)
{
	struct json j = begin_fault(t, kind, s);

	world_truth_end(t->w, &j);
}

/* One-file flaws stand with their file. */
static bool of_file(const struct flaw *x)
{
	return x->sort >= FLAW_FILE_TWICE && x->sort <= FLAW_RECORD_DAMAGED;
}

static void tell_file(
	const struct teller *t, const struct flaw *x, struct span s)
{
	const char *mark = x->sort == FLAW_FILE_TWICE ? "copy_" :
		x->sort == FLAW_FILE_LATE ? "late_" : "";
	struct json j = begin_fault(t, flaw_name(x->sort), s);
	char path[160];

	wire_path(t->n, s.from, mark, path, sizeof path);
	json_key_text(&j, "file", path);
	world_truth_end(t->w, &j);
}

static void tell_run(const struct teller *t, const struct node_run *run)
{
	struct span s = {.to = run->span.from};

	while (s.to.utc_ns < run->span.to.utc_ns) {
		const struct flaw *x;

		s = wire_file_at(run, s.to);
		x = wire_file_flaw(t->n, s);
		if (x && of_file(x))
			tell_file(t, x, s);
	}
	if (run->clock_s < 0 || run->clock_s > 0)
		tell_fault(t, "clock_offset", run->span);
}

/* Where the node should deliver and does not. */
static void tell_gaps(const struct teller *t)
{
	const struct node *n = t->n;
	struct instant at = t->w->span.from;

	for (size_t i = 0; i <= n->run_count; i++) {
		struct instant to = i < n->run_count ? n->run[i].span.from :
			t->w->span.to;

		if (at.utc_ns < to.utc_ns)
			tell_fault(t, "no_data", (struct span){at, to});
		if (i < n->run_count)
			at = n->run[i].span.to;
	}
}

static void tell_flaw(const struct teller *t, const struct flaw *x)
{
	struct json j = begin_fault(t, flaw_name(x->sort), x->span);

	json_key_fixed(&j, "size", x->size, 6);
	world_truth_end(t->w, &j);
}

bool wire_tell(struct world *w, size_t node, struct arena *arena,
	struct fault *f)
{
	struct teller t = {w, &w->node[node]};
	const size_t mark = arena->used;
	struct ear e = {.w = w, .n = t.n, .tell = tell_arrival, .self = &t};
	bool ok;

	if (w->full)
		tell_place(&t);
	ok = ear_listen(&e, arena, f);
	for (size_t i = 0; ok && i < t.n->run_count; i++)
		tell_run(&t, &t.n->run[i]);
	tell_gaps(&t);
	for (size_t i = 0; i < t.n->flaw_count; i++)
		if (!of_file(&t.n->flaw[i]))
			tell_flaw(&t, &t.n->flaw[i]);
	arena->used = mark;
	return ok;
}
