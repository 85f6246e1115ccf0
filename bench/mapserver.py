#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mapserver.py [ROWS [ASKS [FOLDER]]] - boxes of incidents asked of `truce
serve` and of MapServer, both by OGC API Features: the same table, the same
boxes, the same page of 100, one after the other, on one machine.

MapServer (Debian's cgi-mapserver) reads a GeoPackage with an R-tree, made of our
index by ogr2ogr; it runs as FastCGI, its fastest, keeps the file and the
connection open, and is asked on its own socket, without a web server between.
Truce is asked by HTTP on one connection.  Both were asked the same once before,
are asked in turn, 25 boxes each, and must give the same features.  MapServer
counts what matches, which cannot be turned off; Truce does not, which the
standard allows.  FOLDER: where bench/serve left an index of as many ROWS.
Wants build/truce and build/release/bench/serve; says so where MapServer or GDAL
is not installed, and measures nothing."""
import glob, json, os, random, shutil, signal, socket
import struct, subprocess, sys, tempfile, time

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
ASKS = int(sys.argv[2]) if len(sys.argv) > 2 else 100
FOLDER = sys.argv[3] if len(sys.argv) > 3 else None
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
TRUCE = os.environ.get("TRUCE", os.path.join(HERE, "build/truce"))
BENCH = os.path.join(HERE, "build/release/bench/serve")
MAPSERV = "/usr/lib/cgi-bin/mapserv"
PAGE, BLOCK = 100, 25

MAPFILE = """MAP
  NAME "bench"
  EXTENT 36 47 39 49
  PROJECTION "init=epsg:4326" END
  WEB METADATA
    "oga_enable_request" "*"
    "oga_onlineresource" "http://localhost/BENCH/ogcapi"
  END END
  LAYER
    NAME "incidents"
    TYPE POINT
    STATUS ON
    TEMPLATE "none"
    CONNECTIONTYPE OGR
    CONNECTION "%s"
    DATA "incidents"
    PROCESSING "CLOSE_CONNECTION=DEFER"
    PROJECTION "init=epsg:4326" END
    METADATA
      "oga_title" "incidents"
      "ows_extent" "36 47 39 49"
      "gml_include_items" "all"
      "gml_featureid" "id"
    END
  END
END
"""
CONFIG = """CONFIG
  ENV
    OGCAPI_HTML_TEMPLATE_DIRECTORY "/usr/share/mapserver/ogcapi/templates/html-bootstrap4/"
    MS_MAP_PATTERN "."
  END
  MAPS
    BENCH "%s"
  END
END
"""


class Http:
    """Asks a web server, on one connection; on a new one where the server has
    closed it, since MapServer took so long meanwhile."""

    def __init__(self, port):
        self.port = port
        self.connect()

    def connect(self):
        self.s = socket.create_connection(("127.0.0.1", self.port))
        self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path, query):
        self.s.sendall(("GET %s?%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % (
            path, query)).encode())
        return self.s.recv(1 << 20)

    def get(self, path, query):
        try:
            begin = self.ask(path, query)
        except (BrokenPipeError, ConnectionResetError):
            begin = b""
        if not begin:
            self.connect()
            begin = self.ask(path, query)
        head, _, body = begin.partition(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length:")[2].split()[0])
        parts, left = [body], size - len(body)
        while left > 0:
            parts.append(self.s.recv(left))
            left -= len(parts[-1])
        return b"".join(parts)


class FastCgi:
    """Asks a FastCGI responder (its specification 1.0, section 3.3), on one
    connection (FCGI_KEEP_CONN)."""

    def __init__(self, program, path, env):
        listen = socket.socket(socket.AF_UNIX)
        listen.bind(path)
        listen.listen(8)
        self.p = subprocess.Popen([program], stdin=listen.fileno(), env=env)
        listen.close()
        self.s = socket.socket(socket.AF_UNIX)
        self.s.connect(path)
        self.f = self.s.makefile("rb", 1 << 16)

    @staticmethod
    def record(kind, body):
        return struct.pack(">BBHHBB", 1, kind, 1, len(body), 0, 0) + body

    def get(self, path, query):
        names = {"REQUEST_METHOD": "GET", "QUERY_STRING": query,
                 "PATH_INFO": path, "SCRIPT_NAME": "", "HTTP_HOST": "localhost",
                 "SERVER_NAME": "localhost", "SERVER_PORT": "80",
                 "HTTP_ACCEPT": "application/geo+json",
                 "REQUEST_URI": path + "?" + query}
        params = b"".join(struct.pack(">BB", len(k), len(v)) + k + v if
                          len(v) < 128 else
                          struct.pack(">BI", len(k), len(v) | 1 << 31) + k + v
                          for k, v in ((k.encode(), v.encode())
                                       for k, v in names.items()))
        self.s.sendall(self.record(1, struct.pack(">HB5x", 1, 1)) +
                       self.record(4, params) + self.record(4, b"") +
                       self.record(5, b""))
        out, kind = [], 0
        while kind != 3:
            _, kind, _, n, pad, _ = struct.unpack(">BBHHBB", self.f.read(8))
            body = self.f.read(n + pad)[:n]
            if kind == 6:
                out.append(body)
        return b"".join(out).partition(b"\r\n\r\n")[2]

    def close(self):
        self.p.kill()
        self.p.wait()


def table(index, to):
    """The incidents of an index as a GeoPackage, in the order of its rows."""
    subprocess.run(["ogr2ogr", "-f", "GPKG", to, index, "-nln", "incidents",
                    "-nlt", "POINT", "-a_srs", "EPSG:4326", "-dialect",
                    "SQLite", "-gt", "100000", "-sql",
                    "SELECT id, kind, status, t / 1000000000 AS t_s, "
                    "CAST(body AS TEXT) AS body, "
                    "MakePoint(lon / 1e7, lat / 1e7, 4326) AS geom "
                    "FROM row WHERE type = 105"], check=True)


def boxes(across, n):
    dice = random.Random(7)
    for _ in range(n):
        x = round(36.5 + dice.random() * (2 - across), 3)
        y = round(47.5 + dice.random() * max(1 - across, 0), 3)
        yield "%.3f,%.3f,%.3f,%.3f" % (x, y, x + across, y + across)


def timed(ask, query):
    begin = time.perf_counter()
    body = ask(query)
    return time.perf_counter() - begin, body


def ids(body):
    return {f.get("id") or f["properties"]["id"] for f in
            json.loads(body)["features"]}


def processor_s(p):
    """Of all its threads, as the scheduler counts it."""
    return sum(int(open(t).read().split()[0]) for t in glob.glob(
        "/proc/%d/task/*/schedstat" % p.pid)) * 1e-9


def compare(truce, mapserver, servers, across, n):
    asks = ["bbox=%s&limit=%d" % (b, PAGE) for b in boxes(across, n)]
    both = [], []
    for query in asks:  # not timed: nobody reads from the disk then
        truce(query), mapserver(query)
    cpu = [processor_s(p) for p in servers]
    for at in range(0, n, BLOCK):
        for ask, to in zip((truce, mapserver), both):
            to += [timed(ask, query) for query in asks[at:at + BLOCK]]
    cpu = [(processor_s(p) - was) / n * 1e3 for p, was in zip(servers, cpu)]
    ours, theirs = ([t for t, _ in x] for x in both)
    same = sum(ids(a) == ids(b) for (_, a), (_, b) in zip(*both))
    at = lambda t, q: sorted(t)[int(len(t) * q)] * 1e3
    print("mapserver: box of %g degree in %d rows, page of %d: Truce p50 %.2f "
          "p95 %.2f ms, MapServer p50 %.2f p95 %.2f ms: %.1f and %.1f times; "
          "processor %.2f and %.2f ms, %.1f times; %d of %d pages the same" % (
              across, ROWS, PAGE, at(ours, .5), at(ours, .95), at(theirs, .5),
              at(theirs, .95), at(theirs, .5) / at(ours, .5),
              at(theirs, .95) / at(ours, .95), *cpu,
              cpu[1] / cpu[0], same, n), flush=True)
    return same == n


def main(d):
    folder = FOLDER or d + "/index"
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(folder + "/index.db"):
        subprocess.run([BENCH, str(ROWS), "1", folder], check=True,
                       stdout=subprocess.DEVNULL)
    table(folder + "/index.db", d + "/incidents.gpkg")
    shutil.copytree(os.path.join(HERE, "missions/line-2026"), d + "/m")
    for end in ("", "-wal", "-shm"):
        if os.path.exists(folder + "/index.db" + end):
            os.symlink(os.path.abspath(folder + "/index.db" + end),
                       d + "/m/index.db" + end)
    open(d + "/bench.map", "w").write(MAPFILE % (d + "/incidents.gpkg"))
    open(d + "/mapserver.conf", "w").write(CONFIG % (d + "/bench.map"))
    mapserver = FastCgi(MAPSERV, d + "/mapserver.sock", {
        "MAPSERVER_CONFIG_FILE": d + "/mapserver.conf", "PATH": "/usr/bin"})
    p = subprocess.Popen([TRUCE, "serve", d + "/m", "--listen", "127.0.0.1:0"],
                         stdout=subprocess.PIPE, text=True)
    try:
        port = int(p.stdout.readline().split("127.0.0.1:")[1].split("/")[0])
        http, ok = Http(port), True

        def truce(query):
            return http.get("/ogc/collections/incidents/items", query)

        def mapserv(query):
            return mapserver.get("/BENCH/ogcapi/collections/incidents/items",
                                 query + "&f=json")
        for across in (0.02, 0.1, 0.3, 1, 2):
            ok = compare(truce, mapserv, (p, mapserver.p), across,
                         ASKS if across < 1 else ASKS // 10 + 1) and ok
        print("mapserver: load %.1f" % os.getloadavg()[0])
        return 0 if ok else 1
    finally:
        p.send_signal(signal.SIGTERM)
        p.wait(30)
        mapserver.close()


if not os.path.exists(MAPSERV) or not shutil.which("ogr2ogr"):
    print("mapserver: NOT MEASURED: wants Debian's cgi-mapserver and gdal-bin")
    sys.exit(0)
with tempfile.TemporaryDirectory(prefix="truce-mapserver.") as t:
    sys.exit(main(t))
