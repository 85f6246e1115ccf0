#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# growing.sh - an element joins an array while `truce run` runs: its line in
# sensors.csv, then its files in the inbox.  The replay that takes them makes what
# a mission makes that had it from the first (grown.sh has the same of replays).
# alone: it waits for answers in real time
set -u
cd "$(dirname "$0")/.."
TRUCE=$(realpath "${TRUCE:-build/truce}")
export TRUCE
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-growing.XXXXXX")
trap 'rm -rf "$t"' EXIT
for m in whole grown; do
	"$TRUCE" sim mixed --seed 2 --out "$t/$m" >/dev/null 2>&1
done
"$TRUCE" replay "$t/whole" >/dev/null 2>&1
python3 tests/faults/growing.py "$t" XT_IS1_04
