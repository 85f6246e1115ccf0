#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# inbox.sh - `truce run` watches the inbox: every sort of file is taken in when
# it is complete, no sooner, and gives what a replay of the same files gives;
# what comes by HTTP appears in the running mission; the one who watches may be
# killed.
# alone: it waits for answers in real time
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-inbox.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 0.2 || { echo "not ok 1 - truce sim"; exit 1; }
python3 tests/faults/inboxtest.py "$t"
