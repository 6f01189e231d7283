// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of a card. The card raises eventfds, as it would for a VMM; a thread waits for them
 * and runs the driver's handlers, one at a time, as in an interrupt. What comes while a line is
 * held off is delivered once afterwards.
 */
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <linux/slab.h>
#include <linux/vfio.h>

#include "user/shim/private.h"
#include "user/shim/virtual.h"
#include "machine.h"

/**
 * struct irq_line - an interrupt
 * @event: raised by the card
 * @handler: of the driver; NULL: not requested
 * @thread: its second half
 * @data: for both
 * @off: how often it was disabled
 * @pending: it came meanwhile
 * @running: in the handler
 */
struct irq_line {
	int event;
	irq_handler_t handler;
	irq_handler_t thread;
	void *data;
	unsigned int off;
	bool pending;
	bool running;
};

/**
 * struct irq_thread - the interrupts of a card
 * @card: whose
 * @thread: runs handlers
 * @task: of that thread
 * @stop: raised for its end
 * @lock: guards the lines
 * @idle: signalled when a handler has returned
 * @index: of VFIO: MSI-X, MSI or the pin
 * @nr: how many lines
 * @lines: these
 */
struct irq_thread {
	struct user_card *card;
	pthread_t thread;
	const struct task_struct *task;
	int stop;
	pthread_mutex_t lock;
	pthread_cond_t idle;
	u32 index;
	u32 nr;
	struct irq_line lines[];
};

static irqreturn_t run_hard(struct irq_line *line, int irq)
{
	unsigned long flags;
	irqreturn_t ret;

	preempt_disable();
	local_irq_save(flags);
	current->in_irq = true;
	ret = line->handler(irq, line->data);
	current->in_irq = false;
	local_irq_restore(flags);
	preempt_enable();
	return ret;
}

/* A pin is masked by VFIO when it is raised. */
static void unmask_pin(struct irq_thread *irqs)
{
	struct vfio_irq_set set = { .argsz = sizeof(set), .count = 1,
				    .flags = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK };

	if (irqs->index == VFIO_PCI_INTX_IRQ_INDEX)
		card_ioctl(irqs->card, VFIO_DEVICE_SET_IRQS, &set);
}

static void deliver(struct irq_thread *irqs, u32 nr)
{
	struct irq_line *line = &irqs->lines[nr];
	int irq = IRQ_BASE + irqs->card->nr * IRQS_OF_CARD + nr;

	pthread_mutex_lock(&irqs->lock);
	line->pending = line->off;
	line->running = line->handler && !line->off;
	pthread_mutex_unlock(&irqs->lock);
	if (!line->running)
		return;
	if (run_hard(line, irq) == IRQ_WAKE_THREAD && line->thread)
		line->thread(irq, line->data);
	pthread_mutex_lock(&irqs->lock);
	line->running = false;
	user_cond_wake(&irqs->idle);
	pthread_mutex_unlock(&irqs->lock);
	unmask_pin(irqs);
}

static void *serve(void *data)
{
	struct irq_thread *irqs = data;
	struct pollfd *fds = kcalloc(irqs->nr + 1, sizeof(*fds), GFP_KERNEL);
	u64 count;
	u32 i;

	irqs->task = current;
	if (!fds)
		user_bug(__FILE__, __LINE__, "no memory for interrupts");
	fds[irqs->nr] = (struct pollfd){ .fd = irqs->stop, .events = POLLIN };
	for (i = 0; i < irqs->nr; i++)
		fds[i] = (struct pollfd){ .fd = irqs->lines[i].event, .events = POLLIN };
	while (!fds[irqs->nr].revents) {
		user_poll(fds, irqs->nr + 1);
		for (i = 0; i < irqs->nr; i++)
			if (fds[i].revents & POLLIN && read(fds[i].fd, &count, sizeof(count)) > 0)
				deliver(irqs, i);
	}
	kfree(fds);
	return NULL;
}

static void raise_event(int event)
{
	u64 one = 1;

	if (write(event, &one, sizeof(one)) < 0)
		user_bug(__FILE__, __LINE__, "an eventfd cannot be raised");
	if (user_virtual_on)
		user_virtual_kick();
}

/* Vectors */

static u32 count_of(struct user_card *card, u32 index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	return card_ioctl(card, VFIO_DEVICE_GET_IRQ_INFO, &info) ? 0 : info.count;
}

