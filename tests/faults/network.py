# SPDX-License-Identifier: GPL-3.0-or-later
# network.py DIR - the door for a network, and what the public sees through it;
# for nginx.sh.
import atexit, base64, csv, http.client, json, os, re, signal, socket, ssl, struct
import subprocess, sys, threading, time, xml.etree.ElementTree as xml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import person
from person import Person
from tap import TRUCE, done, ok, skip, truce

DIR, PORT = sys.argv[1], int(os.environ["PORT"])
M = DIR + "/m"
tls = ssl.create_default_context(cafile=DIR + "/cert.pem")


class Through(http.client.HTTPSConnection):
    def __init__(self, host, port, timeout):
        super().__init__("localhost", PORT, timeout=timeout, context=tls)


person.http.client.HTTPConnection = Through  # its requests go through nginx
server = subprocess.Popen(
    [TRUCE, "serve", M, "--scgi", DIR + "/run/serve.sock", "--submissions"],
    stdout=subprocess.PIPE, text=True)
atexit.register(server.kill)
ok("by SCGI" in server.stdout.readline(), "truce serve --scgi")
r = subprocess.run(["nginx", "-c", DIR + "/nginx.conf"], capture_output=True,
                   text=True)
ok(r.returncode == 0, "nginx with the shipped configuration", r.stderr)


def get(path, who=None, method="GET", body=None, **headers):
    """Held back by the limit of reads: a little later."""
    for i in range(20):
        got = get_once(path, who, method, body, **headers)
        if got[0] != 429:
            return got
        time.sleep(0.3)
    return got


def get_once(path, who, method, body, **headers):
    c = Through("", 0, 30)
    h = {k.replace("_", "-"): v for k, v in headers.items()}
    if who:
        h["Cookie"] = "truce=" + who.cookie
    c.request(method, path, body, h)
    r = c.getresponse()
    b = r.read()
    c.close()
    return r.status, b, {k.lower(): v for k, v in r.getheaders()}


def curl(*args):
    return subprocess.run(["curl", "-sk", "--max-time", "20", *args],
                          capture_output=True)


URL = f"https://localhost:{PORT}"
r = curl("--http2", "-o", "/dev/null", "-w", "%{http_version} %{http_code}",
         URL + "/public/v1/")
ok(r.stdout == b"2 200", "TLS and HTTP/2", r)
s, b, h = get("/assets/worker.mjs")
ok(s == 200 and h["content-type"].startswith("text/javascript") and
   "immutable" in h["cache-control"], "a worker is text/javascript", s, h)
s, b, h = get("/checkpoint")
ok(s == 200 and b == open(M + "/ledger/pub/checkpoint", "rb").read() and
   h["content-type"].startswith("text/plain"), "the checkpoint, from the disk")
tile = next(os.path.join(p, f) for p, _, n in os.walk(M + "/ledger/pub/tile")
            for f in n)[len(M + "/ledger/pub"):]
s, b, h = get(tile)
ok(s == 200 and "immutable" in h["cache-control"] and
   h["content-type"] == "application/octet-stream", "tiles too", s, h)
s, b, h = get("/public/v1/mission")
ok(s == 200 and json.loads(b)["name"], "the application, through the socket",
   s, b)
ok(all(x in h for x in ("content-security-policy", "x-content-type-options",
                        "referrer-policy", "strict-transport-security")),
   "its headers", h)
for path in ("/ledger/keys/engine", "/../m/mission.yaml", "/tile/../../keys",
             "/tile/..%2f..%2fkeys/engine", "/assets/../../key.pem",
             "/out/report.txt"):
    s, b, _ = get(path)
    if s < 400 or b"PRIVATE" in b:
        ok(False, "nothing but what is to be seen: " + path, s, b)
ok(True, "nothing else of the disk")

# -- sessions, through TLS --
people = {}
for k in "ann rev chi lia lib gua".split():
    people[k] = Person(PORT, f"{DIR}/{k}.key")
    s, b = people[k].login()
    if s != 200:
        ok(False, "login of " + k, s, b)
