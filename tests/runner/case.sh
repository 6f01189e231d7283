# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables are those of tests/run, which sources this
# One case: it runs, and is judged.

# A failure that the case itself could not report.
add_failure() { # verdict words
	local summary
	summary=$(grep -E '^[0-9]+ passed, ' "$1" || echo '0 passed, 0 failed, 0 skipped')
	sed -i '/^[0-9]* passed, /d' "$1"
	echo "  FAILED  $2" >>"$1"
	awk '{ print $1, "passed,", $3 + 1, "failed,", $5, "skipped" }' <<<"$summary" >>"$1"
}

run_case() { # file
	local file=$1 name start status=0 limit
	name=$(basename "$file" .sh)
	limit=$(head_value "$file" timeout 300)
	start=$SECONDS
	env -u MDK_RUN_CASE MDK_TIER="$tier" timeout -k 20 "$limit" "$file" \
		>"$out/$name.ktap" 2>"$out/$name.err" </dev/null || status=$?
	./mdev-sdk judge --ktap "$out/$name.ktap" --expected-skips tests/expected-skips \
		>"$out/$name.verdict" 2>&1
	case $status in
	0) ;;
	124 | 137) add_failure "$out/$name.verdict" "the case ran longer than $limit s" ;;
	*) add_failure "$out/$name.verdict" "the case ended with status $status" ;;
	esac
	note_run "$name" $((SECONDS - start))
	check_count "$name"
	printf '%-28s %4d s  %s\n' "$name" $((SECONDS - start)) \
		"$(grep -E '^[0-9]+ passed' "$out/$name.verdict" || echo 'no verdict')"
}
