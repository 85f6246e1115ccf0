#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# slow.sh - hundreds of clients who read, or send, a byte a second leave the
# intake of sensors as it was, and the front door answers others.
# alone: it measures how long answers take
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-slow.XXXXXX")
trap 'rm -rf "$t"' EXIT
small_mission "$t" 0.9 || { echo "not ok 1 - truce sim"; exit 1; }
cp -r "$t/empty" "$t/m"
nodes=()
for f in "$t"/files/*/*.mseed; do
	nodes[${#nodes[@]}]=$(dirname "$f")
done
pushed=("${nodes[0]}" "${nodes[-1]}")
for d in "$t"/files/*; do
	case " ${pushed[*]} " in *" $d "*) ;; *) take "$t/m" "$d"/* ;; esac
done >/dev/null
"$TRUCE" replay "$t/m" >/dev/null
python3 tests/faults/slowtest.py "$t" "${pushed[@]}"
