# SPDX-License-Identifier: GPL-3.0-or-later
# livetest.py DIR - `truce run` against nodes and servers of live.py; DIR has
# what small_mission() of mission.sh makes.
import atexit, contextlib, datetime, fcntl, glob, json, os, random, shutil, signal, subprocess, sys, time
import warnings
warnings.simplefilter("ignore")
import jsonschema
sys.path.insert(0, os.path.dirname(__file__))
import tap
from live import *
from tap import TRUCE, done, ok, truce

T = sys.argv[1]


RUNS = []


@atexit.register
def leave_none():
    """Whatever ends this test; a child that is stopped before its parent."""
    for r in RUNS:
        if r.p.poll() is None:
            for p in reversed(family(r.p.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(p, signal.SIGKILL)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


class Run:
    """`truce run`, with its standard error read line by line."""

    def __init__(self, mission, *args, out=None):
        self.out = out or open(os.path.join(T, mission + ".alerts"), "ab")
        self.err = os.path.join(T, mission + ".err")
        e = open(self.err, "wb")
        self.p = subprocess.Popen([TRUCE, "run", os.path.join(T, mission),
                                   *args], stdout=self.out, stderr=e)
        RUNS.append(self)
        self.port = None
        if "--listen" in args:
            self.port = int(self.until("listening on ").rsplit(":", 1)[1])

    def said(self):
        return open(self.err).read()

    def until(self, text, most=30):
        for _ in range(most * 20):
            for line in self.said().splitlines():
                if text in line:
                    return line
            if self.p.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit("not ok - `truce run` never said '%s': %s"
                         % (text, self.said()))

    def end(self, how=signal.SIGTERM):
        self.p.send_signal(how)
        code = self.p.wait(timeout=120)
        self.out.close()
        return code


def make(name):
    shutil.copytree(os.path.join(T, "empty"), os.path.join(T, name))
    return os.path.join(T, name)


def rows(verb, mission):
    return tap.rows(verb, os.path.join(T, mission))


def lines(mission):
    text = open(os.path.join(T, mission + ".alerts")).read().splitlines()
    return [json.loads(x) for x in text]


def alerts(mission):
    """Those of sounds."""
    return [x for x in lines(mission) if "finding" not in x and
            "detection" not in x and "health" not in x]


SCHEMAS = {n + ".json": json.load(open("docs/schema/%s.json" % n))
           for n in ("alert", "incident", "finding", "detection",
                     "health", "obligation", "common")}
VALID = jsonschema.Draft7Validator(
    SCHEMAS["alert.json"], resolver=jsonschema.RefResolver(
        "alert.json", SCHEMAS["alert.json"], store=SCHEMAS))


def schema():
    """Every alert of every run is truce.alert/1; a broken one is not."""
    VALID.check_schema(SCHEMAS["alert.json"])
    every = [(m, a) for m in ("push", "sl3", "sl4", "resume", "hostile",
                              "slow", "known", "doubt") for a in lines(m)]
    wrong = [(m, str(e.context and e.context[0].message or e.message)[:200])
             for m, a in every for e in VALID.iter_errors(a)]
    ok(every and not wrong, "%d alerts are truce.alert/1 %s" %
       (len(every), wrong[:1]))
    whole, good = next(a for _, a in every if "alert" in a), []
    for key in whole:
        good += [k for k in ([dict(whole, **{key: True})] + [
            {k: v for k, v in whole.items() if k != key}])
            if VALID.is_valid(k)]
    good += [x for x in (dict(whole, more=1), dict(whole, alert=0), {},
                         {"schema": "truce.alert/1", "dropped": 0})
             if VALID.is_valid(x)]
    ok(not good, "and broken ones are not %s" % good[:1])
    ok(VALID.is_valid({"schema": "truce.alert/1", "dropped": 3}),
       "the line of what was dropped is, too")


def same(mission, want, text):
    a, b = rows("findings", mission), rows("findings", want)
    ok(len(b) > 0 and a == b, "%s: the %d findings of the same files (%d)"
       % (text, len(b), len(a)))
    a = [x["id"] for x in rows("detections", mission)]
    b = [x["id"] for x in rows("detections", want)]
    ok(a == b, "  and its %d detections" % len(b))


def told(mission, text):
    """Alerts are of incidents that stand after the replay."""
    known = {x["id"] for x in rows("incidents", mission)}
    a = alerts(mission)
    ids = {x["incident"]["id"] for x in a}
    ok(len(ids & known) >= 0.9 * len(known) and len(known) > 0,
       "%s: alerts of %d of its %d incidents, %d of others" %
       (text, len(ids & known), len(known), len(ids - known)))


def told_about(mission, of):
    """How many incidents of `of` alerts are about, and how many there are: a
    hearing that was killed may tell of a sound by fewer arrivals, and so by
    another name; within a second of it will do."""
    known = [clock(x["time"]["at"]) for x in rows("incidents", of)]
    at = [clock(x["incident"]["time"]["at"]) for x in alerts(mission)]
    return sum(any(abs((k - a).total_seconds()) < 1 for a in at)
               for k in known), len(known)


FILES = sorted(glob.glob(os.path.join(T, "files", "XT*", "*")))
CHANNEL = {f.split(os.sep)[-2]: records(f) for f in FILES}
# One record is damaged, in all that follows.
hurt = sorted(CHANNEL)[1]
CHANNEL[hurt][20] = b"\xee" * 48 + CHANNEL[hurt][20][48:]
MERGED = sorted(((i, c) for c in CHANNEL for i in range(len(CHANNEL[c]))))
BY_CHANNEL = [(i, c) for c in CHANNEL for i in range(len(CHANNEL[c]))]


def wanted():
    """The same bytes as files."""
    m = make("want")
    for c, r in CHANNEL.items():
        os.makedirs(os.path.join(m, "inbox", c))
        with open(os.path.join(m, "inbox", c, "all.mseed"), "wb") as f:
            f.write(b"".join(r))
    x = truce("replay", m)
    ok(x.returncode == 0, "by files: " + x.stdout.strip().split("\n")[-1])


def kept_bytes(mission, record):
    for d, _, names in os.walk(os.path.join(T, mission, "blobs")):
        for x in names:
            if record in open(os.path.join(d, x), "rb").read():
                return True
    return False


def by_nodes():
    make("push")
    r = Run("push", "--listen", "127.0.0.1:0", "--every", "1")
    nodes = {c: Node(r.port, c) for c in CHANNEL}
    order = list(MERGED)
    # Late, and out of order: three of one node change places with later
    # ones, one comes at the very end.
    late = sorted(CHANNEL)[2]
    mine = [k for k, (i, c) in enumerate(order) if c == late]
    for a, b in ((30, 31), (40, 44), (60, 61)):
        order[mine[a]], order[mine[b]] = order[mine[b]], order[mine[a]]
    order.append(order.pop(mine[50]))
    for k, (i, c) in enumerate(order):
        nodes[c].send(CHANNEL[c][i])
        if k == len(order) // 2:
            for x in nodes.values():
                x.wait()
            r.until("replayed: ")  # in mid-stream
    for x in nodes.values():
        x.wait()
    ok(True, "nodes: every group was kept")
    busy = truce("run", os.path.join(T, "push"), "--listen", "127.0.0.1:0")
    ok(busy.returncode == 4, "a second `truce run` is refused: "
       + busy.stderr.strip())
    ok(r.end() == 0, "ended by SIGTERM: " + r.said().strip().split("\n")[-1])
    same("push", "want", "nodes")
    told("push", "nodes")
    faults = rows("faults", "push")
    ok(len(faults) == 1 and faults[0]["source"] == hurt and
       kept_bytes("push", CHANNEL[hurt][20]),
       "the damaged record is a fault of its node, its bytes kept")
    x = truce("replay", os.path.join(T, "push"))
    ok("; 0 records are new or changed" in x.stdout,
       "a replay adds nothing: " + x.stdout.strip().split("\n")[-1])
    audited(os.path.join(T, "push"))


def by_seedlink(name, text, version, streams="", **how):
    stations = {c[:-3]: r for c, r in CHANNEL.items()}
    s = SeedLink(stations, **how)
    make(name)
    place = "127.0.0.1:%d" % s.port
    r = Run(name, "--seedlink", place + streams, "--every", "0")
    if not s.all_sent.wait(60):
        ok(False, text + ": all is sent: " + r.said())
    r.until("SeedLink %d" % version)
    time.sleep(0.3)
    code = r.end()
    s.close()
    ok(code == 0, "%s: %d connections, %d packets: %s" % (
        text, s.connections, s.sent, r.said().strip().split("\n")[-1]))
    same(name, "want", text)
    told(name, text)
    return s


def resumed():
    """Killed, then started again: it asks for what comes next."""
    stations = {c[:-3]: r for c, r in CHANNEL.items()}
    s = SeedLink(stations, drop=(100,))
    make("resume")
    args = ("--seedlink", "127.0.0.1:%d/%s" % (s.port, ",".join(stations)),
            "--every", "0")
    r = Run("resume", *args)
    r.until("again in")
    time.sleep(0.5)  # it is said before what came is kept
    r.end(signal.SIGKILL)
    first = len(s.said)
    r = Run("resume", *args)
    s.all_sent.wait(60)
    time.sleep(0.3)
    code = r.end()
    s.close()
    want = ["DATA %d" % (0xF0 + 20)] * 5
    got = [x for x in s.said[first:] if x.startswith("DATA")]
    ok(code == 0 and got == want,
       "killed and started again, it asks %s" % ", ".join(got))
    ok(s.sent == len(MERGED), "so each packet is sent once: %d" % s.sent)
    same("resume", "want", "resumed")


def lost():
    """What a sender could not keep is told of, by it or by its numbers; what
    came after all is not."""
    c, other, third = sorted(CHANNEL)[:3]
    m = make("lost")
    s = SeedLink({c[:-3]: CHANNEL[c][:30]})
    args = ("--seedlink", "127.0.0.1:%d/%s" % (s.port, c[:-3]), "--listen",
            "127.0.0.1:0", "--every", "0")
    r = Run("lost", *args)
    s.all_sent.wait(60)
    time.sleep(0.5)
    r.end(signal.SIGKILL)
    s.stations, s.hole = {c[:-3]: CHANNEL[c]}, range(30, 40)
    s.all_sent.clear()
    r = Run("lost", *args)
    x, y = Node(r.port, other), Node(r.port, third)
    for i in [*range(10), *range(15, 30)]:
        x.send(CHANNEL[other][i])
    for i in range(30):
        y.send(CHANNEL[third][i])
    at = [when(start_of(z)) for z in
          (CHANNEL[other][10], CHANNEL[other][15], CHANNEL[c][30],
           CHANNEL[c][40], CHANNEL[third][5], CHANNEL[third][9])]
    x.lost(other, at[0], at[1], "ring full, 5 records")
    y.lost(third, at[4], at[5], "as it believed")
    x.wait()
    y.wait()
    s.all_sent.wait(60)
    time.sleep(0.3)
    code = r.end()
    s.close()
    h = [(z["source"], z["state"], z["why"], z["from"], z["to"])
         for z in rows("health", "lost") if z["why"].startswith("lost: ")]
    want = sorted([(c, "down", "lost: its server no longer had it", *at[2:4]),
                   (other, "down", "lost: ring full_ 5 records", *at[:2])])
    apart = lambda a, b: abs((clock(a) - clock(b)).total_seconds())
    ok(code == 0 and len(h) == 2, "%d losses are told of: %s" % (len(h), h))
    ok(len(h) == 2 and all(z[:3] == w[:3] and apart(z[3], w[3]) < 0.01 and
                           apart(z[4], w[4]) < 0.01
                           for z, w in zip(sorted(h), want)),
       "the sensor, from when to when, and why; what came after all is not "
       "lost", want)
    audited(m)


def shifted(record, days):
    """A record of miniSEED 2 of so many days later."""
    day, = struct.unpack_from(">H", record, 22)
    return record[:22] + struct.pack(">H", day + days) + record[24:]


def latency(r, name, most):
    """How long the others wait for KEPT, a record of each every 20 ms, and for
    their alerts."""
    nodes = {c: Node(r.port, c) for c in sorted(CHANNEL)[1:]}
    took, end = [], time.monotonic() + most
    for i, c in MERGED:
        if c not in nodes or time.monotonic() > end:
            continue
        began = time.monotonic()
        nodes[c].send(CHANNEL[c][i])
        nodes[c].wait()
        took.append(time.monotonic() - began)
        time.sleep(0.005)
    was = -1
    while was != len(alerts(name)):  # what is under way yet
        was = len(alerts(name))
        time.sleep(2)
    for x in nodes.values():
        x.s.close()
    took.sort()
    late = sorted(a["latency_s"] for a in alerts(name) if a["version"] == 1)
    return took, late


def flood():
    """One sends as fast as it is taken, days and days of samples: the others
    wait as long as ever, and what is held is bounded."""
    first = sorted(CHANNEL)[0]
    days = [b"".join(shifted(x, d) for x in CHANNEL[first])
            for d in range(1, 300)]
    got, rss = {}, {}
    for name in ("calm", "flood"):
        make(name)
        r = Run(name, "--listen", "127.0.0.1:0", "--every", "0")
        over, sent = threading.Event(), [0]

        def pour():
            x = Node(r.port, first)
            x.s.settimeout(0.2)
            for d in days * 9:
                b, at = b"GROUP %d\n" % len(d) + d, 0
                while at < len(b) and not over.is_set():
                    try:
                        at += x.s.send(b[at:at + 65536])
                    except TimeoutError:
                        pass
                if over.is_set():
                    break
                sent[0] += len(d)
            x.s.close()
        t = threading.Thread(target=pour)
        if name == "flood":
            t.start()
            time.sleep(1)
        got[name] = latency(r, name, 10)
        rss[name] = sum(memory(p) for p in family(r.p.pid))
        over.set()
        if name == "flood":
            t.join()
        r.end(signal.SIGKILL)
    (calm, told), (wet, told2) = got["calm"], got["flood"]
    at = lambda x, p: x[len(x) * p // 100] if x else -1
    print("# %d MB poured in; KEPT of %d records: median %.1f and %.1f ms, p99 "
          "%.1f and %.1f; %d and %d alerts, p90 %.3f and %.3f s; %d and %d MB"
          % (sent[0] >> 20, len(calm), 1e3 * at(calm, 50), 1e3 * at(wet, 50),
             1e3 * at(calm, 99), 1e3 * at(wet, 99), len(told), len(told2),
             at(told, 90), at(told2, 90), rss["calm"] >> 10,
             rss["flood"] >> 10))
    ok(sent[0] > 20 << 20, "one pours in %d MB of samples" % (sent[0] >> 20))
    # What was sent is not all taken: some of it waits in sockets.
    ok(sent[0] < 64 << 20 or "node %s sends more than" % first in r.said(),
       "it is said who does", r.said())
    ok(at(wet, 99) < max(0.1, 4 * at(calm, 99)),
       "the others wait no longer until they are kept")
    # A sanitizer hears ten times as slowly as a front takes.
    most = 10 if os.environ.get("BUILD", "").endswith(("asan", "tsan")) \
        else 1.5
    ok(len(told2) >= 0.9 * len(told) and at(told2, 90) < at(told, 90) + most,
       "nor for their alerts")
    ok(rss["flood"] - rss["calm"] < 100 << 10, "and memory is bounded")


def what(pid):
    """Which of the processes it is."""
    try:
        line = open("/proc/%d/cmdline" % pid).read()
    except OSError:
        return ""
    return "parser" if "truce-parser" in line else \
        "hearing" if "--hearing" in line else \
        "front" if "--front" in line else "child"


class Steady:
    """A node that sends again, on a new connection, what was not kept."""

    def __init__(self, name):
        self.name, self.left, self.again = name, [], -1

    def connect(self, port):
        self.port = port
        self.node = None

    def go(self, most_open):
        """Until no more than so many wait to be kept."""
        end = time.monotonic() + 20
        while True:
            try:
                if not self.node:
                    self.node, self.base = Node(self.port, self.name), 0
                    self.again += 1
                    for g in self.left:
                        self.node.send(g)
                keep = max(0, len(self.left) - most_open)
                self.node.wait(self.base + keep)
                done = self.node.kept - self.base
                self.left, self.base = self.left[done:], self.node.kept
                return
            except OSError:
                if time.monotonic() > end:
                    raise
                self.node = None
                time.sleep(0.1)

    def send(self, group):
        self.left.append(group)
        try:
            if self.node:
                self.node.send(group)
        except OSError:
            self.node = None
        self.go(1)


def confined():
    """Fronts have given up files, programs and processes; what was killed in
    them is begun anew behind the same address."""
    make("confined")
    r = Run("confined", "--listen", "127.0.0.1:0", "--seedlink",
            "127.0.0.1:1", "--every", "0")
    r.until("watching inbox/")  # it is ready
    fronts = [p for p in family(r.p.pid) if what(p) == "front"]
    state = [open("/proc/%d/status" % p).read() for p in fronts]
    held = [[os.readlink("/proc/%d/fd/%s" % (p, x)) for x in
             os.listdir("/proc/%d/fd" % p)] for p in fronts]
    mine = [x for h in held for x in h if T in x and not x.endswith(".err")
            and not x.endswith(".alerts")]
    ok(len(fronts) == 2 and not mine, "a process for each front door, with no "
       "file of the mission %s" % mine)
    if subprocess.run([TRUCE, "doctor"], capture_output=True,
                      text=True).stdout.find("confined by seccomp") < 0:
        tap.skip("fronts are confined", "seccomp is refused here")
    else:
        ok(all("Seccomp:\t2" in x and "NoNewPrivs:\t1" in x for x in state),
           "they are confined by seccomp")
    c = sorted(CHANNEL)[0]
    x = Steady(c)
    x.connect(r.port)
    for p in range(3):
        for p in [p for p in family(r.p.pid) if what(p) == "front"]:
            os.kill(p, signal.SIGKILL)
        for g in CHANNEL[c][:5]:
            x.send(g)
        x.go(0)
    ok(x.again > 0 and r.said().count("its process ended") >= 3,
       "killed, they are begun anew; nodes called again %d times" % x.again)
    ok(r.end() == 0, "and it ends: " + r.said().strip().split("\n")[-1][:60])


def each_killed():
    """Every process of it, killed in turn under load: nothing is lost, and
    sounds are told of all the same."""
    make("each")
    rng, kills, whole, r = random.Random(9), {}, 0, None
    nodes = {x: Steady(x) for x in CHANNEL}
    next_kill = 0
    for i, c in MERGED:
        if r is None:
            r = Run("each", "--listen", "127.0.0.1:0", "--every", "1")
            for x in nodes.values():
                x.connect(r.port)
            next_kill = time.monotonic() + 0.3
        nodes[c].send(CHANNEL[c][i])
        time.sleep(0.012)
        if time.monotonic() < next_kill:
            continue
        next_kill = time.monotonic() + 0.3
        kids = family(r.p.pid)[1:]
        kind = rng.choice(["hearing", "child", "front", "parser", "all"])
        if kind == "all" and whole < 3:
            r.end(signal.SIGKILL)
            r, whole = None, whole + 1
            continue
        kids = [p for p in kids if what(p) == kind]
        if kids:
            os.kill(rng.choice(kids), signal.SIGKILL)
            kills[kind] = kills.get(kind, 0) + 1
    for x in nodes.values():
        x.go(0)
    for _ in range(60):  # for the hearing that was killed last
        time.sleep(0.5)
        n, known = told_about("each", "want")
        if n == known:
            break
    code = r.end()
    ok(code == 0 and min(kills.get(x, 0) for x in (
        "hearing", "front", "child")) > 1, "killed in turn: %s, and the whole "
       "%d times; nodes called again %d times" % (
           kills, whole, sum(x.again for x in nodes.values())))
    same("each", "want", "each killed in turn")
    n, known = told_about("each", "each")
    ok(n >= 0.9 * known > 0, "each killed in turn: alerts about %d of its %d "
       "incidents" % (n, known))
    x = truce("replay", os.path.join(T, "each"))
    ok("; 0 records are new or changed" in x.stdout,
       "a replay adds nothing: " + x.stdout.strip().split("\n")[-1])
    audited(os.path.join(T, "each"))


def audited(m):
    x = truce("audit", m)
    ok(x.returncode == 0, "and audit", (x.stdout + x.stderr)[-800:])


def family(pid):
    """A process and what it started."""
    out = [pid]
    for p in os.listdir("/proc"):
        try:
            if p.isdigit() and int(open("/proc/%s/stat" % p).read().rsplit(
                    ")", 1)[1].split()[1]) == pid:
                out += family(int(p))
        except OSError:
            pass
    return out


def memory(pid):
    try:
        return sum(int(l.split()[1]) for l in open("/proc/%d/status" % pid)
                   if l.startswith("VmRSS"))
    except OSError:
        return 0


def killed():
    """kill -9 at some moments: what was acknowledged is there."""
    make("kill")
    acked, rng, at = set(), random.Random(5), 0
    for round in range(6):
        r = Run("kill", "--listen", "127.0.0.1:0", "--every", "1")
        nodes = {c: Node(r.port, c) for c in CHANNEL}
        sent = {c: [] for c in CHANNEL}
        stop = time.monotonic() + rng.uniform(0.1, 2.5)
        for i, c in MERGED:
            if (i, c) in acked:
                continue
            nodes[c].send(CHANNEL[c][i])
            sent[c].append((i, c))
            nodes[c].wait(len(sent[c]) - 3)
            if round < 5 and (time.monotonic() > stop or
                              len(acked) + sum(map(len, sent.values())) >
                              len(MERGED) * (round + 1) // 6):
                break
        if round == 5:
            for x in nodes.values():
                x.wait()
            r.until("replayed: ")
        r.end(signal.SIGKILL)
        for c, x in nodes.items():
            acked |= set(sent[c][:x.kept])
    ok(len(acked) == len(MERGED), "killed 6 times, %d groups were kept"
       % len(acked))
    # Whoever had the log may be at its last sync: it is waited for.
    x = truce("replay", os.path.join(T, "kill"))
    ok(x.returncode == 0, "replay: " + x.stdout.strip().split("\n")[0],
       x.stderr)
    same("kill", "want", "killed")
    audited(os.path.join(T, "kill"))


def hearer(r, most=20.0):
    """The process that hears, as soon as it is there."""
    until = time.monotonic() + most
    while time.monotonic() < until:
        for p in family(r.p.pid)[1:]:
            if what(p) == "hearing":
                return p
        time.sleep(0.002)
    raise SystemExit("not ok - nobody hears")


def all_told(mission, most=60):
    n = known = 0
    for _ in range(2 * most):
        n, known = told_about(mission, "want")
        if n == known:
            break
        time.sleep(0.5)
    return n, known


def push(r, order):
    """All records, in such an order, until they are kept."""
    nodes = {c: Node(r.port, c) for c in CHANNEL}
    for i, c in order:
        nodes[c].send(CHANNEL[c][i])
    for x in nodes.values():
        x.wait()


def unheard():
    """What a replay has packed and nobody has heard is told of by who begins
    again; so is what a hearing was killed over again and again."""
    make("unheard")
    r = Run("unheard", "--listen", "127.0.0.1:0", "--every", "1")
    deaf = hearer(r)
    os.kill(deaf, signal.SIGSTOP)
    push(r, BY_CHANNEL)
    for _ in range(240):  # all of it is packed and judged
        if len(rows("incidents", "unheard")) == len(rows("incidents", "want")):
            break
        time.sleep(0.25)
    told, known = told_about("unheard", "want")
    # It may have been stopped before it asked to die with its parent.
    os.kill(deaf, signal.SIGKILL)
    r.end(signal.SIGKILL)
    r = Run("unheard", "--listen", "127.0.0.1:0", "--every", "0")
    n, known = all_told("unheard")
    ok(n == known > told, "packed before anybody heard it: alerts about %d of "
       "%d incidents, %d before" % (n, known, told))
    r.end()
    make("early")
    r = Run("early", "--listen", "127.0.0.1:0", "--every", "0")
    os.kill(hearer(r), signal.SIGSTOP)
    push(r, BY_CHANNEL)
    for _ in range(5):
        os.kill(hearer(r), signal.SIGKILL)
        time.sleep(0.5)  # reaped; it comes again a second after
    n, known = all_told("early")
    ok(n == known > 0, "killed five times before it heard anything: alerts "
       "about %d of %d incidents" % (n, known))
    r.end()


def doctor(m):
    """What it says of who receives."""
    return "".join(x for x in truce("doctor", m).stdout.splitlines()
                   if " live: " in x)


def waiting():
    """`truce replay` takes in what a killed `truce run` had kept."""
    make("wait")
    r = Run("wait", "--listen", "127.0.0.1:0", "--every", "0")
    push(r, BY_CHANNEL)
    m = os.path.join(T, "wait")
    told = [doctor(m)]
    x = truce("replay", m)
    ok(x.returncode == 0 and "is receiving" in x.stderr,
       "a replay beside it leaves it alone: " + x.stderr.strip())
    r.end(signal.SIGKILL)
    told += [doctor(m)]
    x = truce("replay", m)
    told += [doctor(m), doctor(os.path.join(T, "want"))]
    n = len(MERGED)
    ok(told == [
        "ok    live: `truce run` receives; %d groups wait for its next replay"
        % n, "WRONG live: nobody receives; %d groups are kept that no replay "
        "has taken in" % n, "ok    live: nobody receives; 0 groups are kept "
        "that no replay has taken in", ""], "the doctor says so", told)
    ok(x.returncode == 0, "after kill -9: " + x.stdout.strip().split("\n")[0])
    same("wait", "want", "after kill -9")


def slow():
    """Nobody reads the alerts: records are taken, kept and heard as ever."""
    make("slow")
    here, there = os.pipe()
    fcntl.fcntl(there, 1031, 4096)  # F_SETPIPE_SZ: two alerts fill it
    r = Run("slow", "--listen", "127.0.0.1:0", "--every", "0",
            out=os.fdopen(there, "wb"))
    nodes = {c: Node(r.port, c) for c in CHANNEL}
    began = time.monotonic()
    for i, c in MERGED:
        nodes[c].send(CHANNEL[c][i])
    for x in nodes.values():
        x.wait()
    ok(True, "nobody reads alerts: every group was kept, in %.1f s"
       % (time.monotonic() - began))
    r.p.send_signal(signal.SIGTERM)
    r.out.close()
    time.sleep(1)
    with open(os.path.join(T, "slow.alerts"), "wb") as f:
        for part in iter(lambda: os.read(here, 65536), b""):
            f.write(part)
    ok(r.p.wait(timeout=120) == 0, "ended: " + r.said().strip().split("\n")[-1])
    same("slow", "want", "nobody read")
    told("slow", "then somebody reads")
    gone()


def gone():
    """The reader of alerts dies: nothing else does."""
    make("gone")
    here, there = os.pipe()
    os.close(here)
    r = Run("gone", "--listen", "127.0.0.1:0", "--every", "0",
            out=os.fdopen(there, "wb"))
    push(r, MERGED)
    r.until("nobody reads the alerts any more")
    ok(r.end() == 0, "a reader that is gone is said: "
       + r.said().strip().split("\n")[-1])
    same("gone", "want", "it is gone")


def when(start):
    """A time of start_of(), as it is written."""
    t = datetime.datetime(start[0], 1, 1) + datetime.timedelta(
        days=start[1] - 1, seconds=start[2])
    return t.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def clock(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def later(record, ms):
    """The same record of miniSEED 2, stamped so much later."""
    us = datetime.timedelta(milliseconds=ms)
    y, day = struct.unpack_from(">HH", record, 20)
    h, m, sec, _, frac = struct.unpack_from(">BBBBH", record, 24)
    at = us + datetime.datetime(y, 1, 1, h, m, sec, frac * 100) + \
        datetime.timedelta(days=day - 1)
    return (record[:20] + struct.pack(
        ">HHBBBBH", at.year, at.timetuple().tm_yday, at.hour, at.minute,
        at.second, 0, at.microsecond // 100) + record[30:])


def known():
    """What the last replay found holds on in alerts: weather makes places
    better, a sensor with a wrong clock is in none."""
    m, wrong = make("known"), "XT_G004_00"
    wide = os.path.join(T, "wide")
    subprocess.run([TRUCE, "sim", "singles", "--seed", "8", "--nodes", "12",
                    "--hours", "1", "--shots", "40", "--rate", "100", "--out",
                    wide], check=True, stderr=subprocess.DEVNULL)
    shutil.rmtree(m)
    shutil.move(os.path.join(wide, "inbox"), os.path.join(T, "wide.files"))
    shutil.copytree(wide, m)
    shutil.copytree(wide, os.path.join(T, "ignorant"))
    old, new = {}, []
    for f in sorted(glob.glob(os.path.join(T, "wide.files", "XT*", "*"))):
        c = f.split(os.sep)[-2]
        r = records(f)
        if c == wrong:
            r = [later(x, 300) for x in r]
        old[c] = r[:len(r) // 2]
        new += [(start_of(x), c, x) for x in r[len(r) // 2:]]
    new.sort(key=lambda x: x[:2])
    for c, r in old.items():
        os.makedirs(os.path.join(m, "inbox", c))
        with open(os.path.join(m, "inbox", c, "a.mseed"), "wb") as f:
            f.write(b"".join(r))
    shutil.copytree(os.path.join(T, "wide.files", "WX-1"),
                    os.path.join(m, "inbox", "WX-1"))
    truce("replay", m)
    said = [x for x in rows("health", "known") if x["state"] == "quarantined"]
    ok([x["source"] for x in said] == [wrong],
       "a replay of the first half charges %s: %s" %
       (wrong, [x["why"] for x in said]))
    got = {}
    for name in ("known", "ignorant"):
        r = Run(name, "--listen", "127.0.0.1:0", "--every", "0")
        nodes = {c: Node(r.port, c) for c in old}
        for _, c, x in new:
            nodes[c].send(x)
            nodes[c].wait(nodes[c].sent - 20)
        for x in nodes.values():
            x.wait()
        time.sleep(0.5)
        r.end()
        by = {x["id"]: x["source"] for x in rows("detections", name)}
        last = {a["alert"]: a["incident"] for a in alerts(name)}
        got[name] = (
            [by.get(e) for i in last.values() for e in i["evidence"]],
            sorted(i["place"]["region"]["ellipse"]["semi_major_m"]
                   for i in last.values()), len(last), r.said())
    used, wide, n, text = got["known"]
    ok(n >= 15 and wrong not in used and wrong in got["ignorant"][0] and
       " 0 of doubted" not in text, "%d alerts rest on others: %s" %
       (n, text.strip().split("\n")[-1]))
    ok(wide[len(wide) // 2] < 0.9 * got["ignorant"][1][got["ignorant"][2] // 2],
       "regions with the known weather %.0f m, without %.0f m" %
       (wide[len(wide) // 2], got["ignorant"][1][got["ignorant"][2] // 2]))


def hostile():
    """Peers that lie, dawdle or never end do no harm to others."""
    make("hostile")

    def slow(c):
        for b in b"SeedLink v4.0 :: SLPROTO:4.0\r\n":
            c.sendall(bytes([b]))
            time.sleep(0.4)

    def endless(c):
        while True:
            c.sendall(b"x" * 65536)

    def garbage(c):
        c.recv(100)
        c.sendall(random.Random(1).randbytes(100000))
        time.sleep(60)

    def huge(c):
        c.recv(100)
        c.sendall(b"SeedLink v4 :: SLPROTO:4.0\r\nx\r\nOK\r\nOK\r\nOK\r\n"
                  b"SE2D\xff\xff\xff\xff" + b"\0" * 1000)
        time.sleep(60)

    def lies(c):
        c.recv(100)
        c.sendall(b"SeedLink v4 :: SLPROTO:4.0\r\nx\r\nOK\r\nOK\r\nOK\r\n")
        for _ in range(20000):
            c.sendall(b"SE3D" + struct.pack("<IQB", 300, 7, 3) + b"\xff\n\t"
                      + b"MS\x03" + os.urandom(297))

    servers = [SeedLink({}, bad=x) for x in
               (slow, endless, garbage, huge, lies, lambda c: None)]
    args = []
    for s in servers:
        args += ["--seedlink", "127.0.0.1:%d" % s.port]
    r = Run("hostile", "--listen", "127.0.0.1:0", "--every", "2", *args)
    held = []
    for what in (b"", b"\0" * 70000, b"GET / HTTP/1.1\r\n\r\n", b"x" * 100000,
                 b"TRUCE 1 ../../etc\n", b"TRUCE 1 a\nGROUP -1\n",
                 b"TRUCE 1 a\nGROUP 99999999999\n", b"TRUCE 1 a\nGROUP x\n",
                 b"TRUCE 1 a\nGROUP 1000\nhalf", b"TRUCE 1 a\nGROUP 0\n",
                 b"TRUCE 1 a\nGROUP 7\ngarbageGROUP 600000\n" +
                 b"\xff" * 600000, b"TRUCE 1 a b\n", b"T"):
        c = socket.create_connection(("127.0.0.1", r.port))
        try:
            c.sendall(what)
        except OSError:
            pass
        held.append(c)
    c = socket.create_connection(("127.0.0.1", r.port))
    c.sendall(b"TRUCE 1 rude\nGROUP 100000\n" + b"z" * 50000)
    c.close()
    nodes = {c: Node(r.port, c) for c in CHANNEL}
    began = time.monotonic()
    for i, c in MERGED:
        nodes[c].send(CHANNEL[c][i])
    for x in nodes.values():
        x.wait()
    print("# among hostile peers all was kept after %.2f s"
          % (time.monotonic() - began))
    time.sleep(3)
    ok(r.p.poll() is None, "hostile peers: it still runs")
    rss = [int(l.split()[1]) for l in open("/proc/%d/status" % r.p.pid)
           if l.startswith("VmRSS")][0]
    ok(rss < 1 << 20, "and holds %d MB" % (rss >> 10))
    ok(r.end(signal.SIGINT) == 0, "and ends: "
       + r.said().strip().split("\n")[-1])
    same("hostile", "want", "among hostile peers")
    for s in servers:
        s.close()


def usage():
    m = os.path.join(T, "want")
    for args in (("--seedlink",), ("--listen", "nowhere"),
                 ("--mqtt", "127.0.0.1:1"), ("--mqtt", "127.0.0.1:1/a#"),
                 ("--mqtt-login", "/nowhere", "--mqtt", "127.0.0.1:1/a"),
                 ("--seedlink", "127.0.0.1:1/NOUNDERSCORE"),
                 ("--listen", "127.0.0.1:0", "--every", "x")):
        x = truce("run", m, *args)
        ok(x.returncode in (2, 3, 4) and x.stderr,
           "refused: " + x.stderr.split("\n")[0])


def beats():
    """Nothing comes in, and a heartbeat is logged and cosigned each 60 s."""
    if not os.environ.get("TRUCE_LONG"):
        return
    shutil.copytree(os.path.join(T, "want"), os.path.join(T, "beat"))
    path = os.path.join(T, "beat", "ledger/pub/checkpoint")
    r = Run("beat", "--listen", "127.0.0.1:0")
    time.sleep(10)
    first = open(path).read()
    seen = first
    for _ in range(700):
        time.sleep(0.1)
        seen = open(path).read()
        if seen != first:
            break
    r.end()
    size = [int(x.splitlines()[1]) for x in (first, seen)]
    ok(size[1] == size[0] + 1, "a heartbeat within 70 s, of one entry more")
    a = json.loads(truce("audit", os.path.join(T, "beat"), "--json").stdout)
    ok(a["verified"] and a["heartbeats"] == 3 and a["heartbeats_late"] == 0
       and a["heartbeat_missing"] is None, "the first, another, and the last")


def doubt():
    """A clock that says that it is unsure, and then is sure again."""
    make("doubt")
    r = Run("doubt", "--listen", "127.0.0.1:0", "--every", "0")
    c = sorted(CHANNEL)[0]
    x = Node(r.port, c)
    for i, b in enumerate(CHANNEL[c][:40]):
        q = 10 if 10 <= i < 20 else b[60]  # of blockette 1001
        x.send(b[:60] + bytes([q]) + b[61:])
    x.wait()
    ok(r.end() == 0, "a clock is unsure for ten of 40 records")
    h = [a["health"] for a in lines("doubt") if "health" in a]
    ok([(a["state"], a["why"]) for a in h] ==
       [("degraded", "clock in doubt"), ("up", "clock in doubt")] and
       h[0]["source"] == h[1]["source"], "it is told when it begins and when "
       "it ends: %s" % [(a["source"], a["state"], a["why"]) for a in h])


for x in sys.argv[2:]:
    globals()[x]()
if sys.argv[2:]:
    done()
wanted()
usage()
doubt()
beats()
by_nodes()
by_seedlink("sl3", "SeedLink 3, cut twice, with repeats", 3, offers="3.1",
            drop=(150, 200), again=3)
names = ",".join(c[:-3] for c in sorted(CHANNEL))
by_seedlink("sl3n", "SeedLink 3, by station", 3, "/" + names + ",XT_NOT",
            offers="3.1", drop=(100,), again=2)
by_seedlink("sl4", "SeedLink 4, cut twice, with repeats", 4, "/" + names,
            drop=(150, 200), again=3)
by_seedlink("sl4r", "SeedLink 4 offered and refused", 3, "/" + names,
            refuse4=True)
resumed()
lost()
flood()
killed()
confined()
unheard()
each_killed()
waiting()
slow()
known()
hostile()
schema()
done()
