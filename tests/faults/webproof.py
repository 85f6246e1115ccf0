# SPDX-License-Identifier: GPL-3.0-or-later
"""webproof.py DIR - see tests/webproof.sh.  Breaks mirrors in every way that
somebody who serves one has, and asks both verifiers for the rule and the
entry."""
import base64, hashlib, os, random, re, shutil, subprocess, sys

t = sys.argv[1]
truce, build = os.environ["TRUCE"], os.environ["BUILD"]
data = "../shared/data/proof"
web = os.environ.get("WEB", "web/build")
number = 0
bad = False
FLIPS = 120


def ok(good, text, skip=False):
    global number, bad
    number += 1
    bad = bad or not good
    print(f"{'ok' if good else 'not ok'} {number} - {text}"
          f"{' # SKIP' if skip else ''}", flush=True)


def run(*args, lines=False):
    try:
        p = subprocess.run(args, capture_output=True, text=True, timeout=150)
    except subprocess.TimeoutExpired:
        return ["took too long"] if lines else (-1, "took too long")
    out = p.stdout.strip().split("\n")
    return out if lines else (p.returncode, out[-1])


def node(*args, lines=False):
    return run("node", f"{web}/verify.js", *args, lines=lines)


def browser(*args):
    return run("node", "web/test/browser.mjs", *args, lines=True)


# The page is what `make web` built.
has_browser = web == "web/build" and shutil.which("chromium") is not None

# -- vectors --

if os.path.isdir(data):
    c = run(f"{build}/tests/vectors", data, lines=True)
    ts = node("vectors", data, lines=True)
    differ = [x for x in zip(c, ts) if x[0] != x[1]]
    for x in differ[:5]:
        print(f"# {x[0]} | {x[1]}")
    ok(len(c) == len(ts) > 2000 and not differ,
       f"{len(c)} vectors in C and in node: {len(differ)} disagreements")
    if has_browser:
        b = browser("vectors", os.path.realpath(data))
        differ = [x for x in zip(c, b) if x[0] != x[1]]
        ok(len(b) == len(c) and not differ,
           f"{len(b)} vectors in a browser: {len(differ)} disagreements")
    else:
        ok(True, "vectors in a browser: no chromium", skip=True)
else:
    ok(True, "no ../shared/data/proof", skip=True)

# -- a mission from the outside, a long log from the inside --

m = f"{t}/m"
run(truce, "init", m)
os.makedirs(f"{m}/inbox/P-1", exist_ok=True)
with open(f"{m}/inbox/P-1/reports.csv", "w") as f:
    f.write("report_id,observer,lat,lon,position_err_m,at,means,kind,count,"
            "count_meaning,bearing,dist_min_m,dist_max_m\n")
    for i in range(6):
        f.write(f"R{i},P-1,48.30,37.40,20,2026-02-03T18:{3 + 7 * i:02}:00Z,"
                "heard,explosion,1,exact,S+SSW,600,4000\n")
code, _ = run(truce, "replay", m)
small = f"{t}/small"
code2, _ = run(truce, "export", m, "-o", small)
ok(code == code2 == 0, "a mission is replayed and exported")
def made(name, entries):
    os.makedirs(f"{t}/log-{name}")
    subprocess.run([f"{build}/tests/mirror", f"{t}/log-{name}", str(entries)],
                   check=True)
    for each in ("mission.yaml", "agreement.terms", "sensors.csv"):
        shutil.copy(f"{m}/{each}", f"{t}/log-{name}")
    shutil.copytree(f"{m}/geo", f"{t}/log-{name}/geo")
    code, line = run(truce, "export", f"{t}/log-{name}", "-o", f"{t}/{name}")
    ok(code == 0, f"a log of {entries} entries about things")
    return f"{t}/{name}"


long, mid = made("long", 600), made("mid", 60)
for name, pack in (("small", small), ("mid", mid), ("long", long)):
    c, ts = run(truce, "audit", pack), node("mirror", pack)
    ok(c == ts and c[0] == 0 and c[1].startswith("VERIFIED"),
       f"{name}: both say {c[1]}, {ts[1]}")
