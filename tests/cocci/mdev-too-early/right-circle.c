// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct hbr_dev {
	struct vfio_device vdev;
	struct timer_list retry;
	struct work_struct send;
	unsigned int pending;
};

static void hbr_send(struct work_struct *work)
{
	struct hbr_dev *hb = container_of(work, struct hbr_dev, send);

	if (hb->pending)
		mod_timer(&hb->retry, jiffies + HZ / 10);
}

static void hbr_retry(struct timer_list *timer)
{
	struct hbr_dev *hb = container_of(timer, struct hbr_dev, retry);

	schedule_work(&hb->send);
}

static int hbr_open(struct vfio_device *vdev)
{
	struct hbr_dev *hb = container_of(vdev, struct hbr_dev, vdev);

	hb->pending = 1;
	INIT_WORK(&hb->send, hbr_send);
	timer_setup(&hb->retry, hbr_retry, 0);
	schedule_work(&hb->send);
	return 0;
}

static void hbr_quiet(struct hbr_dev *hb)
{
	timer_shutdown_sync(&hb->retry);
	cancel_work_sync(&hb->send);
}

static void hbr_close(struct vfio_device *vdev)
{
	hbr_quiet(container_of(vdev, struct hbr_dev, vdev));
}

static const struct vfio_device_ops hbr_ops = {
	.open_device = hbr_open, .close_device = hbr_close, .name = "hb",
};
