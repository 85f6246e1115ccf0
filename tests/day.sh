#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# day.sh - one day at the desk, live and whole: sensors push, an alert, evidence,
# a report by phone, a notice, a satellite's file, a proposal, a guest's word,
# the parties' replies, a publication, the report, a journalist's check.
# SHOTS=DIR keeps pictures of each step.
# TRUCE_LONG=1 runs it: five browsers share two cores, and one that is behind the
# others may miss a key.
# alone: browsers that draw in software
set -u
cd "$(dirname "$0")/.."
[ -n "${TRUCE_LONG-}" ] || { echo "1..0 # SKIP a whole day: TRUCE_LONG=1"; exit 0; }
. tests/faults/browser.sh day
. tests/faults/mission.sh
# A mission whose two persons are always of two organisations.
(cd "$t" && "$TRUCE" key new root >/dev/null) && small_mission "$t" 0.3 &&
	printf 'threshold 1\ntwo_orgs yes\n%032d %s chiefs\n' 1 "$("$TRUCE" key show \
		"$t/root.key" | sed -n 's/public key //p')" >"$t/empty/roots" &&
	"$TRUCE" replay "$t/empty" >/dev/null 2>&1 ||
	{ echo "not ok 1 - a mission"; exit 1; }
mv "$t/empty" "$t/m"
echo "Mar'yivka,Мар’ївка,Марьевка,Odarivka,,48.30,37.40,5000,A" \
	>>"$t/m/geo/places.csv"
for x in ann:analyst:mission rev:reviewer:guests chi:chief:mission \
	lia:liaison:A lib:liaison:B; do
	k=${x%%:*} r=${x#*:}
	(cd "$t" && "$TRUCE" key new "$k" && "$TRUCE" key enrol m --root root.key \
		--new "$k.key" --org "${r#*:}" --role "${r%%:*}") >/dev/null 2>&1 ||
		{ echo "not ok 1 - a key for $k"; exit 1; }
done
timeout 400 node web/test/day.mjs "$TRUCE" "$t" ${SHOTS-}