pub = run(truce, "audit", small, lines=True)
key = next(x.split()[1] for x in pub if x.startswith("  log "))
first = next(x.split()[2] for x in pub if x.startswith("  entry 0 "))
c = run(truce, "audit", f"{m}/ledger/pub", "--key", key)
ok(c == node("mirror", f"{m}/ledger/pub", "--key", key) and c[0] == 0,
   f"what a web server would serve of the mission: {c[1]}")
c = run(truce, "audit", small, "--key", key, "--genesis", first)
ok(c == node("mirror", small, "--key", key, "--genesis", first) and
   c[0] == 0, "with the key and the first entry known")

# -- broken --

cases = []  # (name, folder, what the rule must be or None)
copies = 0


def broken(name, pack, change, want=None):
    global copies
    copies += 1
    d = f"{t}/b{copies}"
    shutil.copytree(pack, d, copy_function=os.link)
    change(d)
    cases.append((name, d, want))


def write(path, content):
    os.unlink(path)  # a link: the other copies keep theirs
    with open(path, "wb") as f:
        f.write(content)


def add(path):
    def change(d):
        with open(f"{d}/{path}", "w") as f:
            f.write("x")
    return change


def read(path):
    with open(path, "rb") as f:
        return f.read()


def flip(path, at, bit=0):
    def change(d):
        b = bytearray(read(f"{d}/{path}"))
        b[at] ^= 1 << bit
        write(f"{d}/{path}", b)
    return change


def edit(path, old, new):
    def change(d):
        b = read(f"{d}/{path}")
        assert old in b, (path, old)
        write(f"{d}/{path}", b.replace(old, new, 1))
    return change


def gone(path):
    return lambda d: os.unlink(f"{d}/{path}")


def line(path, n, f):
    def change(d):
        lines = read(f"{d}/{path}").split(b"\n")
        lines[n] = f(lines[n])
        write(f"{d}/{path}", b"\n".join(x for x in lines if x is not None))
    return change


def forge(d):  # an entry and its hash, as somebody without keys can
    b = bytearray(read(f"{d}/tile/entries/000"))
    b[2 + 170 * 5 + 20] ^= 1
    write(f"{d}/tile/entries/000", b)
    h = bytearray(read(f"{d}/tile/0/000"))
    h[160:192] = hashlib.sha256(b"\0" + bytes(b[852:1020])).digest()
    write(f"{d}/tile/0/000", h)


def swap(d):  # entries 5 and 6, with their hashes
    b = bytearray(read(f"{d}/tile/entries/000"))
    b[850:1020], b[1020:1190] = b[1020:1190], b[850:1020]
    write(f"{d}/tile/entries/000", b)
    h = bytearray(read(f"{d}/tile/0/000"))
    h[160:192], h[192:224] = h[192:224], h[160:192]
    write(f"{d}/tile/0/000", h)


def exchange(d):  # what entries 7 and 8 say
    a, b = (f"{d}/disclosures/{i:03}.disclosure" for i in (7, 8))
    x, y = read(a), read(b)
    write(a, y)
    write(b, x)


blobs = sorted(os.path.relpath(os.path.join(d, f), mid)
               for d, _, fs in os.walk(f"{mid}/blobs") for f in fs)
seven = "disclosures/007.disclosure"
broken("a byte of an entry", long, flip("tile/entries/000", 900), "5 entry")
broken("a byte of a hash", long, flip("tile/0/000", 40), "1 tile")
broken("a byte of a hash in the second tile", long,
       flip("tile/0/001", 33), "257 tile")
broken("a byte of the tile above", long, flip("tile/1/000.p/2", 40),
       "256 tile")
broken("an entry and its hash", long, forge, "613 checkpoint")
broken("two entries change places", long, swap, "613 checkpoint")
broken("a tile is gone", long, gone("tile/0/001"), "256 tile")
broken("the tile above is gone", long, gone("tile/1/000.p/2"), "0 tile")
broken("a bundle is gone", long, gone("tile/entries/002.p/101"),
       "512 bundle")
