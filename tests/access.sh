#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# access.sh - every screen of the page under axe-core: none has a serious
# finding, light or dark, wide or on a phone.
# alone: a browser that draws in software
set -u
cd "$(dirname "$0")/.."
if [ ! -e web/build/desk/desk.js ] || [ ! -e web/node_modules/axe-core ] ||
	! command -v node >/dev/null || ! command -v chromium >/dev/null; then
	echo "ok 1 - no node, chromium, axe-core or web/build: make web # SKIP"
	echo "1..1"
	exit 0
fi
case $BUILD in */release) ;; *) echo "1..0"; exit 0 ;; esac
TRUCE=$(realpath "${TRUCE:-build/truce}")
. tests/faults/guarantees.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-access.XXXXXX")
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$t"' EXIT
"$TRUCE" sim singles --seed 3 --nodes 5 --hours 0.3 --out "$t/m" 2>/dev/null &&
	"$TRUCE" replay "$t/m" >/dev/null 2>&1 && guarantees ||
	{ echo "not ok 1 - two missions"; exit 1; }
show co
co=$url
show m
timeout 400 node web/test/access.mjs "$url" "$co"
