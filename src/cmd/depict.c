/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/depict.h"

#include "publish/svg.h"
#include "roles/retrace.h"
#include "spool/files.h"

/* A page: thirty records of a thousand points each are a third of it. */
#define PAGE_BYTES ((size_t)8 << 20)
enum { ROWS_TOLD = 60 }; /* a screen or two */
#define ARENA_BYTES ((size_t)8 << 30)

static bool is_sound(const struct incident *i)
{
	return (i->modalities & 1u << MODALITY_ACOUSTIC) != 0;
}

static bool trace(struct telling *t, const struct incident *i,
	struct picture *p, bool *found, struct fault *f)
{
	struct retracer r = {.store = t->store,
		.mission = &t->loaded->mission, .arena = &t->arena};

	*found = false;
	*p = (struct picture){.incident = i};
	if (!is_sound(i))
		return retrace_afar(&r, i, &p->far, &p->far_count, f);
	return retrace(&r, i, p, found, f);
}

static const char *clock_of(struct instant t, char out[INSTANT_TEXT])
{
	char at[INSTANT_TEXT];
	struct text x = text_on(out, INSTANT_TEXT);

	text_fmt(&x, "%.12s", instant_print(t, 3, at) + 11);
	return out;
}

static struct instant expected(
	const struct picture *p, const struct picture_row *r)
{
	return instant_round_us(instant_plus_s(p->sound.at, r->travel_s));
}

/* Nothing is said to be "-0". */
static double plain(double x, double least)
{
	return fabs(x) < least ? 0 : x;
}

static void tell_row(
	const struct picture *p, const struct picture_row *r, int width)
{
	char at[INSTANT_TEXT] = "-", due[INSTANT_TEXT];
	char words[256];
	struct text t = text_on(words, sizeof words);

	if (r->used)
		clock_of(r->used->at, at);
	if (r->state == PICTURE_HEARD)
		text_fmt(&t, "%+.0f ms, %+.1f sigma",
			plain(r->late_s * 1000, 0.5),
			plain(r->late_s / r->sigma_s, 0.05));
	else
		picture_words(r, NULL, &t);
	printf("  %-*s %7.2f km  %-12s  %s  %s%s\n", width, r->source->id,
		r->d_m / 1000, at, clock_of(expected(p, r), due), words,
		r->state == PICTURE_HEARD && r->weight < 0.5
			? ", hardly counted" : "");
}

/* What others than nodes heard of it. */
static void tell_far(const struct far *h, int width)
{
	char at[INSTANT_TEXT];

	printf("  %-*s %7.2f km  %-12s  %s  %+.2f s, %+.1f sigma", width,
		h->source, h->d_m / 1000, clock_of(h->at, at),
		phase_name(h->phase), plain(h->late_s, 0.005),
		plain(h->late_s / h->sigma_s, 0.05));
	if (isfinite(h->back_azimuth_deg))
		printf("; from %.1f deg, %+.1f deg off, %+.1f sigma",
			h->back_azimuth_deg, plain(h->off_deg, 0.05),
			plain(h->off_deg / h->sigma_deg, 0.05));
	printf("%s\n", h->weight < 0.5 ? ", hardly counted" : "");
}

static void tell_others(const struct picture *p)
{
	int width = 6;

	if (p->far_count == 0)
		return;
	for (size_t i = 0; i < p->far_count; i++)
		if ((int)strlen(p->far[i].source) > width)
			width = (int)strlen(p->far[i].source);
	printf("%s (A air wave, P and S in the ground, I an array; from where "
		"%s)\n", p->rows ? "others that heard it" : "who heard it",
		p->rows ? "the nodes put it" : "it is put");
	for (size_t i = 0; i < p->far_count; i++)
		tell_far(&p->far[i], width);
}

bool depict_arrivals(
	struct telling *t, const struct incident *i, struct fault *f)
{
	struct picture p;
	bool found;
	int width = 6;

	if (!trace(t, i, &p, &found, f))
		return false;
	if (!found) {
		tell_others(&p);
		return true;
	}
	for (size_t k = 0; k < p.rows && k < ROWS_TOLD; k++)
		if ((int)strlen(p.row[k].source->id) > width)
			width = (int)strlen(p.row[k].source->id);
	printf("sensors in range (located anew%s; sound at %.1f m/s, and the "
		"wind)\n", p.same ? "" : ", not quite as recorded",
		p.speed_ms);
	printf("  %-*s   distance  arrived UTC   expected      late by\n",
		width, "sensor");
	for (size_t k = 0; k < p.rows && k < ROWS_TOLD; k++)
		tell_row(&p, &p.row[k], width);
	if (p.rows > ROWS_TOLD)
		printf("  ... and %zu more; --json has them\n",
			p.rows - ROWS_TOLD);
	tell_others(&p);
	return true;
}

