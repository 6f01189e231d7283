// SPDX-License-Identifier: GPL-2.0-only
static int my_alloc(struct my_device *my)
{
	int i;

	for (i = 0; i < MY_BUFFERS; i++) {
		my->buffers[i] = kzalloc(PAGE_SIZE, GFP_KERNEL);
		if (!my->buffers[i])
			goto undo;
	}
	return 0;
undo:
	while (--i >= 0)
		kfree(my->buffers[i]);
	return -ENOMEM;
}
