#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: sources and catalog name the same ids and messages, docs/errors.md is new, explain finds all
# tier: quick
# timeout: 120
# shellcheck source=tests/lib.sh
. tests/lib.sh

# A copy of what is compared, for faults to be planted in.
tree=$TMP/tree
fresh() {
	rm -rf "$tree"
	mkdir -p "$tree/docs"
	cp -r framework sdk tools "$tree/"
	cp docs/contract.md docs/errors.md "$tree/docs/"
}

entries() { # kinds, as in a bracket expression
	sed -n "s/^id: \([$1].*\)$/\1/p" "$tree/tools/mdev-sdk/common/errors.txt" | sort
}

# "ID message" of all that the framework prints: format strings, with * for what changes. What both a
# kernel and a process print has the same words in both.
messages() {
	{
		grep -rhoE '"[^"]*\[K[0-9]+\]\\n"' "$tree/framework" |
			sed -E 's/^"(.*) \[(K[0-9]+)\]\\n"$/\2 \1/'
		grep -rhoE 'mdk_fault\([a-z>-]+, "M[0-9]+", "[^"]*"' "$tree/framework" |
			sed -E "s/^[^\"]*\"(M[0-9]+)\", \"(.*)\"$/\1 model '*': \2/"
	} | sed -E 's/%(pUl|pM|[0-9]*(ll|l|z)?[a-z])/*/g' | sort -u
}

same() { # FILE FILE
	diff -u "$1" "$2"
}

ids_agree() {
	[ "$(messages | wc -l)" -gt 100 ] || return 1
	same <(entries KM) <(messages | cut -d' ' -f1)
}

findings_agree() {
	[ "$(entries D | wc -l)" -gt 20 ] || return 1
	same <(entries D) <(grep -hoE '"D[0-9]+"' -r "$tree/tools/mdev-sdk" --include=*.c | tr -d '"' | sort -u)
}

# Two heads that work at once take the same number.
ids_are_single() {
	sed -n 's/^id: //p' "$tree/tools/mdev-sdk/common/errors.txt" | sort | uniq -d >"$TMP/twice"
	cat "$TMP/twice"
	[ ! -s "$TMP/twice" ]
}

# The command's own numbers are in its messages or not yet; none may be unknown.
tool_ids_known() {
	grep -rhoE '\[T[0-9]+\]' "$tree/tools" --include=*.c --include=*.sh | tr -d '[]' | sort -u |
		comm -13 <(entries T) - >"$TMP/unknown"
	cat "$TMP/unknown"
	[ ! -s "$TMP/unknown" ]
}

# says of the kernel's entries is the message, letter by letter.
words_agree() {
	awk '/^id: [KM]/ { id = $2 } /^id: [^KM]/ { id = "" }
	     /^says: / && id { print id, substr($0, 7) }' "$tree/tools/mdev-sdk/common/errors.txt" |
		sort >"$TMP/said"
	[ -s "$TMP/said" ] && same "$TMP/said" <(messages)
}

# Those of the command: each piece between the stars stands in a source.
tool_words_agree() {
	cat "$tree"/tools/*/*.c "$tree"/tools/{mdev-sdk,conform}/*/*.c | tr -d '\n' | sed -E 's/"[ \t]*"//g' >"$TMP/source"
	awk '/^id: T/ { id = $2 } /^id: [^T]/ { id = "" }
	     /^says: / && id { print substr($0, 7) }' "$tree/tools/mdev-sdk/common/errors.txt" |
		tr '*' '\n' | sed 's/^ *//; s/ *$//' | grep -E '[a-z]{3}' >"$TMP/pieces"
	[ "$(wc -l <"$TMP/pieces")" -gt 8 ] || return 1
	while IFS= read -r piece; do
		grep -qF -- "$piece" "$TMP/source" || { echo "nothing says '$piece'"; return 1; }
	done <"$TMP/pieces"
}

# The server's of a driver in user space are all in its messages.
server_ids_agree() {
	same <(entries U) <(grep -rhoE '\[U[0-9]+\]' "$tree/framework/user" "$tree/tools/fuzz" | tr -d '[]' | sort -u)
}

# Every message of the framework has an id, but for the two of the contract that are no errors.
all_have_ids() {
	grep -rnE '\b(pr|dev)_(err|warn|notice|info|alert|crit)[a-z_]*\(' --exclude-dir=shim "$tree/framework" -A2 |
		awk '/(pr|dev)_(err|warn|notice|info|alert|crit)[a-z_]*\(/ { print text; text = "" }
		     { text = text $0 } END { print text }' |
		grep -E '"' | grep -vE '\[(K[0-9]+|%s)\]\\n"|MDEV: (Registered|Unregistering)' >"$TMP/bare"
	cat "$TMP/bare"
	[ ! -s "$TMP/bare" ]
}

# A message that has an errno says what that errno means, and does not guess (framework/mdev/cause.h).
none_guesses() {
	messages | grep -F 'errno *' >"$TMP/errnos"
	[ "$(wc -l <"$TMP/errnos")" -gt 15 ] || return 1
	! grep -E '\b(may|might|maybe|perhaps|probably|possibly|could be)\b|, or memory|\?' "$TMP/errnos"
}

