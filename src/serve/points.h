/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * points.h - incidents as binary columns for a map: what a browser draws by
 * the hundred thousand without reading JSON.
 *
 * Little-endian: "TRUCECL1", u32 length of the header, u32 rows, i64 t0 (UTC
 * ms), u64 number of entries that the log had, u32 columns, u32 flags (1
 * sorted by time, 2 generalised, 4 cut off at the limit), then for each column
 * name[8], u8 type (0 unsigned, 1 signed), u8 width, i16 decimal exponent, u32
 * offset, u32 length, u32 CRC-32; data on 8-byte bounds.
 *
 *	id    u4  ledger index of the version, 4294967295 not logged yet
 *	t     u4  s after t0, cut down; t0 is a whole second
 *	d     u4  s to its end, rounded up; 0 a moment, 4294967295 goes on
 *	lon   i4  1e-7 degree; INT32_MIN not known
 *	lat   i4
 *	err   u2  10 m, semi-major axis; 65535 not known
 *	kind  u1  number in `kinds` of /api/v1/ (words.h)
 *	state u1  number in `statuses`
 *	n     u2  count; 65535 not known or more
 *	nq    u1  number in `count_meanings`
 *
 * Rows without a time are left out. */
#ifndef SERVE_POINTS_H
#define SERVE_POINTS_H

#include "serve/api.h"

enum {
	POINTS_MAX = 200000,
	POINTS_CELLS = 8, /* flag: a row a cell */
	POINTS_CELL_BITS = 5, /* 32 cells a side of a tile */
	POINTS_ZOOM_MAX = 12,
};

/* At most POINTS_MAX rows of `q`, whose own limit is not used. */
MUST_USE bool points_write(const struct api *, const struct query *,
	struct arena *, struct bytes *out, struct fault *);
/* The same rows, gathered: a row a cell of the Web Mercator grid, 2^(zoom + 5)
 * cells around the world, with x, y (both 4294967295: place unknown), n, t (s
 * after t0 of the newest), lon, lat (of its centre), and kNN for each number
 * of a kind that occurs, all u4.  The sum of n is what the list counts. */
MUST_USE bool points_cells(const struct api *, const struct query *,
	int zoom, struct arena *, struct bytes *out, struct fault *);

#endif
