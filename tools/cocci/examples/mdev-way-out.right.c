// SPDX-License-Identifier: GPL-2.0-only
#include <linux/vfio.h>

static int my_stop(struct my_device *my)
{
	int ret = -ENODEV;

	mutex_lock(&my->lock);
	if (my->gone)
		goto out;
	my_halt(my);
	ret = 0;
out:
	mutex_unlock(&my->lock);
	return ret;
}
