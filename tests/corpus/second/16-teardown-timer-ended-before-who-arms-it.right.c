// SPDX-License-Identifier: GPL-2.0-only
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct hb_dev {
	struct vfio_device vdev;
	struct timer_list retry;
	struct work_struct send;
	unsigned int pending;
};

static void hb_send(struct work_struct *work)
{
	struct hb_dev *hb = container_of(work, struct hb_dev, send);

	if (hb->pending)
		mod_timer(&hb->retry, jiffies + HZ / 10);
}

static void hb_retry(struct timer_list *timer)
{
	struct hb_dev *hb = container_of(timer, struct hb_dev, retry);

	schedule_work(&hb->send);
}

static int hb_open(struct vfio_device *vdev)
{
	struct hb_dev *hb = container_of(vdev, struct hb_dev, vdev);

	hb->pending = 1;
	INIT_WORK(&hb->send, hb_send);
	timer_setup(&hb->retry, hb_retry, 0);
	schedule_work(&hb->send);
	return 0;
}

static void hb_quiet(struct hb_dev *hb)
{
	timer_shutdown_sync(&hb->retry);
	cancel_work_sync(&hb->send);
}

static void hb_close(struct vfio_device *vdev)
{
	hb_quiet(container_of(vdev, struct hb_dev, vdev));
}

static const struct vfio_device_ops hb_ops = {
	.open_device = hb_open, .close_device = hb_close, .name = "hb",
};
