/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/level.h"

#include "base/tree.h"
#include "model/incident.h"

/* The part of a path up to its next slash. */
static bool begins(struct bytes path, const char *word)
{
	size_t n = strlen(word);

	return bytes_start(path, word) &&
		(path.len == n || path.at[n] == '/');
}

static bool among(struct bytes path, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (begins(path, list[i]))
			return true;
	return false;
}

bool level_permits(enum level level, struct bytes path)
{
	static const char *const parties[] = {"incidents", "findings",
		"obligations", "activities", "claims", "columns", "mission",
		"geometry", "coverage", "board", "entries", "disclosures",
		"report", "stream", NULL};
	static const char *const all[] = {"session", "map", NULL};
	struct bytes rest = bytes_part(path, 8, path.len);

	if (level >= LEVEL_MISSION)
		return true;
	if (begins(path, "/out") || begins(path, "/ogc"))
		return false;
	if (!bytes_start(path, "/api/v1/"))
		return true; /* page, log, what is public */
	if (among(rest, all))
		return true;
	return level == LEVEL_PARTIES && (rest.len == 0 ||
		among(rest, parties));
}

/* Who saw it and from where. */
static bool personal(const char *name)
{
	static const char *const names[] = {"observer", "report_id", "notes",
		"place_name", "photos", "observer_lat", "observer_lon",
		"observer_err_m"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool strip(struct row *row, struct arena *a, struct fault *f)
{
	struct fields *s = arena_take(a, sizeof *s, f);
	struct text t = text_in(a, row->body.len + 256);
	struct attribute *kept;
	struct feature *some;
	const struct tree *tree;
	struct incident i;
	size_t n = 0;

	if (!s || !tree_read(row->body, a, &tree, f) ||
		!incident_read(tree, a, &i, f))
		return false;
	kept = arena_array(a, i.attribute_count + 1, sizeof *kept, f);
	some = arena_array(a, i.feature_count + 1, sizeof *some, f);
	if (!kept || !some)
		return false;
	for (size_t k = 0; k < i.attribute_count; k++)
		if (!personal(i.attribute[k].name))
			kept[n++] = i.attribute[k];
	i.attribute = kept;
	i.attribute_count = n;
	n = 0;
	for (size_t k = 0; k < i.feature_count; k++)
		if (!personal(i.feature[k].name))
			some[n++] = i.feature[k];
	i.feature = some;
	i.feature_count = n;
	/* Names of sensors, and when each of them heard it.  What is kept here
	 * is shut in a disclosure, too (cmd/disclosing.c). */
	i.evidence_count = i.silent_count = i.health_count = 0;
	*s = fields_in(a);
	if (!incident_write(&i, s, f))
		return false;
	fields_print(s, &t);
	row->body = text_view(&t);
	row->source = "";
	return text_check(&t, f);
}

bool level_row(const struct api *api, struct bytes reviews, struct row *row,
	struct arena *a, struct fault *f)
{
	if (api->level < LEVEL_MISSION && row->type == ROW_INCIDENT &&
		!strip(row, a, f))
		return false;
	if (row->type == ROW_OBLIGATION && api->owed)
		return api->owed(api->store, api->now, row, a, f);
	return !api->revise || api->revise(reviews, api->mission, api->now,
		row, a, f);
}
