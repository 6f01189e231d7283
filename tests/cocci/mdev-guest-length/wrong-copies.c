// SPDX-License-Identifier: GPL-2.0-only
/* A copy of the length was judged, or only whether it is a multiple; a stream, and a text. */
#include <linux/device.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct quill {
	struct vfio_device vdev;
	u8 ink[64], paper[4096];
	size_t filled;
	char hand[16];
};

struct quill_word {
	u32 bytes;
	u64 from;
};

struct quill_page {
	u32 magic;
	u32 bytes;
};

static ssize_t quill_dip(struct quill *quill, const char __user *buf, size_t count)
{
	u8 drop[16];

	if (!count || count % 4)
		return -EINVAL;
	if (copy_from_user(drop, buf, count)) /* finds: mdev-guest-length */
		return -EFAULT;
	memcpy(quill->ink, drop, sizeof(drop));
	return count;
}

static ssize_t quill_fill(struct quill *quill, const char __user *buf, size_t count)
{
	size_t room = count;

	if (room > sizeof(quill->ink))
		room = sizeof(quill->ink);
	if (copy_from_user(quill->ink, buf, count)) /* finds: mdev-guest-length */
		return -EFAULT;
	return room;
}

static int quill_word(struct quill *quill, dma_addr_t at)
{
	struct quill_word word;
	u16 bytes;
	int ret = vfio_dma_rw(&quill->vdev, at, &word, sizeof(word), false);

	if (ret)
		return ret;
	bytes = word.bytes;
	if (bytes > sizeof(quill->ink))
		return -EINVAL;
	return vfio_dma_rw(&quill->vdev, word.from, quill->ink, word.bytes, false); /* finds: mdev-guest-length */
}

static int quill_span(struct quill *quill, dma_addr_t at)
{
	struct quill_word word;
	struct page *pages[4];
	int n, ret = vfio_dma_rw(&quill->vdev, at, &word, sizeof(word), false);

	if (ret)
		return ret;
	n = (word.bytes + PAGE_SIZE - 1) >> PAGE_SHIFT;
	ret = vfio_pin_pages(&quill->vdev, word.from, n, IOMMU_READ, pages); /* finds: mdev-guest-length */
	if (ret > 0)
		vfio_unpin_pages(&quill->vdev, word.from, ret);
	return ret == n ? 0 : -EFAULT;
}

static int quill_load(struct quill *quill)
{
	struct quill_page *page = (struct quill_page *)quill->paper;

	if (page->magic != 0x7175)
		return -EINVAL;
	memcpy(quill->ink, page + 1, page->bytes); /* finds: mdev-guest-length */
	return 0;
}

static ssize_t quill_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			   loff_t *ppos)
{
	struct quill *quill = container_of(vdev, struct quill, vdev);
	int ret;

	switch (*ppos >> 40) {
	case 0:
		return quill_dip(quill, buf, count);
	case 1:
		return quill_fill(quill, buf, count);
	case 2:
		if (count > sizeof(quill->paper) || copy_from_user(quill->paper, buf, count))
			return -EFAULT;
		ret = quill_load(quill);
		return ret ? ret : count;
	default:
		ret = quill_word(quill, *ppos & 0xfffff000);
		if (!ret)
			ret = quill_span(quill, *ppos & 0xfffff000);
		return ret ? ret : count;
	}
}

static ssize_t hand_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	struct quill *quill = dev_get_drvdata(dev);

	strcpy(quill->hand, buf); /* finds: mdev-guest-length */
	return count;
}

void quill_unmap(struct vfio_device *vdev, u64 iova, u64 length);

static const struct vfio_device_ops quill_ops = {
	.dma_unmap = quill_unmap,
	.write = quill_write,
};
