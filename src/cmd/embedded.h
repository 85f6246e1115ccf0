/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * embedded.h - files built into the program (tools/embed). */
#ifndef CMD_EMBEDDED_H
#define CMD_EMBEDDED_H

#include <stddef.h>

/* missions/demo/agreement.terms */
extern const unsigned char demo_agreement[];
extern const size_t demo_agreement_len;

#endif
