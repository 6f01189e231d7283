// SPDX-License-Identifier: GPL-2.0-only
/// A user's region or interrupt index is a subscript without array_index_nospec().
///
/// A bound check alone does not stop the processor from loading beyond the array ahead of it;
/// a guest measures what was loaded (Spectre variant 1).
/// Do: after the bound check, index = array_index_nospec(index, size).
// Confidence: Moderate
// Severity: warning
// Class: C1
// Options: --no-includes
// Needs: loff_t vfio_region_info vfio_irq_info vfio_irq_set vm_pgoff

virtual report
virtual org
virtual context
virtual patch

@initialize:python@
@@

mdev_index_nospec_told = set()

@mdev_index_nospec_ok exists@
identifier f;
position ok;
@@

 f@ok(...)
 {
 ... when any
 array_index_nospec(...)
 ... when any
 }

@mdev_index_nospec_val exists@
identifier f, pos, idx;
identifier to =~ "TO_INDEX|to_index";
expression a, e, e2, k;
type T;
position fp != mdev_index_nospec_ok.ok, p;
@@

 f@fp(..., loff_t pos, ...)
 {
 ... when any
(
 idx = to(<+... pos ...+>);
|
 T idx = to(<+... pos ...+>);
|
 idx = to(<+... pos ...+>) - k;
|
 T idx = to(<+... pos ...+>) - k;
|
 idx = <+... pos ...+> >> e2;
|
 T idx = <+... pos ...+> >> e2;
)
 ... when != idx = e
(
 a@p[idx]
|
 a@p[idx - k]
)
 ... when any
 }

@mdev_index_nospec_ptr exists@
identifier f, pos, idx;
identifier to =~ "TO_INDEX|to_index";
expression a, e, e2, k;
type T;
position fp != mdev_index_nospec_ok.ok, p;
@@

 f@fp(..., loff_t *pos, ...)
 {
 ... when any
(
 idx = to(<+... pos ...+>);
|
 T idx = to(<+... pos ...+>);
|
 idx = to(<+... pos ...+>) - k;
|
 T idx = to(<+... pos ...+>) - k;
|
 idx = <+... pos ...+> >> e2;
|
 T idx = <+... pos ...+> >> e2;
)
 ... when != idx = e
(
 a@p[idx]
|
 a@p[idx - k]
)
 ... when any
 }

@mdev_index_nospec_vma exists@
identifier f, vma, idx;
expression a, e, e2, k;
type T;
position fp != mdev_index_nospec_ok.ok, p;
@@

 f@fp(..., struct vm_area_struct *vma, ...)
 {
 ... when any
(
 idx = vma->vm_pgoff >> e2;
|
 T idx = vma->vm_pgoff >> e2;
)
 ... when != idx = e
(
 a@p[idx]
|
 a@p[idx - k]
)
 ... when any
 }

@mdev_index_nospec_info exists@
identifier f;
struct vfio_region_info *ri;
struct vfio_irq_info *ii;
struct vfio_region_info r;
struct vfio_irq_info i;
struct vfio_irq_set s;
expression a, k;
position fp != mdev_index_nospec_ok.ok, p;
@@

 f@fp(...)
 {
 ... when any
(
 a@p[ri->index]
|
 a@p[ri->index - k]
|
 a@p[ii->index]
|
 a@p[r.index]
|
 a@p[r.index - k]
|
 a@p[i.index]
|
 a@p[s.index]
)
 ... when any
 }

@mdev_index_nospec_val_ctx depends on context && !report && !org@
expression E;
position mdev_index_nospec_val.p;
@@

* E@p

@script:python depends on report@
p << mdev_index_nospec_val.p;
f << mdev_index_nospec_val.f;
@@

if (p[0].file, f) not in mdev_index_nospec_told:
    mdev_index_nospec_told.add((p[0].file, f))
    msg = "mdev-index-nospec: a user's index is a subscript without array_index_nospec()"
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_index_nospec_val.p;
f << mdev_index_nospec_val.f;
@@

if (p[0].file, f) not in mdev_index_nospec_told:
    mdev_index_nospec_told.add((p[0].file, f))
    msg = "mdev-index-nospec: a user's index is a subscript without array_index_nospec()"
    coccilib.org.print_todo(p[0], msg)

@mdev_index_nospec_ptr_ctx depends on context && !report && !org@
expression E;
position mdev_index_nospec_ptr.p;
@@

* E@p

@script:python depends on report@
p << mdev_index_nospec_ptr.p;
f << mdev_index_nospec_ptr.f;
@@

if (p[0].file, f) not in mdev_index_nospec_told:
    mdev_index_nospec_told.add((p[0].file, f))
    msg = "mdev-index-nospec: a user's index is a subscript without array_index_nospec()"
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_index_nospec_ptr.p;
f << mdev_index_nospec_ptr.f;
@@

if (p[0].file, f) not in mdev_index_nospec_told:
    mdev_index_nospec_told.add((p[0].file, f))
    msg = "mdev-index-nospec: a user's index is a subscript without array_index_nospec()"
    coccilib.org.print_todo(p[0], msg)

@mdev_index_nospec_vma_ctx depends on context && !report && !org@
expression E;
position mdev_index_nospec_vma.p;
@@

* E@p

@script:python depends on report@
p << mdev_index_nospec_vma.p;
f << mdev_index_nospec_vma.f;
@@

if (p[0].file, f) not in mdev_index_nospec_told:
    mdev_index_nospec_told.add((p[0].file, f))
    msg = "mdev-index-nospec: a user's index is a subscript without array_index_nospec()"
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_index_nospec_vma.p;
f << mdev_index_nospec_vma.f;
@@

if (p[0].file, f) not in mdev_index_nospec_told:
    mdev_index_nospec_told.add((p[0].file, f))
    msg = "mdev-index-nospec: a user's index is a subscript without array_index_nospec()"
    coccilib.org.print_todo(p[0], msg)

@mdev_index_nospec_info_ctx depends on context && !report && !org@
expression E;
position mdev_index_nospec_info.p;
@@

* E@p

@script:python depends on report@
p << mdev_index_nospec_info.p;
f << mdev_index_nospec_info.f;
@@

if (p[0].file, f) not in mdev_index_nospec_told:
    mdev_index_nospec_told.add((p[0].file, f))
    msg = "mdev-index-nospec: a user's index is a subscript without array_index_nospec()"
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_index_nospec_info.p;
f << mdev_index_nospec_info.f;
@@

if (p[0].file, f) not in mdev_index_nospec_told:
    mdev_index_nospec_told.add((p[0].file, f))
    msg = "mdev-index-nospec: a user's index is a subscript without array_index_nospec()"
    coccilib.org.print_todo(p[0], msg)
