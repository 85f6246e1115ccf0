# SPDX-License-Identifier: GPL-3.0-or-later
"""scenarios.py FOLDER [SCENARIO...] - see scenarios.sh."""
import hashlib, json, math, os, subprocess, sys, time
from collections import Counter
from datetime import datetime

truce, folder, only = os.environ["TRUCE"], sys.argv[1], sys.argv[2:]
# name, its size here, least share of the observable that is found, most false
# incidents, most of these that are called an explosion or a shot; None: not
# held to it yet, and why
ROWS = [
    ("quiet", "--minutes 10"),
    ("day", "--minutes 15"),
    ("singles", "--minutes 10 --shots 8"),
    ("barrage", "--minutes 5 --shots 40"),
    ("drumfire", "--nodes 25 --minutes 1 --shots 20 --rate 250"),
    ("upwind", "--minutes 8 --shots 10"),
    ("town", "--nodes 16 --minutes 5 --shots 8 --rate 250"),
    ("thunder", "--minutes 10 --rate 100"),
    ("quarry", "--minutes 15"),
    ("dead", "--minutes 8 --shots 10"),
    ("clocks", "--minutes 12 --shots 24"),
    ("tamper", "--minutes 22 --shots 12"),
    ("sparse", "--minutes 12 --shots 10"),
    ("mixed", "--minutes 10 --rate 250"),
    ("faults", "--minutes 8 --shots 8"),
    ("nodes", "--nodes 36 --minutes 4 --shots 4"),
    ("load", "--nodes 64 --minutes 1 --shots 6"),
]
n = 0


def ok(good, text):
    global n
    n += 1
    print(f"{'ok' if good else 'not ok'} {n} - {text}")


def run(*words):
    p = subprocess.run([truce, *words], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=300)
    if p.returncode:
        print("#", " ".join(words), p.stderr.decode()[-300:])
    return p.returncode, p.stdout.decode()


def lines(text): return [json.loads(l) for l in text.splitlines() if l]
def when(s): return datetime.fromisoformat(s.replace("Z", "+00:00")).timestamp()
def best(i): return max(i["kind"], key=i["kind"].get)


def metres(i, t):
    p = i["place"]
    if p["lat"] is None:
        return math.inf
    return math.hypot((p["lat"] - t["lat"]) * 111200,
                      (p["lon"] - t["lon"]) * 111200 *
                      math.cos(math.radians(t["lat"])))


def seconds(i, t):
    """From the incident's interval to the true moment."""
    at = when(t["t0"])
    return max(when(i["time"]["from"]) - at, at - when(i["time"]["to"]), 0)


def same(i, t):
    """A moment heard: 2 s and 1 km; a storm's flash 8 s and 8 km, for its
    channel is as long; a report its own interval of minutes."""
    far, late = (8000, 8) if t["kind"] == "thunder" else (1000, 2)
    if "witness" in i["modalities"]:
        far, late = 5000, 120
    return seconds(i, t) <= late and metres(i, t) <= far


def digest(d):
    h = hashlib.sha256()
    for base, folders, files in os.walk(d):
        folders.sort()
        for f in sorted(files):
            p = os.path.join(base, f)
            h.update(os.path.relpath(p, d).encode())
            h.update(open(p, "rb").read())
    return h.hexdigest()


def compare(truth, incidents):
    """true, observable, found, false, false explosions, kinds right."""
    seen = [t for t in truth if t["observable"]]
    # An incident may stand for several of a burst.
    found = [t for t in seen if any(same(i, t) for i in incidents)]
    false = [i for i in incidents if not any(same(i, t) for t in truth)]
    loud = [i for i in false if best(i) in ("explosion", "shot", "burst")]
    right = Counter()
    for t in found:
        own = min((i for i in incidents if same(i, t)),
                  key=lambda i: (seconds(i, t) + metres(i, t) / 340))
        right[t["kind"] + (" " if best(own) == t["kind"] else
                           " as " + best(own))] += 1
    return len(truth), len(seen), len(found), len(false), len(loud), right


def scenario(name, size):
    m = f"{folder}/{name}"
    began = time.time()
    code, _ = run("sim", name, "--seed", "11", "--out", m, *size.split())
    if not code:
        code, _ = run("check", m)
    if not code:
        code, out = run("replay", m, "--jobs", "1")
    if code:
        return None
    truth = [t for t in lines(open(f"{m}/truth.jsonl").read())
             if t["what"] == "incident"]
    incidents = [i for i in lines(run("incidents", m, "--jsonl")[1])
                 if i["status"] != "rejected"]
    return (*compare(truth, incidents), time.time() - began)


print("# scenario   true seen found false loud   s  kinds of the found")
for name, size, *want in ROWS:
    if only and name not in only:
        continue
    row = scenario(name, size)
    if not row:
        ok(False, f"{name}: makes, checks and replays")
        continue
    true, seen, found, false, loud, right, took = row
    print(f"# {name:10} {true:4} {seen:4} {found:5} {false:5} {loud:4} "
          f"{took:4.0f}  " + ", ".join(
              f"{k.strip()} {v}" for k, v in sorted(right.items())))
