// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk describe: for mdevctl, libvirt and KubeVirt. */
#include <stdio.h>

#include "describe.h"

/* What mdevctl define --jsonfile reads. */
void describe_mdevctl(const struct description *d)
{
	cJSON *out = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(out, "mdev_type", describe_text(d->type, "id"));
	cJSON_AddStringToObject(out, "start", "auto");
	cJSON_AddItemToObject(out, "attrs", cJSON_CreateArray());
	text = cJSON_Print(out);
	puts(text);
	cJSON_free(text);
	cJSON_Delete(out);
}

/* The element of a domain. The device is there before: made by mdevctl, or through sysfs. */
void describe_libvirt(const struct description *d)
{
	printf("<!-- %s, of parent %s -->\n"
	       "<hostdev mode='subsystem' type='mdev' model='%s' managed='no'>\n"
	       "  <source>\n"
	       "    <address uuid='%s'/>\n"
	       "  </source>\n"
	       "</hostdev>\n", describe_text(d->type, "id"), describe_text(d->driver, "parent"),
	       describe_text(d->driver, "device_api"), d->uuid);
}

/* In double quotes of YAML, which are those of JSON. */
static void print_quoted(const char *before, const char *text)
{
	cJSON *item = cJSON_CreateString(text);
	char *quoted = cJSON_PrintUnformatted(item);

	printf("%s%s\n", before, quoted);
	cJSON_free(quoted);
	cJSON_Delete(item);
}

/* KubeVirt selects by the content of the type's file `name`, and creates by the type's id. */
void describe_kubevirt(const struct description *d)
{
	const cJSON *types = cJSON_GetObjectItem(d->driver, "types"), *type;

	puts("spec:\n"
	     "  configuration:\n"
	     "    mediatedDevicesConfiguration:\n"
	     "      mediatedDeviceTypes:");
	print_quoted("      - ", describe_text(d->type, "id"));
	puts("    permittedHostDevices:\n"
	     "      mediatedDevices:");
	cJSON_ArrayForEach(type, types) {
		print_quoted("      - mdevNameSelector: ", describe_text(type, "name"));
		printf("        resourceName: \"%s.mdev/%s\"\n", describe_text(d->driver, "driver"),
		       describe_text(type, "id"));
	}
}
