# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the sdk-card* cases: a guest with QEMU's edu behind a port, bound by the description of the fixture
# mdkcard. Sourced after tests/clients/lib.sh.
# shellcheck disable=SC2154 # the case has built $card

CARD=tests/fixtures/mdkcard

# The guest says on a serial port of its own which errors the port above the card shall report, in the
# words of QEMU's monitor.
inject_errors() {
	local said=0
	while sleep 0.1; do
		[ "$(grep -cs '^inject ' "$TMP/asked")" -gt $said ] 2>/dev/null || continue
		said=$((said + 1))
		sed -n 's/^inject \([-cx0-9a-f ]*\).*/\1/p' "$TMP/asked" | sed -n "${said}s/0x/port0 0x/p" |
			while read -r words; do
				"$SDK/build/host/nested/nested-qmp" "$TMP/qmp" \
					"{\"execute\": \"human-monitor-command\", \"arguments\":
					{\"command-line\": \"pcie_aer_inject_error $words\"}}"
			done
	done
}

boot_card() { # COMMAND OF THE SDK, KERNEL, [all|failing]
	local injector status=0
	rm -f "$TMP/asked"
	inject_errors >"$TMP/injected" 2>&1 &
	injector=$!
	"$1" boot --kernel "$2" --append no_timer_check --qemu '-M q35' \
		--qemu '-device pcie-root-port,id=port0,chassis=1 -device edu,bus=port0' \
		--qemu "-serial file:$TMP/asked" --qemu "-qmp unix:$TMP/qmp,server=on,wait=off" \
		--file "$card:/lab/mdkcard.ko" --file "$CARD/expected:/lab/expected" \
		--file "$SDK/build/host/conform/mdev-poke:/bin/mdev-poke" \
		--file "$CARD/guest.sh:/lab/guest.sh" --run "sh /lab/guest.sh ${3-all}; true" \
		--ktap "$TMP/ktap" --log "$TMP/log" --timeout 150 || status=$?
	kill $injector
	wait $injector 2>/dev/null
	return $status
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
