# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# In a guest, for tests/cases/tool-live.sh: this guest is the host on which mdev-sdk test --uuid
# runs. Each part begins with `== NAME` and ends with `status N`.
export LD_LIBRARY_PATH=/lib MDEV_SDK_ROOT=/sdk
u=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
types=/sys/class/mdev_bus/myvgpu/mdev_supported_types
device=/sys/bus/mdev/devices/$u

# part NAME OPTIONS...
part() {
	echo "== $1"
	shift
	mdev-sdk test --uuid $u "$@" 2>&1
	echo "status $?"
}

part absent
mv /dev/vfio/vfio /dev/vfio/away
part no-vfio
mv /dev/vfio/away /dev/vfio/vfio
echo $u >$types/myvgpu-1/create

node=/dev/vfio/$(basename "$(readlink $device/iommu_group)")
sleep 1000 3<"$node" &
holder=$!
echo "holder $holder"
part open
echo "== suite-open"
/sdk/build/host/conform/mdev-conform --uuid $u 2>&1
echo "status $?"
kill $holder
wait $holder 2>/dev/null

part good --ktap /tmp/ktap
echo "== left: $(cd /sys/bus/mdev/devices && echo *)"
echo "== ktap: $(tail -n 1 /tmp/ktap)"
part only-skips --only lifetime.storm
part skip-group --only info.device --only sysfs.type_files --skip sysfs

chmod 666 $device/remove
part bad-file --only sysfs
chmod 200 $device/remove

# A complaint of the kernel while the suite runs fails it; one before does not.
echo "WARNING: before" >/dev/kmsg
part quiet-log --only info.device --only sysfs.type_files
(sleep 1; echo "WARNING: planted" >/dev/kmsg) &
part loud-log
echo "== left: $(cd /sys/bus/mdev/devices && echo *)"
echo "== end"
