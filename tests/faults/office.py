# SPDX-License-Identifier: GPL-3.0-or-later
# office.py DIR - people at the desk of DIR/m, with DIR/*.key; for office.sh.
import atexit, base64, http.client, json, os, random, signal, struct
import subprocess, sys, threading, time, urllib.parse, zlib
from datetime import datetime

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import person
from person import Person, sign
from tap import TRUCE, done, ok, skip, truce

DIR = sys.argv[1]
M = DIR + "/m"
CLAIMS = int(os.environ.get("CLAIMS", "1000"))


def serve():
    p = subprocess.Popen([TRUCE, "serve", M, "--listen", "127.0.0.1:0",
                          "--submissions"],
                         stdout=subprocess.PIPE, text=True)
    atexit.register(p.kill)
    line = p.stdout.readline()
    return p, int(line.split("127.0.0.1:")[1].split("/")[0])


server, PORT = serve()
ann, rev, chi, lia, lib, aud, nobody = (
    Person(PORT, f"{DIR}/{k}.key")
    for k in "ann rev chi lia lib aud nobody".split())
anyone = Person(PORT)

# -- sessions --
s, b = anyone.ask("GET", "/api/v1/session")
ok(s == 200 and b["role"] == "mission" and b["may"] == [] and
   b["person"] is None and len(b["challenge"]) == 64,
   "without a session: all is read, nothing is decided", b)
s, b = nobody.login()
ok(s == 403 and "nobody" in b["detail"], "a key that nobody enrolled", s, b)
for p, role, level in ((ann, "analyst", "mission"),
                       (rev, "reviewer", "mission"),
                       (chi, "chief", "mission"), (lia, "liaison", "parties"),
                       (lib, "liaison", "parties"),
                       (aud, "auditor", "mission")):
    s, b = p.login()
    if s != 200 or b["role"] != role or b["level"] != level:
        ok(False, "session of " + role, s, b)
ok(ann.token and "HttpOnly" in ann.set_cookie and
   "SameSite=Strict" in ann.set_cookie, "six have a session by their key")
_, b = ann.ask("GET", "/api/v1/session")
ok(b["role"] == "analyst" and "amend" in b["may"], "the cookie stands for it")
text = f"cfm/session/v1\n{b['origin']}\n{b['challenge']}\n"
body = {"key": rev.key.hex(), "challenge": b["challenge"], "signature":
        base64.b64encode(sign(ann.seed, text.encode())).decode()}
s, _ = anyone.ask("POST", "/api/v1/session", body)
ok(s == 403, "a signature of another key")
body["signature"] = base64.b64encode(sign(rev.seed, text.encode())).decode()
s, _ = anyone.ask("POST", "/api/v1/session", body)
ok(s == 403, "a challenge is used once, also when it failed")

# -- leases --
_, found = anyone.ask("GET", "/api/v1/findings?limit=10")
_, incidents = anyone.ask("GET", "/api/v1/incidents?limit=10")
F, I = found["findings"][0]["id"], incidents["incidents"][0]["id"]
s, b = anyone.ask("POST", "/api/v1/leases/" + F)
ok(s == 401, "no session, no lease", s, b)
s, b = ann.ask("POST", "/api/v1/leases/" + F, X_Truce_Token="0" * 64)
ok(s == 403, "a token that is not the session's", s, b)
s, b = ann.ask("POST", "/api/v1/leases/" + F, Origin="https://evil.example")
ok(s == 403, "from another page", s, b)
s, b = lia.ask("POST", "/api/v1/leases/" + F)
ok(s == 403, "a liaison takes nothing", s, b)
s, b = ann.ask("POST", "/api/v1/leases/" + F[-8:])
ok(s == 201 and b["id"] == F and b["mine"] and b["role"] == "analyst",
   "a lease, by the end of its id", s, b)
s, b = ann.ask("POST", "/api/v1/leases/" + F)
ok(s == 200, "renewed", s, b)
s, b = rev.ask("POST", "/api/v1/leases/" + F)
ok(s == 409 and b["role"] == "analyst" and b["org"] == "mission" and
   b["until"], "the second hears who has it, and until when", s, b)
