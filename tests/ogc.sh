#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# ogc.sh - OGC API Features as others' programs read it: OWSLib, and QGIS
# without a screen, page by page, in a box and at a time.
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-ogc.XXXXXX")
trap 'rm -rf "$t"' EXIT
"$TRUCE" sim demo --seed 1 --out "$t/m" >/dev/null 2>"$t/err" &&
	"$TRUCE" replay "$t/m" >/dev/null 2>"$t/err" ||
	{ echo "not ok 1 - truce replay"; cat "$t/err"; exit 1; }
# Debian's packages are of Debian's Python, whichever comes first in PATH.
QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=$t HOME=$t \
	/usr/bin/python3 tests/faults/ogc.py "$t/m"
