#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each rule of check finds what its fixtures say, and nothing else; explain shows examples
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh

# Rules and fixtures, in a copy that faults can be planted in.
root=$TMP/root
mkdir -p "$root/tests"
cp -r tools "$root/"
cp -r tests/cocci "$root/tests/"
export MDEV_SDK_ROOT=$root
options=(--no-sparse --kernel-scripts none --confidence low)

ids() {
	(cd "$root/tools/cocci/rules" && ls) | sed -n 's/\.\(cocci\|text\|flow\)$//p' | sort
}

# "FILE:LINE ID" of all that the fixtures want found.
wanted() {
	(cd "$root/tests/cocci" && grep -rnoE '/\* finds: [a-z0-9-]+ \*/' .) |
		sed -E 's|^\./([^:]+:[0-9]+):/\* finds: ([a-z0-9-]+) \*/$|\1 \2|' | sort -u
}

# The same of a report; $2: what is found of any rule but the one that a file is named for.
found() { # JSON
	/usr/bin/python3 - "$1" <<-'END'
	import json, sys
	with open(sys.argv[1]) as doc:
	    report = json.load(doc)
	for gap in report["not_checked"]:
	    print("not checked:", gap)
	for line in {f"{row['file']}:{row['line']} {row['id']}" for row in report["findings"] if not row["allowed"]}:
	    print(line)
	END
}

# One run for all rules and all fixtures, so a fixture raises no other rule's id either; with a RULE
# that one only.
fixtures_agree() { # [RULE]
	local only=${1:-[a-z0-9-]+}
	"$MDEV" check "$root/tests/cocci" "${options[@]}" ${1:+--rule "$1"} --json \
		>"$TMP/fixtures.json" 2>"$TMP/summary"
	[ -s "$TMP/fixtures.json" ] || { cat "$TMP/summary"; return 1; }
	[ "$(wanted | grep -cE " $only$")" -ge 3 ] || return 1
	diff -u <(wanted | grep -E " $only$") <(found "$TMP/fixtures.json" | sort)
}

# Functions and tables of the right fixtures, or files where there are more of them.
right_cases() { # ID
	local files functions
	files=$(find "$root/tests/cocci/$1" -name 'right-*.c' 2>/dev/null | wc -l)
	functions=$(cat "$root/tests/cocci/$1"/right-*.c 2>/dev/null | grep -cE '^};?$')
	echo $((files > functions ? files : functions))
}

# Three places to find and three that are right at least, and nothing is wanted in the right ones.
fixtures_are_enough() {
	local id status=0
	for id in $(ids); do
		[ "$(wanted | grep -c "^$id/wrong-.* $id$")" -ge 3 ] ||
			{ echo "$id: fewer than three places to find"; status=1; }
		[ "$(right_cases "$id")" -ge 3 ] || { echo "$id: fewer than three right cases"; status=1; }
		! wanted | grep "^$id/right-" || status=1
	done
	return $status
}

heads_are_whole() {
	local id file status=0
	for id in $(ids); do
		file=$(echo "$root/tools/cocci/rules/$id".*)
		for line in '^// SPDX-License-Identifier: GPL-2.0-only$' '^/// .' '^/// Do: ' \
			'^// Confidence: ' '^// Severity: ' '^// Class: (C[0-9]+|none)' '^// Needs: '; do
			grep -Eq "$line" "$file" || { echo "$id: no line like '$line'"; status=1; }
		done
	done
	return $status
}

# explain has both examples; the wrong one is found by its rule, the right one by none.
examples_agree() { # [RULE]
	local id status=0
	"$MDEV" check "$root/tools/cocci/examples" "${options[@]}" ${1:+--rule "$1"} --json \
		>"$TMP/examples.json" 2>"$TMP/summary"
	found "$TMP/examples.json" >"$TMP/examples"
	for id in ${1:-$(ids)}; do
		"$MDEV" explain "$id" >"$TMP/explained" || status=1
		for word in rank why mend wrong right; do
			grep -q "^  $word:" "$TMP/explained" || { echo "explain $id: no $word"; status=1; }
		done
		grep -q "^$id\.wrong\.c:[0-9]* $id$" "$TMP/examples" || { echo "$id: the wrong example is not found"; status=1; }
	done
	! grep -v '^\([a-z0-9-]*\)\.wrong\.c:[0-9]* \1$' "$TMP/examples" || status=1
	return $status
}

