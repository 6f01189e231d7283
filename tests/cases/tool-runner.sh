#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: tests/run counts a case that breaks off, hangs or says nothing as a failure
# tier: quick
# timeout: 120
# shellcheck source=tests/lib.sh
. tests/lib.sh

cases=$TMP/cases
mkdir "$cases"

# a_case NAME TIMEOUT: its commands come on standard input.
a_case() {
	{
		printf '#!/bin/bash\n# tier: quick\n# timeout: %s\n. tests/lib.sh\n' "$2"
		cat
	} >"$cases/$1.sh"
	chmod +x "$cases/$1.sh"
}

# counted STATUS SUMMARY ERE CASE...: the runner's status, its last line, what it tells of the cases.
counted() {
	MDK_CASES_DIR=$cases MDK_CHECK_OUT=$TMP/out expect "$1" "$3" tests/run quick "${@:4}" || return 1
	[ "$(tail -n 1 "$TMP/expect.out")" = "$2" ] || { echo "last line: needed $2"; return 1; }
}

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
nap=300.$$
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
	MDK_CASES_DIR=$cases MDK_CHECK_OUT=$TMP/out expect 1 '== newer' tests/run full newer
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

check "a good case passes" counted 0 '2 passed, 0 failed, 0 skipped' '^good ' good
check "a failed check fails the run" \
	counted 1 '0 passed, 1 failed, 0 skipped' 'FAILED  false is true' failing
check "no end marker fails the run" \
	counted 1 '1 passed, 1 failed, 0 skipped' 'no end marker' no-end
check "a case that breaks off fails the run" \
	counted 1 '1 passed, 2 failed, 0 skipped' 'no end marker' breaks-off
check "a case that prints nothing fails the run" \
	counted 1 '0 passed, 3 failed, 0 skipped' 'no plan' silent
check "a case that ends with a bad status fails the run" \
	counted 1 '1 passed, 1 failed, 0 skipped' 'ended with status 139' crashes
check "a case that hangs fails the run" \
	counted 1 '1 passed, 1 failed, 0 skipped' 'ran longer than 3 s' hangs
no_sleep() {
	! grep -lzx "$nap" /proc/[0-9]*/cmdline 2>/dev/null
}
check "nothing of it is left running" no_sleep
check "an unexpected skip fails the run" \
	counted 1 '1 passed, 1 failed, 1 skipped' 'skip of too hard is not on the list' skips
check "one bad case among good ones fails the run" \
	counted 1 '3 passed, 1 failed, 0 skipped' '== no-end' good no-end
check "no case of that name is a matter of usage" \
	counted 2 'tests/run: no case matches: nonesuch' 'no case matches' nonesuch
check "what fails on a newer newest kernel only is a skip, and a warning" noted "$release" counted 0 \
	'1 passed, 0 failed, 1 skipped' "^newer: $newest_re" newer
check "what fails on every kernel fails the run" noted "$release" counted 1 \
	'0 passed, 1 failed, 0 skipped' 'FAILED  neither' ever-bad
check "what fails on the noted kernel fails the run" noted "$newest" counted 1 \
	'0 passed, 1 failed, 0 skipped' 'FAILED  the newest is good' newer
check "in a full run a newer kernel fails it too" noted "$release" in_full
check "a kernel is noted after a full run that passed, and not before" notes_it
finish
