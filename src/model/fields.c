/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/fields.h"

struct fields fields_in(struct arena *a)
{
	return (struct fields){.arena = a};
}

const struct field *fields_find(const struct fields *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->field[i].name, name) == 0)
			return &s->field[i];
	return NULL;
}
