/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * maths.h - the elementary functions, ours, so that two machines agree.
 *
 * Two libms differ in the last bit, and a record must not.  These use only
 * + - x / sqrt (exact under IEEE 754, with -ffp-contract=off) and fixed
 * numbers of terms: argument reduction as in Cody and Waite, "Software Manual
 * for the Elementary Functions" (1980), then Taylor series cut below 1e-17.
 * Error: within 2 units of the last place on the ranges below (tests/maths.c
 * compares with libm), erfc within 1e-13 relative.  Pure rooms use these and
 * never <math.h>'s sin, exp, ... ; sqrt, fabs, floor, fmin, fmax are exact. */
#ifndef BASE_MATHS_H
#define BASE_MATHS_H

#include <math.h>

#define PI 3.14159265358979323846
#define RAD(deg) ((deg) * (PI / 180))
#define DEG(rad) ((rad) * (180 / PI))

double m_exp(double x);             /* 0 below -745, INFINITY above 709.78 */
double m_log(double x);             /* -INFINITY at 0, NAN below */
/* Four at once, in place: the same numbers, in a third of the time. */
void m_exp4(double x[4]);
void m_log4(double x[4]);
double m_log10(double x);
double m_pow(double x, double y);   /* x >= 0; exp(y log x) */
double m_sin(double x);             /* |x| < 1e6 */
double m_cos(double x);
double m_tan(double x);
double m_atan2(double y, double x); /* -pi..pi; 0 at the origin */
double m_asin(double x);            /* argument clipped to -1..1 */
double m_acos(double x);
double m_erfc(double x);
double m_phi(double x);             /* normal distribution function */
double m_phi_inverse(double p);     /* Acklam's fit and one Newton step */

#endif
