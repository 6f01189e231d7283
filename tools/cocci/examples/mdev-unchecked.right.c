// SPDX-License-Identifier: GPL-2.0-only
static int my_open(struct vfio_device *vdev)
{
	struct my_dev *my = container_of(vdev, struct my_dev, vdev);

	my->table = kcalloc(MY_ENTRIES, sizeof(*my->table), GFP_KERNEL);
	if (!my->table)
		return -ENOMEM;
	my->table[0] = MY_VALID;
	return 0;
}
