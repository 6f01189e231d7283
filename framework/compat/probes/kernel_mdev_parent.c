// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own mdev core: parents with arrays of types, drivers with remove() of no result.
 * Form 2 is a kernel whose header says nothing of the sort; there has been none since 6.1.
 */
#include <linux/mdev.h>

#if PROBE_FORM == 1
int mdk_probe(struct mdev_parent *parent, struct device *dev, struct mdev_driver *drv,
	      struct mdev_type **types);
int mdk_probe(struct mdev_parent *parent, struct device *dev, struct mdev_driver *drv,
	      struct mdev_type **types)
{
	void (*remove)(struct mdev_device *mdev) = drv->remove;
	unsigned int (*available)(struct mdev_type *type) = drv->get_available;

	return remove && available && drv->device_api && types[0]->kobj.ktype ?
	       mdev_register_parent(parent, dev, drv, types, 1) : 0;
}
#else
struct mdev_parent {
	int x;
};
#endif
