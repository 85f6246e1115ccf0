#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# crash.sh - kill -9 at 200 random moments (TRUCE_KILLS: so many) of ingest and
# replay: the log verifies after each; in the end nothing that was acknowledged
# is lost, nothing is there twice, and the answers are those of a run that
# nobody disturbed.
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-crash.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 0.1 || { echo "not ok 1 - truce sim"; exit 1; }
rm -rf "$t"/files/XT_G00[234]_00
python3 tests/faults/crash.py "$t"
