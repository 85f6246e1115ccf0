/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/manifest.h"

#include <stdlib.h>

#include "base/encode.h"
#include "ledger/merkle.h"
#include "ledger/mirror.h"
#include "roles/taking.h"

static bool part_ok(const char *p, size_t n)
{
	if (n == 0 || (p[0] == '.' && (n == 1 || (n == 2 && p[1] == '.'))))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_.,+ -"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ", p[i]))
			return false;
	return true;
}

bool manifest_path_ok(const char *path)
{
	if (strlen(path) >= MANIFEST_PATH)
		return false;
	for (;;) {
		size_t n = strcspn(path, "/");

		if (!part_ok(path, n))
			return false;
		if (path[n] == '\0')
			return true;
		path += n + 1;
	}
}

static int by_path(const void *a, const void *b)
{
	const struct manifest_line *x = a, *y = b;

	return strcmp(x->path, y->path);
}

bool manifest_print(struct manifest_line *line, size_t count,
	const struct sign_key *key, struct text *t, struct fault *f)
{
	char hex[SHA256_HEX];

	if (count > 0)
		qsort(line, count, sizeof *line, by_path);
	for (size_t i = 0; i < count; i++) {
		if (!manifest_path_ok(line[i].path))
			return fault(f, FAULT_INPUT, "%.200s: a pack holds no "
				"such name", line[i].path);
		if (i > 0 && strcmp(line[i - 1].path, line[i].path) == 0)
			return fault(f, FAULT_INPUT, "%s: is there twice",
				line[i].path);
		text_fmt(t, "%s  %s\n", digest_hex(&line[i].sha256, hex),
			line[i].path);
	}
	if (key) {
		struct bytes all = text_view(t);

		text_char(t, '\n');
		note_sign(all, key, t);
	}
	return text_check(t, f);
}

/* -- reading -- */

static bool read_line(struct bytes b, struct manifest *m, struct arena *a,
	struct fault *f)
{
	struct manifest_line *x = &m->line[m->count];
	const char *before = m->count > 0 ? x[-1].path : "";
	struct fault no;

	if (b.len < 2 * SHA256_LEN + 3 ||
		!hex_read(bytes_part(b, 0, 2 * SHA256_LEN), x->sha256.at,
			SHA256_LEN, &no) ||
		memcmp(b.at + 2 * SHA256_LEN, "  ", 2) != 0 ||
		memchr(b.at, '\0', b.len))
		return fault(f, FAULT_INPUT, "MANIFEST: line %zu: wants \"HEX"
			"  path\"", m->count + 1);
	x->path = arena_text(a,
		bytes_part(b, 2 * SHA256_LEN + 2, b.len), f);
	if (!x->path)
		return false;
	if (!manifest_path_ok(x->path))
		return fault(f, FAULT_INPUT, "MANIFEST: line %zu: a pack holds "
			"no such name", m->count + 1);
	if (strcmp(before, x->path) >= 0)
		return fault(f, FAULT_INPUT, "MANIFEST: line %zu: is not in "
			"order", m->count + 1);
	m->count++;
	return true;
}

/* The lines of signatures, as those of a note of one line, so that a list of
 * any length may be signed. */
static bool read_signatures(
	struct bytes b, struct manifest *m, struct arena *a, struct fault *f)
{
	struct text t = text_in(a, b.len + 8);

	text_add(&t, "x\n\n");
	text_bytes(&t, b);
	return text_check(&t, f) && (note_read(text_view(&t), &m->note, f) ||
		fault_in(f, "MANIFEST"));
}

bool manifest_read(struct bytes b, struct arena *a, struct manifest *m,
	struct fault *f)
{
	struct reader r = reader(b);
	struct bytes line;
	size_t lines = 0;

	*m = (struct manifest){0};
	for (size_t i = 0; i < b.len; i++)
		lines += b.at[i] == '\n';
	m->line = arena_array(a, lines + 1, sizeof *m->line, f);
	if (!m->line)
		return false;
	while (note_next_line(&r, &line)) {
		if (line.len > 0) {
			if (!read_line(line, m, a, f))
				return false;
			continue;
		}
		if (!read_signatures(bytes_part(b, r.pos, b.len), m, a, f))
			return false;
		m->note.text = bytes_part(b, 0, r.pos - 1);
		return true;
	}
	m->note.text = b;
	return reader_left(&r) == 0 || fault(f, FAULT_INPUT,
		"MANIFEST: does not end in a line feed");
}

