/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crc32c.h - the Castagnoli checksum (RFC 3720 B.4), as miniSEED 3 uses it.
 *
 * Start with 0 and add pieces; "123456789" gives 0xe3069283. */
#ifndef FORMATS_CRC32C_H
#define FORMATS_CRC32C_H

#include "base/bytes.h"

uint32_t crc32c_add(uint32_t crc, struct bytes);

#endif
