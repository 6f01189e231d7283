/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of this process, also such as lies high in the machine. */
#ifndef CONFORM_PAGES_H
#define CONFORM_PAGES_H

#include <stdint.h>

/* So many bytes, a multiple of 4 KiB, of zeros; NULL: there are none. */
uint8_t *client_pages(uint64_t len);
/* Likewise, each page at that physical address or above; NULL: there are none there. */
uint8_t *client_pages_above(uint64_t len, uint64_t address);

#endif
