/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reports.h - GET /api/v1/reports: the files that were written into the
 * mission's out/, each to be had at /out/NAME:
 *
 *	{"schema":"truce.report_files/1","reports":[
 *	  {"name":"report.html","bytes":48211,"written":"...Z"}]}
 *
 * Newest first, then by name.  Folders, links and hidden files are left out,
 * since /out/ does not give them. */
#ifndef SERVE_REPORTS_H
#define SERVE_REPORTS_H

#include "serve/api.h"

enum { REPORTS_MAX = 10000 }; /* more in one folder is a LIMIT */

/* Of a folder of the mission, as JSON. */
MUST_USE bool reports_list(const struct api *, const char *folder,
	struct arena *, struct text *, struct fault *);
void reports_answer(
	const struct api *, struct arena *, struct wire_response *);

#endif
