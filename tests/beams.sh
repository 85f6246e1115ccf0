#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# beams.sh - arrays and hums are heard live: what `truce run` tells of while
# records come is what its replay makes of the same records.
# alone: it waits for answers in real time
set -u
cd "$(dirname "$0")/.."
TRUCE=$(realpath "${TRUCE:-build/truce}")
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-beams.XXXXXX")
trap 'rm -rf "$t"' EXIT
"$TRUCE" sim mixed --seed 2 --out "$t/m" >/dev/null 2>&1
mv "$t/m/inbox" "$t/files" && mkdir "$t/m/inbox"
python3 - "$t" "$TRUCE" <<'P'
import glob, json, os, signal, subprocess, sys, time
sys.path.insert(0, "tests/faults")
from live import records, start_of, Node
t, truce = sys.argv[1:]
n = bad = 0
def ok(good, text):
    global n, bad
    n += 1; bad += not good
    print("%s %d - %s" % ("ok" if good else "not ok", n, text), flush=True)
todo = sorted((start_of(r), c, r) for c in os.listdir(t + "/files")
              for f in glob.glob(t + "/files/" + c + "/*.mseed")
              for r in records(f))
alerts = open(t + "/alerts", "w")
err = open(t + "/err", "w")
p = subprocess.Popen([truce, "run", t + "/m", "--listen", "127.0.0.1:0",
                      "--every", "0"], stdout=alerts, stderr=err)
while "listening" not in open(err.name).read(): time.sleep(0.05)
port = int(open(err.name).read().split("listening on")[1].split()[0]
           .rsplit(":", 1)[1])
nodes = {c: Node(port, c) for c in {x[1] for x in todo}}
slice_ = None
for (_, _, s), c, r in todo: # no node runs far ahead of the others
    if slice_ != s // 20:
        for x in nodes.values(): x.wait()
    slice_ = s // 20
    nodes[c].send(r)
for x in nodes.values(): x.wait()
p.send_signal(signal.SIGTERM)
ok(p.wait(300) == 0, "%d records of %d channels: %s" % (len(todo), len(nodes),
   open(err.name).read().strip().split("\n")[-1]))
live = [json.loads(x)["detection"] for x in open(alerts.name)
        if '"detection":' in x]
have = [json.loads(x) for x in subprocess.run([truce, "detections", t + "/m",
    "--jsonl"], capture_output=True, text=True).stdout.splitlines()]
# All but the file that it is from, and the name made of that.
drop = lambda d: {k: v for k, v in d.items()
                  if k not in ("ledger", "cite", "id")}
name = lambda d: (d["source"], d["detector"], d["at"])
want = {name(d): drop(d) for d in have if d["detector"] in ("array", "hum")}
got = {name(d): drop(d) for d in live}
same = [i for i in want if got.get(i) == want[i]]
kinds = sorted({d["detector"] for d in want.values()})
ok(len(want) > 0 and len(same) == len(want), "%d of the %d beams and "
   "hums that the replay has were told live, in the same words %s" %
   (len(same), len(want), kinds))
for i in want:
    for k in want[i]:
        g = got.get(i) or next((x for x in got.values()
            if x["at"][:19] == i[2][:19]), {})
        if g.get(k) != want[i][k]:
            print("#", i[0], k, want[i][k], "live", g.get(k))
ok(len(got) == len(same), "and %d others" % (len(got) - len(same)))
print("1..%d" % n)
sys.exit(bad > 0)
P
