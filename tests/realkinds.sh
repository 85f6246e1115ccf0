#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# realkinds.sh - what the kinds of real shots are said to be (../shared/data,
# police weapons in Pittsburgh, four firing positions): gunfire, that is shot or
# burst, and seldom anything else with the 0.7 that names a kind.  Nothing was
# fitted to them (tools/fit-kinds knows simulated sounds alone).
set -u
cd "$(dirname "$0")/.."
TRUCE=$(realpath "${TRUCE:-build/truce}")
data=${DATA-../shared/data}/acoustic/shotspotter-pittsburgh
if [ ! -d "$data" ]; then
	echo "ok 1 - $data is not here # SKIP"
	exit 0
fi
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-realkinds.XXXXXX")
trap 'rm -rf "$t"' EXIT
for how in pulses audio; do
	tools/pittsburgh "$data" "$t/$how" --$how >/dev/null 2>&1 &&
		"$TRUCE" --quiet replay "$t/$how" >/dev/null 2>&1 &&
		"$TRUCE" incidents "$t/$how" --jsonl >"$t/$how.jsonl"
done
python3 - "$t" <<'P'
import collections, json, sys
t = sys.argv[1]
n = bad = 0
def ok(good, text):
    global n, bad
    n += 1; bad += not good
    print("%s %d - %s" % ("ok" if good else "not ok", n, text))
def said(how):
    """Per position: rounds, those that are gunfire, what the others are; and
    what is named as anything else."""
    tests = [json.loads(x) for x in open("%s/%s/truth.jsonl" % (t, how))]
    by, wrong = collections.defaultdict(collections.Counter), []
    for i in map(json.loads, open("%s/%s.jsonl" % (t, how))):
        at, kind = i["time"]["at"], i["kind"]
        top = max(kind, key=kind.get)
        p = next((x["test"][:3] for x in tests if x["from"] <= at <= x["to"]),
                 "none")
        gun = kind.get("shot", 0) + kind.get("burst", 0) > 0.5
        by[p]["rounds"] += 1
        by[p]["gunfire" if gun else top] += 1
        if kind[top] >= 0.7 and top not in ("shot", "burst"):
            wrong.append((p, top))
    return by, wrong
for how, least, most in ("pulses", 0.9, 0), ("audio", 0.65, 1):
    by, wrong = said(how)
    for p in sorted(by):
        print("# %s %s: %s" % (how, p, dict(by[p])))
    rounds = sum(c["rounds"] for c in by.values())
    guns = sum(c["gunfire"] for c in by.values())
    ok(len(by) == 4 and guns >= least * rounds, "%s: %d of %d rounds of %d "
       "positions are gunfire" % (how, guns, rounds, len(by)))
    ok(len(wrong) <= most, "%s: named as something else: %s" % (how, wrong))
print("1..%d" % n)
sys.exit(bad > 0)
P
