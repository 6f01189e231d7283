// SPDX-License-Identifier: GPL-2.0-only
/* The first message: versions, and what each side takes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "commands.h"

/* A number of the client's; @other where it says none. 0 is none too. */
static uint32_t number(const cJSON *capabilities, const char *name, uint32_t other)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(capabilities, name);
	double value = cJSON_IsNumber(item) ? item->valuedouble : 0;

	return value >= 1 && value <= UINT32_MAX ? (uint32_t)value : other;
}

static void take(struct connection *c, const cJSON *all)
{
	const cJSON *capabilities = cJSON_GetObjectItemCaseSensitive(all, "capabilities");
	uint32_t max = number(capabilities, "max_data_xfer_size", USER_MAX_DATA);
	const cJSON *migration = cJSON_GetObjectItemCaseSensitive(capabilities, "migration");

	c->max_data = max < USER_MAX_DATA ? max : USER_MAX_DATA;
	c->pgsize = number(migration, "pgsize", 0);
	c->multi = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(capabilities, "write_multiple"));
}

/* What is behind the numbers may be nothing; if it is something, it is JSON that ends with NUL. */
static int read_capabilities(struct connection *c, const struct user_message *m)
{
	const char *text = (const char *)m->data + sizeof(struct user_version);
	size_t len = m->len - sizeof(struct user_version);
	cJSON *all;

	if (!len)
		return 0;
	if (text[len - 1])
		return -EINVAL;
	all = cJSON_ParseWithLength(text, len);
	if (!cJSON_IsObject(all)) {
		cJSON_Delete(all);
		return -EINVAL;
	}
	take(c, all);
	cJSON_Delete(all);
	return 0;
}

/*
 * Today's specification has no such capability; clients by version 0.9 of it take its absence for
 * a device that cannot be migrated. The smaller of the two page sizes holds.
 */
static bool add_migration(const struct connection *c, cJSON *capabilities)
{
	cJSON *migration;

	if (!c->pgsize || !migration_offered(c))
		return true;
	migration = cJSON_AddObjectToObject(capabilities, "migration");
	return cJSON_AddNumberToObject(migration, "pgsize", c->pgsize < USER_PAGE_SIZES ?
							    c->pgsize : USER_PAGE_SIZES);
}

/* Only what the client has offered may be granted; numbers are no more than said. */
static char *write_capabilities(const struct connection *c)
{
	cJSON *all = cJSON_CreateObject();
	cJSON *capabilities = cJSON_AddObjectToObject(all, "capabilities");
	char *text = NULL;

	if (cJSON_AddNumberToObject(capabilities, "max_msg_fds", USER_MAX_FDS) &&
	    cJSON_AddNumberToObject(capabilities, "max_data_xfer_size", USER_MAX_DATA) &&
	    cJSON_AddNumberToObject(capabilities, "max_dma_maps", USER_MAX_DMA_MAPS) &&
	    cJSON_AddNumberToObject(capabilities, "pgsizes", USER_PAGE_SIZES) &&
	    (!c->multi || cJSON_AddTrueToObject(capabilities, "write_multiple")) &&
	    add_migration(c, capabilities))
		text = cJSON_PrintUnformatted(all);
	cJSON_Delete(all);
	return text;
}

static int write_reply(const struct connection *c, uint16_t minor, struct user_reply *reply)
{
	const struct user_version version = { .minor = minor < USER_MINOR ? minor : USER_MINOR };
	char *text = write_capabilities(c);
	uint8_t *data = text ? reply_room(reply, sizeof(version) + strlen(text) + 1) : NULL;

	if (data) {
		memcpy(data, &version, sizeof(version));
		memcpy(data + sizeof(version), text, strlen(text) + 1);
	}
	free(text);
	return data ? 0 : -ENOMEM;
}

int command_version(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	struct user_version version;
	int ret;

	memcpy(&version, m->data, sizeof(version));
	if (version.major)
		return -EINVAL;
	ret = read_capabilities(c, m);
	if (!ret)
		ret = write_reply(c, version.minor, reply);
	if (!ret)
		ret = user_device_open(c->dev);
	if (ret)
		return ret;
	ret = regions_load(c);
	if (ret)
		user_device_close(c->dev);
	c->open = !ret;
	return ret;
}
