#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# looks.sh - the page's screens look as when they were last looked at
# (tests/data/looks.json).  After a change that is meant: LOOKS=keep SHOTS=DIR
# tests/looks.sh, look at DIR, and commit the file.
# alone: a browser that draws in software
set -u
cd "$(dirname "$0")/.."
. tests/faults/browser.sh looks
"$TRUCE" demo --once --dir "$t/m" >/dev/null 2>&1 && guarantees ||
	{ echo "not ok 1 - two missions"; exit 1; }
show co
co=$url
show m
MARKS=$(node web/build/marks.js) timeout 400 node web/test/looks.mjs "$url" \
	"$co" tests/data/looks.json ${SHOTS-}
