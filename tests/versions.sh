#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# versions.sh - people's versions of incidents in real browsers, where two
# persons means two organisations: amend, merge, split, link by an analyst,
# seen at once and confirmed by a guest.  SHOTS=DIR keeps pictures.
# alone: browsers that draw in software
set -u
cd "$(dirname "$0")/.."
. tests/faults/browser.sh versions
# A mission whose two persons are always of two organisations.
(cd "$t" && "$TRUCE" key new root >/dev/null) &&
	"$TRUCE" sim singles --seed 3 --nodes 5 --hours 0.3 --out "$t/m" 2>/dev/null &&
	printf 'threshold 1\ntwo_orgs yes\n%032d %s chiefs\n' 1 "$("$TRUCE" key show \
		"$t/root.key" | sed -n 's/public key //p')" >"$t/m/roots" &&
	"$TRUCE" replay "$t/m" >/dev/null 2>&1 ||
	{ echo "not ok 1 - a mission"; exit 1; }
for x in ann:analyst:mission col:reviewer:mission rev:reviewer:guests; do
	k=${x%%:*} r=${x#*:}
	(cd "$t" && "$TRUCE" key new "$k" && "$TRUCE" key enrol m --root root.key \
		--new "$k.key" --org "${r#*:}" --role "${r%%:*}") >/dev/null 2>&1 ||
		{ echo "not ok 1 - a key for $k"; exit 1; }
done
show m
timeout 300 node web/test/versions.mjs "$url" "$t" ${SHOTS-}
