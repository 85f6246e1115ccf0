# SPDX-License-Identifier: GPL-3.0-or-later
# mqtttest.py DIR - `truce run` against mosquitto, through a man in the middle
# who counts acknowledgements; DIR has what small_mission() of mission.sh makes.
import atexit, glob, json, os, random, re, shutil, signal, socket
import subprocess, sys, threading, time
sys.path.insert(0, os.path.dirname(__file__))
import tap
from live import records
from tap import TRUCE, done, free, ok, truce, until

T = sys.argv[1]


def rows(verb, m):
    # A detection says of which file it is: these are others.  What came over
    # the network was received when the log says, each time another.
    return [d["id"] if verb == "detections" else json.loads(re.sub(
        r"received 2[^ ,]*", "received", json.dumps(d)))
            for d in tap.rows(verb, m)]


PORT = free()
with open(T + "/login", "w") as f:
    f.write("truce\nsecret\n")
os.chmod(T + "/login", 0o600)
subprocess.run(["mosquitto_passwd", "-b", "-c", T + "/passwd", "truce",
                "secret"], check=True)
with open(T + "/conf", "w") as f:
    f.write("listener %d 127.0.0.1\nallow_anonymous false\n"
            "password_file %s/passwd\nmax_queued_messages 0\n"
            "persistence false\nuser root\n" % (PORT, T))


def broker():
    p = subprocess.Popen(["mosquitto", "-c", T + "/conf"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    atexit.register(p.kill)

    def up():
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
            return True
        except OSError:
            return False
    assert until(up, 10), "mosquitto does not start"
    return p


def publish(topic, body, qos=1):
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(PORT),
                    "-u", "truce", "-P", "secret", "-q", str(qos), "-t",
                    topic, "-s"], input=body, check=True)


class Publisher:
    """A long connection, as mosquitto_pub is slow to start: QoS 1."""

    def __init__(self):
        self.s = socket.create_connection(("127.0.0.1", PORT))
        w = lambda b: len(b).to_bytes(2, "big") + b
        self.packet(0x10, w(b"MQTT") + b"\x04\xc2\x00\x3c" + w(b"pub") +
                    w(b"truce") + w(b"secret"))
        assert self.s.recv(4)[3] == 0
        self.id = 0

    def packet(self, head, body):
        n, size = len(body), b""
        while True:
            size += bytes([n % 128 | (128 if n > 127 else 0)])
            n //= 128
            if not n:
                break
        self.s.sendall(bytes([head]) + size + body)

    def publish(self, topic, body):
        self.id += 1
        t = topic.encode()
        self.packet(0x32, len(t).to_bytes(2, "big") + t +
                    self.id.to_bytes(2, "big") + body)
        have = b""
        while len(have) < 4:
            have += self.s.recv(4 - len(have))
        assert have == b"\x40\x02" + self.id.to_bytes(2, "big"), have


class Middle:
    """Between them; `acked` are the PUBACKs that truce has sent."""

    def __init__(self):
        self.l = socket.create_server(("127.0.0.1", 0))
        self.port = self.l.getsockname()[1]
        self.acked = self.seen = 0
        self.on_message = self.on_ack = None
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            c, _ = self.l.accept()
            try:
                b = socket.create_connection(("127.0.0.1", PORT))
            except OSError:
                c.close()
                continue
            for a, z, up in ((c, b, True), (b, c, False)):
                threading.Thread(target=self.pump, args=(a, z, up),
                                 daemon=True).start()

    def pump(self, a, z, up):
        have = b""
        try:
            while True:
                more = a.recv(65536)
                if not more:
                    break
                z.sendall(more)
                have += more
                while len(have) >= 2:
                    size, k = 0, 1
                    while True:
                        size |= (have[k] & 127) << (7 * (k - 1))
                        k += 1
                        if have[k - 1] < 128 or k >= len(have):
                            break
                    if len(have) < k + size:
                        break
                    if up and have[0] >> 4 == 4:
                        self.acked += 1
                        if self.on_ack:
                            self.on_ack()
                    if not up and have[0] >> 4 == 3:
                        self.seen += 1
                        if self.on_message:
                            self.on_message()
                    have = have[k + size:]
        except (OSError, IndexError):
            pass
        for s in (a, z):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Run:
    def __init__(self, m, port, *args, slow=None):
        self.err = open(os.path.join(T, "err"), "a+")
        self.at = os.path.getsize(self.err.name)
        self.p = subprocess.Popen(
            [TRUCE, "run", m, "--mqtt", "127.0.0.1:%d/truce/#,other/+" % port,
             "--mqtt-login", T + "/login", *args], stderr=self.err,
            stdout=subprocess.DEVNULL, env=os.environ if not slow else dict(
                os.environ, FAULT_SLOW_MS=str(slow),
                LD_PRELOAD=T + "/preload.so"))
        atexit.register(self.p.kill)

    def said(self):
        return open(self.err.name).read()[self.at:]

    def ready(self):
        return until(lambda: ": MQTT" in self.said(), 20)

    def end(self):
        self.p.send_signal(signal.SIGTERM)
        return self.p.wait(120)