s, b = rev.ask("DELETE", "/api/v1/leases/" + F)
ok(s == 409, "nor can he give it back", s, b)
s, b = rev.ask("GET", "/api/v1/leases")
ok(s == 200 and [x["id"] for x in b["leases"]] == [F] and
   not b["leases"][0]["mine"], "all leases", b)
s, b = rev.draft("confirm", F)
ok(s == 409 and b["role"] == "analyst", "what another has is not decided", b)
s, b = ann.ask("DELETE", "/api/v1/leases/" + F)
ok(s == 204, "given back", s, b)
s, b = ann.ask("POST", "/api/v1/leases/zzzzzzzz")
ok(s == 404, "of nothing", s, b)

wins = {"ann": 0, "rev": 0}
both = none = 0
gate = threading.Barrier(2)
got = {}


def claim(name, who):
    for i in range(CLAIMS):
        gate.wait()
        got[name] = who.ask("POST", "/api/v1/leases/" + F)[0]
        gate.wait()
        if got["ann"] in (200, 201) and name == "ann" or \
                got["rev"] in (200, 201) and name == "rev":
            who.ask("DELETE", "/api/v1/leases/" + F)
        if name == "ann":
            global both, none
            won = [k for k in got if got[k] == 201]
            both += len(won) == 2
            none += len(won) == 0
            for k in won:
                wins[k] += 1
        gate.wait()


threads = [threading.Thread(target=claim, args=x)
           for x in (("ann", ann), ("rev", rev))]
[x.start() for x in threads]
[x.join() for x in threads]
ok(both == 0 and none == 0 and sum(wins.values()) == CLAIMS,
   f"{CLAIMS} double claims: one wins each ({wins['ann']} and {wins['rev']})",
   both, none)

# -- the queue --
s, q = anyone.ask("GET", "/api/v1/queue?limit=1000")
n = len(q["queue"])
ok(s == 200 and n > 0 and q["counts"]["new"] == n and
   all(x["state"] == "new" and x["may"] == [] for x in q["queue"]),
   f"the queue: {n} new", s, str(q)[:300])
s, b = lia.ask("GET", "/api/v1/queue")
ok(s == 403, "it is the mission's own", s)
pages, after = [], ""
while after is not None:
    _, b = ann.ask("GET", "/api/v1/queue?limit=3" + (
        "&after=" + after if after else ""))
    pages += [x["id"] for x in b["queue"]]
    after = b["next"]
ok(pages == [x["id"] for x in q["queue"]], "its pages meet")


def item(who, i, **more):
    kind = {"i": "incident", "f": "finding"}[i[0]]
    _, b = who.ask("GET", f"/api/v1/queue?type={kind}&limit=1000")
    return next(x for x in b["queue"] if x["id"] == i)


# -- entries --
s, b = anyone.draft("confirm", F)
ok(s == 401, "nobody drafts nothing", s, b)
s, b = aud.draft("confirm", F)
ok(s == 403, "an auditor decides nothing", s, b)
s, b = lia.draft("confirm", F)
ok(s == 403, "nor does a liaison", s, b)
s, b = ann.draft("dance", F)
ok(s == 403, "nobody dances", s, b)
s, b = ann.draft("reject", F)
ok(s == 422 and "reason" in b["detail"], "a rejection wants a reason", s, b)
s, d = ann.draft("confirm", F)
fields = {f["name"]: f["value"] for f in d["entries"][0]["fields"]}
ok(s == 200 and fields["id"] == F and d["entries"][0]["id"] == F and
   d["entries"][0]["type"] == 4, "what is signed is all of the record", s, d)
size = truce("audit", M, "--json").stdout
s, b = rev.ask("POST", "/api/v1/entries", {
    "draft": d["draft"], "signatures": ann.signed(d)})
