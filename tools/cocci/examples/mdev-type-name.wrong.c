// SPDX-License-Identifier: GPL-2.0-only
static struct attribute_group my_type = {
	.attrs = my_attrs,
};

static struct attribute_group *my_types[] = { &my_type, NULL };

static const struct mdev_parent_ops my_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = my_types,
};
