# SPDX-License-Identifier: GPL-3.0-or-later
# streams.py MISSION [CLIENTS [EVENTS]] - a replayed mission served to so many
# listeners of /api/v1/stream at once: records come into its index one by one
# (as many a second as told), and each listener says when it had each.  Nothing
# is logged; the index of a copy is written to.  TRUCE names the program.
import json, os, resource, selectors, shutil, signal, socket, sqlite3
import subprocess, sys, tempfile, threading, time

TRUCE = os.environ.get("TRUCE", "build/truce")
CLIENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
EVENTS = int(sys.argv[3]) if len(sys.argv) > 3 else 50
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20000), hard))
d = tempfile.mkdtemp(prefix="truce-streams.")
M = d + "/m"
shutil.copytree(sys.argv[1], M)
p = subprocess.Popen([TRUCE, "serve", M, "--listen", "127.0.0.1:0"],
                     stdout=subprocess.PIPE, text=True)
try:
    port = int(p.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
    sel = selectors.DefaultSelector()
    socks = []
    for i in range(CLIENTS):
        s = socket.create_connection(("127.0.0.1", port), 30)
        s.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        socks.append(s)
    for s in socks:  # all have been answered before anything comes
        while b"retry" not in s.recv(4096):
            pass
        s.setblocking(False)
        sel.register(s, selectors.EVENT_READ, [b"", 0])
    db = sqlite3.connect(M + "/index.db", isolation_level=None, timeout=30)
    top = db.execute("SELECT max(ledger) FROM row").fetchone()[0]
    row = db.execute("SELECT * FROM row WHERE type = 102 LIMIT 1").fetchone()
    cols = [c[1] for c in db.execute("PRAGMA table_info(row)")]
    sent = {}

    def write():
        for k in range(1, EVENTS + 1):
            r = dict(zip(cols, row))
            r.update(key=None, ledger=top + k,
                     id="f-%026x" % (k + 1 << 40))
            db2.execute("INSERT INTO row(%s) VALUES(%s)" % (
                ",".join(cols), ",".join("?" * len(cols))),
                [r[c] for c in cols])
            sent[top + k] = time.perf_counter()
            time.sleep(0.2)

    db.close()
    db2 = sqlite3.connect(M + "/index.db", isolation_level=None, timeout=30,
                          check_same_thread=False)
    t = threading.Thread(target=write)
    t.start()
    late, whole, end = [], 0, time.time() + EVENTS * 0.2 + 30
    while whole < CLIENTS and time.time() < end:
        for key, _ in sel.select(1):
            try:
                b = key.fileobj.recv(1 << 18)
            except BlockingIOError:
                continue
            now = time.perf_counter()
            state = key.data
            text = state[0] + b
            for line in text.split(b"\n")[:-1]:
                if line.startswith(b"id: "):
                    late.append(now - sent.get(int(line[4:]), now))
                    state[1] += 1
                    if state[1] == EVENTS:
                        whole += 1
            state[0] = text.rsplit(b"\n", 1)[-1]
    t.join()
    late.sort()
    n = len(late)
    print("streams: %d clients, %d records: %d have all; %d of %d arrived; "
          "p50 %.0f p99 %.0f max %.0f ms" % (
              CLIENTS, EVENTS, whole, n, CLIENTS * EVENTS,
              *(late[min(n - 1, int(n * q))] * 1e3 for q in (.5, .99, 1))))
finally:
    p.send_signal(signal.SIGTERM)
    p.wait(30)
    shutil.rmtree(d)