ok(s == 410, "a draft is of one person", s, b)
wrong = base64.b64encode(sign(rev.seed, b"cfm/entry/v1\n" + base64.b64decode(
    d["entries"][0]["entry"]))).decode()
s, b = ann.ask("POST", "/api/v1/entries", {
    "draft": d["draft"], "signatures": [wrong]})
ok(s == 403 and "signature" in b["detail"], "signed by another", s, b)
ok(truce("audit", M, "--json").stdout == size, "and nothing was logged")
s, b = ann.send(d)
ok(s == 201 and b["entries"][0]["state"] == "proposed" and b["indexed"],
   "signed: proposed", s, b)
s, again = ann.send(d)
ok(s == 201 and again["entries"] == b["entries"], "sent twice, logged once",
   s, again)
x = item(ann, F)
ok(x["state"] == "proposed" and x["mine"] and "confirm" not in x["may"] and
   x["words"][0]["does"] == "confirm", "the queue says so", x)
s, b = ann.act("confirm", F)
ok(s == 201 and not b["entries"][0]["fresh"],
   "the same said again is answered, not written", s, b)
x = item(rev, F)
ok(not x["mine"] and "confirm" in x["may"], "another may confirm it", x)
s, d1 = rev.draft("confirm", F)
s, d2 = chi.draft("confirm", F)
s, b = rev.send(d1)
ok(s == 201 and b["entries"][0]["state"] == "reviewed",
   "two persons: reviewed", s, b)
s, b = chi.send(d2)
ok(s == 409 and "meanwhile" in b["detail"],
   "what moved meanwhile is drafted anew", s, b)
_, b = anyone.ask("GET", "/api/v1/findings/" + F)
ok([r["does"] for r in b["reviews"]] == ["confirm", "confirm"],
   "the finding shows who", b)

# -- laid before the parties: they have their time --
_, b = anyone.ask("GET", "/api/v1/findings/" + F)
w = b["reply"]
hours = (datetime.fromisoformat(w["until"]) -
         datetime.fromisoformat(w["opened"])).total_seconds() / 3600
ok(w["open"] and hours == 24 and w["early"] is None and
   [(p["party"], p["state"]) for p in w["parties"]] ==
   [("A", "open"), ("B", "open")] and w["replies"] == [],
   "two persons behind it: a day to reply", w)
_, b = lia.ask("GET", "/api/v1/findings/" + F)
ok(b["reply"] == w, "the party sees its time", b)
_, b = anyone.ask("GET", "/api/v1/findings/" + found["findings"][1]["id"])
ok("reply" not in b, "what is not laid before them has none", b)
s, b = chi.draft("publish", F, "day 1")
ok(s == 422 and w["until"][:19] in b["detail"],
   "not published before it is over", s, b)
s, b = chi.draft("publish", F, "", ["early"])
ok(s == 422, "nor early without a reason", s, b)
s, b = chi.draft("publish", F, "x", ["now"])
ok(s == 422 and "early" in b["detail"], "nor by another word", s, b)

# -- a chief publishes; the publication wants another --
s, b = chi.act("publish", F, "day 1", ["early"])
P = b["entries"][0]["index"] if s == 201 else 0
x = item(rev, F)
ok(s == 201 and x["state"] == "proposed" and
   [p["index"] for p in x["proposals"]] == [P] and
   "publish" not in item(chi, F)["may"], "published once another confirms",
   s, b, x)
s, b = chi.act("confirm", P)
ok(s == 403 and "refused: self" in b["detail"], "not by its author", s, b)
s, b = rev.act("confirm", P)
ok(s == 201, "confirmed", s, b)
_, b = anyone.ask("GET", "/api/v1/findings/" + F)
ok(b["status"] == "published" and b["reply"]["early"]["why"] == "day 1" and
   b["reply"]["open"], "published early, which it says; the time runs on", b)
ok(item(rev, F)["state"] == "decided" and
   item(rev, F)["status"] == "published", "decided", item(rev, F))

