/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * receive.c - of running.h: what comes is taken, kept, told and passed on. */
#include "cmd/running.h"

#include <math.h>
#include <stdio.h>

#include "store/alerts.h"

enum { RELEASE_MS = 500 }; /* receipts within a second (PROOF.md 4) */

/* What somebody should look at, when it happens. */
static void say_chain(const struct running *r, const struct chain_arrival *a)
{
	const struct frames_sensor *s =
		frames_sensor(&r->frames.sensors, a->frame.sensor);

	if (ui_quiet() || !s || (a->verdict != CHAIN_JUMP &&
			a->verdict != CHAIN_FORK && a->verdict != CHAIN_BREAK))
		return;
	(void)fprintf(stderr, "truce run: %s: frame %llu of boot %u: %s",
		s->source->id, (unsigned long long)a->frame.sequence,
		(unsigned)a->frame.boot, a->verdict == CHAIN_FORK ?
			"its key is used twice" : a->verdict == CHAIN_BREAK ?
			a->why.text : "");
	if (a->verdict == CHAIN_JUMP)
		(void)fprintf(stderr, "%llu before it are missing",
			(unsigned long long)a->missing);
	(void)fputc('\n', stderr);
}

static const char *name_of(const struct running *r, size_t sensor)
{
	return r->frames.sensors.sensor[sensor].source->id;
}

/* A frame that is its sensor's, whatever else. */
static void note_heard(struct running *r, const struct chain_arrival *a)
{
	const struct frames_sensor *s =
		frames_sensor(&r->frames.sensors, a->frame.sensor);
	size_t i = s ? (size_t)(s - r->frames.sensors.sensor) : 0;
	double after_s;

	if (!s || a->verdict == CHAIN_REFUSED)
		return;
	silence_heard(&r->silence, i, a->frame.span_us, live_now_ns(),
		&after_s);
	if (isfinite(after_s) && !ui_quiet())
		(void)fprintf(stderr, "truce run: %s is heard again, after "
			"%.0f s\n", name_of(r, i), after_s);
}

void running_silent(struct running *r)
{
	for (size_t i = 0; silence_next(&r->silence, live_now_ns(), &i);)
		if (!ui_quiet())
			(void)fprintf(stderr, "truce run: %s is silent: two of "
				"its frames are missing\n", name_of(r, i));
}

static bool keep_frame(
	struct running *r, const struct feed_group *g, struct fault *f)
{
	struct chain_arrival a = {.verdict = CHAIN_REFUSED};

	if (!frames_take(&r->frames, g->bytes, take_now(), 0, &a, f))
		return false;
	say_chain(r, &a);
	note_heard(r, &a);
	return release_hold(&r->release, g->node, &a, f);
}

static bool keep_gap(struct running *r, const struct feed_group *g,
	struct fault *f)
{
	(void)fprintf(stderr, "truce run: %s: %s: %llu bytes were passed "
		"over, which is kept as a fault\n", g->feed, g->entry,
		(unsigned long long)g->lost);
	return packets_gap(&r->packets, &(struct packet){.feed = g->feed,
		.entry = g->entry, .sequence = g->sequence}, g->lost,
		take_now(), f);
}

/* What is no record of samples waits for no more than a file would. */
static void hasten(struct running *r, struct bytes b)
{
	bool record = b.len > 7 && (bytes_start(b, "MS\3") ||
		(b.at[0] >= '0' && b.at[0] <= '9' && b.at[6] >= 'A' &&
			b.at[6] <= 'Z' && (b.at[7] == ' ' || b.at[7] == 0)));

	if (!record && r->hasten_ns == 0)
		r->hasten_ns = live_now_ns();
}

static bool keep_frames(struct running *r, struct bytes b, struct fault *f)
{
	struct frames_file x = {.name = "mqtt", .bytes = b, .now = take_now()};

	return frames_take_file(&r->frames, &x, f);
}

bool running_take(
	void *self, const struct feed_group *g, struct fault *f)
{
	struct running *r = self;
	struct packet p = {.feed = g->feed, .entry = g->entry,
		.sequence = g->sequence, .bytes = g->bytes};

	if (g->node)
		return keep_frame(r, g, f);
	if (g->lost > 0)
		return keep_gap(r, g, f);
	if (g->file && r->framed && bytes_start(g->bytes, "CFS1"))
		return keep_frames(r, g->bytes, f);
	if (g->file)
		hasten(r, g->bytes);
	return packets_add(&r->packets, &p, take_now(), f);
}

bool running_resume(void *self, const char *feed, const char *entry,
	uint64_t *sequence)
{
	struct running *r = self;

	return packets_resume(&r->packets, feed, entry, sequence);
}

void running_say(void *self, const char *text)
{
	(void)self;
	if (!ui_quiet())
		(void)fprintf(stderr, "truce run: %s\n", text);
}

/* Nobody waits for who reads alerts: the log gets all that they are of. */
bool running_alert(void *self, struct bytes line, struct fault *f)
{
	struct running *r = self;
	struct fault why;

	(void)f;
	/* For the desk.  Where that fails the log will tell it. */
	if (!alerts_add(r->folder, line, &why) && !r->unshown) {
		r->unshown = true;
		running_say(NULL, why.text);
	}
	speaker_say(&r->speaker, line);
	speaker_go(&r->speaker);
	if (r->speaker.dropped > 0 && !r->missed) {
		r->missed = true;
		running_say(NULL, r->speaker.gone ?
			"nobody reads the alerts any more"
			: "alerts are read too slowly: the oldest are "
			  "dropped");
	}
	return true;
}

void running_tell(void *self, uint64_t node, struct bytes b)
{
	struct running *r = self;

	fronts_answer(r->fronts, node, b);
}

struct heard running_ends(const struct running *r)
{
	return (struct heard){spool_end(&r->packets.spool),
		r->framed ? spool_end(&r->frames.spool) : 0};
}

/* What is kept, and heard, as a number that grows. */
uint64_t running_mark(struct heard x)
{
	return x.live + x.frames;
}

/* Level 1, and whoever goes too far is cut off. */
static void tell_kept(struct running *r)
{
	fronts_kept(r->fronts, running_mark(running_ends(r)));
	if (!r->framed)
		return;
	for (size_t i = 0; i < r->release.heards; i++)
		if (r->release.heard[i].verdict == CHAIN_REFUSED)
			fronts_refuse(r->fronts, r->release.heard[i].node);
	release_kept(&r->release);
}

/* Kept, told, heard: in this order. */
bool running_keep(struct running *r, struct fault *f)
{
	struct packets *p = &r->packets;

	if (p->count == 0 && (!r->framed || r->release.heards == 0)) {
		fronts_kept(r->fronts, running_mark(running_ends(r)));
		return true;
	}
	if (!packets_keep(p, f) || (r->framed && !frames_keep(&r->frames, f)))
		return false;
	tell_kept(r);
	packets_clear(p);
	if (r->framed)
		frames_clear(&r->frames);
	hearing_kept(&r->hearing, running_ends(r));
	return true;
}

/* Level 2. */
bool running_release(struct running *r, bool now, struct fault *f)
{
	bool right;

	if (!r->framed || !release_due(&r->release) ||
		(!now && live_now_ns() < r->release_ns))
		return true;
	r->release_ns = live_now_ns() + RELEASE_MS * INT64_C(1000000);
	if (!running_clock(r, &right, f))
		return false;
	return !right || release_go(&r->release, take_now(), f);
}
