/* SPDX-License-Identifier: GPL-2.0-only */
/* Which model a parent device has. */
#ifndef MDK_HOSTS_H
#define MDK_HOSTS_H

struct device;
struct mdk_host;

/* @parent must be registered, so that its host cannot be freed meanwhile. */
struct mdk_host *mdk_host_of(struct device *parent);

/* For a host on a real parent. Return: 0, or -EEXIST with a message. */
int mdk_hosts_add(struct mdk_host *host);
void mdk_hosts_remove(struct mdk_host *host);

#endif /* MDK_HOSTS_H */
