// SPDX-License-Identifier: GPL-2.0-only
static const struct mdev_parent_ops my_ops = {
	.create = my_create,
	.remove = my_remove,
};
