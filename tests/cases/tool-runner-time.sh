#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: tests/run starts the longest first, goes on in CI while there is time, and after interruptions
# tier: full
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/runner.sh
. tests/tool/runner.sh

# One at a time, so that the order can be seen; each writes its name to the file of those that ran.
export MDK_JOBS=1
export RAN=$TMP/ran
unset CI MDK_CHECK_BEGAN

says_its_name() { # NAME SECONDS|- [LINE OF THE HEAD...]
	echo "$1 $2 $2" >>"$TREE/tests/durations.txt"
	a_case "$1" 300 "${@:3}" <<-'END'
	echo "$CASE" >>"$RAN"
	pass "ran"
	finish
	END
}
new_cases() {
	rm -rf "$TREE/tests/cases" "$TREE/build"
	mkdir "$TREE/tests/cases"
	: >"$TREE/tests/durations.txt"
}
commits() {
	in_tree git -c user.name=t -c user.email=t@t commit -q --allow-empty -m "$1"
}
ran_is() { # NAME...: those that ran since the last time, in this order
	local needed=$*
	[ "$(paste -sd ' ' "$RAN")" = "$needed" ] && rm "$RAN" && return
	echo "ran: $(paste -sd ' ' "$RAN"), needed: $needed"
	rm -f "$RAN"
	return 1
}
runs() { # STATUS SUMMARY ARGUMENT...
	rm -f "$RAN"
	counted "$1" "$2" . "${@:3}"
}

in_tree git init -q
new_cases
says_its_name short 5
says_its_name long 500
says_its_name middle 50
says_its_name unknown -
longest_first() {
	runs 0 '4 passed, 0 failed, 0 skipped' quick && ran_is long unknown middle short
}
check "cases start by what they took, the longest first" longest_first
check "caught: by their timeouts" is_caught order-of-timeouts longest_first

# In CI
new_cases
says_its_name quick 1
says_its_name both 1
# shellcheck disable=SC2016 # for the case
echo 'for _ in "${KERNELS[@]}"; do :; done' >>"$TREE/tests/cases/both.sh"
for name in a b c d; do
	says_its_name $name 100 'tier: full'
done
says_its_name huge 10000 'tier: full'
says_its_name endless 100 'tier: full'
says_its_name new - 'tier: full'
says_its_name debug 1 'tier: full' 'needs: debug-kernel'
in_tree git add -A
in_ci() { # SUMMARY ARGUMENT...
	CI=true runs 0 "$@"
}
only_ci() {
	runs 0 '2 passed, 0 failed, 0 skipped' quick &&
		in_ci '1 passed, 0 failed, 0 skipped' quick both
}
# Of 7 cases huge takes too long; how long the new one takes nobody knows.
goes_on() {
	commits one
	in_ci '8 passed, 0 failed, 0 skipped' quick || return 1
	grep 'The full tier from case .* of 7 on, .* for 35 minutes' "$TMP/expect.out" &&
		grep '1 of these cases are left' "$TMP/expect.out" &&
		grep -E '^a +[0-9]+ s ' "$TMP/expect.out" &&
		sort "$RAN" | paste -sd ' ' | grep -x 'a b both both c d endless quick'
}
# What a commit runs first is another one each time; huge is passed over.
walks() {
	local i
	rm -f "$TMP/first"
	for i in 1 2 3 4 5 6 7; do
		commits $i
		in_ci '8 passed, 0 failed, 0 skipped' quick || return 1
		sed -n 3p "$RAN" >>"$TMP/first"
	done
	paste -sd ' ' "$TMP/first"
	[ "$(sort -u "$TMP/first" | wc -l)" = 6 ]
}
# A clone without history has no number of its commit.
walks_without_history() {
	local i
	rm -f "$TMP/first"
	for i in 1 2 3 4 5 6; do
		commits "shallow $i"
		rm -rf "$TMP/shallow"
		git clone -q --depth 1 "file://$TREE" "$TMP/shallow" || return 1
		(cd "$TMP/shallow" && CI=true tests/run quick) >"$TMP/out" || return 1
		grep 'The full tier from case' "$TMP/out" >>"$TMP/first"
	done
	cat "$TMP/first"
	[ "$(sort -u "$TMP/first" | wc -l)" -gt 1 ]
}
# A case of 100 s takes 150 there.
has_35_minutes() {
	MDK_ROTATION_S=130 in_ci '3 passed, 0 failed, 0 skipped' quick &&
		sed -n 3p "$RAN" | grep -x both &&
		MDK_ROTATION_S=170 in_ci '8 passed, 0 failed, 0 skipped' quick
}
has_55_minutes() {
	MDK_CHECK_BEGAN=$(($(date +%s) - 55 * 60 + 130)) \
		in_ci '3 passed, 0 failed, 0 skipped' quick &&
		grep '6 of these cases are left' "$TMP/expect.out"
}
check "what follows the quick tier is for CI, and for all of it" only_ci
check "in CI cases of the full tier follow, and are counted" goes_on
check "each commit begins with another one" walks
check "also in a clone without history" walks_without_history
check "35 minutes are there for them" has_35_minutes
check "55 minutes are there for all" has_55_minutes
check "caught: all commits begin with the same one" is_caught rotation-stands-still walks
check "caught: the last line is of the quick tier" is_caught rotation-not-counted goes_on
check "caught: a case that never ran is one of them" is_caught rotation-takes-new goes_on
check "caught: there is no end to it" is_caught rotation-without-end has_35_minutes
check "caught: what was before does not count" is_caught rotation-counts-from-now has_55_minutes

