// SPDX-License-Identifier: GPL-2.0-only
/* shmem_file_setup(): the flags became a type of their own. */
#include <linux/mm.h>
#include <linux/shmem_fs.h>

struct file *mdk_probe(void);
struct file *mdk_probe(void)
{
#if PROBE_FORM == 1
	return shmem_file_setup("probe", 0, (vma_flags_t){});
#else
	return shmem_file_setup("probe", 0, 0UL);
#endif
}