# -- a publication that is rejected waits for nobody --
s, d = ann.draft("confirm", I)
ann.send(d), rev.act("confirm", I)
s, b = chi.act("publish", I, "at once", ["early"])
P = b["entries"][0]["index"] if s == 201 else 0


def of_incident(who):
    _, b = who.ask("GET", "/api/v1/queue?type=incident&limit=1000")
    return next(x for x in b["queue"] if x["id"] == I)


x = of_incident(rev)
ok(x["state"] == "proposed" and [p["index"] for p in x["proposals"]] == [P],
   "a publication waits", x)
s, b = rev.act("reject", P, "the parties have a day")
x = of_incident(rev)
ok(s == 201 and x["state"] == "decided" and x["proposals"] == [] and
   x["status"] == "reviewed", "rejected, it leaves the queue", s, b, x)

# -- leases of the desk and of a shell are one --
H = found["findings"][2]["id"]
s, b = ann.ask("POST", "/api/v1/leases/" + H)
r = truce("review", M, H, "take", "--key", DIR + "/rev.key")
ok(s == 201 and r.returncode == 3 and "is taken by the analyst of mission" in r.stderr,
   "a shell minds a lease of the desk", r.stderr)
r = truce("review", M, H, "confirm", "--key", DIR + "/rev.key")
ok(r.returncode == 3 and "is taken by" in r.stderr, "whatever it does",
   r.stderr)
ann.ask("DELETE", "/api/v1/leases/" + H)
r = truce("review", M, H, "take", "--key", DIR + "/rev.key", "--minutes", "5")
s, b = ann.ask("POST", "/api/v1/leases/" + H)
ok(r.returncode == 0 and s == 409 and b["role"] == "reviewer",
   "the desk minds that of a shell", r.stderr, s, b)
s, b = rev.ask("GET", "/api/v1/leases")
ok([(x["id"], x["mine"]) for x in b["leases"]] == [(H, True)],
   "which is the person's own there too", b)
ok(item(ann, H)["state"] == "claimed", "and the queue shows it")
r = truce("review", M, H, "note", "--key", DIR + "/rev.key", "--why", "far")
s, b = ann.ask("POST", "/api/v1/leases/" + H)
ok(r.returncode == 0 and s == 409, "a note beside it keeps it", s, b)
r = truce("review", M, H, "release", "--key", DIR + "/rev.key")
s, b = ann.ask("POST", "/api/v1/leases/" + H)
ok(r.returncode == 0 and s == 201, "until it is released", r.stderr, s, b)
ann.ask("DELETE", "/api/v1/leases/" + H)

# -- rejected, noted --
G = found["findings"][1]["id"]
s, b = ann.act("note", G, "wind?")
ok(s == 201 and item(rev, G)["state"] == "needs_more", "a note", s, b)
s, b = rev.act("reject", G, "an echo")
ok(s == 201 and b["entries"][0]["state"] == "rejected" and
   item(rev, G)["state"] == "decided", "rejected", s, b)
_, b = rev.ask("GET", "/api/v1/queue?state=waiting&limit=1000")
_, q = rev.ask("GET", "/api/v1/queue?limit=1000")
ok([x["id"] for x in b["queue"]] == [x["id"] for x in q["queue"]
                                     if x["state"] != "decided"] and
   G not in [x["id"] for x in b["queue"]], "what waits is all but decided")

# -- versions of people: several entries are one act --
J, K = incidents["incidents"][1]["id"], incidents["incidents"][2]["id"]
s, b = rev.draft("amend", J, "x", ["kind=fireworks"])
ok(s == 403, "a reviewer proposes no version", s, b)
s, b = ann.draft("amend", J, "x", ["kind=party"])
ok(s == 422, "no such kind", s, b)
s, d = ann.draft("merge", J, "one and the same", [K])
ok(s == 200 and len(d["entries"]) == 2, "a merge is two entries", s, d)
s, b = ann.send(d)
ok(s == 201 and len(b["entries"]) == 2, "both signed", s, b)
s, b = ann.act("confirm", b["entries"][0]["index"])
ok(s == 403 and "refused: role" in b["detail"],
   "an own proposal cannot be confirmed", s, b)
