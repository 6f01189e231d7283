// SPDX-License-Identifier: GPL-2.0-only
static long my_set_irqs(struct my_dev *my, void __user *arg, unsigned long minsz)
{
	struct vfio_irq_set hdr;
	size_t size;
	int *fds;
	int ret;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, MY_VECTORS, MY_INDEXES, &size);
	if (ret)
		return ret;
	fds = memdup_user(arg + minsz, size);
	return IS_ERR(fds) ? PTR_ERR(fds) : my_listen(my, hdr.start, hdr.count, fds);
}
