// SPDX-License-Identifier: GPL-2.0-only
/* The length that is copied is the one that was judged. */
#include <linux/device.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct brush {
	struct vfio_device vdev;
	u8 hair[64], cloth[4096];
	size_t filled;
	char name[16];
};

struct brush_word {
	u32 bytes;
	u64 from;
};

struct brush_page {
	u32 magic;
	u32 bytes;
};

static ssize_t brush_dip(struct brush *brush, const char __user *buf, size_t count)
{
	u8 drop[16];

	if (!count || count % 4 || count > sizeof(drop))
		return -EINVAL;
	if (copy_from_user(drop, buf, count))
		return -EFAULT;
	memcpy(brush->hair, drop, count);
	return count;
}

static ssize_t brush_fill(struct brush *brush, const char __user *buf, size_t count)
{
	size_t room = count;

	if (room > sizeof(brush->hair))
		room = sizeof(brush->hair);
	return copy_from_user(brush->hair, buf, room) ? -EFAULT : room;
}

/* What is left of what was filled is no more than there is. */
static ssize_t brush_left(struct brush *brush, char __user *buf, size_t count, size_t at)
{
	if (at > brush->filled)
		return -EINVAL;
	count = min_t(size_t, brush->filled - at, count);
	return copy_to_user(buf, &brush->cloth, count) ? -EFAULT : count;
}

static ssize_t brush_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct brush *brush = container_of(vdev, struct brush, vdev);

	return brush_left(brush, buf, count, *ppos);
}

static int brush_word(struct brush *brush, dma_addr_t at)
{
	struct brush_word word;
	u16 bytes;
	int ret = vfio_dma_rw(&brush->vdev, at, &word, sizeof(word), false);

	if (ret)
		return ret;
	bytes = word.bytes;
	if (bytes > sizeof(brush->hair))
		return -EINVAL;
	return vfio_dma_rw(&brush->vdev, word.from, brush->hair, bytes, false);
}

static int brush_span(struct brush *brush, dma_addr_t at)
{
	struct brush_word word;
	struct page *pages[4];
	int n, ret = vfio_dma_rw(&brush->vdev, at, &word, sizeof(word), false);

	if (ret)
		return ret;
	if (word.bytes > 4 * PAGE_SIZE)
		return -EINVAL;
	n = (word.bytes + PAGE_SIZE - 1) >> PAGE_SHIFT;
	ret = vfio_pin_pages(&brush->vdev, word.from, n, IOMMU_READ, pages);
	if (ret > 0)
		vfio_unpin_pages(&brush->vdev, word.from, ret);
	return ret == n ? 0 : -EFAULT;
}

static int brush_load(struct brush *brush)
{
	struct brush_page *page = (struct brush_page *)brush->cloth;

	if (page->magic != 0x6272 || page->bytes > sizeof(brush->hair))
		return -EINVAL;
	memcpy(brush->hair, page + 1, page->bytes);
	return 0;
}

static ssize_t brush_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			   loff_t *ppos)
{
	struct brush *brush = container_of(vdev, struct brush, vdev);
	int ret;

	switch (*ppos >> 40) {
	case 0:
		return brush_dip(brush, buf, count);
	case 1:
		return brush_fill(brush, buf, count);
	case 2:
		if (count > sizeof(brush->cloth) || copy_from_user(brush->cloth, buf, count))
			return -EFAULT;
		ret = brush_load(brush);
		return ret ? ret : count;
	default:
		ret = brush_word(brush, *ppos & 0xfffff000);
		if (!ret)
			ret = brush_span(brush, *ppos & 0xfffff000);
		return ret ? ret : count;
	}
}

static ssize_t title_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	struct brush *brush = dev_get_drvdata(dev);

	strscpy(brush->name, buf, sizeof(brush->name));
	return count;
}

void brush_unmap(struct vfio_device *vdev, u64 iova, u64 length);

static const struct vfio_device_ops brush_ops = {
	.dma_unmap = brush_unmap,
	.read = brush_read,
	.write = brush_write,
};
