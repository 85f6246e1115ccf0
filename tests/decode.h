/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * decode.h - what a format gives, counted, for tests: the last observation
 * with its lists copied, and the sums that real files are checked by. */
#ifndef TESTS_DECODE_H
#define TESTS_DECODE_H

#include "base/sha256.h"
#include "check.h"
#include "formats/print.h"

struct decoded {
	bool ok;
	struct fault fault;
	size_t observations, damage;
	size_t what[OBSERVATION_COUNT];
	struct observation last; /* its lists are gone; see features below */
	double features;  /* sum over all */
	size_t rings;
	char damage_text[240]; /* the last one */
	struct digest printed; /* of all lines but offsets */
	struct sha256 sha;
	bool (*each)(void *, const struct observation *);
	void *each_self;
};

static bool decoded_observation(
	void *self, const struct observation *o, struct fault *f)
{
	static char line[1 << 20];
	struct decoded *d = self;
	struct text t = text_on(line, sizeof line);
	struct observation k = *o;

	d->observations++;
	d->what[o->what]++;
	d->last = *o;
	for (size_t i = 0; i < o->feature_count; i++)
		d->features += o->feature[i].value;
	d->rings += o->place.region.ring_count;
	k.cite = (struct cite){.offset = 0};
	if (!print_observation(&k, &t, f))
		return false;
	sha256_add(&d->sha, text_view(&t));
	return !d->each || d->each(d->each_self, o);
}

static bool decoded_damage(void *self, const struct fault *why,
	uint64_t offset, uint64_t length, struct fault *f)
{
	struct decoded *d = self;

	(void)offset, (void)length, (void)f;
	d->damage++;
	(void)snprintf(
		d->damage_text, sizeof d->damage_text, "%s", why->text);
	return true;
}

__attribute__((unused)) static struct decoded decode(
	const char *format, struct bytes in, const char *source)
{
	static struct arena a;
	struct decoded d = {.ok = false};
	struct intake to = {
		&d, NULL, decoded_observation, decoded_damage, false};
	struct origin o = {"", source};

	if (!a.at && !arena_map(&a, (size_t)1 << 30, &d.fault))
		abort();
	a.used = 0;
	sha256_start(&d.sha);
	d.ok = format_named(format)->decode(in, &o, &a, &to, &d.fault);
	d.printed = sha256_end(&d.sha);
	return d;
}

__attribute__((unused)) static struct decoded decode_file(
	const char *format, const char *path, const char *source)
{
	struct bytes in;
	uint8_t *file = check_file(path, &in.len);
	struct decoded d;

	in.at = file;
	d = decode(format, in, source);
	free(file);
	return d;
}

#endif
