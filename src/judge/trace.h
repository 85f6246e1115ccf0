/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * trace.h - the lines of an explanation, written as the rule is judged.
 *
 * A NULL trace swallows everything, so the same code answers "what if". */
#ifndef JUDGE_TRACE_H
#define JUDGE_TRACE_H

#include "base/text.h"
#include "judge/chance.h"
#include "model/finding.h"

enum { TRACE_LINE_MAX = 400 };

struct trace {
	struct arena *arena;
	const char *line[FINDING_LINES_MAX];
	size_t count;
	char buffer[TRACE_LINE_MAX];
	struct text text; /* the line being written */
	struct fault *fault;
	bool broke;
};

void trace_start(struct trace *, struct arena *, struct fault *);
/* The builder of the next line, emptied; writes to nothing if NULL. */
struct text *trace_line(struct trace *, struct text *none);
void trace_end(struct trace *);
void trace_borrow(struct trace *, const char *whole_line);
/* A text of somebody else's, cut at a whole character if it has more than
 * `most` bytes. */
void trace_part(struct text *, const char *, size_t most);
/* ": P = 0.991" or ": P = 0.980 to 1.000" */
void trace_chance(struct text *, struct chance);
void trace_chance_short(struct text *, struct chance);
void trace_distance(struct text *, int64_t mm);

#endif
