// SPDX-License-Identifier: GPL-2.0-only
static int my_set_msi(struct my_dev *my, u32 flags, unsigned int start, unsigned int count,
		      void *data)
{
	if (flags & VFIO_IRQ_SET_DATA_EVENTFD) {
		if (!count)
			return -EINVAL;
		return my_listen(my, *(int *)data);
	}
	return 0;
}
