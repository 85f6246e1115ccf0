/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * obligation_state.h - what people made of an obligation (CONTRACT.md). */
#ifndef MODEL_OBLIGATION_STATE_H
#define MODEL_OBLIGATION_STATE_H

enum obligation_state {
	OBLIGATION_OPEN, OBLIGATION_ACKNOWLEDGED, OBLIGATION_DECIDED,
	OBLIGATION_FULFILLED, OBLIGATION_DECLINED,
	OBLIGATION_LAPSED, /* by the clock: nobody writes it */
	OBLIGATION_STATES,
};

#endif
