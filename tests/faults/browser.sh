# SPDX-License-Identifier: GPL-3.0-or-later
# browser.sh NAME - how the tests of the page begin: they are skipped where
# there is no browser or page, run in one build only, and end their servers.
# Sourced; sets $TRUCE, $t, $pids, and has guarantees.sh.
if [ ! -e web/build/desk/desk.js ] || [ ! -e web/build/desk/form.js ] ||
	[ ! -e web/node_modules/axe-core ] || ! command -v node >/dev/null ||
	! command -v chromium >/dev/null; then
	echo "ok 1 - no node, chromium, axe-core or web/build: make web # SKIP"
	echo "1..1"
	exit 0
fi
case $BUILD in */release) ;; *) echo "1..0"; exit 0 ;; esac
TRUCE=$(realpath "${TRUCE:-build/truce}")
export TRUCE
. tests/faults/guarantees.sh
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-$1.XXXXXX")
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$t"' EXIT
