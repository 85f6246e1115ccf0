#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# live.sh - `truce run`: records pushed by nodes and asked of SeedLink servers
# give the findings that the same bytes give as files; damaged, late, repeated
# and cut-off ones too; kill -9 loses nothing that was acknowledged; hostile
# peers harm nobody.
# alone: it waits for answers in real time
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-live.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 0.3 || { echo "not ok 1 - truce sim"; exit 1; }
python3 tests/faults/livetest.py "$t" "$@" # names of its parts: these alone
