/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * page.h - what the self-contained pages share: a head whose policy forbids
 * script and remote parts, text that is escaped. */
#ifndef PUBLISH_PAGE_H
#define PUBLISH_PAGE_H

#include "base/text.h"
#include "model/id.h"

/* To <body>; lang: "en"; more: rules of style besides those of style.h. */
void page_head(struct text *, const char *lang, const char *title,
	const char *more);
void page_end(struct text *);
/* tag: a name, attributes may follow; s is escaped. */
void page_tag(struct text *, const char *tag, const char *s);
/* Escaped, "deploy_forces" as "deploy forces". */
void page_spoken(struct text *, const char *);
/* A <dt> and its <dd>; nothing where s is "". */
void page_item(struct text *, const char *term, const char *s);
/* The same, what is between being written by the caller, as HTML. */
void page_open_item(struct text *, const char *term);
void page_close_item(struct text *);
/* The last 8 letters in <code>, the whole in its title. */
void page_id(struct text *, const struct id *);

#endif
