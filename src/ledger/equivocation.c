/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/equivocation.h"

#include "base/encode.h"

static bool wants(const char *what, struct fault *f)
{
	return fault(f, FAULT_INPUT, "equivocation: wants %s", what);
}

static bool read_front(struct reader *r, struct equivocation *e,
	uint64_t *first, struct fault *f)
{
	struct bytes line = {0};

	if (!note_next_line(r, &line) || !bytes_are(line, EQUIVOCATION_TITLE))
		return wants(EQUIVOCATION_TITLE, f);
	if (!note_next_line(r, &line) || !bytes_start(line, "log ") ||
		!note_key_read(bytes_part(line, 4, line.len), &e->log, f) ||
		e->log.type != NOTE_SIGNS)
		return wants("the log's key", f);
	if (!note_next_line(r, &line) || !bytes_start(line, "first ") ||
		!note_number(bytes_part(line, 6, line.len), first))
		return wants("the length of the first note", f);
	while (note_next_line(r, &line)) {
		if (line.len == 0)
			return true;
		if (!e->longer && bytes_start(line, "root ")) {
			e->longer = true;
			if (!note_digest(bytes_part(line, 5, line.len),
				&e->root))
				return wants("a root", f);
		} else if (!e->longer || e->path.count == MERKLE_PATH_MAX ||
			!note_digest(line, &e->path.at[e->path.count++])) {
			return wants("a path of hashes", f);
		}
	}
	return wants("an empty line", f);
}

static bool read_one(struct equivocation *e, int i, struct bytes b,
	const struct note_key *key, struct fault *f)
{
	bool by = false;

	if (!note_read(b, &e->note[i], f) ||
		!note_checkpoint(&e->note[i], &e->says[i], f) ||
		!note_signed(&e->note[i], key, &by, f))
		return fault_in(f, "equivocation: note %d", i + 1);
	return (by && strcmp(e->says[i].origin, key->name) == 0) ||
		fault(f, FAULT_INPUT, "equivocation: note %d: not signed by "
			"%.100s", i + 1, key->name);
}

/* Can both be true? */
static bool contradict(const struct equivocation *e, struct fault *f)
{
	const struct checkpoint *a = &e->says[0], *b = &e->says[1];

	if (!e->longer) {
		if (a->size != b->size || digest_equal(&a->root, &b->root))
			return wants("two roots of one size", f);
		return true;
	}
	if (a->size == 0 || a->size >= b->size ||
		digest_equal(&a->root, &e->root))
		return wants("a shorter note with another root", f);
	if (!merkle_extends(a->size, b->size, &e->root, &b->root, e->path.at,
		e->path.count))
		return wants("a path that leads to the second root", f);
	return true;
}

bool equivocation_read(struct bytes b, const struct note_key *key,
	struct equivocation *e, struct fault *f)
{
	struct reader r = reader(b);
	uint64_t first = 0;
	struct bytes notes;

	*e = (struct equivocation){.longer = false};
	if (!read_front(&r, e, &first, f))
		return false;
	notes = bytes_part(b, r.pos, b.len);
	if (first >= notes.len)
		return wants("two notes", f);
	key = key ? key : &e->log;
	return read_one(e, 0, bytes_part(notes, 0, first), key, f) &&
		read_one(e, 1, bytes_part(notes, first, notes.len), key, f) &&
		contradict(e, f);
}
