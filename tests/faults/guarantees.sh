# SPDX-License-Identifier: GPL-3.0-or-later
# guarantees.sh - for the tests of the page: a mission whose findings called up
# obligations, and missions shown.  Sourced; wants $TRUCE, $t and $pids.

# What a finding calls up: the worked example, with two persons' words.
guarantees() {
	tools/coalition "$t/co" --days 4 >/dev/null &&
		"$TRUCE" replay "$t/co" >/dev/null 2>&1 || return
	for x in ann:analyst rev:reviewer; do
		(cd "$t" && "$TRUCE" key new "${x%%:*}" &&
			"$TRUCE" key enrol co --new "${x%%:*}.key" \
				--org mission --role "${x##*:}") >/dev/null 2>&1
	done
	id=$("$TRUCE" findings "$t/co" --verdict breach --jsonl |
		grep '"grade":"serious"' | sed 's/.*"id":"\(f-[^"]*\)".*/\1/;q')
	for k in ann rev; do
		"$TRUCE" review "$t/co" "$id" confirm --key "$t/$k.key"
	done >/dev/null 2>&1
	"$TRUCE" replay "$t/co" >/dev/null 2>&1
}
show() { # MISSION: $url is where it is shown
	: >"$t/$1.says"
	"$TRUCE" serve "$t/$1" --listen 127.0.0.1:0 --submissions \
		>"$t/$1.says" 2>&1 &
	pids="$pids $!"
	for i in $(seq 100); do
		url=$(sed -n 's/^open *\(http[^ ]*\).*/\1/p' "$t/$1.says")
		[ -n "$url" ] && break
		sleep 0.1
	done
}
