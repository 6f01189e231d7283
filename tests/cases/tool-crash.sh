#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a driver of somebody else that ends its kernel: each test has a verdict, skips are skips
# tier: full
# timeout: 420
# shellcheck source=tests/lib.sh
. tests/lib.sh

crasher=tests/fixtures/crasher
mtty=tests/fixtures/mtty410

# run STATUS ARGS...: all that mdev-sdk test says goes to $TMP/said, what programs read beside it.
run() {
	local status=$1 got=0
	shift
	rm -f "$TMP/xml" "$TMP/ktap"
	"$MDEV" test "$@" --json --junit "$TMP/xml" --ktap "$TMP/ktap" --log "$TMP/log" \
		>"$TMP/json" 2>"$TMP/said" || got=$?
	cat "$TMP/said"
	[ $got = "$status" ] || { echo "exit status: found $got, needed $status"; return 1; }
}

says() { # ERE...
	local pattern
	for pattern; do
		grep -E -- "$pattern" "$TMP/said" || { echo "no '$pattern' in:"; cat "$TMP/said"; return 1; }
	done
}

silent() { # ERE
	! grep -E -- "$1" "$TMP/said"
}

line_of() { # FILE WORDS
	grep -n -- "$2" "$1" | cut -d: -f1
}

# The KTAP of several boots is that of one: a plan, each test once and in order, the end.
whole() { # number of tests
	grep -c '^1\.\.' "$TMP/ktap" | grep -qx 1 && grep -qx "1..$1" "$TMP/ktap" &&
		sed -nE 's/^(not )?ok ([0-9]+) .*/\2/p' "$TMP/ktap" | diff - <(seq "$1") &&
		[ "$(tail -n 1 "$TMP/ktap")" = '# mdev-conform: end' ]
}

# As the suite itself numbers them: a crash is a result of the run, and no more than that.
boots() {
	[ "$(grep -c 'mdev-lab: modules loaded' "$TMP/log")" = "$1" ]
}

of_json() { # PYTHON over d and r, the results by name
	/usr/bin/python3 -c "
import json
d = json.load(open('$TMP/json'))
r = {x['name']: x for x in d['results']}
$1"
}

# Failures before all the rest.
first_failures() {
	local last_failure first_other
	last_failure=$(line_of "$TMP/said" '^  FAILED ' | tail -n 1)
	first_other=$(grep -nE '^  (ok|skipped) ' "$TMP/said" | head -n 1 | cut -d: -f1)
	[ "$last_failure" -lt "$first_other" ]
}

# Two requests that oops, in the middle of other tests, and both types.
only=(--only sysfs.available_falls --only info.device --only info.region_layout
	--only info.irq_fields --only info.unknown_ioctl --only irq.unmask_eventfd)
check "two oopses: the run fails" run 1 $crasher "${only[@]}" --skip irq.unmask_eventfd
check "each test has a verdict, in one KTAP of three boots" whole 10
check "it booted again behind each, and the kernel's log has all" boots 3
check "the first is a failure of its test, with function, file and line" says \
	'^  FAILED  info.region_layout\[-1\]: crashed the kernel$' \
	'^         the kernel: BUG: kernel NULL pointer' \
	"in crasher_region_info\+0x[0-9a-f]+ \[crasher\] at $crasher/crasher\.c:$(line_of $crasher/crasher.c 'the first oops')\$"
check "so is the second" says '^  FAILED  info.irq_fields\[-1\]: crashed the kernel$' \
	"in crasher_irq_info\+0x[0-9a-f]+ \[crasher\] at $crasher/crasher\.c:$(line_of $crasher/crasher.c 'the second oops')\$"
check "what crashed with one type is not run with the other" says \
	'^  skipped info.region_layout\[-2\]: not run: it crashed the kernel with -1$' \
	'^  skipped info.irq_fields\[-2\]: not run'
check "one failure of two types is one line that names both" says \
	'^  FAILED  sysfs.available_falls\[-1, -2\]'
check "tests behind the crashes ran" says '^4 passed, 4 failed, 2 skipped$' 'ok +info\[-2\]: 2 tests'
check "failures come before the rest" first_failures
check "no failure of the run beside those of the tests" silent 'FAILED  the (run|kernel)'
check "the command that repeats it names those that failed" says \
	"^repeat: .* --only 'info.region_layout\[-1\]'"
check "JSON and JUnit agree" tests/tool/check-report.py "$TMP/json" "$TMP/xml" status=1 failed=4
check "JSON: the crash, and the kernel's words" of_json "
x = r['info.region_layout[-1]']
assert x['verdict'] == 'failed' and x['crash'] == 'oops', x
assert any('NULL pointer' in line for line in x['diagnostics']), x
assert d['broke_in'] is None and d['kernel_report'] == [], d['broke_in']"
check "JUnit: the crash is the failure's message" \
	grep -E '<failure message="crashed the kernel">' "$TMP/xml"

# A bound: behind it nothing is run, and each test says why.
check "behind --crashes 1 the run goes to its end" run 1 $crasher --type 1 "${only[@]}" --crashes 1
check "and says so once, and of each test why" says \
	'the bound --crashes 1 is reached: the tests behind the last crash are not run; .*\[T114\]' \
	'skipped info.irq_fields: not run: --crashes 1 was reached before it'
check "and has each test once" whole 6

# All of the suite, on a serial card as they were written for 4.10.
check "a 4.10-style mtty: the whole suite, to its end" run 1 $mtty
check "the crash is one test's verdict, with its place" says \
	'^  FAILED  info.region_index_range\[-1\]: crashed the kernel$' \
	"in ser_region_info\+0x[0-9a-f]+ \[mtty410\] at $mtty/mtty410\.c:$(line_of $mtty/mtty410.c 'the oops:')\$"
check "no skip of a tree without a list is a failure" silent 'not on the list'
all() {
	local names
	names=$("$MDEV" test --list | wc -l)
	[ "$names" -gt 90 ] && whole $((2 * names)) && boots 7
}
check "all its tests have a verdict, in seven boots" all
finish