# But for one whose words are all somebody else's.
all_labelled() {
	tests/tool/messages "$tree"/tools/lab/*.c "$tree"/tools/mdev-sdk/{,*/}*.c | grep -v 'x: x x failed: x; x' \
		>"$TMP/messages"
	[ "$(wc -l <"$TMP/messages")" -gt 100 ] || return 1
	while IFS= read -r line; do
		"$MDEV" explain "$line" 2>/dev/null | grep -q '^T[0-9]*:' || echo "no id: $line"
	done <"$TMP/messages" >"$TMP/bare"
	cat "$TMP/bare"
	[ ! -s "$TMP/bare" ]
}

# The table of docs/contract.md, and all that public headers say.
errnos_known() {
	awk -F'|' '/^\| file \| errno/ { on = 1 } /^$/ { on = 0 }
		on { if ($2 ~ /[a-z]/) file = toupper($2)
		     gsub(/ /, "", file); n = split($3, e, /[ ,]+/)
		     for (i = 1; i <= n; i++) if (e[i] ~ /^E[A-Z]+$/) print "E-" file "-" e[i] }' \
		"$tree/docs/contract.md" | sort >"$TMP/table"
	[ "$(wc -l <"$TMP/table")" -ge 7 ] || return 1
	comm -23 "$TMP/table" <(entries E) >"$TMP/unknown"
	grep -rhoE -- '-E[A-Z0-9]{3,}\b' "$tree/framework/include" "$tree/sdk/include" | sort -u |
		while read -r name; do
			entries E | grep -q -- "-${name#-}$" || echo "no entry of ${name#-}"
		done >>"$TMP/unknown"
	cat "$TMP/unknown"
	[ ! -s "$TMP/unknown" ]
}

# The program has the catalog built in, so this also tells a program that is not.
docs_are_new() {
	"$MDEV" explain --markdown | diff -u "$tree/docs/errors.md" -
}

# A message of a misuse and the rule that finds it name each other.
rules_agree() {
	awk '/^id: / { id = $2 } /^rule: / { for (i = 2; i <= NF; i++) print $i, id }' \
		"$tree/tools/mdev-sdk/common/errors.txt" | sort >"$TMP/of-entries"
	(cd "$tree/tools/cocci/rules" && awk '/^\/\/ Message: / { sub(/\.[a-z]*$/, "", FILENAME)
		for (i = 3; i <= NF; i++) print FILENAME, $i }' ./*) | sed 's|^\./||' | sort >"$TMP/of-rules"
	[ "$(wc -l <"$TMP/of-rules")" -ge 8 ] && same "$TMP/of-entries" "$TMP/of-rules"
}

# planted NAME CHECK SED-SCRIPT FILE: the check must find what is planted.
planted() {
	fresh
	sed -i "$3" "$tree/$4"
	if cmp -s "$4" "$tree/$4"; then
		fail "caught: $1" "nothing was planted"
	elif "$2" >"$TMP/planted.out" 2>&1; then
		fail "caught: $1"
	else
		pass "caught: $1"
	fi
}

finds() { # STATUS ID... -- ARGUMENT...: exactly these entries
	local status=$1 ids=()
	shift
	while [ "$1" != -- ]; do ids+=("$1"); shift; done
	shift
	expect "$status" '' "$MDEV" explain "$@" || return 1
	same <(printf '%s\n' "${ids[@]}") <(sed -nE 's/^([KMDT][0-9]+|E-[A-Z-]+): .*/\1/p' "$TMP/expect.out")
}

all_listed() {
	fresh
	expect 0 '^K1 ' "$MDEV" explain --list || return 1
	same <(entries 'KMDTEU' | sort) <(cut -d' ' -f1 "$TMP/expect.out" | sort)
}

valid_json() {
	/usr/bin/python3 - "$1" docs/schema/explain.json <<-'END'
	import json, sys, jsonschema
	with open(sys.argv[1]) as doc, open(sys.argv[2]) as schema:
	    jsonschema.validate(json.load(doc), json.load(schema))
	END
}

json_is_valid() {
	"$MDEV" explain --json >"$TMP/json" && valid_json "$TMP/json" || return 1
	sed '0,/"mend"/s//"mends"/' "$TMP/json" >"$TMP/broken"
	! valid_json "$TMP/broken" 2>/dev/null
}

log() {
	cat <<-'END'
	[    0.000000] Linux version 6.1.0-1-amd64 [K999] [    1.2]
	[    3.141500] myvgpu myvgpu: create 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001: what a later version says [K37]
	[    3.200000] mdk_model: model 'x': region 'a': registers 'ID' and 'CTRL' are both at 0x8: move one
	[    3.300000] myvgpu myvgpu: create again [K37]
	END
}

stream() {
	log | finds 1 K37 M8 -- - || return 1
	log | head -n 1 | "$MDEV" explain - >"$TMP/nothing" && [ ! -s "$TMP/nothing" ]
}

