// SPDX-License-Identifier: GPL-2.0-only
/* Unregistered first. */
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
	struct mutex lock;
	void *ring;
};

static void port_remove(struct mdev_device *mdev)
{
	struct port *port = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&port->vdev);
	kfree(port->ring);
	mutex_destroy(&port->lock);
	vfio_put_device(&port->vdev);
}

/* An error of the probe: nobody can be inside yet. */
static int port_probe(struct mdev_device *mdev)
{
	struct port *port = dev_get_drvdata(&mdev->dev);
	int ret = vfio_register_emulated_iommu_dev(&port->vdev);

	if (ret)
		vfio_put_device(&port->vdev);
	return ret;
}

static struct mdev_driver port_driver = {
	.driver = {
		.name = "port",
		.owner = THIS_MODULE,
	},
	.probe = port_probe,
	.remove = port_remove,
};
