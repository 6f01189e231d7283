#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# what: each broken variant of the SDK's pins is caught by the test that is there for it
# tier: full
# timeout: 1500
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/clients/lib.sh
. tests/clients/lib.sh

# folder of the patch | variant | results that must fail, or what the verdict must say
variants() {
	cat <<-'END'
	tests/broken/framework|no-gate|kernel BUG|BUG:|not ok .*(unmap.gate_is_shut|stress\.)
	tests/broken/sdk|missing-unpin|not ok .*arg.nothing_stays_charged
	tests/broken/sdk|dead-pages-copied|not ok .*unmap.inside_dead
	tests/broken/sdk|direction-ignored|not ok .*cache.a_reader_does_not_serve_a_writer
	tests/broken/sdk|reset-blocks-unmap|the guest hung|INFO: task
	tests/broken/sdk|failed-quiesce-ignored|not ok .*fail.reset
	tests/broken/sdk|close-keeps-pins|not ok .*close.handles_are_dead
	tests/broken/sdk|budget-counts-twice|not ok .*budget.
	END
}

client_build
FIXTURE=mdkpin
framework_for 6.1 && ko=$(fixture_for 6.1)
copy_sdk
as_it_is() {
	build_in_copy && boot_copy sdkpins
}
check "as it is the copy passes" as_it_is
while IFS='|' read -r PATCHES variant pattern; do
	check "$variant" caught "$variant" sdkpins "$pattern"
done < <(variants)
PATCHES=tests/broken/sdk
# shellcheck disable=SC2034
BOOT_OPTIONS=(--qemu '-smp 2')
check "word-stored-twice" caught word-stored-twice sdkwords 'not ok .*words.once'
finish
