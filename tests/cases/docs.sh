#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: make docs is silent, has a main page and a topic a header; words that are missing or astray fail it
# tier: quick
# timeout: 400
# shellcheck source=tests/lib.sh
. tests/lib.sh

html=build/docs/html

make_docs() {
	rm -rf build/docs
	make --no-print-directory docs 2>&1 | tee "$TMP/docs.out"
	[ "$(cat "$TMP/docs.out")" = "docs: $html/index.html" ]
}

headers() {
	git ls-files sdk/include framework/include | grep '\.h$'
}

# A topic has a page of its own, titled with what one includes, and the list of topics links to it.
topics() {
	local header page list=$html/modules.html
	# From 1.9.8 on.
	[ ! -f "$html/topics.html" ] || list=$html/topics.html
	[ "$(headers | wc -l)" -ge 15 ] || return 1
	while read -r header; do
		page=group__topic__$(basename "$header" .h | sed 's/_/__/g').html
		if ! grep -q "<title>[^<]*${header#*include/}</title>" "$html/$page" ||
			! grep -q "href=\"$page\"" "$list" ||
			! grep -q "$page" "$html/index.html"; then
			echo "$header: no page $page, or no way to it"
			return 1
		fi
	done < <(headers)
}

# A page as one line of text.
text() { # page
	sed -e 's/<[^>]*>/ /g; s/&#160;/ /g' "$html/$1" | tr -s ' \n' ' '
}

says() { # page ERE
	text "$1" | grep -Eq -- "$2" || {
		echo "$1: no '$2'"
		return 1
	}
}

main_page() {
	says index.html 'The layers' && says index.html 'A first driver' &&
		says index.html 'Where what is' && says index.html 'MDK_REG_W1C *\(MYVGPU_ISR,'
}

known_symbols() {
	local pin=group__topic__pin.html
	says $pin 'Parameters dev the instance; its model has pin_pages iova first byte, of any' &&
		says $pin 'Context process, may sleep, pins\. Returns handle for mdk_unpin\(\) ?, or' &&
		says group__topic__driver.html 'Parameters host of mdk_register\(\)' &&
		says group__topic__driver.html 'Guarantees when it returns, no init, open' &&
		says group__topic__mdev.html 'iova guest address in bytes, page aligned' &&
		says structmdk__reg.html 'u32 mask bits a guest can change' &&
		says structmdk__ops.html 'quiesce *\).*stop all DMA to guest memory'
}

# The guide stands first in the navigation, each page of it has one, and messages are there by their ids.
guide() {
	local page
	sed -n 's/.*text:"\([^"]*\)".*/\1/p' $html/menudata.js | head -n 3 >"$TMP/menu"
	printf '%s\n' Start Guide 'Your first driver' | diff - "$TMP/menu" || return 1
	for page in docs/guide/*.md; do
		page=$(basename "$page" .md)
		[ "$page" != README ] || continue
		page=guide_${page//-/_}.html
		if [ ! -f "$html/$page" ] || ! grep -qE "\"$page(#[a-z_]*)?\"" $html/menudata.js; then
			echo "no $page, or no way to it"
			return 1
		fi
	done
	says page_errors.html 'K37: the budget is used up' &&
		grep -q 'href="page_errors.html#err_K37"' $html/guide_types.html &&
		grep -q 'href="style.css"' $html/index.html && [ -f $html/style.css ]
}

# What one sees of the code on the main page: lines without their numbers.
first_driver() { # page
	/usr/bin/python3 -c '
import html, re, sys
page = open(sys.argv[1], encoding="utf-8").read()
code = page[page.index("<div class=\"fragment\">"):page.index("</div><!-- fragment -->")]
for line in re.findall("<div class=\"line\">(.*?)</div>", code, re.S):
    line = re.sub("<span class=\"lineno\">.*?</span>", "", line)
    print(html.unescape(re.sub("<[^>]*>", "", line)).replace("\xa0", " "))' "$1"
}

# It is what `new` writes, and it compiles as it stands there.
compiles() {
	local tree=$TMP/first
	mkdir -p "$tree" && "$MDEV" new --name myvgpu --dir "$TMP/new" >/dev/null || return 1
	first_driver $html/index.html >"$tree/myvgpu.c"
	diff -w -B "$TMP/new/myvgpu.c" "$tree/myvgpu.c" || return 1
	cp "$TMP/new/Kbuild" "$tree/" && KVER=6.1 framework/build.sh module "$tree" && [ -f "$tree/myvgpu.ko" ]
}

no_words_of_templates() { # folder
	[ "$(find "$1" -name '*.html' | wc -l)" -ge 50 ] || { echo "too few pages in $1"; return 1; }
	! grep -rnE '@[A-Z][A-Z_]*@' "$1"
}

# The page as it was once made: the template, with two of its words replaced.
raw_template() {
	local tree=$TMP/tree
	planted - '' || return 1
	# shellcheck disable=SC2016 # dollars of the script
	sed -i -e 's|^"$top/mdev-sdk" new .*|mkdir "$out/myvgpu"; sed s/@NAME@/myvgpu/g templates/minimal/@NAME@.c >"$out/myvgpu/myvgpu.c"|' \
		-e "s/^if grep -rnoE .*/if false; then/" "$tree/tools/docs/build"
	"$tree/tools/docs/build" "$tree" && ! no_words_of_templates "$tree/build/docs/html" &&
		! diff -w -B "$TMP/new/myvgpu.c" <(first_driver "$tree/build/docs/html/index.html") >/dev/null
}

