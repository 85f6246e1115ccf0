/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * qr.h - a text as a QR code (ISO/IEC 18004, level M), drawn as SVG: so that
 * who holds the paper need not type the root of the log. */
#ifndef PUBLISH_QR_H
#define PUBLISH_QR_H

#include "base/text.h"

/* false: it is too long for one, and nothing was written. */
bool qr_svg(struct text *, const char *);

#endif
