# SPDX-License-Identifier: GPL-3.0-or-later
# serving.py DIR - asks the front door of DIR/m; for tests/serve.sh.
import atexit, hashlib, http.client, json, os, shutil, signal, socket, struct, subprocess, sys, time
import threading, xml.etree.ElementTree, zlib

TRUCE, DIR = os.environ["TRUCE"], sys.argv[1]
M = DIR + "/m"
count = bad = 0


def ok(good, text):
    global count, bad
    count += 1
    bad += not good
    print(("ok" if good else "not ok"), count, "-", text, flush=True)


def truce(*args):
    return subprocess.run([TRUCE, *args], capture_output=True)


def ask(path, method="GET", **headers):
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    c.request(method, path, headers={k.replace("_", "-"): v
                                     for k, v in headers.items()})
    r = c.getresponse()
    body = r.read()
    c.close()
    return r.status, body, dict(r.getheaders())


def get(path):
    status, body, _ = ask(path)
    return json.loads(body) if status == 200 else {"status": status, "body": body}


def raw(text):  # as no library would send it
    s = socket.create_connection(("127.0.0.1", PORT), 20)
    s.sendall(text)
    got = b""
    while True:
        b = s.recv(65536)
        got += b
        if not b:
            return got


class Stream(threading.Thread):
    def __init__(self, after=None, last=None, name="stream"):
        super().__init__(daemon=True)
        self.events, self.hello = [], b""
        self.s = socket.create_connection(("127.0.0.1", PORT), 60)
        path = "/api/v1/" + name + ("" if after is None else f"?after={after}")
        self.s.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode()
                       + (f"Last-Event-ID: {last}\r\n".encode() if last
                          is not None else b"") + b"\r\n")
        self.start()

    def run(self):
        f = self.s.makefile("rb")
        while (line := f.readline().strip()):
            self.hello += line + b"\n"
        text = b""
        for line in f:
            text += line
            while b"\n\n" in text:
                one, text = text.split(b"\n\n", 1)
                e = dict(l.split(b": ", 1) for l in one.split(b"\n")
                         if b": " in l)
                if b"id" in e:
                    self.events.append((int(e[b"id"]), e[b"event"].decode(),
                                        json.loads(e[b"data"])))

    def wait(self, n, seconds=20):
        end = time.time() + seconds
        while len(self.events) < n and time.time() < end:
            time.sleep(0.02)
        return len(self.events) >= n


serve = subprocess.Popen([TRUCE, "serve", M, "--listen", "127.0.0.1:0",
                          "--submissions"], stdout=subprocess.PIPE)
atexit.register(serve.kill)
line = serve.stdout.readline().decode()
PORT = int(line.split("127.0.0.1:")[1].split("/")[0])
KINDS = ["incidents", "detections", "findings", "looks", "health", "faults"]

# -- the same bytes as the verbs --
for kind in KINDS:
    for form in ("jsonl", "csv"):
        said = truce(kind, M, "--" + form).stdout
        got, after = b"", ""
        while True:
            page = ask(f"/api/v1/{kind}?limit=1000&f={form}{after}")[1]
            got += page if not after or form == "jsonl" else \
                page.split(b"\n", 1)[1]
            more = get(f"/api/v1/{kind}?limit=1000{after}")["next"]
            if not more:
                break
            after = "&after=" + more
        ok(got == said and (len(got) > 0 or kind == "faults"),
           f"{kind} as {form} are what truce {kind} prints")
rows = [json.loads(l) for l in truce("incidents", M, "--jsonl").stdout
        .splitlines()]
pages, after, n = [], "", 0
while n < 100:
    p = get("/api/v1/incidents?limit=1" + after)
    pages += p["incidents"]
    n += 1
    if not p["next"]:
        break
    after = "&after=" + p["next"]
ok(pages == rows and n == len(rows) > 1, "pages of one make up the whole")
geo = get("/api/v1/incidents?f=geojson&limit=1000")
ok(geo["type"] == "FeatureCollection" and
   [f["properties"] for f in geo["features"]] == rows, "GeoJSON too")
ok(ask("/api/v1/incidents", Accept="text/html, application/geo+json;q=0.9")[2]
   ["Content-Type"] == "application/geo+json", "Accept is heard")
at = rows[-1]["time"]["at"]
some = get(f"/api/v1/incidents?from={at}")["incidents"]
ok(0 < len(some) < len(rows) and some[-1] == rows[-1], "from is heard")
ok(get("/api/v1/incidents?bbox=0,0,1,1")["incidents"] == [] and
   get("/api/v1/incidents?bbox=37,48,38,49")["incidents"] != [],
   "and bbox")
