/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/witness.h"

#include "ledger/merkle.h"

enum { PATH = 63 };

struct request {
	uint64_t old;
	size_t count;
	struct digest path[PATH];
	struct note note;
	struct checkpoint checkpoint;
};

static bool answer(struct witness_answer *a, int status, const char *text)
{
	struct text t = text_on(a->text, sizeof a->text);

	a->status = status;
	text_add(&t, text);
	return status == 200;
}

/* "old N", the path, an empty line */
static bool read_front(struct reader *r, struct request *q)
{
	struct bytes line = {0};

	if (!note_next_line(r, &line) || !bytes_start(line, "old ") ||
		!note_number(bytes_part(line, 4, line.len), &q->old))
		return false;
	while (note_next_line(r, &line)) {
		if (line.len == 0)
			return true;
		if (q->count == PATH ||
			!note_digest(line, &q->path[q->count++]))
			return false;
	}
	return false;
}

static bool read_request(
	struct bytes b, struct request *q, struct witness_answer *a)
{
	struct reader r = reader(b);
	struct fault f = {0};
	bool unsigned_ = false;

	if (!read_front(&r, q))
		return answer(a, 400, "wants old N, a path, an empty line");
	if (!note_read_but(bytes_part(b, r.pos, b.len), &q->note, &unsigned_,
			&f) ||
		!note_checkpoint(&q->note, &q->checkpoint, &f))
		/* A signature that cannot be read is none. */
		return answer(a, unsigned_ ? 403 : 400, f.text);
	return true;
}

static bool fits(const struct request *q, const struct witness_log *log)
{
	const struct checkpoint *c = &q->checkpoint;

	if (q->old == 0)
		return q->count == 0;
	return merkle_extends(q->old, c->size, &log->root, &c->root, q->path,
		q->count);
}

static bool judge(struct request *q, const struct witness_log *log,
	size_t logs, struct witness_answer *a)
{
	const struct checkpoint *c = &q->checkpoint;
	struct fault f = {0};
	bool by = false;
	size_t i = 0;

	while (i < logs && strcmp(log[i].key.name, c->origin) != 0)
		i++;
	if (i == logs)
		return answer(a, 404, "unknown log");
	if (!note_signed(&q->note, &log[i].key, &by, &f) || !by)
		return answer(a, 403, "invalid signature");
	if (q->old > c->size)
		return answer(a, 400, "old size beyond the checkpoint's");
	if (q->old != log[i].size) {
		struct text t = text_on(a->text, sizeof a->text);

		text_i64(&t, (int64_t)log[i].size);
		text_char(&t, '\n');
		a->status = 409;
		return false;
	}
	if (!fits(q, &log[i]))
		return answer(a, 422, "the consistency proof does not hold");
	a->log = i;
	a->checkpoint = *c;
	a->signed_ = q->note.text;
	return answer(a, 200, "");
}

void witness_answer(struct bytes b, const struct witness_log *log, size_t logs,
	struct witness_answer *a)
{
	struct request q = {0};

	*a = (struct witness_answer){0};
	(void)(read_request(b, &q, a) && judge(&q, log, logs, a));
}
