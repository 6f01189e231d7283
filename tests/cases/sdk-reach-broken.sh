#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of what is checked before hardware is asked is caught
# tier: full
# timeout: 1500
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/reach.sh
. tests/clients/reach.sh

# variant | world | $WORLD | result that must fail
variants() {
	cat <<-'END'
	mask-unchecked|none|direct|far.a_list
	single-page-unchecked|none|direct|far.a_page
	borders-crossed|none|direct|segments.none_crosses_a_border
	short-segments-unchecked|none|direct|segments.shorter_than_a_page
	passed-through-is-translated|pt|direct|far.a_list
	bounce-buffers-used|bounced|bounced|near.a_list
	translated-refused|translated|translated|far.a_list
	parts-of-pages-bounced|translated|translated|untrusted.a_part_of_a_page
	END
}

boot_copy() { # piece
	"$TMP/sdk/mdev-sdk" boot --kernel 6.1 "${BOOT_OPTIONS[@]}" --module "$ko" \
		--file "$CLIENT:/bin/core-client" --run "WORLD=$between core-client $1" \
		--ktap "$TMP/ktap" --log "$TMP/log" --timeout 60
}

in_world() { # VARIANT WORLD BETWEEN RESULT
	local between=$3
	case $2 in
	none) BOOT_OPTIONS=("${EDU[@]}") ;;
	pt) BOOT_OPTIONS=("${EDU[@]}" "${PASS_THROUGH[@]}") ;;
	bounced) BOOT_OPTIONS=("${EDU[@]}" "${BOUNCED[@]}") ;;
	translated) BOOT_OPTIONS=("${EDU[@]}" "${TRANSLATED[@]}") ;;
	esac
	caught "$1" reach "$4"
}

# What is said is in the log, not in a result.
said_wrongly() { # VARIANT
	in_world "$1" none direct '^ok ' || return 1
	! said K160 K161 K164
}

import_is_caught() {
	local between=direct
	BOOT_OPTIONS=("${EDU[@]}" --module "$vgpu dmabuf=1")
	caught import-unchecked reachbuf '^not ok .*import.by_one_that_does_not'
}

client_build
framework_for 6.1 && ko=$(fixture_for 6.1) && vgpu=$(vgpu_for 6.1)
copy_sdk
as_it_is() {
	local between=direct
	BOOT_OPTIONS=("${EDU[@]}")
	build_in_copy && boot_copy reach && said K160 K161 K164
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r variant world between result; do
	check "$variant" in_world "$variant" "$world" "$between" "^not ok .*$result"
done < <(variants)
check "a message each time" said_wrongly refused-each-time
check "no message at registration" said_wrongly not-foretold
check "import-unchecked" import_is_caught
finish
