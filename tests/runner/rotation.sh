# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables are those of tests/run, which sources this
# Cases of the full tier behind the quick one, in CI, which has an hour for all. Each commit starts
# some cases further on in the list than the one before, and takes what there is time for.

rotation_s=${MDK_ROTATION_S:-$((35 * 60))}
# Since `make check` began: nothing is started that would be there then, and what is there a little
# later is stopped.
check_s=${MDK_CHECK_S:-$((55 * 60))}
grace_s=${MDK_GRACE_S:-180}
# CI is slower than the machines where durations are recorded, in percent.
ci_slower=150

# Of a case that nobody has seen to its end it is not known whether it fits: make check-full is the
# first to run it.
ran_once() { # FILE
	[ -n "$(tier=full recorded "$durations_txt" "$(basename "$1" .sh)")" ]
}

# What the full tier has and the quick one has not: cases of its own, and other kernels for some. The
# debug kernel alone takes longer to build than there is time.
rotation_list() {
	local file
	for file in "$cases_dir"/*.sh; do
		[ "$(head_value "$file" needs nothing)" != debug-kernel ] || continue
		ran_once "$file" || continue
		if [ "$(head_value "$file" tier quick)" = full ] ||
			grep -Eq "^[^'#]*(KERNELS\[[@*]\]|full_tier)" "$file"; then
			echo "$file"
		fi
	done
}

greatest_common_divisor() { # A B
	if [ "$2" = 0 ]; then
		echo "$1"
	else
		greatest_common_divisor "$2" $(($1 % $2))
	fi
}

# How much further each commit starts. Without a common factor with the length of the list each case
# is the first one some time, when even the longest has a chance.
stride() { # LENGTH
	local step
	for step in 7 6 5 4 3 2 1; do
		[ "$(greatest_common_divisor "$1" $step)" != 1 ] || break
	done
	echo $step
}

# What CI stops for its own sake has not failed.
was_stopped() { # STATUS LIMIT FILE
	case $1 in 124 | 137) [ "$2" -lt "$(head_value "$3" timeout 300)" ] ;; *) return 1 ;; esac
}

skip_stopped() { # NAME LIMIT
	printf '%s\n' "  skipped  stopped after $2 s, CI has no more time" \
		'0 passed, 0 failed, 1 skipped' >"$out/$1.verdict"
}

rotate() {
	local list n start began now until
	mapfile -t list < <(rotation_list)
	n=${#list[@]}
	[ "$n" -gt 0 ] || return 0
	start=$(($(commit_number) * $(stride "$n") % n))
	list=("${list[@]:start}" "${list[@]:0:start}")
	now=$(date +%s) began=${MDK_CHECK_BEGAN:-$main_began}
	until=$((now + rotation_s < began + check_s ? now + rotation_s : began + check_s))
	echo
	echo "The full tier from case $((start + 1)) of $n on, $(basename "${list[0]}" .sh)," \
		"for $(((until - now) / 60)) minutes:"
	use_tier full
	forget "${list[@]}"
	run_cases --until "$until" --slower $ci_slower --forgiving \
		--stop $((began + check_s + grace_s)) -- "${list[@]}"
	mapfile -t list < <(started "${list[@]}")
	[ ${#list[@]} = 0 ] || report "${list[@]}"
	echo "$((n - ${#list[@]})) of these cases are left to other commits and make check-full."
	rm -f "$out/not-started"
}

started() { # FILE...
	local file
	for file; do
		grep -qsx "$(basename "$file" .sh)" "$out/not-started" || echo "$file"
	done
}
