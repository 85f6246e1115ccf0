#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# office.sh - people at the desk over HTTP: who asks, who has an item, what is
# drafted, signed, refused, logged; by the verifier's rules, not by ours.
set -u
cd "$(dirname "$0")/.."
TRUCE=$(realpath "${TRUCE:-build/truce}")
export TRUCE
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-office.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 0.3 || { echo "not ok 1 - truce sim"; exit 1; }
mv "$t/empty" "$t/m"
# a town that everything is near, by all its names
cat >>"$t/m/geo/places.csv" <<'C'
Mar'yivka,Мар’ївка,Марьевка,,Жовтневе,48.30,37.40,5000,A
C
for f in "$t"/files/*/*; do
	case $f in */VIIRS-N20/*) ;; *) take "$t/m" "$f" ;; esac
done
"$TRUCE" --quiet replay "$t/m" >/dev/null 2>"$t/err" ||
	{ echo "not ok 1 - truce replay"; cat "$t/err"; exit 1; }
cd "$t" || exit 1
for x in ann:analyst:mission rev:reviewer:mission chi:chief:mission \
	lia:liaison:A lib:liaison:B aud:auditor:mission; do
	k=${x%%:*} r=${x#*:}
	"$TRUCE" key new "$k" >/dev/null && "$TRUCE" --quiet key enrol m \
		--new "$k.key" --org "${r#*:}" --role "${r%%:*}" >/dev/null ||
		{ echo "not ok 1 - enrol $k"; exit 1; }
done
"$TRUCE" key new nobody >/dev/null
cd - >/dev/null || exit 1
python3 tests/faults/office.py "$t"
