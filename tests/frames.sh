#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# frames.sh - sensors that sign: the same incidents as from those that do not;
# what is not theirs is refused and kept; what came before is not taken again.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0
check() {
	n=$((n + 1))
	if eval "$2"; then echo "ok $n - $1"; else
		echo "not ok $n - $1"; echo "# $2"; bad=1; fi
}
bad=0
for sign in 0 4; do
	"$TRUCE" sim singles --seed 5 --nodes 12 --shots 3 --minutes 10 \
		--sign $sign --out "$dir/m$sign" 2>/dev/null
done
head=216 # bytes in front of a payload
cfs=$(find "$dir/m4/inbox" -name '*.cfs' | LC_ALL=C sort | head -1)
"$TRUCE" decode frames "$cfs" >"$dir/decoded"
check "decode finds what frames carry" '[ $(grep -c segment "$dir/decoded") \
	-gt 20 ] && grep -q "\"offset\":$head," "$dir/decoded"'
for sign in 0 4; do
	timeout 300 "$TRUCE" replay "$dir/m$sign" >"$dir/log$sign" 2>&1
	for what in incidents findings; do
		"$TRUCE" $what "$dir/m$sign" --jsonl |
			sed 's/"ledger":{[^}]*}//' >"$dir/$what$sign"
	done
done
check "the same incidents, signed or not" '[ -s "$dir/incidents4" ] &&
	cmp -s "$dir/incidents0" "$dir/incidents4"'
check "the same findings" '[ -s "$dir/findings4" ] &&
	cmp -s "$dir/findings0" "$dir/findings4"'
timeout 300 "$TRUCE" replay "$dir/m4" >"$dir/again" 2>&1
check "a second replay adds nothing" 'grep -q " 0 records are new" "$dir/again"'
"$TRUCE" ingest "$dir/m4" "$cfs" >"$dir/known" 2>&1
check "frames that are held are known" 'grep -q "0 taken, 1 known" "$dir/known"'

id=$("$TRUCE" incidents "$dir/m4" --jsonl | head -1 |
	sed 's/.*"id":"\(i-[^"]*\)".*/\1/')
"$TRUCE" explain "$dir/m4" "$id" >"$dir/explain"
check "what is explained cites the frames, and when they came" \
	'grep -q "made by truce frames of records frames/0 to frames/" \
	"$dir/explain" && grep -q "obtained 2.* from inbox; record inbox/" \
	"$dir/explain"'
mv "$dir/m4/spool/frames" "$dir/away"
"$TRUCE" audit "$dir/m4" >"$dir/audit" 2>&1
check "without them the audit says what is lacking" \
	'tail -1 "$dir/audit" | grep -q "NOT VERIFIED - parent"'
mv "$dir/away" "$dir/m4/spool/frames"

# One is missing, and comes late.
"$TRUCE" sim singles --seed 5 --nodes 12 --shots 3 --minutes 10 --sign 1 \
	--out "$dir/gap" 2>/dev/null
one=$(find "$dir/gap/inbox" -name '*.cfs')
python3 - "$one" "$dir" <<'P'
import sys
b = open(sys.argv[1], "rb").read(); d = sys.argv[2]; at = 0; all = []
while at < len(b):
    n = 216 + int.from_bytes(b[at + 28:at + 32], "big")
    all.append(b[at:at + n]); at += n
open(sys.argv[1], "wb").write(b"".join(all[:3] + all[4:]))
open(d + "/late.cfs", "wb").write(all[3])
P
timeout 300 "$TRUCE" replay "$dir/gap" >/dev/null 2>&1
"$TRUCE" health "$dir/gap" --jsonl >"$dir/health"
check "a frame that is missing is named, by the next one" \
	'grep "frames missing" "$dir/health" | grep "\"frames/3\"" |
	grep -q "\"frames\":1"'
