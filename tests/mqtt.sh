#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# mqtt.sh - `truce run` as a subscriber of a real broker (mosquitto): what it
# gives is what the same bytes give as files; killed at any moment, also between
# a message's arrival and its sync, it loses nothing; what is too long is a fault
# that is kept; a broker that goes is called again.
# alone: it waits for answers in real time
set -u
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
if ! command -v mosquitto >/dev/null || ! command -v mosquitto_pub >/dev/null
then
	echo "ok 1 # SKIP no mosquitto here (Debian: mosquitto, mosquitto-clients)"
	exit 0
fi
. tests/faults/mission.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-mqtt.XXXXXX")
trap 'rm -rf "$t"' EXIT
${CC:-gcc} -O1 -shared -fPIC -o "$t/preload.so" tests/faults/preload.c -ldl ||
	{ echo "not ok 1 - preload.c does not build"; exit 1; }
small_mission "$t" 0.2 || { echo "not ok 1 - truce sim"; exit 1; }
python3 tests/faults/mqtttest.py "$t"
