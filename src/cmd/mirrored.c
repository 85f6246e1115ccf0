/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/mirrored.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cmd/ui.h"
#include "feeds/fetch.h"
#include "ledger/anchor.h"
#include "ledger/people_event.h"
#include "ledger/tiles.h"
#include "ledger/token.h"
#include "roles/manifest.h"

enum {
	URL_MAX = 2048,
	AT_ONCE = 16,
	SMALL_MS = 20000,
	LARGE_MS = 600000,
	FILE_BYTES = 1 << 30,     /* of evidence */
	LIST_BYTES = 256 << 20,   /* of MANIFEST */
	SHOWN_BYTES = 1 << 20,    /* of a disclosure */
	BUNDLED = 2 + ENTRY_LEN,
};

/* Of a log that somebody else is believed to have, a bound that keeps a false
 * size from filling the disk: 210 bytes an entry, with its hashes. */
#define ENTRIES_MOST (UINT64_C(1) << 30)
#define ARENA_BYTES ((size_t)8 << 30)

struct want { /* one file */
	char path[MANIFEST_PATH], url[URL_MAX];
	struct tile tile; /* a partial one: the full one does too */
	bool is_tile, may_miss;
	size_t most;
};

struct copy {
	const char *url;
	struct disk *to;
	struct arena arena;
	struct want want[AT_ONCE];
	size_t n;
	uint64_t done;
	uint64_t *event, *stamp; /* entries of type 7, and of type 12 */
	size_t events, stamps, event_room, stamp_room;
	struct ui_progress progress;
};

