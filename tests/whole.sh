#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# whole.sh - clocks off by what people and programs know how to make: an hour
# from the middle on, GPS time, TAI from the middle on, a week counter that
# turns in the middle, a second.  Each is named with its evidence from when to
# when, and nobody else.
set -u
cd "$(dirname "$0")/.."
n=0 bad=0
ok() { # STATUS TEXT
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"
	else echo "not ok $n - $2"; bad=1; fi
}
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-whole.XXXXXX")
trap 'rm -rf "$t"' EXIT
"$TRUCE" sim singles --seed 6 --nodes 25 --hours 4 --rate 100 --shots 60 \
	--out "$t/m" 2>"$t/said"
cp -r "$t/m" "$t/sound"
# The header of miniSEED 2: year, day, hour, minute, second from byte 20 on.
python3 - "$t/m/inbox" <<'P'
import os, sys
from datetime import datetime, timedelta
sys.path.insert(0, "tests/faults")
from live import records
HALF = datetime(2026, 2, 3, 20)
for node, s, half in (("03", 3600, 1), ("07", 18, 0), ("0B", 37, 1),
                      ("0F", -619315200, 1), ("0K", -1, 0)):
    d = os.path.join(sys.argv[1], "XT_G0%s_00" % node)
    for f in os.listdir(d):
        out = b""
        for r in map(bytearray, records(os.path.join(d, f))):
            at = (datetime(int.from_bytes(r[20:22], "big"), 1, 1) + timedelta(
                int.from_bytes(r[22:24], "big") - 1, r[26], 0, 0, r[25], r[24]))
            if not half or at >= HALF:
                at += timedelta(seconds=s)
            r[20:22] = at.year.to_bytes(2, "big")
            r[22:24] = at.timetuple().tm_yday.to_bytes(2, "big")
            r[24:27] = bytes((at.hour, at.minute, at.second))
            out += r
        open(os.path.join(d, f), "wb").write(out)
P
for m in m sound; do
	"$TRUCE" --quiet replay "$t/$m" >"$t/said" 2>&1
	ok $? "replay: $(tail -1 "$t/said")"
	"$TRUCE" health "$t/$m" --jsonl | grep quarantined >"$t/$m.health"
done
[ ! -s "$t/sound.health" ]
ok $? "nobody is charged when nothing is wrong"
python3 - "$t/m.health" >"$t/said" <<'P'
import json, sys
rows = [json.loads(x) for x in open(sys.argv[1])]
for node, why, ms, first, last in (
        ("03", "clock off by a time zone", 3600000, "2026-02-03T19:5", ""),
        ("07", "clock in GPS time", 18000, "", ""),
        ("0B", "clock in TAI", 37000, "2026-02-03T19:5", ""),
        ("0F", "clock off by whole weeks", -619315200000, "2006-06-20T20:0",
         "2006-06-20T2"),
        ("0K", "leap second missed", -1000, "", "")):
    mine = [r for r in rows if r["source"] == "XT_G0%s_00" % node]
    good = (len(mine) == 1 and mine[0]["why"] == why and
            abs(mine[0]["measure"]["late_ms"] - ms) < 60 and
            mine[0]["from"].startswith(first) and
            mine[0]["to"].startswith(last) and len(mine[0]["evidence"]) > 1)
    print("ok" if good else "not ok", "-", node, why,
          [(r["why"], r["measure"], r["from"], r["to"]) for r in mine])
    rows = [r for r in rows if r not in mine]
print("not ok" if rows else "ok", "- nobody else",
      [(r["source"], r["why"]) for r in rows])
P
while IFS= read -r line; do
	[ "${line%% *}" = ok ]
	ok $? "${line#*- }"
done <"$t/said"
echo "1..$n"
exit $bad