x = item(rev, J)
ok(x["state"] == "proposed" and x["proposals"][0]["record"]["id"] == J and
   x["proposals"][0]["does"] == "merge", "proposed, with its record", x)
s, b = rev.act("confirm", x["proposals"][0]["index"])
ok(s == 201 and len(b["entries"]) == 2 and
   all(e["state"] == "reviewed" for e in b["entries"]),
   "confirmed together", s, b)
_, b = anyone.ask("GET", "/api/v1/incidents/" + K)
ok(any(l["is"] == "part_of" for l in b["links"]), "and the lists show it", b)

# -- a party replies --
s, b = lia.act("reply", F, 'We deny it. "Nothing" was fired.\n<script>')
ok(s == 201, "a party's own word, signed", s, b)
_, b = anyone.ask("GET", "/api/v1/findings/" + F)
r = b["reviews"][-1]
ok(r["does"] == "reply" and r["org"] == "A" and
   r["why"] == 'We deny it. "Nothing" was fired.\n<script>',
   "stands verbatim beside the finding", b["reviews"])
w = b["reply"]
ok([p["state"] for p in w["parties"]] == ["replied", "open"] and
   [(r["party"], r["text"], r["late"]) for r in w["replies"]] ==
   [("A", r["why"], False)], "A replied, B still may", w)
s, b = lib.ask("GET", "/api/v1/party/findings/" + F)
ok(b.get("reply") == w, "the other party sees the same", b)
for p, n, name in (("activities", 1, "truce.activity/1"),
                   ("claims", 1, "truce.claim/1")):
    s, b = lib.ask("GET", "/api/v1/party/" + p)
    wrong = [e.message for x in b.get(p, []) for e in
             person.SCHEMAS[name].iter_errors(x)] if person.SCHEMAS else []
    ok(s == 200 and len(b[p]) == n and not wrong and b == lia.ask(
        "GET", "/api/v1/party/" + p)[1], "both parties read the %s" % p, s, b,
       wrong)
    s, b = lib.ask("GET", "/api/v1/%s?party=C" % p)
    ok(s == 200 and b[p] == [], "and none of a party that gave none", s, b)
shell = json.loads(truce("findings", M, "--json", "--id", F).stdout)
ok(shell["findings"][0]["reply"] == w, "and so does a shell", shell)

INCIDENT = shell["findings"][0]["incident"]

# -- a report that is made now, as the verb makes it, for who asks --
for who, level in ((ann, "mission"), (lib, "parties")):
    s, b = who.ask("GET", "/api/v1/report?f=csv&lang=fr&period=2026-02-04")
    ok(s == 200 and b.decode() == truce(
        "report", M, "--format", "csv", "--lang", "fr", "--period",
        "2026-02-04", "--level", level).stdout, "a report: " + level, s)
s, b = ann.ask("GET", "/api/v1/report?f=pdf&week=1")
ok(s == 200 and b[:5] == b"%PDF-", "a week's as PDF", s)
s, b = ann.ask("GET", "/api/v1/report?incident=" + INCIDENT)
ok(s == 200 and INCIDENT.encode() in b, "one incident's", s)
for q, want in (("f=doc", 400), ("lang=de", 400), ("period=--level", 400),
                ("period=", 400), ("incident=--x", 400), ("period=x", 404),
                ("week=1&f=csv", 400), ("incident=abcd&week=1", 400),
                ("incident=zzzzzz", 404), ("f=%00", 400)):
    s, b = ann.ask("GET", "/api/v1/report?" + q)
    ok(s == want, "refused: " + q, s, b)
M_YAML = open(M + "/mission.yaml").read()
open(M + "/mission.yaml", "w").write(M_YAML.replace(
    "publication:", "publication:\n  reply_h: 0"))
