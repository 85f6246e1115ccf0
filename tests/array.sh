#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# array.sh - the infrasound array YJ.BRP, from its files to detections: both
# signals as its peers have them, and the same bytes whatever the order.
set -u
cd "$(dirname "$0")/.." || exit 1
TRUCE=${TRUCE:-build/truce}
DATA=../shared/data/infrasound/brp-array
if [ ! -d "$DATA" ]; then
	echo "ok 1 - $DATA is not here # SKIP"
	exit 0
fi
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-array.XXXXXX")
trap 'rm -rf "$t"' EXIT

mission() { # NAME OPTIONS...: made and replayed; its detections of the array
	name=$1
	shift
	"$TRUCE" init "$t/$name" 2>/dev/null &&
		tools/brp "$DATA" "$t/$name" "$@" &&
		timeout 120 "$TRUCE" replay "$t/$name" --jobs "$jobs" \
			>"$t/$name.out" 2>&1 || cat "$t/$name.out"
	"$TRUCE" detections "$t/$name" --jsonl | grep '"detector":"array"' |
		sed 's/,"ledger":{[^}]*}//' >"$t/$name.jsonl"
	"$TRUCE" health "$t/$name" --jsonl >"$t/$name.health"
}
jobs=1
mission plain
jobs=2
mission other
mission flip --flip 2
mission dead --dead 4
mission late --late 3:0.25
mission swap --swap 1:4
"$TRUCE" replay "$t/plain" >"$t/again.out" 2>&1
cmp -s "$t/plain.jsonl" "$t/other.jsonl" && [ -s "$t/plain.jsonl" ] &&
	echo "ok 1 - the same with one thread and two" ||
	echo "not ok 1 - the same with one thread and two"
grep -q ' 0 records are new' "$t/again.out" &&
	echo "ok 2 - a second replay makes nothing new" ||
	{ echo "not ok 2 - a second replay makes nothing new"
	  sed 's/^/# /' "$t/again.out"; }
"$TRUCE" detections "$t/plain" | awk '$NF == "array"' | grep -q '2012-04-09T' &&
	echo "ok 3 - truce detections shows them" ||
	echo "not ok 3 - truce detections shows them"
python3 - "$t" <<'P'
import json, sys
t = sys.argv[1]
n = 3
def check(ok, text):
    global n
    n += 1
    print(f"{'ok' if ok else 'not ok'} {n} - {text}")
def lines(name): return [json.loads(l) for l in open(f"{t}/{name}")]
d = lines("plain.jsonl")

# SOURCE.md of the data: InfraPy, least trimmed squares, ObsPy.
for at, peers in (("18:11:15", ((247.6, 337.4), (249.1, 340.4))),
                  ("18:13:50", ((321.6, 367.7), (321.9, 363.8),
                                (322.0, 360.5)))):
    def seconds(s): return sum(float(v) * k for v, k in
                               zip(s.split(":"), (3600, 60, 1)))
    near = min(d, key=lambda x: abs(seconds(x["at"][11:-1]) - seconds(at)))
    az, speed = near["back_azimuth_deg"], 1000 / near["slowness_s_per_km"]
    off = [(abs(az - a), abs(speed - v)) for a, v in peers]
    check(abs(seconds(near["at"][11:-1]) - seconds(at)) < 2.5 and
          all(a < 1.5 and v < 10 for a, v in off),
          f"{at}: {az} +- {near['sigma_az_deg']} deg, {speed:.1f} m/s; from "
          f"the peers {max(a for a, _ in off):.1f} deg, "
          f"{max(v for _, v in off):.1f} m/s at most")
check(all(x["features"]["share_consistent"] == 1 for x in d),
      "all elements agree in all detections")
check(all(0.3 < x["sigma_az_deg"] < 15 and
          x["features"]["sigma_slowness_s_per_km"] > 0 for x in d),
      "each says its error")
# The peers see two directions, and nothing else in twenty minutes.
check(len(d) >= 5 and all(240 < x["back_azimuth_deg"] < 260 or
                          312 < x["back_azimuth_deg"] < 330 for x in d),
      f"{len(d)} detections, all of the two directions")
# A broken copy of an element is named, no other is, and the rest goes on.
for name, who, why in (("plain", [], ""), ("flip", [2], "polarity reversed"),
                       ("dead", [4], "deaf"),
                       ("late", [3], "clock or place wrong"),
                       ("swap", [1, 4], "swapped")):
    bad = [h for h in lines(name + ".health") if h["state"] == "quarantined"]
    check({h["source"] for h in bad} == {f"YJ_BRP{k}_" for k in who} and
          all(h["why"] == why for h in bad),
          f"{name}: charged {[(h['source'], h['why'], h['measure']) for h in bad]}")
for name in "flip", "dead", "late":
    x = [v for v in lines(name + ".jsonl") if v["features"]["elements"] == 3]
    good = [v for v in x if 235 < v["back_azimuth_deg"] < 265 or
            307 < v["back_azimuth_deg"] < 335]
    check(len(x) >= 3 and len(good) + 1 >= len(x),
          f"{name}: {len(x)} detections by three elements, {len(good)} of the "
          f"two directions")
check(all(v["sigma_az_deg"] is None for v in x),
      "three leave no residual: their error is not known")
print(f"1..{n}")
P
