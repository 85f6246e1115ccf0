# SPDX-License-Identifier: GPL-3.0-or-later
"""memotest.py TRUCE DIR SEEDS - what replays remember changes nothing.

SEEDS are so many, or from one to another: 8, 9-40.
DIR/empty is a mission without files, DIR/files what it may receive
(mission.sh), of which each channel is cut into pieces.  Of each seed they come
in random order, some at a time, with a replay after each, by one or two
threads, now and then killed; then the index is deleted and all is replayed
once: the same rows, versions and entries of the log."""
import hashlib, os, random, shutil, sqlite3, subprocess, sys, time

truce, t = sys.argv[1:3]
first, _, last = ("1-" * ("-" not in sys.argv[3]) + sys.argv[3]).partition("-")
seeds = range(int(first), int(last) + 1)
number = bad = 0
VIEWS = ("detections", "incidents", "findings", "looks", "health")


def ok(good, text):
    global number, bad
    number += 1
    bad = bad or not good
    print(f"{'ok' if good else 'not ok'} {number} - {text}", flush=True)


def run(*args):
    p = subprocess.run([truce, "--quiet", *args], stdin=subprocess.DEVNULL,
                       capture_output=True, text=True)
    if p.returncode:
        print(f"# {' '.join(args)}: {p.returncode} {p.stderr[-300:]}")
    return p.stdout


def rows(m):
    return [run(v, m, "--jsonl") for v in VIEWS]


def entries(m):
    said = run("audit", m)
    return said[said.find("VERIFIED"):].split()[1]


def forget(m):
    for f in os.listdir(m):
        if f.startswith("index.db"):
            os.unlink(f"{m}/{f}")


def db(m):
    x = sqlite3.connect(f"{m}/index.db")
    x.text_factory = bytes
    return x


def memos(m):
    x = db(m)
    got = x.execute("SELECT id, body FROM row WHERE type = 109").fetchall()
    x.close()
    return {i.decode(): bytes(b) for i, b in got}


def put(m, of):
    """Writes memos; the index is closed by a writer, so nothing is lost."""
    x = db(m)
    for i, body in of.items():
        x.execute("UPDATE row SET body = ? WHERE type = 109 AND id = ?",
                  (body, i))
    x.commit()
    x.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    x.close()


def summed(i, value):
    return hashlib.sha256(bytes.fromhex(i) + value).digest() + value


def pieces():
    """Files, those of samples cut at a record of 512 bytes."""
    out = []
    for d, _, fs in sorted(os.walk(f"{t}/files")):
        for f in sorted(fs):
            p = os.path.join(d, f)
            if not f.endswith(".mseed"):
                out.append(p)
                continue
            all = open(p, "rb").read()
            os.unlink(p)
            third = len(all) // 512 // 3 * 512
            for k, part in enumerate((all[:third], all[third:2 * third],
                                      all[2 * third:])):
                out.append(os.path.join(d, f"{k}-{f}"))
                open(out[-1], "wb").write(part)
    return out


def ingest(m, path):
    run("ingest", m, "--source", os.path.basename(os.path.dirname(path)), path)


def fresh(m, files=()):
    shutil.rmtree(m, ignore_errors=True)
    shutil.copytree(f"{t}/empty", m)
    for p in files:
        ingest(m, p)


