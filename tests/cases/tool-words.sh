#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: completion and the man page say what the parser takes, no more and no less
# tier: quick
# timeout: 120
# shellcheck source=tests/lib.sh
. tests/lib.sh

"$MDEV" completion bash >"$TMP/completion"
"$MDEV" completion zsh >"$TMP/_mdev-sdk"
"$MDEV" man >"$TMP/man"

# completes WANTED WORD...: what bash would offer for the last word, in a shell of its own.
completes() {
	local wanted=$1
	shift
	bash --norc -c '. "$1"; shift
		COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		_mdev_sdk "$1" "${@: -1}" "${@: -2:1}"
		printf "%s\n" "${COMPREPLY[@]}"' bash "$TMP/completion" "$@" >"$TMP/offered" 2>&1
	# shellcheck disable=SC2086 # several words
	diff <(printf '%s\n' $wanted | sort) <(sort "$TMP/offered")
}

verbs() {
	"$MDEV" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'
}

# The options that the parser itself lists.
options() { # verb
	"$MDEV" "$1" --help | grep -oE '^ +(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+' |
		grep -vx -- '--usage' | sort -u
}

each_verb() {
	local verb
	for verb in $(verbs); do
		completes "$(options "$verb")" mdev-sdk "$verb" - || { echo "verb $verb"; return 1; }
	done
}

# The options that zsh is told of a verb.
zsh_options() { # FILE VERB
	sed -n "/^\t$2)$/,/;;$/p" "$1" | grep -oE -- "'[*]?--[a-z-]+" | grep -oE -- '--.*' | sort -u
}

zsh_each_verb() { # FILE
	local verb
	for verb in $(verbs); do
		diff <(options "$verb") <(zsh_options "$1" "$verb") || { echo "verb $verb"; return 1; }
	done
}

zsh_left_out() {
	sed '/--keep-vm\[/d' "$TMP/_mdev-sdk" >"$TMP/spoilt"
	! zsh_each_verb "$TMP/spoilt"
}

# On a terminal, with the keys of a person.
zsh_offers() { # TYPED ERE
	# shellcheck disable=SC2016 # zsh's dollar
	PATH=$SDK:$PATH timeout 60 "$SDK/tests/tool/on-terminal.py" 50 'expect:Z>' \
		"send:autoload -Uz compinit; fpath=($TMP \$fpath); compinit -u -D; echo rea\"\"dy\\r" 'expect:ready' \
		"send:$1\\t" "expect:$2" 'send:\x15exit\r' -- env PS1='Z>' TERM=dumb zsh -f -i
}

in_man() { # FILE
	local verb word
	groff -man -Tascii -P-cbou "$1" >"$TMP/page" || return 1
	for verb in $(verbs); do
		sed -n "/^   $verb\b/,/^   [a-z]/p;" "$TMP/page" >"$TMP/section"
		[ -s "$TMP/section" ] || { echo "no section $verb"; return 1; }
		for word in $(options "$verb" | grep -vx -- --help); do
			grep -qE -- "^ +$word\b" "$TMP/section" || { echo "$verb: no $word"; return 1; }
		done
	done
}

# An option that is left out, heading and text.
left_out() {
	sed '/^\.B .*keep.*vm/d' "$TMP/man" >"$TMP/spoilt"
	! cmp -s "$TMP/man" "$TMP/spoilt" && ! in_man "$TMP/spoilt"
}

# groff's own warnings, all of them; man asks for the same.
no_warning() { # FILE
	groff -man -Tutf8 -ww -z "$1" >"$TMP/warnings" 2>&1 || return 1
	cat "$TMP/warnings"
	[ ! -s "$TMP/warnings" ]
}
spoilt() { # SED-SCRIPT
	sed "$1" "$TMP/man" >"$TMP/spoilt"
	! cmp -s "$TMP/man" "$TMP/spoilt" && ! no_warning "$TMP/spoilt"
}

cd "$TMP" || exit 3
mkdir -p place/sub
touch place/my.ko place/other
check "completion: it is bash" bash -n "$TMP/completion"
check "completion: zsh is told the options of each parser" zsh_each_verb "$TMP/_mdev-sdk"
check "caught: zsh is not told of one" zsh_left_out
check "completion: zsh takes it and offers options" zsh_offers 'mdev-sdk test --ke' '--keep-vm *-- after'
check "completion: zsh asks for kinds" zsh_offers 'mdev-sdk new --kind ' 'serial'
check "completion: the verbs" completes "$(verbs) --help" mdev-sdk ''
check "completion: a verb that was begun" completes "kernel" mdev-sdk ke
check "completion: the options of each verb are those of its parser" each_verb
check "completion: an option that was begun" completes "--keep-vm --kernel" mdev-sdk test --ke
check "completion: files for TREE" completes "place/my.ko place/other place/sub" mdev-sdk test place/
check "completion: files for --log" completes "place/other" mdev-sdk test . --log place/o
kernels=$(printf '%s\n' 6.1 6.12 newest 6.1-cloud 6.12-cloud
	cd "${XDG_CACHE_HOME:-$HOME/.cache}/mdev-sdk/kernels" && printf '%s\n' *-amd64)
check "completion: kernels for --kernel" completes "$kernels" "$MDEV" test . --kernel ''
check "completion: kernels for the operand of kernel" completes newest "$MDEV" kernel n
check "completion: kinds for --kind" completes "$(ls -I common -I pci "$SDK/templates")" "$MDEV" new --kind ''
check "completion: --kernel=V" completes newest "$MDEV" test --kernel = n
check "completion: tests for --only" completes "sysfs.remove_zero" "$MDEV" test --only sysfs.remove_z
check "completion: nothing for a name" completes "" mdev-sdk new --name m
check "completion: commands for poke" completes "map map-ro" mdev-sdk poke some-uuid ma
check "completion: commands behind a --" completes "unmap until until" mdev-sdk poke some-uuid info -- un
check "completion: none in the middle of one" completes "" mdev-sdk poke some-uuid read r
check "completion: another shell is refused" \
	expect 2 "not for 'fish'" "$MDEV" completion fish
check "man page: every verb and option is in it" in_man "$TMP/man"
check "man page: the check would see one that is missing" left_out
check "man page: no warning" no_warning "$TMP/man"
check "man page: the check would see one" spoilt 's/^\.SH NAME/.SQ NAME/'
finish
