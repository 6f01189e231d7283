#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each framework that is wrong about a failed call is caught by core-failing
# tier: full
# timeout: 1500
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh
# shellcheck source=tests/clients/failing.sh
. tests/clients/failing.sh
# shellcheck source=tests/clients/card.sh
. tests/clients/card.sh

# variant | bus, or card | what must fail, or what the kernel must say
variants() {
	cat <<-'END'
	class-missing-is-success|own|not ok .*the class$|BUG:
	others-link-removed|own|not ok .*a parent of the same name
	create-before-registered|own|not ok .*a create waits for the registration
	failed-registration-waits|own|not ok .*a create waits for a registration that fails|the guest hung
	missing-files-removed|own|WARNING|not ok .*the driver's files, after a refused removal
	cause-guessed|own|not ok .*a type: memory
	kernel-bus-open-window|kernel|not ok .*a create by the kernel's file
	card-offered-half|card|not ok .*fails.kset_create.has_nothing|BUG:
	END
}

failing_boot() { # MODE
	if [ "$1" = card ]; then
		boot_card "$TMP/sdk/mdev-sdk" 6.1 failing >"$TMP/boot.out" 2>&1
	else
		failing_in_guest 6.1 "$1" --timeout 240
	fi
	cat "$TMP/boot.out" "$TMP/ktap"
	grep -E 'BUG:|WARNING' "$TMP/log"
}

is_caught() { # VARIANT MODE ERE
	local status=0
	rm -rf "$TMP/sdk"
	copy_sdk && patch -s -p1 -d "$TMP/sdk" <"$PATCHES/$1.patch" && make_failing &&
		build_in_copy || return 1
	failing_boot "$2" >"$TMP/said" 2>&1 || status=$?
	tail -n 60 "$TMP/said"
	grep -Eq "$3" "$TMP/said"
}

framework_for 6.1 && ko=$(fixture_for 6.1) && model=$(FIXTURE=mdkcaps fixture_for 6.1) &&
	card=$(FIXTURE=mdkcard fixture_for 6.1)
while IFS='|' read -r variant mode pattern; do
	check "$variant" is_caught "$variant" "$mode" "$pattern"
done < <(variants)
finish
