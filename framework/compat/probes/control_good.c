// SPDX-License-Identifier: GPL-2.0-only
/* Control: must compile in both forms, or the toolchain or the headers are broken. */
#include <linux/module.h>
#include <linux/vfio.h>

int mdk_probe(void);
int mdk_probe(void)
{
	return PROBE_FORM;
}
