// SPDX-License-Identifier: GPL-2.0-only
/* What the values of --bar, --irq, --pci-id and --parent are made of. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flag.h"

void flag_split(const char *text, const char *by, struct lab_list *list)
{
	for (;;) {
		size_t len = strcspn(text, by);

		lab_list_addf(list, "%.*s", (int)len, text);
		if (!text[len])
			return;
		text += len + 1;
	}
}

long flag_number(const char *text, long max)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	value = strtoul(text, &end, 10);
	return errno || *end || value > (unsigned long)max ? -1 : (long)value;
}

bool flag_pci_id(const char *text, unsigned int *vendor, unsigned int *device)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	if (strlen(text) != 9 || text[4] != ':' || strspn(text, hex) != 4 ||
	    strspn(text + 5, hex) != 4)
		return false;
	*vendor = strtoul(text, NULL, 16);
	*device = strtoul(text + 5, NULL, 16);
	return true;
}

/* Of the first none has a device, and the second is what a bus reads where there is none. */
bool flag_vendor_exists(unsigned int vendor)
{
	return vendor && vendor != 0xffff;
}