bool mirrored_is_url(const char *s)
{
	return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

static bool put(struct copy *c, const char *path, struct bytes b,
	struct fault *f)
{
	struct disk *d = c->to;
	int file;
	bool ok;

	if (!d->open(d->self, path, DISK_CREATE, &file, f))
		return fault_in(f, "%s", path);
	ok = d->write(d->self, file, 0, b, f);
	d->close(d->self, file);
	return ok || fault_in(f, "%s", path);
}

/* Blanks and the like, as a URL has them. */
static bool url_of(const struct copy *c, const char *path, char *out,
	struct fault *f)
{
	struct text t = text_on(out, URL_MAX);

	text_add(&t, c->url);
	if (t.len > 0 && c->url[t.len - 1] != '/')
		text_char(&t, '/');
	for (; *path; path++)
		if (strchr(" ,+", *path))
			text_fmt(&t, "%%%02X", (unsigned)*path);
		else
			text_char(&t, *path);
	return text_check(&t, f);
}

static bool missing(int status)
{
	return status == 404 || status == 403 || status == 410;
}

static bool answered(const struct fetch *x, const char *path, struct fault *f)
{
	if (x->status == 200)
		return true;
	if (x->status == 0) {
		*f = x->why;
		return fault_in(f, "%s", path);
	}
	return fault(f, FAULT_SYSTEM, "%s: the server says %d%s", path,
		x->status, x->status / 100 == 3 ? ": ask where it points to, "
		"if you trust it" : "");
}

/* A bundle's entries that say who may do what, and what was stamped. */
static bool note_events(struct copy *c, const struct want *w, struct bytes b,
	struct fault *f)
{
	if (!w->is_tile || w->tile.level != TILE_ENTRIES)
		return true;
	for (size_t i = 0; (i + 1) * BUNDLED <= b.len; i++) {
		uint8_t type = b.at[i * BUNDLED + 2 + 4];
		uint64_t index = w->tile.n * TILE_WIDTH + (uint64_t)i;

		if (!people_room(&c->event, c->events, &c->event_room,
			sizeof index, f) || !people_room(&c->stamp, c->stamps,
			&c->stamp_room, sizeof index, f))
			return false;
		if (type == ENTRY_KEY)
			c->event[c->events++] = index;
		if (type == ENTRY_ANCHOR)
			c->stamp[c->stamps++] = index;
	}
	return true;
}

/* All that are wanted; those that are not there may be full tiles instead:
 * these are wanted next. */
static bool flush(struct copy *c, struct fault *f)
{
	struct fetch x[AT_ONCE] = {0};
	size_t n = c->n, again = 0;
	bool ok;

	for (size_t i = 0; i < n; i++)
		x[i] = (struct fetch){.url = c->want[i].url,
			.most = c->want[i].most,
			.limit_ms = c->want[i].most > 1 << 20 ? LARGE_MS
							      : SMALL_MS};
	ok = n == 0 || fetch_all(x, n, f);
	for (size_t i = 0; ok && i < n; i++) {
		struct want *w = &c->want[i];

		if (w->is_tile && w->tile.width < TILE_WIDTH &&
			missing(x[i].status)) {
			char full[TILE_PATH];
			struct text t = text_on(w->path, sizeof w->path);

			w->tile.width = TILE_WIDTH;
			text_add(&t, tile_path(w->tile.level, w->tile.n,
				TILE_WIDTH, full));
			ok = url_of(c, w->path, w->url, f);
			if (i != again)
				c->want[again] = *w;
			again++;
			continue;
		}
		ok = (w->may_miss && missing(x[i].status)) ||
			(answered(&x[i], w->path, f) &&
				put(c, w->path, x[i].reply, f) &&
				note_events(c, w, x[i].reply, f));
		c->done++;
	}
	fetch_free(x, n);
	c->n = ok ? again : 0;
	ui_progress_at(&c->progress, c->done);
	return ok;
}

static bool flush_all(struct copy *c, struct fault *f)
{
	while (c->n > 0)
		if (!flush(c, f))
			return false;
	return true;
}

static bool ask(struct copy *c, const char *path, size_t most,
	const struct tile *tile, bool may_miss, struct fault *f)
{
	struct want *w = &c->want[c->n++];
	struct text t = text_on(w->path, sizeof w->path);

	text_add(&t, path);
	w->most = most;
	w->is_tile = tile != NULL;
	w->may_miss = may_miss;
	if (tile)
		w->tile = *tile;
	return text_check(&t, f) && url_of(c, path, w->url, f) &&
		(c->n < AT_ONCE || flush_all(c, f));
}

/* One file that need not be there. */
static bool try_one(struct copy *c, const char *path, size_t most,
	struct bytes *out, bool *there, struct fault *f)
{
	char url[URL_MAX];
	struct fetch x = {.url = url, .most = most, .limit_ms = LARGE_MS};
	uint8_t *at;
	bool ok;

	*there = false;
	if (!url_of(c, path, url, f) || !fetch_all(&x, 1, f))
		return false;
	if (missing(x.status)) {
		fetch_free(&x, 1);
		return true;
	}
	ok = answered(&x, path, f) && put(c, path, x.reply, f);
	at = ok ? arena_room(&c->arena, x.reply.len + 1, f) : NULL;
	if (at && x.reply.len > 0)
		memcpy(at, x.reply.at, x.reply.len);
	*out = (struct bytes){at, x.reply.len};
	*there = at != NULL;
	fetch_free(&x, 1);
	return *there;
}

static bool tiles(struct copy *c, uint64_t size, struct fault *f)
{
	struct tile t = {.level = TILE_ENTRIES};

	for (; t.level < 8; t.level++) {
		uint64_t has = tile_level_size(t.level < 0 ? 0 : t.level, size);

		for (t.n = 0; t.n * TILE_WIDTH < has; t.n++) {
			char path[TILE_PATH];

			t.width = tile_width(t.n, has);
			if (!ask(c, tile_path(t.level, t.n, t.width, path),
				TILE_BUNDLE, &t, false, f))
				return false;
		}
	}
	return flush_all(c, f);
}

static bool listed(struct copy *c, struct bytes list, struct fault *f)
{
	struct manifest m;

	if (!manifest_read(list, &c->arena, &m, f))
		return false;
	for (size_t i = 0; i < m.count; i++) {
		const char *path = m.line[i].path;
		uint64_t size;
		bool exists;

		if (!c->to->size(c->to->self, path, &size, &exists, f))
			return false;
		if (!exists && !ask(c, path, FILE_BYTES, NULL, false,
			f))
			return false;
	}
	return flush_all(c, f);
}

static bool ask_shown(struct copy *c, uint64_t index, struct fault *f)
{
	char path[64];
	struct text t = text_on(path, sizeof path);

	text_add(&t, "disclosures/");
	tile_index(index, &t);
	text_add(&t, ".disclosure");
	return ask(c, path, SHOWN_BYTES, NULL, true, f);
}

/* Entry 0, what root persons did, and what was stamped, as far as it is
 * shown. */
static bool shown(struct copy *c, struct fault *f)
{
	char path[ANCHOR_PATH];

	for (size_t i = 0; i < c->events; i++)
		if (!ask_shown(c, c->event[i], f))
			return false;
	for (size_t i = 0; i < c->stamps; i++)
		if (!ask_shown(c, c->stamp[i], f) || !ask(c,
			anchor_path(c->stamp[i], path), TOKEN_MAX, NULL, true,
			f))
			return false;
	return flush_all(c, f);
}

static bool everything(struct copy *c, struct fault *f)
{
	struct checkpoint point;
	struct bytes b;
	struct note n;
	bool there;

	if (!try_one(c, "checkpoint", NOTE_MAX, &b, &there, f))
		return false;
	if (!there)
		return fault(f, FAULT_INPUT, "%s: shows no checkpoint", c->url);
	if (!note_read(b, &n, f) || !note_checkpoint(&n, &point, f))
		return fault_in(f, "checkpoint");
	if (point.size > ENTRIES_MOST)
		return fault(f, FAULT_LIMIT, "checkpoint: of %" PRIu64
			" entries, at most %" PRIu64, point.size, ENTRIES_MOST);
	c->progress.total = point.size / 128;
	if (!tiles(c, point.size, f) ||
		!try_one(c, "MANIFEST", LIST_BYTES, &b, &there, f))
		return false;
	return there ? listed(c, b, f) : shown(c, f);
}

bool mirrored_copy(const char *url, struct disk *to, struct fault *f)
{
	struct copy *c = calloc(1, sizeof *c);
	bool ok;

	if (!c)
		return fault(f, FAULT_LIMIT, "memory");
	c->url = url;
	c->to = to;
	c->progress = ui_progress("fetch", 0);
	ok = fetch_may(url, f) && arena_map(&c->arena, ARENA_BYTES, f) &&
		everything(c, f);
	ui_progress_end(&c->progress);
	arena_unmap(&c->arena);
	free(c->event);
	free(c->stamp);
	free(c);
	return ok;
}
