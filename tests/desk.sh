#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# desk.sh - the page in a real browser over a small mission.  SHOTS=DIR keeps
# its pictures.
# alone: a browser that draws in software
set -u
cd "$(dirname "$0")/.."
. tests/faults/browser.sh desk
. tests/faults/mission.sh
small_mission "$t" 0.3 || { echo "not ok 1 - truce sim"; exit 1; }
for f in "$t"/files/*/*; do take "$t/empty" "$f" 2>/dev/null; done
"$TRUCE" replay "$t/empty" >/dev/null 2>&1
mkdir -p "$t/empty/out"
for form in txt json; do
	"$TRUCE" report "$t/empty" --format $form \
		-o "$t/empty/out/report.$form" 2>/dev/null
done

guarantees
show co
co=$url
show empty
timeout 500 node web/test/desk.mjs "$url" "$co" ${SHOTS-}
