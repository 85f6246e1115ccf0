/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/leases.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/json.h"
#include "serve/api.h"
#include "serve/records.h"

enum { FILE_BYTES = LEASES * 320 };

void leases_init(struct leases *l, const char *folder)
{
	struct text t = text_on(l->path, sizeof l->path);

	memset(l->one, 0, sizeof l->one);
	text_fmt(&t, "%s/leases", folder);
	(void)pthread_mutex_init(&l->lock, NULL);
}

void leases_done(struct leases *l)
{
	(void)pthread_mutex_destroy(&l->lock);
}

/* -- the file -- */

static struct bytes word(struct bytes *line)
{
	const uint8_t *end = line->len ? memchr(line->at, ' ', line->len)
				       : NULL;
	size_t n = end ? (size_t)(end - line->at) : line->len;
	struct bytes w = bytes_part(*line, 0, n);

	*line = bytes_part(*line, n + 1, line->len);
	return w;
}

static bool copy(struct bytes w, char *out, size_t size)
{
	struct text t = text_on(out, size);

	text_bytes(&t, w);
	return w.len > 0 && !t.full;
}

/* False: no line of ours. */
static bool read_line(struct bytes line, struct lease *x)
{
	struct fault f;

	memset(x, 0, sizeof *x);
	return copy(word(&line), x->id, sizeof x->id) &&
		hex_read(word(&line), x->who.person, PERSON_LEN, &f) &&
		people_role_named(word(&line), &x->who.role) &&
		copy(word(&line), x->who.org, sizeof x->who.org) &&
		instant_parse(word(&line), false, &x->since, &f) &&
		instant_parse(word(&line), false, &x->until, &f) &&
		line.len == 0;
}

static void read_all(struct leases *l, struct bytes in)
{
	size_t n = 0;

	memset(l->one, 0, sizeof l->one);
	while (in.len > 0 && n < LEASES) {
		const uint8_t *end = memchr(in.at, '\n', in.len);
		size_t len = end ? (size_t)(end - in.at) : in.len;

		if (read_line(bytes_part(in, 0, len), &l->one[n]))
			n++;
		else
			l->one[n].id[0] = '\0';
		in = bytes_part(in, len + 1, in.len);
	}
}

static void print_all(const struct leases *l, struct instant now,
	struct text *t)
{
	char hex[2 * PERSON_LEN + 1], since[INSTANT_TEXT], until[INSTANT_TEXT];

	for (size_t i = 0; i < LEASES; i++) {
		const struct lease *x = &l->one[i];
		struct text h = text_on(hex, sizeof hex);

		if (!x->id[0] || x->until.utc_ns <= now.utc_ns)
			continue;
		text_hex(&h, (struct bytes){x->who.person, PERSON_LEN});
		text_fmt(t, "%s %s %s %s %s %s\n", x->id, hex,
			people_role_name(x->who.role), x->who.org,
			instant_print(x->since, 6, since),
			instant_print(x->until, 6, until));
	}
}

/* What others did since the last time is in *l then.  -1: there is no such
 * file, and *l is all there is. */
