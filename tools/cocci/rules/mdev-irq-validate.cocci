// SPDX-License-Identifier: GPL-2.0-only
/// A VFIO_DEVICE_SET_IRQS header is used without the checks that every handler needs.
///
/// start and count are the user's: start + count may wrap, and a copy or loop of that size then
/// runs past the device's tables (CVE-2016-9083 and -9084 were this).
/// Do: call vfio_set_irqs_validate_and_prepare() on the header right after it was copied.
// Confidence: High
// Severity: error
// Class: C3
// Options: --no-includes
// Needs: vfio_irq_set

virtual report
virtual org
virtual context
virtual patch

@mdev_irq_validate_ok exists@
identifier hdr;
expression e;
position ok;
@@

 copy_from_user@ok(&hdr, ...)
 ... when any
(
 vfio_set_irqs_validate_and_prepare(&hdr, ...)
|
 check_add_overflow(hdr.start, hdr.count, e)
|
 check_add_overflow(hdr.count, hdr.start, e)
|
 size_add(hdr.start, hdr.count)
|
 mdk_irqs_ioctl_set(...)
)

@mdev_irq_validate_r exists@
identifier hdr, fn;
position c != mdev_irq_validate_ok.ok, p;
@@

 struct vfio_irq_set hdr;
 ... when any
 copy_from_user@c(&hdr, ...)
 ... when any
(
 memdup_user@p(..., <+... hdr.count ...+>)
|
 kmalloc@p(<+... hdr.count ...+>, ...)
|
 kzalloc@p(<+... hdr.count ...+>, ...)
|
 kcalloc@p(hdr.count, ...)
|
 kmalloc_array@p(hdr.count, ...)
|
 fn@p(..., hdr.start, ...)
|
 fn@p(..., hdr.count, ...)
)

@mdev_irq_validate_context1 depends on context && !report && !org@
expression E;
position mdev_irq_validate_r.p;
@@

* E@p

@script:python depends on report@
p << mdev_irq_validate_r.p;
@@

msg = ("mdev-irq-validate: start and count of SET_IRQS are used unchecked: call "
       "vfio_set_irqs_validate_and_prepare()")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_irq_validate_r.p;
@@

msg = ("mdev-irq-validate: start and count of SET_IRQS are used unchecked: call "
       "vfio_set_irqs_validate_and_prepare()")
coccilib.org.print_todo(p[0], msg)
