#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: what `new` generates of each kind builds without a word of warning and passes, on each kernel
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/tree.sh
. tests/tool/tree.sh

# Files that have no licence line of their own.
no_licence() {
	find "$1" -type f | while read -r file; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-only' || echo "$file"
	done
}

well_made() { # TREE NAME MAX-LINES
	[ -z "$(no_licence "$1")" ] || { echo "without a licence:"; no_licence "$1"; return 1; }
	[ "$(cd "$1" && grep -rl TODO)" = "$2.c" ] || { echo "TODO in:"; grep -rl TODO "$1"; return 1; }
	grep -rn '@[A-Z_]*@' "$1" && { echo "words of the template are left"; return 1; }
	[ "$(wc -l <"$1/$2.c")" -le "$3" ] || { echo "more than $3 lines"; return 1; }
}

lines_of=([0]=100 [1]=150 [2]=210 [3]=450 [4]=120 [5]=170)
kinds=(minimal serial vgpu nic virtio-rng virtio-net)
indexes=(0 1 2 3 4 5)
# A quick run boots with the kind that one meets first; what a guest sees of the others the case
# user-tool looks at, without one. It builds one of these.
full_tier || indexes=(0 $((1 + $(turn 5))))
for i in "${indexes[@]}"; do
	kind=${kinds[i]}
	name=my${kind//-/_}
	tree=$TMP/$name
	check "$kind: new generates a tree" "$MDEV" new --name "$name" --kind "$kind" --dir "$tree"
	check "$kind: licence everywhere, TODO in one file, at most ${lines_of[i]} lines" \
		well_made "$tree" "$name" "${lines_of[i]}"
	check "$kind: builds with W=1 C=2 without a warning on 6.1" quiet_build "$tree" W=1 C=2
	check "$kind: sparse really looked at it" grep "CHECK .*$name.c" "$TMP/build.out"
	full_tier || [ "$kind" = minimal ] || continue
	check "$kind: the pages in docs/ are what the loaded driver says" \
		expect 0 'say what the driver says' "$MDEV" registers --check "$tree"
	# Types that differ in nothing but a size are tested in full once, with the kind minimal.
	only=()
	[ "$kind" = minimal ] || only=(--type "$name-1")
	check "$kind: passes the suite on 6.1" \
		expect 0 ' 0 failed' "$MDEV" test "$tree" "${only[@]}"
	check "$kind: passes the suite on the newest kernel" \
		expect 0 ' 0 failed' "$MDEV" test "$tree" --kernel newest --type "$name-1"
	check "$kind: builds with W=1 C=2 without a warning on the newest kernel" \
		quiet_build "$tree" W=1 C=2 KVER=newest
done

# The checks above can fail: a driver that answers otherwise, and one whose tables changed.
tree=$TMP/mutant
"$MDEV" new --name mutant --kind vgpu --dir "$tree" >/dev/null
sed -i 's/mdk_irq_raise(dev/mdk_reg_set_bits(dev, MUTANT_BAR_CONTROL, MUTANT_ISR/; s/MUTANT_STRIDE, "STRIDE"/MUTANT_STRIDE, "PITCH"/' "$tree/mutant.c"
check "a test of the tree notices a lost interrupt" \
	expect 1 'mdk_irq_await.* is 0' own_tests "$tree" --type mutant-1
check "an edited table is noticed in the pages" \
	expect 1 '^[+]. 0x010 . PITCH' "$MDEV" registers --check "$tree"

tree=$TMP/myserial
[ -d "$tree" ] || "$MDEV" new --name myserial --kind serial --dir "$tree" >/dev/null
check "make -C TREE builds it too" make --no-print-directory -C "$tree"
check "make -C TREE clean leaves what new generated" sh -c "
	make --no-print-directory -C '$tree' clean >/dev/null 2>&1
	'$MDEV' new --name myserial --kind serial --dir '$TMP/again' >/dev/null && diff -r '$tree' '$TMP/again'"

# As dkms does: the tree below its own folder, dkms.conf sourced, MAKE[0] evaluated there.
dkms_build() {
	local build=$TMP/dkms/myserial/0.1/build
	mkdir -p "${build%/build}"
	cp -r "$TMP/again" "$build"
	# shellcheck disable=SC2016
	dkms_tree=$TMP/dkms kernel_source_dir=$("$MDEV" kernel 6.1 --print kdir) bash -c '
		. "$1/dkms.conf" && cd "$1" && eval "${MAKE[0]}" &&
			ls "${BUILT_MODULE_NAME[0]}.ko" &&
			[ "${DEST_MODULE_LOCATION[0]}" = /updates/dkms ] && eval "$CLEAN"' sh "$build" &&
		diff -r "$TMP/again" "$build"
}
check "dkms.conf builds and cleans it" dkms_build

# Below a kernel's tree, its configuration decides.
kbuild_list() { # MAKE ARGS...
	# shellcheck disable=SC2016 # dollars of make
	printf 'include %s/Kbuild\nall: ; @echo "[$(obj-)][$(obj-m)]"\n' "$TMP/again" >"$TMP/mk"
	make -s -f "$TMP/mk" "$@"
}
check "Kbuild builds a module by itself" [ "$(kbuild_list KBUILD_EXTMOD=x)" = '[][myserial.o]' ]
check "Kbuild builds nothing in a kernel without its option" [ "$(kbuild_list)" = '[myserial.o][]' ]
check "Kbuild builds a module in a kernel with its option" \
	[ "$(kbuild_list CONFIG_MYSERIAL=m)" = '[][myserial.o]' ]
finish
