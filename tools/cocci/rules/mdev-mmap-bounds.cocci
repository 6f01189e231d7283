// SPDX-License-Identifier: GPL-2.0-only
/// An mmap callback maps as much as the user asks for, or takes its index as a signed number.
///
/// Without a comparison of the mapping's size with the region's, host memory behind the region
/// becomes the user's (CVE-2019-11085 was this). A signed index from vm_pgoff can be negative
/// and passes `index >= n`.
/// Do: refuse when offset + (vm_end - vm_start) is beyond the region; make the index unsigned.
// Confidence: High
// Severity: error
// Class: C2
// Options: --no-includes
// Needs: vm_area_struct

virtual report
virtual org
virtual context
virtual patch

@initialize:python@
@@

mdev_mmap_bounds_checked = set()

@mdev_mmap_bounds_ok exists@
identifier f, vma, sz;
type T;
expression e;
binary operator op = {<, >, <=, >=};
position ok;
@@

 f@ok(..., struct vm_area_struct *vma, ...)
 {
 ... when any
(
 sz = <+... \(vma->vm_end - vma->vm_start\|vma_pages(vma)\) ...+>;
|
 T sz = <+... \(vma->vm_end - vma->vm_start\|vma_pages(vma)\) ...+>;
)
 ... when any
(
 (<+... sz ...+>) op e
|
 e op (<+... sz ...+>)
|
 sz != e
)
 ... when any
 }

// A helper that is given the size, and whose answer somebody looks at, counts as well.
@mdev_mmap_bounds_okhelper exists@
identifier f, vma, sz;
identifier h != {remap_pfn_range, io_remap_pfn_range, vm_insert_page, vm_insert_pages,
		 vmf_insert_pfn, vm_insert_pfn, dma_mmap_coherent, dma_mmap_attrs};
type T;
statement S;
position ok;
@@

 f@ok(..., struct vm_area_struct *vma, ...)
 {
 ... when any
(
 sz = <+... \(vma->vm_end - vma->vm_start\|vma_pages(vma)\) ...+>;
|
 T sz = <+... \(vma->vm_end - vma->vm_start\|vma_pages(vma)\) ...+>;
)
 ... when any
 if (<+... h(..., sz, ...) ...+>) S
 ... when any
 }

@mdev_mmap_bounds_okdirect exists@
identifier f, vma;
expression e;
binary operator op = {<, >, <=, >=};
position ok;
@@

 f@ok(..., struct vm_area_struct *vma, ...)
 {
 ... when any
(
 (<+... \(vma->vm_end - vma->vm_start\|vma_pages(vma)\) ...+>) op e
|
 e op (<+... \(vma->vm_end - vma->vm_start\|vma_pages(vma)\) ...+>)
|
 check_sub_overflow(vma->vm_end, vma->vm_start, ...)
|
 vma->vm_end - vma->vm_start != e
|
 vma_pages(vma) != e
|
 vma_pages(vma) == e
)
 ... when any
 }

@mdev_mmap_bounds_call exists@
identifier mdev_mmap_bounds_ok.f, h;
position c;
@@

 f(...)
 {
 ... when any
 h@c(...)
 ... when any
 }

@script:python@
c << mdev_mmap_bounds_call.c;
h << mdev_mmap_bounds_call.h;
@@

mdev_mmap_bounds_checked.add((c[0].file, h))

@mdev_mmap_bounds_callpos exists@
identifier mdev_mmap_bounds_okdirect.f, h;
position c;
@@

 f(...)
 {
 ... when any
 h@c(...)
 ... when any
 }

@script:python@
c << mdev_mmap_bounds_callpos.c;
h << mdev_mmap_bounds_callpos.h;
@@

mdev_mmap_bounds_checked.add((c[0].file, h))

@mdev_mmap_bounds_r exists@
identifier f, vma;
identifier map = {remap_pfn_range, io_remap_pfn_range, vm_insert_page, vm_insert_pages,
		  vmf_insert_pfn, vm_insert_pfn, dma_mmap_coherent, dma_mmap_attrs};
position fp != {mdev_mmap_bounds_ok.ok, mdev_mmap_bounds_okhelper.ok,
		mdev_mmap_bounds_okdirect.ok}, p;
@@

 f@fp(..., struct vm_area_struct *vma, ...)
 {
 ... when any
 map@p(..., vma, ...)
 ... when any
 }

@script:python depends on report@
p << mdev_mmap_bounds_r.p;
f << mdev_mmap_bounds_r.f;
m << mdev_mmap_bounds_r.map;
@@

if (p[0].file, f) not in mdev_mmap_bounds_checked:
    msg = "mdev-mmap-bounds: %s() maps a size that was compared with nothing" % (m)
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_mmap_bounds_r.p;
f << mdev_mmap_bounds_r.f;
m << mdev_mmap_bounds_r.map;
@@

if (p[0].file, f) not in mdev_mmap_bounds_checked:
    msg = "mdev-mmap-bounds: %s() maps a size that was compared with nothing" % (m)
    coccilib.org.print_todo(p[0], msg)

@mdev_mmap_bounds_tested exists@
identifier idx;
expression vma, e;
type T;
position ok;
@@

(
 idx@ok = vma->vm_pgoff >> e;
|
 T idx@ok = vma->vm_pgoff >> e;
)
 ... when any
 idx < 0

@mdev_mmap_bounds_signed exists@
identifier idx;
expression vma, e, e2;
position p != mdev_mmap_bounds_tested.ok;
@@

(
 int idx;
|
 long idx;
)
 ... when any
 idx@p = vma->vm_pgoff >> e;
 ... when any
 idx >= e2

@mdev_mmap_bounds_signed2 exists@
identifier idx;
expression vma, e, e2;
position p != mdev_mmap_bounds_tested.ok;
@@

(
 int idx@p = vma->vm_pgoff >> e;
|
 long idx@p = vma->vm_pgoff >> e;
)
 ... when any
 idx >= e2

@mdev_mmap_bounds_context1 depends on context && !report && !org@
expression E;
position mdev_mmap_bounds_signed.p;
@@

* E@p

@script:python depends on report@
p << mdev_mmap_bounds_signed.p;
@@

msg = ("mdev-mmap-bounds: a signed index from vm_pgoff can be negative: make it "
       "unsigned")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_mmap_bounds_signed.p;
@@

msg = ("mdev-mmap-bounds: a signed index from vm_pgoff can be negative: make it "
       "unsigned")
coccilib.org.print_todo(p[0], msg)

@script:python depends on report@
p << mdev_mmap_bounds_signed2.p;
@@

msg = ("mdev-mmap-bounds: a signed index from vm_pgoff can be negative: make it "
       "unsigned")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_mmap_bounds_signed2.p;
@@

msg = ("mdev-mmap-bounds: a signed index from vm_pgoff can be negative: make it "
       "unsigned")
coccilib.org.print_todo(p[0], msg)
