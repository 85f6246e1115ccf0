# SPDX-License-Identifier: GPL-3.0-or-later
# tlstest.py DIR - `truce run` in TLS, with the certificates of tests/tls.sh.
import atexit, glob, os, shutil, signal, socket, ssl, subprocess, sys, time
import warnings
warnings.simplefilter("ignore")  # of old versions
sys.path.insert(0, os.path.dirname(__file__))
from live import Node, SeedLink, records
from tap import TRUCE, done, free, ok, rows, skip, truce, until

T = sys.argv[1]
pem = lambda name: "%s/%s.pem" % (T, name)
FILES = sorted(glob.glob(T + "/files/XT*/*"))
CHANNEL = {f.split(os.sep)[-2]: records(f) for f in FILES}
FIRST = sorted(CHANNEL)[0]


def server(name, **how):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(pem(name), "%s/%s.key" % (T, name))
    for k, v in how.items():
        setattr(c, k, v)
    return c


def client(ca, show=None):
    c = ssl.create_default_context(cafile=pem(ca))
    if show:
        c.load_cert_chain(pem(show), "%s/%s.key" % (T, show))
    return c


def mission(name):
    m = os.path.join(T, name)
    shutil.copytree(os.path.join(T, "empty"), m)
    return m


class Run:
    def __init__(self, m, *args):
        self.err = m + ".err"
        self.p = subprocess.Popen([TRUCE, "run", m, "--every", "0", *args],
                                  stderr=open(self.err, "w"),
                                  stdout=subprocess.DEVNULL)
        atexit.register(self.p.kill)
        if "--listen" in args:
            assert self.until("listening on"), self.said()
            self.port = int(self.said().split("listening on ")[1].split()[0]
                            .rsplit(":", 1)[1])

    def said(self):
        return open(self.err).read()

    def until(self, text, most=20):
        return until(lambda: text in self.said() or
                     self.p.poll() is not None, most) and text in self.said()

    def end(self):
        self.p.send_signal(signal.SIGTERM)
        return self.p.wait(120)


W = mission("want")
for c, r in CHANNEL.items():
    os.makedirs(os.path.join(W, "inbox", c))
    with open(os.path.join(W, "inbox", c, "all.mseed"), "wb") as f:
        f.write(b"".join(r))
truce("replay", W)


def same(m, text):
    a, b = rows("findings", m), rows("findings", W)
    ok(len(b) > 0 and a == b, "%s: the %d findings of the same files (%d)" %
       (text, len(b), len(a)))


# -- nodes --
m = mission("nodes")
r = Run(m, "--listen", "tls:127.0.0.1:0", "--tls-cert", pem("good"),
        "--tls-key", T + "/good.key", "--tls-nodes", pem("ca"))
nodes = {c: Node(r.port, c, client("ca", "node")) for c in CHANNEL}
ok(nodes[FIRST].s.version() == "TLSv1.3", "nodes: " + nodes[FIRST].s.version())
for i in range(max(map(len, CHANNEL.values()))):
    for c, x in nodes.items():
        if i < len(CHANNEL[c]):
            x.send(CHANNEL[c][i])
for x in nodes.values():
    x.wait()


def stranger(how, text):
    try:
        Node(r.port, "x", how() if how else None)
        got = "taken"
    except OSError as e:
        got = str(e)
    ok(got != "taken" and r.until(text), "refused, and said: %s (%s)" %
       (text, got[:60]))


stranger(lambda: client("ca"), "peer did not return a certificate")
stranger(lambda: client("ca", "stranger"), "the peer's certificate is refused")
stranger(None, "TLS: ")
old = client("ca", "node")
old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
old.set_ciphers("ALL:@SECLEVEL=0")
stranger(lambda: old, "unsupported protocol")
for i in range(30):  # half of a handshake, and garbage
    s = socket.create_connection(("127.0.0.1", r.port))
    s.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(i) if
              i % 2 else os.urandom(500))
    s.close()
x = Node(r.port, "big", client("ca", "node"))
x.send(b"x" * 1000000)
x.wait()
ok(r.p.poll() is None, "a megabyte in one group is kept, after garbage")
ok(r.end() == 0, "nodes: " + r.said().strip().split("\n")[-1][:70])
same(m, "nodes by TLS")