one = rows[0]
ok(get("/api/v1/incidents/" + one["id"]) == one ==
   get("/api/v1/incidents/" + one["id"][-8:]), "one record by its id's end")
ok([ask("/api/v1/incidents/" + x)[0] for x in ("abc", "zzzzzzzz", "%ff")] ==
   [404] * 3, "an id that is none is not found")
i = one["ledger"]["index"]
before = get(f"/api/v1/incidents?at={i - 1}")["incidents"]
ok(one in get(f"/api/v1/incidents?at={i}")["incidents"] and
   one not in before, "at pins what was known")

# -- what is wrong is said --
for path, word in (("incidents?limti=2", "limti"), ("incidents?from=x", "x"),
                   ("incidents?limit=0", "limit"), ("incidents?limit=1001", "1000"),
                   ("incidents?bbox=1,2,3", "bbox"), ("incidents?kind=boom", "shot"),
                   ("findings?verdict=guilty", "breach"), ("incidents?after=7", "next"),
                   ("incidents?from=2026-02-04&to=2026-02-03", "before"),
                   ("incidents?kind=%zz", "escape"), ("incidents?f=xml", "csv"),
                   ("incidents?at=-1", "at="), ("stream?after=x", "index"),
                   ("incidents?bbox=nan,0,1,1", "bbox")):
    status, body, head = ask("/api/v1/" + path)
    p = json.loads(body)
    ok(status == 400 == p["status"] and word in p["detail"] and
       head["Content-Type"] == "application/problem+json",
       f"400 and why: {path}")
ok(ask("/api/v1/nothing")[0] == 404, "404 of what is not there")
ok([ask("/api/v1/incidents", m)[0] for m in ("POST", "PUT", "DELETE")] ==
   [405] * 3, "405 of what may not be done")

# -- nothing else is given out --
os.makedirs(M + "/out", exist_ok=True)
for name in ("said.txt", ".hidden"):
    with open(f"{M}/out/{name}", "w") as f:
        f.write("said")
os.symlink("../mission.yaml", M + "/out/link")
ok(ask("/out/said.txt")[:2] == (200, b"said"), "what lies in out/ is")
os.utime(M + "/out/said.txt", (1770000000, 1770000000))
seen, LIFE = [get("/api/v1/intake")], M + "/spool/live/heard"
os.makedirs(os.path.dirname(LIFE), exist_ok=True)
open(LIFE, "w").close()
seen += [get("/api/v1/intake")]
os.utime(LIFE, (time.time() - 11,) * 2)
seen += [get("/api/v1/intake")]
os.unlink(LIFE)
ok([x["receives"] for x in seen] == [None, True, False] and
   [x["at"] is None for x in seen] == [True, False, False] and
   all(x["schema"] == "truce.intake/1" and x["free_bytes"] > 0 for x in seen),
   "nobody ever received; somebody does; nobody does any more")
files = get("/api/v1/reports")["reports"]
ok(files[-1] == {"name": "said.txt", "bytes": 4,
                 "written": "2026-02-02T02:40:00Z"}
   and "link" not in [x["name"] for x in files]
   and all(ask("/out/" + x["name"])[0] == 200 for x in files),
   "and is listed, newest first, with no link")
page = get("/api/v1/incidents?limit=2")
link = ask("/api/v1/incidents?limit=2&f=csv")[2].get("Link")
ok(link == f'<?after={page["next"]}>; rel="next"'
   and "Link" not in ask("/api/v1/incidents?limit=1000&f=csv")[2],
   "a page of CSV names the next one in its header, the last one none")
board = ask("/api/v1/board")
ok(board[0] == 404 and b"pledges.pledges" in board[1],
   "a mission without a register has no board, and is told why")
with open(M + "/pledges.pledges", "w") as f:
    f.write('REGISTER sample/1 TITLE "Sample"\nACTORS P "State P"\n')
board = get("/api/v1/board")
ok(board.get("schema") == "truce.board/1" and
   board["register"]["actors"][0]["id"] == "P",
   "with one it has the verb's board")
