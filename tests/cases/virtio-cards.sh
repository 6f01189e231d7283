#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a stock guest's own virtio_net and two cards of a process: pings, fragments, TCP both ways by GSO, large frames
# tier: full
# timeout: 1500
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/user/guests/lib.sh
. tests/user/guests/lib.sh

tree=$TMP/myvnet

generated() {
	"$MDEV" new --name myvnet --kind virtio-net --dir "$tree" && user_program "$tree"
}

guest_image() {
	"$MDEV" image --kernel-module virtio_pci --kernel-module virtio_net \
		--init tests/nested/net-init.sh --file tests/nested/begin.sh:/begin.sh --output "$TMP/initrd"
}

boots() {
	GUEST_SECONDS=600 guest_start "$TMP/initrd" "MIB=8" -device "$(vfio_user net 2)" -device "$(vfio_user net.2 3)" &&
		guest_ends
}

# A counter of both cards.
counted() { # FILE
	python3 - "$SOCKETS/net.control" "$1" <<'end'
import socket, sys
with socket.socket(socket.AF_UNIX) as s:
    s.connect(sys.argv[1])
    answers = s.makefile("rwb")

    def ask(line):
        answers.write(line.encode() + b"\n")
        answers.flush()
        word, number = answers.readline().split()
        if word != b"ok":
            sys.exit(f"{line}: {word} {number}")
        return answers.read(int(number)).decode()

    for device in ask("devices").splitlines():
        print(ask(f"read {device.split()[0]} {sys.argv[2]}").strip())
end
}

# 8 MiB in frames of 64 KiB are 128; a card that answers only has sent next to none.
came_whole() {
	local sent got
	sent=$(counted nic/tx_gso) && got=$(counted nic/rx_gso) || return 1
	echo "GSO frames: sent ${sent//$'\n'/ }, received ${got//$'\n'/ }"
	[ "$(wc -w <<<"$sent")" = 2 ] && [ "$(sort -n <<<"$sent")" = "$(sort -n <<<"$got")" ] &&
		awk '$1 < 128 { few = 1 } END { exit few }' <<<"$sent"
}

need_qemu
check "a card is generated" generated
check "a guest with virtio_net" guest_image
check "a process serves two cards" serve net "$program" --instances 2
check "a stock guest boots with both" boots
# Linux takes as many queues as it has processors.
for card in eth0 eth1; do
	check "$card: the guest's own driver is content" said "$card: driver virtio_net, status 0x0000000f, 1 queues"
done
check "20 of 20 small pings come back" said 'pings of 56 bytes: 20 packets received of 20'
check "so do those that fill a frame" said 'pings of 1472 bytes: 10 packets received of 10'
check "so do those of several frames" said 'pings of 4000 bytes: 5 packets received of 5'
check "a TCP stream arrives as it was sent" said "stream out: $((8 << 20)) bytes, the same"
check "and one the other way" said "stream in: $((8 << 20)) bytes, the same"
check "frames of an MTU of 9000 come back" said 'pings of 8972 bytes: 5 packets received of 5'
check "in frames that stand for several, none of which was cut" came_whole
check "no card counts an error" said 'errors: 0 0'
check "taken away it is gone" said 'unbound: 0 cards here'
check "the guest's kernel complains of nothing" said 'complaints: 0'
check "no report of a sanitizer" served_well net
finish
