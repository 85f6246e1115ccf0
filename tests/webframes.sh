#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# webframes.sh - random frames of sensors: in order, late, lost, twice, forked,
# begun anew, damaged, by another key.  Both verifiers must say the same of
# each.  60 frames a sensor; TRUCE_LONG=1: 5,000 sensors.
set -u
cd "$(dirname "$0")/.."
web=${WEB:-web/build}
if [ ! -e "$web/frames.js" ] || ! command -v node >/dev/null; then
	echo "ok 1 - no node, or no web/build: make web # SKIP"
	echo "1..1"
	exit 0
fi
case $BUILD in
*/release) ;;
*)
	echo "1..0"
	exit 0
	;;
esac
n=60
[ -n "${TRUCE_LONG:-}" ] && n=5000
said=$("$BUILD/tests/chain" stream 1 $n | node "$web/frames.js")
case $said in
"0 of "*) ;;
*) printf 'not ' ;;
esac
echo "ok 1 - both verifiers on frames: $said"
for word in next jump late same fork break old refused; do
	case $said in
	*"$word "*) ;;
	*) echo "not ok 2 - $word was never met"; echo "1..2"; exit 1 ;;
	esac
done
echo "ok 2 - every verdict was met"
echo "1..2"
