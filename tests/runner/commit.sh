# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the runner and for cases: what goes by turns goes on with each commit.

# A clone without its history has no number, but its commit has.
commit_number() {
	local hash
	if [ "$(git rev-parse --is-shallow-repository 2>/dev/null)" = false ]; then
		git rev-list --count HEAD
	else
		hash=$(git rev-parse HEAD 2>/dev/null)
		echo $((16#0${hash:0:7}))
	fi
}
