#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each script ends with 2 for wrong usage, in a sentence, and does nothing before
# tier: quick
# timeout: 60
# shellcheck source=tests/lib.sh
. tests/lib.sh

# A word that no program knows, and none where one is needed. tests/transcripts has the verbs.
usages=(
	'tools/lint/run no-such-rule'
	'tools/deps.sh --frob'
	'tools/config/kconfig'
	'tools/config/kconfig frob'
	'tools/docs/build --frob'
	'tools/docs/vgpu-page --frob'
	'tools/lab/debug-kernel --frob'
	'tools/lab/qemu-newest --frob'
	'tools/cocci/results --frob'
	'tools/new-each'
	'tools/dkms/make --frob'
	'framework/build.sh'
	'framework/build.sh frob'
	'framework/build.sh module'
	'framework/config.sh NO_SUCH_OPTION'
	'framework/install.sh'
	'framework/install.sh frob'
	'tests/run quick no-such-case'
	'tests/transcripts.sh frob'
	'build/host/conform/mdev-conform --frob'
	'build/host/conform/mdev-conform --list --from none'
	'build/host/conform/mdev-conform --list --without sysfs'
	'build/host/conform/mdev-poke'
	'build/host/conform/mdev-poke none frob'
)

# Within seconds: what goes on as if nothing was wrong builds, fetches or boots something.
told() { # COMMAND
	# shellcheck disable=SC2086 # several words
	expect 2 "usage|no-such|unknown|no such|no option|is no|is 'none'|is 'sysfs'|frob" timeout 10 $1
}

for usage in "${usages[@]}"; do
	check "usage: $usage" told "$usage"
done
finish
