#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# demo.sh - the demonstration day against its truth: nothing true and
# observable is missing, nothing false is called a breach.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
began=$(date +%s)
if timeout 600 "$TRUCE" demo --dir "$dir/m" --once >"$dir/log" 2>&1; then
	echo "ok 1 - truce demo --once ($(($(date +%s) - began)) s)"
else
	tail -5 "$dir/log"
	echo "not ok 1 - truce demo --once"
	exit 1
fi
"$TRUCE" incidents "$dir/m" --jsonl >"$dir/incidents"
"$TRUCE" findings "$dir/m" --jsonl >"$dir/findings"
"$TRUCE" health "$dir/m" --jsonl >"$dir/health"
"$TRUCE" detections "$dir/m" --jsonl >"$dir/detections"
"$TRUCE" looks "$dir/m" --kind explosion --jsonl >"$dir/looks"
"$TRUCE" audit "$dir/m" >"$dir/audit" && echo "ok 2 - audit" ||
	echo "not ok 2 - audit"
python3 - "$dir" <<'P'
import json, math, sys
from datetime import datetime

d = sys.argv[1]
def lines(name): return [json.loads(l) for l in open(f"{d}/{name}")]
def when(s): return datetime.fromisoformat(s.replace("Z", "+00:00")).timestamp()
truth = [t for t in lines("m/truth.jsonl") if t["what"] == "incident"]
incidents = {i["id"]: i for i in lines("incidents")
             if i["status"] != "rejected"}
findings = [f for f in lines("findings") if f["incident"] in incidents]
n = 2
def check(ok, text):
    global n
    n += 1
    print(f"{'ok' if ok else 'not ok'} {n} - {text}")

def best(i): return max(i["kind"], key=i["kind"].get)
def metres(i, t):
    p = i["place"]
    if p["lat"] is None: return math.inf
    return math.hypot((p["lat"] - t["lat"]) * 111200,
                      (p["lon"] - t["lon"]) * 111200 *
                      math.cos(math.radians(t["lat"])))
def radius(i):
    e = (i["place"]["region"] or {}).get("ellipse") or {}
    return e.get("semi_major_m") or 0
def same(i, t):
    # A moment heard: 5 s, 1 km.  A report or an image: its own interval of
    # time and its own region, with a margin.
    if best(i) != t["kind"]: return False
    slack = 120 if set(i["modalities"]) & {"witness", "image", "track"} else 5
    a, b = when(i["time"]["from"]) - slack, when(i["time"]["to"]) + slack
    return (a <= when(t["t0"]) <= b and
            metres(i, t) <= max(1000, 1.5 * radius(i)))

missing, found = [], {}
for t in truth:
    own = [i for i in incidents.values() if same(i, t)]
    found[t["id"]] = own
    if t["observable"] and not own and not t.get("same_as"):
        missing.append(t["id"])
check(not missing, "every true and observable incident is found: "
      f"{len(truth) - len(missing)} of {len(truth)}; missing {missing}")

# A group's count is enough for all of its members.
booms = [t for t in truth if t["kind"] == "explosion" and t["observable"]]
said = sum(i["count"]["value"] or 0 for i in incidents.values()
           if best(i) == "explosion")
check(0.9 * len(booms) <= said <= 1.15 * len(booms) + 2,
      f"explosions: {len(booms)} true, {said} counted")

# A stated capability: what was as loud as W90 where and when it was, is found.
def w90(t):
    at = when(t["t0"])
    for l in looks:
        if l["a"] <= at < l["b"] and l["w"] <= t["lon"] <= l["e"] and \
           l["s"] <= t["lat"] <= l["n"]: return l["kg"]
    return math.inf
looks = []
for l in lines("looks"):
    if "w90_kg" not in l["of"]: continue
    ring = l["area"]["region"]["geojson"]["coordinates"][0]
    x, y = [p[0] for p in ring], [p[1] for p in ring]
    looks.append(dict(a=when(l["from"]), b=when(l["to"]), w=min(x), e=max(x),
                      s=min(y), n=max(y), kg=l["of"]["w90_kg"]))
loud = [t for t in truth if t["kind"] == "explosion" and t.get("yield_kg")
        and t["yield_kg"] >= w90(t)]
got = [t for t in loud if any("acoustic" in i["modalities"]
                              for i in found[t["id"]])]
check(len(loud) > 20 and len(got) >= 0.9 * len(loud), f"{len(loud)} "
      f"explosions of W90 or more: {len(got)} were heard")
log = open(f"{d}/log").read()
check("passes of satellites" in log and "0 % of area and time" not in log and
      "not heard over" in log or "no other heard over" in log,
      "what was watched is told as what it was")

errors = sorted(min(metres(i, t) for i in own) for t in booms
                if (own := [i for i in found[t["id"]]
                            if "acoustic" in i["modalities"]]))
check(errors[len(errors) // 2] < 100, "median error of what was heard "
      f"{errors[len(errors) // 2]:.0f} m, worst {errors[-1]:.0f} m")

false = [f for f in findings if f["verdict"] == "breach" and not any(
         t["breach"] and same(incidents[f["incident"]], t) for t in truth)]
check(not false, "nothing false is called a breach: " + ", ".join(
      f"{f['clause']} {f['at']}" for f in false))

def verdicts(cause):
    return [f["verdict"] for t in truth if t.get("cause") == cause
            and not t["breach"] for i in found[t["id"]] for f in findings
            if f["incident"] == i["id"] and f["clause"] == "5.a"]
for cause in ("demining", "training"):
    v = verdicts(cause)
    check(v and "breach" not in v,
          f"notified {cause} is no breach: {len(v)} findings")
late = [t for t in truth if t.get("cause") == "demining" and t["breach"]]
v = [f["verdict"] for t in late for i in found[t["id"]] for f in findings
     if f["incident"] == i["id"] and f["clause"] == "5.a"]
check(v and set(v) == {"breach"}, f"notice given too late does not help: {v}")

own = [f["verdict"] for t in truth if t["kind"] == "flight" and
       t["party"] == "mission" for i in found[t["id"]] for f in findings
       if f["incident"] == i["id"]]
check("breach" not in own, "the mission's own flight is no breach")
uav = [f["verdict"] for t in truth if t["kind"] == "flight" and t["breach"]
       for i in found[t["id"]] for f in findings
       if f["incident"] == i["id"]]
check("breach" in uav, "the party's flight in the buffer is")
check(any(best(i) == "jamming" for i in incidents.values()) and
      not any(f["verdict"] == "breach" for f in findings
              if best(incidents[f["incident"]]) == "jamming"),
      "interference is seen, and attributed to nobody")
down = {h["source"] for h in lines("health") if h["state"] == "down"}
check(len(down) >= 5, f"sources that were down are known: {len(down)}")
check(all(f["explanation"] for f in findings), "every finding says why")
# Sounds located before a sensor was charged must not be used again.
bad = [(h["source"], when(h["from"]), when(h["to"]))
       for h in lines("health") if h["state"] == "quarantined"]
doubted = {x["id"] for x in lines("detections") for s, a, b in bad
           if x["source"] == s and a <= when(x["at"]) < b}
check(doubted and not any(doubted & set(i["evidence"])
                          for i in incidents.values()),
      f"no incident rests on any of {len(doubted)} doubted detections")
print(f"1..{n}")
P
