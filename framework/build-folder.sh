#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Prints the folder that is built in: build/ of the SDK, or, as nobody may write to an installed one,
# a folder of the user's cache. mdev-sdk has the same, in tools/mdev-sdk/common/sdk.c.
# usage: build-folder.sh
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
if [ -d "$top/programs" ]; then
	version=$(cat "$top/VERSION")
	place=$(printf '%s\n' "$version$top" | tr / -)
	echo "${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mdev-sdk/build/$place"
else
	echo "$top/build"
fi
