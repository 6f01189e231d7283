#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# For the guest of core-failing: a call of the kernel's fails in each step of load, registration,
# creation and removal. Afterwards everything can be unloaded, and does its work when it is loaded
# again. usage: failing-guest.sh own|kernel
pinner=/lab/pinner.ko
parent=/sys/devices/platform/pinner.0
types=$parent/mdev_supported_types
uuid=11111111-2222-4333-8444-555555555501
device=/sys/bus/mdev/devices/$uuid
n=0

# What a check that failed has left over is not the next one's.
start_clean() {
	[ ! -e /sys/module/pinner ] || rmmod pinner
	[ -e /sys/module/mdk_model ] || { unload_all; load_all; }
	fails_nothing
}

# check NAME COMMAND...
check() {
	name=$1
	shift
	n=$((n + 1))
	start_clean 2>/dev/null
	if "$@" >/tmp/out 2>&1; then
		echo "ok $n $name"
	else
		sed 's/^/# /' /tmp/out
		said | tail -n 12 | sed 's/^/# /'
		echo "not ok $n $name"
	fi
}

# The log from here on is the next check's.
mark() {
	mark=$((mark + 1))
	echo "failing: mark $mark." >/dev/kmsg
}

said() {
	dmesg | sed -n "/failing: mark $mark\\./,\$p"
}

says() { # ERE
	said | grep -Eq "$1" || { echo "the log does not say: $1"; return 1; }
}

fails() { # CALL ERRNO [NTH [MS]]
	echo "$1 $2 ${3:-1} ${4:-0}" >/sys/module/mdk_mdev/parameters/fail
}

fails_nothing() {
	echo none >/sys/module/mdk_mdev/parameters/fail
}

create() {
	echo "$uuid" >"$types/platform-p/create"
}

gone() {
	[ ! -e "$device" ] || { echo "the device is there"; return 1; }
}

# It works as if nothing had been.
works() {
	fails_nothing
	[ -e "$types" ] || insmod "$pinner" || return
	create && [ -e "$device/remove" ] && [ -e "$device/pinner/requests" ] &&
		echo 1 >"$device/remove" && gone
}

unloads() {
	rmmod pinner && [ ! -e "$parent" ]
}

# taken|refused: what becomes of the driver.
registration() { # taken|refused ERE CALL ERRNO [NTH]
	want=$1 ere=$2
	shift 2
	mark
	fails "$@"
	insmod "$pinner" && got=taken || got=refused
	[ "$got" = "$want" ] || { echo "the registration was $got"; return 1; }
	says "fail: $1 gives" && says "$ere" || return
	if [ "$got" = taken ]; then
		unloads || return
	elif [ -e "$parent" ]; then
		echo "the parent is left"
		return 1
	fi
	works && unloads
}

creation() { # ERE CALL ERRNO [NTH]
	ere=$1
	shift
	insmod "$pinner" || return
	mark
	fails "$@"
	if create; then
		echo "created, although $1 failed"
		return 1
	fi
	says "fail: $1 gives" && says "$ere" && gone && works && unloads
}

# The driver refuses a removal, and then its files cannot all come back.
refusal() { # ERE FILE-THAT-IS-BACK CALL
	insmod "$pinner" && create || return
	mark
	echo 16 >/sys/module/pinner/parameters/remove_errno
	fails "$3" -12
	echo 1 >"$device/remove"
	echo 0 >/sys/module/pinner/parameters/remove_errno
	says "$1" || return
	[ -e "$device/$2" ] || { echo "$2 did not come back"; return 1; }
	unloads && gone && works && unloads
}

# Once it is there, the class stays as long as the core.
first_registration() {
	unload_all && load_all && [ ! -e /sys/class/mdev_bus ] && registration refused \
		"class 'mdev_bus', .*cannot be made .$out_of_memory.*K170" class_compat_register -12
}

# Two parents of one name on two buses: the link is the first one's, and stays his.
same_name() {
	insmod "$pinner" || return
	mark
	echo pinner.0 >/sys/module/pinner/parameters/namesake || return
	says 'no link in /sys/class/mdev_bus.*errno 17.*another parent has the same name.*K13' || return
	echo - >/sys/module/pinner/parameters/namesake
	[ -d /sys/class/mdev_bus/pinner.0/mdev_supported_types ] ||
		{ echo "the first parent has lost its link"; return 1; }
	works && unloads
}

unload_all() {
	for module in mdk_model mdk_vfio_mdev mdk_mdev_kernel mdk_mdev; do
		! grep -q "^$module " /proc/modules || rmmod "$module" || return
	done
}

load_all() {
	insmod /lab/ko/mdk_mdev.ko "bus=$mode" || return
	[ "$mode" = own ] || insmod /lab/ko/mdk_mdev_kernel.ko || return
	insmod /lab/ko/mdk_vfio_mdev.ko && insmod /lab/ko/mdk_model.ko
}

# The core's own load, with the parameter that it then has at once.
core_load() { # ERE CALL ERRNO
	unload_all || return
	mark
	if insmod /lab/ko/mdk_mdev.ko "bus=$mode" "fail=\"$2 $3 1 0\""; then
		echo "loaded, although $2 failed"
		return 1
	fi
	says "$1" && load_all && works && unloads
}

# The load of another module of ours.
module_load() { # ERE MODULE CALL ERRNO
	unload_all && insmod /lab/ko/mdk_mdev.ko "bus=$mode" || return
	mark
	fails "$3" "$4"
	if insmod "/lab/ko/$2.ko"; then
		echo "loaded, although $3 failed"
		return 1
	fi
	says "fail: $3 gives" && says "$1" || return
	rmmod mdk_mdev && load_all && works && unloads
}