# -- SeedLink --
stations = {c[:-3]: x for c, x in CHANNEL.items()}
names = ",".join(sorted(stations))


def seedlink(name, m, ca="ca", host="localhost", **how):
    s = SeedLink(stations, tls=name and server(name, **how))
    return s, Run(m, "--seedlink", "tls:%s:%d/%s" % (host, s.port, names),
                  "--tls-ca", pem(ca))


m = mission("seedlink")
s, r = seedlink("good", m)
ok(s.all_sent.wait(30), "SeedLink: all is sent")
time.sleep(0.5)
ok(r.end() == 0, "SeedLink: " + r.said().strip().split("\n")[-1][:70])
same(m, "SeedLink by TLS")
m = mission("refused")
old = {"maximum_version": ssl.TLSVersion.TLSv1_1,
       "minimum_version": ssl.TLSVersion.TLSv1}
for name, ca, host, how, text in (
        ("elsewhere", "ca", "localhost", {}, "hostname mismatch"),
        ("elsewhere", "ca", "127.0.0.1", {}, "IP address mismatch"),
        ("ended", "ca", "localhost", {}, "certificate has expired"),
        ("stranger", "ca", "localhost", {},
         "unable to get local issuer certificate"),
        ("good", "other", "localhost", {},
         "unable to get local issuer certificate"),
        ("good", "ca", "localhost", old, "TLS: "),
        (None, "ca", "localhost", {}, "TLS: ")):
    s, r = seedlink(name, m, ca, host, **how)
    ok(r.until(text) and s.sent == 0 and not s.said,
       "refused, nothing was said: " +
       ([x for x in r.said().split("\n") if text in x] + ["?"])[0][:110],
       r.said())
    r.p.kill()
    r.p.wait()
    s.close()

# -- what is wrong with files and words --
for args, text in (
        (("--seedlink", "tls:localhost:1"), "wants --tls-ca"),
        (("--mqtt", "tls:localhost:1/a", "--tls-ca", "/nowhere"),
         "certificates of authorities"),
        (("--listen", "tls:127.0.0.1:0"), "wants --tls-cert"),
        (("--listen", "tls:127.0.0.1:0", "--tls-cert", pem("good"),
          "--tls-key", T + "/node.key"), "no key of that certificate")):
    x = truce("run", m, *args)
    ok(x.returncode in (2, 3, 4) and text in x.stderr,
       "refused: " + x.stderr.strip().split("\n")[-1][:90], x.stderr)

# -- MQTT --
if not shutil.which("mosquitto") or not shutil.which("mosquitto_pub"):
    skip("MQTT", "no mosquitto here (Debian: mosquitto, mosquitto-clients)")
    done()


def broker(name):
    port = free()
    with open(T + "/conf", "w") as f:
        f.write("listener %d 127.0.0.1\nallow_anonymous true\n"
                "certfile %s\nkeyfile %s/%s.key\ncafile %s\n"
                "max_queued_messages 0\npersistence false\nuser root\n" %
                (port, pem(name), T, name, pem("ca")))
    p = subprocess.Popen(["mosquitto", "-c", T + "/conf"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    atexit.register(p.kill)

    def up():
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return True
        except OSError:
            return False
    assert until(up, 10), "mosquitto does not start"
    return p, port


m = mission("mqtt")
p, port = broker("good")
r = Run(m, "--mqtt", "tls:localhost:%d/truce/#" % port, "--tls-ca", pem("ca"))
ok(r.until(": MQTT"), "MQTT by TLS", r.said())
for c, x in CHANNEL.items():
    subprocess.run(["mosquitto_pub", "-h", "localhost", "-p", str(port),
                    "--cafile", pem("ca"), "-q", "1", "-t", "truce/" + c,
                    "-s"], input=b"".join(x), check=True)
time.sleep(1)
ok(r.end() == 0, "MQTT: " + r.said().strip().split("\n")[-1][:70])
same(m, "MQTT by TLS")
p.kill()
p.wait()
for name, text in (("elsewhere", "hostname mismatch"),
                   ("ended", "certificate has expired")):
    p, port = broker(name)
    r = Run(m, "--mqtt", "tls:localhost:%d/truce/#" % port, "--tls-ca",
            pem("ca"))
    ok(r.until(text), "MQTT: refused: " + text, r.said())
    r.p.kill()
    r.p.wait()
    p.kill()
    p.wait()
done()
