// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#define SK_SAMPLES 512
#define SK_PERIOD msecs_to_jiffies(20)

struct sk_probe {
	struct vfio_device vdev;
	struct mutex lock;
	struct delayed_work sample;
	u32 *samples;
	unsigned int at;
	u32 (*sensor)(struct sk_probe *probe);
};

static void sk_sample(struct work_struct *work)
{
	struct sk_probe *probe = container_of(to_delayed_work(work), struct sk_probe, sample);
	u32 value = probe->sensor(probe);

	mutex_lock(&probe->lock);
	probe->samples[probe->at] = value;
	probe->at = (probe->at + 1) % SK_SAMPLES;
	mutex_unlock(&probe->lock);
	schedule_delayed_work(&probe->sample, SK_PERIOD);
}

static int sk_init(struct vfio_device *vdev)
{
	struct sk_probe *probe = container_of(vdev, struct sk_probe, vdev);

	mutex_init(&probe->lock);
	INIT_DELAYED_WORK(&probe->sample, sk_sample);
	return 0;
}

static void sk_release(struct vfio_device *vdev)
{
	struct sk_probe *probe = container_of(vdev, struct sk_probe, vdev);

	mutex_destroy(&probe->lock);
}

static int sk_open(struct vfio_device *vdev)
{
	struct sk_probe *probe = container_of(vdev, struct sk_probe, vdev);

	probe->samples = kcalloc(SK_SAMPLES, sizeof(*probe->samples), GFP_KERNEL);
	if (!probe->samples)
		return -ENOMEM;
	probe->at = 0;
	schedule_delayed_work(&probe->sample, SK_PERIOD);
	return 0;
}

static void sk_stop(struct sk_probe *probe)
{
	cancel_delayed_work_sync(&probe->sample);
}

static void sk_close(struct vfio_device *vdev)
{
	struct sk_probe *probe = container_of(vdev, struct sk_probe, vdev);

	sk_stop(probe);
	kfree(probe->samples);
	probe->samples = NULL;
}

static const struct vfio_device_ops sk_ops = {
	.name = "sk-probe",
	.init = sk_init,
	.release = sk_release,
	.open_device = sk_open,
	.close_device = sk_close,
};