# What headers declare with __must_check, the rule about results knows.
answers_are_all() {
	grep -rh -A1 '__must_check' sdk/include framework/include | grep -oE '\b(mdk|mdev)_[a-z0-9_]+\(' | tr -d '(' | sort -u >"$TMP/declared"
	sed -n 's/^answers list //p' "$root/tools/cocci/names" | tr ' ' '\n' | sort -u >"$TMP/listed"
	[ "$(wc -l <"$TMP/declared")" -gt 30 ] || return 1
	comm -23 "$TMP/declared" "$TMP/listed" >"$TMP/missing"
	cat "$TMP/missing"
	[ ! -s "$TMP/missing" ]
}

# What the comment of a function says of its context, in whatever line.
sleepers_are_all() {
	cat sdk/include/mdk/*.h framework/include/mdev_sdk/*.h | awk '
		/^ \* [a-z0-9_]+\(\) - / { name = $2; sub(/\(\)/, "", name); context = "" }
		/ Context: / { context = "y" }
		context { text = text " " $0 }
		/ (Return|Guarantees):|\*\// {
			gsub(/[ *]+/, " ", text)
			sub(/ (Return|Guarantees):.*/, "", text)
			if (name && text ~ / may sleep/) print name
			context = text = ""
		}
		/\*\// { name = "" }' | sort -u >"$TMP/sleepers"
	sed -n 's/^sleeps use 0 //p' "$root/tools/cocci/names" | tr ' ' '\n' | sed 's/:.*//' | sort -u >"$TMP/listed"
	[ "$(wc -l <"$TMP/sleepers")" -gt 40 ] || return 1
	comm -23 "$TMP/sleepers" "$TMP/listed" >"$TMP/missing"
	cat "$TMP/missing"
	[ ! -s "$TMP/missing" ]
}

# A rule that asks for names of a family that there is not, is refused.
families_are_known() {
	sed -i 's/names(uncopied)/names(unheard)/' "$root/tools/cocci/rules/mdev-copyret.cocci"
	expect 3 'mdev-copyret.cocci is no good: it asks for names\(\) of a family that tools/cocci/names has not' \
		"$MDEV" check "$root/tests/cocci/mdev-copyret" "${options[@]}"
	local status=$?
	cp "$SDK/tools/cocci/rules/mdev-copyret.cocci" "$root/tools/cocci/rules/"
	return $status
}

rules_listed() {
	diff <(ids) <("$MDEV" explain --rules | cut -d' ' -f1 | sort)
}

explained_json() {
	"$MDEV" explain --rules --json >"$TMP/rules.json" || return 1
	/usr/bin/python3 - "$TMP/rules.json" docs/schema/explain.json <<-'END'
	import json, sys, jsonschema
	with open(sys.argv[1]) as doc, open(sys.argv[2]) as schema:
	    doc = json.load(doc)
	    jsonschema.validate(doc, json.load(schema))
	assert all("wrong" in r and "right" in r for r in doc["rules"])
	END
}

# planted NAME CHECK COMMAND...: what the command does to the copy must be found. CHECK is a function
# and what it is given, in one word.
planted() {
	local name=$1 by
	read -ra by <<<"$2"
	shift 2
	cp -r "$root" "$TMP/sound"
	"$@"
	if diff -r "$root" "$TMP/sound" >/dev/null; then
		fail "caught: $name" "nothing was planted"
	elif "${by[@]}" >"$TMP/planted.out" 2>&1; then
		fail "caught: $name"
	else
		pass "caught: $name"
	fi
	rm -rf "$root"
	mv "$TMP/sound" "$root"
}

# Everything but the head, and a rule that matches nothing, so that it runs.
emptied() {
	local rule=$root/tools/cocci/rules/mdk-result-ignored.cocci
	sed -i '/^@/,$d' "$rule"
	printf '@mdk_result_ignored@\n@@\n\nnobody_calls_this();\n' >>"$rule"
}