os.remove(M + "/pledges.pledges")
for path in ("/../mission.yaml", "/tile/../../keys/log", "/out/../mission.yaml",
             "/tile/..%2f..%2fkeys/log", "//etc/passwd", "/out/.hidden",
             "/out/link", "/out//said.txt", "/out/", "/%00", "/index.db",
             "/ledger/keys/log"):
    got = raw(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: localhost\r\n"
              b"Connection: close\r\n\r\n")
    ok(got.split()[1] in (b"404", b"400") and b"problem+json" in got,
       "not given out: " + path)
ok(ask("/api/v1/", Host="evil.example")[0] == 403,
   "a name that is not ours is refused (DNS rebinding)")
long = raw(b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: localhost\r\n"
           b"Connection: close\r\n\r\n")
ok(long[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 414", b"HTTP/1.1 431") or
   long == b"", "an endless address is refused")
head = ask("/api/v1/")[2]
ok("default-src 'none'" in head["Content-Security-Policy"] and
   head["X-Content-Type-Options"] == "nosniff", "the policy is strict")

# -- the log --
with open(M + "/ledger/pub/checkpoint", "rb") as f:
    ok(ask("/checkpoint")[1] == f.read(), "the checkpoint")
tiles = [os.path.join(d, n) for d, _, names in os.walk(M + "/ledger/pub/tile")
         for n in names]
ok(tiles and all(ask(x[len(M + "/ledger/pub"):])[1] == open(x, "rb").read()
                 for x in tiles), "every tile")
key = truce("audit", M, "--json").stdout
key = json.loads(key)["log"]["key"] if b'"key"' in key else None

# -- columns --
status, b, head = ask("/api/v1/columns?limit=1000")
magic, hl, n, t0, size, cols, flags = struct.unpack_from("<8sIIqQII", b)
col = {}
for c in range(cols):
    name, sign, width, exp, off, ln, crc = struct.unpack_from(
        "<8sBBhIII", b, 40 + 24 * c)
    part = b[off:off + ln]
    assert off % 8 == 0 and zlib.crc32(part) == crc
    col[name.rstrip(b"\0").decode()] = struct.unpack(
        f"<{n}" + {(0, 4): "I", (1, 4): "i", (0, 2): "H", (0, 1): "B"}
        [(sign, width)], part)
words = get("/api/v1/")
want = [(r["ledger"]["index"], round(r["place"]["lon"] * 1e7)
         if r["place"]["lon"] is not None else -2**31,
         max(r["kind"], key=r["kind"].get), r["status"],
         r["count"]["meaning"]) for r in rows]
got = [(col["id"][k], col["lon"][k], words["kinds"][col["kind"][k]],
        words["statuses"][col["state"][k]],
        words["count_meanings"][col["nq"][k]]) for k in range(n)]
ok(magic == b"TRUCECL1" and n == len(rows) and got == want and flags & 1,
   "columns say what the records say")
ok(all(abs(e * 10 - r["place"]["region"]["ellipse"]["semi_major_m"]) <= 5.01
       for e, r in zip(col["err"], rows)
       if r["place"]["region"]["ellipse"]["semi_major_m"] is not None),
   "and their errors")

# -- places to draw --
m = get("/api/v1/mission")
ok(m["schema"] == "truce.mission/1" and m["index"] ==
   get("/api/v1/incidents")["index"], "what the mission is")
loc = [c for c in m["called"] if c["id"] == "loc"]
ok(len(loc) == 1 and loc[0]["name"] == "Line of contact" and
   loc[0]["name_uk"] == "Лінія зіткнення" and loc[0]["name_fr"] ==
   "Ligne de contact", "what its lines are called")
s = get("/api/v1/sources")
ok(len(s["features"]) == sum(1 for l in open(M + "/sensors.csv") if l.strip()
                             and not l.startswith("#")) - 1, "its sources")
ok(get("/api/v1/geometry")["type"] == "FeatureCollection", "its geometry")

at = rows[0]["time"]["at"]
said = truce("coverage", M, "--at", at).stdout
ok(json.loads(said) == get("/api/v1/coverage?at=" + at) and
   ask("/api/v1/coverage")[0] == 400 == ask("/api/v1/coverage?at=x")[0] ==
   ask("/api/v1/coverage?from=2026-02-01&to=2026-02-05")[0],
   "what could be seen where, as truce coverage says it")

# -- OGC API Features --
def ogc(path):
    return json.loads(ask("/ogc" + path)[1])


def below(url):
    return url.split(f"127.0.0.1:{PORT}", 1)[1]


rels = {l["rel"]: l["href"] for l in ogc("")["links"]}
ok({"self", "conformance", "data", "service-desc"} <= set(rels) and
   all(ask(below(u))[0] == 200 for u in rels.values()),
   "OGC: the landing page leads on")
url, got, n = "/ogc/collections/incidents/items?limit=2&bbox=30,40,50,60", [], 0
while url and n < 100:
    page = json.loads(ask(url)[1])
    got += page["features"]
    assert page["numberReturned"] == len(page["features"])
    url = next((below(l["href"]) for l in page["links"]
                if l["rel"] == "next"), None)
    n += 1
want = get("/api/v1/incidents?limit=1000&bbox=30,40,50,60")["incidents"]
ok([f["properties"] for f in got] == want and n > 1,
   "OGC: pages by their links")
one = ask("/ogc/collections/incidents/items/" + rows[0]["id"])
ok(json.loads(one[1])["properties"] == rows[0] and
   one[2]["Content-Type"] == "application/geo+json", "OGC: one item")
place = rows[0]["place"]
corner = "bbox=%.7f,%.7f,%.7f,%.7f" % (place["lon"] - 0.01, place["lat"] - 0.01,
                                       place["lon"], place["lat"])
ok(rows[0]["id"] in [f["id"] for f in ogc(
   "/collections/incidents/items?limit=1000&" + corner)["features"]] and
   rows[0]["id"] not in [i["id"] for i in get(
   "/api/v1/incidents?limit=1000&" + corner)["incidents"]],
   "OGC: what lies on an edge is in a box; of lists' boxes in one")
t = rows[-1]["time"]["from"]
ok(ogc(f"/collections/incidents/items?datetime={t}/..&limit=1000")["features"]
   [-1]["id"] == rows[-1]["id"] and
   ask("/ogc/collections/incidents/items?datetime=x")[0] == 400 ==
   ask("/ogc/collections/incidents/items?nonsense=1")[0] and
   ask("/ogc/collections/none/items")[0] == 404, "OGC: time, and what is wrong")
if shutil.which("ogrinfo"):
    said = subprocess.run(["ogrinfo", "-ro", "-al", f"OAPIF:http://127.0.0.1:"
                           f"{PORT}/ogc", "incidents"], capture_output=True)
    ok(said.stdout.count(b"OGRFeature") == len(rows), "OGC: GDAL reads it all")
else:
    ok(True, "OGC: ogrinfo is not here # SKIP")

why = get("/api/v1/explanations/" + rows[0]["id"])
ok(why["schema"] == "truce.explanation/1" and
   why["record"]["id"] == rows[0]["id"], "why: its explanation")
seen = next(r for r in rows if "acoustic" in r["modalities"])
status, body, head = ask("/api/v1/pictures/" + seen["id"][-10:])
ok(status == 200 and head["Content-Type"] == "image/svg+xml" and
   xml.etree.ElementTree.fromstring(body).tag.endswith("svg"),
   "and its picture, alone")
drawn = {lang: ask(f"/api/v1/pictures/{seen['id']}?lang={lang}")[1].decode()
         for lang in ("en", "uk", "ru", "fr")}
ok(drawn["en"] == body.decode() and len(set(drawn.values())) == 4 and
   all(word in drawn[lang] and "Records" not in drawn[lang] for lang, word in
       (("uk", "Записи, від найближчого"), ("ru", "Записи, от ближайшего"),
        ("fr", "Enregistrements, du plus proche"))),
   "and in the four languages")
ok(ask(f"/api/v1/pictures/{seen['id']}?lang=de")[0] == 400 ==
   ask(f"/api/v1/pictures/{seen['id']}?lang=--html")[0], "but in no other")
ok(all(b"wants an id" in ask("/api/v1/pictures/" + x)[1] for x in
       ("--html", "..%2f..%2fetc", "a'b;c", "abc")) and
   ask("/api/v1/pictures/zzzzzzzzz")[0] == 404, "but of no other")

# -- a finding's sentences in other languages --
some = get("/api/v1/findings")["findings"][0]
for lang in ("uk", "ru", "fr"):
    told = get(f"/api/v1/party/findings/{some['id']}?lang={lang}")
    said = told.pop("said")
    plain = get("/api/v1/party/findings/" + some["id"])
    ok(told == plain and said["lang"] == lang and
       len(said["explanation"]) == len(plain["explanation"]) > 5 and
       not set(said["explanation"]) & set(plain["explanation"]),
       f"a finding in {lang}: the record, and each line said anew")
ok(ask(f"/api/v1/findings/{some['id']}?lang=xx")[0] == 400,
   "not in a language that is not there")

# -- the stream --
everything = Stream(after=-1)
now = Stream()
many = [Stream(after=m["index"]) for _ in range(200)]
everything.wait(len(rows))
time.sleep(0.5)
ids = [e[0] for e in everything.events]
logged = sum(1 for k in ("incidents", "findings") for l in truce(k, M, "--jsonl", "--all-versions")
             .stdout.splitlines() if b'"ledger":{' in l)
ok(ids == sorted(set(ids)) and len(ids) >= logged > 0 and
   b"text/event-stream" in everything.hello,
   f"the stream tells all {logged} from the log's beginning, once, in order")
ok(now.events == [], "and from now on where nothing is asked")
subprocess.run([TRUCE, "ingest", M, "--source", "VIIRS-N20",
                DIR + "/files/VIIRS-N20/fires.csv"], capture_output=True)
truce("replay", M)
new = get("/api/v1/mission")["index"] - m["index"]
told = [e for e in now.events]
now.wait(1)
fires = [json.loads(l) for l in truce("incidents", M, "--jsonl").stdout
         .splitlines() if b'"fire"' in l]
now.wait(len(fires))
time.sleep(0.5)
ok(new > 0 and fires and all(f in [e[2] for e in now.events] for f in fires),
   "what a replay logs is told as it comes")
ok(all(w.wait(len(now.events)) and w.events == now.events for w in many),
   "to two hundred who listen, the same")
half = ids[len(ids) // 2]
again = Stream(after=-1, last=half)
again.wait(len([i for i in ids if i > half]) + len(now.events))
time.sleep(0.3)
ok([e[0] for e in again.events] ==
   [e[0] for e in everything.events if e[0] > half],
   "who comes back goes on where he was")
ok(everything.events[len(ids):] == now.events,
   "the old and the new meet: nothing lost, nothing twice")

party = Stream(after=-1, name="party/stream")
theirs = [e for e in everything.events
          if e[1] in ("incident", "finding", "obligation")]
party.wait(len(theirs))
time.sleep(0.3)
ok([e[:2] for e in party.events] == [e[:2] for e in theirs] and
   any(e[2].get("evidence") for e in theirs) and
   not any(e[2].get("evidence") for e in party.events),
   "the parties hear the same, without the evidence")

# -- submissions --
REPORT = json.dumps({"schema": "truce.reports/1", "reports": [{
    "report_id": "F1", "observer": "P-1", "lat": 48.30, "lon": 37.42,
    "position_err_m": 20, "at": "2026-02-03T18:14:00Z", "means": "heard",
    "kind": "explosion", "count": 2, "count_meaning": "at_least",
    "photos": hashlib.sha256(open("tests/data/photo/phone.in", "rb")
                             .read()).hexdigest(),
    "bearing": "N"}]}).encode()


def put(path, body, kind="application/json"):
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    c.request("PUT", "/api/v1/submissions/" + path, body,
              {"Content-Type": kind})
    r = c.getresponse()
    return r.status, json.loads(r.read())


status, said = put("field-0001?source=P-1", REPORT)
ok(status == 201 and said["sha256"] == hashlib.sha256(REPORT).hexdigest() and
   open(M + "/inbox/P-1/field-0001.sent.json", "rb").read() == REPORT,
   "a report from the field is kept, and its receipt says what")
ok(put("field-0001?source=P-1", REPORT) == (200, said),
   "sent again it is there already")
ok(put("field-0001?source=P-1", REPORT + b" ")[0] == 409,
   "other bytes under its name are refused")
for path, body, kind, want in (
        ("field-0002?source=P-1", b"{", "application/json", 422),
        ("field-0002?source=P-1", b"", "application/json", 422),
        ("field-0002?source=nobody", REPORT, "application/json", 400),
        ("field-0002?source=../x", REPORT, "application/json", 400),
        ("field-0002", REPORT, "application/json", 400),
        ("..%2ffield?source=P-1", REPORT, "application/json", 400),
        ("short?source=P-1", REPORT, "application/json", 400),
        ("field-0002?source=P-1", REPORT, "text/plain", 415),
        ("field-0002?source=P-1", b" " * (1 << 20) + b"[]",
         "application/json", 413)):
    ok(put(path, body, kind)[0] == want, f"{want}: {path} {kind}")
JPEG = open("tests/data/photo/phone.in", "rb").read()
SHA = hashlib.sha256(JPEG).hexdigest()
PNG = open("tests/data/photo/plain.in", "rb").read()
for path, body, kind, want in (
        (SHA, JPEG + b" ", "image/jpeg", 422),
        ("f" * 64, JPEG, "image/jpeg", 422),
        (SHA, JPEG, "image/png", 422),
        (SHA, JPEG, "image/gif", 415),
        (hashlib.sha256(b"<svg").hexdigest(), b"<svg", "image/jpeg", 422),
        (SHA, JPEG + bytes(8 << 20), "image/jpeg", 413)):
    ok(put(path + "?source=P-1", body, kind)[0] == want,
       f"{want}: {path[:8]} {kind}")
ok(sorted(os.listdir(M + "/inbox/P-1")) ==
   ["field-0001.sent.json"],
   "and nothing of them is left")
BIG = JPEG + bytes((8 << 20) - len(JPEG))
for x, kind in ((JPEG, "image/jpeg"), (PNG, "image/png"),
                (BIG, "image/jpeg")):
    h = hashlib.sha256(x).hexdigest()
    s1, b1 = put(h + "?source=P-1", x, kind)
    ok(s1 == 201 and b1["sha256"] == h and
       put(h + "?source=P-1", x, kind)[0] == 200,
       f"a photo of {len(x)} bytes is kept, and sent again it is there")
os.remove(M + "/inbox/P-1/" + hashlib.sha256(BIG).hexdigest() + ".jpg")
race = [None] * 24


def send(i):
    race[i] = put("field-race?source=P-1",
                  REPORT if i % 2 else REPORT + b"\n")[0]


threads = [threading.Thread(target=send, args=(i,)) for i in range(24)]
[x.start() for x in threads]
[x.join() for x in threads]
ok(sorted(race) == [200] * 11 + [201] + [409] * 12,
   "of twenty-four at once with two contents one is kept, and each told so")
os.remove(M + "/inbox/P-1/field-race.sent.json")
truce("replay", M)
ok(any(r["time"]["at"].startswith("2026-02-03T18:14") for r in
       get("/api/v1/incidents?limit=1000")["incidents"]),
   "the next replay makes an incident of it")


def photo(path):
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    c.request("GET", "/api/v1/" + path)
    r = c.getresponse()
    return r.status, r.headers, r.read()


s, h, b = photo("photos/" + SHA)
ok(s == 200 and b == JPEG and h["Content-Type"] == "image/jpeg" and
   "sandbox" in h["Content-Security-Policy"] and
   h["X-Content-Type-Options"] == "nosniff",
   "a photo comes back to the byte, and can do nothing")
s, h, b = photo("photos/" + SHA + "?f=json")
x = json.loads(b)
ok(s == 200 and x["what"] == "photo" and x["source"] == "P-1" and
   x["features"]["width_px"] == 640 and
   x["features"]["claimed_lat"] == 48.3 and x["place"]["lat"] is None and
   x["attributes"]["claimed_at"] == "2026-02-03T06:05:06+02:00",
   "its size; its time and position as claimed, and no place")
s, h, b = photo("photos/" + hashlib.sha256(PNG).hexdigest())
ok(s == 200 and b == PNG and h["Content-Type"] == "image/png", "a PNG too")
other = next(iter(os.listdir(M + "/blobs/sha256/")))
two = M + "/blobs/sha256/" + other
names = [n for d in os.listdir(two) for n in os.listdir(two + "/" + d)]
ok([photo("photos/" + n)[0] for n in names
    if n not in (SHA, hashlib.sha256(PNG).hexdigest())][:1] in ([404], []) and
   photo("photos/../mission")[0] == 404 and
   photo("photos/" + "0" * 64)[0] == 404 and
   photo("party/photos/" + SHA)[0] in (401, 403),
   "no other evidence, and none for the parties")
ok(any(i["attributes"].get("photos") == SHA for i in
       get("/api/v1/incidents?limit=1000")["incidents"]) and
   SHA not in json.dumps(get("/api/v1/party/incidents?limit=1000")),
   "the incident of the report names it, to the mission alone")

serve.send_signal(signal.SIGTERM)
try:
    ok(serve.wait(10) == 0, "it ends when it is asked to")
except subprocess.TimeoutExpired:
    ok(False, "it ends when it is asked to")
    serve.kill()
ok(truce("serve", M, "--listen", "0.0.0.0:1").returncode == 2,
   "never beyond loopback")
print(f"1..{count}")
sys.exit(bad > 0)
