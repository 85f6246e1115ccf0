#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# disk.sh - a disk that is full, and one whose calls fail, at every call of a
# small ingest and a small replay: exit 4 with a word, nothing acknowledged
# that is not there, sound afterwards.
set -u
cd "$(dirname "$0")/.."
. tests/faults/mission.sh
if nm "$TRUCE" 2>/dev/null | grep -q '__[at]san_init'; then
	echo "ok 1 - failing calls # SKIP a sanitizer must be loaded first"
	exit 0
fi
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-disk.XXXXXX")
trap 'umount "$t/small" 2>/dev/null; rm -rf "$t"' EXIT
small_mission "$t" 0.1 || { echo "not ok 1 - truce sim"; exit 1; }
${CC:-gcc} -O1 -shared -fPIC -o "$t/preload.so" tests/faults/preload.c -ldl ||
	{ echo "not ok 1 - preload.c does not build"; exit 1; }
mkdir "$t/small"
mount -t tmpfs -o size=32m truce-test "$t/small" 2>/dev/null
python3 tests/faults/disk.py "$t" "$t/preload.so"
