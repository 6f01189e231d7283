#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: drivers of real hardware run as processes: tests/parent.c of their trees is the card
# tier: quick
# timeout: 600
# shellcheck source=tests/lib.sh
. tests/lib.sh

generated() { # folder [option of new...]
	"$MDEV" new --name mycard --parent pci --dir "$TMP/$1" "${@:2}" >/dev/null
}

passes() { # tree arguments...
	expect 0 '^[1-9][0-9]* passed, 0 failed, [0-9]+ skipped' "$MDEV" test "$TMP/$1" --user "${@:2}"
}

# A whole generated tree: its DMA, interrupts and reset of the card too.
whole() {
	generated mycard && passes mycard && ! grep 'skipped *device\.' "$TMP/expect.out"
}

# The card is edu until the vendor has his own: it is found by the second row of the ids.
of_another_card() {
	generated another --parent pci=1af4:1110,bar=2,vectors=4 && passes another --only device --only info
}

# A driver without a description, which does by hand what mdk/card.h does.
by_hand() {
	cp -r tests/fixtures/mdkpci "$TMP/hand" && mkdir -p "$TMP/hand/tests/user" || return 1
	cp "$TMP/mycard/tests/parent.c" "$TMP/hand/tests/"
	echo 'void outb(unsigned char value, int port);' >"$TMP/hand/tests/user/fake.h"
	echo 'void outb(unsigned char value, int port) { }' >"$TMP/hand/tests/user/outb.c"
	passes hand --only info --only irq --only config
}

# tells ERE OPTION...: the variant is judged, and that is said.
tells() {
	"$MDEV" test "$TMP/variant" --user --log "$TMP/log" "${@:2}" >"$TMP/out" 2>&1 && return 1
	tail -n 30 "$TMP/out"
	cat "$TMP/out" "$TMP/log" 2>/dev/null | grep -qE "$1"
}

# finds VARIANT ERE [OPTION...]: in a driver or in its card.
finds() {
	rm -rf "$TMP/variant"
	cp -r "$TMP/mycard" "$TMP/variant" && patch -s -p1 -d "$TMP/variant" <"tests/broken/card/$1.patch" &&
		tells "$2" --only device "${@:3}"
}

# By sed on a copy of the driver by hand: it leaves something behind at its end.
leaves() { # FUNCTION ERE
	rm -rf "$TMP/variant"
	cp -r "$TMP/hand" "$TMP/variant" && sed -i "/^\\t*$1(.*;/d" "$TMP/variant/mdkpci_hand.h" &&
		! cmp -s "$TMP/variant/mdkpci_hand.h" "$TMP/hand/mdkpci_hand.h" && tells "$2" --only info
}

# A driver that gives its guests pages of a card, and has to leave them as it found them.
pages() {
	rm -rf "$TMP/pages"
	cp -r tests/user/pages "$TMP/pages" && rm -rf "$TMP/pages/build" && passes pages
}

pages_kept() {
	rm -rf "$TMP/variant"
	cp -r "$TMP/pages" "$TMP/variant" && sed -i 's/writel(0, own->card->bar + i)/(void)own/' "$TMP/variant/pages.c" &&
		tells 'FAILED *lifetime.close_scrubs_regions' --only lifetime
}

check "a generated driver of PCI passes, with DMA and interrupts of a card" whole
check "so does one of another card" of_another_card
check "under ThreadSanitizer too" passes mycard --only device --sanitizer thread
check "a struct pci_driver by hand passes" by_hand
check "so does one whose guests reach pages of the card" pages
check "what a guest leaves in such a page is told" pages_kept
check "an interrupt that it leaves behind is told" leaves free_irq 'with a handler still at vector 0'
check "DMA beyond what is mapped is told" finds more-than-mapped 'DMA of the card, which (reads|writes) .* has not mapped all of them'
check "DMA against the direction is told" finds wrong-direction 'DMA of the card, which (reads|writes) .* direction'
check "memory that the card keeps is told" finds coherent-kept 'it still reaches 1024 bytes'
check "a register behind the last one is told, with the driver's line" finds beyond-the-bar 'an access of 4 bytes at 0xffffe .* in mycard.c:[0-9]+'
check "a sleep in an interrupt is told, with the driver's line" finds sleeps-in-interrupt 'BUG: this call may sleep.* in mycard.c:[0-9]+'
check "a register taken for memory is told, with the driver's line" finds register-as-memory 'mycard_probe .*mycard.c:[0-9]+'
check "an interrupt that the card forgets is missed" finds interrupt-lost 'FAILED *device.copies'
check "two instances at the engine without its lock are a race" \
	within 6 finds engine-without-lock 'ThreadSanitizer: data race.* in .*mycard.c:[0-9]+' --sanitizer thread
check "a driver that loses the upper half of an address" finds upper-half-lost 'DMA of the card|FAILED *device.copies'
check "a card whose driver says more bits of address than it has" finds mask-forgotten 'DMA of the card'
check "an interrupt that wakes nobody is told, with the driver's line" \
	finds waker-forgotten 'wake_up.. is missing .* in mycard.c:[0-9]+'
check "what probe has taken when a call of it fails" finds probe-forgets 'detected memory leaks, in mycard_probe mycard.c:[0-9]+'
check "memory that there is none of" finds allocation-unchecked 'mycard.c:[0-9]+:[0-9]+: runtime error: null pointer'

# says ERE: why no driver has the card.
says() {
	expect 1 "$1" "$MDEV" test "$TMP/variant" --user --only info
}

of_other_ids() {
	rm -rf "$TMP/variant"
	cp -r "$TMP/mycard" "$TMP/variant" && sed -i s/0x11e8/0x11e9/ "$TMP/variant/tests/parent.c" &&
		says 'its first id is 1234:11e8, the card .* is 1234:11e9.*K243'
}

without_card() {
	rm "$TMP/variant/tests/parent.c" && says 'there is no card for it.*K244'
}

check "a card of other ids is told" of_other_ids
check "so is none" without_card
finish
