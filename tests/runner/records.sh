# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables are those of tests/run and tests/record
# What is recorded of each case, in a column for the quick and one for the full tier: how many results
# it has and how many seconds it takes. tests/record writes the files.

# Nothing if it is not known.
recorded() { # FILE NAME
	awk -v name="$2" -v tier="$tier" '
		{ value = tier == "quick" ? $2 : $3 }
		$1 == name && value != "-" { print value }' "$1"
}

# A timeout is what a case may take at most.
expected_seconds() { # FILE OF THE CASE
	local seconds
	seconds=$(recorded "$durations_txt" "$(basename "$1" .sh)")
	echo "${seconds:-$(head_value "$1" timeout 300)}"
}

# For tests/record: RESULTS SECONDS passed|failed.
note_run() { # NAME SECONDS
	local results verdict=passed
	results=$(grep -cE '^(not )?ok [0-9]' "$out/$1.ktap")
	! failed "$1" || verdict=failed
	echo "$results $2 $verdict" >"$out/$1.ran"
}

# A test that did not run says nothing. What was recorded knows of it.
check_count() { # NAME
	local results needed words
	read -r results _ <"$out/$1.ran"
	needed=$(recorded "$counts_txt" "$1")
	[ -n "$needed" ] && [ "$results" -lt "$needed" ] || return 0
	words="the case has $results results where $counts_txt says $needed: a test did not run"
	add_failure "$out/$1.verdict" "$words; if it is gone for good: make test-counts"
}

# New tests are not missed before they are recorded. Of a case that says `# counted: full` a quick run
# has other results each time.
show_unrecorded() { # FILE...
	local file name results needed
	for file; do
		name=$(basename "$file" .sh)
		[ "$tier" = full ] || [ "$(head_value "$file" counted "")" != full ] || continue
		read -r results _ 2>/dev/null <"$out/$name.ran" || continue
		needed=$(recorded "$counts_txt" "$name")
		[ "$results" = "${needed:-none}" ] || [ "$results" -lt "${needed:-0}" ] ||
			echo "$name has $results results," \
				"$counts_txt says ${needed:-none}: make test-counts"
	done
}
