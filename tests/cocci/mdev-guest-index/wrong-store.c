// SPDX-License-Identifier: GPL-2.0-only
/* The end of a text behind the array that it just fills. */
#include <linux/device.h>
#include <linux/string.h>
#include <mdk/mdk.h>

#define PLATE_ROOM 20

struct plate_state {
	char text[PLATE_ROOM];
	char maker[12];
};

static ssize_t text_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	struct plate_state *state = dev_get_drvdata(dev);

	if (count > sizeof(state->text))
		return -EINVAL;
	memcpy(state->text, buf, count);
	state->text[count] = '\0'; /* finds: mdev-guest-index */
	return count;
}
static DEVICE_ATTR_WO(text);

static int plate_store_maker(struct mdk_dev *dev, const char *text, size_t size)
{
	struct plate_state *state = mdk_state(dev);
	size_t len = min(size, sizeof(state->maker));

	memcpy(state->maker, text, len);
	state->maker[len] = 0; /* finds: mdev-guest-index */
	return 0;
}

static void plate_end(struct plate_state *state, size_t at)
{
	state->text[at] = '\0'; /* finds: mdev-guest-index */
}

static int plate_store_text(struct mdk_dev *dev, const char *text, size_t size)
{
	struct plate_state *state = mdk_state(dev);

	if (size > PLATE_ROOM)
		return -EINVAL;
	memcpy(state->text, text, size);
	plate_end(state, size);
	return 0;
}

static const struct mdk_attr plate_attrs[] = {
	{ .name = "maker", .store = plate_store_maker },
	{ .name = "text", .store = plate_store_text },
};
