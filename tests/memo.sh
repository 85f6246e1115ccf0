#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# memo.sh - what a replay remembers for the next one changes nothing: neither
# in what order things come (TRUCE_SEEDS: so many, or as 9-40), nor killed, nor damaged.
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-memo.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 0.3 || { echo "not ok 1 - truce sim"; exit 1; }
python3 tests/faults/memotest.py "$TRUCE" "$t" "${TRUCE_SEEDS:-2}"
