#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Lists the Debian packages that are needed and installs the missing ones (root), or prints the
# line that does (anyone else). Nothing is asked of apt when all are there.
# usage: tools/deps.sh [--say] [build|run|test]
# build|run|test: those that the list marks so. --say: install nothing, say the line in one sentence; on
# a machine without dpkg nothing is known, and nothing said
set -eu

say=
if [ "${1:-}" = --say ]; then
	say=y
	shift
fi
mark=${1:-}
case $#:$mark in
0: | 1:build | 1:run | 1:test) ;;
*)
	echo "deps: usage: tools/deps.sh [--say] [build|run|test], without '$*'" >&2
	exit 2
	;;
esac
list=$(dirname "$0")/packages

wanted() {
	sed -n "/# .*\[$mark/s/[[:space:]]*#.*//p" "$list"
}

missing() {
	for package in $wanted; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			echo "$package"
	done
}

command -v dpkg-query >/dev/null || [ -z "$say" ] || exit 0
command -v dpkg-query >/dev/null || {
	echo "deps: this is not a Debian system; install what $list names by hand" >&2
	exit 3
}
# Kept first: of a list that cannot be read nothing is missing.
wanted=$(wanted)
packages=$(missing | tr '\n' ' ')
[ -n "$packages" ] || exit 0

if [ "$say" ]; then
	echo "mdev-sdk: packages are missing; as root: apt-get install --no-install-recommends ${packages% }" >&2
	exit 3
fi
# shellcheck disable=SC2086
echo packages needed: $wanted
echo "packages missing: $packages"
if [ "$(id -u)" != 0 ]; then
	echo "not root, so install them with this line and start again:" >&2
	echo "    sudo apt-get install --no-install-recommends $packages" >&2
	exit 3
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
apt-get -q install -y --no-install-recommends $packages >/dev/null 2>&1 ||
	{ apt-get -q update && apt-get -q install -y --no-install-recommends $packages; } || {
	echo "deps: apt-get could not install them; its message is above" >&2
	exit 3
}
