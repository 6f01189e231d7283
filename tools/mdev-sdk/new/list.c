// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk new --list: the kinds of drivers. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kinds.h"
#include "lab/lab.h"
#include "list.h"

/* A line has room for the first sentence. */
static char *first_sentence(const char *text)
{
	const char *end = strstr(text, ". ");

	return end ? lab_fmt("%.*s", (int)(end + 1 - text), text) : lab_strdup(text);
}

/* What makes one of this kind: "--parent pci". */
static char *flag_of(const struct kind *kind)
{
	return lab_fmt("--%s %s", kind->on_pci ? "parent" : "kind", kind->name);
}

static void print_line(const struct kind *kind)
{
	char *about = first_sentence(kind->about), *flag = flag_of(kind);

	printf("%-17s %s%s\n", flag, about, strcmp(kind->name, DEFAULT_KIND) ? "" : " (default)");
	free(flag);
	free(about);
}

static cJSON *to_json(const struct kind *kind)
{
	cJSON *out = cJSON_CreateObject();
	char *flag = flag_of(kind);

	cJSON_AddStringToObject(out, "kind", kind->name);
	cJSON_AddStringToObject(out, "flag", flag);
	cJSON_AddStringToObject(out, "about", kind->about);
	cJSON_AddBoolToObject(out, "default", !strcmp(kind->name, DEFAULT_KIND));
	free(flag);
	return out;
}

void kinds_list(bool json)
{
	cJSON *out = cJSON_CreateArray();
	char *text;

	for (const struct kind *kind = driver_kinds; kind->name; kind++) {
		if (json)
			cJSON_AddItemToArray(out, to_json(kind));
		else
			print_line(kind);
	}
	text = cJSON_Print(out);
	if (json)
		puts(text);
	cJSON_free(text);
	cJSON_Delete(out);
}
