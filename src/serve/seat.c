/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/seat.h"

#include <sys/stat.h>
#include <time.h>

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

void seats_init(struct seats *s, const struct api *api)
{
	*s = (struct seats){0};
	for (size_t i = 0; i < SEATS; i++)
		s->seat[i].api = *api;
	(void)pthread_mutex_init(&s->writing, NULL);
	(void)pthread_mutex_init(&s->lock, NULL);
	(void)pthread_cond_init(&s->freed, NULL);
}

void seats_done(struct seats *s)
{
	for (size_t i = 0; i < SEATS; i++)
		seat_close(&s->seat[i]);
	(void)pthread_cond_destroy(&s->freed);
	(void)pthread_mutex_destroy(&s->lock);
	(void)pthread_mutex_destroy(&s->writing);
}

static struct seat *take(struct seats *s)
{
	size_t i;

	(void)pthread_mutex_lock(&s->lock);
	for (;;) {
		for (i = 0; i < SEATS && s->taken[i]; i++)
			;
		if (i < SEATS)
			break;
		(void)pthread_cond_wait(&s->freed, &s->lock);
	}
	s->taken[i] = true;
	(void)pthread_mutex_unlock(&s->lock);
	return &s->seat[i];
}

static void give(struct seats *s, const struct seat *one)
{
	(void)pthread_mutex_lock(&s->lock);
	s->taken[one - s->seat] = false;
	(void)pthread_cond_signal(&s->freed);
	(void)pthread_mutex_unlock(&s->lock);
}

static struct instant now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (struct instant){t.tv_sec * INT64_C(1000000000) + t.tv_nsec};
}

void seats_answer(struct seats *s, const struct wire_request *asked,
	struct arena *a, struct wire_response *r)
{
	struct wire_request q = *asked;
	struct seat *one = take(s);
	struct fault f = {0};
	bool put = q.method == WIRE_PUT;

	q.now = now();
	if (put)
		(void)pthread_mutex_lock(&s->writing);
	/* A submission needs no index. */
	if (put || seat_ready(one, &f))
		api_answer(&one->api, &q, a, r);
	else
		api_fault(&f, a, r);
	if (put)
		(void)pthread_mutex_unlock(&s->writing);
	give(s, one);
}