# The kernel's own lines are known by their words, each as what it is.
kernels_lines() {
	finds 0 E-LOAD-ENOKEY -- 'my: module verification failed: signature and/or required key missing - tainting kernel' &&
		finds 0 E-LOAD-ENOKEY -- "modprobe: ERROR: could not insert 'my': Required key not available" &&
		finds 0 E-LOAD-EKEYREJECTED -- 'Loading of unsigned module is rejected' &&
		finds 0 E-LOAD-EKEYREJECTED -- "modprobe: ERROR: could not insert 'my': Key was rejected by service" &&
		finds 0 E-LOAD-EPERM -- \
			'Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7' &&
		finds 0 E-LOCKDOWN-EPERM -- 'Lockdown: cat: /dev/mem,kmem,port is restricted; see man kernel_lockdown.7' &&
		expect 2 'no message of the SDK' "$MDEV" explain 'my: module license unspecified taints kernel.'
}

fresh
check "kernel: each id has an entry, each entry an id" ids_agree
check "server: catalog and sources name the same ids" server_ids_agree
check "kernel: the catalog has the words of each message" words_agree
check "kernel: no message is without an id" all_have_ids
check "kernel: no message with an errno guesses what it means" none_guesses
check "doctor: each finding has an entry, each entry a finding" findings_agree
check "no id is that of two entries" ids_are_single
check "command: no id is unknown" tool_ids_known
check "command: the catalog has words of each message" tool_words_agree
check "command: each message has an id" all_labelled
check "each errno of contract and headers has an entry" errnos_known
check "messages and the rules that find them name each other" rules_agree
check "docs/errors.md is as the catalog has it (make errors)" docs_are_new

planted "an id that the catalog lacks, in a message" ids_agree 's/\[K40\]/[K400]/' framework/mdev/create_remove.c
planted "an id that the catalog lacks, of a model's fault" ids_agree 's/"M8"/"M999"/' framework/model/check.c
planted "one id for two messages" ids_agree 's/"M8"/"M9"/' framework/model/check.c
planted "an id twice" ids_are_single "s/^id: T172$/id: T171/" tools/mdev-sdk/common/errors.txt
planted "an entry that nothing prints" ids_agree 's/^id: K40$/&0/' tools/mdev-sdk/common/errors.txt
planted "other words" words_agree 's/a number is needed/a digit is needed/' framework/mdev/create_remove.c
planted "a message without an id" all_have_ids 's/ \[K40\]//' framework/mdev/create_remove.c
planted "a guess beside an errno" none_guesses \
	's/not registered (errno %d): %s/not registered (errno %d): memory may have run out/' \
	framework/mdev/parent.c
planted "a finding that the catalog lacks" findings_agree 's/"D16"/"D160"/' tools/mdev-sdk/doctor/kernel.c
planted "a message of the command without an id" all_labelled \
	's/is no key; one of/is unheard of; one of/' tools/mdev-sdk/kernel.c
planted "an errno without an entry" errnos_known 's/-EINVAL/-EXDEV/' sdk/include/mdk/driver.h
planted "a message that does not name its rule" rules_agree '/^rule: mdk-lock-callback$/d' tools/mdev-sdk/common/errors.txt
planted "a rule that does not name its message" rules_agree 's/^\/\/ Message: K75 K76/\/\/ Message: K75/' tools/cocci/rules/mdev-way-out.flow
planted "a stale page" docs_are_new 's/^Cause: /&Once upon a time. /' docs/errors.md

check "an id, in small letters" finds 0 K41 -- k41
check "an errno: all entries of it" finds 0 E-CREATE-ENOSPC E-PIN-ENOSPC -- ENOSPC
check "an errno by its number" finds 0 E-CREATE-ENOSPC E-PIN-ENOSPC -- 28
check "a message of the command, by its words" finds 0 T1 -- "mdev-sdk: the name 'int' cannot be used: it is a keyword of C"
check "a message names its rule" expect 0 '^  rule: *mdev-way-out$' "$MDEV" explain K75
check "a rule names its messages" expect 0 '^  says: *K75 K76 K221$' "$MDEV" explain mdev-way-out
check "an unknown errno: the nearest one" expect 2 "unknown id 'EINVALL'; did you mean 'EINVAL'?" \
	"$MDEV" explain EINVALL
check "a word that is no id: who speaks of it" expect 2 "'bus' is no id; of it speak K" \
	"$MDEV" explain bus
check "nothing is near: nothing is proposed" expect 2 "unknown id 'EFOO'; mdev-sdk explain --list" \
	"$MDEV" explain EFOO
check "an unknown id: the nearest one" expect 2 "unknown id 'E-CREATE-ENOSPACE'; did you mean 'E-CREATE-ENOSPC'?" \
	"$MDEV" explain E-CREATE-ENOSPACE
check "the kernel's lines about signatures and lockdown" kernels_lines
check "nothing asked" expect 2 'explain needs an id' "$MDEV" explain
check "a log on standard input: each entry once, 1 if there is any" stream
check "--list has every entry" all_listed
check "--json: valid by its schema, which refuses what is broken" json_is_valid
finish