ann, rev, chi, lia, lib, gua = people.values()
ok("Secure" in ann.set_cookie, "a session by a key; its cookie is Secure")
_, b = ann.ask("GET", "/api/v1/findings?limit=1000")
findings = b["findings"]
_, b = ann.ask("GET", "/api/v1/incidents?limit=1000")
incidents = b["incidents"]
_, sources = ann.ask("GET", "/api/v1/sources")
_, detections = ann.ask("GET", "/api/v1/detections?limit=1000")
_, looks = ann.ask("GET", "/api/v1/looks?limit=1000")
ok(findings and incidents and sources["features"] and
   detections["detections"], "an analyst sees all", findings)
out = []
for f in findings[:3]:
    out += [ann.act("confirm", f["id"]), rev.act("confirm", f["id"])]
    s, b = chi.act("publish", f["id"], "the first day", ["early"])
    out += [(s, b), rev.act("confirm", b["entries"][0]["index"])
            if s == 201 else (0, b)]
alone = next(i for i in incidents if i["id"] not in
             {f["incident"] for f in findings[:3]} and i["place"]["lat"])
out += [ann.act("confirm", alone["id"]), rev.act("confirm", alone["id"])]
s, b = chi.act("publish", alone["id"], "by itself", ["early"])
out += [(s, b), rev.act("confirm", b["entries"][0]["index"])
        if s == 201 else (0, b)]
lia.act("reply", findings[0]["id"], "It was at 48.1234567, 37.7654321.")
ok(all(s == 201 for s, _ in out), "three findings and an incident are published", out)

# -- exact positions, as anybody might write them --
exact = set()


def note(lat, lon):
    if lat is None or lon is None:
        return
    for x in (lat, lon):
        for n in (4, 5, 6, 7):
            t = f"{x:.{n}f}"
            exact.update((t, t.rstrip("0")) if len(t.rstrip("0")) > 6 else (t,))
        exact.add(f"{x * 1e7:.0f}")


def places(x):
    if isinstance(x, dict):
        if "lat" in x and "lon" in x:
            note(x["lat"], x["lon"])
        if x.get("type") == "Point":
            note(x["coordinates"][1], x["coordinates"][0])
        for v in x.values():
            places(v)
    elif isinstance(x, list):
        for v in x:
            places(v)


for x in (incidents, sources, detections, looks):
    places(x)
note(48.1234567, 37.7654321)
_, town = ann.ask("GET", "/api/v1/geometry")
names = {f["id"] if "id" in f else f["properties"]["id"]
         for f in sources["features"]}
ids = {x["id"] for x in incidents + detections["detections"]}
binary = set()
for t in exact:
    if re.fullmatch(r"\d{8,10}", t) and int(t) < 2**31:
        binary.add(struct.pack("<i", int(t)))
pattern = re.compile("|".join(re.escape(t) for t in sorted(
    exact, key=len, reverse=True) if len(t) >= 6).encode())
told = re.compile(b"|".join(re.escape(n.encode()) for n in names if
                            len(n) > 2) or b"\0\0")


def leaks(b, headers=""):
    if b[:2] == b"\x1f\x8b":
        import gzip
        b = gzip.decompress(b)
    hit = pattern.search(b) or pattern.search(str(headers).encode())
    if hit:
        return "position " + hit.group().decode()
    hit = told.search(b)
    if hit:
        return "sensor " + hit.group().decode()
    for x in binary:
        if x in b:
            return "position in binary"
    return None


ok(len(exact) > 200 and leaks(f"x {incidents[0]['place']['lat']:.7f} y"
                              .encode()), f"{len(exact)} ways to write an "
   "exact position; the crawl sees one")


