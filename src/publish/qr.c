/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/qr.h"

#include <qrencode.h>

enum { QUIET = 4, DARK = 1 }; /* modules; bit of a module */

/* Runs of dark modules, row by row, as one path. */
static void rows(struct text *t, const QRcode *q)
{
	struct bytes all = {q->data, (size_t)q->width * (size_t)q->width};

	for (size_t i = 0; i < all.len; i++) {
		size_t side = (size_t)q->width, n = 0;

		while (i % side + n < side && all.at[i + n] & DARK)
			n++;
		if (n == 0)
			continue;
		text_fmt(t, "M%zu %zuh%zuv1h-%zuz", i % side + QUIET,
			i / side + QUIET, n, n);
		i += n - 1;
	}
}

bool qr_svg(struct text *t, const char *s)
{
	QRcode *q = QRcode_encodeString8bit(s, 0, QR_ECLEVEL_M);
	int side;

	if (!q)
		return false;
	side = q->width + 2 * QUIET;
	text_fmt(t, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\">"
		    "<rect fill=\"#fff\" width=\"%d\" height=\"%d\"/>"
		    "<path fill=\"#000\" d=\"", side, side, side, side);
	rows(t, q);
	text_add(t, "\"/></svg>\n");
	QRcode_free(q);
	return true;
}
