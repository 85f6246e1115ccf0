/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parser/parser.h"

#include <pthread.h>
#include <stdlib.h>

#include "parser/process.h"

enum {
	MEMORY_MIB = 512,
	LONG = 16 << 20, /* a file with a child of its own, */
	LONG_TIMES = 8,  /* which may have so much more memory */
	CPU_S = 2,
	CPU_BYTES_A_S = 8 << 20,
	IDLE_S = 10,
	SAID_LEAST = 16 << 20,
	SAID_TIMES = 256,
	SNIFFED = 65536,
};
#define NAMES_BYTES ((size_t)16 << 20)

struct parsers {
	pthread_mutex_t lock;
	struct process *idle;
	struct arena names;
	const char *name[MESSAGE_NAMES];
	size_t name_count;
	struct parsers_limits limits;
	struct parsers_seen seen;
};

struct work { /* one parse */
	struct parsers *all;
	struct parse *parse;
	const struct intake *intake; /* NULL: sniffing */
	uint64_t told;               /* that the intake has got */
	uint64_t heard;              /* of this child */
	size_t mark;                 /* of scratch */
	bool done, ok, stopped;
	struct fault answer; /* the decoder's */
};

bool parsers_open(struct parsers **out, const struct parsers_limits *given,
	struct fault *f)
{
	struct parsers *p = calloc(1, sizeof *p);

	*out = NULL;
	if (!p)
		return fault(f, FAULT_LIMIT, "no memory");
	if (given)
		p->limits = *given;
	if (p->limits.memory_mib == 0)
		p->limits.memory_mib = MEMORY_MIB;
	if (p->limits.cpu_s == 0)
		p->limits.cpu_s = CPU_S;
	if (p->limits.idle_s == 0)
		p->limits.idle_s = IDLE_S;
	if (!arena_map(&p->names, NAMES_BYTES, f)) {
		free(p);
		return false;
	}
	(void)pthread_mutex_init(&p->lock, NULL);
	*out = p;
	return true;
}

void parsers_close(struct parsers *p)
{
	if (!p)
		return;
	while (p->idle) {
		struct process *x = p->idle;

		p->idle = x->next;
		process_free(x);
	}
	arena_unmap(&p->names);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}

void parsers_seen(struct parsers *p, struct parsers_seen *out)
{
	(void)pthread_mutex_lock(&p->lock);
	*out = p->seen;
	(void)pthread_mutex_unlock(&p->lock);
}

/* -- children -- */

static bool is_long(size_t length)
{
	return length > LONG;
}

static struct process *take_child(
	struct parsers *p, size_t length, struct fault *f)
{
	size_t mib = p->limits.memory_mib;
	struct process *x = NULL;

	(void)pthread_mutex_lock(&p->lock);
	if (!is_long(length) && p->idle) {
		x = p->idle;
		p->idle = x->next;
	}
	(void)pthread_mutex_unlock(&p->lock);
	if (x)
		return x;
	if (is_long(length))
		mib += LONG_TIMES * (length >> 20);
	/* One may be killed before it greets. */
	if (!process_new(&x, mib, p->limits.idle_s, f) &&
		!process_new(&x, mib, p->limits.idle_s, f))
		return NULL;
	(void)pthread_mutex_lock(&p->lock);
	p->seen.started++;
	p->seen.last = x->pid;
	(void)pthread_mutex_unlock(&p->lock);
	return x;
}

static void give_child(struct parsers *p, struct process *x, size_t length)
{
	if (is_long(length)) {
		process_free(x);
		return;
	}
	(void)pthread_mutex_lock(&p->lock);
	x->next = p->idle;
	p->idle = x;
	(void)pthread_mutex_unlock(&p->lock);
}

bool parsers_hold(struct parsers *p, struct sandbox *out, struct fault *f)
{
	struct process *x = take_child(p, 0, f);

	if (!x)
		return false;
	*out = x->sandbox;
	give_child(p, x, 0);
	return true;
}

/* -- what it says -- */

/* The same text in one place for all, which lasts as long as they do. */
static const char *lasting(struct parsers *p, const char *name, struct fault *f)
{
	const char *found = NULL;

	(void)pthread_mutex_lock(&p->lock);
	for (size_t i = 0; i < p->name_count && !found; i++)
		if (strcmp(p->name[i], name) == 0)
			found = p->name[i];
	if (!found && p->name_count == MESSAGE_NAMES)
		fault(f, FAULT_INPUT, "it says too many names");
	else if (!found && (found = arena_text(&p->names, bytes_of(name), f)))
		p->name[p->name_count++] = found;
	(void)pthread_mutex_unlock(&p->lock);
	return found;
}

static bool learn(
	struct work *w, struct process *x, struct bytes b, struct fault *f)
{
	const char *name;

	if (!inbox_name(b, &name, f))
		return false;
	if (x->names == MESSAGE_NAMES)
		return fault(f, FAULT_INPUT, "it says too many names");
	if (!(name = lasting(w->all, name, f)))
		return false;
	x->name[x->names++] = name;
	return true;
}

/* The intake's no ends it all; why is in *f. */
static bool told(struct work *w, bool ok)
{
	w->told++;
	w->stopped = !ok;
	return ok;
}

static bool is_old(struct work *w)
{
	return w->heard++ < w->told;
}

