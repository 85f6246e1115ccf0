#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# grown.sh - an array that grows: an element that joins a mission with what it
# had heard since the beginning, after a replay without it, gives the detections
# and incidents of a mission that had it from the first, and a recomputation
# finds the same.
set -u
cd "$(dirname "$0")/.."
TRUCE=$(realpath "${TRUCE:-build/truce}")
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-grown.XXXXXX")
trap 'rm -rf "$t"' EXIT
one=XT_IS1_04
for m in whole grown; do
	"$TRUCE" sim mixed --seed 2 --out "$t/$m" >/dev/null 2>&1
done
"$TRUCE" replay "$t/whole" >/dev/null 2>&1
cp "$t/grown/sensors.csv" "$t/all.csv"
grep -v "^$one," "$t/all.csv" >"$t/grown/sensors.csv"
mv "$t/grown/inbox/$one" "$t/late"
"$TRUCE" replay "$t/grown" >/dev/null 2>&1
"$TRUCE" detections "$t/grown" --jsonl >"$t/before"
cp "$t/all.csv" "$t/grown/sensors.csv"
mv "$t/late" "$t/grown/inbox/$one"
"$TRUCE" replay "$t/grown" >/dev/null 2>&1
python3 - "$t" "$TRUCE" <<'P'
import json, subprocess, sys
t, truce = sys.argv[1:]
def ask(*what):
    p = subprocess.run([truce, *what], capture_output=True, text=True)
    return p.returncode, p.stdout
# All but which version it is and where it lies in the log.
def rows(m, what):
    return sorted(json.dumps({k: v for k, v in json.loads(x).items()
                  if k not in ("ledger", "version", "cite")}, sort_keys=True)
                  for x in ask(what, t + "/" + m, "--jsonl")[1].splitlines())
bad = n = 0
def ok(good, text):
    global bad, n
    n += 1; bad += not good
    print("%s %d - %s" % ("ok" if good else "not ok", n, text))
before = len(open(t + "/before").readlines())
for what in ("detections", "incidents"):
    a, b = rows("whole", what), rows("grown", what)
    ok(len(a) > 0 and a == b, "%d %s, as if it had been there" % (len(a), what))
ok(0 < before < len(rows("grown", "detections")), "it did grow")
rc, said = ask("audit", t + "/grown", "--recompute")
ok(rc == 0 and " 0 different" in said, "recomputed from the evidence: the same")
print("1..%d" % n)
sys.exit(bad > 0)
P
