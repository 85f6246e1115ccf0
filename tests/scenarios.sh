#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# scenarios.sh - every scenario of truce sim, small, through the whole chain,
# against its truth.  A table says what the chain makes of each; only what
# holds is a test, what does not yet stands in the table as "not yet".
set -u
cd "$(dirname "$0")/.."
t=$(mktemp -d "${TMPDIR:-/tmp}/truce-scenarios.XXXXXX")
trap 'rm -rf "$t"' EXIT
python3 tests/scenarios.py "$t" "$@"