def crawl(who, name):
    plain = ["incidents", "detections", "findings", "looks", "health",
             "faults", "obligations", "activities", "claims", "mission",
             "sources", "geometry",
             "columns", "columns?cells=12", "columns?cells=7", "stream",
             "coverage?at=2026-02-03T18:05:00Z", "search?q=somewhere",
             "search?q=" + next(iter(names)), "queue", "leases", "board",
             "reports", "report", "report?f=csv", "session", "", "map", "entries", "submissions/x",
             "incidents?f=csv", "incidents?f=geojson", "incidents?f=jsonl",
             "findings?f=csv", "findings?f=geojson", "incidents?bbox=37.4,48.2,37.5,48.3",
             "incidents?bbox=a,b,c,d", "incidents?kind=nothing"]
    paths = ["/api/v1/" + p for p in plain] + [
        "/api/v1/party/" + p for p in plain] + [
        "/public/v1/" + p for p in plain] + [
        "/", "/cap", "/checkpoint", "/ogc", "/ogc/collections",
        "/ogc/collections/incidents/items", "/out/report.txt",
        "/out/public/day.txt", "/public/v1/reports/day.txt",
        "/public/v1/reports/../report.txt", "/public/v1/reports/report.txt",
        "/disclosures/000.disclosure", "/nothing", "/%00", "/map/0/0/0.png"]
    for i in sorted(ids)[:40] + [f["id"] for f in findings[:20]]:
        for p in ("incidents", "detections", "findings", "explanations",
                  "pictures", "leases"):
            paths.append(f"/api/v1/{p}/{i}")
        paths += [f"/public/v1/findings/{i}", f"/cap/{i}",
                  f"/ogc/collections/incidents/items/{i}"]
    s, b, _ = get("/public/v1/findings")
    for f in json.loads(b)["findings"]:
        paths += ["/cap/" + f["id"], "/public/v1/findings/" + f["id"],
                  "/api/v1/findings/" + f["id"], "/api/v1/search?q=" + f["id"]]
    found, seen = [], {}
    for p in paths:
        s, b, h = get(p.replace(" ", "%20"), who)
        seen[s] = seen.get(s, 0) + 1
        if leaks(b, h):
            found.append((p, s, leaks(b, h)))
    return paths, seen, found


paths, seen, found = crawl(None, "public")
ok(not found and seen.get(200, 0) >= 10 and seen.get(401, 0) > 100 and
   429 not in seen, f"the public: {len(paths)} addresses {seen}, no exact "
   "position, no sensor", found[:5])
s, b, h = get("/public/v1/findings")
public, p = b, json.loads(b)["findings"]
person.check(json.loads(b))
ok(not person.wrong and (person.SCHEMAS is None or
                         "truce.public/1" in person.checked),
   "they are what docs/schema says", person.wrong[:3])
ok(len(p) == 3 and all(f["hour"].endswith(":00:00Z") and f["place"]["within_m"]
                       >= 3000 for f in p), "three published findings, in "
   "cells and hours", b)
etag = h["etag"]
for t in (etag, "W/" + etag):
    s, b2, h = get("/public/v1/findings", If_None_Match=t)
    if s != 304 or b2:
        break
ok(etag and s == 304 and not b2 and "max-age" in h["cache-control"],
   "the same again is not sent again", s, h)
s, b, h = get("/public/v1/findings?f=csv")
rows = list(csv.DictReader(b.decode().splitlines()))
ok(s == 200 and h["content-type"].startswith("text/csv") and
   [(r["id"], float(r["lat"]), r["hour"], r["clause"]) for r in rows] ==
   [(f["id"], f["place"]["lat"], f["hour"], f["clause"]) for f in p],
   "as CSV", b)
s, b, h = get("/public/v1/findings?f=geojson")
g = json.loads(b)["features"]
ok([(x["id"], x["geometry"]["coordinates"]) for x in g] ==
   [(f["id"], [f["place"]["lon"], f["place"]["lat"]]) for f in p],
   "as GeoJSON, in the same cells", b)
