#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# access.sh - every screen of the page under axe-core: none has a serious
# finding, light or dark, wide or on a phone.
# alone: a browser that draws in software
set -u
cd "$(dirname "$0")/.."
. tests/faults/browser.sh access
"$TRUCE" sim singles --seed 3 --nodes 5 --hours 0.3 --out "$t/m" 2>/dev/null &&
	"$TRUCE" replay "$t/m" >/dev/null 2>&1 && guarantees ||
	{ echo "not ok 1 - two missions"; exit 1; }
show co
co=$url
show m
timeout 400 node web/test/access.mjs "$url" "$co"
