# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the scripts of this folder and of tests/migrate, in the project's own: our drivers, and copies of them.

drivers() {
	echo vgpu-stub examples/vgpu-stub
	echo nic templates/nic
	echo vrng tests/fixtures/vrng
	echo mtty examples/mtty
}

# A corpus belongs to a tree's path: a copy has none.
copy_tree() { # NAME FOLDER COPY
	case $2 in
	templates/*) ./mdev-sdk new --name "my${1//-/_}" --kind "$1" --dir "$3" >/dev/null ;;
	*) cp -r "$2" "$3" && rm -rf "$3/build" ;;
	esac
}

# The rows of a page, for lines of NAME...: of the last run of each, which is what the page says where
# none was here.
rows() { # FOLDER PAGE-AS-IT-WAS
	local name
	while read -r name _; do
		cat "$1/$name.row" 2>/dev/null || grep "^| $name |" <<<"$2"
	done
}
