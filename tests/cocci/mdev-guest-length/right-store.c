// SPDX-License-Identifier: GPL-2.0-only
/* Texts of attributes, compared with what they go to; a show's size is that of its buffer. */
#include <linux/device.h>
#include <linux/string.h>
#include <mdk/mdk.h>

struct sign_state {
	char owner[24];
	char nick[16];
};

static int sign_store_owner(struct mdk_dev *dev, const char *text, size_t size)
{
	struct sign_state *state = mdk_state(dev);

	if (size > sizeof(state->owner))
		return -EINVAL;
	memcpy(state->owner, text, size);
	return 0;
}

static int sign_store_nick(struct mdk_dev *dev, const char *text, size_t size)
{
	struct sign_state *state = mdk_state(dev);

	strscpy(state->nick, text, sizeof(state->nick));
	memcpy(state->owner, text, min(size, sizeof(state->owner)));
	return 0;
}

static int sign_store_short(struct mdk_dev *dev, const char *text, size_t size)
{
	struct sign_state *state = mdk_state(dev);

	if (strlen(text) >= sizeof(state->nick))
		return -ENAMETOOLONG;
	strcpy(state->nick, text);
	return 0;
}

static int sign_show_nick(struct mdk_dev *dev, char *text, size_t size)
{
	struct sign_state *state = mdk_state(dev);

	memcpy(state->owner, state->nick, sizeof(state->nick));
	return scnprintf(text, size, "%s\n", state->nick);
}

static const struct mdk_attr sign_attrs[] = {
	{ .name = "owner", .store = sign_store_owner },
	{ .name = "short", .store = sign_store_short },
	{ .name = "nick", .store = sign_store_nick, .show = sign_show_nick },
};

static ssize_t nick_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	struct sign_state *state = dev_get_drvdata(dev);
	size_t len = count && buf[count - 1] == '\n' ? count - 1 : count;

	if (len >= sizeof(state->nick))
		return -EINVAL;
	memcpy(state->nick, buf, len);
	return count;
}
static DEVICE_ATTR_WO(nick);