shell = json.loads(truce("findings", M, "--json", "--id", F).stdout)
w = shell["findings"][0]["reply"]
ok([p["state"] for p in w["parties"]] == ["lapsed", "lapsed"] and
   w["replies"][0]["late"] and not w["open"],
   "without hours it is kept, and late", w)
sheet = truce("explain", M, F, "--sheet", DIR + "/sheet.html")
page = open(DIR + "/sheet.html").read()
ok("the time to reply ended" in page and "late (entry" in page and
   "<script>" not in page and "(no reply until" in page,
   "the finding's sheet says so", sheet.stderr)
open(M + "/mission.yaml", "w").write(M_YAML)
truce("explain", M, F, "--sheet", DIR + "/sheet.html")
page = open(DIR + "/sheet.html").read()
ok("they may reply until" in page and "Published before that" in page and
   "(no reply yet; may reply until" in page,
   "and who may reply yet", page[-3000:])
ok(item(rev, F)["state"] == "disputed", "and it is disputed")
s, b = ann.draft("reply", F, "x")
ok(s == 403, "an analyst is no party", s, b)

# -- found, whatever the letters --


def search(q, n=20):
    s, b = anyone.ask("GET", "/api/v1/search?limit=%d&q=%s" % (
        n, urllib.parse.quote(q)))
    return b["hits"] if s == 200 else [{"is": s}]


near = {i["id"] for i in json.loads(truce("incidents", M, "--json").stdout)[
    "incidents"] if "Mar'yivka" in i["phrase"]}
names = ["Mar'yivka", "Мар’ївка", "МАРʼЇВКА", "Мар`ївка",
         "Марївка", "Maryivka", "Марьевка", "Marevka", "Жовтневе",
         "zhovtneve", "Zhovt"]
for q in names:
    hits = search(q, 100)
    if not near or {h["id"] for h in hits if h["is"] == "incident"} != near \
            or not any(h["is"] == "place" and h["lat"] for h in hits):
        ok(False, f"'{q}' finds its town and all near it", hits[:3])
ok(near, f"{len(near)} incidents near a town are found by {len(names)} "
   "ways to write it")
ok(search(F)[0]["id"] == F and search(F[-6:])[0]["id"] == F,
   "an id, and its end", search(F), search(F[-6:]))
ok(search("zzzqqq") == [], "nothing is nothing")
s, b = anyone.ask("GET", "/api/v1/search?q=")
ok(s == 400, "an empty question", s)
hits = search("shelled")
ok([h["is"] for h in hits] == ["claim"], "a claim by its words", hits)
hits = search("ma")
ok(any(h["is"] == "place" for h in hits), "two letters: places", hits)
s, b = anyone.ask("GET", "/api/v1/incidents?limit=1000&q=" +
                  urllib.parse.quote("Марьевка"))
ok({i["id"] for i in b["incidents"]} == near, "q= in lists", b)
for q in ('"', "' OR 1", "*", "a" * 5000, "\x00", "%"):
    h = search(q)
    if h and h[0]["is"] not in (400, "place", "source", "incident", "claim"):
        ok(False, "q=" + q[:20], h[:2])

# -- cells --


def cells(query):
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    c.request("GET", "/api/v1/columns?" + query)
    b = c.getresponse().read()
    c.close()
    head, rows, t0, index, n, flags = struct.unpack_from("<IIqQII", b, 8)
    out = {"flags": flags, "rows": rows}
    for i in range(n):
        name, sign, width, exp, at, size, crc = struct.unpack_from(
            "<8sBBhIII", b, 40 + i * 24)
        data = b[at:at + size]
        assert zlib.crc32(data) == crc
        out[name.rstrip(b"\0").decode()] = struct.unpack(
            f"<{rows}{'i' if sign else 'I'}", data)
    return out