"$TRUCE" audit "$dir/gap" >"$dir/audit"
check "and counted" 'grep -q "1 missing, 0 late" "$dir/audit"'
"$TRUCE" ingest "$dir/gap" "$dir/late.cfs" >/dev/null 2>&1
timeout 300 "$TRUCE" replay "$dir/gap" >/dev/null 2>&1
"$TRUCE" health "$dir/gap" --jsonl >"$dir/health"
"$TRUCE" audit "$dir/gap" >"$dir/audit"
check "it comes late, and closes the gap" '! grep -q "frames missing" \
	"$dir/health" && grep -q "0 missing, 1 late" "$dir/audit"'

# A bit of a payload, a head of nobody's, bytes that are no frame.
python3 - "$cfs" "$dir" <<'P'
import sys
b = bytearray(open(sys.argv[1], "rb").read()); d = sys.argv[2]
n = 216 + int.from_bytes(b[28:32], "big")
x = bytearray(b[:n]); x[300] ^= 1
y = bytearray(b[:n]); y[8] ^= 1
open(d + "/bad.cfs", "wb").write(b[:n] + x + y + b"CFS1 but not" + b[:n])
P
"$TRUCE" ingest "$dir/m4" "$dir/bad.cfs" >"$dir/bad" 2>&1
check "what is no sensor's word is refused, and kept" \
	'grep -q "3 refused, kept with their faults" "$dir/bad" &&
	grep -q "3 damaged" "$dir/bad"'
"$TRUCE" audit "$dir/m4" >"$dir/audit" 2>&1
check "and the audit verifies" 'grep -q "^VERIFIED" "$dir/audit"'

check "which counts the frames" 'grep -q "frames: [0-9]* of 4 sensors, \
0 missing, 0 late, 0 forks, 0 breaks$" "$dir/audit"'
sed -i.was 's/,[0-9a-f]\{8\}\([0-9a-f]\{56\}\),/,00000000\1,/' \
	"$dir/m4/sensors.csv"
"$TRUCE" audit "$dir/m4" >"$dir/audit" 2>&1
check "with another key of the sensor it does not" \
	'tail -1 "$dir/audit" | grep -q "NOT VERIFIED [0-9]* frame"'
mv "$dir/m4/sensors.csv.was" "$dir/m4/sensors.csv"

# A receipt: the frame lies in the batch, the batch in the log.
"$TRUCE" receipt "$dir/m4" XT_G000_00/3 -o "$dir/r.receipt"
key=$("$TRUCE" audit "$dir/m4" | sed -n 's/^  log //p')
"$TRUCE" audit "$dir/r.receipt" --key "$key" --policy \
	"$dir/m4/ledger/policy/accepted.policy" >"$dir/receipt" 2>&1
check "a receipt verifies by itself" 'grep -q "^VERIFIED entry" "$dir/receipt" &&
	grep -q "2 of the policy.s witnesses" "$dir/receipt"'
python3 - "$cfs" "$dir" "$TRUCE" "$key" <<'P'
import subprocess, sys
b = open(sys.argv[1], "rb").read(); d, truce, key = sys.argv[2:5]
at = 0
for i in range(4):
    n = 216 + int.from_bytes(b[at + 28:at + 32], "big")
    if i >= 2: open(f"{d}/frame{i}", "wb").write(b[at:at + n])
    at += n
text = open(d + "/r.receipt", "rb").read()
# One character of each line: nothing of it verifies.
through = 0; tried = 0; rules = set()
for i in range(0, len(text), 11):
    x = bytearray(text); x[i] ^= 1
    open(d + "/x.receipt", "wb").write(x)
    r = subprocess.run([truce, "audit", d + "/x.receipt", "--key", key,
        "--policy", d + "/m4/ledger/policy/accepted.policy"],
        capture_output=True)
    tried += 1
    if r.returncode == 0: through += 1; print("# verifies with byte", i)
    rules.add((r.stdout.decode("utf8", "replace").split() or ["-"])[-1])