broken("a bundle is cut", long, lambda d: write(
    f"{d}/tile/entries/001", read(f"{long}/tile/entries/001")[:-1]),
    "256 bundle")
broken("a bundle is longer", long, lambda d: write(
    f"{d}/tile/entries/001", read(f"{long}/tile/entries/001") + b"\0"),
    "256 bundle")
broken("the length of an entry", long, flip("tile/entries/000", 171), None)
broken("the root in the checkpoint", long, line(
    "checkpoint", 2, lambda l: base64.b64encode(bytes(32))), "- checkpoint")
broken("the size in the checkpoint", long, line(
    "checkpoint", 1, lambda l: b"612"), "- checkpoint")
broken("the signature of the checkpoint", long, flip("checkpoint", -20),
       "- checkpoint")
broken("the checkpoint is gone", long, gone("checkpoint"), "- checkpoint")
broken("a line more in the checkpoint", long, edit(
    "checkpoint", b"=\n\n", b"=\nmore\n\n"), "- checkpoint")
broken("the checkpoint of another log", long, lambda d: write(
    f"{d}/checkpoint", read(f"{small}/checkpoint")), "- checkpoint")
broken("a value", mid, line(seven, 3, lambda l: l[:-5] + b"OTk5" + l[-1:]),
       "7 body")
broken("a salt", mid, line(seven, 3, lambda l: b"open AAAA" + l[9:]),
       "7 body")
broken("a name", mid, edit(seven, b" n ", b" m "), "7 body")
broken("a field left out", mid, line(seven, 3, lambda l: None), "7 body")
broken("the path of its proof", mid, line(
    seven, 8, lambda l: base64.b64encode(bytes(32))), "7 body")
broken("its index", mid, edit(seven, b"index 7", b"index 8"), "7 body")
broken("two bodies change places", mid, exchange, "7 body")
broken("no body of entry 0", mid, gone("disclosures/000.disclosure"),
       "- key")
broken("a byte of the body of entry 0", mid, edit(
    "disclosures/000.disclosure", b" log ", b" lag "), "0 genesis")
broken("a byte of the evidence", mid, lambda d: write(
    f"{d}/{blobs[0]}", read(f"{mid}/{blobs[0]}") + b"x"), None)
broken("a piece of evidence is gone", mid, gone(blobs[0]), None)
broken("a file that is no evidence", mid, add("blobs/sha256/readme"))


dirs = [d for _, d, _ in cases]
ts = node("verdicts", *dirs, lines=True)
c = [run(truce, "audit", d) for d in dirs]
for (name, _, want), (code, x), y in zip(cases, c, ts):
    ok(x == y and code == 1 and x.startswith("NOT VERIFIED ") and
       x[13:] == (want or x[13:]), f"{name}: {x}" +
       ("" if x == y else f" | {y}") + ("" if want else " (as it falls)"))

# A bit of any file, drawn evenly over files.
rand = random.Random(20260203)
files = sorted(os.path.relpath(os.path.join(d, f), small)
               for d, _, fs in os.walk(small) for f in fs)
# What else a pack brings along is under MANIFEST, for `truce import`.
files = [x for x in files
         if re.match("checkpoint|tile/|disclosures/|blobs/", x)]
del cases[:]
for i in range(FLIPS):
    path = rand.choice(files)
    # Witnesses' lines come last; nobody asked for them here (no policy).
    b = read(f"{small}/{path}")
    lines = [x.start() for x in re.finditer("\n\u2014 ".encode(), b)]
    at = rand.randrange(lines[1] if len(lines) > 1 else len(b))
    broken(f"{path} byte {at}", small, flip(path, at, rand.randrange(8)))
dirs = [d for _, d, _ in cases]
ts = node("verdicts", *dirs, lines=True)
c = [run(truce, "audit", d) for d in dirs]
differ = [(n, x, y) for (n, _, _), (_, x), y in zip(cases, c, ts) if x != y]
for x in differ:
    print(f"# {x}")
