/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/format.h"

#include <stdarg.h>
#include <stdio.h>

const struct format *format_named(const char *name)
{
	for (size_t i = 0; formats[i]; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

const struct format *format_of(struct bytes head, const struct origin *o)
{
	const struct format *best = NULL;
	int sure = 0;

	for (size_t i = 0; formats[i]; i++) {
		int n = formats[i]->sniff(head, o);

		if (n > sure) {
			sure = n;
			best = formats[i];
		}
	}
	return best;
}

bool format_damage(const struct intake *in, uint64_t offset, uint64_t length,
	struct fault *f, const char *fmt, ...)
{
	struct fault why = {.kind = FAULT_INPUT};
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why.text, sizeof why.text, fmt, ap);
	va_end(ap);
	return in->damage(in->self, &why, offset, length, f);
}

bool intake_no_segment(void *self, const struct segment *s, struct fault *f)
{
	(void)self;
	(void)s;
	(void)f;
	return true;
}

bool intake_no_observation(
	void *self, const struct observation *o, struct fault *f)
{
	(void)self;
	(void)o;
	(void)f;
	return true;
}

bool intake_no_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	(void)self;
	(void)why;
	(void)offset;
	(void)length;
	(void)f;
	return true;
}
