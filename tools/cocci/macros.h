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
