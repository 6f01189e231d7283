// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vfio.h>

static int my_load(struct my_device *my, const void *from, size_t bytes)
{
	void *fresh;

	kfree(my->table);
	fresh = kmemdup(from, bytes, GFP_KERNEL);
	if (!fresh)
		return -ENOMEM;
	my->table = fresh;
	return 0;
}
