// SPDX-License-Identifier: GPL-2.0-only
/* Cancelled, and nobody waits until it has ended. */
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

struct probe {
	struct vfio_device vdev;
	struct delayed_work sample;
	struct work_struct report;
	struct timer_list pulse;
	u32 *samples;
};

void probe_sample(struct work_struct *work);
void probe_report(struct work_struct *work);
void probe_pulse(struct timer_list *timer);

static int probe_init(struct vfio_device *vdev)
{
	struct probe *probe = container_of(vdev, struct probe, vdev);

	INIT_DELAYED_WORK(&probe->sample, probe_sample);
	INIT_WORK(&probe->report, probe_report);
	timer_setup(&probe->pulse, probe_pulse, 0);
	return 0;
}

static void probe_stop(struct probe *probe)
{
	cancel_delayed_work(&probe->sample); /* finds: mdev-left-running */
	if (probe->samples)
		cancel_work(&probe->report); /* finds: mdev-left-running */
}

static void probe_close(struct vfio_device *vdev)
{
	struct probe *probe = container_of(vdev, struct probe, vdev);

	probe_stop(probe);
	timer_delete(&probe->pulse); /* finds: mdev-left-running */
	kfree(probe->samples);
	probe->samples = NULL;
}

static const struct vfio_device_ops probe_ops = {
	.init = probe_init, .close_device = probe_close,
};
