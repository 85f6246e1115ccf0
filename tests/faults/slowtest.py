# SPDX-License-Identifier: GPL-3.0-or-later
# slowtest.py DIR NODE NODE - beside `truce run` and `truce serve` of DIR/m: two
# nodes push what lies in the folders NODE, first alone, then beside hundreds who
# read and send a byte a second.
import http.client, os, resource, socket, subprocess, sys, threading, time
sys.path.insert(0, os.path.dirname(__file__))
from live import Node, records
from tap import TRUCE, done, ok

T, NODES = sys.argv[1], sys.argv[2:]
STREAMS, READERS, SENDERS = 200, 200, 100
PUSHES, PACE_S = 120, 0.05  # of each node, before and beside
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

run_err = open(T + "/run.err", "wb")
run = subprocess.Popen([TRUCE, "run", T + "/m", "--listen", "127.0.0.1:0",
                        "--every", "0"], stdout=subprocess.DEVNULL,
                       stderr=run_err)
serve = subprocess.Popen([TRUCE, "serve", T + "/m", "--listen",
                          "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
door = int(serve.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
while b"listening on" not in (said := open(T + "/run.err", "rb").read()):
    if run.poll() is not None:
        raise SystemExit("not ok 1 - truce run: %r" % said)
    time.sleep(0.05)
intake = int(said.split(b"listening on")[1].split()[0].rsplit(b":", 1)[1])


def push(node, groups, late):
    """One group each PACE_S; how long till it was kept."""
    for g in groups:
        begin = time.monotonic()
        node.send(g)
        node.wait()
        late.append(time.monotonic() - begin)
        time.sleep(max(0, PACE_S - late[-1]))


def ask(late, over):
    """A page, again and again, as a person at the desk asks."""
    while not over.is_set():
        begin = time.monotonic()
        c = http.client.HTTPConnection("127.0.0.1", door, timeout=20)
        c.request("GET", "/api/v1/incidents?limit=10")
        c.getresponse().read()
        c.close()
        late.append(time.monotonic() - begin)
        time.sleep(0.05)


def p95(late):
    return sorted(late)[len(late) * 95 // 100] * 1e3


def phase(nodes, first):
    late, asked, over = [], [], threading.Event()
    asker = threading.Thread(target=ask, args=(asked, over))
    asker.start()
    threads = [threading.Thread(target=push, args=(
        n, g[first:first + PUSHES], late)) for n, g in nodes]
    [x.start() for x in threads]
    [x.join() for x in threads]
    over.set()
    asker.join()
    return late, asked


class Crawl(threading.Thread):
    """Each of these a byte a second; `gone` counts those that were let go."""

    def __init__(self):
        super().__init__(daemon=True)
        self.read, self.send, self.gone = [], [], 0
        for i in range(STREAMS + READERS):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            s.connect(("127.0.0.1", door))
            s.sendall(b"GET /api/v1/%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % (
                b"stream?after=-1" if i < STREAMS else
                b"detections?limit=1000"))
            self.read.append(s)
        for i in range(SENDERS):
            self.send.append(socket.create_connection(("127.0.0.1", intake)))
        self.start()

    def run(self):
        line = b"TRUCE 1 " + b"x" * 200
        for k in range(10000):
            begin = time.monotonic()
            for s in self.read + self.send:
                try:
                    s.setblocking(False)
                    if s in self.send:
                        s.send(line[k % len(line):][:1])
                    elif not s.recv(1):
                        self.gone += 1
                except BlockingIOError:
                    pass
                except OSError:
                    self.gone += 1
            time.sleep(max(0, 1 - (time.monotonic() - begin)))


nodes = []
for folder in NODES:
    r = [x for n in sorted(os.listdir(folder)) if n.endswith(".mseed")
         for x in records(os.path.join(folder, n))]
    nodes.append((Node(intake, os.path.basename(folder)), r))
ok(len(nodes) == 2 and all(len(g) >= 3 * PUSHES for _, g in nodes),
   "there is enough to push: %s records" % [len(g) for _, g in nodes])
phase(nodes, 0)  # once, for what is read and made for the first time
nodes = [(n, g[PUSHES:]) for n, g in nodes]
quiet, asked = phase(nodes, 0)
crawl = Crawl()
time.sleep(2)
beside, answered = phase(nodes, PUSHES)
print("# intake: kept at p95 after %.1f ms alone, %.1f ms beside %d streams, "
      "%d readers and %d senders of a byte a second; a page at p95 after %.1f "
      "and %.1f ms; load %.1f" % (
          p95(quiet), p95(beside), STREAMS, READERS, SENDERS, p95(asked),
          p95(answered), os.getloadavg()[0]))
ok(len(quiet) == len(beside) == 2 * PUSHES, "every group was kept")
ok(p95(beside) < 2 * p95(quiet) + 50,
   "after %.1f ms at p95 beside the slow, %.1f ms alone (twice and 50 ms)" % (
       p95(beside), p95(quiet)))
ok(p95(answered) < 2 * p95(asked) + 200,
   "a page for others after %.1f ms, %.1f ms before (twice and 200 ms)" % (
       p95(answered), p95(asked)))
ok(len(crawl.read) == STREAMS + READERS and crawl.gone < SENDERS + READERS,
   "and the slow were there: %d were let go" % crawl.gone)
for p in (serve, run):
    p.terminate()
ok(serve.wait(20) == 0 and run.wait(60) == 0, "both end when they are asked")
done()
