/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * coverage.h - what the count of branches knows: a fault is always false, so
 * `x || fault(...)` is one branch of two ways, not two. */
#include "base/fault.h"

#define fault(...) (fault(__VA_ARGS__), false)
#define fault_in(...) (fault_in(__VA_ARGS__), false)
#define fault_errno(...) (fault_errno(__VA_ARGS__), false)
