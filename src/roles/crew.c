/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/crew.h"

enum { HANDS_MAX = 64 };

struct shared {
	struct crew crew;
	void *self;
	bool (*work)(void *self, struct crew *, struct fault *);
};

void crew_lock(struct crew *c)
{
	(void)pthread_mutex_lock(&c->lock);
}

void crew_unlock(struct crew *c)
{
	(void)pthread_mutex_unlock(&c->lock);
}

bool crew_next(struct crew *c, size_t *next, size_t count, size_t *piece)
{
	bool any;

	crew_lock(c);
	any = !c->failed && *next < count;
	if (any)
		*piece = (*next)++;
	crew_unlock(c);
	return any;
}

static void *hand(void *self)
{
	struct shared *s = self;
	struct fault f = {0};

	if (s->work(s->self, &s->crew, &f))
		return NULL;
	crew_lock(&s->crew);
	if (!s->crew.failed)
		s->crew.why = f;
	s->crew.failed = true;
	crew_unlock(&s->crew);
	return NULL;
}

bool crew_run(int jobs, void *self,
	bool (*work)(void *self, struct crew *, struct fault *),
	struct fault *f)
{
	struct shared s = {.crew.lock = PTHREAD_MUTEX_INITIALIZER,
		.self = self, .work = work};
	pthread_t thread[HANDS_MAX];
	int n = 0;

	while (n < jobs - 1 && n < HANDS_MAX - 1 &&
		pthread_create(&thread[n], NULL, hand, &s) == 0)
		n++;
	(void)hand(&s);
	while (n > 0)
		(void)pthread_join(thread[--n], NULL);
	if (s.crew.failed)
		*f = s.crew.why;
	return !s.crew.failed;
}
