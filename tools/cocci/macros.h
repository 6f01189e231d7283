/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What spatch 1.1.1 cannot parse of the newer kernels: it drops a function as a whole where one of
 * these stands in it. For `spatch --macro-file`.
 */
#define scoped_guard(...) if (1)
#define scoped_cond_guard(...) if (1)
#define guard(_class) guard_take
#define DEFINE_FREE(...)
#define DEFINE_GUARD(...)
#define __free(_func)
#define __counted_by(_member)
#define __counted_by_le(_member)
#define __cleanup(_func)

/* Rows of the SDK's tables: `.member = value` in a call is no C to spatch, in a block it is. */
#define MDK_PCI(...) { __VA_ARGS__ }
#define MDK_CAP_PM(...) { __VA_ARGS__ }
#define MDK_CAP_MSI(...) { __VA_ARGS__ }
#define MDK_CAP_MSIX(...) { __VA_ARGS__ }
#define MDK_CAP_PCIE(...) { __VA_ARGS__ }
#define MDK_CAP_VENDOR(...) { __VA_ARGS__ }
#define MDK_XCAP_VENDOR(...) { __VA_ARGS__ }
/* Their arguments begin with a type. */
#define MDK_CAP_VENDOR_LIVE(...) { 0 }
#define MDK_XCAP_VENDOR_LIVE(...) { 0 }
#define MDK_XCAP_DSN(...) { __VA_ARGS__ }
#define MDK_REG_RO(...) { __VA_ARGS__ }
#define MDK_REG_RW(...) { __VA_ARGS__ }
#define MDK_REG_W1C(...) { __VA_ARGS__ }
#define MDK_REG_W1S(...) { __VA_ARGS__ }
#define MDK_REG_WO(...) { __VA_ARGS__ }
#define MDK_REG_RC(...) { __VA_ARGS__ }
#define MDK_REG_RSVD(...) { __VA_ARGS__ }
#define MDK_REG_COUNTER64(...) { __VA_ARGS__ }
#define MDK_REG_EDID(...) { __VA_ARGS__ }
#define MDK_BIT(...) { __VA_ARGS__ }
#define MDK_BITS(...) { __VA_ARGS__ }
#define MDK_BAR_REGS(...) { __VA_ARGS__ }
#define MDK_BAR_MEM(...) { __VA_ARGS__ }
#define MDK_BAR_CALLBACK(...) { __VA_ARGS__ }
#define MDK_BAR_HW(...) { __VA_ARGS__ }
#define MDK_ROM(...) { __VA_ARGS__ }
#define MDK_OWN_MEM(...) { __VA_ARGS__ }
#define MDK_OWN_EDID(...) { __VA_ARGS__ }
#define MDK_BAR_STATS(...) { __VA_ARGS__ }
#define MDK_OWN_REGS(...) { __VA_ARGS__ }
#define MDK_OWN_CALLBACK(...) { __VA_ARGS__ }
#define MDK_TYPE(...) { __VA_ARGS__ }
#define MDK_CAUSE(...) { __VA_ARGS__ }
#define MDK_RING(...) { __VA_ARGS__ }
#define MDK_COMPLETIONS(...) { __VA_ARGS__ }
#define MDK_PARAM_U32(...) { 0 }
#define MDK_PCI_PARENT(...) { __VA_ARGS__ }
/* Parts of a row that are several members, or begin with a type. */
#define MDK_REG_BITS(...) .nr_bits = 1
#define MDK_RING_BATCH(...) .batch_in_state = 1

/* Loops and blocks whose names do not say so. */
#define for_each_sgtable_dma_page YACFE_ITERATOR
#define with_intel_runtime_pm YACFE_ITERATOR
