// SPDX-License-Identifier: GPL-2.0-only
static void my_stop(struct my_dev *my)
{
	if (my->trigger)
		eventfd_ctx_put(my->trigger);
}
