#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# review.sh - people at the desk in real browsers: an analyst, a reviewer and a
# party's liaison, each with a key of their own.  SHOTS=DIR keeps pictures.
# alone: browsers that draw in software
set -u
cd "$(dirname "$0")/.."
if [ ! -e web/build/desk/desk.js ] || ! command -v node >/dev/null ||
	! command -v chromium >/dev/null; then
	echo "ok 1 - no node, chromium or web/build: make web # SKIP"
	echo "1..1"
	exit 0
fi
case $BUILD in */release) ;; *) echo "1..0"; exit 0 ;; esac
TRUCE=$(realpath "${TRUCE:-build/truce}")
export TRUCE
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-review.XXXXXX")
pid=
trap 'kill $pid 2>/dev/null; rm -rf "$t"' EXIT
"$TRUCE" sim singles --seed 3 --nodes 5 --hours 0.3 --out "$t/m" 2>/dev/null &&
	"$TRUCE" replay "$t/m" >/dev/null 2>&1 ||
	{ echo "not ok 1 - a mission"; exit 1; }
for x in ann:analyst:mission rev:reviewer:mission chi:chief:mission \
	lia:liaison:A; do
	k=${x%%:*} r=${x#*:}
	(cd "$t" && "$TRUCE" key new "$k" && "$TRUCE" key enrol m \
		--new "$k.key" --org "${r#*:}" --role "${r%%:*}") >/dev/null 2>&1 ||
		{ echo "not ok 1 - a key for $k"; exit 1; }
done
"$TRUCE" serve "$t/m" --listen 127.0.0.1:0 >"$t/says" 2>&1 &
pid=$!
for i in $(seq 100); do
	url=$(sed -n 's/^open *\(http[^ ]*\).*/\1/p' "$t/says")
	[ -n "$url" ] && break
	sleep 0.1
done
timeout 300 node web/test/review.mjs "$url" "$t" ${SHOTS-}
