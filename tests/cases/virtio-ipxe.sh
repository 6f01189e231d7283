#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: iPXE boots a stock kernel over a virtio network card of a process, and Linux takes the card over
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/user/guests/lib.sh
. tests/user/guests/lib.sh

tree=$TMP/myvnet
tftp=$TMP/tftp
rom=/usr/lib/ipxe/qemu/pxe-virtio.rom
mkdir -p "$tftp"

generated() {
	"$MDEV" new --name myvnet --kind virtio-net --dir "$tree" && user_program "$tree"
}

# iPXE wants it as Debian ships it; the cache of kernels has what is in it.
kernel() {
	local release kept
	release=$("$MDEV" kernel 6.1 --print release) || return 1
	kept=${XDG_CACHE_HOME:-$HOME/.cache}/mdev-sdk/vmlinuz/$release
	if [ ! -s "$kept" ]; then
		(cd "$TMP" && apt-get -q download "linux-image-$release" && mkdir -p "${kept%/*}" &&
			dpkg-deb --fsys-tarfile linux-image-*.deb | tar xO "./boot/vmlinuz-$release" >"$kept.new") || return 1
		mv "$kept.new" "$kept" && rm "$TMP"/linux-image-*.deb
	fi
	cp "$kept" "$tftp/vmlinuz"
}

# What is random has come whole if it is the same.
files() {
	head -c 3000000 /dev/urandom >"$TMP/payload" &&
		"$MDEV" image --kernel-module virtio_pci --kernel-module virtio_net \
			--init tests/nested/ipxe-init.sh --file tests/nested/begin.sh:/begin.sh \
			--file "$TMP/payload:/payload" --output "$tftp/initrd" || return 1
	cat >"$tftp/boot.ipxe" <<-'end'
		#!ipxe
		kernel vmlinuz console=ttyS0 quiet panic=-1 no_timer_check loader=ipxe card=${net0/mac}
		initrd initrd
		boot
	end
}

# DHCP and TFTP are QEMU's own, at the other end of the process's cable. The guest has no disk and no
# other card.
boots() {
	GUEST_SECONDS=400 guest_qemu -M graphics=off \
		-netdev user,id=host,tftp="$tftp",bootfile=boot.ipxe \
		-netdev stream,id=cable,server=on,addr.type=unix,addr.path="$SOCKETS/qemu" \
		-netdev hubport,id=hub-host,hubid=0,netdev=host \
		-netdev hubport,id=hub-cable,hubid=0,netdev=cable \
		-device "{\"romfile\":\"$rom\",\"bootindex\":0,$(vfio_user net 2 | cut -c2-)"
	for _ in $(seq 100); do
		[ ! -S "$SOCKETS/qemu" ] || break
		sleep 0.1
	done
	timeout -k 5 400 tests/user/guests/cable.py "$SOCKETS/cable" "$SOCKETS/qemu" >"$TMP/cable.log" 2>&1 &
	started+=("$!")
	guest_ends
}

ipxe_said() { # ERE
	grep -E "$1" "$TMP/said" || { head -n 40 "$TMP/said"; return 1; }
}

# The card that iPXE named is the one that Linux has.
same_card() {
	local card
	card=$(sed -nE 's/.*l2: booted by loader=ipxe, by the card card=(.*)$/\1/p' "$TMP/said")
	[ -n "$card" ] && said "card=$card: driver virtio_net, status 0x0000000f"
}

need_qemu
check "a card is generated" generated
check "Debian's kernel" kernel
check "an image, and a script for iPXE" files
check "a process serves the card" serve net "$program" --net "listen:$SOCKETS/cable"
check "a guest without a disk boots from it" boots
check "iPXE's own driver takes it" ipxe_said 'net0: [0-9a-f:]{17} using virtio'
check "it has an address by DHCP" ipxe_said '^Configuring \(net0 [0-9a-f:]{17}\)\.* ok'
check "all came as it was sent" said "payload: $(sha256sum <"$TMP/payload" | cut -d' ' -f1)"
check "Linux's own driver has the card from it" same_card
check "and its pings come back" said 'pings: 10 packets received of 10'
check "the guest's kernel complains of nothing" said 'complaints: 0'
check "no report of a sanitizer" served_well net
finish
