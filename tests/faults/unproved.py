# SPDX-License-Identifier: GPL-3.0-or-later
"""unproved.py DIR - what answers() wrote, without what may differ between two
missions of the same content: the members version and ledger, the last block
Proof, and what was withdrawn on the way."""
import json, re, sys
d = sys.argv[1]
def strip(x):
    if isinstance(x, dict):
        return {k: strip(v) for k, v in x.items()
                if k not in ("version", "incident_version", "ledger", "proof")}
    return [strip(v) for v in x] if isinstance(x, list) else x
for f in ("txt", "html", "csv", "json", "geojson"):
    p = f"{d}/report.{f}"
    s = re.sub(r"version [0-9]+", "version N", open(p).read())
    if f in ("json", "geojson"):
        s = json.dumps(strip(json.loads(s)), indent=1)
    elif f != "csv":
        at = {"txt": "\nProof", "html": "Proof</h"}[f]
        i = s.lower().rfind(at.lower())
        assert i > 0, f"no block Proof in {f}"
        s = s[:i]
    open(p, "w").write(s)
for v in ("incidents", "findings", "detections", "looks", "health"):
    p = f"{d}/{v}"
    rows = [json.loads(re.sub(r"version [0-9]+", "version N", l))
            for l in open(p)]
    rows = [r for r in rows if r.get("status") != "rejected"]
    open(p, "w").write("".join(json.dumps(strip(r)) + "\n" for r in rows))
