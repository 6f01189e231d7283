#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each known defect of mediated drivers, tried on the SDK: does not compile, is refused, or does no harm
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

dir=tests/impossible
mapfile -t attempts < <(cd $dir/compile && grep -l '^/\* compiler: ' ./*.c | sed 's|^\./||')
# The rows of the table: first column, then everything.
mapfile -t rows < <(grep -E '^\| [0-9A-Za-z]+ \|' $dir/README.md | grep -vE '^\| (row|pitfall) ')

copy_of() { # source folder, name
	mkdir -p "$TMP/$2"
	cp "$dir/$1"/{Kbuild,*.c,*.h} "$TMP/$2"
	echo "$TMP/$2"
}

# The compiler's own words about this file, and the attempt is in the build.
does_not_compile() { # file
	local words
	words=$(sed -n 's|^/\* compiler: \(.*\) \*/$|\1|p' "$dir/compile/$1")
	grep "/$1:.*error:" "$TMP/attempts.log"
	[ -n "$words" ] && grep "/$1:.*error:" "$TMP/attempts.log" | grep -Eq -- "$words" &&
		grep -Eq "\b${1%.c}\.o\b" $dir/compile/Kbuild
}

# A test that another case runs: its name stands in the sources of that case's client or suite.
other_case_has() { # case test
	local places=(tests/clients/*.c)
	[ "$1" != sdk-refused ] || places=(tests/fixtures/refused/expected)
	[ -x "tests/cases/$1.sh" ] && grep -qE "(^|\")${2//./\\.}(\"|\\|)" "${places[@]}"
}

holds() { # what the last column of the table names
	case $1 in
	compile/*) printf '%s\n' "${attempts[@]}" | grep -qx "${1#compile/}" ;;
	'client: '*) grep -qE "^ok [0-9]+ ${1#client: }\$" "$TMP/ktap" ;;
	'log: '*) grep -qF -- "${1#log: }" "$TMP/log" ;;
	*': '*) other_case_has "${1%%: *}" "${1#*: }" ;;
	*) return 1 ;;
	esac
}

# shellcheck disable=SC2016 # backquotes of the table
row_holds() { # row
	local name names=0
	while read -r name; do
		names=$((names + 1))
		holds "$name" || { echo "does not hold: $name"; return 1; }
	done < <(cut -d '|' -f 5- <<<"$1" | grep -o '`[^`]*`' | tr -d '`')
	[ $names -gt 0 ]
}

nothing_is_missing() {
	local name
	for name in {1..15} Unmap Create Remove Parent Release Close IRQ mmap Access; do
		printf '%s\n' "${rows[@]}" | grep -q "^| $name |" || { echo "no row: $name"; return 1; }
	done
	for name in "${attempts[@]}"; do
		grep -qF "\`compile/$name\`" $dir/README.md || { echo "not in the table: $name"; return 1; }
	done
}

check "as they should be, they compile" make --no-print-directory M="$(copy_of compile right)"
ATTEMPT=y make -k -j2 --no-print-directory M="$(copy_of compile attempts)" >"$TMP/attempts.log" 2>&1
for file in "${attempts[@]}"; do
	check "does not compile: ${file%.c}" does_not_compile "$file"
done

make -s -C $dir O="$SDK/build/host/clients" >&2 || exit 3
check "the driver of all other mistakes builds" make --no-print-directory M="$(copy_of driver impossible)"
"$MDEV" boot --kernel 6.1 --module "$TMP/impossible/impossible.ko" \
	--file build/host/clients/impossible-client:/bin/impossible-client --run impossible-client \
	--ktap "$TMP/ktap" --log "$TMP/log" --timeout 90 >"$TMP/boot.out" 2>&1
status=$?
guest_results "" "$TMP/ktap"
guest_is_clean() {
	cat "$TMP/boot.out"
	[ $status = 0 ] && whole_ktap "$TMP/ktap" && ! grep 'was registered' "$TMP/log"
}
check "the guest came to its end, its kernel said nothing" guest_is_clean

for row in "${rows[@]}"; do
	check "$(cut -d '|' -f 2,3 <<<"$row" | sed 's/^ //; s/ |/:/; s/ $//')" row_holds "$row"
done
check "each row, each pitfall and each attempt is in the table" nothing_is_missing
finish