static void json_row(struct json *j, const struct picture *p,
	const struct picture_row *r)
{
	static const char *const states[] = {
		[PICTURE_HEARD] = "heard",
		[PICTURE_APART] = "apart",
		[PICTURE_SILENT] = "silent",
		[PICTURE_DOUBTED] = "doubted",
		[PICTURE_OUT] = "out",
	};
	char at[INSTANT_TEXT];

	json_object(j);
	json_key_text(j, "source", r->source->id);
	json_key_text(j, "state", states[r->state]);
	json_key_fixed(j, "distance_m", r->d_m, 1);
	json_key_text(j, "expected", instant_print(expected(p, r), 6, at));
	json_key_fixed(j, "sigma_s", r->sigma_s, 4);
	json_key_fixed(j, "pd", r->pd, 3);
	if (r->used) {
		json_key_text(j, "detection", r->used->id.text);
		json_key_fixed(j, "late_s", r->late_s, 4);
	}
	json_close(j);
}

static void json_far(struct json *j, const struct far *h)
{
	char at[INSTANT_TEXT];

	json_object(j);
	json_key_text(j, "source", h->source);
	json_key_text(j, "detection", h->detection);
	json_key_text(j, "phase", phase_name(h->phase));
	json_key_text(j, "at", instant_print(h->at, 6, at));
	json_key_fixed(j, "distance_m", h->d_m, 1);
	json_key_fixed(j, "late_s", h->late_s, 4);
	json_key_fixed(j, "sigma_s", h->sigma_s, 4);
	if (isfinite(h->back_azimuth_deg)) {
		json_key_fixed(j, "back_azimuth_deg", h->back_azimuth_deg, 2);
		json_key_fixed(j, "off_deg", h->off_deg, 2);
		json_key_fixed(j, "sigma_deg", h->sigma_deg, 2);
	}
	json_key_fixed(j, "share", h->weight, 3);
	json_close(j);
}

static bool print_others(
	struct telling *t, const struct picture *p, struct fault *f)
{
	struct text out = text_in(&t->arena, 512 * (p->far_count + 1));
	struct json j = json_on(&out);

	if (p->far_count == 0)
		return true;
	json_list(&j);
	for (size_t k = 0; k < p->far_count; k++)
		json_far(&j, &p->far[k]);
	json_close(&j);
	if (!text_check(&out, f))
		return false;
	printf(",\"others\":%s", out.at);
	return true;
}

bool depict_json(struct telling *t, const struct incident *i, struct fault *f)
{
	struct text out;
	struct picture p;
	struct json j;
	bool found;

	if (!trace(t, i, &p, &found, f))
		return false;
	if (!found)
		return print_others(t, &p, f);
	out = text_in(&t->arena, 512 * (p.rows + 1));
	j = json_on(&out);
	json_list(&j);
	for (size_t k = 0; k < p.rows; k++)
		json_row(&j, &p, &p.row[k]);
	json_close(&j);
	if (!text_check(&out, f))
		return false;
	printf(",\"arrivals\":%s", out.at);
	return print_others(t, &p, f);
}

/* -- the picture -- */

static bool samples(struct telling *t, struct picture *p, struct fault *f)
{
	struct files files;
	bool ok;

	if (!files_open(&files, t->loaded->folder, f))
		return false;
	ok = retrace_samples(&files.disk, p, 1, &t->arena, f);
	files_close(&files);
	return ok;
}

static bool draw(const struct picture *p, const struct depict_ask *ask,
	struct arena *a, struct text *page, struct fault *f)
{
	if (ask->html) {
		text_fmt(page, "<!DOCTYPE html>\n<html lang=\"%s\"><head>"
			       "<meta charset=\"utf-8\"><title>",
			ask->lang);
		svg_escape(page, p->incident->id.text);
		text_add(page, "</title><style>@page{size:A4 landscape;"
			       "margin:8mm}body{margin:0;background:#fff}"
			       "svg{display:block;margin:0 auto;"
			       "max-width:100%;height:auto}</style></head>"
			       "<body>\n");
	}
	if (!picture_svg(p, a, page, f))
		return false;
	if (ask->html)
		text_add(page, "</body></html>\n");
	return text_check(page, f);
}

static bool write_file(const char *path, struct bytes b, struct fault *f)
{
	FILE *to = fopen(path, "wb");
	bool ok;

	if (!to)
		return fault_errno(f, "%s", path);
	ok = fwrite(b.at, 1, b.len, to) == b.len;
	if (fclose(to) != 0 || !ok)
		return fault_errno(f, "%s", path);
	return true;
}

static bool depict(struct telling *t, const struct incident *i,
	const struct depict_ask *ask, struct fault *f)
{
	struct picture p;
	struct text page;
	bool found;

	if (!trace(t, i, &p, &found, f))
		return false;
	if (!found)
		return fault(f, FAULT_INPUT, "%s is no located sound: there is "
			"no picture of it", i->id.text);
	if (!samples(t, &p, f))
		return false;
	if (strcmp(ask->lang, "en") != 0)
		p.lang = ask->lang;
	page = text_in(&t->arena, PAGE_BYTES);
	return draw(&p, ask, &t->arena, &page, f) &&
		write_file(ask->path, text_view(&page), f);
}

bool depict_file(struct telling *t, const struct incident *i,
	const struct depict_ask *ask, struct fault *f)
{
	/* Its own arena: what is told stays. */
	struct telling own = {.store = t->store, .loaded = t->loaded};
	bool ok = arena_map(&own.arena, ARENA_BYTES, f) &&
		depict(&own, i, ask, f);

	arena_unmap(&own.arena);
	return ok;
}