found = sum(code == 1 for code, _ in c)
for (flipped, _, _), (code, _) in zip(cases, c):
    if code != 1:
        print(f"# not found: {flipped}")
ok(found == FLIPS and not differ, f"{found} of {FLIPS} bits of any file found"
   f", {len(differ)} named differently")

# -- from before --

old = f"{t}/checkpoint"
shutil.copy(f"{small}/checkpoint", old)
with open(f"{m}/inbox/P-1/more.csv", "w") as f:
    f.write("report_id,observer,lat,lon,position_err_m,at,means,kind\n"
            "R9,P-1,48.30,37.40,20,2026-02-03T19:03:00Z,heard,explosion\n")
run(truce, "replay", m)
grown = f"{t}/grown"
run(truce, "export", m, "-o", grown)
c = run(truce, "audit", grown, "--since", old)
ok(c == node("mirror", grown, "--since", old) and c[0] == 0 and
   c != run(truce, "audit", small), f"grown since a checkpoint seen: {c[1]}")
new = f"{grown}/checkpoint"
c = run(truce, "audit", small, "--since", new)
ok(c == node("mirror", small, "--since", new) and c[0] == 1 and
   "checkpoint" in c[1], f"an old copy, to who saw a newer one: {c[1]}")
c = run(truce, "audit", m, "--since", new)
ok(c[0] == 0, f"the mission, to the same: {c[1]}")
other = f"{long}/checkpoint"
c = run(truce, "audit", small, "--since", other)
ok(c == node("mirror", small, "--since", other) and c[0] == 1,
   f"a checkpoint of another log: {c[1]}")
wrong = key[:-2] + ("AA" if key[-2:] != "AA" else "BB")
ok(run(truce, "audit", small, "--key", wrong)[0] == 3 and
   node("mirror", small, "--key", wrong)[0] == 3, "a key with a slip")
c = run(truce, "audit", small, "--genesis", "0" * 64)
ok(c == node("mirror", small, "--genesis", "0" * 64) and c[0] == 1,
   f"another first entry than the one on paper: {c[1]}")

# -- single files --

one = f"{small}/disclosures/003.disclosure"
c = run(truce, "audit", one, "--key", key)
ok(c == node("proof", one, "--key", key) and c[0] == 0,
   f"a disclosure: {c[1]}")
text = read(one).split(b"\n\n", 1)
proof, entry = f"{t}/p.tlog-proof", f"{t}/entry"
with open(proof, "wb") as f:
    f.write(text[1])
with open(entry, "wb") as f:
    f.write(base64.b64decode(text[0].split(b"\n")[1][6:]))
c = run(truce, "audit", proof, "--key", key, "--entry", entry)
ok(c == node("proof", proof, "--key", key, "--entry", entry) and c[0] == 0,
   f"a .tlog-proof and its entry: {c[1]}")
c = run(truce, "audit", proof, "--key", key, "--text", "another")
ok(c[0] == node("proof", proof, "--key", key, "--text", "another")[0] == 1,
   "and another text")

# -- the command: what is no verdict --

plain, none = f"{t}/plain", f"{t}/none"
os.makedirs(none)
shutil.copytree(small, f"{t}/odd")
os.unlink(f"{t}/odd/checkpoint")
os.makedirs(f"{t}/odd/checkpoint")
shutil.copytree(small, f"{t}/loop")
shutil.rmtree(f"{t}/loop/blobs", ignore_errors=True)
os.symlink("blobs", f"{t}/loop/blobs")
shutil.copytree(small, f"{t}/leaf")
shutil.rmtree(f"{t}/leaf/blobs", ignore_errors=True)
with open(f"{t}/leaf/blobs", "w") as f:
    f.write("no folder")
with open(plain, "w") as f:
    f.write("record 2")
