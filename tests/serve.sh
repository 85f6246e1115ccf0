#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# serve.sh - the front door: what it answers is what the verbs print; pages
# meet; what is wrong is said; nothing but the page, the log and the reports is
# given out; the stream tells each record once, to everybody, and goes on where
# it was left.
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-serve.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 0.3 || { echo "not ok 1 - truce sim"; exit 1; }
cp -r "$t/empty" "$t/m"
for f in "$t"/files/*/*; do
	case $f in */VIIRS-N20/*) ;; *) take "$t/m" "$f" ;; esac
done
"$TRUCE" replay "$t/m" >/dev/null 2>"$t/err" ||
	{ echo "not ok 1 - truce replay"; cat "$t/err"; exit 1; }
python3 tests/faults/serving.py "$t"
