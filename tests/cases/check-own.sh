#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the rules are silent on our own trees and on every generated driver; make coccicheck
# tier: quick
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh

# What is found must not depend on what is installed: `make coccicheck` has no flag for that, and finds
# no kernel's rules in a cache that is empty.
export XDG_CACHE_HOME=$TMP/cache

silent() { # DIR
	expect 0 '^checked [1-9][0-9]* files? by [1-9][0-9]* rules?, 0 not checked; 0 errors, 0 warnings, 0 notes' \
		"$MDEV" check "$1" --no-sparse --kernel-scripts none --severity note
}

# With more of what a driver may have than the kind has.
generate() {
	tools/new-each "$TMP/generated" my --irq intx --irq msix:4 --bar 4:callback:4K
}

# In a generated tree, with a mistake and without.
in_tree() {
	local tree=$TMP/generated/minimal
	expect 0 '^checked 2 files' make -s -C "$tree" coccicheck || return 1
	cat >>"$tree/myminimal.c" <<-'END'

	static void poke(struct mdk_dev *dev, u64 iova, u32 *word)
	{
		mdk_dma_write(dev, iova, word, 4);
	}
	END
	# make's own status is 2; the word of the script is in its message.
	expect 2 'myminimal\.c:[0-9]+:[0-9]+: error: .*\[mdk-result-ignored\]' make -C "$tree" coccicheck || return 1
	grep -q 'Error 1$' "$TMP/expect.out"
}

variables() {
	local tree=$TMP/generated/minimal
	expect 2 'rule mdk-result-ignored: (1 file|2 files)' make -C "$tree" coccicheck V=1 J=1 || return 1
	expect 0 '\* TODO \[\[view:.*mdk-result-ignored' make -s -C "$tree" coccicheck MODE=org || return 1
	(cd "$tree" && cp "$SDK/tools/cocci/rules/mdk-result-ignored.cocci" own.cocci &&
		expect 2 'by 1 rule, 0 not checked; 0 errors, 1 warning' make -C . coccicheck COCCI=own.cocci)
}

check "a driver of each kind is generated" generate
for dir in framework sdk examples docs/guide/code tests/fixtures/vrng; do
	check "silent: $dir" silent "$SDK/$dir"
done
check "silent: the generated drivers" silent "$TMP/generated"
check "make coccicheck in a generated driver: a mistake is found" in_tree
check "make coccicheck: V=, J=, MODE= and COCCI=" variables
finish
