/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scale_kept.h - arrivals of a run of the bench of scale in a file, so that
 * the locating alone can be repeated: what detectors made, and the
 * simulator's pages of sources, weather and truth.  For this program on this
 * machine alone: structs lie in it as they are, but for their pointers. */
#ifndef BENCH_SCALE_KEPT_H
#define BENCH_SCALE_KEPT_H

#include "base/arena.h"
#include "model/ambient.h"
#include "scale_world.h"

struct kept { /* a file that is written or read */
	FILE *file;
	bool reads, ok;
	struct arena *text;
};

static void kept_bytes(struct kept *k, void *at, size_t n)
{
	size_t done = k->reads ? fread(at, 1, n, k->file)
			       : fwrite(at, 1, n, k->file);

	k->ok = k->ok && done == n;
}

static void kept_size(struct kept *k, size_t *n)
{
	kept_bytes(k, n, sizeof *n);
	if (!k->ok)
		*n = 0;
}

static void kept_page(struct kept *k, struct page *p)
{
	kept_size(k, &p->len);
	if (k->reads)
		p->at = malloc(p->room = p->len + 1);
	if (!p->at && p->len > 0)
		exit(1);
	kept_bytes(k, p->at, p->len);
}

static void kept_text(struct kept *k, const char **text)
{
	char word[256] = "";
	size_t n = k->reads ? 0 : strlen(*text);
	struct fault f;

	kept_size(k, &n);
	if (n >= sizeof word)
		exit(1);
	if (!k->reads)
		memcpy(word, *text, n);
	kept_bytes(k, word, n);
	if (k->reads && !(*text = arena_text(k->text, bytes_of(word), &f)))
		exit(1);
}

static void kept_detection(struct kept *k, struct detection *d)
{
	struct feature *v;
	struct fault f;

	kept_bytes(k, d, sizeof *d);
	kept_text(k, &d->source);
	kept_text(k, &d->detector);
	v = arena_array(k->text, d->feature_count + 1, sizeof *v, &f);
	if (!v)
		exit(1);
	for (size_t i = 0; i < d->feature_count; i++) {
		if (!k->reads)
			v[i] = d->feature[i];
		kept_text(k, &v[i].name);
		kept_bytes(k, &v[i].value, sizeof v[i].value);
	}
	d->feature = v;
	d->attribute = NULL;
	d->attribute_count = 0;
}

static void kept_ambient(struct kept *k, struct ambient *a)
{
	kept_bytes(k, a, sizeof *a);
	kept_text(k, &a->source);
}

#endif
