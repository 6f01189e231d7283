// SPDX-License-Identifier: GPL-2.0-only
static long my_set_irqs(struct my_dev *my, void __user *arg, unsigned long minsz)
{
	struct vfio_irq_set hdr;
	int *fds;

	if (copy_from_user(&hdr, arg, minsz) || hdr.argsz < minsz)
		return -EINVAL;
	fds = memdup_user(arg + minsz, hdr.count * sizeof(int));
	return IS_ERR(fds) ? PTR_ERR(fds) : my_listen(my, hdr.start, hdr.count, fds);
}