const struct manifest_line *manifest_find(
	const struct manifest *m, const char *path)
{
	struct manifest_line key = {.path = path};

	return m->count == 0 ? NULL : bsearch(&key, m->line, m->count,
		sizeof key, by_path);
}

/* -- the files -- */

static bool check_file(
	const struct manifest_line *x, struct disk *d, struct fault *f)
{
	struct digest is;
	struct bytes b;
	uint64_t size;
	bool exists;

	if (!d->size(d->self, x->path, &size, &exists, f))
		return false;
	if (!exists)
		return fault(f, FAULT_INPUT, "%s: is not there", x->path);
	if (!d->map(d->self, x->path, &b, f))
		return false;
	is = sha256_of(b);
	d->unmap(d->self, b);
	return digest_equal(&is, &x->sha256) || fault(f, FAULT_INPUT,
		"%s: is not what MANIFEST says", x->path);
}

enum { DEPTH = 12 };

struct walk {
	const struct manifest *manifest;
	struct disk *disk;
	char path[MANIFEST_PATH];
	size_t len;
	unsigned depth;
	bool some;
};

static bool visit(void *self, const char *name, struct fault *f)
{
	struct walk *w = self;
	size_t len = w->len, n = strlen(name);
	bool ok = true, some = false;

	if (len + n + 2 > sizeof w->path || w->depth == DEPTH)
		return fault(f, FAULT_INPUT, "%.200s: is too deep", w->path);
	if (len > 0)
		w->path[w->len++] = '/';
	memcpy(w->path + w->len, name, n + 1);
	w->len += n;
	if (!manifest_find(w->manifest, w->path) &&
		strcmp(w->path, "MANIFEST") != 0) {
		/* A folder, or a file that nobody named. */
		w->depth++;
		w->some = false;
		ok = w->disk->list(w->disk->self, w->path, visit, w, f);
		some = w->some;
		w->depth--;
		if (ok && !some)
			ok = fault(f, FAULT_INPUT, "%.200s: is not in "
				"MANIFEST", w->path);
	}
	w->some = true;
	w->path[len] = '\0';
	w->len = len;
	return ok;
}

bool manifest_check(const struct manifest *m, struct disk *d, struct fault *f)
{
	struct walk w = {.manifest = m, .disk = d};

	for (size_t i = 0; i < m->count; i++)
		if (!check_file(&m->line[i], d, f))
			return false;
	return d->list(d->self, ".", visit, &w, f);
}

static bool signers(const struct manifest *m, const struct note_key *log,
	struct manifest_said *out, struct fault *f)
{
	struct text t = text_on(out->who, sizeof out->who);

	if (m->note.count == 0)
		return true;
	if (!note_signed(&m->note, log, &out->by_log, f))
		return false;
	if (!out->by_log)
		text_bytes(&t, m->note.line[0].name);
	return true;
}

static bool audit(struct disk *d, const struct note_key *log,
	struct arena *a, struct manifest_said *out, struct fault *f)
{
	struct manifest m;
	struct bytes b;
	uint64_t size;
	bool pack;

	if (!d->size(d->self, "MANIFEST", &size, &out->there, f) ||
		!d->size(d->self, "PACK", &size, &pack, f))
		return false;
	if (!out->there)
		return !pack || fault(f, FAULT_INPUT,
			"MANIFEST: is not there");
	if (!mirror_file(d, "MANIFEST", MANIFEST_MAX, a, &b, f) ||
		!manifest_read(b, a, &m, f) || !signers(&m, log, out, f))
		return false;
	out->files = m.count;
	out->full = manifest_find(&m, "mission/mission.yaml") != NULL;
	return manifest_check(&m, d, f);
}

bool manifest_audit(struct disk *d, const struct note_key *log,
	struct manifest_said *out, struct fault *f)
{
	struct arena a;
	bool ok;

	*out = (struct manifest_said){.who = ""};
	ok = arena_map(&a, (size_t)8 << 30, f) && audit(d, log, &a, out, f);
	arena_unmap(&a);
	return ok;
}
