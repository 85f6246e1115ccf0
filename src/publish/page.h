/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * page.h - what the self-contained pages share: a head whose policy forbids
 * script and remote parts, text that is escaped, moments and intervals as
 * people read them. */
#ifndef PUBLISH_PAGE_H
#define PUBLISH_PAGE_H

#include "base/instant.h"
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
/* 4 Feb 2026 18:02:17 UTC */
void page_moment(struct text *, struct instant);
/* The same of an interval: its middle, +- half of it; of a longer one both
 * ends. */
void page_interval(struct text *, struct span);
/* The last 8 letters in <code>, the whole in its title. */
void page_id(struct text *, const struct id *);

#endif