run("node", f"{web}/histories.js", "single", t)
policy, taken = f"{m}/ledger/policy/accepted.policy", f"{t}/sound-2.receipt"
with open(f"{t}/two.policy", "w") as f:
    f.write(open(policy).read().replace("log ", "# log ", 1).replace(
        "quorum accepted", "quorum local-1"))
# a policy whose witness is another's
other = f"{t}/other.policy"
with open(other, "w") as f:
    f.write("witness w test.example/w+" + subprocess.run(
        ["node", f"{web}/histories.js", "witness"], capture_output=True,
        text=True).stdout.strip().split("+", 1)[1] + "\nquorum w\n")
key2 = run("node", f"{web}/histories.js", "key")[1]
commands = [
    (2,), (2, "wait"), (2, "mirror"), (2, "mirror", small, "more"),
    (2, "mirror", small, "--what", "x"), (2, "mirror", small, "--key"),
    (2, "proof", proof), (3, "proof", f"{t}/nothing"),
    (3, "mirror", small, "--genesis", "0" * 63),
    (3, "mirror", small, "--policy", f"{t}/nothing"),
    (3, "mirror", small, "--policy", plain), (3, "mirror", f"{t}/odd"),
    (3, "mirror", f"{t}/loop"), (0, "mirror", f"{t}/leaf"),
    (1, "mirror", none),
    (0, "mirror", small, "--policy", policy, "--joint", policy),
    (0, "mirror", small, "--policy", policy, "--entry", "3"),
    (0, "mirror", small, "--entry", "3"),
    (0, "mirror", small, "--policy", f"{t}/two.policy", "--entry", "9999"),
    (1, "mirror", small, "--policy", other),
    (0, "proof", taken), (0, "proof", taken, "--key", key2),
    (0, "proof", taken, "--record", plain),
    (1, "proof", taken, "--record", entry),
    (3, "proof", taken, "--record", f"{t}/nothing"),
    (0, "proof", proof, "--leaf",
     hashlib.sha256(b"\0" + read(entry)).hexdigest()),
    (1, "proof", proof, "--leaf", "0" * 64), (1, "proof", proof, "--leaf", "0"),
    (1, "proof", plain, "--leaf", "0" * 64),
    (1, "proof", f"{t}/sound.equivocation"),
    (3, "proof", f"{t}/one-note.equivocation"),
    (3, "vectors", none),
]
ended = [(c, node(*c[1:])) for c in commands]
odd = [(c, e) for c, e in ended if e[0] != c[0]]
for o in odd:
    print(f"# {o}")
ok(not odd, f"{len(commands)} commands end as they must: verified, not, "
   f"usage, unreadable: {len(odd)} otherwise")
c = run(truce, "audit", small, "--policy", other)
ok(c == node("mirror", small, "--policy", other) and c[0] == 1 and
   c[1].endswith("quorum"), f"of a witness that did not sign: {c[1]}")
if os.path.isdir(data):
    bent = f"{t}/vectors"
    shutil.copytree(f"{data}/rfc6962", f"{bent}/rfc6962")
    tree = read(f"{bent}/rfc6962/tree8.json").replace(b'"00"', b'"01"', 1)
    write(f"{bent}/rfc6962/tree8.json", tree)
    p = subprocess.run(["node", f"{web}/verify.js", "vectors", bent],
                       capture_output=True, text=True)
    ok(p.returncode == 3 and "rfc6962/root/2: " in p.stderr
       and "is not there" in p.stderr,
       "a vector that is not as its set says is told, and one that is gone")
else:
    ok(True, "no ../shared/data/proof", skip=True)

# -- the page --

if has_browser:
    run("node", f"{web}/histories.js", "single", t)
    out = browser("page", small, dirs[0], one, grown,
                  f"{t}/sound.equivocation", f"{t}/sound-2.receipt")
    want = ["verified", f"refused {ts[0].split()[-1]}", "verified",
            "verified", "forked", "verified"]
    ok(out == want, f"the page in a browser: {', '.join(out)}")
else:
    ok(True, "the page: no chromium", skip=True)
print(f"1..{number}")
sys.exit(bad)
