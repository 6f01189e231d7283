// SPDX-License-Identifier: GPL-2.0-only
/* vm_flags became read-only, to be changed by vm_flags_set(). */
#include <linux/mm.h>

void mdk_probe(struct vm_area_struct *vma);
void mdk_probe(struct vm_area_struct *vma)
{
#if PROBE_FORM == 1
	vm_flags_set(vma, VM_IO);
#else
	vma->vm_flags |= VM_IO;
#endif
}