open(d + "/through", "w").write(f"{through} of {tried}, {sorted(rules)}\n")
P
check "no bit of it may be another one ($(cat "$dir/through"))" \
	'grep -q "^0 of" "$dir/through" && grep -q receipt "$dir/through"'
check "it is of this frame" '"$TRUCE" audit "$dir/r.receipt" \
	--record "$dir/frame3" | grep -q "the one given"'
check "and of no other" '! "$TRUCE" audit "$dir/r.receipt" \
	--record "$dir/frame2" >/dev/null'

# A key that is enrolled goes before that of sensors.csv.
"$TRUCE" sim singles --seed 5 --nodes 4 --shots 1 --minutes 2 --sign 1 \
	--out "$dir/key" 2>/dev/null
mv "$dir/key"/inbox/*/*.cfs "$dir/key.cfs"
timeout 100 "$TRUCE" replay "$dir/key" >/dev/null 2>&1
id=$(sed -n 2p "$dir/key/sensors.csv" | cut -d, -f1)
party=$(sed -n 2p "$dir/key/sensors.csv" | cut -d, -f9)
(
	cd "$dir" || exit
	"$TRUCE" key new s1 && "$TRUCE" key new lia &&
		"$TRUCE" key enrol key --new lia.key --org "$party" \
			--role liaison &&
		"$TRUCE" key sensor key "$id" s1.key --party "$party"
) >"$dir/enrol" 2>&1
at=$(sed -n 's/^entry \([0-9]*\): counts when.*/\1/p' "$dir/enrol")
n0=$(python3 -c "import sys; b = open(sys.argv[1], 'rb').read()
print(216 + int.from_bytes(b[28:32], 'big'))" "$dir/key.cfs")
head -c "$n0" "$dir/key.cfs" >"$dir/first.cfs"
"$TRUCE" ingest "$dir/key" "$dir/first.cfs" >"$dir/old" 2>&1
check "what is proposed alone takes no key away" 'grep -q "1 taken" "$dir/old"'
"$TRUCE" review "$dir/key" "$at" confirm --key "$dir/lia.key" >"$dir/enrol" 2>&1
"$TRUCE" ingest "$dir/key" "$dir/key.cfs" >"$dir/old" 2>&1
check "the old key is refused then" 'grep -q "signature does not hold" \
	"$dir/old" && grep -q "0 taken" "$dir/old"'
"$TRUCE" audit "$dir/key" >"$dir/audit" 2>&1
check "and what it signed before stays good" 'grep -q "frames: 1 of 1 sensors.*breaks$" \
	"$dir/audit" && grep -q "^VERIFIED" "$dir/audit"'

# What sensors.csv calls it in frames, and a key that is none.
sed '1s/$/,frame_id/; 2,$s/$/,/' "$dir/key/sensors.csv" >"$dir/with.csv"
sed '2s/,$/,00112233445566778899aabbccddeeff/' "$dir/with.csv" \
	>"$dir/key/sensors.csv"
"$TRUCE" audit "$dir/key" >"$dir/audit" 2>&1
check "frame_id names another sensor" 'grep -q "frames: 1 .*1 of sensors whose \
key is not known here" "$dir/audit"'
sed '2s/,$/,0011/' "$dir/with.csv" >"$dir/key/sensors.csv"
"$TRUCE" check "$dir/key" >"$dir/check" 2>&1
check "which has 32 digits" 'grep -q "frame_id .0011., wants 32 hex" \
	"$dir/check"'

# A mission without keys believes nobody.
"$TRUCE" sim singles --seed 5 --nodes 4 --shots 1 --minutes 2 \
	--out "$dir/none" 2>/dev/null
"$TRUCE" ingest "$dir/none" "$cfs" >"$dir/nokey" 2>&1 && bad=1
check "no key, no frames" 'grep -q "no sensor of sensors.csv \
has a public_key" "$dir/nokey"'
echo "1..$n"
exit $bad
