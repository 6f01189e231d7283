# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables are those of tests/run, which sources this
# The failures, and the last line.

sum_up() {
	awk '/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { p += $1; f += $3; s += $5; n++ }
	     END { if (n < cases) f += cases - n
		   printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f || !p }' \
		cases="$1" "${@:2}"
}

show_failures() { # verdict files
	local verdict name
	for verdict; do
		if grep -Eq '^[0-9]+ passed, 0 failed' "$verdict" 2>/dev/null; then
			continue
		fi
		name=$(basename "$verdict" .verdict)
		echo
		echo "== $name (again: tests/run $tier $name; files: $out/$name.*)"
		grep -v '^  ok ' "$verdict" | head -n 60
		tail -n 15 "$out/$name.err"
	done
}
