// SPDX-License-Identifier: GPL-2.0-only
/* Taken apart under an open descriptor, and a removal that says no. */
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	struct mutex lock;
	void *ring;
	bool busy;
};

static void port_remove(struct mdev_device *mdev)
{
	struct port *port = dev_get_drvdata(&mdev->dev);

	kfree(port->ring); /* finds: mdev-remove-fail */
	port->ring = NULL;
	vfio_unregister_group_dev(&port->vdev);
	vfio_put_device(&port->vdev);
}

static void port_remove_locks(struct mdev_device *mdev)
{
	struct port *port = dev_get_drvdata(&mdev->dev);

	if (!port)
		goto out;
	mutex_destroy(&port->lock); /* finds: mdev-remove-fail */
	vfio_unregister_group_dev(&port->vdev);
out:
	vfio_put_device(&port->vdev);
}

static struct mdev_driver port_driver = {
	.driver = {
		.name = "port",
		.owner = THIS_MODULE,
	},
	.remove = port_remove,
};

static struct mdev_driver port_locks_driver = {
	.driver.owner = THIS_MODULE,
	.remove = port_remove_locks,
};
