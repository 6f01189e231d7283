#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: tests/run counts a case that breaks off, hangs, says nothing or has lost a test as a failure
# tier: quick
# timeout: 120
# shellcheck source=tests/lib.sh
. tests/lib.sh

# shellcheck source=tests/tool/runner.sh
. tests/tool/runner.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

a_case good 20 <<'END'
check "true is true" true
check "false is false" sh -c '! false'
finish
END
a_case failing 20 <<'END'
check "false is true" false
finish
END
a_case no-end 20 <<'END'
check "true is true" true
echo 1..1
END
a_case breaks-off 20 <<'END'
check "true is true" true
exit 0
END
a_case silent 20 <<'END'
exit 0
END
a_case crashes 20 <<'END'
pass "all well"
finish
kill -SEGV $$
END
a_case hangs 3 <<END
pass "all well"
finish
sleep $nap
END
a_case skips 20 <<'END'
pass "all well"
skip "too hard" "no reason on any list"
finish
END

# The newest kernel may be newer than the one noted as good.
a_case newer 20 <<'END'
check "the newest is good" [ "${MDEV_SDK_NEWEST:-newest}" != newest ]
finish
END
a_case ever-bad 20 <<'END'
check "neither the newest nor another one is good" false
finish
END
release=$("$MDEV" kernel 6.1 --print release) || exit 3
newest=$("$MDEV" kernel newest --print release) || exit 3
newest_re=${newest//+/.}
noted() { # RELEASE COMMAND...: with this one noted
	printf '# noted\n%s 1\n' "$1" >"$TMP/kernels.txt"
	MDK_KERNELS_TXT=$TMP/kernels.txt "${@:2}"
}
in_full() {
	in_tree expect 1 '== newer' tests/run full newer
}
good() { # STATUS ERE
	MDK_CHECK_OUT=$TMP/out expect "$1" "$2" tests/kernels-good.sh
}
notes_it() {
	mkdir -p "$TMP/out"
	rm -f "$TMP/out/full-passed"
	noted "$release" good 1 "no full run of all cases has passed on $newest_re" || return 1
	echo "$newest" >"$TMP/out/full-passed"
	noted "$release" good 0 "$newest_re .* is in" && grep "^$newest_re [0-9]" "$TMP/kernels.txt" &&
		grep '^# noted' "$TMP/kernels.txt"
}

# recorded ROW...: in tests/counts.txt of the tree.
recorded() {
	printf '%s\n' '# CASE QUICK FULL' "$@" >"$TREE/tests/counts.txt"
}
fewer() {
	recorded 'good 3 3'
	counted 1 '2 passed, 1 failed, 0 skipped' \
		'has 2 results where tests/counts.txt says 3: .*make test-counts' good
}
enough() {
	recorded 'good 2 9'
	counted 0 '2 passed, 0 failed, 0 skipped' '^good ' good &&
		! grep 'counts.txt' "$TMP/expect.out"
}
more() { # ROW FOUND
	recorded "$1"
	counted 0 '2 passed, 0 failed, 0 skipped' \
		"^good has 2 results, tests/counts.txt says $2: make test-counts" good
}
records() {
	fewer && in_tree expect 0 'good, quick: 2 .was 3.' tests/record counts &&
		grep -x 'good 2 3' "$TREE/tests/counts.txt" && enough
}
# A case that fails has often not done all it has to do.
records_no_failure() {
	recorded 'failing 5 5'
	counted 1 '0 passed, 2 failed, 0 skipped' 'has 1 results' failing
	in_tree tests/record counts || return 1
	grep -x 'failing 5 5' "$TREE/tests/counts.txt"
}
a_case varies 20 'tier: quick' 'counted: full' <<'END'
pass "sometimes one, sometimes two"
finish
END
records_what_is_the_same() {
	recorded 'varies - 2'
	counted 0 '1 passed, 0 failed, 0 skipped' '^varies ' varies && in_tree tests/record counts &&
		grep -x 'varies - 2' "$TREE/tests/counts.txt"
}
# What came later is there, without a number for the tier that has not run.
records_durations() {
	printf '%s\n' '# CASE QUICK FULL' 'good 10 10' 'gone 1 1' >"$TREE/tests/durations.txt"
	in_tree tests/record durations && grep -x 'good [0-5] 10' "$TREE/tests/durations.txt" &&
		grep -x 'skips - -' "$TREE/tests/durations.txt" &&
		! grep gone "$TREE/tests/durations.txt"
}
breaks_off() {
	counted 1 '1 passed, 2 failed, 0 skipped' 'no end marker' breaks-off
}

# The programs of tests/clients end as cases do.
client() { # HOW: its results; Return: what its case makes of them
	local status=0
	gcc -D_GNU_SOURCE -I"$TREE/tests/fixtures/pinner" -iquote tools/conform -o "$TMP/ends" \
		"$TREE"/tests/clients/{ends,client}.c tools/conform/vfio.c || exit 3
	"$TMP/ends" "$1" >"$TMP/ktap" || status=1
	echo "FAILED  the run: the command ended with status $status" >"$TMP/boot.out"
	cat "$TMP/ktap"
	came_to_its_end $status
}
client_exits() {
	! client exits
}
client_loses_a_line() {
	client well && sed -i '/^ok 1/d' "$TMP/ktap" && ! came_to_its_end 0
}

check "a good case passes" counted 0 '2 passed, 0 failed, 0 skipped' '^good ' quick good
check "a failed check fails the run" \
	counted 1 '0 passed, 1 failed, 0 skipped' 'FAILED  false is true' quick failing
check "no end marker fails the run" \
	counted 1 '1 passed, 1 failed, 0 skipped' 'no end marker' quick no-end
check "a case that breaks off fails the run" breaks_off
check "a case that prints nothing fails the run" \
	counted 1 '0 passed, 3 failed, 0 skipped' 'no plan' quick silent
check "a case that ends with a bad status fails the run" \
	counted 1 '1 passed, 1 failed, 0 skipped' 'ended with status 139' quick crashes
check "a case that hangs fails the run" \
	counted 1 '1 passed, 1 failed, 0 skipped' 'ran longer than 3 s' quick hangs
check "nothing of it is left running" nobody_sleeps
check "an unexpected skip fails the run" \
	counted 1 '1 passed, 1 failed, 1 skipped' 'skip of too hard is not on the list' quick skips
check "one bad case among good ones fails the run" \
	counted 1 '3 passed, 1 failed, 0 skipped' '== no-end' quick good no-end
check "no case of that name is a matter of usage" \
	counted 2 'tests/run: no case matches: nonesuch' 'no case matches' quick nonesuch
check "what fails on a newer newest kernel only is a skip, and a warning" noted "$release" counted 0 \
	'1 passed, 0 failed, 1 skipped' "^newer: $newest_re" newer
check "what fails on every kernel fails the run" noted "$release" counted 1 \
	'0 passed, 1 failed, 0 skipped' 'FAILED  neither' ever-bad
check "what fails on the noted kernel fails the run" noted "$newest" counted 1 \
	'0 passed, 1 failed, 0 skipped' 'FAILED  the newest is good' newer
check "in a full run a newer kernel fails it too" noted "$release" in_full
check "a kernel is noted after a full run that passed, and not before" notes_it
check "fewer results than recorded fail the run" fewer
check "as many as are recorded for this tier do not" enough
check "more are told" more 'good 1 2' 1
check "a case that is not recorded is told" more 'bad 1 1' none
check "the number of results is recorded" records
check "that of a failed case is not" records_no_failure
check "nor is one that is another each time" records_what_is_the_same
check "durations are recorded" records_durations
check "a client comes to its end" client well
check "a client that fails does, too" client fails
check "a client that exits does not" client_exits
check "a client that crashes does not" eval '! client crashes'
check "nor one of which a line is lost" client_loses_a_line
check "caught: fewer results are not noticed" is_caught fewer-not-noticed fewer
check "caught: who breaks off ends like all others" is_caught ended-by-a-trap breaks_off
check "caught: a client that exits ends like all others" \
	is_caught client-ended-by-a-handler client_exits
finish
