// SPDX-License-Identifier: GPL-2.0-only
/* Once; or what follows; or another address. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct command {
	u32 size;
	u32 code;
	u8 payload[56];
};

struct port {
	struct vfio_device vdev;
	struct command command;
};

static int port_run(struct port *port, const struct command *command);

static long port_submit(struct port *port, unsigned long arg)
{
	u32 size;

	if (copy_from_user(&size, (void __user *)arg, sizeof(size)))
		return -EFAULT;
	if (size > sizeof(port->command.payload))
		return -EINVAL;
	if (copy_from_user(port->command.payload, (void __user *)(arg + sizeof(size)), size))
		return -EFAULT;
	return port_run(port, &port->command);
}

static long port_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct port *port = container_of(vdev, struct port, vdev);
	struct command command;
	u32 code;

	if (cmd == VFIO_DEVICE_RESET) {
		if (copy_from_user(&code, (void __user *)arg, sizeof(code)))
			return -EFAULT;
		port->command.code = code;
		return 0;
	}
	if (copy_from_user(&command, (void __user *)arg, sizeof(command)))
		return -EFAULT;
	return port_run(port, &command);
}

static int port_fetch_all(struct port *port, dma_addr_t iova, u32 nr)
{
	u32 word = 0;
	int ret = 0;

	while (nr-- && !ret) {
		ret = vfio_dma_rw(&port->vdev, iova, &word, sizeof(word), false);
		if (word > 7)
			return -EINVAL;
		iova += sizeof(word);
	}
	return ret;
}
