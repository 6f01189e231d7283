# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the sdk-card* cases: a guest with QEMU's edu behind a port, bound by the description of the fixture
# mdkcard. Sourced after tests/clients/lib.sh.
# shellcheck disable=SC2154 # the case has built $card

CARD=tests/fixtures/mdkcard

boot_card() { # COMMAND OF THE SDK, KERNEL, [all|failing]
	"$1" boot --kernel "$2" --append no_timer_check --qemu '-M q35' \
		--qemu '-device pcie-root-port,id=port0,chassis=1 -device edu,bus=port0' \
		--file "$card:/lab/mdkcard.ko" --file "$CARD/expected:/lab/expected" \
		--file "$SDK/build/host/conform/mdev-poke:/bin/mdev-poke" \
		--file "$CARD/guest.sh:/lab/guest.sh" --run "sh /lab/guest.sh ${3-all}; true" \
		--ktap "$TMP/ktap" --log "$TMP/log" --timeout 150
}

# With the framework of tests/clients/failing.sh, which has been built: each step fails once.
card_failing_on() { # KERNEL
	local status=0
	if card=$(FIXTURE=mdkcard fixture_for "$1"); then
		boot_card "$TMP/sdk/mdev-sdk" "$1" failing >"$TMP/boot.out" 2>&1 || status=$?
		guest_results "$1, a card: " "$TMP/ktap"
		check "$1, a card: the run" run_is_clean $status
	else
		fail "$1, a card: build" "$(tail -n 20 "$TMP"/*.log)"
	fi
}
