/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * deaths.c - parsers that died while a mission was replayed, to fault records.
 *
 * The intake reads headers alone, so a replay may be the first that a file
 * kills.  A replay that meets the same death again adds nothing. */
#include <stdio.h>

#include "roles/chain.h"

enum { WHY = 400, PAYLOAD = 16384 };

struct chain_reader chain_reader(struct chain *c)
{
	return (struct chain_reader){c->ask->intake->disk,
		c->ask->intake->parsers, &c->deaths};
}

void chain_died(struct chain_deaths *d, const struct chain_file *file,
	uint64_t offset, const struct parse *p)
{
	if (p->deaths == 0)
		return;
	(void)pthread_mutex_lock(&d->lock);
	d->all++;
	if (d->count < CHAIN_DEATHS_MAX)
		d->death[d->count++] = (struct chain_death){file, offset,
			p->in.len, p->deaths >= PARSER_DEATHS, p->died};
	(void)pthread_mutex_unlock(&d->lock);
}

static int by_place(const void *a, const void *b)
{
	const struct chain_death *x = a, *y = b;
	int d = chain_by_content(x->file, y->file);

	if (d)
		return d;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return (x->length > y->length) - (x->length < y->length);
}

static bool bury(struct chain *c, const struct chain_death *d, bool *fresh,
	struct fault *f)
{
	char why[WHY], hex[SHA256_HEX];
	const struct intake_fault x = {digest_hex(&d->file->blob, hex),
		d->file->name, d->file->source, why, d->offset, d->length};
	struct text t = text_in(&c->work, PAYLOAD);
	struct journal_record rec = {.received = c->ask->now,
		.kind = JOURNAL_FAULT};

	(void)snprintf(why, sizeof why, d->aside ? "not read, as two parsers "
		"died of it: %s" : "a parser died of it, and another one has "
		"read it: %s", d->how.text);
	if (!intake_fault_write(&x, &t, f))
		return false;
	rec.payload = text_view(&t);
	return chain_note_fault(c, &rec, fresh, f) && (!*fresh ||
		spool_append(&c->ask->intake->spool, &rec, 1, f));
}

bool chain_bury(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;
	struct chain_deaths *d = &c->deaths;
	bool any = false, fresh, ok = true;

	if (d->count == 0)
		return true;
	qsort(d->death, d->count, sizeof *d->death, by_place);
	if (!s->engine->begin(s, "deaths", f))
		return false;
	for (size_t i = 0; ok && i < d->count; i++) {
		c->work.used = 0;
		ok = bury(c, &d->death[i], &fresh, f);
		any = any || (ok && fresh);
	}
	if (!ok) {
		s->engine->rollback(s);
		return false;
	}
	return s->engine->commit(s, NULL, f) &&
		(!any || intake_commit(c->ask->intake, c->ask->now, f));
}
