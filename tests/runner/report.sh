# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables are those of tests/run, which sources this
# The failures, and the last line.

# Of each case that was to run, in both tiers.
verdicts=()

show_failures() { # FILE...
	local file verdict name
	for file; do
		name=$(basename "$file" .sh)
		verdict=$out/$name.verdict
		if ! failed "$name" || grep -qsx "$name" "$out/not-started"; then
			continue
		fi
		echo
		echo "== $name (again: tests/run $tier $name; files: $out/$name.*)"
		grep -v '^  ok ' "$verdict" | head -n 60
		tail -n 15 "$out/$name.err"
	done
}

show_newest() {
	[ -s "$base/newest-failed" ] || return 0
	echo
	echo "WARNING: newer than the noted kernel of $kernels_txt, and not all passes there; make check-full fails:"
	cat "$base/newest-failed"
}

# Who is not there has not passed.
show_not_started() {
	[ -s "$out/not-started" ] || return 0
	echo
	echo "Out of time after $((budget_s / 60)) minutes;" \
		"not run, which counts as failed, and what make check-full goes on with:"
	sort "$out/not-started"
}

report() { # FILE...
	local file
	for file; do
		verdicts+=("$out/$(basename "$file" .sh).verdict")
	done
	show_failures "$@"
	show_unrecorded "$@"
}

last_line() {
	show_newest
	show_not_started
	echo
	cat -- "${verdicts[@]}" 2>/dev/null | awk '
		/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { p += $1; f += $3; s += $5; n++ }
		END { if (n < cases) f += cases - n
		      printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f || !p }' \
		cases="${#verdicts[@]}"
}
