# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the cases about run-time checks. Sourced after tests/lib.sh.

# careless_build KVER: $TMP/careless/careless.ko, on the framework as it is by default.
careless_build() {
	mkdir -p "$TMP/careless"
	cp tests/fixtures/careless/{Kbuild,careless.c} "$TMP/careless/"
	MDK_CONFIG=/dev/null KVER=$1 framework/build.sh module "$TMP/careless" \
		>"$TMP/build.log" 2>&1 || { tail "$TMP/build.log"; return 1; }
}

# boot_with FOLDER [MODE]: careless.ko, built with the usual framework, on that of FOLDER.
boot_with() {
	local name modules=()
	for name in mdk_mdev mdk_vfio_mdev mdk_model; do
		modules+=(--module "$1/$name.ko")
	done
	"$MDEV" boot --no-framework --kernel 6.1 "${modules[@]}" \
		--module "$TMP/careless/careless.ko" --file "$SDK/tests/fixtures/careless/guest.sh:/guest.sh" \
		--file "$SDK/build/host/conform/mdev-poke:/bin/mdev-poke" --run "sh /guest.sh ${2:-}" \
		--ktap "$TMP/said" --log "$TMP/log" --timeout 90
}

# once ERE: the mistake is in the log, and not twice.
once() {
	grep "model 'careless': " "$TMP/log"
	[ "$(grep -Ec -- "mdk_model: model 'careless': $1" "$TMP/log")" = 1 ]
}
