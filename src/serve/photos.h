/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * photos.h - GET /api/v1/photos/SHA256: a photo of a report as it was received;
 * with f=json its size, and the time and position that it claims.  Only what a
 * replay took in as a photo (formats/photo.c); for the mission alone. */
#ifndef SERVE_PHOTOS_H
#define SERVE_PHOTOS_H

#include "serve/api.h"

void photos_answer(const struct api *, const struct wire_request *,
	const char *name, struct arena *, struct wire_response *);

#endif
