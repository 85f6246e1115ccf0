/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/page.h"

#include "publish/style.h"
#include "publish/svg.h"

enum { ID_SHOWN = 8 };

void page_head(struct text *t, const char *lang, const char *title,
	const char *more)
{
	text_fmt(t, "<!doctype html>\n<html lang=\"%s\">\n<head>\n", lang);
	text_add(t, "<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\""
		"default-src 'none'; style-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, "
		"initial-scale=1\">\n");
	page_tag(t, "title", title);
	text_add(t, "<style>\n");
	for (size_t i = 0; style_sheet[i]; i++)
		text_add(t, style_sheet[i]);
	text_add(t, more);
	text_add(t, "</style>\n</head>\n<body>\n");
}

void page_end(struct text *t)
{
	text_add(t, "</body>\n</html>\n");
}

void page_tag(struct text *t, const char *tag, const char *s)
{
	text_fmt(t, "<%s>", tag);
	svg_escape(t, s);
	text_fmt(t, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

void page_open_item(struct text *t, const char *term)
{
	text_add(t, "<dt>");
	svg_escape(t, term);
	text_add(t, "</dt><dd>");
}

void page_close_item(struct text *t)
{
	text_add(t, "</dd>\n");
}

void page_item(struct text *t, const char *term, const char *s)
{
	if (!*s)
		return;
	page_open_item(t, term);
	svg_escape(t, s);
	page_close_item(t);
}

void page_id(struct text *t, const struct id *id)
{
	size_t n = strlen(id->text);

	text_fmt(t, "<code title=\"%s\">\u2026%s</code>", id->text,
		id->text + (n > ID_SHOWN ? n - ID_SHOWN : 0));
}

void page_spoken(struct text *t, const char *s)
{
	for (; *s; s++) {
		size_t n = strcspn(s, "_");

		svg_escape_bytes(t, (struct bytes){(const uint8_t *)s, n});
		s += n;
		if (!*s)
			return;
		text_char(t, ' ');
	}
}
