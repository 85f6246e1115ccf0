/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cholesky.h - small symmetric positive systems: A = L L', then A x = b.
 *
 * A is n x n, row by row; only its lower half is read, and becomes L.  A fixed
 * order of sums, so that two machines agree. */
#ifndef BASE_CHOLESKY_H
#define BASE_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* false: not positive (a pivot of 1e-18 or less). */
bool cholesky(double *a, size_t n);
/* b becomes x. */
void cholesky_solve(const double *l, size_t n, double *b);

#endif
