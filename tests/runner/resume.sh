# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables are those of tests/run, which sources this
# The full tier takes hours: what was finished before an interruption is not run again, and nothing
# is started that the budget leaves no time for.

budget_s=${MDK_BUDGET_S:-$((12 * 3600))}

# What a result is of: all files that git knows or would add, and the newest kernel of the day. A
# tree without git has no state, and nothing of it is ever finished.
tree_state() {
	git rev-parse --git-dir >/dev/null 2>&1 || return 0
	{
		git ls-files -coz --exclude-standard | sort -z | xargs -0 sha256sum
		./mdev-sdk kernel newest --print release
	} 2>&1 | sha256sum
}

is_finished() { # NAME STATE
	[ -n "$2" ] && [ -f "$out/$1.verdict" ] && [ "$(cat "$out/$1.done" 2>/dev/null)" = "$2" ]
}

forget() { # FILE...
	local file
	for file; do
		rm -f "$out/$(basename "$file" .sh)".*
	done
}

# Is there time for this case, if it takes what is recorded?
in_time() { # FILE
	[ -z "$until" ] ||
		[ $(($(date +%s) + $(expected_seconds "$1") * slower / 100)) -le "$until" ]
}

not_finished() { # STATE FILE...
	local state=$1 file
	shift
	for file; do
		is_finished "$(basename "$file" .sh)" "$state" || echo "$file"
	done
}

# When all is finished, who asks again wants to see it again.
run_whole_tier() {
	local todo
	mapfile -t todo < <(not_finished "$(tree_state)" "${cases[@]}")
	if [ -n "$anew" ] || [ ${#todo[@]} = 0 ]; then
		todo=("${cases[@]}")
	elif [ ${#todo[@]} != ${#cases[@]} ]; then
		echo "goes on: $((${#cases[@]} - ${#todo[@]})) of ${#cases[@]} cases are finished on" \
			"these sources, see $out; all of them anew: make check-full ANEW=1"
	fi
	[ -z "$half" ] || budget_s=$((budget_s / 2))
	forget "${todo[@]}"
	trap 'stop_cases "; make check-full goes on from here"' INT TERM
	run_cases --mark --until $(($(date +%s) + budget_s)) -- "${todo[@]}"
}

# One half after the other is the whole, if the sources are the same.
whole_tier_passed() {
	local file name state
	[ -n "$half" ] || return 0
	state=$(tree_state)
	half=''
	while read -r file; do
		name=$(basename "$file" .sh)
		is_finished "$name" "$state" && ! failed "$name" || return 1
	done < <(list_cases)
}
