/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * trial.h - what was made at once for a newcomer, or left out, and still is so
 * in a mission: where somebody may doubt its operator it must be replaced
 * (docs/design/PROOF.md 8).  And what goes on paper. */
#ifndef CMD_TRIAL_H
#define CMD_TRIAL_H

/* Prints it; nothing of a folder without a log.  What cannot be read is said
 * by whoever audits it. */
void trial_tell(const char *folder);

#endif
