// SPDX-License-Identifier: GPL-2.0-only
/* MODULE_IMPORT_NS() took a name and made a string of it; now it takes the string. */
#include <linux/module.h>

#if PROBE_FORM == 1
MODULE_IMPORT_NS(DMA_BUF);
#else
/* A string would become a longer one where it is made a string again. */
#undef MODULE_INFO
#define MODULE_INFO(tag, info) static_assert(sizeof(info) == sizeof("DMA_BUF"))
MODULE_IMPORT_NS("DMA_BUF");
#endif
