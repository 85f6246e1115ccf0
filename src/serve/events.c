/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/events.h"

#include "serve/level.h"
#include "serve/render.h"

struct telling_events {
	const struct api *api;
	struct arena *work;
	struct bytes reviews;
	struct text *out;
	int64_t last;
};

/* Those that have an entry of their own: an hour's detections or looks are one
 * entry for thousands of rows, and whoever wants them asks for them. */
static const struct {
	const char *event;
	enum row_type type;
	enum level least; /* that is told of it */
} told[] = {
	{"incident", ROW_INCIDENT, LEVEL_PARTIES},
	{"finding", ROW_FINDING, LEVEL_PARTIES},
	{"activity", ROW_ACTIVITY, LEVEL_MISSION},
	{"claim", ROW_CLAIM, LEVEL_MISSION},
	{"obligation", ROW_OBLIGATION, LEVEL_PARTIES},
};

enum { TOLD = sizeof told / sizeof *told };

static const char *event_of(enum row_type type)
{
	for (size_t i = 0; i < TOLD; i++)
		if (told[i].type == type)
			return told[i].event;
	return "record";
}

static bool tell(void *self, const struct row *given, struct fault *f)
{
	struct telling_events *e = self;
	size_t mark = e->work->used;
	struct row row = *given;

	e->last = row.ledger_index;
	if (!level_row(e->api, e->reviews, &row, e->work, f))
		return false;
	/* Bodies have no line end: JSON escapes it. */
	text_fmt(e->out, "id: %lld\nevent: %s\ndata: ",
		(long long)row.ledger_index, event_of(row.type));
	render_record(e->out, &row);
	text_add(e->out, "\n\n");
	e->work->used = mark;
	return text_check(e->out, f);
}

bool events_since(const struct api *api, int64_t after, struct arena *work,
	struct text *out, int64_t *last, struct fault *f)
{
	struct api asked = *api;
	struct telling_events e = {&asked, work, {0}, out, after};
	char types[TOLD + 1] = "";
	size_t n = 0;
	bool ok;

	/* The time for a reply, or to decide what is owed, runs on after it
	 * was told: lists have it. */
	asked.mission = NULL;
	asked.owed = NULL;
	for (size_t i = 0; i < TOLD; i++)
		if (api->level >= told[i].least)
			types[n++] = (char)told[i].type;
	ok = api_reviews(api, work, &e.reviews, f) &&
		api->store->engine->since(api->store, types, after,
			EVENTS_ROWS, tell, &e, f);

	*last = e.last;
	return ok;
}
