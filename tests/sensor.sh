#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# sensor.sh - faulty sensors by the whole program: two of one firing position,
# by tools/faulty; a second replay adds nothing; a sensor whose own stated
# place jumps; one that floods.
set -u
cd "$(dirname "$0")/.."
data=../shared/data/acoustic/shotspotter-pittsburgh
n=0 bad=0
ok() { # STATUS TEXT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"
	else echo "not ok $n - $2"; bad=1; fi
}
if [ ! -d "$data" ]; then
	echo "ok 1 - no $data # SKIP"
	exit 0
fi
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-sensor.XXXXXX")
trap 'rm -rf "$t"' EXIT
out=$(tools/faulty -p FP3 -n 1 -k step-100,clock-250 "$data")
ok $? "a step and an offset are named, the rounds stay where they are"
echo "$out" | sed 's/^/# /'

# A place that jumps by 100 m, and a flood, in the second half.
mkdir -p "$t/data/FP3"
for f in $(ls "$data/FP3" | head -9); do cp -r "$data/FP3/$f" "$t/data/FP3/"; done
python3 - "$t/data/FP3" <<'P'
import json, os, sys
tests = sorted(os.listdir(sys.argv[1]))
for k, t in enumerate(tests):
    p = os.path.join(sys.argv[1], t, t + ".allpulses.json")
    a = json.load(open(p))
    if 2 * k >= len(tests):
        for x in a:
            if x["serial_number"] == "SCP-00-BNQ-1705":
                x["location"]["x"] += 100
    if k == 4:
        one = [x for x in a if x["serial_number"] == "SCP-00-BNQ-1720"][0]
        second = int(one["arrival_time_utc"][17:19]) // 30 * 30
        for i in range(900):
            at = second * 1000 + i * 33
            a.append(dict(one, pulse_uuid=str(i), arrival_time_utc=
                          one["arrival_time_utc"][:17] +
                          f"{at // 1000:02}.{at % 1000:03}Z"))
    json.dump(a, open(p, "w"), indent=1)
P
tools/pittsburgh "$t/data" "$t/m" --pulses 2>"$t/said"
"$TRUCE" --quiet replay "$t/m" >"$t/said" 2>&1
ok $? "replay: $(tail -1 "$t/said")"
"$TRUCE" health "$t/m" --jsonl >"$t/health"
grep 'stated place jumped' "$t/health" | grep -q 'BNQ-1705'
ok $? "a stated place that jumps"
grep 'flood of picks' "$t/health" | grep -q 'BNQ-1720'
ok $? "a flood of picks"
others=$(grep -E '"(quarantined|degraded)"' "$t/health" | grep -v BNQ-17)
[ -z "$others" ]
ok $? "and nobody else $others"
"$TRUCE" report "$t/m" --format txt >"$t/report" 2>/dev/null
grep -q 'stated place jumped' "$t/report"
ok $? "the report says so"
cp "$t/health" "$t/before"
"$TRUCE" --quiet replay "$t/m" --jobs 2 >"$t/said" 2>&1
"$TRUCE" health "$t/m" --jsonl >"$t/health"
cmp -s "$t/before" "$t/health"
ok $? "a second replay says the same of every sensor"
echo "1..$n"
exit $bad
