/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sink.h - where output streams to: one function and a self. */
#ifndef BASE_SINK_H
#define BASE_SINK_H

#include "base/bytes.h"
#include "base/fault.h"

struct sink {
	bool (*put)(void *self, struct bytes, struct fault *);
	void *self;
};

MUST_USE static inline bool sink_put(
	struct sink s, struct bytes b, struct fault *f)
{
	return s.put(s.self, b, f);
}

#endif
