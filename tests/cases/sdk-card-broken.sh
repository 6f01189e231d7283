#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of what the SDK does for a card bound by a description is caught by its test
# tier: full
# timeout: 1800
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/parent.sh
. tests/clients/parent.sh
# shellcheck source=tests/clients/card.sh
. tests/clients/card.sh

# variant | results that must fail, or what the kernel says. The first boots the guest of mdkcard, the
# second that of mdkpci with two users.
promises() {
	cat <<-'END'
	card-interrupts-outlive-probe|not ok .*promises.broken
	card-unmapped-early|BUG: unable to handle page fault
	card-steps-left|not ok .*no_bar.not_bound
	card-interrupts-not-held|not ok .*error.stays
	card-interrupts-early|not ok .*promises.broken
	card-held-twice|not ok .*twice.interrupts_again
	card-told-of-errors|not ok .*error.stays
	card-wake-ignored|not ok .*wake_fails.says_why
	card-saved-once|not ok .*error.the_slot_s_reset_is_made_good
	card-faults-taken|not ok .*refused.bar
	card-error-unfenced|not ok .*fatal.its_user
	card-slot-not-restored|not ok .*fatal.the_slot_s_reset
	END
}

users() {
	cat <<-'END'
	card-asleep-unfenced|not ok .*back.nobody_touched_the_hardware_meanwhile
	card-removed-unfenced|not ok .*gone.nobody_touches_the_hardware
	END
}

# Boots in place of a piece, for caught().
boot_copy() { # promises|PIECE
	case $1 in
	promises) boot_card "$TMP/sdk/mdev-sdk" 6.1 && ! grep '^not ok' "$TMP/ktap" ;;
	*) "$TMP/sdk/mdev-sdk" boot --kernel 6.1 "${PARENT[@]}" --module "$ko" --file "$CLIENT:/bin/core-client" \
		--run "core-client $1" --ktap "$TMP/ktap" --log "$TMP/log" --timeout 90 ;;
	esac
}

build_fixtures() {
	framework_for 6.1 && card=$(FIXTURE=mdkcard fixture_for 6.1) &&
		ko=$(FIXTURE_PATCH=$SDK/tests/fixtures/mdkpci/card.patch fixture_for 6.1)
}

client_build
qmp_build
check "the drivers build" build_fixtures
copy_sdk
check "the copy builds" build_in_copy
check "as it is its promises are kept" boot_copy promises
check "as it is two users have it" boot_copy pci
# A guest that died says the same in each boot.
# shellcheck disable=SC2034
BOOTS=2
while IFS='|' read -r variant pattern; do
	check "$variant" caught "$variant" promises "$pattern"
done < <(promises)
while IFS='|' read -r variant pattern; do
	check "$variant" caught "$variant" pci "$pattern"
done < <(users)
finish
