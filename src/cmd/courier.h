/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * courier.h - letters of the log to its witnesses, by HTTP (ledger/quorum.h,
 * feeds/fetch.h): all at once, 5 s for all. */
#ifndef CMD_COURIER_H
#define CMD_COURIER_H

#include "ledger/quorum.h"

extern const struct courier courier_http;

#endif
