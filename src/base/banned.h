/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * banned.h - calls that have a better way here; forced in front of every file
 * by the Makefile (-include).  Sizes are unknown to the first five, the next
 * hide their errors, the last depend on a hidden clock, zone or state.  rand()
 * and srand() are refused by tools/floors: headers of OpenSSL name a parameter
 * so. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strtok
#pragma GCC poison atoi atol atoll atof
#pragma GCC poison gmtime localtime ctime asctime mktime setlocale

#endif
