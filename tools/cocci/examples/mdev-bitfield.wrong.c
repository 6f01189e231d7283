// SPDX-License-Identifier: GPL-2.0-only
struct my_dev {
	struct work_struct work;
	u8 masked:1;
	u8 dead:1;
};

static void my_work(struct work_struct *work)
{
	struct my_dev *my = container_of(work, struct my_dev, work);

	my->dead = 1;
}

static void my_mask(struct my_dev *my)
{
	INIT_WORK(&my->work, my_work);
	my->masked = 1;
	flush_work(&my->work);
}
