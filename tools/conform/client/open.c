// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* mdk/test.h: devices, from the first open to the last close. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"

#define MAX_CLIENTS	16

/* Of the test that runs in this process; the first is that of the shared device. */
static struct mdk_client *clients[MAX_CLIENTS];
static unsigned int nr_clients;

void client_fail(const char *need, const char *fmt, ...)
{
	char found[1280];
	va_list args;

	va_start(args, fmt);
	vsnprintf(found, sizeof(found), fmt, args);
	va_end(args);
	failed(need, "%s", found);
	client_end_all();
	test_end();
}

static void client_add(struct mdk_client *client, struct env *env)
{
	if (nr_clients == MAX_CLIENTS)
		client_fail("at most 16 devices in a test", "one more");
	clients[nr_clients++] = client;
	client->env = env;
	for (unsigned int i = 0; i < CLIENT_IRQS; i++)
		for (unsigned int j = 0; j < CLIENT_VECTORS; j++)
			client->events[i][j] = -1;
}

void client_init(struct mdk_client *client, struct env *env)
{
	client_add(client, env);
	client->dev = env->dev;
	client->vfio = env->vfio;
	mdk_bus_master(client, true);
}

void client_end_all(void)
{
	for (unsigned int i = 0; i < nr_clients; i++)
		client_memory_check(clients[i]);
}

void mdk_open(struct mdk_client *dev)
{
	if (dev->vfio.device >= 0)
		client_fail("a device that was closed with mdk_close()", "it is open");
	need_open(dev->env, &dev->dev, &dev->vfio);
	mdk_bus_master(dev, true);
}

void mdk_close(struct mdk_client *dev)
{
	did("close of device, group and container");
	vfio_close(&dev->vfio);
	client_irqs_closed(dev);
	client_memory_closed(dev);
	client_regions_closed(dev);
}

static const char *type_of(const struct parent *p, const char *want)
{
	const char *type = parent_type(p, want);

	if (!type)
		client_fail("a type of the driver", "it has no type '%s'", want);
	return type;
}

struct mdk_client *mdk_open_another(struct mdk_client *dev, const char *type)
{
	struct mdk_client *other = calloc(1, sizeof(*other));
	struct env env = *dev->env;

	if (dev->env->given)
		mdk_test_skip("it needs a second device, and --uuid names one");
	if (!other)
		client_fail("memory", "none");
	client_add(other, dev->env);
	env.type = type ? type_of(env.parent, type) : dev->dev.type;
	other->vfio = (struct vfio)VFIO_CLOSED;
	need_mdev(&env, &other->dev);
	mdk_open(other);
	return other;
}

void mdk_bus_master(struct mdk_client *dev, bool on)
{
	int ret = vfio_bus_master(dev->vfio.device, on);

	did("write of the command register, bus mastering %s", on ? "on" : "off");
	if (ret)
		client_fail("0", "%s", err_name(ret));
}

void mdk_reset(struct mdk_client *dev)
{
	int ret;

	did("VFIO_DEVICE_RESET");
	ret = vfio_ioctl(dev->vfio.device, VFIO_DEVICE_RESET, NULL);
	if (ret)
		client_fail("0", "%s", err_name(ret));
	mdk_bus_master(dev, true);
}

const char *mdk_type_name(struct mdk_client *dev)
{
	return dev->dev.type;
}

const char *mdk_uuid(struct mdk_client *dev)
{
	return dev->dev.uuid;
}

/* Attributes */

int mdk_try_attr_read(struct mdk_client *dev, const char *path, char *text, size_t size)
{
	ssize_t len;

	did("read of the device's file %s", path);
	len = mdev_attr_read(&dev->dev, path, text, size);
	text[strcspn(text, "\n")] = '\0';
	return len < 0 ? (int)len : 0;
}

void mdk_attr_read(struct mdk_client *dev, const char *path, char *text, size_t size)
{
	int ret = mdk_try_attr_read(dev, path, text, size);

	if (ret)
		client_fail("its contents", "%s", err_name(ret));
}

int mdk_try_attr_write(struct mdk_client *dev, const char *path, const char *text)
{
	ssize_t len;

	did("write of '%s' to the device's file %s", text, path);
	len = mdev_attr_write(&dev->dev, path, text, strlen(text));
	return len < 0 ? (int)len : 0;
}