# Doxygen's warnings are worth something only if they name the line of the header.
same_lines() {
	local header
	while read -r header; do
		[ "$(tools/docs/kernel-doc-filter "$header" | wc -l)" = "$(wc -l <"$header")" ] || {
			echo "$header: the filter changes the number of lines"
			return 1
		}
	done < <(headers)
}

# planted HEADER SED ERE: a fault in a copy is found; sed must have changed something.
planted() {
	local tree=$TMP/tree
	rm -rf "$tree"
	mkdir -p "$tree/framework" "$tree/tools"
	cp -r docs sdk templates "$tree/"
	cp -r framework/include "$tree/framework/"
	cp -r tools/docs "$tree/tools/"
	[ -z "$2" ] || {
		sed -i -E "$2" "$tree/$1" || return 1
		! cmp -s "$1" "$tree/$1" || { echo "sed changed nothing"; return 1; }
		expect 1 "$3" tools/docs/build "$tree"
		return
	}
	tools/docs/build "$tree"
}

check "make docs is silent" make_docs
check "the main page has layers, a first driver and where what is" main_page
check "the guide comes first, and its ids lead to the messages" guide
check "the first driver is what new writes, and compiles as it stands there" compiles
check "no page holds a word of the templates" no_words_of_templates $html
check "each header has a topic, and the main page leads to it" topics
check "known symbols have the words of the headers" known_symbols
check "the filter keeps lines where they are" same_lines
check "a copy of the tree passes as it is" planted - ''
pin=sdk/include/mdk/pin.h
check "catches a parameter without words" \
	planted $pin '/ \* @dir: see/d' "$pin:[0-9]+: .*parameter.* of mdk_pin\("
check "catches a misspelt parameter" \
	planted $pin 's/^ \* @iova: first/ * @iowa: first/' "$pin:[0-9]+: .*'iowa'"
check "catches a misspelt member" \
	planted sdk/include/mdk/reg.h 's/^ \* @mask:/ * @masc:/' \
	"reg\.h:[0-9]+: struct mdk_reg has no member 'masc'"
check "catches a member without words" \
	planted sdk/include/mdk/reg.h '/^ \* @mask:/d' 'mask .*of struct mdk_reg is not documented'
check "catches a function without words" \
	planted sdk/include/mdk/life.h 's/^struct mdk_work;/&\nbool mdk_plain(void);/' \
	'life\.h:[0-9]+: .*mdk_plain\(void\).* is not documented'
check "catches a macro's parameter without words" \
	planted sdk/include/mdk/driver.h '/^ \* @host: of mdk_register/d' \
	"driver\.h:[0-9]+: parameter 'host' of mdk_unregister\(\) has no words"
check "catches a word of the templates on any page" \
	planted docs/contract.md '3s/$/\n\n    @IF_CAUSE@\n/' 'html/page_contract.html:[0-9]+:@IF_CAUSE@'
check "catches a raw template as the first driver" raw_template
check "catches a link of the guide that leads nowhere" \
	planted docs/guide/types.md 's/^\| K37 /| K370 /' "types.md:[0-9]+: .*err_K370"
check "catches words above something else" \
	planted $pin 's/^ \* mdk_unpin\(\) -/ * mdk_unpinn() -/' "pin\.h:[0-9]+: .*'mdk_unpinn'"
finish