M, W, K = (os.path.join(T, x) for x in ("m", "want", "killed"))
FILES = os.path.join(T, "files")
for m in (M, W, K):
    shutil.copytree(os.path.join(T, "empty"), m)
shutil.copytree(FILES, os.path.join(W, "inbox"))
for x in ("notices", "claims"):  # as handed in over the network
    x = os.path.join(W, "inbox", "P-1", x)
    os.rename(x + ".csv", x + ".sent.csv")
x = truce("replay", W)
assert x.returncode == 0, x.stderr
TODO, OTHER = [], []
for f in sorted(glob.glob(FILES + "/*/*")):
    source = f.split(os.sep)[-2]
    if f.endswith(".mseed"):
        TODO += [(i, source, r) for i, r in enumerate(records(f))]
    else:
        OTHER.append((source, open(f, "rb").read()))
TODO = [x[1:] for x in sorted(TODO, key=lambda x: x[:2])]

mosquitto = broker()
pub = Publisher()

# -- all sorts; each acknowledged when it is kept --
mid = Middle()
run = Run(M, mid.port, "--every", "3600")
ok(run.ready(), "it subscribes, with user and password")
for source, body in OTHER:
    pub.publish("truce/" + source, body)
ok(until(lambda: "replayed" in run.said()), "files of other sorts come by MQTT, "
   "and are replayed at once")
for source, r in TODO:
    pub.publish("truce/field/" + source, r)
ok(until(lambda: mid.acked == len(OTHER) + len(TODO)), "all %d messages are "
   "acknowledged (%d)" % (len(OTHER) + len(TODO), mid.acked))

# -- one that is too long; of no QoS; the broker goes and comes --
publish("other/P-1", b"x" * (3 << 20))
ok(until(lambda: "passed over" in run.said()) and
   until(lambda: mid.acked == len(OTHER) + len(TODO) + 1),
   "one of 3 MiB is passed over, said, and acknowledged")
mosquitto.kill()
mosquitto.wait()
ok(until(lambda: "again in" in run.said()), "the broker is gone: it is said")
mosquitto = broker()
run.at = os.path.getsize(run.err.name)
ok(until(lambda: ": MQTT" in run.said(), 30), "it is there again: so are we")
ok(until(lambda: "forgot our session" in run.said()), "it forgot who we are, "
   "and what it held for us: that is said")
ok(run.end() == 0, "ended: " + run.said().strip().split("\n")[-1][:70])
for verb in ("findings", "incidents", "detections", "looks", "health"):
    a, b = rows(verb, M), rows(verb, W)
    ok(a == b and len(b) > 0, "the %d %s of the same files (%d)"
       % (len(b), verb, len(a)))
faults = rows("faults", M)
ok(len(faults) == 1 and "passed over" in faults[0]["why"] and
   faults[0]["source"] == "P-1", "the gap is a fault of its source: %s" %
   [x["why"] for x in faults])
ok(truce("audit", M).returncode == 0, "and it verifies")

# -- killed again and again: as a message comes, and as one is acknowledged,
# with a disk that is slow to write; who acknowledged first would lose it --
pub = Publisher()
rng = random.Random(7)
run = Run(K, mid.port, "--every", "0")
assert run.ready()
run.p.kill()
run.p.wait()
mid.acked = 0
feed = iter(TODO + OTHER)
left, kills, resent = len(TODO) + len(OTHER), 0, mid.seen
while left:
    for _ in range(min(left, 60)):
        source, r = next(feed)
        pub.publish("truce/" + source, r)
        left -= 1
    count = [rng.randrange(1, 40)]

    def shoot():
        count[0] -= 1
        if count[0] == 0:
            run.p.kill()
    run = Run(K, mid.port, "--every", "0", slow=20)
    if rng.random() < 0.5:
        mid.on_message = shoot
    else:
        mid.on_ack = shoot
    until(lambda: run.p.poll() is not None, 4)
    mid.on_message = mid.on_ack = None
    kills += run.p.poll() is not None
    run.p.kill()
    run.p.wait()
run = Run(K, mid.port, "--every", "0")
run.ready()
was = -1
while was != mid.seen:
    was = mid.seen
    time.sleep(1)
ok(run.end() == 0, "killed %d times as a message came or was acknowledged: "
   "%d were sent, %d delivered" % (kills, len(TODO) + len(OTHER), mid.seen - resent))
# A sanitizer must be loaded first: with one no disk is slow, and none started.
SLOWED = not os.environ.get("BUILD", "").endswith(("asan", "tsan"))
ok(not SLOWED or kills > 5 and mid.seen - resent > len(TODO) + len(OTHER),
   "what was not kept was sent again" + ("" if SLOWED else
   " # SKIP a sanitizer must be loaded first"))
for verb in ("findings", "detections"):
    a, b = rows(verb, K), rows(verb, W)
    ok(a == b and len(b) > 0, "nothing is lost, nothing twice: the %d %s of "
       "the same files (%d)" % (len(b), verb, len(a)))
ok(truce("audit", K).returncode == 0, "and it verifies")
done()