s, b, h = get("/public/v1/incidents")
person.check(json.loads(b))
i = json.loads(b)["incidents"]
mine = {f["incident"] for f in findings[:3]}
ok(s == 200 and len(i) == len(mine) + 1 and not person.wrong and
   all(set(x) <= {"id", "published", "kind", "count", "hour", "place",
                  "state", "changed", "why", "corrected_by", "corrects",
                  "record", "publication", "changes"}
       for x in i) and alone["id"] not in b.decode(),
   f"{len(i)} incidents: of those findings, and one by itself", b)
s, b, h = get("/public/v1/incidents?f=geojson")
ok(len(json.loads(b)["features"]) == len(i), "as GeoJSON too")
s, b, h = get("/public/v1/reports")
ok([r["name"] for r in json.loads(b)["reports"]] == ["day.txt"] and
   get("/public/v1/findings?f=xml")[0] == 400,
   "the reports that are public, and no other", b)
ok("public" in h["cache-control"] and all(
    get("/public/v1/" + p, ann)[1] == get("/public/v1/" + p)[1]
    for p in ("findings", "incidents")), "the same bytes whoever asks")
s, b, h = get("/cap")
feed = xml.fromstring(b)
entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
s, alert, _ = get("/cap/" + p[0]["id"])
open(DIR + "/alert.xml", "wb").write(alert)
ok(len(entries) == 3 and s == 200 and b"<polygon>" in alert and
   b"48.1234567" not in alert, "the CAP feed, and an alert of it", alert)
if subprocess.run(["which", "xmllint"], capture_output=True).returncode == 0:
    r = subprocess.run(["xmllint", "--noout", "--schema",
                        "docs/schema/cap-1.2.xsd", DIR + "/alert.xml"],
                       capture_output=True, text=True)
    ok(r.returncode == 0, "it is CAP 1.2", r.stderr)
else:
    skip("CAP 1.2", "no xmllint")

# -- what was published, withdrawn from the page --
_, b = ann.ask("GET", "/api/v1/queue?type=finding&state=decided")
may = {x["id"]: x["may"] for x in b["queue"]}
s, b = chi.act("withdraw", findings[1]["id"], "no")
ok(s == 403 and "withdraw" in may[findings[1]["id"]],
   "an analyst may withdraw what was published, a chief may not", s, b, may)
s, b = ann.act("withdraw", findings[1]["id"], "It was thunder.")
_, q = ann.ask("GET", "/api/v1/queue?type=finding&state=proposed")
ok(s == 201 and [x["may"].count("withdraw") for x in q["queue"]
                 if x["id"] == findings[1]["id"]] == [0] and
   get("/public/v1/findings")[1] == public,
   "one person's word changes nothing outside", s, b)
s, _ = rev.act("confirm", b["entries"][0]["index"])
s2, gone, _ = get("/public/v1/findings?state=withdrawn")
gone = json.loads(gone)
person.check(gone)
ok(s == 201 and [(x["why"], x["changes"][0]["by"]) for x in gone["findings"]]
   == [("It was thunder.", ["analyst", "reviewer"])] and not person.wrong,
   "two withdraw it, and everybody reads why", gone, person.wrong[:2])

# -- both parties the same --
same, differ = 0, []
for p in ("incidents", "findings", "obligations", "activities", "claims",
          "mission", "geometry", "columns", "columns?cells=5", "incidents?f=csv",
          "coverage?at=2026-02-03T18:05:00Z",
          "findings/" + findings[0]["id"], "incidents/" + incidents[0]["id"]):
    got = [get("/api/v1/party/" + p, x) for x in (lia, lib, gua, ann)] + [
        get("/api/v1/" + p, x) for x in (lia, lib)]
    same += got[0][0] == 200
    if len({b for _, b, _ in got}) != 1:
        differ.append((p, [s for s, _, _ in got]))
ok(same == 13 and not differ, "party A, party B, a guarantor and the mission "
   "get the same bytes of the party view", same, differ)
refused = [p for p in ("sources", "detections", "looks", "health", "faults",
                       "explanations/" + findings[0]["id"], "queue",
                       "pictures/" + incidents[0]["id"], "search?q=x", "reports") if get("/api/v1/" + p, lia)[0] != 403]
