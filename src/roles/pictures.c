/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pictures.c - edition_pictures(): of each located sound that broke a rule, by
 * time, as many as a page can bear. */
#include "publish/picture.h"
#include "roles/edition.h"
#include "roles/retrace.h"

/* A picture takes 80 to 150 kB; a page of some megabytes opens at once. */
enum { PICTURES_MAX = 40 };
#define ALL_BYTES ((size_t)4 << 20)
#define PAGE_BYTES ((size_t)8 << 20)
#define WORK_BYTES ((size_t)8 << 30)

static bool is_wanted(const struct report *r, const struct incident *i)
{
	if (!(i->modalities & 1u << MODALITY_ACOUSTIC))
		return false;
	for (size_t k = 0; k < r->now.finding_count; k++)
		if (r->now.finding[k].verdict == VERDICT_BREACH &&
			strcmp(r->now.finding[k].incident.text, i->id.text) ==
				0)
			return true;
	return false;
}

static bool trace(const struct edition_ask *ask, const struct report *r,
	struct arena *work, struct picture *p, size_t *count, struct fault *f)
{
	struct retracer by = {.store = ask->store, .mission = ask->mission,
		.arena = work};

	*count = 0;
	for (size_t i = 0; i < r->now.incident_count; i++) {
		bool found;

		if (*count == PICTURES_MAX)
			break;
		if (!is_wanted(r, &r->now.incident[i]))
			continue;
		if (!retrace(&by, &r->now.incident[i], &p[*count], &found, f))
			return false;
		if (found && strcmp(ask->lang, "en") != 0)
			p[*count].lang = ask->lang;
		*count += found;
	}
	return true;
}

static bool draw(const struct picture *p, size_t count, struct arena *work,
	struct arena *a, struct report *r, struct fault *f)
{
	struct depiction *d = arena_array(a, count + 1, sizeof *d, f);
	size_t mark = work->used, all = 0, n = 0;

	for (size_t i = 0; d && i < count; i++) {
		struct text page = text_in(work, PAGE_BYTES);
		char *kept;

		if (!picture_svg(&p[i], work, &page, f))
			return false;
		all += page.len;
		if (all > ALL_BYTES)
			break;
		if (!(kept = arena_text(a, text_view(&page), f)))
			return false;
		d[n].incident = p[i].incident->id;
		d[n++].svg = bytes_of(kept);
		work->used = mark;
	}
	r->depiction = d;
	r->depiction_count = n;
	return d != NULL;
}

bool edition_pictures(const struct edition_ask *ask, struct disk *disk,
	struct arena *a, struct report *r, struct fault *f)
{
	struct picture p[PICTURES_MAX];
	struct arena work;
	size_t count;
	bool ok;

	if (ask->level < LEVEL_MISSION)
		return true; /* they show where sensors stand */
	if (!arena_map(&work, WORK_BYTES, f))
		return false;
	ok = trace(ask, r, &work, p, &count, f) &&
		retrace_samples(disk, p, count, &work, f) &&
		draw(p, count, &work, a, r, f);
	arena_unmap(&work);
	return ok;
}
