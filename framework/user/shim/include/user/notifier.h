/* SPDX-License-Identifier: GPL-2.0-only */
/* Chains of notifiers. */
#ifndef USER_NOTIFIER_H
#define USER_NOTIFIER_H

#include <user/sched.h>

#define NOTIFY_DONE 0
#define NOTIFY_OK 1
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_BAD (NOTIFY_STOP_MASK | 2)
#define NOTIFY_STOP (NOTIFY_OK | NOTIFY_STOP_MASK)

struct notifier_block;
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);
struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next;
	int priority;
};
struct blocking_notifier_head {
	struct rw_semaphore rwsem;
	struct notifier_block *head;
};

#define BLOCKING_INIT_NOTIFIER_HEAD(_chain)                                                        \
	do {                                                                                       \
		init_rwsem(&(_chain)->rwsem);                                                      \
		(_chain)->head = NULL;                                                             \
	} while (0)
#define BLOCKING_NOTIFIER_HEAD(_name) struct blocking_notifier_head _name

/* -EEXIST: it is in the chain already. */
int blocking_notifier_chain_register(struct blocking_notifier_head *chain,
				     struct notifier_block *nb);
/* It does not run any more. -ENOENT: it is not in the chain. */
int blocking_notifier_chain_unregister(struct blocking_notifier_head *chain,
				       struct notifier_block *nb);
/* What the last one returned, which may have stopped the others. */
int blocking_notifier_call_chain(struct blocking_notifier_head *chain, unsigned long action,
				 void *data);

#endif /* USER_NOTIFIER_H */
