/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of a card. What an ioremap() returns is an address that nothing is at: only these calls
 * know which card it stands for, and a driver that uses it as memory is stopped there.
 */
#ifndef USER_IO_H
#define USER_IO_H

#include <user/driver.h>

void *ioremap(phys_addr_t phys, size_t size);
#define ioremap_wc ioremap
#define ioremap_cache ioremap
void iounmap(volatile void *io);

/* Of @width bytes; all-ones where no card answers. */
u64 user_io_read(const volatile void *at, size_t width, const char *file, int line);
void user_io_write(u64 value, volatile void *at, size_t width, const char *file, int line);
#define __user_io_in(_type, _at) ((_type)user_io_read(_at, sizeof(_type), __FILE__, __LINE__))
#define __user_io_out(_type, _val, _at)                                                            \
	user_io_write((_type)(_val), _at, sizeof(_type), __FILE__, __LINE__)

#define readb(_at) __user_io_in(u8, _at)
#define readw(_at) __user_io_in(u16, _at)
#define readl(_at) __user_io_in(u32, _at)
#define readq(_at) __user_io_in(u64, _at)
#define writeb(_val, _at) __user_io_out(u8, _val, _at)
#define writew(_val, _at) __user_io_out(u16, _val, _at)
#define writel(_val, _at) __user_io_out(u32, _val, _at)
#define writeq(_val, _at) __user_io_out(u64, _val, _at)
#define readb_relaxed readb
#define readw_relaxed readw
#define readl_relaxed readl
#define readq_relaxed readq
#define writeb_relaxed writeb
#define writew_relaxed writew
#define writel_relaxed writel
#define writeq_relaxed writeq
#define ioread8 readb
#define ioread16 readw
#define ioread32 readl
#define ioread64 readq
#define iowrite8 writeb
#define iowrite16 writew
#define iowrite32 writel
#define iowrite64 writeq
#define lo_hi_readq(_at) (readl(_at) | (u64)readl((const volatile u8 *)(_at) + 4) << 32)
#define lo_hi_writeq(_val, _at)                                                                    \
	({ writel((u32)(_val), _at); writel((u64)(_val) >> 32, (volatile u8 *)(_at) + 4); })
void memcpy_fromio(void *to, const volatile void *from, size_t size);
void memcpy_toio(volatile void *to, const void *from, size_t size);
void memset_io(volatile void *to, int value, size_t size);

#endif /* USER_IO_H */