ok(not refused, "no sensor, no detection, no picture for them", refused)
_, b, _ = get("/api/v1/party/findings/" + findings[0]["id"], lib)
ok(any(r["does"] == "reply" and r["org"] == "A"
       for r in json.loads(b)["reviews"]),
   "each reads what the other replied", b)
b = get("/api/v1/party/incidents?limit=1000", lia)[1]
ok(b"observer" not in b and not json.loads(b)["incidents"][0]["evidence"],
   "no observer, no evidence")

# -- the stream comes as it is written --
def hear(who, path, until):
    s = tls.wrap_socket(socket.create_connection(("localhost", PORT), 20),
                        server_hostname="localhost")
    s.sendall(f"GET /api/v1/{path}?after=0 HTTP/1.1\r\nHost: localhost:{PORT}"
              f"\r\nCookie: truce={who.cookie}\r\n\r\n".encode())
    got, begin = b"", time.time()
    while until not in got and time.time() - begin < 10:
        got += s.recv(65536)
    s.close()
    return got, time.time() - begin


got, took = hear(ann, "stream", b"event:")
ok(b"event:" in got and took < 3, "server-sent events are not held back",
   got[:300])
last = b"id: %d\n" % max(x["ledger"]["index"] for x in incidents + findings)
for who, path in ((lia, "stream"), (gua, "party/stream")):
    got, _ = hear(who, path, last)
    told = {x[7:] for x in got.split(b"\n") if x.startswith(b"event: ")}
    heard = [json.loads(x[6:]) for x in got.split(b"\n")
             if x.startswith(b"data: {") and b'"evidence":' in x
             and x.endswith(b"}")]
    ok(last in got and heard and not any(x.get("evidence") for x in heard) and
       told == {b"incident", b"finding"} and b"observer" not in got,
       "a party and a guarantor hear what they may see, no evidence",
       told, got[:300])
s, b, _ = get("/api/v1/stream")
ok(s == 401, "and are not for everybody", s)

# -- writes: from our page only; reports --
body = json.dumps({"schema": "truce.reports/1", "reports": []})
s, b, _ = get("/api/v1/submissions/anyone12?source=P-1", None, "PUT", body,
              Content_Type="application/json")
ok(s == 401, "nobody submits without a session", s, b)
fie = Person(PORT, DIR + "/fie.key")
fie.login()
s, b, _ = get("/api/v1/submissions/field012?source=P-1", fie, "PUT", body,
              Content_Type="application/json",
              Origin=f"https://localhost:{PORT}", X_Truce_Token=fie.token)
ok(s == 201, "a reporter does", s, b)
s, b, _ = get("/api/v1/incidents", fie)
ok(s == 403, "and reads no more than the public", s, b)
s, b, _ = get("/api/v1/leases/" + findings[5]["id"], ann, "POST", "",
              Origin="https://evil.example", X_Truce_Token=ann.token)
ok(s == 403, "no write from another page", s, b)
s, b, _ = get("/api/v1/leases/" + findings[5]["id"], ann, "POST", "",
              Origin=f"https://localhost:{PORT}", X_Truce_Token=ann.token)
ok(s == 201, "from our own, yes", s, b)

# -- a flood waits before the door --
codes = {}


def flood(n):
    c = Through("", 0, 30)
    for i in range(n):
        try:
            c.request("PUT", "/api/v1/submissions/flood%d?source=P-1" % i,
                      body, {"Content-Type": "application/json"})
            r = c.getresponse()
            r.read()
            codes[r.status] = codes.get(r.status, 0) + 1
        except (OSError, http.client.HTTPException):
            c.close()


threads = [threading.Thread(target=flood, args=(100,)) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
ok(codes.get(429, 0) > 300 and codes.get(401, 0) < 100,
   f"a flood of 400 reports: {codes}", codes)
time.sleep(1)
slow = []
for i in range(60):
    x = tls.wrap_socket(socket.create_connection(("localhost", PORT), 20),
                        server_hostname="localhost")
    x.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n"
              b"Content-Length: 100\r\n\r\n{")
    slow.append(x)
