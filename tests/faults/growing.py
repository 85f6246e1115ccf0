# SPDX-License-Identifier: GPL-3.0-or-later
# growing.py DIR ELEMENT - for tests/growing.sh: DIR has the missions whole,
# replayed, and grown, which is begun without ELEMENT.
import atexit, json, os, signal, subprocess, sys

sys.path.insert(0, os.path.dirname(__file__))
from tap import TRUCE, done, ok, truce, until

T, ONE = sys.argv[1:]
M, W = os.path.join(T, "grown"), os.path.join(T, "whole")
S = os.path.join(M, "sensors.csv")
every = open(S).read()
with open(S, "w") as f:
    f.write("".join(x for x in every.splitlines(True)
                    if not x.startswith(ONE + ",")))
os.rename(os.path.join(M, "inbox", ONE), os.path.join(T, "late"))


def made(m, what):
    """All but which version it is and where it lies in the log."""
    return sorted(json.dumps({k: v for k, v in json.loads(x).items()
                  if k not in ("ledger", "version", "cite")}, sort_keys=True)
                  for x in truce(what, m, "--jsonl").stdout.splitlines())


err = open(os.path.join(T, "err"), "w")
run = subprocess.Popen([TRUCE, "run", M, "--every", "1"], stderr=err,
                       stdout=subprocess.DEVNULL)
atexit.register(run.kill)
replays = lambda: open(err.name).read().count("replayed: ")
ok(until(lambda: replays() > 0, 120), "it runs, and has replayed without it")
before = len(made(M, "detections"))
want = {x: made(W, x) for x in ("detections", "incidents")}
with open(S + ".new", "w") as f:
    f.write(every)
os.rename(S + ".new", S)
os.rename(os.path.join(T, "late"), os.path.join(M, "inbox", "." + ONE))
os.rename(os.path.join(M, "inbox", "." + ONE), os.path.join(M, "inbox", ONE))
for what, rows in want.items():
    ok(until(lambda: made(M, what) == rows, 180), "%d %s, as if it had been "
       "there" % (len(rows), what))
ok(0 < before < len(want["detections"]), "it did grow: %d before" % before)
run.send_signal(signal.SIGTERM)
ok(run.wait(60) == 0, "and it ends as it should")
x = truce("audit", M, "--recompute")
ok(x.returncode == 0 and " 0 different" in x.stdout,
   "recomputed from the evidence: the same", x.stdout)
done()
