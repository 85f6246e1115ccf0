/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/publish.h"

static const char *const names[] = {
	"public", "parties", "mission", "restricted"};

int level_named(const char *name)
{
	for (int i = 0; name && i < 4; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

const char *level_name(enum level level)
{
	return (size_t)level < 4 ? names[level] : "?";
}
