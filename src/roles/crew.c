/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/crew.h"

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

struct lent { /* to a pure room */
	const struct pieces *work;
	size_t hands, next;
};

static bool lend(void *self, struct crew *c, struct fault *f)
{
	struct lent *l = self;
	size_t hand, i;

	if (!crew_next(c, &l->hands, HANDS_MAX, &hand))
		return true;
	while (crew_next(c, &l->next, l->work->count, &i))
		if (!l->work->one(l->work->self, hand, i, f))
			return false;
	return true;
}

static bool share(
	const struct hands *h, const struct pieces *p, struct fault *f)
{
	struct lent l = {.work = p};

	return crew_run((int)h->count, &l, lend, f);
}

struct hands crew_hands(int jobs)
{
	int n = jobs < 1 ? 1 : jobs > HANDS_MAX ? HANDS_MAX : jobs;

	return (struct hands){(size_t)n, share};
}
