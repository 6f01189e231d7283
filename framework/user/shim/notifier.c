// SPDX-License-Identifier: GPL-2.0-only
/* Chains of notifiers, the highest priority first. */
#include <user/notifier.h>

static struct notifier_block **find(struct blocking_notifier_head *chain,
				    const struct notifier_block *nb)
{
	struct notifier_block **at = &chain->head;

	while (*at && *at != nb)
		at = &(*at)->next;
	return at;
}

static void insert(struct blocking_notifier_head *chain, struct notifier_block *nb)
{
	struct notifier_block **at = &chain->head;

	while (*at && (*at)->priority >= nb->priority)
		at = &(*at)->next;
	nb->next = *at;
	*at = nb;
}

int blocking_notifier_chain_register(struct blocking_notifier_head *chain,
				     struct notifier_block *nb)
{
	int ret = 0;

	down_write(&chain->rwsem);
	if (*find(chain, nb))
		ret = -EEXIST;
	else
		insert(chain, nb);
	up_write(&chain->rwsem);
	return ret;
}

int blocking_notifier_chain_unregister(struct blocking_notifier_head *chain,
				       struct notifier_block *nb)
{
	struct notifier_block **at;
	int ret = -ENOENT;

	down_write(&chain->rwsem);
	at = find(chain, nb);
	if (*at) {
		*at = nb->next;
		ret = 0;
	}
	up_write(&chain->rwsem);
	return ret;
}

int blocking_notifier_call_chain(struct blocking_notifier_head *chain, unsigned long action,
				 void *data)
{
	struct notifier_block *nb;
	int ret = NOTIFY_DONE;

	down_read(&chain->rwsem);
	for (nb = chain->head; nb && !(ret & NOTIFY_STOP_MASK); nb = nb->next)
		ret = nb->notifier_call(nb, action, data);
	up_read(&chain->rwsem);
	return ret;
}
