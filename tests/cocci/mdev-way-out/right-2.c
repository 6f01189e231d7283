// SPDX-License-Identifier: GPL-2.0-only
/* What looks lost and is not: kept by what was stored, by name only, or never got. */
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct unit {
	struct vfio_device vdev;
	struct kref kref;
	struct mutex lock;
	struct module *module;
	int (*run)(struct unit *unit);
};

struct info {
	struct device dev;
	struct unit *unit;
};

static DEFINE_MUTEX(unit_mutex);
static struct unit *the_unit;

/* The one that is stored is given back by whoever walks the store. */
static int units_run(struct unit **units, int nr)
{
	struct unit *chosen[4], *unit;
	int i, n = 0, ret = -ENODEV;

	for (i = 0; i < nr; i++) {
		unit = units[i];
		if (!try_module_get(unit->module))
			continue;
		if (unit->run && n < ARRAY_SIZE(chosen))
			chosen[n++] = unit;
		else
			module_put(unit->module);
	}
	for (i = 0; i < n; i++) {
		unit = chosen[i];
		if (ret)
			ret = unit->run(unit);
		module_put(unit->module);
	}
	return ret;
}

static struct unit *unit_pick(struct unit *unit)
{
	if (!unit || !unit->run)
		return NULL;
	kref_get(&unit->kref);
	return unit;
}

static void unit_free(struct kref *kref)
{
	kfree(container_of(kref, struct unit, kref));
}

/* Where the helper says that it picked none, it has got nothing. */
static int unit_use(struct unit *unit)
{
	struct unit *picked = unit_pick(unit);
	int ret;

	if (!picked)
		return -ENODEV;
	ret = picked->run(picked);
	kref_put(&unit->kref, unit_free);
	return ret;
}

/* On success it is returned with the lock held, and whoever puts it lets go. */
struct unit *unit_get(void)
{
	mutex_lock(&unit_mutex);
	if (the_unit)
		return the_unit;
	mutex_unlock(&unit_mutex);
	return ERR_PTR(-ENODEV);
}

/* Only what is not on the stack was allocated. */
static int unit_ioctl(struct unit *unit, void __user *arg, size_t bytes)
{
	char small[128], *data = small;
	int ret = 0;

	if (bytes > sizeof(small)) {
		data = kzalloc(bytes, GFP_KERNEL);
		if (!data)
			return -ENOMEM;
	}
	if (copy_from_user(data, arg, bytes)) {
		ret = -EFAULT;
		goto out;
	}
	ret = unit->run(unit);
out:
	if (data != small)
		kfree(data);
	return ret;
}

/* Who holds the lock of a unit has a unit. */
static int unit_attach(struct info *info, bool own)
{
	struct unit *unit = NULL;
	int ret = -EINVAL;

	if (own) {
		unit = info->unit;
		mutex_lock(&unit->lock);
		if (!unit->run)
			goto out;
		ret = unit->run(unit);
	}
out:
	if (unit)
		mutex_unlock(&unit->lock);
	return ret;
}

/* It is the reference of what holds it already, and goes with it. */
static int unit_publish(struct info *info, struct unit *unit)
{
	int ret;

	info->unit = unit;
	kref_get(&unit->kref);
	ret = dev_set_name(&info->dev, "unit");
	if (ret) {
		kref_put(&unit->kref, unit_free);
		return ret;
	}
	ret = device_register(&info->dev);
	if (ret) {
		put_device(&info->dev);
		return ret;
	}
	return 0;
}

#define for_each_line(card, line) \
	for ((line) = (card)->lines; (line) < (card)->lines + (card)->nr; (line)++)

struct line {
	int irq, nr;
};

struct card {
	struct vfio_device vdev;
	struct line *lines;
	int nr;
	struct unit contexts[8];
};

/* As many as were got are given back, whichever those are. */
static int card_lines(struct card *card, irq_handler_t handler)
{
	struct line *line;
	int ret, got = 0;

	for_each_line(card, line) {
		ret = request_irq(line->irq, handler, 0, "card", &card->contexts[line->nr]);
		if (ret)
			goto fail;
		got++;
	}
	return 0;
fail:
	for_each_line(card, line) {
		if (!got--)
			break;
		free_irq(line->irq, &card->contexts[line->nr]);
	}
	return ret;
}

struct packet {
	u32 match;
	u8 bytes[64];
};

#define PACKET_OWN 1

static struct packet *packet_find(const struct packet *like)
{
	return like->match ? kmemdup(like, sizeof(*like), GFP_KERNEL) : NULL;
}

/* It says itself whether it was made for this. */
static int packet_send(struct unit *unit, const struct packet *like)
{
	struct packet *packet = packet_find(like);
	int ret;

	if (!packet)
		return -ENOENT;
	ret = unit->run(unit);
	if (ret)
		goto out;
	ret = -EAGAIN;
out:
	if (packet->match & PACKET_OWN) {
		unit->run = NULL;
		kfree(packet);
	}
	return ret;
}

/* The same question, asked the other way round. */
static int unit_command(struct unit *unit, int code)
{
	int ret = 0;

	mutex_lock(&unit->lock);
	if (code == 3 || code == 4)
		mutex_unlock(&unit->lock);
	if (!unit->run) {
		ret = -ENODEV;
		goto out;
	}
	ret = unit->run(unit);
out:
	if (code != 3 && code != 4)
		mutex_unlock(&unit->lock);
	return ret;
}
