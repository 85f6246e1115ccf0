#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# framesrun.sh - frames over a socket: kept, then witnessed, while replays go
# on; the receipts verify; killed and started again, nothing is taken twice.
# alone: it waits for receipts in real time
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$TRUCE" sim singles --seed 5 --nodes 12 --shots 3 --minutes 10 \
	--out "$dir/plain" 2>/dev/null
"$TRUCE" sim singles --seed 5 --nodes 12 --shots 3 --minutes 10 --sign 12 \
	--out "$dir/m" 2>/dev/null
for f in "$dir"/m/inbox/*/*.cfs; do # the weather stays
	to=$dir/sent/$(basename "$(dirname "$f")")
	mkdir -p "$to" && mv "$f" "$to"
done
timeout 300 "$TRUCE" replay "$dir/plain" >/dev/null 2>&1
python3 - "$dir" "$TRUCE" <<'P'
import glob, json, os, re, signal, socket, subprocess, sys, time

d, truce = sys.argv[1:3]
n = bad = 0
def check(ok, text):
    global n, bad
    n += 1; bad += not ok
    print(f"{'ok' if ok else 'not ok'} {n} - {text}", flush=True)

def start(every):
    p = subprocess.Popen([truce, "run", d + "/m", "--listen", "127.0.0.1:0",
        "--every", str(every)], stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, text=True)
    for line in p.stderr:
        m = re.search(r"listening on .*:(\d+)", line)
        if m: return p, int(m[1])
    check(False, "it listens"); sys.exit(1)

frames = []
for f in sorted(glob.glob(d + "/sent/*/*.cfs")):
    b = open(f, "rb").read(); at = 0
    while at < len(b):
        k = 216 + int.from_bytes(b[at + 28:at + 32], "big")
        frames.append(b[at:at + k]); at += k
def key(b): return b[8:28] + b[32:40] # sensor, boot, sequence

class Node:
    def __init__(self, port):
        self.s = socket.create_connection(("127.0.0.1", port)); self.b = b""
        self.level = {1: {}, 2: {}}; self.twice = 0
    def send(self, b): self.s.sendall(b)
    def hear(self, seconds, want1=0, want2=0):
        end = time.monotonic() + seconds
        while time.monotonic() < end and (len(self.level[1]) < want1 or
                len(self.level[2]) < want2):
            self.s.settimeout(max(0.01, end - time.monotonic()))
            try: b = self.s.recv(1 << 16)
            except (TimeoutError, socket.timeout): break
            except ConnectionError: return
            if not b: return
            self.b += b
            while len(self.b) >= 40:
                a = self.b[:40]; more = int.from_bytes(a[28:32], "big")
                assert a[:4] == b"CFK1" and a[5:8] == b"\0\0\0", a
                if len(self.b) < 40 + more: break
                k = a[8:28] + a[32:40]
                self.twice += k in self.level[a[4]]
                self.level[a[4]][k] = (self.b[40:40 + more],
                    time.monotonic())
                self.b = self.b[40 + more:]

p, port = start(2)
half = len(frames) // 2
x = Node(port)
sent = {}
for f in frames[:half]:
    x.send(f); sent[key(f)] = time.monotonic()
    x.hear(0.001, 10**9)
x.hear(20, half, half)
check(set(x.level[1]) == set(sent), f"level 1 of all of {half} frames")
check(set(x.level[2]) == set(sent), "level 2 of all")
late = sorted(x.level[2][k][1] - sent[k] for k in sent if k in x.level[2])
print(f"# receipts after {late[len(late) // 2]:.3f} s, "
    f"at most {late[-1]:.3f} s")
x.send(frames[0]); x.twice = 0; x.hear(1, 10**9)
check(x.twice == 1, "one that is held is acknowledged again, at level 1")
y = Node(port)
g = bytearray(frames[half]); g[-1] ^= 1
h = bytearray(frames[half]); h[100] ^= 1
y.send(bytes(g)); y.send(bytes(h)); y.hear(1, 1)
check(not y.level[1], "what is no sensor's word is not acknowledged")
for i in range(40):
    try: y.send(bytes(h)); y.hear(0.02, 10**9)
    except OSError: break
check(i < 39, "and who goes on so is cut off")

# Somebody at a desk has a turn at the log meanwhile.
t0 = time.monotonic()
desk = [subprocess.run([truce, "key", "new", "ann", "-o", d + "/ann.key"],
    capture_output=True), subprocess.run([truce, "key", "enrol", d + "/m",
    "--new", d + "/ann.key", "--org", "mission", "--role", "analyst"],
    capture_output=True, text=True)]
check(all(r.returncode == 0 for r in desk), "a key is enrolled meanwhile, "
    f"in {time.monotonic() - t0:.1f} s {desk[1].stderr}")

# Killed while frames come: what was acknowledged is there, nothing twice.
z = Node(port)
for f in frames[half:half + 40]: z.send(f)
z.hear(0.5, 40)
kept = set(z.level[1])
p.send_signal(signal.SIGKILL); p.wait()
p, port = start(3)
z = Node(port)
for f in frames[half:]: z.send(f)
z.hear(30, len(frames) - half, len(frames) - half - len(kept))
check(set(z.level[1]) == {key(f) for f in frames[half:]},
    f"after a kill all come again, {len(kept)} of them for the second time")
check(not (kept & set(z.level[2])), "no second record of any")
p.send_signal(signal.SIGTERM); err = p.stderr.read(); code = p.wait()
check(code == 0, f"it ends well ({code})")
if code: print("# " + err.replace("\n", "\n# "))

def audit(*a):
    r = subprocess.run([truce, "audit", *a], capture_output=True, text=True)
    return r.returncode, r.stdout
code, out = audit(d + "/m", "--json")
a = json.loads(out)
check(code == 0 and a["verified"], "the audit verifies" +
    ("" if code == 0 else ": " + out))
check(a["frames"] == len(frames) and a["frames_missing"] == 0 and
    a["frames_twice"] == 0 and a["uncommitted"] == 0,
    f"{a['frames']} frames of {len(frames)}, each once, all committed to")
wrong = 0
for k, (r, t) in list(x.level[2].items())[::25]:
    open(d + "/r.receipt", "wb").write(r)
    f = next(f for f in frames if key(f) == k)
    open(d + "/frame", "wb").write(f)
    code, out = audit(d + "/r.receipt", "--key", a["log"], "--record",
        d + "/frame")
    wrong += code != 0
check(wrong == 0, "receipts verify, each of its own frame")
def incidents(m):
    out = subprocess.run([truce, "incidents", m, "--jsonl"],
        capture_output=True, text=True).stdout
    return [{k: v for k, v in json.loads(l).items() if k not in
        ("ledger", "version", "status", "replaces")}
        for l in out.splitlines() if json.loads(l)["status"] != "rejected"]
a, b = incidents(d + "/plain"), incidents(d + "/m")
for i, k in [(i, k) for i, x in enumerate(a) for k in x
        if i >= len(b) or b[i].get(k) != x[k]]:
    print("#", i, k, json.dumps(a[i][k])[:300],
        json.dumps(b[i].get(k) if i < len(b) else None)[:300])
check(len(a) > 0 and a == b, f"the same {len(a)} incidents as from files")
print(f"1..{n}")
sys.exit(bad > 0)
P
