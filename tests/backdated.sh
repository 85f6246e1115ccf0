#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# backdated.sh - a notice counts by when the log has it.  The same notices, each
# saying that it was received in good time: from a file of the mission's they
# excuse, and the finding says that the receipt is claimed; handed in over the
# network (*.sent.csv, serve/submission.h) they came when they came: too late.
set -u
began=$(date -u +%Y-%m-%dT%H:%M:%S)
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-backdated.XXXXXX")
trap 'chmod -R u+w "$t"; rm -rf "$t"' EXIT
n=0
ok() {
	n=$((n + 1))
	[ "$1" = 0 ] || echo -n "not "
	echo "ok $n - $2"
}
"$TRUCE" sim demo --seed 1 --out "$t/file" >/dev/null 2>&1
rm -rf "$t"/file/inbox/XT_IS1_* "$t"/file/inbox/XT_W0* # for speed
cp -r "$t/file" "$t/sent"
mv "$t/sent/inbox/liaison/notices.csv" "$t/sent/inbox/liaison/notices.sent.csv"
for m in file sent; do
	"$TRUCE" --quiet replay "$t/$m" >/dev/null 2>&1
	"$TRUCE" findings "$t/$m" --jsonl >"$t/$m.jsonl"
done
python3 - "$t" "$began" <<'P'
import json, re, sys
from datetime import datetime, timezone
def load(m):
    return {x["id"]: x for x in map(json.loads, open(f"{sys.argv[1]}/{m}.jsonl"))}
file, sent = load("file"), load("sent")
both = [(file[k], sent[k]) for k in file if file[k].get("cause") == "demining"]
say = lambda x: "\n".join(x["explanation"])
def ok(n, good, what): print("" if good else "not ", f"ok {n} - {what}", sep="")
ok(1, set(file) == set(sent) and len(both) > 0 and
   all(a["verdict"] == "no_breach" and "claimed, not proven" in say(a)
       for a, _ in both), f"{len(both)} excused by the word of a file, "
   "and said to be")
now = datetime.now(timezone.utc).isoformat()
LINE = r"received (\S+?), deadline (\S+?)(: not before its deadline)?: P"
met = [re.findall(LINE, say(b)) for b in sent.values()]
met = [m for x in met for m in x]
ok(2, met and all(sys.argv[2] <= r <= now and (r >= d) == (late != "")
                  for r, d, late in met) and not any(
                      "claimed" in say(b) for b in sent.values()),
   f"handed in, {len(met)} times the receipt is the log's own")
late = now > both[0][0]["at"]  # by any clock of our days
ok(3, all((b["verdict"], b["cause"]) == (("breach", None) if late else
                                         ("no_breach", "demining"))
          for _, b in both), "the same notices came too late")
other = [k for k in file if "notice a-" not in say(file[k])]
ok(4, len(other) > 10 and all(file[k]["verdict"] == sent[k]["verdict"] and
                              say(file[k]) == say(sent[k]) for k in other),
   f"{len(other)} findings that met no notice are as they were")
P
n=4
for i in 1 2 3 4; do
	{
		cat "$t/sent/inbox/liaison/notices.sent.csv"
		head -c $i /dev/zero | tr '\0' '\n'
	} >"$t/sent/inbox/liaison/again-$i.sent.csv"
done
"$TRUCE" --quiet replay "$t/sent" >/dev/null 2>&1
"$TRUCE" findings "$t/sent" --jsonl | cmp -s - "$t/sent.jsonl"
ok $? "handed in again, and again: the first receipt counts"
"$TRUCE" audit "$t/sent" --recompute >"$t/audit" 2>&1
ok $? "and so does an audit that computes it anew"
echo "1..$n"
