/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reports.h - GET /api/v1/reports: the files that were written into the
 * mission's out/, each to be had at /out/NAME:
 *
 *	{"schema":"truce.report_files/1","reports":[
 *	  {"name":"report.html","bytes":48211,"written":"...Z"}]}
 *
 * Newest first, then by name.  Folders, links and hidden files are left out,
 * since /out/ does not give them.
 *
 * GET /api/v1/report?f=pdf&lang=fr&period=2026-02-04 makes one now, at the
 * level of who asks: `f` html (unless given), pdf, txt, csv, json or geojson;
 * `period` as `truce report` takes it, the last unless given; `week=1` or
 * `incident=ID` as html or pdf.  Nothing is written. */
#ifndef SERVE_REPORTS_H
#define SERVE_REPORTS_H

#include "serve/api.h"

enum { REPORTS_MAX = 10000 }; /* more in one folder is a LIMIT */

/* Of a folder of the mission, as JSON. */
MUST_USE bool reports_list(const struct api *, const char *folder,
	struct arena *, struct text *, struct fault *);
void reports_answer(
	const struct api *, struct arena *, struct wire_response *);
void reports_print(const struct api *, const struct wire_request *,
	struct arena *, struct wire_response *);

#endif
