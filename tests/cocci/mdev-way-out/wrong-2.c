// SPDX-License-Identifier: GPL-2.0-only
/* What a probe gets, and a pin of the SDK. */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/pci.h>

#include <mdk/mdk.h>

struct board {
	struct mdk_host *host;
	void __iomem *regs;
};

extern const struct mdk_model board_model;
irqreturn_t board_event(int irq, void *data);

static int board_probe(struct pci_dev *pdev, struct board *board)
{
	int ret = pci_enable_device(pdev);

	if (ret)
		return ret;
	ret = pci_request_regions(pdev, "board");
	if (ret < 0)
		goto disable;
	board->regs = pci_iomap(pdev, 0, 0);
	if (!board->regs)
		return -ENOMEM; /* finds: mdev-way-out */
	ret = request_irq(pdev->irq, board_event, IRQF_SHARED, "board", board);
	if (ret)
		goto unmap;
	board->host = mdk_register_on(&board_model, &pdev->dev, board);
	if (!IS_ERR(board->host))
		return 0;
	ret = PTR_ERR(board->host);
	free_irq(pdev->irq, board);
unmap:
	pci_iounmap(pdev, board->regs);
	pci_release_regions(pdev);
disable:
	pci_disable_device(pdev);
	return ret;
}

static void page_drop(struct mdk_pinned *page)
{
	mdk_unpin(page);
}

static int answer(struct mdk_dev *dev, u64 iova, u32 kind)
{
	struct mdk_pinned *page = mdk_pin(dev, iova, SZ_4K, MDK_BOTH_WAYS);
	u32 word = 0;
	int ret;

	if (IS_ERR(page))
		return PTR_ERR(page);
	ret = mdk_pinned_read(page, 0, &word, sizeof(word));
	if (ret)
		goto out;
	switch (kind) {
	case 1:
		word++;
		break;
	default:
		return -EOPNOTSUPP; /* finds: mdev-way-out */
	}
	ret = mdk_pinned_write(page, 0, &word, sizeof(word));
out:
	page_drop(page);
	return ret;
}
