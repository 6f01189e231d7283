#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Reads .config at the top of the tree, of an installed SDK that of the user's own configuration, or
# the file that MDK_CONFIG names. What it does not say, or all of it when there is no file, is as
# framework/Kconfig has it by default.
# usage: config.sh                all values, NAME=VALUE a line
#        config.sh NAME           one value
#        config.sh file           the file that is read, there or not
#        config.sh headers DIR    a header for each option, touched only when its value changes
# exit 2: no such NAME; 3: the file holds something that is no value of an option
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
own=$top/.config
[ ! -d "$top/programs" ] || own=${XDG_CONFIG_HOME:-${HOME:-/tmp}/.config}/mdev-sdk/config
config=${MDK_CONFIG:-$own}
if [ "${1:-}" = file ]; then
	echo "$config"
	exit
fi
[ -e "$config" ] || config=/dev/null

# Kconfig first, then the configuration; the first fault ends it.
# shellcheck disable=SC2016
reader='
function die(text) {
	name = FILENAME
	if (index(name, top "/") == 1)
		name = substr(name, length(top) + 2)
	print "mdev-sdk: " name ":" FNR ": " text >"/dev/stderr"
	bad = 1
	exit 3
}

# MDK_DEFAULT_KERNEL_6_12 chooses 6.12.
function word(option) {
	option = tolower(substr(option, length(choice[option]) + 2))
	sub(/_/, ".", option)
	return option
}

function take(option, value,    group) {
	if (!(option in known))
		die("CONFIG_" option " is no option of framework/Kconfig; remove the line, or run: make oldconfig")
	if (value != "y" && value != "n")
		die("CONFIG_" option " is " value ", needed is y or n; mend the line, or run: make menuconfig")
	group = choice[option]
	if (!group)
		result[option] = value
	else if (value == "y" && group in chosen)
		die("CONFIG_" option " and CONFIG_" chosen[group] " are both y, needed is one of them; mend the lines, or run: make menuconfig")
	else if (value == "y")
		chosen[group] = option
}

function declare(option) {
	known[option]
	if (in_choice) {
		match(option, /^MDK_DEFAULT_[A-Z]+/)
		choice[option] = substr(option, 1, RLENGTH)
		if (option == standard)
			usual[choice[option]] = option
	}
	latest = option
}

FNR == 1 { file++ }
file == 1 && $1 == "choice" { in_choice = 1 }
file == 1 && $1 == "endchoice" { in_choice = 0 }
file == 1 && $1 == "config" { declare($2) }
file == 1 && $1 == "default" && in_choice { standard = $2 }
file == 1 && $1 == "default" && !in_choice { result[latest] = $2 }
file == 1 { next }

/^# CONFIG_[A-Z0-9_]* is not set$/ { take(substr($2, 8), "n"); next }
/^CONFIG_[A-Za-z0-9_]*=/ {
	at = index($0, "=")
	take(substr($0, 8, at - 8), substr($0, at + 1))
	next
}
!/^[ \t]*(#.*)?$/ { die("\"" $0 "\" is not of the form CONFIG_NAME=y; remove the line, or run: make oldconfig") }

END {
	if (bad)
		exit 3
	for (option in result)
		print option "=" result[option]
	for (group in usual)
		print group "=" word(group in chosen ? chosen[group] : usual[group])
}'

values=$(awk -v top="$top" "$reader" "$top/framework/Kconfig" "$config") || exit 3

value_of() { # NAME
	printf '%s\n' "$values" | sed -n "s/^$1=//p"
}

define() { # NAME
	value=$(value_of "$1")
	case $value in
	y) echo "#define $1 1" ;;
	n) echo "#define $1 0" ;;
	*) echo "#define $1 \"$value\"" ;;
	esac
}

# One a file: what does not depend on an option is not compiled again when it changes.
header() { # DIR NAME
	file=$(echo "${2#MDK_}" | tr '[:upper:]' '[:lower:]')
	file=$1/$file.h
	text=$(define "$2")
	text="/* Made by framework/config.sh from .config. */
$text"
	[ "$(cat "$file" 2>/dev/null)" = "$text" ] || printf '%s\n' "$text" >"$file"
}

case ${1:-} in
'') printf '%s\n' "$values" | sort ;;
headers)
	mkdir -p "$2"
	for name in MDK_RUNTIME_CHECKS MDK_TRACE MDK_DEFAULT_BUS; do
		header "$2" $name
	done
	;;
*)
	value=$(value_of "$1")
	[ -n "$value" ] || {
		echo "mdev-sdk: '$1' is no option of framework/Kconfig" >&2
		exit 2
	}
	echo "$value"
	;;
esac
