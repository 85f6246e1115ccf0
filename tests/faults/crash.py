# SPDX-License-Identifier: GPL-3.0-or-later
"""crash.py DIR - see tests/crash.sh.  Five missions, each from nothing; in
each, ingests and replays in turn are killed after a delay drawn evenly over
the time that they take, until 40 were; after each the log must verify.
TRUCE_KILLS: so many in all, in place of 200; TRUCE_SEED: other moments."""
import glob, json, os, random, shutil, subprocess, sys, time

t = sys.argv[1]
truce = os.environ["TRUCE"]
EXTRA, KILLS = 20, 40
# In long runs a mission takes as many as in short ones; there are more.
ROUNDS = max(1, int(os.environ.get("TRUCE_KILLS", 200)) // KILLS)
rand = random.Random(int(os.environ.get("TRUCE_SEED", 20260203)))
number = 0
bad = False


def ok(good, text):
    global number, bad
    number += 1
    bad = bad or not good
    print(f"{'ok' if good else 'not ok'} {number} - {text}", flush=True)


def run(*args, kill_after=None):
    """(exit code, stdout); the code is -9 when it was killed."""
    with open(f"{t}/said", "w+") as said, open(f"{t}/err", "w+") as err:
        p = subprocess.Popen([truce, *args], stdout=said, stderr=err)
        if kill_after is not None:
            try:
                p.wait(kill_after)
            except subprocess.TimeoutExpired:
                p.kill()
        code = p.wait(60)
        said.seek(0)
        err.seek(0)
        if code not in (0, -9):
            ok(False, f"{' '.join(args)}: ended with {code}: "
               f"{err.read()[-300:]}")
        return code, said.read()


def taken(m, path, kill_after=None):
    source = os.path.basename(os.path.dirname(path))
    return run("ingest", m, "--source", source, path, kill_after=kill_after)


sensors = [os.path.join(d, f) for d, _, fs in sorted(os.walk(f"{t}/files"))
           for f in sorted(fs)]
head = ("report_id,observer,lat,lon,position_err_m,at,until,means,kind,"
        "assessment,count,count_meaning,bearing,dist_min_m,dist_max_m,notes,"
        "received\n")
extra = []
for i in range(EXTRA):
    path = f"{t}/files/P-1/more{i:02}.csv"
    with open(path, "w") as f:
        f.write(head + f"M{i},P-1,48.30,37.42,20,2026-02-03T18:{i:02}:30Z,"
                f"2026-02-03T18:{i:02}:40Z,heard,explosion,undetermined,1,"
                f"exact,N,500,{1000 + 50 * i},,2026-02-03T20:00:00Z\n")
    extra.append(path)


def state(m, out):
    os.makedirs(out, exist_ok=True)
    for verb in ("incidents", "findings", "detections", "looks", "health"):
        rows = [json.loads(l) for l in run(verb, m, "--jsonl")[1].splitlines()]
        with open(f"{out}/{verb}", "w") as f:
            for r in rows:
                if r.get("status") == "rejected":
                    continue
                for k in ("version", "incident_version", "ledger"):
                    r.pop(k, None)
                text = json.dumps(r)
                f.write(text + "\n")
        ids = [r["id"] for r in rows]
        if len(ids) != len(set(ids)):
            ok(False, f"{verb}: an id is there twice")


def differs(a, b):
    import re
    for f in sorted(os.listdir(a)):
        x, y = (re.sub(r"version \d+", "", open(f"{d}/{f}").read())
                for d in (a, b))
        if x != y:
            return f
    return None


shutil.copytree(f"{t}/empty", f"{t}/calm")
began = time.time()
for f in sensors + extra:
    taken(f"{t}/calm", f)
ingest_s = (time.time() - began) / (len(sensors) + len(extra))
began = time.time()
run("replay", f"{t}/calm")
replay_s = time.time() - began
state(f"{t}/calm", f"{t}/calm.out")
calm = json.loads(run("audit", f"{t}/calm", "--json")[1])
ok(calm["verified"] and os.path.getsize(f"{t}/calm.out/incidents") > 0 and
   os.path.getsize(f"{t}/calm.out/findings") > 0,
   f"undisturbed: ingest {ingest_s * 1e3:.0f} ms, replay "
   f"{replay_s * 1e3:.0f} ms")
killed = ended = unsound = 0
longest = {"ingest": ingest_s, "replay": replay_s}


def disturbed(verb, *args):
    """Killed after a part of the time it takes; that time is learnt, since
    it depends on what else the machine does."""
    global killed, ended, unsound
    code, said = run(verb, *args, kill_after=rand.random() * longest[verb])
    if code == -9:
        killed += 1
        longest[verb] *= 1.04
        # An audit changes nothing: what the next run mends is still torn.
        if not glob.glob(f"{args[0]}/ledger/journal/*.seg"):
            return code, said  # killed before there was a log
        a = json.loads(run("audit", args[0], "--json")[1] or "{}")
        if not a.get("verified"):
            unsound += 1
            print(f"# killed {verb}: {a.get('rule')}: {a.get('where')}")
    else:
        ended += 1
        longest[verb] *= 0.9
    return code, said


for r in range(ROUNDS):
    m = f"{t}/m{r}"
    shutil.copytree(f"{t}/empty", m)
    acknowledged = set()
    order = sensors + extra
    for k in range(2 * KILLS):
        if killed >= (r + 1) * KILLS:
            break
        if k % len(order) == 0:
            rand.shuffle(order)
        path = order[k % len(order)]
        code, said = disturbed("ingest", m, "--source",
                               os.path.basename(os.path.dirname(path)), path)
        if code == 0 and said.startswith("1 taken"):
            acknowledged.add(path)
        disturbed("replay", m)
    lost = [p for p in acknowledged
            if not taken(m, p)[1].startswith("0 taken, 1 known")]
    ok(not lost, f"round {r}: {len(acknowledged)} files acknowledged, "
       f"{len(lost)} lost")
    for path in sensors:
        taken(m, path)
    run("ingest", m, "--source", "P-1", *extra)
    run("replay", m)
    state(m, f"{m}.out")
    d = differs(f"{t}/calm.out", f"{m}.out")
    ok(d is None, f"round {r}: answers as undisturbed" +
       (f"; other {d}" if d else ""))
    a = json.loads(run("audit", m, "--json")[1])
    ok(a["verified"], f"round {r}: audit VERIFIED, {a['entries']} entries"
       if a["verified"] else f"round {r}: {a['rule']}: {a['where']}")
    ok(a["spool_records"] == calm["spool_records"],
       f"round {r}: {a['spool_records']} records in the spool, "
       f"{calm['spool_records']} undisturbed")
    again = run("replay", m)[1]
    ok("; 0 records are new" in again, f"round {r}: nothing is left to do")
    shutil.rmtree(m)
ok(unsound == 0, f"after {killed} kills the log did not verify "
   f"{unsound} times")
ok(killed >= ROUNDS * KILLS,
   f"{killed} runs killed, {ended} more were done before")
sys.exit(bad)
