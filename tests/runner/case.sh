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

# timeout has a process group of its own, which a key on the terminal does not reach. For what the
# shell starts in the background that signal is ignored, which env undoes.
run_limited() { # LIMIT FILE
	local pid status
	env --default-signal=INT,QUIT -u CI -u MDK_CHECK_BEGAN MDK_TIER="$tier" \
		timeout -k 20 "$1" "$2" &
	pid=$!
	trap 'trap "" INT TERM; kill $pid; wait $pid; exit 130' INT TERM
	wait $pid
	status=$?
	trap - INT TERM
	return $status
}

# What the case may take, or less where a whole run must come to its end.
time_limit() { # FILE
	local limit left
	limit=$(head_value "$1" timeout 300)
	left=$((stop ? stop - $(date +%s) : limit))
	left=$((left > 0 ? left : 1))
	echo $((left < limit ? left : limit))
}

judge_case() { # NAME STATUS LIMIT
	./mdev-sdk judge --ktap "$out/$1.ktap" --expected-skips tests/expected-skips \
		>"$out/$1.verdict" 2>&1
	case $2 in
	0) ;;
	124 | 137) add_failure "$out/$1.verdict" "the case ran longer than $3 s" ;;
	*) add_failure "$out/$1.verdict" "the case ended with status $2" ;;
	esac
}

run_case() { # file
	local file=$1 name start status=0 limit
	name=$(basename "$file" .sh)
	limit=$(time_limit "$file")
	start=$SECONDS
	run_limited "$limit" "$file" >"$out/$name.ktap" 2>"$out/$name.err" </dev/null || status=$?
	if was_stopped $status "$limit" "$file"; then
		skip_stopped "$name" "$limit"
	else
		judge_case "$name" $status "$limit"
		note_run "$name" $((SECONDS - start))
		check_count "$name"
	fi
	printf '%-28s %4d s  %s\n' "$name" $((SECONDS - start)) \
		"$(grep -E '^[0-9]+ passed' "$out/$name.verdict" || echo 'no verdict')"
}

# What a process of run_cases does.
run_one() { # FILE
	local name newest state
	name=$(basename "$1" .sh)
	[ -z "$mark" ] || state=$(tree_state)
	if ! in_time "$1"; then
		echo "$name" >>"$out/not-started"
		return
	fi
	run_case "$1"
	if [ -n "$forgiving" ] && failed "$name" && grep -q newest "$1" && in_time "$1" &&
		newest=$(newer_than_noted); then
		forgive "$name" "$newest" "$(instead_of_newest)" "$1"
	fi
	[ -z "$mark" ] || [ "$(tree_state)" != "$state" ] || echo "$state" >"$out/$name.done"
}