# A spatch with the regular expressions of OCaml, as in Debian 13, gets ours in its own form; the
# rest of a rule stays.
other_expressions() {
	mkdir -p "$TMP/bin"
	# shellcheck disable=SC2016 # for the script
	printf '%s\n' '#!/bin/sh' 'last=' 'for word; do' \
		'[ "$word" != --version ] || echo "Syntax of regular expressions: Str"' \
		'[ "$last" != --cocci-file ] || cat "$word" >>"'"$TMP"'/seen"' 'last=$word' 'done' >"$TMP/bin/spatch"
	chmod +x "$TMP/bin/spatch"
	PATH=$TMP/bin:$PATH "$MDEV" check "$root/tests/cocci" "${options[@]}" >"$TMP/other" 2>&1
	grep -F '=~ "^\(count\|cnt\|n\|nr\|num\|nvec\)"' "$TMP/seen" && grep -Fx '(' "$TMP/seen" &&
		! grep -E '[=!]~ "([^"]*[^\\"])?[(|)]' "$TMP/seen"
}

check "each rule has fixtures, three wrong and three right at least" fixtures_are_enough
check "on all fixtures exactly what they say" fixtures_agree
check "the head of each rule is whole" heads_are_whole
check "explain: both examples; the wrong one is found, the right one not" examples_agree
check "explain --rules lists them all" rules_listed
check "explain --rules --json is valid" explained_json
check "the SDK's functions with a result are in the table" answers_are_all
check "the SDK's functions that may sleep are in the table" sleepers_are_all
check "names of a family that is not in the table" families_are_known
planted "a name that the table lost" "fixtures_agree mdk-result-ignored" sed -i 's/ mdk_pinned_read / /' "$root/tools/cocci/names"
planted "a function with a result that the table lacks" answers_are_all \
	sed -i '/^answers/s/ mdk_zalloc / /' "$root/tools/cocci/names"
planted "a function that may sleep and that the table lacks" sleepers_are_all \
	sed -i '/^sleeps/s/ mdk_ring_read / /' "$root/tools/cocci/names"
planted "a rule that was emptied" "fixtures_agree mdk-result-ignored" emptied
planted "a rule that looks through helpers, and learns nothing of them" "fixtures_agree mdev-way-out" \
	sed -i '/^kref put\|^mutex get/d' "$root/tools/cocci/names"
planted "numbers of a guest that come in from nowhere" "fixtures_agree mdev-guest-length" \
	sed -i '/^copyin use\|^fetch use/d' "$root/tools/cocci/names"
planted "an answer to the guest that counts as a read" "fixtures_agree mdev-stack-bytes" \
	sed -i '/^copyout use/s/ vfio_dma_rw:true/ /' "$root/tools/cocci/names"
planted "stores of attributes that no rule reads" "fixtures_agree mdev-guest-length" \
	sed -i 's/ device_attribute mdk_attr / /' "$root/tools/cocci/rules/mdev-guest-length.flow"
planted "a rule that asks another question" "fixtures_agree mdev-after-put" \
	sed -i 's/^\/\/ Flow: .*/\/\/ Flow: balance/' "$root/tools/cocci/rules/mdev-after-put.flow"
planted "a rule of text that was emptied" "fixtures_agree mdk-version-if" \
	sed -i 's/^\/\/ Match: .*/\/\/ Match: nobody writes this/' "$root/tools/cocci/rules/mdk-version-if.text"
planted "a rule that finds too much" "fixtures_agree mdk-version-if" \
	sed -i 's/^\/\/ Match: .*/\/\/ Match: #/' "$root/tools/cocci/rules/mdk-version-if.text"
planted "an index that leaves out what counts" "fixtures_agree mdk-result-ignored" \
	sed -i 's/^\/\/ Needs: .*/\/\/ Needs: no_such_word/' "$root/tools/cocci/rules/mdk-result-ignored.cocci"
planted "an example that is not wrong" "examples_agree mdk-version-if" \
	cp "$root/tools/cocci/examples/mdk-version-if.right.c" "$root/tools/cocci/examples/mdk-version-if.wrong.c"
planted "a rule without fixtures" fixtures_are_enough rm -r "$root/tests/cocci/mdk-version-if"
check "regular expressions are in the form of the spatch that is there" other_expressions
finish