static bool take_segment(struct work *w, struct bytes b, struct fault *f)
{
	const struct intake *in = w->intake;
	struct segment s;

	if (!inbox_segment(b, w->parse->in.len, in->headers_only, &s, f))
		return false;
	return is_old(w) || told(w, in->segment(in->self, &s, f));
}

static bool take_observation(
	struct work *w, struct process *x, struct bytes b, struct fault *f)
{
	struct inbox_names names = {x->name, x->names};
	const struct intake *in = w->intake;
	struct observation o;

	w->parse->scratch->used = w->mark;
	if (!inbox_observation(
		    b, w->parse->in.len, names, w->parse->scratch, &o, f))
		return false;
	return is_old(w) || told(w, in->observation(in->self, &o, f));
}

static bool take_damage(struct work *w, struct bytes b, struct fault *f)
{
	const struct intake *in = w->intake;
	uint64_t offset, length;
	struct fault why;

	if (!inbox_damage(b, w->parse->in.len, &why, &offset, &length, f))
		return false;
	return is_old(w) ||
	       told(w, in->damage(in->self, &why, offset, length, f));
}

static bool take_found(struct work *w, struct bytes b, struct fault *f)
{
	const char *name;

	if (!inbox_found(b, &name, f))
		return false;
	w->parse->format = format_named(name);
	if (*name && !w->parse->format)
		return fault(f, FAULT_INPUT, "it says a format that is none");
	w->done = w->ok = true;
	return true;
}

/* false: as it must not be, or the intake says no. */
static bool take(void *self, struct process *x, unsigned kind, struct bytes b,
	struct fault *f)
{
	struct work *w = self;

	if (!w->intake)
		return kind == MESSAGE_FOUND
			       ? take_found(w, b, f)
			       : fault(f, FAULT_INPUT,
					 "it answers what was not asked");
	switch (kind) {
	case MESSAGE_NAMED:
		return learn(w, x, b, f);
	case MESSAGE_SEGMENT:
		return take_segment(w, b, f);
	case MESSAGE_OBSERVATION:
		return take_observation(w, x, b, f);
	case MESSAGE_DAMAGE:
		return take_damage(w, b, f);
	case MESSAGE_DONE:
		w->done = true;
		return inbox_done(b, &w->ok, &w->answer, f);
	default:
		return fault(f, FAULT_INPUT, "it answers what was not asked");
	}
}

/* -- a parse -- */

static struct process_bounds bounds_of(const struct parsers *p, size_t length)
{
	return (struct process_bounds){
		.cpu_s = p->limits.cpu_s + (unsigned)(length / CPU_BYTES_A_S),
		.said = SAID_LEAST + (uint64_t)SAID_TIMES * length};
}

/* One child's try.  true: it is over, well or not; false: the child has died
 * or was ended, and *f says how. */
static bool attempt(struct work *w, struct process *x, struct fault *f)
{
	struct parse *p = w->parse;
	struct message_job job = {.sniff = !w->intake,
		.headers_only = w->intake && w->intake->headers_only,
		.length = p->in.len,
		.format = p->format ? p->format->name : "",
		.name = p->origin->name,
		.source = p->origin->source};
	struct process_bounds bounds = bounds_of(w->all, p->in.len);

	w->heard = 0;
	w->done = false;
	w->mark = p->scratch ? p->scratch->used : 0;
	if (!process_ask(x, &job, p->in, &bounds, f))
		return w->stopped;
	while (!w->done)
		if (!process_hear(x, take, w, f))
			return w->stopped;
	return true;
}

bool parse_set_aside(const struct parse *p, struct fault *f)
{
	return fault(f, FAULT_INPUT,
		"set aside, as two parsers died of it: "
		"%s",
		p->died.text);
}

static void note_death(struct work *w, const struct fault *why)
{
	struct parsers *p = w->all;

	(void)pthread_mutex_lock(&p->lock);
	p->seen.died++;
	(void)pthread_mutex_unlock(&p->lock);
	if (w->parse->deaths++ == 0)
		w->parse->died = *why;
}

static bool run(struct work *w, struct fault *f)
{
	struct parse *p = w->parse;
	struct fault why = {0};

	while (p->deaths < PARSER_DEATHS) {
		struct process *x = take_child(w->all, p->in.len, f);

		if (!x)
			return fault_in(f, "a parser's child");
		if (!attempt(w, x, &why)) {
			process_free(x);
			note_death(w, &why);
			continue;
		}
		if (w->stopped) { /* it goes on talking */
			process_free(x);
			*f = why;
			return false;
		}
		give_child(w->all, x, p->in.len);
		if (!w->ok)
			*f = w->answer;
		return w->ok;
	}
	return parse_set_aside(p, f);
}

bool parsers_decode(struct parsers *p, struct parse *parse,
	const struct intake *in, struct fault *f)
{
	struct work w = {.all = p, .parse = parse, .intake = in};

	return run(&w, f);
}

bool parsers_sniff(struct parsers *p, struct parse *parse, struct fault *f)
{
	struct parse head = {.in = bytes_part(parse->in, 0, SNIFFED),
		.origin = parse->origin,
		.deaths = parse->deaths,
		.died = parse->died};
	struct work w = {.all = p, .parse = &head};
	bool ok = run(&w, f);

	parse->format = ok ? head.format : NULL;
	parse->deaths = head.deaths;
	parse->died = head.died;
	return ok;
}