model() { # ERE CALL
	mark
	fails "$2" -1
	if insmod /lab/mdkcaps.ko; then
		echo "loaded, although $2 failed"
		return 1
	fi
	says "$1" && fails_nothing && insmod /lab/mdkcaps.ko && rmmod mdkcaps
}

# The parent is seen already, but its registration is not over: $1 is late.
seen_early() { # CALL ERRNO
	mark
	fails "$1" "$2" 1 3000
	insmod "$pinner" 2>/dev/null &
	tries=0
	until [ -e "$types/platform-p/create" ]; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || { echo "no file create"; return 1; }
		sleep 0.1
	done
}

# On our bus a create waits, and is one like any other.
create_waits() {
	seen_early class_link 0 || return
	create || { wait; return 1; }
	said | grep -q 'MDEV: Registered' || { echo "created before the registration was over"; wait; return 1; }
	wait
	[ -e "$device/remove" ] && echo 1 >"$device/remove" && gone && works && unloads
}

# And where the registration fails, no device is left of it.
create_waits_in_vain() {
	seen_early sysfs_create_files -12 || return
	if create; then
		wait
		echo "created, although the registration failed"
		return 1
	fi
	wait
	says 'the parent is going.*K32' && gone && [ ! -e "$parent" ] && works && unloads
}

# The kernel's own files are there before ours; nothing is made by them.
window() {
	seen_early mdev_register_parent 0 || return
	read -r available <"$types/platform-p/available_instances"
	if create; then
		wait
		echo "created by the kernel's file"
		return 1
	fi
	if ! says 'it came while the parent was being registered.*K173' || ! gone; then
		wait
		return 1
	fi
	wait
	[ "$available" = 16 ] || { echo "available_instances was $available"; return 1; }
	read -r available <"$types/platform-p/available_instances"
	[ "$available" = 16 ] && works && unloads
}

mode=$1
mark=0
out_of_memory='errno 12\): memory ran out'
registered='MDEV: not registered .errno 12\): .*memory ran out.*K14'

common() {
	check "files of the parent: memory" registration refused \
		"files of dev_attr_groups cannot be added .$out_of_memory.*K20" sysfs_create_groups -12
	check "files of the parent: a name" registration refused \
		'errno 17\): the device has a file or a group of such a name.*K20' sysfs_create_groups -17
	check "VFIO's device" creation 'adding it to VFIO failed .errno 12.*K36' vfio_register -12
	check "the driver's files" creation 'adding its files failed .errno 12.*K36' \
		sysfs_create_groups -12
}

own() {
	check "the bridge's driver" module_load '' mdk_vfio_mdev driver_register -12
	check "the bus: memory" core_load "the bus 'mdev' .$out_of_memory.*K2\]" bus_register -12
	check "the bus: a name" core_load 'errno 17\): another module has a bus.*K2\]' bus_register -17
	check "the class" first_registration
	check "the class, for the second parent" registration taken \
		"no link in .*$out_of_memory.*K13" class_link -12 2
	check "the link" registration taken "no link in .*$out_of_memory.*K13" class_link -12
	check "a parent of the same name" same_name
	check "the folder of the types" registration refused "$registered" kset_create -12
	check "a type: memory" registration refused \
		"type 'p' cannot be added .$out_of_memory.*K21" kobject_init_and_add -12
	check "a type: a name" registration refused \
		'errno 17\): the device has a type of that name.*K21' kobject_init_and_add -17
	check "the folder of a type's devices" registration refused \
		"files of type 'p' cannot be added .$out_of_memory.*K22" kobject_create -12
	check "a type's file create" registration refused "$out_of_memory.*K22" sysfs_create_file -12
	check "a type's files" registration refused "$out_of_memory.*K22" sysfs_create_files -12
	check "a type's files: the second parent" registration refused "$out_of_memory.*K22" \
		sysfs_create_files -12 2
	check "a device's name" creation 'naming the device failed .errno 12.*K36' dev_set_name -12
	check "a device" creation 'adding the device failed .errno 12.*K36' device_add -12
	check "the bridge" creation 'adding it to VFIO failed .errno 12.*K36' device_driver_attach -12
	check "the link to the type" creation 'adding its files failed .errno 12.*K36' \
		sysfs_create_link -12
	check "the link from the type" creation 'adding its files failed .errno 12.*K36' \
		sysfs_create_link -12 2
	check "the file remove" creation 'adding its files failed .errno 12.*K36' device_create_file -12
	check "the file remove, after a refused removal" refusal \
		'the file remove did not come back .*errno 12.*K44' pinner/requests device_create_file
	check "the driver's files, after a refused removal" refusal \
		"its driver's files did not come back .*errno 12.*K174" remove sysfs_create_groups
	check "a model's class" model 'errno 17\): /sys/class has one of that name.*K176' class_create
	check "a model's device" model "its class and the device in it .*$out_of_memory.*K176" \
		device_create
	check "a create waits for the registration" create_waits
	check "a create waits for a registration that fails" create_waits_in_vain
}

kernel() {
	check "the driver: memory" module_load "does not take our driver .*$out_of_memory.*K108" \
		mdk_mdev_kernel mdev_register_driver -12
	check "the driver: a name" module_load 'errno 16\): another module has one of that name.*K108' \
		mdk_mdev_kernel mdev_register_driver -16
	check "the parent: memory" registration refused \
		"does not take the parent .*$out_of_memory.*K107" mdev_register_parent -12
	check "the parent: a name" registration refused \
		'errno 17\): the device has a folder mdev_supported_types.*K107' mdev_register_parent -17
	check "a create by the kernel's file" window
}

"$mode"
common
echo "1..$n"
echo "# mdev-conform: end"
