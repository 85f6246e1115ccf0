#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# memory.sh - an archive four times as long takes no noticeably more memory:
# six hours of sound on each of twelve days, and on each of forty-eight.  What
# has a bound, the index's page cache and the sounds that are remembered, is
# full in both.
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
if nm "$TRUCE" 2>/dev/null | grep -q '__[at]san_init'; then
	echo "ok 1 - memory # SKIP a sanitizer's own is not ours"
	exit 0
fi
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-memory.XXXXXX")
trap 'rm -rf "$t"' EXIT
"$TRUCE" sim singles --seed 5 --nodes 4 --hours 6 --shots 8 --out "$t/one" \
	2>/dev/null || { echo "not ok 1 - truce sim"; exit 1; }
cp -r "$t/one" "$t/short"
cp -r "$t/one" "$t/long"
python3 - "$t" <<'P'
import glob, json, os, resource, struct, subprocess, sys
t, truce = sys.argv[1], os.environ["TRUCE"]
def lengthen(m, days):
    for path in glob.glob(f"{t}/{m}/inbox/*/*.mseed"):
        b = bytearray(open(path, "rb").read())
        for k in range(1, days): # the day of the year in each record's head
            for at in range(0, len(b), 512):
                day = struct.unpack_from(">H", b, at + 22)[0]
                # Every other day: what comes again within 24 h is a replay.
                struct.pack_into(">H", b, at + 22, day + 2)
            open(f"{path[:-6]}-{k}.mseed", "wb").write(b)
lengthen("short", 12)
lengthen("long", 48)
def replay(m):
    p = subprocess.Popen([truce, "replay", f"{t}/{m}", "--jobs", "1"],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = p.stdout.read().decode()
    _, status, usage = os.wait4(p.pid, 0)
    assert status == 0, m
    return usage.ru_maxrss / 1024, int(out.split(" incidents")[0].split()[-1])
short, n = replay("short")
long, n4 = replay("long")
good = n4 >= 3 * n > 0
print(f"{'ok' if good else 'not ok'} 1 - {n} incidents, {n4} in the long "
      f"archive")
fits = long < 1.3 * short
print(f"{'ok' if fits else 'not ok'} 2 - peak {short:.1f} MiB, four times as "
      f"long {long:.1f} MiB: {long / short:.2f}")
sys.exit(not (good and fits))
P
