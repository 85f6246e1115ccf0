/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * document.h - a report as a run of blocks: composed once, written by every
 * writer that lays it out (html.c, pdf.c), so that all of them say the same
 * in the same order.
 *
 * A composer (document_write()) tells a writer one block after the other.
 * All text is plain: a writer makes it safe for its own format.  What a block
 * points to is borrowed until the call returns, but for what lies in the
 * view's arena.  A writer keeps its first trouble for itself and says it in
 * close(). */
#ifndef PUBLISH_DOCUMENT_H
#define PUBLISH_DOCUMENT_H

#include "publish/drawings.h"
#include "publish/tables.h"

enum manner { /* of a paragraph */
	SAY_TEXT,
	SAY_NOTE,  /* small, beside a figure or a heading */
	SAY_EMPTY, /* instead of a table without rows */
};

struct fact {
	const char *term, *text;
};

struct masthead {
	const char *over, *title, *note; /* note: "" none */
	const char *label;               /* "034/2026" */
	const struct fact *fact;
	size_t facts;
};

struct legend { /* one entry */
	struct bytes svg;
	const char *text;
};

struct tally_box { /* how many findings of a verdict */
	enum verdict verdict;
	size_t count;
	const char *word, *meaning;
};

struct finding_block {
	const char *anchor;    /* the incident's id */
	enum group group;
	enum verdict verdict;
	const char *event, *judgement; /* sentences */
	const char *const *step;       /* of the trace */
	size_t steps;
	struct bytes picture;  /* SVG; len 0: none */
};

struct proof_block {
	const char *title;
	const struct fact *fact;
	size_t facts;
	const char *before, *command, *after;
	const char *code;      /* what the QR code holds; "" none */
	const char *code_is;   /* a sentence on it */
};

struct writing { /* what a writer does with a block */
	void (*open)(void *self, const struct masthead *);
	void (*section)(void *self, const char *id, const char *title);
	void (*section_end)(void *self);
	void (*part)(void *self, const char *id, const char *title);
	void (*say)(void *self, enum manner, const char *);
	void (*list)(void *self, const char *const *, size_t n);
	void (*facts)(void *self, const struct fact *, size_t n);
	void (*table)(void *self, const struct table *);
	void (*figure)(void *self, const struct figure *);
	void (*legend)(void *self, const struct legend *, size_t n);
	void (*verdicts)(void *self, const struct tally_box *, size_t n);
	void (*finding)(void *self, const struct finding_block *);
	void (*turn)(void *self, bool wide); /* the paper, for wide tables */
	void (*proof)(void *self, const struct proof_block *);
	bool (*close)(void *self, struct fault *);
};

struct writer {
	const struct writing *does;
	void *self;
};

/* As the report's edition wants: a day, a week, one incident. */
MUST_USE bool document_write(struct view *, struct writer, struct fault *);

#endif
