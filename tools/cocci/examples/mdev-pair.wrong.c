// SPDX-License-Identifier: GPL-2.0-only
static struct mdev_driver my_driver = {
	.driver.owner = THIS_MODULE,
};

static int __init my_init(void)
{
	return mdev_register_driver(&my_driver);
}
module_init(my_init);