dice, wrong, tried = random.Random(7), [], 0
for i in range(100):
    q = []
    if dice.random() < .4:
        q.append("kind=" + dice.choice(["explosion", "shot", "damage", "fire"]))
    if dice.random() < .4:
        q.append("status=" + dice.choice(["automatic", "reviewed", "rejected",
                                          "published", "corrected"]))
    if dice.random() < .4:
        q.append("bbox=37.0,48.1,%.3f,%.3f" % (37.1 + dice.random(),
                                              48.2 + dice.random() / 4))
    if dice.random() < .3:
        q.append("from=2026-02-03T18:%02d:00Z" % dice.randrange(30))
    if dice.random() < .2:
        q.append("q=maryivka")
    q = "&".join(q)
    _, b = anyone.ask("GET", "/api/v1/incidents?limit=1000&" + q)
    z = dice.randrange(13)
    c = cells(f"cells={z}&{q}")
    kinds = [c[k] for k in c if k[0] == "k"]
    n = len(b["incidents"])
    tried += n > 0
    if sum(c["n"]) != n or c["flags"] != 8 or [
            sum(k) for k in zip(*kinds)] != list(c["n"]):
        wrong.append((q, z, n, sum(c["n"])))
ok(not wrong and tried > 20, f"100 random filters, {tried} with incidents: "
   "the sum of cells is what the list counts", wrong[:5])
c = cells("cells=12")
_, b = anyone.ask("GET", "/api/v1/incidents?limit=1000")
at = {(round(lo * 1e-7, 2), round(la * 1e-7, 2)) for lo, la in zip(
    c["lon"], c["lat"]) if la > -2**31}
ok(all(any(abs(x - i["place"]["lon"]) < .02 and abs(
    y - i["place"]["lat"]) < .02 for x, y in at)
    for i in b["incidents"] if i["place"]["lat"] is not None),
   "and they lie where the incidents lie", at)
s, b = anyone.ask("GET", "/api/v1/columns?cells=13")
ok(s == 400, "no such zoom", s, b)

# -- what is sealed --
json.dump({"kind": "explosion", "note": "secret-word"},
          open(DIR + "/sealed.json", "w"))
r = truce("disclose", "embargo", M, "--type", "2", "--body",
          DIR + "/sealed.json", "--key", DIR + "/ann.key")
sealed = r.stdout.split("entry ")[-1].split(":")[0]
s, b = rev.draft("confirm", sealed)
ok(s == 422 and "is sealed" in b["detail"] and "secret" not in json.dumps(b),
   "who would confirm it is not shown it: the log would not say so",
   r.stderr, s, b)

# -- a key that is revoked; a session that ends --
r = truce("key", "revoke", M, chi.key.hex(), "--since",
          time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
s, b = chi.draft("note", G, "x")
ok(s == 403 and "refused: key" in b["detail"],
   "a revoked key signs nothing more", r.stderr, s, b)
s, b = Person(PORT, DIR + "/chi.key").login()
ok(s == 403 and "revoked" in b["detail"], "nor has it a session", s, b)
s, b = ann.ask("GET", "/api/v1/session")
ok(s == 200 and b["role"] == "analyst", "another's goes on", s, b)
s, b = ann.ask("DELETE", "/api/v1/session")
ok(s == 204, "ended", s, b)
s, b = ann.ask("POST", "/api/v1/leases/" + F)
ok(s == 401, "and nobody again", s)

want = {"truce." + x + "/1" for x in (
    "session", "lease", "queue", "draft", "entries", "search", "mission",
    "submission")}
rev.ask("GET", "/api/v1/mission")
rev.ask("PUT", "/api/v1/submissions/report12?source=P-1", {
    "schema": "truce.reports/1", "reports": []})
if person.SCHEMAS is None:
    skip("answers are what docs/schema says", "no jsonschema")
else:
    ok(not person.wrong and want <= set(person.checked),
       f"{sum(person.checked.values())} answers are what docs/schema says",
       person.wrong[:3], want - set(person.checked))
r = truce("audit", M)
ok(r.returncode == 0 and r.stdout.splitlines()[-1].startswith("VERIFIED"),
   "truce audit: " + r.stdout.splitlines()[-1], r.stdout, r.stderr)
server.send_signal(signal.SIGTERM)
server.wait(20)
done()
