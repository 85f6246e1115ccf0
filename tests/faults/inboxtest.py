# SPDX-License-Identifier: GPL-3.0-or-later
# inboxtest.py DIR - files that come into the inbox of a running mission; DIR
# has what small_mission() of mission.sh makes.
import atexit, glob, http.client, json, os, shutil, signal, subprocess, sys, time

sys.path.insert(0, os.path.dirname(__file__))
from tap import TRUCE, done, ok, rows, truce, until

T = sys.argv[1]


M, W, FILES = (os.path.join(T, x) for x in ("m", "want", "files"))
shutil.copytree(os.path.join(T, "empty"), M)
shutil.copytree(os.path.join(T, "empty"), W)
shutil.copytree(FILES, os.path.join(W, "inbox"))
REPORT = json.dumps({"schema": "truce.reports/1", "reports": [{
    "report_id": "F1", "observer": "P-1", "lat": 48.30, "lon": 37.42,
    "position_err_m": 20, "at": "2026-02-03T18:14:00Z", "means": "heard",
    "kind": "explosion", "count": 2, "count_meaning": "at_least",
    "bearing": "N", "received": "2026-02-03T20:00:00Z"}]}).encode()
with open(os.path.join(W, "inbox/P-1/field-0001.json"), "wb") as f:
    f.write(REPORT)
x = truce("replay", W)
assert x.returncode == 0, x.stderr

err = open(os.path.join(T, "err"), "w")
alerts = open(os.path.join(T, "alerts"), "w")
run = subprocess.Popen([TRUCE, "run", M, "--every", "3600"], stdout=alerts,
                       stderr=err)
atexit.register(run.kill)
said = lambda: open(err.name).read()
ok(until(lambda: "inbox" in said()), "it needs no network: "
   + said().strip()[:70])


def replays():
    return said().count("replayed: ")


def inbox(source, name):
    os.makedirs(os.path.join(M, "inbox", source), exist_ok=True)
    return os.path.join(M, "inbox", source, name)


def taken(name):
    """In the intake's log, that is."""
    return any(name.encode() in open(x, "rb").read()
               for x in glob.glob(os.path.join(M, "spool/inbox/*.seg*")))


# -- a file that somebody writes still --
whole = open(os.path.join(FILES, "P-1/reports.csv"), "rb").read()
cut = len(whole) - 40
with open(inbox("P-1", "reports.csv"), "wb") as f:
    f.write(whole[:cut])
    f.flush()
    time.sleep(2)
    ok(replays() == 0 and not os.path.exists(os.path.join(M, "blobs")),
       "a file that is open for writing waits")
    f.write(whole[cut:])
t0 = time.time()
ok(until(lambda: replays() > 0), "closed, it is taken in and replayed after "
   "%.1f s" % (time.time() - t0))
ok(not rows("faults", M) and len(rows("detections", M)) == 2,
   "as a whole: both its reports, no fault")

# -- a name that begins with a dot; moved in; a folder with its files --
shutil.copy(os.path.join(FILES, "P-1/notices.csv"), inbox("P-1", ".n.part"))
was = replays()
time.sleep(1.5)
ok(replays() == was, "a name that begins with a dot is nobody's yet")
os.rename(inbox("P-1", ".n.part"), inbox("P-1", "notices.csv"))
ok(until(lambda: replays() > was), "until it is moved to its own")
was = replays()
shutil.copytree(FILES, os.path.join(T, "aside"))
for s in sorted(os.listdir(os.path.join(T, "aside"))):
    if s != "P-1":
        os.rename(os.path.join(T, "aside", s), os.path.join(M, "inbox", s))
ok(until(lambda: len(rows("detections", M)) > 20), "folders that are moved in "
   "are taken: sound, satellite")

# -- the porter --
kids = subprocess.run(["ps", "--ppid", str(run.pid), "-o", "pid="],
                      capture_output=True, text=True).stdout.split()
for k in kids:
    os.kill(int(k), signal.SIGKILL)
shutil.copy(os.path.join(FILES, "P-1/claims.csv"), inbox("P-1", "claims.csv"))
ok(until(lambda: taken("P-1/claims.csv")), "who watches the inbox, and a replay, are killed "
   "(%d processes): what comes is taken in all the same" % len(kids))

# -- HTTP --
serve = subprocess.Popen([TRUCE, "serve", M, "--listen", "127.0.0.1:0",
                          "--submissions"], stdout=subprocess.PIPE)
atexit.register(serve.kill)
port = int(serve.stdout.readline().decode().split("127.0.0.1:")[1]
           .split("/")[0])


def ask(method, path, body=None):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    c.request(method, "/api/v1/" + path, body,
              {"Content-Type": "application/json"} if body else {})
    r = c.getresponse()
    return r.status, r.read().decode()


heard = lambda: ask("GET", "detections?limit=1000&f=jsonl")[1]
before = heard().count('"id"')
ok(ask("PUT", "submissions/field-0001?source=P-1", REPORT)[0] == 201,
   "a report is put by HTTP")
t0 = time.time()
ok(until(lambda: "2026-02-03T18:14:00" in heard()),
   "and is a detection of the running mission after %.1f s, by HTTP again"
   % (time.time() - t0))

# -- the same as by replay --
run.send_signal(signal.SIGTERM)
ok(run.wait(120) == 0, "ended: " + said().strip().split("\n")[-1][:60])
for verb in ("findings", "incidents", "detections", "faults", "looks",
             "health"):
    a, b = rows(verb, M), rows(verb, W)
    ok(a == b and (len(b) > 0 or verb == "faults"),
       "the %d %s of a replay of the same files (%d)" % (len(b), verb,
                                                         len(a)))
x = truce("replay", M)
ok("; 0 records are new or changed" in x.stdout, "a replay adds nothing: "
   + x.stdout.strip().split("\n")[-1])
ok(truce("audit", M).returncode == 0, "and it verifies")
lines = [json.loads(x) for x in open(alerts.name)]
told = {x["finding"]["id"] for x in lines if "finding" in x}
breaches = {x["id"] for x in rows("findings", M) if x["verdict"] == "breach"}
ok(len(breaches) > 0 and breaches <= told, "each of the %d breaches was an "
   "alert (%d findings were told of)" % (len(breaches), len(told)))
# -- killed and started at once: nobody that it left is in the way --
refused = 0
for i in range(20):
    with open(err.name, "w") as e:
        run = subprocess.Popen([TRUCE, "run", M, "--every", "1"], stderr=e,
                               stdout=subprocess.DEVNULL)
    atexit.register(run.kill)
    until(lambda: "watching" in said() or run.poll() is not None, 20)
    refused += run.poll() is not None
    time.sleep(0.03 * (i % 8))
    run.kill()
    run.wait()
ok(refused == 0, "killed 20 times and started at once: %d times something was "
   "in its way" % refused)
x = truce("replay", M)
ok("; 0 records are new or changed" in x.stdout and
   truce("audit", M).returncode == 0, "and all is there, and verifies")
done()
