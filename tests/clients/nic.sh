# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For the nic* cases: the driver that `new --kind nic` generates, as it is or with a fault.
# Sourced after tests/lib.sh and tests/clients/lib.sh.

# A receiver and its sender run at once, so that one finds the other busy.
# shellcheck disable=SC2034
BOOT_OPTIONS=(--qemu '-smp 2')

# nic_driver KERNEL [PATCH]: prints the module's path.
nic_driver() {
	local tree=$TMP/nic-$1${2:+-$2}/mynic
	rm -rf "$tree"
	mkdir -p "${tree%/mynic}"
	"$MDEV" new --name mynic --kind nic --dir "$tree" >"$TMP/driver.log" 2>&1 || return 1
	[ -z "${2:-}" ] || patch -s -p1 -d "$tree" <"tests/broken/nic/$2.patch" >"$TMP/driver.log" 2>&1 ||
		return 1
	KVER=$1 framework/build.sh module "$tree" >"$TMP/driver.log" 2>&1 || return 1
	echo "$tree/mynic.ko"
}

# VARS and AFTER as for run_piece; LIMIT ends the guest.
boot_nic() { # KERNEL MODULE PIECE [FRAMES]
	"$MDEV" boot --kernel "$1" --qemu '-smp 2' --module "$2" --file "$CLIENT:/bin/core-client" \
		--run "$PROCESSORS; FRAMES=${4:-5000} ${VARS:-} core-client $3; s=\$?; ${AFTER:-:}; exit \$s" \
		--ktap "$TMP/ktap" --log "$TMP/log" --timeout "${LIMIT:-400}" >"$TMP/boot.out" 2>&1
}

# run_nic KERNEL PIECE [FRAMES]: its results, and one more for the run. DRIVER makes the driver.
DRIVER=nic_driver
run_nic() {
	local ko status=0
	rm -f "$TMP/ktap"
	ko=$($DRIVER "$1") || { fail "$1: $2: build" "$(tail -n 20 "$TMP/driver.log")"; return; }
	boot_nic "$1" "$ko" "$2" "${3:-}" || status=$?
	guest_results "$1: " "$TMP/ktap"
	check "$1: $2: the run" run_held $status "${BOOT_OPTIONS[@]}"
}

# The hardware of the driver can go.
nic_gone() {
	local tree=$TMP/nic-gone/mynic
	mkdir -p "${tree%/mynic}"
	"$MDEV" new --name mynic --kind nic --dir "$tree" >"$TMP/driver.log" 2>&1 || return 1
	cat >>"$tree/mynic.c" <<-'END'
	static int mynic_gone(const char *text, const struct kernel_param *param)
	{
		mdk_gone(mynic_model_host);
		return 0;
	}
	module_param_call(gone, mynic_gone, NULL, NULL, 0200);
	END
	KVER=$1 framework/build.sh module "$tree" >"$TMP/driver.log" 2>&1 || return 1
	echo "$tree/mynic.ko"
}

# nic_is_mended PATCH PIECE FRAMES: what the driver forgets, and the SDK does not.
nic_is_mended() {
	local ko
	ko=$(nic_driver 6.1 "$1") || { tail -n 20 "$TMP/driver.log"; return 1; }
	rm -f "$TMP/ktap"
	boot_nic 6.1 "$ko" "$2" "$3" && ! grep '^not ok' "$TMP/ktap" && whole_ktap "$TMP/ktap"
}

# nic_is_caught PATCH PIECE FRAMES ERE: a fault of the driver.
nic_is_caught() {
	local ko
	ko=$(nic_driver 6.1 "$1") || { tail -n 20 "$TMP/driver.log"; return 1; }
	rm -f "$TMP/ktap"
	boot_nic 6.1 "$ko" "$2" "$3"
	cat "$TMP/boot.out" "$TMP/ktap"
	grep -Eq "^not ok .*($4)" "$TMP/ktap"
}
