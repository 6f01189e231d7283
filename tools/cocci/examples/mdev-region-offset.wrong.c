// SPDX-License-Identifier: GPL-2.0-only
static void my_access(struct my_dev *my, struct vfio_device *vdev, char *buf, size_t count,
		      loff_t pos)
{
	if (pos >= MY_MEMORY_START && pos + count <= MY_MEMORY_START + my->bytes) {
		pos -= MY_REGS_START;
		memcpy(buf, my->memory + pos, count);
	}
}
