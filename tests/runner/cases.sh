# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables are those of tests/run, which sources this
# Which cases there are, and in which order they start.

head_value() { # file key default
	local value
	value=$(sed -n "s/^# $2: *//p" "$1" | head -n 1)
	echo "${value:-$3}"
}

# A night's work each.
half_of() { # FILE
	case $(head_value "$1" needs nothing) in debug-kernel) echo debug ;; *) echo nested ;; esac
}

wanted() { # file patterns...
	local file=$1 name pattern
	shift
	[ "$tier" = full ] || [ "$(head_value "$file" tier quick)" = quick ] || return 1
	[ -z "$half" ] || [ "$half" = "$(half_of "$file")" ] || return 1
	[ $# -gt 0 ] || return 0
	name=$(basename "$file" .sh)
	for pattern; do
		case $name in *"$pattern"*) return 0 ;; esac
	done
	return 1
}

# The longest first, so that none of them runs alone at the end.
list_cases() { # patterns...
	local file
	for file in "$cases_dir"/*.sh; do
		wanted "$file" "$@" && echo "$(expected_seconds "$file") $file"
	done | sort -rn | cut -d' ' -f2
}
