/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * style.h - the style sheet of the printed report.
 *
 * A4, black on white, one accent of grey; wide tables turn the page.  No
 * colour carries meaning alone, and no face is fetched: the sheet asks for
 * common ones by name. */
#ifndef PUBLISH_STYLE_H
#define PUBLISH_STYLE_H

extern const char *const style_sheet[]; /* parts; NULL ends it */

#endif
