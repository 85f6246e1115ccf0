#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mapserver.py [ROWS [ASKS [FOLDER]]] - boxes of incidents asked of `truce
serve` and of MapServer, both by OGC API Features: the same table, the same
boxes, the same page of 100, one after the other, on one machine.

MapServer (Debian's cgi-mapserver) reads a GeoPackage with an R-tree, made of our
index by ogr2ogr; it runs as FastCGI and keeps the file open, and is asked on its
own socket, without a web server between.  Truce is asked by HTTP.  Both must
give the same features.  FOLDER: where bench/serve left an index of as many ROWS.
Wants build/truce and build/release/bench/serve; says so where MapServer or GDAL
is not installed, and measures nothing."""
import http.client, json, os, random, shutil, signal, socket, struct
import subprocess, sys, tempfile, time

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
ASKS = int(sys.argv[2]) if len(sys.argv) > 2 else 100
FOLDER = sys.argv[3] if len(sys.argv) > 3 else None
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
TRUCE = os.environ.get("TRUCE", os.path.join(HERE, "build/truce"))
BENCH = os.path.join(HERE, "build/release/bench/serve")
MAPSERV = "/usr/lib/cgi-bin/mapserv"
PAGE = 100

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


class FastCgi:
    """Asks a FastCGI responder (its specification 1.0, section 3.3)."""

    def __init__(self, program, path, env):
        self.path = path
        listen = socket.socket(socket.AF_UNIX)
        listen.bind(path)
        listen.listen(8)
        self.p = subprocess.Popen([program], stdin=listen.fileno(), env=env)
        listen.close()

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
        s = socket.socket(socket.AF_UNIX)
        s.connect(self.path)
        s.sendall(self.record(1, struct.pack(">HB5x", 1, 0)) +
                  self.record(4, params) + self.record(4, b"") +
                  self.record(5, b""))
        f, out = s.makefile("rb"), []
        while True:
            head = f.read(8)
            if len(head) < 8:
                break
            _, kind, _, n, pad, _ = struct.unpack(">BBHHBB", head)
            body = f.read(n + pad)[:n]
            if kind == 6:
                out.append(body)
            if kind == 3:
                break
        s.close()
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
        y = round(47.5 + dice.random() * (1 - across), 3)
        yield "%.3f,%.3f,%.3f,%.3f" % (x, y, x + across, y + across)


def timed(ask):
    begin = time.perf_counter()
    body = ask()
    return time.perf_counter() - begin, body


def ids(body):
    return {f.get("id") or f["properties"]["id"] for f in
            json.loads(body)["features"]}


def processor_s(p):
    w = open("/proc/%d/stat" % p.pid).read().rsplit(")", 1)[1].split()
    return (int(w[11]) + int(w[12])) / os.sysconf("SC_CLK_TCK")


def compare(truce, mapserver, serve, across, n):
    ours, theirs, same = [], [], 0
    cpu = [processor_s(serve), processor_s(mapserver.p)]
    for box in boxes(across, n):
        query = "bbox=%s&limit=%d" % (box, PAGE)
        t, a = timed(lambda: truce("/ogc/collections/incidents/items?" + query))
        ours.append(t)
        t, b = timed(lambda: mapserver.get(
            "/BENCH/ogcapi/collections/incidents/items", query + "&f=json"))
        theirs.append(t)
        same += ids(a) == ids(b)
    cpu = [(processor_s(serve) - cpu[0]) / n * 1e3,
           (processor_s(mapserver.p) - cpu[1]) / n * 1e3]
    at = lambda t, q: sorted(t)[int(len(t) * q)] * 1e3
    print("mapserver: box of %g degree in %d rows, page of %d: Truce p50 %.1f "
          "p95 %.1f ms, MapServer p50 %.1f p95 %.1f ms: %.0f and %.0f times; "
          "processor %.2f and %.1f ms, %.0f times; %d of %d pages the same" % (
              across, ROWS, PAGE, at(ours, .5), at(ours, .95), at(theirs, .5),
              at(theirs, .95), at(theirs, .5) / at(ours, .5),
              at(theirs, .95) / at(ours, .95), *cpu,
              cpu[1] / max(cpu[0], 0.01), same, n), flush=True)
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
        c = http.client.HTTPConnection("127.0.0.1", port)

        def truce(path):
            c.request("GET", path)
            return c.getresponse().read()
        ok = True
        for across in (0.02, 0.1, 0.8):
            ok = compare(truce, mapserver, p, across, ASKS) and ok
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
