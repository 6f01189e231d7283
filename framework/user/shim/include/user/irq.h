/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts of a card: handlers run in a thread of it, as in an interrupt. */
#ifndef USER_IRQ_H
#define USER_IRQ_H

#include <user/driver.h>

#define IRQ_NONE 0
#define IRQ_HANDLED 1
#define IRQ_WAKE_THREAD 2
#define IRQ_RETVAL(_handled) ((_handled) ? IRQ_HANDLED : IRQ_NONE)
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);
#define IRQF_SHARED 0x80
#define IRQF_ONESHOT 0x2000
#define IRQF_NO_AUTOEN 0x80000

int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread,
			 unsigned long flags, const char *name, void *data);
#define request_irq(_irq, _handler, _flags, _name, _data)                                          \
	request_threaded_irq(_irq, _handler, NULL, _flags, _name, _data)
const void *free_irq(unsigned int irq, void *data);
int devm_request_threaded_irq(struct device *dev, unsigned int irq, irq_handler_t handler,
			      irq_handler_t thread, unsigned long flags, const char *name,
			      void *data);
#define devm_request_irq(_dev, _irq, _handler, _flags, _name, _data)                               \
	devm_request_threaded_irq(_dev, _irq, _handler, NULL, _flags, _name, _data)
/* These wait for a handler that runs. */
void disable_irq(unsigned int irq);
void synchronize_irq(unsigned int irq);
void disable_irq_nosync(unsigned int irq);
void enable_irq(unsigned int irq);

#endif /* USER_IRQ_H */
