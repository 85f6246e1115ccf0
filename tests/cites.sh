#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# cites.sh - a detection cites the record in which it begins, also where that is
# the last of a file and it was told of while the next was read.
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-cites.XXXXXX")
trap 'rm -rf "$t"' EXIT
"$TRUCE" sim singles --seed 3 --nodes 5 --hours 0.3 --out "$t/m" 2>/dev/null
python3 - "$t/m/inbox" <<'P'
import glob, os, sys
for f in glob.glob(sys.argv[1] + "/XT*/*.mseed"):
    b = open(f, "rb").read()
    os.unlink(f)
    for k in range(0, len(b), 512 * 4):  # so that some begin at an end
        open("%s-%05d.mseed" % (f[:-6], k // 512), "wb").write(
            b[k:k + 512 * 4])
P
"$TRUCE" --quiet replay "$t/m" >/dev/null
ok $? "a mission in files of four records"
"$TRUCE" detections "$t/m" --jsonl >"$t/detections"
python3 - "$t/m" "$t/detections" >"$t/said" <<'P'
import glob, hashlib, json, os, sys
from datetime import datetime, timedelta, timezone
m, rows = sys.argv[1], sys.argv[2]
blobs = {}
for p in glob.glob(m + "/blobs/**", recursive=True):
    if os.path.isfile(p):
        b = open(p, "rb").read()
        blobs[hashlib.sha256(b).hexdigest()] = b
number = lambda b: int.from_bytes(b, "big")
n, far = 0, []
for d in map(json.loads, open(rows)):
    if d["detector"] != "stalta":
        continue
    n += 1
    c = d["cite"]
    r = blobs[c["blob"]][c["offset"]:c["offset"] + c["length"]]
    at = datetime.fromisoformat(d["at"].replace("Z", "+00:00"))
    if len(r) == 512:
        begin = datetime(number(r[20:22]), 1, 1, tzinfo=timezone.utc) + \
            timedelta(number(r[22:24]) - 1, r[26] + number(r[28:30]) * 1e-4,
                      0, 0, r[25], r[24])
        end = begin + timedelta(seconds=number(r[30:32]) / 100)
        if begin - timedelta(seconds=0.1) <= at <= end:
            continue
    far.append(d["id"])
print(n, "detections,", len(far), "cite another record")
sys.exit(n < 100 or len(far) > 0)
P
ok $? "$(cat "$t/said")"
exit $bad
