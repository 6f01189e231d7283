// SPDX-License-Identifier: GPL-2.0-only
/* Texts of attributes, as long as they are, into arrays of a state. */
#include <linux/device.h>
#include <linux/string.h>
#include <mdk/mdk.h>

struct badge_state {
	char owner[24];
	char nick[16];
	struct mutex lock;
};

static int badge_store_owner(struct mdk_dev *dev, const char *text, size_t size)
{
	struct badge_state *state = mdk_state(dev);

	mutex_lock(&state->lock);
	memcpy(state->owner, text, size); /* finds: mdev-guest-length */
	mutex_unlock(&state->lock);
	return 0;
}

static void badge_keep(struct badge_state *state, const char *from, size_t bytes)
{
	memcpy(state->nick, from, bytes); /* finds: mdev-guest-length */
}

/* Compared with another array, and copied by a helper. */
static int badge_store_nick(struct mdk_dev *dev, const char *text, size_t size)
{
	struct badge_state *state = mdk_state(dev);

	if (size >= sizeof(state->owner))
		return -EINVAL;
	badge_keep(state, text, size);
	return 0;
}

static const struct mdk_attr badge_attrs[] = {
	{ .name = "owner", .store = badge_store_owner },
	{ .name = "nick", .store = badge_store_nick },
};

static ssize_t owner_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	struct badge_state *state = dev_get_drvdata(dev);

	/* The size of the text is no size of what it goes to. */
	strscpy(state->owner, buf, count); /* finds: mdev-guest-length */
	return count;
}
static DEVICE_ATTR_WO(owner);
