# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
# For cases that boot a fresh Debian 12 with systemd; sourced after tests/lib.sh. Its disk is a copy that goes
# with the case: what one part does to it the next one finds. Each part is a boot, so between two of
# them the host was rebooted.

DISK=$TMP/root.img
JOB=$TMP/job
UUID=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001

# The image, or all results of the case are skipped, and it ends.
need_image() {
	if image=$(timeout -k 5 2400 tests/systemd/image 2>"$TMP/image.log"); then
		cp --sparse=always --reflink=auto "$image/root.img" "$DISK"
		mkdir -p "$JOB"
		return
	fi
	for _ in $(seq "$(awk -v name="$CASE" '$1 == name { print $3 }' tests/counts.txt)"); do
		skip "a fresh Debian with systemd" "it cannot be made here"
	done
	tail -n 5 "$TMP/image.log" | diag
	finish
	exit
}

# debs FOLDER [TREE]: packages of a tree of the SDK, to what the guest sees as /job/FOLDER; without pages, which take
# longest.
debs() {
	# shellcheck disable=SC2086 # an option, or none
	DEB_BUILD_PROFILES=${profile-nodoc} "${2:-.}/tools/deb/make" ${packages:-} "$JOB/$1" && rm "$JOB/$1"/*.tar.gz
}

# A driver's package beside them, generated here with the options of new.
driver_deb() { # NAME FOLDER OPTION...
	"$MDEV" new --name "$1" --dir "$TMP/$1" "${@:3}" && tools/deb/driver-package "$TMP/$1" "$JOB/$2"
}

# on_disk COMMAND...: in the files of the disk, without a boot.
on_disk() {
	mkdir -p "$TMP/mnt"
	# shellcheck disable=SC2016 # of the other shell
	unshare --mount --pid --fork --kill-child sh -c '
		root=$1 job=$2
		shift 2
		mount -o loop "$root/../root.img" "$root" && mkdir -p "$root/job" && mount --bind "$job" "$root/job" &&
			mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" &&
			exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"
	' sh "$TMP/mnt" "$JOB" "$@" </dev/null
}

# The sources that packages are made of, as a number.
sources() {
	find framework sdk templates tools Kconfig Makefile VERSION tests/systemd/{image,job.service,lib.sh} -type f -print0 |
		sort -z | xargs -0 cat | cksum | cut -d' ' -f1
}

# Installed by DKMS in a chroot: under emulation a compiler takes ten times as long.
make_host() {
	debs debs && driver_deb ports debs --kind nic && driver_deb card debs --parent pci && echo ports >"$JOB/put" &&
		on_disk sh -c 'apt-get install -q -y --no-install-recommends /job/debs/*.deb && cp /job/put /etc/modules-load.d/ports.conf' &&
		[ "$(on_disk dkms status | grep -cE '^(ports|card)/.*: installed')" = 2 ] && "$MDEV" describe "$TMP/ports" --mdevctl >"$JOB/definition.json" &&
		"$MDEV" describe "$TMP/ports" --libvirt --uuid "$UUID" >"$JOB/hostdev.xml"
}

# The disk becomes a host with the packages of this tree and of two drivers: `ports`, which is loaded at boot, and
# `card` of QEMU's device edu. Other cases take what the first one has made.
host() {
	local kept
	kept=$SDK/build/systemd/$(sources)
	mkdir -p "$SDK/build/systemd"
	exec 8>"$SDK/build/systemd/lock"
	flock -w 1500 8 || return 1
	if [ ! -f "$kept/root.img" ]; then
		make_host 8>&- || return 1
		find "$SDK/build/systemd" -mindepth 1 -type d -prune -exec rm -rf {} +
		mkdir "$kept"
		cp "$JOB"/{definition.json,hostdev.xml} "$kept/"
		cp --sparse=always --reflink=auto "$DISK" "$kept/new" && mv "$kept/new" "$kept/root.img"
	fi
	cp "$kept"/*.{json,xml} "$JOB/"
	cp --sparse=always --reflink=auto "$kept/root.img" "$DISK"
	exec 8>&-
}

# What a part's machine has besides.
devices=()

# The guest runs a script of tests/systemd with the functions of part.sh; it says a result as it comes. A boot that
# ends before its script begins is tried once more.
boot_part() { # NAME SECONDS [KERNEL-OPTION...]
	{ cat tests/systemd/part.sh; echo "uuid=$UUID older=${older:-} newer=${newer:-}"; cat "tests/systemd/$1"; echo done_all; } \
		>"$JOB/run"
	for _ in 1 2; do
		: >"$JOB/said"
		timeout -k 5 "$2" qemu-system-x86_64 -accel tcg -cpu EPYC -smp 1 -m 2048 -nodefaults -no-user-config -no-reboot \
			-display none -serial "file:$TMP/console" -drive "file=$DISK,format=raw,if=virtio,cache=unsafe" \
			-virtfs "local,path=$JOB,mount_tag=job,security_model=none,multidevs=remap" -kernel "$image/vmlinuz" \
			-initrd "$image/initrd" "${devices[@]}" \
			-append "root=/dev/vda console=ttyS0 quiet no_timer_check panic=-1 net.ifnames=0 job ${*:3}" \
			</dev/null >"$TMP/qemu" 2>&1 && [ -s "$JOB/said" ] && return
		[ ! -s "$JOB/said" ] || break
	done
}

# Each "ok" and "not ok" of the guest is a result of the case; that it came to its end is one, too.
part() { # NAME SECONDS [KERNEL-OPTION...]
	local line words=()
	boot_part "$@"
	while IFS= read -r line; do
		case $line in
		'ok '*) pass "${line#ok }"; words=() ;;
		'not ok '*) fail "${line#not ok }" "${words[@]}"; words=() ;;
		*) words+=("$line") ;;
		esac
	done <"$JOB/said"
	if grep -qx 'end' "$JOB/said" && ! grep -qE 'Kernel panic|Oops|BUG:|WARNING: CPU' "$TMP/console"; then
		pass "$1: the guest comes to its end"
	else
		fail "$1: the guest comes to its end" "${words[@]: -20}" "$(tail -n 30 "$TMP/console" "$TMP/qemu")"
	fi
}