static int begin(struct leases *l)
{
	int fd;
	char *at;
	ssize_t n;

	(void)pthread_mutex_lock(&l->lock);
	fd = open(l->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	at = fd < 0 || flock(fd, LOCK_EX) < 0 ? NULL : malloc(FILE_BYTES);
	n = at ? pread(fd, at, FILE_BYTES, 0) : -1;
	if (n >= 0)
		read_all(l, (struct bytes){(const uint8_t *)at, (size_t)n});
	free(at);
	return fd;
}

static void end(struct leases *l, int fd, bool changed, struct instant now)
{
	char *at = changed && fd >= 0 ? malloc(FILE_BYTES) : NULL;
	struct text t = text_on(at, at ? FILE_BYTES : 0);

	if (at) {
		print_all(l, now, &t);
		/* A line that is cut short is none; the next one mends it. */
		if (ftruncate(fd, 0) < 0 ||
			pwrite(fd, at, t.len, 0) != (ssize_t)t.len)
			t.len = 0;
	}
	free(at);
	if (fd >= 0)
		(void)close(fd); /* and unlocks it */
	(void)pthread_mutex_unlock(&l->lock);
}

/* -- one of them -- */

bool lease_is(const struct lease *l, const struct office_person *p)
{
	return memcmp(l->who.person, p->person, PERSON_LEN) == 0;
}

/* The one that holds for an id; else NULL, and *free a place; NULL: none. */
static struct lease *find(struct leases *l, const char *id, struct instant now,
	struct lease **free)
{
	*free = NULL;
	for (size_t i = 0; i < LEASES; i++) {
		struct lease *x = &l->one[i];
		bool holds = x->id[0] && x->until.utc_ns > now.utc_ns;

		if (holds && strcmp(x->id, id) == 0)
			return x;
		if (!holds && !*free)
			*free = x;
	}
	return NULL;
}

enum leased leases_take(struct leases *l, const char *id,
	const struct office_person *who, struct instant now,
	struct instant until, struct lease *out)
{
	int file = begin(l);
	struct lease *free, *x = find(l, id, now, &free);
	enum leased is = x ? lease_is(x, who) ? LEASED_AGAIN : LEASED_OTHERS
		: free ? LEASED_NEW : LEASED_FULL;
	bool mine = is == LEASED_NEW || is == LEASED_AGAIN;

	if (is == LEASED_NEW) {
		struct text t = text_on(free->id, sizeof free->id);

		x = free;
		text_add(&t, id);
		x->since = now;
	}
	if (mine) {
		x->who = *who;
		x->until = until;
	}
	if (x)
		*out = *x;
	end(l, file, mine, now);
	return is;
}

bool leases_give(struct leases *l, const char *id,
	const struct office_person *who, struct instant now, struct lease *out)
{
	int file = begin(l);
	struct lease *free, *x = find(l, id, now, &free);
	bool ok = !x || lease_is(x, who);

	if (x && ok)
		x->id[0] = '\0';
	else if (x)
		*out = *x;
	end(l, file, x && ok, now);
	return ok;
}

bool leases_holder(struct leases *l, const char *id, struct instant now,
	struct lease *out)
{
	int file = begin(l);
	struct lease *free, *x = find(l, id, now, &free);

	if (x)
		*out = *x;
	end(l, file, false, now);
	return x != NULL;
}

size_t leases_all(struct leases *l, struct instant now, struct lease *out)
{
	int file = begin(l);
	size_t n = 0;

	for (size_t i = 0; i < LEASES; i++)
		if (l->one[i].id[0] && l->one[i].until.utc_ns > now.utc_ns)
			out[n++] = l->one[i];
	end(l, file, false, now);
	return n;
}

/* -- answers -- */

void lease_problem(
	const struct lease *l, struct arena *a, struct wire_response *r)
{
	struct text more = text_in(a, 512);
	struct json j = json_on(&more);
	char until[INSTANT_TEXT];

	/* Members of an object that wire_problem_more() has open. */
	json_object(&j);
	session_say(&j, &l->who);
	json_key_time(&j, "until", l->until, 0);
	json_close(&j);
	wire_problem_more(r, a, 409, text_view(&more), "%s is taken by a %s "
		"of %s until %s", l->id, people_role_name(l->who.role),
		l->who.org, instant_print(l->until, 0, until));
}

void lease_say(struct json *j, const struct lease *l, const struct asker *a)
{
	json_object(j);
	json_key_text(j, "schema", "truce.lease/1");
	json_key_text(j, "id", l->id);
	session_say(j, &l->who);
	json_key_time(j, "since", l->since, 0);
	json_key_time(j, "until", l->until, 0);
	json_key_flag(j, "mine", a->known && lease_is(l, &a->is));
	json_close(j);
}

static void list(const struct api *api, const struct wire_request *q,
	const struct asker *who, struct arena *a, struct wire_response *r)
{
	struct fault f = {0};
	struct lease *all = arena_array(a, LEASES, sizeof *all, &f);
	struct text t = text_in(a, LEASES * 512);
	struct json j = json_on(&t);
	size_t n;

	if (!all) {
		api_fault(&f, a, r);
		return;
	}
	n = leases_all(api->leases, q->now, all);
	json_object(&j);
	json_key_text(&j, "schema", "truce.leases/1");
	json_key(&j, "leases");
	json_list(&j);
	for (size_t i = 0; i < n; i++)
		lease_say(&j, &all[i], who);
	json_close(&j);
	json_key_time(&j, "now", q->now, 0);
	json_close(&j);
	text_char(&t, '\n');
	api_text(r, "application/json", &t);
	r->cache = "no-store";
}

static void take(const struct api *api, const struct wire_request *q,
	const struct asker *who, const char *id, struct arena *a,
	struct wire_response *r)
{
	struct text t = text_in(a, 2048);
	struct json j = json_on(&t);
	struct lease l;
	enum leased is = leases_take(api->leases, id, &who->is, q->now,
		instant_plus_ns(q->now, (int64_t)LEASE_S * 1000000000), &l);

	if (is == LEASED_OTHERS) {
		lease_problem(&l, a, r);
	} else if (is == LEASED_FULL) {
		wire_problem(r, a, 503, "too many leases");
	} else {
		lease_say(&j, &l, who);
		text_char(&t, '\n');
		api_text(r, "application/json", &t);
		r->status = is == LEASED_NEW ? 201 : 200;
		r->cache = "no-store";
	}
}

static bool may_take(const struct asker *who)
{
	const char *const *may = session_may(who->is.role);

	return may[0] && strcmp(may[0], "take") == 0;
}

void leases_answer(const struct api *api, const struct wire_request *q,
	const struct asker *who, const char *ending, struct arena *a,
	struct wire_response *r)
{
	char id[ID_TEXT];
	struct lease l;

	if (!api->leases) {
		wire_problem(r, a, 404, "no leases here");
	} else if (!*ending && (q->method == WIRE_GET ||
		q->method == WIRE_HEAD)) {
		list(api, q, who, a, r);
	} else if (q->method != WIRE_POST && q->method != WIRE_DELETE) {
		wire_problem(r, a, 405, "POST takes, DELETE gives back");
	} else if (!session_writes(q, who, a, r)) {
		return;
	} else if (!may_take(who)) {
		wire_problem(r, a, 403, "a %s takes nothing",
			people_role_name(who->is.role));
	} else if (!records_named(api, ending, id, a, r)) {
		return;
	} else if (q->method == WIRE_POST) {
		take(api, q, who, id, a, r);
	} else if (!leases_give(api->leases, id, &who->is, q->now, &l)) {
		lease_problem(&l, a, r);
	} else {
		*r = (struct wire_response){.status = 204,
			.cache = "no-store", .type = "text/plain"};
	}
}
