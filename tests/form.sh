#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# form.sh - the report form on a phone that loses its network, its tab and its
# server: every report arrives once, to the byte.  SHOTS=DIR keeps pictures.
# alone: a browser that draws in software
set -u
cd "$(dirname "$0")/.."
if [ ! -e web/build/desk/form.js ] || ! command -v node >/dev/null ||
	! command -v chromium >/dev/null; then
	echo "ok 1 - no node, chromium or web/build: make web # SKIP"
	echo "1..1"
	exit 0
fi
case $BUILD in */release) ;; *) echo "1..0"; exit 0 ;; esac
TRUCE=$(realpath "${TRUCE:-build/truce}")
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-form.XXXXXX")
trap 'rm -rf "$t"' EXIT
"$TRUCE" sim singles --seed 3 --nodes 5 --hours 0.1 --out "$t/m" 2>/dev/null ||
	{ echo "not ok 1 - a mission"; exit 1; }
echo 'P-1,patrol,,,,,,mission,,,50,,' >>"$t/m/sensors.csv"
"$TRUCE" replay "$t/m" >/dev/null 2>&1
{ cat tests/data/photo/phone.in; head -c 300000 /dev/urandom; } >"$t/photo.jpg"
timeout 300 node web/test/form.mjs "$TRUCE" "$t" ${SHOTS-}
