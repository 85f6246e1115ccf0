#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# recompute.sh - what a log says follows from the evidence, or is named; late
# data, other terms, another place of a sensor, damaged evidence.
set -u
cd "$(dirname "$0")/.."
TRUCE=${TRUCE:-build/truce}
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-recompute-test.XXXXXX")
trap 'rm -rf "$t"' EXIT
n=0
ok() { # STATUS TEXT
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
audit() { # MISSION: sets code, $t/out
	TMPDIR=$t "$TRUCE" --quiet audit "$1" --recompute >"$t/out" 2>"$t/err"
	code=$?
}
says() { grep -q "$1" "$t/out"; }

"$TRUCE" sim demo --seed 1 --out "$t/a" >/dev/null 2>&1
rm -rf "$t"/a/inbox/XT_IS1_* "$t"/a/inbox/XT_W0[1-5]_* # for speed
mkdir "$t/late"
mv "$t/a/inbox/XT_E01_00" "$t/late/"
"$TRUCE" --quiet replay "$t/a" >/dev/null 2>&1
audit "$t/a"
says ' 0 different; 0 in the log follow from nothing, 0 that' &&
	[ $code = 0 ]
ok $? "a day follows from its evidence: $(grep recomputed "$t/out" | cut -c1-60)"
[ -z "$(ls -d "$t"/truce-audit.* 2>/dev/null)" ]
ok $? "nothing is left behind"

mv "$t/late/XT_E01_00" "$t/a/inbox/"
"$TRUCE" --quiet replay "$t/a" >/dev/null 2>&1
audit "$t/a"
says ' 0 different; 0 in the log follow from nothing, 0 that' &&
	[ $code = 0 ]
ok $? "so does what late data changed: $(grep 'not recomp' "$t/out")"

cp "$t/a/agreement.terms" "$t/terms"
sed 's/\([0-9][0-9]*\) km/1 km/' "$t/terms" >"$t/a/agreement.terms"
audit "$t/a"
grep -q '^NOT RECOMPUTED [0-9]' "$t/out" &&
	says '^first: finding f-' && says '^VERIFIED' && [ $code = 1 ]
ok $? "other terms: $(grep '^first' "$t/out")"
cp "$t/terms" "$t/a/agreement.terms"

# The operator moves a sensor, has all made anew, and moves it back.
cp "$t/a/sensors.csv" "$t/sensors"
awk -F, -v OFS=, '$1 ~ /E03/ { $3 += 0.01 } { print }' "$t/sensors" \
	>"$t/a/sensors.csv"
"$TRUCE" --quiet replay "$t/a" >/dev/null 2>&1
cp "$t/sensors" "$t/a/sensors.csv"
audit "$t/a"
says '^VERIFIED' && grep -q '^NOT RECOMPUTED' "$t/out" && [ $code = 1 ]
ok $? "a sensor moved and moved back: $(grep '^first' "$t/out" | cut -c1-70)"
TMPDIR=$t "$TRUCE" --quiet audit "$t/a" --recompute --json 2>/dev/null |
	python3 -c '
import json, sys
c = json.load(sys.stdin)["recomputed"]
assert c["different"] + c["unfounded"] + c["missing"] > 0 and c["first"]["id"]'
ok $? "and as JSON"
"$TRUCE" --quiet replay "$t/a" >/dev/null 2>&1
audit "$t/a"
[ $code = 0 ]
ok $? "made anew once more, it follows again"

b=$(find "$t/a/blobs" -type f -size +100k | sort | head -1)
chmod u+w "$b"
printf '\001' | dd of="$b" bs=1 seek=5000 conv=notrunc 2>/dev/null
audit "$t/a"
says '^NOT VERIFIED' && ! says 'recomputed' && [ $code = 1 ]
ok $? "nothing is made of evidence that was changed"
echo "1..$n"
