#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: the kernel's own rules, where a cache has them: they find, and what they cannot do decides nothing
# tier: quick
# timeout: 240
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/tool/spoil.sh
. tests/tool/spoil.sh

# A cache that holds the sources of a kernel, as `mdev-sdk source` leaves them; the rules are made up.
export XDG_CACHE_HOME=$TMP/cache
scripts=$XDG_CACHE_HOME/mdev-sdk/sources/9.9.9-1/scripts/coccinelle

rule() { # NAME: its text comes on standard input
	mkdir -p "$(dirname "$scripts/$1")"
	cat >"$scripts/$1.cocci"
}

finding() { # NAME WORDS [LINE OF PYTHON]
	local python=${3:-}
	[ -n "$python" ] || python="coccilib.report.print_report(p[0], 'WARNING: $2')"
	rule "$1" <<END
/// $2
// Confidence: High
virtual report
@r@
position p;
@@
kfree@p(...)
@script:python depends on report@
p << r.p;
@@
$python
END
}

ocaml_rule() {
	rule null/badzero <<'END'
/// A made-up rule whose script is OCaml
virtual report
@initialize:ocaml@
@@
let count = ref 0
@r@
position p;
@@
kfree@p(...)
@script:ocaml depends on report@
p << r.p;
@@
count := List.length p
END
}

fill() {
	rm -rf "$scripts"
	finding free/kfree "a call of kfree"
	mkdir -p "$TMP/tree"
	printf '#include <linux/slab.h>\nstatic int gone(void *p)\n{\n\t%s(p);\n\treturn 0;\n}\n' \
		"${1:-kvfree}" >"$TMP/tree/a.c"
	# What only rules that are optional would look at, and spatch cannot parse.
	printf 'static int odd(void *p)\n{\n\tFOO BAR BAZ(p) { kfree(p, 4) } QUX;\n}\n' >"$TMP/tree/odd.c"
}

check_tree() { # ARGUMENT...
	"$MDEV" check "$TMP/tree" --no-sparse "$@"
}

# Status 0, all files checked, and the words.
not_run() { # ERE ARGUMENT...
	local words=$1
	shift
	expect 0 "$words" check_tree "$@" && grep -q '^checked 2 files .* 0 not checked;' "$TMP/expect.out"
}

ocaml() {
	local words='^not run: linux/null/badzero, which cannot run here: .*OCaml'
	ocaml_rule
	# Where there is a compiler for it, the rule runs.
	! command -v ocamlopt ocamlopt.opt >/dev/null || words='0 warnings'
	not_run "$words"
}

by_name() {
	printf '/// Broken\nvirtual report\n@r\n' | rule misc/returnvar
	expect 3 'no file was checked by linux/misc/returnvar' check_tree --rule linux/misc/returnvar
}

syntax() {
	printf '/// Broken\nvirtual report\n@r\n' | rule misc/returnvar
	not_run '^not run: linux/misc/returnvar, which cannot run here: spatch failed' || return 1
	# It is not one of those that ran.
	local with without
	with=$(sed -n 's/^checked .* by \([0-9]*\) rules.*/\1/p' "$TMP/expect.out")
	rm "$scripts/misc/returnvar.cocci"
	without=$(check_tree | sed -n 's/^checked .* by \([0-9]*\) rules.*/\1/p')
	[ "$with" = "$without" ] || { echo "rules: $with with it, $without without it"; return 1; }
}

other_head() {
	printf '/// Of a kernel that has no report\nvirtual context\n' | rule api/pm_runtime
	not_run "^not run: the kernel's own rules: .* has no .*api/pm_runtime \(it has no 'virtual report'\)"
}

endless() {
	fill kfree
	rm "$scripts/free/kfree.cocci"
	finding locks/flags "never" "while True: pass"
	not_run '^not run: linux/locks/flags over .*: it took longer than' --timeout 2
}

babbles() {
	fill kfree
	rm "$scripts/free/kfree.cocci"
	finding locks/flags "babbles" 'print("all is well")'
	not_run '^not run: linux/locks/flags, which cannot run here: it printed a line that is no finding'
}

finds() {
	fill kfree
	expect 1 'a\.c:4:[0-9]+: warning: a call of kfree \[linux/free/kfree\]' check_tree
}

in_json() {
	ocaml_rule
	printf '/// Broken\nvirtual report\n@r\n' | rule misc/returnvar
	check_tree --json >"$TMP/json" 2>/dev/null || return 1
	/usr/bin/python3 "$SDK/tests/tool/findings.py" json "$TMP/json" "$SDK/docs/schema/check.json" &&
		grep 'linux/misc/returnvar, which cannot run here' "$TMP/json"
}

explains() { # ERE
	expect 0 "$1" "$MDEV" explain linux/null/badzero &&
		grep -q 'finds: *a pointer compared with 0' "$TMP/expect.out"
}

explains_json() {
	"$MDEV" explain linux/null/badzero --json >"$TMP/json" && /usr/bin/python3 -c '
import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open("docs/schema/explain.json")))' "$TMP/json"
}

make_coccicheck() {
	expect 0 '^checked 2 files' make --no-print-directory coccicheck M="$TMP/tree"
}

check "no kernel's rules: said, and clean" expect 0 "^not run: the kernel's own rules: this machine has no" \
	"$MDEV" check examples/mtty --no-sparse
check "explain of one that is not here" explains 'file: *none: this machine has no scripts/coccinelle'
fill
check "a rule in OCaml" ocaml
check "explain of it" explains 'needs: *spatch with OCaml scripting'
check "explain of it as JSON" explains_json
check "explain of none" expect 2 "there is no rule 'linux/null/badzer'; did you mean 'linux/null/badzero'" \
	"$MDEV" explain linux/null/badzer
check "make coccicheck" make_coccicheck
check "a rule that spatch cannot read" syntax
check "a rule without a report" other_head
check "--json says which" in_json
check "who asks for it by name is told" by_name
check "a rule that does not end" endless
check "a rule that prints something else" babbles
check "what they find is found" finds
fill
ocaml_rule
broken "a checker for which what is optional decides" syntax check/spatch.c \
	's/rule->optional = rule->listed .*/rule->optional = false;/'
finish
