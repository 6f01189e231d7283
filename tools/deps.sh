#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Lists the Debian packages that are needed and installs the missing ones (root), or prints the
# line that does (anyone else). Nothing is asked of apt when all are there.
# usage: tools/deps.sh
set -eu

[ $# = 0 ] || {
	echo "deps: usage: tools/deps.sh, without '$1'" >&2
	exit 2
}
list=$(dirname "$0")/packages

wanted() {
	sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$list"
}

missing() {
	for package in $wanted; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
			echo "$package"
	done
}

command -v dpkg-query >/dev/null || {
	echo "deps: this is not a Debian system; install what $list names by hand" >&2
	exit 3
}
# Kept first: of a list that cannot be read nothing is missing.
wanted=$(wanted)
packages=$(missing | tr '\n' ' ')
[ -n "$packages" ] || exit 0

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
