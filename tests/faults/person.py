# SPDX-License-Identifier: GPL-3.0-or-later
# person.py - a person at the desk, for tests: Ed25519 from RFC 8032 alone, the
# checks that docs/api.md asks of a page, the two steps of an entry.  Nothing is
# shared with the program, so an error would have to be made twice.
import base64, hashlib, http.client, json, os, struct, time

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    x = (a[1] - a[0]) * (b[1] - b[0]) % P
    y = (a[1] + a[0]) * (b[1] + b[0]) % P
    z, w = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, w - z, w + z, y + x
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p = add(p, p)
        n >>= 1
    return q


def base():
    y = 4 * pow(5, P - 2, P) % P
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x & 1:
        x = P - x
    return x, y, 1, x * y % P


B = base()


def packed(p):
    z = pow(p[2], P - 2, P)
    x, y = p[0] * z % P, p[1] * z % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def half(seed):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254
    return a, h[32:]


def public_of(seed):
    return packed(times(half(seed)[0], B))


def sign(seed, message):
    a, prefix = half(seed)
    key = packed(times(a, B))
    r = number(prefix, message) % L
    point = packed(times(r, B))
    s = (r + number(point, key, message) * a) % L
    return point + s.to_bytes(32, "little")


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


def root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + root(hashes[:k]) + root(hashes[k:])).digest()


def sound(entry, fields, key):
    """What a page checks before it signs; the reason it does not, or None."""
    if len(entry) != 104 or entry[:4] != b"CFE1":
        return "no entry"
    if entry[96:] != hashlib.sha256(key).digest()[:8]:
        return "another's key"
    if abs(struct.unpack(">Q", entry[8:16])[0] / 1000 - time.time()) > 300:
        return "another time"
    if fields[0]["name"] != "!" or fields[0]["value"].split("\n") != [
            f["name"] for f in fields[1:]]:
        return "names"
    leaves = []
    for f in fields:
        name, value = f["name"].encode(), f["value"].encode()
        leaves.append(leaf(base64.b64decode(f["salt"]) +
                           struct.pack(">H", len(name)) + name + value))
    return None if root(leaves) == entry[64:96] else "root"


def schemas():
    """What an answer must look like, by its schema's name; None: cannot say."""
    try:
        import warnings
        warnings.simplefilter("ignore")
        import jsonschema
    except ImportError:
        return None
    store = {}
    for f in os.listdir("docs/schema"):
        if f.endswith(".json"):
            store[f] = json.load(open("docs/schema/" + f))
    named = {}
    for f, s in store.items():
        const = s.get("properties", {}).get("schema", {}).get("const")
        if const:
            named[const] = jsonschema.Draft7Validator(
                s, resolver=jsonschema.RefResolver(f, s, store=store))
    return named


SCHEMAS = schemas()
checked, wrong = {}, []


def check(answer):
    """Every answer that says what it is, is that."""
    name = answer.get("schema") if isinstance(answer, dict) else None
    if not SCHEMAS or name not in SCHEMAS:
        return
    if "next" in answer and name != "truce.queue/1":
        return  # a list bears the name of its records (tests/schema.sh)
    checked[name] = checked.get(name, 0) + 1
    for e in SCHEMAS[name].iter_errors(answer):
        wrong.append((name, list(e.path), e.message[:200]))
        return


class Person:
    """One browser: a key file, a cookie, a token."""

    def __init__(self, port, key_file=None, seed=None, headers=None,
                 socket=None):
        self.port, self.cookie, self.token = port, None, None
        self.more = headers or {}
        self.socket = socket
        if key_file:
            text = open(key_file).read().strip().split("+")
            seed = base64.b64decode("+".join(text[4:]))[-32:]
        self.seed = seed
        self.key = public_of(seed) if seed else None

    def ask(self, method, path, body=None, **headers):
        """Held back by a limit (429): a little later."""
        for i in range(20):
            got = self.ask_once(method, path, body, **headers)
            if got[0] != 429:
                return got
            time.sleep(0.3)
        return got

    def ask_once(self, method, path, body=None, **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        h = {k.replace("_", "-"): v for k, v in headers.items()}
        h.update(self.more)
        if self.cookie:
            h["Cookie"] = "other=1; truce=" + self.cookie
        if self.token and method != "GET":
            h.setdefault("X-Truce-Token", self.token)
        if body is not None:
            body = json.dumps(body).encode()
            h["Content-Type"] = "application/json"
        c.request(method, path, body, h)
        r = c.getresponse()
        text = r.read()
        c.close()
        self.set_cookie = r.getheader("Set-Cookie")
        try:
            answer = json.loads(text)
        except ValueError:
            return r.status, text
        check(answer)
        return r.status, answer

    def login(self):
        _, s = self.ask("GET", "/api/v1/session")
        text = f"cfm/session/v1\n{s['origin']}\n{s['challenge']}\n"
        status, s = self.ask("POST", "/api/v1/session", {
            "key": self.key.hex(), "challenge": s["challenge"],
            "signature": base64.b64encode(
                sign(self.seed, text.encode())).decode()})
        if status == 200:
            self.cookie = self.set_cookie.split("=", 1)[1].split(";")[0]
            self.token = s["token"]
        return status, s

    def draft(self, does, of, why="", words=()):
        return self.ask("POST", "/api/v1/entries/draft", {
            "does": does, "of": str(of), "why": why, "words": list(words)})

    def signed(self, d):
        out = []
        for e in d["entries"]:
            entry = base64.b64decode(e["entry"])
            wrong = sound(entry, e["fields"], self.key)
            if wrong:
                raise ValueError(wrong)
            out.append(base64.b64encode(sign(
                self.seed, b"cfm/entry/v1\n" + entry)).decode())
        return out

    def send(self, d):
        return self.ask("POST", "/api/v1/entries", {
            "draft": d["draft"], "signatures": self.signed(d)})

    def act(self, does, of, why="", words=()):
        status, d = self.draft(does, of, why, words)
        return self.send(d) if status == 200 else (status, d)
