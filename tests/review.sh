#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# review.sh - people at the desk in real browsers: an analyst, a reviewer and a
# party's liaison, each with a key of their own.  SHOTS=DIR keeps pictures.
# alone: browsers that draw in software
set -u
cd "$(dirname "$0")/.."
. tests/faults/browser.sh review
"$TRUCE" sim singles --seed 3 --nodes 5 --hours 0.3 --out "$t/m" 2>/dev/null &&
	"$TRUCE" replay "$t/m" >/dev/null 2>&1 ||
	{ echo "not ok 1 - a mission"; exit 1; }
for x in ann:analyst:mission rev:reviewer:mission chi:chief:mission \
	lia:liaison:A; do
	k=${x%%:*} r=${x#*:}
	(cd "$t" && "$TRUCE" key new "$k" && "$TRUCE" key enrol m \
		--new "$k.key" --org "${r#*:}" --role "${r%%:*}") >/dev/null 2>&1 ||
		{ echo "not ok 1 - a key for $k"; exit 1; }
done
show m
timeout 300 node web/test/review.mjs "$url" "$t" ${SHOTS-}