t = time.time()
raw = socket.socket(socket.AF_UNIX)
raw.connect(DIR + "/run/serve.sock")
block = b"CONTENT_LENGTH\x000\x00SCGI\x001\x00REQUEST_METHOD\x00GET\x00" \
        b"REQUEST_URI\x00/public/v1/\x00"
raw.sendall(b"%d:%s," % (len(block), block))
got = raw.recv(65536)
ok(got.startswith(b"Status: 200") and time.time() - t < 1,
   "slow clients hold up nobody behind nginx", got[:100])
raw.close()
[x.close() for x in slow]

# -- certificates of clients, where they are wanted --


class Certified(Through):
    """At the other port, with the certificate of the file; "" none."""
    certificate = ""

    def __init__(self, host, port, timeout):
        own = ssl.create_default_context(cafile=DIR + "/cert.pem")
        if Certified.certificate:
            own.load_cert_chain(DIR + "/" + Certified.certificate + ".pem",
                                DIR + "/" + Certified.certificate + ".key")
        http.client.HTTPSConnection.__init__(
            self, "localhost", int(os.environ["CERTIFIED"]), timeout=timeout,
            context=own)


def certified(certificate, path, method="GET", cookie=None):
    Certified.certificate = certificate
    c = Certified("", 0, 30)
    c.request(method, path, None, {"Cookie": cookie} if cookie else {})
    r = c.getresponse()
    r.read()
    c.close()
    return r.status


time.sleep(1)
ok(certified("", "/public/v1/mission") == 200 and
   certified("", "/api/v1/session") == 200,
   "without a certificate there is what is public")
ok([certified("", "/api/v1/session", "POST"),
    certified("", "/api/v1/entries/draft", "POST"),
    certified("", "/api/v1/submissions/x?source=P-1", "PUT"),
    certified("", "/api/v1/leases/x", "DELETE"),
    certified("", "/api/v1/session", cookie="a=b; truce=" + "0" * 64)] ==
   [403] * 5, "but no session, nothing written, and no cookie of another's")
ok(certified("others", "/public/v1/mission") == 400,
   "a certificate of somebody else is refused")
Certified.certificate = "machines"
person.http.client.HTTPConnection = Certified
laptop = Person(0, DIR + "/ann.key")
laptop.login()
person.http.client.HTTPConnection = Through
ok(certified("machines", "/api/v1/incidents",
             cookie="truce=" + laptop.cookie) == 200,
   "with one, and a person's key, there is a session")
ok(certified("", "/api/v1/incidents", cookie="truce=" + laptop.cookie) == 403,
   "whose cookie is of no use on a machine without")

# -- what is no SCGI --
wrong = []
for x in (b"", b"x", b"12:", b"99999:", b"40000:" + b"a" * 40000, b"0:,",
          b"5:hello,", b"00:,", block, b"%d:%s;" % (len(block), block),
          b"%d:%s," % (len(block) - 1, block[:-1]),
          b"30:SCGI\x001\x00CONTENT_LENGTH\x000\x00AB\x00c\x00,"):
    raw = socket.socket(socket.AF_UNIX)
    raw.settimeout(10)
    raw.connect(DIR + "/run/serve.sock")
    raw.sendall(x)
    try:
        raw.shutdown(socket.SHUT_WR)
        got = raw.recv(65536)
    except OSError:
        got = b""
    if got.startswith(b"Status: 2"):
        wrong.append((x[:40], got[:60]))
    raw.close()
ok(not wrong and get("/public/v1/")[0] == 200, "what is no SCGI is no request",
   wrong)
server.send_signal(signal.SIGTERM)
ok(server.wait(40) == 0 and not os.path.exists(DIR + "/run/serve.sock"),
   "and it ends, with its socket")
r = truce("audit", M)
ok(r.returncode == 0, "truce audit: " + r.stdout.splitlines()[-1], r.stdout)
done()
