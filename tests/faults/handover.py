# SPDX-License-Identifier: GPL-3.0-or-later
"""handover.py DIR LIBRARY - see tests/handover.sh.  Each call of fsync, pwrite,
rename and the like is one where a process may die; every 17th is tried, all
with TRUCE_LONG."""
import os, shutil, subprocess, sys

t, library = sys.argv[1:]
truce = os.environ["TRUCE"]
step = 1 if os.environ.get("TRUCE_LONG") else 17
number = 0
bad = False


def ok(good, text):
    global number, bad
    number += 1
    bad = bad or not good
    print(f"{'ok' if good else 'not ok'} {number} - {text}", flush=True)


def run(*args, at=None):
    """exit code, what it says, the call before which it died (at=0: all)"""
    env, log = dict(os.environ), f"{t}/log"
    if os.path.exists(log):
        os.unlink(log)
    if at is not None:
        env.update(LD_PRELOAD=library, FAULT_AT=str(at), FAULT_LOG=log,
                   FAULT_KILL="1")
    p = subprocess.run([truce, "--quiet", *args], env=env, timeout=60,
                       capture_output=True, text=True)
    calls = []
    if os.path.exists(log):
        calls = [l.rsplit(" ", 1)[0].replace(t, "") for l in open(log)]
    return p.returncode, p.stdout + p.stderr, calls


def need(*args):
    code, said, _ = run(*args)
    if code != 0:
        ok(False, f"{' '.join(args)}: {said}")
        sys.exit(1)
    return said


def fresh(base, to):
    shutil.rmtree(to, ignore_errors=True)
    shutil.rmtree(to + ".part", ignore_errors=True)
    if base:
        shutil.copytree(base, to)


def notes(file, minute):
    """What a sender lost: the shortest file that is read."""
    with open(f"{t}/{file}", "w") as f:
        f.write("sensor,gap_from,gap_until,why\nXT_E01_00,2026-02-03T00:00:00Z"
                f",2026-02-03T00:0{minute}:00Z,power\n")


def audit(m):
    code, said, _ = run("audit", m)
    last = (said.strip().split("\n") or [""])[-1]
    return code == 0 and last.startswith("VERIFIED"), last


def taken_over(m, file):
    """It is theirs: what comes is logged, by keys that count; and once."""
    code, said, _ = run("key", "take-over", m, "--root", f"{t}/root")
    if code != 0 or said != "it is taken over already\n":
        return f"not taken over: {said.strip()}"
    notes(file, 2)
    code, said, _ = run("ingest", m, f"{t}/{file}")
    if code != 0 or "nothing is" in said:
        return f"not written on: {said.strip()}"
    good, last = audit(m)
    return "" if good else last


def sweep(what, base, words, after):
    """`after(m)` says what is wrong once the same was begun again."""
    m = f"{t}/x"
    fresh(base, m)
    calls = run(*words(m), at=0)[2]
    wrong, points = [], list(range(1, len(calls) + 1, min(step, len(calls) // 4)))
    for n in points:
        fresh(base, m)
        code, said, died = run(*words(m), at=n)
        where = f"call {n}, {died[0] if died else '-'}"
        if code != -9:
            wrong.append(f"{where}: was not killed ({code})")
            continue
        if os.path.isdir(f"{m}/ledger/journal"):
            good, last = audit(m)
            if not good:
                wrong.append(f"{where}: left behind: {last}")
        code, said, _ = run(*words(m))
        if code != 0:
            wrong.append(f"{where}: begun again: {said.strip()}")
        why = after(m)
        if why:
            wrong.append(f"{where}: {why}")
    for w in wrong[:12]:
        print("# " + w)
    ok(points and not wrong, f"{what}: killed before each of "
       f"{len(points)} calls of {len(calls)}, {len(wrong)} wrong")


# -- a mission, its pack, and the root person's key --
need("init", f"{t}/a")
os.makedirs(f"{t}/a/inbox", exist_ok=True)
notes("one.csv", 1)
need("ingest", f"{t}/a", f"{t}/one.csv")
shutil.copy(f"{t}/a/ledger/keys/root", f"{t}/root")
need("export", f"{t}/a", "-o", f"{t}/pack")
need("import", f"{t}/b", f"{t}/pack")
shutil.copytree(f"{t}/b", f"{t}/copy")
need("import", f"{t}/b", f"{t}/pack", "--take-over")



def over(m):
    return taken_over(m, "two.csv")


def begin(m):
    return ("import", m, f"{t}/pack", "--take-over", "--root", f"{t}/root")


sweep("import --take-over", None, begin, over)
sweep("of what was imported before", f"{t}/copy", begin, over)
sweep("key take-over", f"{t}/b",
      lambda m: ("key", "take-over", m, "--root", f"{t}/root"), over)

# -- a witness --
key = need("witness", "init", f"{t}/w", "far.example/w").strip()
log = next(x.split()[1] for x in need("audit", f"{t}/a").split("\n")
           if x.startswith("  log "))
need("witness", "add", f"{t}/w", log)
said = need("import", f"{t}/c", f"{t}/pack", "--take-over")
new = said.split("accept FOLDER '")[1].split("'")[0]


def accepted(w):
    code, said, _ = run("witness", "add", w, new)  # it is known under it
    return said if code != 0 else ""


sweep("witness accept", f"{t}/w", lambda w: ("witness", "accept", w, new),
      accepted)
print(f"1..{number}")
sys.exit(bad)
