// SPDX-License-Identifier: GPL-2.0-only
/* There is room for the end of a text. */
#include <linux/device.h>
#include <linux/string.h>
#include <mdk/mdk.h>

struct tag_state {
	char text[20];
	char maker[12 + 1];
};

static ssize_t tag_text_store(struct device *dev, struct device_attribute *attr, const char *buf,
			      size_t count)
{
	struct tag_state *state = dev_get_drvdata(dev);

	if (count >= sizeof(state->text))
		return -EINVAL;
	memcpy(state->text, buf, count);
	state->text[count] = '\0';
	return count;
}
static DEVICE_ATTR(tag_text, 0200, NULL, tag_text_store);

static int tag_store_maker(struct mdk_dev *dev, const char *text, size_t size)
{
	struct tag_state *state = mdk_state(dev);
	size_t len = min(size, sizeof(state->maker) - 1);

	memcpy(state->maker, text, len);
	state->maker[len] = 0;
	return 0;
}

/* The last byte of what came is looked at, whatever its size. */
static int tag_store_text(struct mdk_dev *dev, const char *text, size_t size)
{
	struct tag_state *state = mdk_state(dev);

	if (!size || text[size - 1] != '\n' || size > sizeof(state->text))
		return -EINVAL;
	memcpy(state->text, text, size);
	state->text[size - 1] = '\0';
	return 0;
}

static const struct mdk_attr tag_attrs[] = {
	{ .name = "maker", .store = tag_store_maker },
	{ .name = "text", .store = tag_store_text },
};
