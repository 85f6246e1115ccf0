/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * files.h - plain files below a folder, by URL: parts of [A-Za-z0-9._-], none
 * begun by a dot, nothing through a symbolic link at the end. */
#ifndef SERVE_FILES_H
#define SERVE_FILES_H

#include "serve/wire.h"

/* Of the log: /checkpoint, /tile/..., which never change once written, who
 * signs (/disclosures/000.disclosure), and what strangers stamped
 * (/stamps/N.tsr). */
bool files_of_log(const char *mission, struct bytes path, struct arena *,
	struct wire_response *);
/* `path` below `folder`, its media type by its ending; 404 where there is
 * none. */
void files_below(const char *folder, struct bytes path, struct arena *,
	struct wire_response *);

#endif
