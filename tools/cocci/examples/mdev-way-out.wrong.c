// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vfio.h>

static int my_stop(struct my_device *my)
{
	mutex_lock(&my->lock);
	if (my->gone)
		return -ENODEV;
	my_halt(my);
	mutex_unlock(&my->lock);
	return 0;
}
