# SPDX-License-Identifier: GPL-3.0-or-later
# tap.py - what the tests in Python begin with: checks as TAP, the program, what
# a mission holds, waiting.
import json, os, re, socket, subprocess, sys, time

TRUCE = os.path.abspath(os.environ["TRUCE"])
count = bad = 0


def ok(good, text, *more):
    global count, bad
    count += 1
    bad += not good
    print("%s %d - %s" % ("ok" if good else "not ok", count, text), flush=True)
    if not good:
        for x in more:
            print("#", str(x)[:800], flush=True)
    return good


def skip(text, why):
    ok(True, "%s # SKIP %s" % (text, why))


def done():
    print("1..%d" % count)
    sys.exit(bad > 0)


def truce(*args):
    return subprocess.run([TRUCE, *args], capture_output=True, text=True,
                          timeout=120)


def rows(verb, mission):
    """What is listed and stands, without what depends on how often it was
    replayed."""
    out = []
    for line in truce(verb, mission, "--jsonl").stdout.splitlines():
        d = json.loads(re.sub(r"version [0-9]+", "version N", line))
        for k in ("version", "incident_version", "ledger"):
            d.pop(k, None)
        if d.get("status") != "rejected":  # withdrawn on the way
            out.append(d)
    return out


def until(what, most=60):
    end = time.time() + most
    while time.time() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


def free():
    s = socket.create_server(("127.0.0.1", 0))
    p = s.getsockname()[1]
    s.close()
    return p