def kill(m, dice):
    p = subprocess.Popen([truce, "--quiet", "replay", m, "--jobs", "2"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(dice.random() * 0.25)
    p.kill()
    p.wait()


def one(seed, files):
    dice, m = random.Random(seed), f"{t}/m"
    left = files[:]
    dice.shuffle(left)
    fresh(m)
    while left:
        n = dice.randint(1, 6)
        for p in left[:n]:
            ingest(m, p)
        left = left[n:]
        if dice.random() < 0.4:
            kill(m, dice)
        run("replay", m, "--jobs", dice.choice("12"))
    run("replay", m, "--jobs", dice.choice("12"))
    was = rows(m), entries(m)
    forget(m)
    run("replay", m, "--jobs", dice.choice("12"))
    return was == (rows(m), entries(m)) and all(was[0])


files = pieces()
wrong = [s for s in seeds if not one(s, files)]
ok(not wrong, f"{len(seeds)} random orders of files and replays, some killed: as one "
   f"replay of all gives it; not so: {wrong or 'none'}")

m = f"{t}/m"
fresh(m, files)
run("replay", m)
good, size, held = rows(m), entries(m), memos(m)
ok(len(held) > 10, f"{len(held)} things are remembered: links of 5 channels, and "
   "how their ears stood")
ok(os.path.exists(f"{m}/index.db"), "in the index")
run("replay", m)
ok(memos(m) == held, "a second replay finds them all")


def again(what, of):
    """What is wrong is not used, and made anew."""
    put(m, of)
    run("replay", m)
    now = memos(m)
    ok(rows(m) == good and entries(m) == size and sorted(now) == names and
       all(b == summed(i, b[32:]) for i, b in now.items()), what)


dice = random.Random(7)
names = sorted(held)


def flipped(b):
    i = dice.randrange(len(b))
    return b[:i] + bytes([b[i] ^ 1 << dice.randrange(8)]) + b[i + 1:]


again("a bit of each is flipped", {i: flipped(b) for i, b in held.items()})
again("each is cut", {i: b[:dice.randrange(len(b))] for i, b in held.items()})
again("each is empty", dict.fromkeys(held, b""))
again("each lies under another's key",
      {i: held[j] for i, j in zip(names, names[1:] + names[:1])})

# -- wrong on purpose, with a right sum: every detection five seconds late --


def late(i, body):
    b, at = bytearray(body[32:]), -1
    n = 0
    while (at := b.find(b"dd-", at + 1)) >= 0:
        k = at + 1 + 56
        ns = int.from_bytes(b[k:k + 8], "little") + 5 * 10 ** 9
        b[k:k + 8] = ns.to_bytes(8, "little")
        n += 1
    return summed(i, bytes(b)), n


poison = {i: late(i, b) for i, b in held.items()}
ok(sum(n for _, n in poison.values()) > 50, "detections are found in them")
put(m, {i: b for i, (b, n) in poison.items()})
said = run("audit", m, "--recompute")
ok("VERIFIED" in said and "NOT " not in said,
   "what is remembered is wrong: a recomputation does not look at it")
run("replay", m)
ok(rows(m) != good, "the next replay does: this test would see it")
said = run("audit", m, "--recompute")
ok("NOT RECOMPUTED" in said, "and so does a recomputation, in the log")

fresh(m, files)
run("replay", m)
good, held = rows(m), memos(m)
moved = {i: summed(i, b[32:].replace(b'"lat":48.', b'"lat":49.'))
         for i, b in held.items() if b'"lat":48.' in b}
ok(moved, "sounds are found in them")
put(m, moved)
run("replay", m)
ok(rows(m) != good, "moved, they would be seen, too")

# -- another program, another mission --
fresh(m, files)
run("replay", m)
good, held = rows(m), memos(m)
other = f"{t}/other"
b = bytearray(open(truce, "rb").read())
at = b.find(b"\4\0\0\0\x14\0\0\0\3\0\0\0GNU\0")
ok(at > 0, "the program says which build it is")
b[at + 16] ^= 1
open(other, "wb").write(b)
os.chmod(other, 0o755)
subprocess.run([other, "--quiet", "replay", m], check=True,
               stdout=subprocess.DEVNULL)
ok(rows(m) == good and len(memos(m)) == len(held) and
   not set(memos(m)) & set(held),
   "another program: none of them is used, its own replace them")
run("replay", m)
ok(sorted(memos(m)) == sorted(held), "and the other way round")
with open(f"{m}/sensors.csv", "a") as f:
    f.write("XT_NEW_00,acoustic,48.2,37.3,100,100,,mission,,,,,\n")
run("replay", m)
ok(memos(m) and not set(memos(m)) & set(held),
   "a sensor more: none of them is used")
sys.exit(bad)
