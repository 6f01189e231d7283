// SPDX-License-Identifier: GPL-2.0-only
struct my_dev {
	struct work_struct work;
	bool masked;
	bool dead;
};

static void my_work(struct work_struct *work)
{
	struct my_dev *my = container_of(work, struct my_dev, work);

	my->dead = true;
}

static void my_mask(struct my_dev *my)
{
	INIT_WORK(&my->work, my_work);
	my->masked = true;
	flush_work(&my->work);
}