/* To the card: the eventfds of all vectors; without @irqs there are none any more. */
static int tell_card(struct user_card *card, u32 index, const struct irq_thread *irqs)
{
	size_t size = sizeof(struct vfio_irq_set) + (irqs ? irqs->nr : 0) * sizeof(s32);
	struct vfio_irq_set *set = kzalloc(size, GFP_KERNEL);
	int ret;

	if (!set)
		return -ENOMEM;
	*set = (struct vfio_irq_set){ .argsz = size, .index = index, .count = irqs ? irqs->nr : 0 };
	set->flags = VFIO_IRQ_SET_ACTION_TRIGGER |
		     (irqs ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
	for (u32 i = 0; irqs && i < irqs->nr; i++)
		memcpy(set->data + i * sizeof(s32), &irqs->lines[i].event, sizeof(s32));
	ret = card_ioctl(card, VFIO_DEVICE_SET_IRQS, set);
	kfree(set);
	return ret;
}

static void irqs_free(struct irq_thread *irqs)
{
	for (u32 i = 0; i < irqs->nr; i++)
		if (irqs->lines[i].event >= 0)
			close(irqs->lines[i].event);
	if (irqs->stop >= 0)
		close(irqs->stop);
	pthread_cond_destroy(&irqs->idle);
	pthread_mutex_destroy(&irqs->lock);
	kfree(irqs);
}

static struct irq_thread *irqs_alloc(struct user_card *card, u32 index, u32 nr)
{
	struct irq_thread *irqs = kzalloc(struct_size(irqs, lines, nr), GFP_KERNEL);
	bool good;

	if (!irqs)
		return NULL;
	irqs->card = card;
	irqs->index = index;
	irqs->nr = nr;
	pthread_mutex_init(&irqs->lock, NULL);
	pthread_cond_init(&irqs->idle, NULL);
	irqs->stop = eventfd(0, EFD_CLOEXEC);
	good = irqs->stop >= 0;
	for (u32 i = 0; i < nr; i++) {
		irqs->lines[i].event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		good &= irqs->lines[i].event >= 0;
	}
	if (good)
		return irqs;
	irqs_free(irqs);
	return NULL;
}

static void free_vectors(void *pdev)
{
	pci_free_irq_vectors(pdev);
}

static int irqs_begin(struct user_card *card, u32 index, u32 nr)
{
	struct irq_thread *irqs = irqs_alloc(card, index, nr);
	int ret;

	if (!irqs)
		return -ENOMEM;
	ret = tell_card(card, index, irqs);
	if (ret) {
		irqs_free(irqs);
		return ret;
	}
	card->pdev.msix_enabled = index == VFIO_PCI_MSIX_IRQ_INDEX;
	card->pdev.msi_enabled = index == VFIO_PCI_MSI_IRQ_INDEX;
	card->irqs = irqs;
	user_thread(serve, irqs, &irqs->thread);
	/* As in a kernel: those of a card that pcim_enable_device() enabled end with the driver. */
	if (card->pdev.user_managed)
		ret = devm_add_action_or_reset(&card->pdev.dev, free_vectors, &card->pdev);
	return ret ?: nr;
}

int pci_alloc_irq_vectors(struct pci_dev *pdev, unsigned int least, unsigned int most,
			  unsigned int flags)
{
	static const struct {
		u32 flag, index;
	} kinds[] = {
		{ PCI_IRQ_MSIX, VFIO_PCI_MSIX_IRQ_INDEX },
		{ PCI_IRQ_MSI, VFIO_PCI_MSI_IRQ_INDEX },
		{ PCI_IRQ_INTX, VFIO_PCI_INTX_IRQ_INDEX },
	};
	struct user_card *card = to_card(pdev);

	might_sleep();
	if (!least || least > most)
		return -EINVAL;
	if (user_fails(__func__, 0))
		return -ENOSPC;
	if (card->irqs)
		return -EBUSY;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		u32 nr = flags & kinds[i].flag ? count_of(card, kinds[i].index) : 0;

		if (nr && nr >= least)
			return irqs_begin(card, kinds[i].index, min_t(u32, nr, most));
	}
	return -ENOSPC;
}

void pci_free_irq_vectors(struct pci_dev *pdev)
{
	struct user_card *card = to_card(pdev);
	struct irq_thread *irqs = card->irqs;

	might_sleep();
	if (!irqs)
		return;
	for (u32 i = 0; i < irqs->nr; i++)
		if (irqs->lines[i].handler)
			user_bug(__FILE__, __LINE__, "%s: pci_free_irq_vectors() with a handler still at vector %u: free_irq() first",
				 pci_name(pdev), i);
	tell_card(card, irqs->index, NULL);
	raise_event(irqs->stop);
	user_thread_join(irqs->thread);
	card->irqs = NULL;
	pdev->msix_enabled = pdev->msi_enabled = false;
	irqs_free(irqs);
}

int pci_irq_vector(struct pci_dev *pdev, unsigned int nr)
{
	struct user_card *card = to_card(pdev);

	if (!card->irqs || nr >= card->irqs->nr)
		return -EINVAL;
	return IRQ_BASE + card->nr * IRQS_OF_CARD + nr;
}

int pci_msix_vec_count(struct pci_dev *pdev)
{
	u32 nr = count_of(to_card(pdev), VFIO_PCI_MSIX_IRQ_INDEX);

	return nr ?: -EINVAL;
}

