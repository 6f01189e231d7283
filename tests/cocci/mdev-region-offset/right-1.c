// SPDX-License-Identifier: GPL-2.0-only
/* What the position was compared with is taken away, in steps too. */
#include <linux/string.h>
#include <linux/vfio.h>

#define CARD_REGS_START 0x1000
#define CARD_TEXT_START 0x40
#define CARD_RAM_START 0x10000

struct card {
	struct vfio_device vdev;
	u8 regs[CARD_TEXT_START];
	char text[64];
	u8 *ram;
	size_t bytes;
};

static void card_regs(struct card *card, char *buf, size_t count, loff_t pos)
{
	if (count <= sizeof(card->regs) && pos <= sizeof(card->regs) - count)
		memcpy(buf, card->regs + pos, count);
}

static void card_text(struct card *card, char *buf, size_t count, loff_t pos)
{
	if (count <= sizeof(card->text) && pos <= sizeof(card->text) - count)
		memcpy(buf, card->text + pos, count);
}

static ssize_t card_access(struct card *card, char *buf, size_t count, loff_t pos, bool write)
{
	if (pos >= CARD_RAM_START && pos + count <= CARD_RAM_START + card->bytes) {
		pos -= CARD_RAM_START;
		memcpy(buf, card->ram + pos, count);
	} else if (pos >= CARD_REGS_START && pos < CARD_RAM_START) {
		pos -= CARD_REGS_START;
		if (pos < CARD_TEXT_START) {
			card_regs(card, buf, count, pos);
		} else {
			pos -= CARD_TEXT_START;
			card_text(card, buf, count, pos);
		}
	} else {
		return -EINVAL;
	}
	return count;
}

/* Nothing of it is known, so it may be what is meant. */
static void card_behind(struct card *card, char *buf, size_t count, loff_t pos)
{
	pos -= CARD_RAM_START;
	if (pos >= 0 && count <= card->bytes && pos <= card->bytes - count)
		memcpy(buf, card->ram + pos, count);
}
