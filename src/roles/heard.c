/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/heard.h"

#include "roles/listen.h"

#define PAST_BYTES ((size_t)8 << 30)

struct chained { /* a link that was found */
	struct chained *newer;
	struct digest before; /* which stands first in its value */
	struct bytes tape;
};

bool heard_open(
	struct heard *h, struct chain *c, struct crew *crew, struct fault *f)
{
	*h = (struct heard){.c = c, .crew = crew};
	return arena_map(&h->past, PAST_BYTES, f) && tape_open(&h->tape, f) &&
		tape_open(&h->stands, f);
}

void heard_close(struct heard *h)
{
	tape_close(&h->stands);
	tape_close(&h->tape);
	arena_unmap(&h->past);
}

void listen_key(struct sha256 *s, const struct chain_run *r)
{
	sha256_add(s, digest_view(&r->file->blob));
	memo_text(s, r->file->format->name);
	memo_text(s, r->file->name);
	memo_text(s, r->file->source);
	memo_number(s, r->offset);
	memo_number(s, r->length);
	memo_number(s, (uint64_t)r->from.utc_ns);
	memo_number(s, (uint64_t)r->to.utc_ns);
}

static bool make_keys(
	struct heard *h, const struct chain_run *run, struct fault *f)
{
	struct sha256 s = memo_key(&h->c->memo, "channel");

	if (!(h->key = arena_array(&h->past, h->runs, sizeof *h->key, f)))
		return false;
	memo_text(&s, run->channel);
	memo_text(&s, run->source->id);
	for (size_t i = 0; i < h->runs; i++) {
		struct sha256 all;

		listen_key(&s, &run[i]);
		all = s;
		h->key[i] = sha256_end(&all);
	}
	return true;
}

/* How the ears stood after the runs of a link. */
static struct digest stands_key(const struct digest *link)
{
	return sha256_parts((struct bytes[]){bytes_of("stands"),
		digest_view(link)}, 2);
}

/* NULL: it is not there. */
static bool get(struct heard *h, const struct digest *key,
	struct chained **out, struct fault *f)
{
	struct chained *x;
	struct bytes value;
	struct reader r;

	*out = NULL;
	if (!memo_get(&h->c->memo, key, &h->past, &value, f))
		return false;
	if (!value.at)
		return true;
	if (!(x = arena_array(&h->past, 1, sizeof *x, f)))
		return false;
	r = reader(value);
	if (tape_read(&r, &x->before, sizeof x->before))
		*out = x;
	x->tape = read_bytes(&r, reader_left(&r));
	return true;
}

/* All links of a beginning; *oldest NULL: one of them is missing. */
static bool get_all(struct heard *h, const struct digest *key,
	struct chained **newest, struct chained **oldest, struct fault *f)
{
	static const struct digest none;
	struct chained *x, *last;

	*oldest = NULL;
	if (!get(h, key, newest, f))
		return false;
	for (x = *newest; x; x = last) {
		if (memcmp(&x->before, &none, sizeof none) == 0) {
			*oldest = x;
			return true;
		}
		if (!get(h, &x->before, &last, f))
			return false;
		if (last)
			last->newer = x;
	}
	return true;
}

/* The longest beginning that is remembered. */
static bool look(struct heard *h, size_t *done, struct bytes *stood,
	struct chained **newest, struct chained **oldest, struct fault *f)
{
	size_t mark = h->past.used;

	for (*done = h->runs; *done > 0; --*done) {
		const struct digest *link = &h->key[*done - 1];
		struct digest key = stands_key(link);

		h->past.used = mark;
		if (!memo_get(&h->c->memo, &key, &h->past, stood, f) ||
			(stood->at && !get_all(h, link, newest, oldest, f)))
			return false;
		if (stood->at && *oldest)
			return true;
	}
	return true;
}

static bool take_up(struct heard *h, const struct chain_run *run,
	const struct tape_to *to, size_t *done, struct bytes *stood,
	struct fault *f)
{
	struct chained *newest = NULL, *oldest = NULL;

	if (!look(h, done, stood, &newest, &oldest, f))
		return false;
	if (*done == 0)
		return true;
	for (struct chained *x = oldest; x; x = x->newer)
		if (!tape_play(x->tape, &h->c->memo, run->source->id,
			&h->past, to, f))
			return false;
	h->before = h->key[*done - 1];
	if (newest->tape.len >= HEARD_LINK)
		return true;
	h->before = newest->before; /* it is gone on with */
	return tape_raw(&h->tape, newest->tape.at, newest->tape.len, f);
}

bool heard_begin(struct heard *h, const struct chain_run *run, size_t runs,
	const struct tape_to *to, size_t *done, struct bytes *stood,
	struct fault *f)
{
	bool ok;

	*done = 0;
	h->past.used = 0;
	h->before = (struct digest){0};
	h->runs = runs;
	tape_clear(&h->tape);
	tape_clear(&h->stands);
	if (!make_keys(h, run, f))
		return false;
	h->deaths = listen_deaths(h->c);
	crew_lock(h->crew);
	ok = take_up(h, run, to, done, stood, f);
	crew_unlock(h->crew);
	return ok;
}

size_t listen_deaths(struct chain *c)
{
	size_t n;

	(void)pthread_mutex_lock(&c->deaths.lock);
	n = c->deaths.all;
	(void)pthread_mutex_unlock(&c->deaths.lock);
	return n;
}

/* Whether all was read as any replay reads it. */
static bool is_well(struct heard *h)
{
	return !h->tape.partial && listen_deaths(h->c) == h->deaths;
}

static bool put(struct heard *h, const struct digest *key, struct bytes value,
	struct fault *f)
{
	bool ok;

	crew_lock(h->crew);
	ok = memo_put(&h->c->memo, key, value, f);
	crew_unlock(h->crew);
	return ok;
}

static bool put_link(struct heard *h, size_t done, struct fault *f)
{
	struct bytes tape = tape_view(&h->tape);
	size_t mark = h->past.used;
	struct bytes value = {.len = sizeof h->before + tape.len};
	uint8_t *at = arena_room(&h->past, value.len, f);
	bool ok;

	if (!at)
		return false;
	value.at = at;
	memcpy(at, &h->before, sizeof h->before);
	if (tape.len > 0)
		memcpy(at + sizeof h->before, tape.at, tape.len);
	ok = put(h, &h->key[done - 1], value, f);
	h->past.used = mark;
	return ok;
}

bool heard_link(struct heard *h, size_t done, struct fault *f)
{
	if (done == h->runs || tape_view(&h->tape).len < HEARD_LINK ||
		!is_well(h))
		return true;
	if (!put_link(h, done, f))
		return false;
	h->before = h->key[done - 1];
	h->tape.at.used = 0;
	return true;
}

bool heard_end(struct heard *h, struct fault *f)
{
	struct digest key = stands_key(&h->key[h->runs - 1]);

	return !is_well(h) || (put_link(h, h->runs, f) &&
		put(h, &key, tape_view(&h->stands), f));
}