void irqs_left(struct user_card *card)
{
	struct irq_thread *irqs = card->irqs;

	if (!irqs)
		return;
	user_warn(__FILE__, __LINE__, "%s: its driver has left it, and its interrupts are still allocated: pci_free_irq_vectors()",
		  pci_name(&card->pdev));
	for (u32 i = 0; i < irqs->nr; i++)
		if (irqs->lines[i].handler)
			free_irq(IRQ_BASE + card->nr * IRQS_OF_CARD + i, irqs->lines[i].data);
	pci_free_irq_vectors(&card->pdev);
}

/* Lines */

/* With the lock; NULL: there is no such interrupt. */
static struct irq_line *lock_line(unsigned int irq, struct irq_thread **irqs)
{
	struct user_card *card = irq < IRQ_BASE ? NULL :
				 bus_card_nr((irq - IRQ_BASE) / IRQS_OF_CARD);
	u32 nr = (irq - IRQ_BASE) % IRQS_OF_CARD;

	*irqs = card ? card->irqs : NULL;
	if (!*irqs || nr >= (*irqs)->nr)
		return NULL;
	pthread_mutex_lock(&(*irqs)->lock);
	return &(*irqs)->lines[nr];
}

static void wait_idle(struct irq_thread *irqs, const struct irq_line *line)
{
	/* In the thread of interrupts itself a wait for a handler would be for ever. */
	if (line->running && irqs->task == current)
		user_bug(__FILE__, __LINE__, "%s: an interrupt's handler waits for itself: disable_irq_nosync()",
			 pci_name(&irqs->card->pdev));
	while (line->running)
		user_cond_wait(&irqs->idle, &irqs->lock, 0);
}

int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread,
			 unsigned long flags, const char *name, void *data)
{
	struct irq_thread *irqs;
	struct irq_line *line;
	int ret = -EINVAL;

	might_sleep();
	line = user_fails(__func__, 0) ? NULL : lock_line(irq, &irqs);
	if (!line)
		return -EINVAL;
	if (line->handler)
		ret = -EBUSY;
	else if (handler) {
		line->thread = thread;
		line->data = data;
		line->off = !!(flags & IRQF_NO_AUTOEN);
		line->handler = handler;
		ret = 0;
	}
	pthread_mutex_unlock(&irqs->lock);
	return ret;
}

const void *free_irq(unsigned int irq, void *data)
{
	struct irq_thread *irqs;
	struct irq_line *line;

	might_sleep();
	line = lock_line(irq, &irqs);
	if (!line || !line->handler || line->data != data)
		user_bug(__FILE__, __LINE__, "free_irq() of interrupt %u, which was not requested with that data",
			 irq);
	line->off++;
	wait_idle(irqs, line);
	line->handler = NULL;
	line->off = 0;
	line->pending = false;
	pthread_mutex_unlock(&irqs->lock);
	return NULL;
}

struct managed_irq {
	unsigned int irq;
	void *data;
};

static void free_managed(void *data)
{
	struct managed_irq *managed = data;

	free_irq(managed->irq, managed->data);
	kfree(managed);
}

int devm_request_threaded_irq(struct device *dev, unsigned int irq, irq_handler_t handler,
			      irq_handler_t thread, unsigned long flags, const char *name,
			      void *data)
{
	struct managed_irq *managed = kmalloc(sizeof(*managed), GFP_KERNEL);
	int ret;

	if (!managed)
		return -ENOMEM;
	*managed = (struct managed_irq){ irq, data };
	ret = request_threaded_irq(irq, handler, thread, flags, name, data);
	if (ret) {
		kfree(managed);
		return ret;
	}
	return devm_add_action_or_reset(dev, free_managed, managed);
}

void disable_irq_nosync(unsigned int irq)
{
	struct irq_thread *irqs;
	struct irq_line *line = lock_line(irq, &irqs);

	if (!line)
		return;
	line->off++;
	pthread_mutex_unlock(&irqs->lock);
}

void disable_irq(unsigned int irq)
{
	might_sleep();
	disable_irq_nosync(irq);
	synchronize_irq(irq);
}

void synchronize_irq(unsigned int irq)
{
	struct irq_thread *irqs;
	struct irq_line *line;

	might_sleep();
	line = lock_line(irq, &irqs);
	if (!line)
		return;
	wait_idle(irqs, line);
	pthread_mutex_unlock(&irqs->lock);
}

void enable_irq(unsigned int irq)
{
	struct irq_thread *irqs;
	struct irq_line *line = lock_line(irq, &irqs);

	if (!line)
		return;
	if (!line->off)
		user_warn(__FILE__, __LINE__, "enable_irq() of interrupt %u, which is not disabled", irq);
	else if (!--line->off && line->pending)
		raise_event(line->event);
	pthread_mutex_unlock(&irqs->lock);
}
