#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: --json fits its schema and --junit is XML that says the same, whatever the texts hold
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh

# reports STATUS COMMAND...: writes $TMP/json and $TMP/xml, people's words to $TMP/people.
reports() {
	local status=$1 got=0
	shift
	rm -f "$TMP/xml"
	"$@" --json --junit "$TMP/xml" >"$TMP/json" 2>"$TMP/people" || got=$?
	cat -v "$TMP/people"
	[ $got = "$status" ] || { echo "exit status: found $got, needed $status"; return 1; }
}

agree() { # NAME=VALUE... of the summary
	tests/tool/check-report.py "$TMP/json" "$TMP/xml" "$@"
}

# Each recorded run of the judge's own test, good and bad.
recorded() {
	local folder status
	for folder in tests/tool/judge/*/; do
		read -r _ status <"$folder/want"
		if ! reports "$status" "$MDEV" judge --ktap "$folder/ktap" --log "$folder/log" \
			--expected-skips tests/tool/judge/expected-skips ||
			! agree "status=$status"; then
			echo "in $folder"
			return 1
		fi
	done
}

nasty() {
	reports 1 "$MDEV" judge --ktap tests/tool/nasty/ktap --log tests/tool/nasty/log &&
		agree passed=1 skipped=2 failed=4 status=1
}

has() { # FILE ERE
	grep -Eq -- "$2" "$1" || { echo "no '$2' in:"; cat "$1"; return 1; }
}

# What the parsers must catch: a report that was spoilt.
caught() { # FILE SED-SCRIPT
	cp "$TMP/json" "$TMP/xml" "$TMP/good"
	sed -i "$2" "$TMP/$1"
	if cmp -s "$TMP/$1" "$TMP/good/$1"; then
		echo "'$2' changed nothing"
		return 1
	fi
	! agree
	local ret=$?
	cp "$TMP/good"/* "$TMP"
	return $ret
}

mkdir "$TMP/good"
check "recorded runs: JSON, JUnit and exit status agree" recorded
check "texts with control characters, broken UTF-8 and markup" nasty
check "nasty: what was good is still there" has "$TMP/json" 'grün'
check "nasty: the time of a test" has "$TMP/json" '"seconds":[[:space:]]*1.234'
check "nasty: the diagnostics are in the failure" has "$TMP/xml" '&lt;b&gt; &amp; &quot;quotes'
check "caught: a raw control character in the XML" caught xml 's/quotes/\x01/'
check "caught: a raw & in the XML" caught xml 's/&amp;/\&/'
check "caught: a count that is wrong" caught xml 's/failures="1"/failures="2"/'
check "caught: a verdict that no schema has" caught json 's/"verdict":\t"failed"/"verdict":\t"bad"/'
check "caught: a member that is missing" caught json '/"repeat":/d; s/^\t},$/\t}/'
check "caught: a byte that is no UTF-8 in the JSON" caught json 's/grün/gr\xff/'

"$MDEV" new --name myvgpu --dir "$TMP/myvgpu" >/dev/null
real() {
	reports 0 "$MDEV" test "$TMP/myvgpu" --only sysfs --type 1 && agree status=0 failed=0
}
check "a real run: JSON and JUnit agree" real
check "a real run: the kernel, the driver, the time of each test" \
	/usr/bin/python3 -c "
import json, sys
d = json.load(open('$TMP/json'))
assert d['kernel']['release'].startswith('6.1.'), d['kernel']
assert d['driver']['path'] == '$TMP/myvgpu' and d['driver']['modules'][-1] == 'myvgpu', d['driver']
assert all(r['seconds'] >= 0 for r in d['results']), d['results']
assert d['repeat'] is None, d['repeat']"
check "a real run: people's words went to standard error" has "$TMP/people" '^[0-9]+ passed, 0 failed'
check "--junit into a folder that is not there is known before the boot" \
	expect 2 "junit $TMP/none/xml: the folder $TMP/none cannot be written" \
	"$MDEV" judge --ktap tests/tool/nasty/ktap --junit "$TMP/none/xml"
finish
