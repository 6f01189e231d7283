#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: a stock guest under the newest QEMU drives mtty, serial and nic of processes, over a reboot
# tier: full
# timeout: 900
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/user/guests/lib.sh
. tests/user/guests/lib.sh

# generated SOCKET KIND PATCH|- [OPTION-OF-NEW...]
generated() {
	local tree=$TMP/$1/my$2
	mkdir -p "$TMP/$1"
	"$MDEV" new --name "my$2" --kind "$2" --dir "$tree" "${@:4}" || return 1
	[ "$3" = - ] || patch -s -p1 -d "$tree" <"$3" || return 1
	user_program "$tree"
}

serial_serves() { # SOCKET [OPTION-OF-NEW...]
	generated "$1" serial - "${@:2}" && serve "$1" "$program"
}

nics_serve() { # SOCKET [PATCH]
	generated "$1" nic "${2:--}" && serve "$1" "$program" --instances 2
}

mtty_serves() { # SOCKET
	user_program examples/mtty && serve "$1" "$program" --type mtty-2
}

# The IOMMU is for the guest's vfio-pci: each map of it is a map over the socket.
boots() { # SOCKETS
	make -s -C tests/user/guests O="$USER_HOST" &&
		"$MDEV" image --kernel-module vfio-pci --kernel-module vfio_iommu_type1 \
			--init tests/user/guests/init.sh --file "$USER_HOST/guest-nic:/bin/guest-nic" \
			--output "$TMP/initrd" || return 1
	guest_start "$TMP/initrd" "intel_iommu=on iomem=relaxed memmap=4K\$0x8000000" \
		-device intel-iommu,intremap=on,caching-mode=on -device "$(vfio_user "$1" 2)" \
		-device "$(vfio_user "$2" 3)" -device "$(vfio_user "$3" 4)" \
		-device "$(vfio_user "$3.2" 5)" && guest_ends
}

interrupts_counted() { # SLOT
	said "ttyS[0-9] of slot $1: [1-9][0-9]* interrupts" &&
		! grep -E "^l2: ttyS[0-9] of slot $1: (0|-.*) interrupts" "$TMP/said"
}

ports_answer() { # SLOT WORDS PORTS
	said "ttyS" >/dev/null
	[ "$(grep -cE "^l2: (ttyS[0-9]) of slot $1: back came '$2 on \1'\$" "$TMP/said")" = "$3" ]
}

messages_come() {
	said 'nic: vector' &&
		[ "$(grep -c '^l2: nic: vector 0 came, vector 1 came, vector 2 did not come$' "$TMP/said")" = 2 ]
}

need_qemu
check "mtty-2 serves as a process" mtty_serves mtty
check "a generated serial card serves" serial_serves serial
check "two generated NICs serve" nics_serve nic
check "a stock 6.1 guest boots with the four, and again" boots mtty serial nic
check "lspci shows mtty-2 as from the kernel" shows mtty-2 2 00:02.0
check "lspci shows the serial card as from the kernel" shows serial 3
check "lspci shows the NIC as from the kernel" shows nic 4
check "ports of mtty are 16550A" said 'ttyS1 at I/O 0x[0-9a-f]+ .* is a 16550A'
check "the serial card is a 16550A" said 'ttyS3 at I/O 0x[0-9a-f]+ .* is a 16550A'
check "what is typed on mtty's ports comes back" ports_answer 2 typed 2
check "what is typed on the serial card comes back" ports_answer 3 typed 1
check "with interrupts of mtty's pin" interrupts_counted 2
check "with interrupts of the serial card's pin" interrupts_counted 3
check "mtty's ports go with the guest's driver" said 'unbound: 0 ports'
check "and are there with it again" said 'bound again: 2 ports'
check "and answer" ports_answer 2 'typed again' 2
check "the NICs have addresses of their own" said 'nic: their addresses differ'
check "their rings in guest memory carry frames" said 'nic: 320 of 320 frames came as they were sent'
check "messages of both come, each for its cause" messages_come
check "memory that goes away stops its rings only, by a message" \
	said 'nic: after an unmap it is told, and runs: 0; the other one: 6'
check "the other one sends on" said 'nic: the other one sends on'
check "guest-nic is content" said 'guest-nic ended with status 0'
check "a register is written before the reboot" said 'before the reboot: TX_LO 0x000ABCD0'
check "and has its power-on value after it" said 'after the reboot: TX_LO 0x00000000, STATUS 0x00000001'
check "the ports are found again" said 'after the reboot: ttyS1 at I/O'
for name in mtty serial nic; do
	check "$name ended without a finding of ASan, UBSan or a leak" served_well $name
done

# What a person does: the shell's prompt comes, a line is typed, and exit ends all.
run_guest() {
	local pid
	mkfifo "$TMP/keys"
	timeout -k 5 240 "$MDEV" run examples/mtty --type mtty-2 --socket "$SOCKETS/run" --guest \
		<"$TMP/keys" >"$TMP/run.log" 2>&1 &
	pid=$!
	started+=("$pid")
	exec 4>"$TMP/keys"
	until grep -q 'guest# ' "$TMP/run.log"; do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.2
	done
	# shellcheck disable=SC2016 # the guest's shell does
	echo 'echo seen $((6 * 7)); exit' >&4
	exec 4>&-
	wait "$pid"
	echo "status $?" | tee -a "$TMP/run.log"
	tail -n 20 "$TMP/run.log"
	grep -q '^status 0' "$TMP/run.log" && grep -q '4348:3253 driver serial' "$TMP/run.log" &&
		grep -q '^seen 42' "$TMP/run.log" && [ ! -e "$SOCKETS/run" ]
}

check "run --guest gives a shell in a stock guest with the device" run_guest

# The same guest with a NIC that changes a byte of each frame, and a serial card of another number.
broken_boots() {
	mtty_serves other-mtty && serial_serves other-serial --pci-id=1af4:10f1 &&
		nics_serve other-nic tests/broken/nic/each-frame-changed.patch &&
		boots other-mtty other-serial other-nic
}

caught() { # COMMAND...
	said 'end' >/dev/null && ! "$@"
}

check "the guest comes to its end with faulty ones too" broken_boots
check "a NIC that changes a byte is caught" \
	caught said 'nic: 320 of 320 frames came as they were sent'
check "a serial card of another number is caught" caught shows serial 3
finish
