/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/seat.h"

#include <sys/stat.h>

void seat_close(struct seat *s)
{
	if (s->file)
		s->store.engine->close(&s->store);
	s->file = 0;
}

bool seat_ready(struct seat *s, struct fault *f)
{
	char path[4200];
	struct text t = text_on(path, sizeof path);
	struct stat st;

	text_fmt(&t, "%s/index.db", s->api.folder);
	if (stat(path, &st) < 0)
		st = (struct stat){0};
	if (s->file && s->file == st.st_ino && s->device == st.st_dev)
		return true;
	seat_close(s);
	s->store = (struct store){stores[0], NULL};
	if (!s->store.engine->open(&s->store, s->api.folder, false, f))
		return false;
	s->file = st.st_ino;
	s->device = st.st_dev;
	s->api.store = &s->store;
	return true;
}
