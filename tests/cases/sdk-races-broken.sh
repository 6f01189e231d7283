#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each place that loses a change of two, and each tracepoint that tells lies, is caught
# tier: full
# timeout: 2400
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# variant | piece | results that must fail. Where a race is too rare under emulation, the variant
# gives it time.
variants() {
	cat <<-'END'
	plain-write-torn|races|not ok .*plain_word.driver
	part-write-torn|races|not ok .*called_word.driver
	part-write-torn|races|not ok .*plain.(first|second)_byte
	table-write-torn|races|not ok .*msix_data.(first|second)_byte
	memory-write-torn|races|not ok .*memory.(first|second)_byte
	command-write-torn|races|not ok .*status_word.driver
	status-write-torn|races|not ok .*status_word.guest
	region-not-serialised|races|not ok .*callback.(first|second)_byte
	counts-shared|races|not ok .*counter.(reads|writes|holes)
	set-bits-torn|races|not ok .*plain_word.guest
	clear-bits-torn|races|not ok .*plain_word.guest
	update-bits-torn|races|not ok .*updated_word.guest
	traced-next-register|traces|not ok .*register_read
	traced-other-bits|traces|not ok .*bits_of_a_byte
	traced-before-the-mask|traces|not ok .*byte_read
	END
}

# With one processor there is no race, and the piece must say so.
one_is_too_few() {
	local BOOT_OPTIONS=()
	boot_copy races
	cat "$TMP/ktap"
	grep -q '^not ok 1 processors' "$TMP/ktap"
}

# Nor does any other piece that asked for two pass with one.
run_with_one_fails() {
	(run_piece 6.1 traces --qemu '-smp 2' --append nosmp) >"$TMP/one"
	cat "$TMP/one"
	grep -q '^not ok .*traces: the run' "$TMP/one" &&
		[ "$(grep -c '^not ok' "$TMP/one")" = 1 ]
}

client_build
FIXTURE=mdkrace
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
BOOT_OPTIONS=(--qemu '-smp 2')
PATCHES=tests/broken/sdk
as_it_is() {
	build_in_copy && boot_copy races && boot_copy traces
}
check "as it is the copy passes" as_it_is
check "one processor is not enough" one_is_too_few
check "a run that has lost its second processor fails" run_with_one_fails
while IFS='|' read -r variant piece pattern; do
	check "$variant: ${pattern#not ok ??}" caught "$variant" "$piece" "$pattern"
done < <(variants)
finish