new_cases
says_its_name quick 1
says_its_name slow 1 'tier: full'
echo "sleep $nap" >>"$TREE/tests/cases/slow.sh"
# It takes longer than it did, and must not take the time in which CI gets its last line.
stops_in_time() {
	MDK_CHECK_S=4 MDK_GRACE_S=1 in_ci '1 passed, 0 failed, 1 skipped' quick &&
		nobody_sleeps
}
check "what takes longer is stopped in time, which is no failure" stops_in_time

# The full tier
new_cases
says_its_name a 30
says_its_name b 20 'tier: full'
says_its_name c 10 'tier: full'
says_its_name d 5 'tier: full' 'needs: debug-kernel'
cat >>"$TREE/tests/cases/c.sh" <<END
[ ! -e "\$RAN.wait" ] || sleep $nap
END
in_tree git add -A
commits full

# Once the third case sleeps, as by Ctrl-C: all processes of the terminal; or the runner alone.
interrupt() { # [alone]
	local pid i
	rm -f "$RAN"
	touch "$RAN.wait"
	(cd "$TREE" && exec setsid env --default-signal=INT tests/run full --anew) \
		>"$TMP/interrupted" 2>&1 &
	pid=$!
	for ((i = 0; i < 300; i++)); do
		nobody_sleeps || break
		sleep 0.1
	done
	if [ $# -gt 0 ]; then kill $pid; else kill -INT -- -$pid; fi
	wait $pid
	rm "$RAN.wait"
	cat "$TMP/interrupted"
	ran_is a b c && grep 'goes on from here' "$TMP/interrupted"
}
leaves_nothing() { # [alone]
	local i
	interrupt "$@" || return 1
	for ((i = 0; i < 50; i++)); do
		nobody_sleeps && return
		sleep 0.1
	done
	pkill -xf "sleep $nap"
	return 1
}
goes_on_there() {
	interrupt && runs 0 '4 passed, 0 failed, 0 skipped' full && ran_is c d &&
		grep 'goes on: 2 of 4 .* ANEW=1' "$TMP/expect.out"
}
all_of_it() { # ARGUMENT...
	runs 0 '4 passed, 0 failed, 0 skipped' full "$@" && ran_is a b c d
}
starts_anew() {
	interrupt && all_of_it --anew
}
knows_the_sources() {
	interrupt && echo '# changed' >>"$TREE/tests/lib.sh" && all_of_it
}
# Who asks again for all of what was finished, and for one by name, wants to see it run.
runs_again() {
	interrupt && runs 0 '4 passed, 0 failed, 0 skipped' full && ran_is c d && all_of_it &&
		runs 0 '1 passed, 0 failed, 0 skipped' full a && ran_is a
}
# A quick run in between is no part of it.
not_by_quick() {
	interrupt && runs 0 '1 passed, 0 failed, 0 skipped' quick && ran_is a &&
		runs 0 '4 passed, 0 failed, 0 skipped' full && ran_is c d
}
keeps_to_the_budget() {
	MDK_BUDGET_S=25 runs 1 '3 passed, 1 failed, 0 skipped' full --anew && ran_is b c d &&
		grep -A 1 'Out of time .* make check-full goes on with' "$TMP/expect.out" | grep -x a &&
		runs 0 '4 passed, 0 failed, 0 skipped' full && ran_is a
}
half_a_budget() {
	MDK_BUDGET_S=50 runs 1 '2 passed, 1 failed, 0 skipped' full --half nested --anew &&
		ran_is b c
}
passed_as_a_whole() {
	[ -s "$TREE/build/check/full-passed" ]
}
has_halves() {
	rm -rf "$TREE/build"
	runs 0 '3 passed, 0 failed, 0 skipped' full --half nested --anew && ran_is a b c &&
		! passed_as_a_whole &&
		runs 0 '1 passed, 0 failed, 0 skipped' full --half debug && ran_is d && passed_as_a_whole
}
check "an interrupted run leaves nothing behind" leaves_nothing
check "nor does one whose end nobody tells its cases" leaves_nothing alone
check "it goes on with what was not finished, and says so" goes_on_there
check "but starts anew if that is wanted" starts_anew
check "and if the sources are others" knows_the_sources
check "and if there is nothing left to do" runs_again
check "a quick run in between takes nothing from it" not_by_quick
check "what there is no time for is not started, and has not passed" keeps_to_the_budget
check "a half has half the time" half_a_budget
check "two halves on the same sources are the whole" has_halves
check "and there are no others" \
	counted 2 "tests/run: no half 'third': nested or debug" . full --half third
check "caught: all of it is run again" is_caught nothing-is-finished goes_on_there
check "caught: what was interrupted runs on" is_caught interrupted-runs-on leaves_nothing
check "caught: the runner ends alone" is_caught cases-are-not-told leaves_nothing alone
check "caught: a case that was interrupted has finished" \
	is_caught interrupted-has-finished goes_on_there
check "caught: what other sources did counts" is_caught other-sources-count knows_the_sources
check "caught: what was not started is forgotten" \
	is_caught not-started-has-passed keeps_to_the_budget
check "caught: a half is the whole" is_caught half-is-the-whole has_halves
finish
