#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each mistake of tests/broken/driver fails just the listed tests; the unpatched driver passes
# tier: quick
# timeout: 1500
# counted: full
# shellcheck source=tests/lib.sh
. tests/lib.sh

# A patch may say in its head, where patch(1) does not look: `# fixture: NAME` (default rawv11), and
# `# only: TEST...` where others follow from it, or the kernel would go down in them.
patches=(tests/broken/driver/*.patch)
# A quick run takes every seventh.
if ! full_tier; then
	for i in "${!patches[@]}"; do
		[ $((i % 7)) = "$(turn 7)" ] || unset "patches[i]"
	done
fi
fixture=tests/fixtures/rawv11

head_value() { # patch key
	sed -n "s/^# $2: *//p" "$1"
}

# Names of failed tests without the type, which does not matter here.
failed() { # ktap
	sed -n 's/^not ok [0-9]* \([a-z_.]*\).*/\1/p' "$1" | sort -u
}

changed_lines() { # patch
	grep -c '^[+-][^+-]' "$1"
}

judge_variant() { # patch
	local name tree ktap from test options=()
	name=$(basename "$1" .patch)
	tree=$TMP/$name
	ktap=$TMP/$name.ktap
	from=$(head_value "$1" fixture)
	for test in $(head_value "$1" only); do
		options+=(--only "$test")
	done
	cp -r "tests/fixtures/${from:-rawv11}" "$tree"
	rm -f "$tree"/*.o "$tree"/*.ko
	patch -s -d "$tree" -p1 <"$1" || return 1
	"$MDEV" test "$tree" "${options[@]}" --ktap "$ktap" >"$TMP/$name.out" 2>&1
	grep -q '^# mdev-conform: end' "$ktap" || {
		echo "the run did not come to its end:"
		grep -v '^  ok ' "$TMP/$name.out"
		return 1
	}
	diff -u --label needed --label found "tests/broken/driver/$name.expect" <(failed "$ktap") || {
		grep -v '^  ok ' "$TMP/$name.out"
		return 1
	}
}

check "the unpatched driver passes" expect 0 ' 0 failed' "$MDEV" test "$fixture"
for patch in "${patches[@]}"; do
	name=$(basename "$patch" .patch)
	check "$name changes at most 10 lines" [ "$(changed_lines "$patch")" -le 10 ]
	check "$name fails exactly its tests" judge_variant "$patch"
done
finish
