# SPDX-License-Identifier: GPL-3.0-or-later
# ogc.py MISSION - asks its front door as OWSLib and QGIS do; for tests/ogc.sh.
import atexit, urllib.parse
from tap import *

MISSION = sys.argv[1]
PORT = free()
URL = f"http://127.0.0.1:{PORT}/ogc"
PAGE = {"incidents": 7, "detections": 100, "looks": 1000}


def listed(verb):
    out = truce(verb, MISSION, "--jsonl").stdout
    return {d["id"]: d for d in map(json.loads, out.splitlines())}


def answers():
    try:
        socket.create_connection(("127.0.0.1", PORT), 1).close()
        return True
    except OSError:
        return False


door = subprocess.Popen([TRUCE, "--quiet", "serve", MISSION, "--listen",
                         f"127.0.0.1:{PORT}"], stdout=subprocess.DEVNULL)
atexit.register(door.kill)
ok(until(answers), "the front door answers")
want = {c: listed(c) for c in PAGE}
some = sorted(want["incidents"].values(), key=lambda d: d["time"]["from"])
middle = some[len(some) // 2]["time"]["from"]


def owslib():
    from owslib.ogcapi.features import Features
    f = Features(URL)
    ok(sorted(f.feature_collections()) == sorted(PAGE),
       "OWSLib: the collections")
    ok(any(c.endswith("/core") for c in f.conformance()["conformsTo"]) and
       f.api()["openapi"].startswith("3."), "OWSLib: what it conforms to")
    for c in PAGE:
        got, page = [], f.collection_items(c, limit=1000)
        while page:
            got += [x["id"] for x in page["features"]]
            on = [l["href"] for l in page["links"] if l["rel"] == "next"]
            page = on and f.collection_items(c, **dict(urllib.parse.parse_qsl(
                urllib.parse.urlsplit(on[0]).query)))
        ok(sorted(got) == sorted(want[c]), f"OWSLib: {len(got)} {c}")
    west, south, east, north = f.collection("incidents")["extent"]["spatial"][
        "bbox"][0]
    half = [west, south, (west + east) / 2, north]
    box = f.collection_items("incidents", bbox=half, limit=1000)["features"]
    ok(0 < len(box) < len(some) and
       all(x["geometry"]["coordinates"][0] <= half[2] for x in box),
       f"OWSLib: in a box {len(box)} of {len(some)}")
    late = f.collection_items("incidents", datetime=middle + "/..",
                              limit=1000)
    ok(0 < len(late["features"]) < len(some), "OWSLib: since a time")


def qgis():
    from qgis.core import (QgsApplication, QgsFeatureRequest, QgsRectangle,
                           QgsVectorLayer)
    app = QgsApplication([], False)
    app.initQgis()
    for c in PAGE:
        layer = QgsVectorLayer(f"typename='{c}' url='{URL}' pageSize='"
                               f"{PAGE[c]}'", c, "OAPIF")
        names = [f.name() for f in layer.fields()]
        rows = list(layer.getFeatures()) if layer.isValid() else []
        ok(layer.isValid() and
           sorted(r["id"] for r in rows) == sorted(want[c]),
           f"QGIS: {len(rows)} {c}, {PAGE[c]} a page",
           layer.error().message())
        if c == "incidents":
            there = {r["id"]: r.geometry().asPoint() for r in rows}
            ok(layer.crs().authid() in ("EPSG:4326", "OGC:CRS84") and
               all(there[k].x() == d["place"]["lon"] and
                   there[k].y() == d["place"]["lat"]
                   for k, d in want[c].items() if k in there),
               "QGIS: east and north are not exchanged")
            x = sorted(p.x() for p in there.values())[len(there) // 2]
            near = QgsRectangle(0, -90, x, 90)
            got = list(layer.getFeatures(QgsFeatureRequest(near)))
            ok(len(got) == sum(p.x() <= x for p in there.values()),
               f"QGIS: in a box {len(got)}")
            ok({"id", "kind", "time", "place", "status"} <= set(names),
               "QGIS: the members are fields")
        del layer  # before its application ends
    app.exitQgis()


for name, part in (("owslib", owslib), ("qgis", qgis)):
    try:
        __import__(name)
    except ImportError:
        skip(f"python3-{name} reads it", "not here")
        continue
    part()
done()
