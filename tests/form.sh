#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# form.sh - the report form on a phone that loses its network, its tab and its
# server: every report arrives once, to the byte.  SHOTS=DIR keeps pictures.
# alone: a browser that draws in software
set -u
cd "$(dirname "$0")/.."
. tests/faults/browser.sh form
"$TRUCE" sim singles --seed 3 --nodes 5 --hours 0.1 --out "$t/m" 2>/dev/null ||
	{ echo "not ok 1 - a mission"; exit 1; }
echo 'P-1,patrol,,,,,,mission,,,50,,' >>"$t/m/sensors.csv"
"$TRUCE" replay "$t/m" >/dev/null 2>&1
{ cat tests/data/photo/phone.in; head -c 300000 /dev/urandom; } >"$t/photo.jpg"
timeout 300 node web/test/form.mjs "$TRUCE" "$t" ${SHOTS-}
