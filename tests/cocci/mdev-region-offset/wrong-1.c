// SPDX-License-Identifier: GPL-2.0-only
/* Regions one behind the other in a file, and the beginning of the wrong one. */
#include <linux/string.h>
#include <linux/vfio.h>

#define CARD_REGS_START 0x1000
#define CARD_REGS_SIZE 0x100
#define CARD_NAME_START 0x2000
#define CARD_RAM_START 0x10000

struct card {
	struct vfio_device vdev;
	u8 config[256];
	u8 regs[CARD_REGS_SIZE];
	char name[64];
	u8 *ram;
	size_t bytes;
};

static ssize_t card_access(struct card *card, char *buf, size_t count, loff_t pos, bool write)
{
	if (pos < CARD_REGS_START) {
		if (count > sizeof(card->config) || pos > sizeof(card->config) - count)
			return -EINVAL;
		memcpy(buf, card->config + pos, count);
	} else if (pos >= CARD_RAM_START && pos + count <= CARD_RAM_START + card->bytes) {
		pos -= CARD_REGS_START; /* finds: mdev-region-offset */
		memcpy(buf, card->ram + pos, count);
	} else if (pos >= CARD_NAME_START && pos + count <= CARD_NAME_START + 64) {
		pos -= CARD_NAME_START; /* finds: mdev-region-offset */
		memcpy(buf, card->name, count);
	} else {
		return -EINVAL;
	}
	return count;
}

static void card_name(struct card *card, char *buf, size_t count, loff_t pos)
{
	if (pos < CARD_NAME_START)
		return;
	pos -= CARD_RAM_START; /* finds: mdev-region-offset */
	if (count <= sizeof(card->name) && pos <= sizeof(card->name) - count)
		memcpy(buf, card->name + pos, count);
}
