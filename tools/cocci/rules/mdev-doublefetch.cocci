// SPDX-License-Identifier: GPL-2.0-only
/// The same user memory is read twice, and checked between.
///
/// Another thread of the user changes it in between: what was checked is not what is used.
/// Do: copy once, check and use the copy; or copy only what follows (arg + minsz).
// Confidence: High
// Severity: error
// Class: C13
// Options: --no-includes
// Needs: copy_from_user get_user __copy_from_user vfio_dma_rw mdk_dma_read mdev_dma_rw

virtual report
virtual org
virtual context
virtual patch

// The second copy takes the place of the first one.
@mdev_doublefetch_same exists@
identifier x;
identifier c1 = {copy_from_user, __copy_from_user}, c2 = {copy_from_user, __copy_from_user};
position ok;
@@

 c1(&x, ...)
 ... when any
 c2@ok(&x, ...)

@mdev_doublefetch_user exists@
identifier a, x;
type T1, T2;
expression e, d2, n1, n2;
identifier c1 = {copy_from_user, __copy_from_user}, c2 = {copy_from_user, __copy_from_user};
position q, p != {q, mdev_doublefetch_same.ok};
@@

 c1@q(&x, \(a\|(T1)a\), n1)
 ... when != a = e
     when != a += e
     when != a++
 c2@p(d2, \(a\|(T2)a\), n2)

// So it is of what waits for a word, round by round.
@mdev_doublefetch_again exists@
expression v, iova;
identifier x;
identifier c1 = {vfio_dma_rw, mdk_dma_read, mdev_dma_rw}, c2 = {vfio_dma_rw, mdk_dma_read, mdev_dma_rw};
position ok;
@@

 c1(v, iova, &x, ...)
 ... when any
 c2@ok(v, iova, &x, ...)

@mdev_doublefetch_guest exists@
expression v, iova, e, d2, n2;
identifier x;
identifier rd = {vfio_dma_rw, mdk_dma_read, mdev_dma_rw};
position q, p != {q, mdev_doublefetch_again.ok};
statement S;
@@

 rd@q(v, iova, \(&x\|x\), ...)
 ... when != iova = e
     when != iova += e
     when != iova++
 if (<+... x ...+>) S
 ... when != iova = e
     when != iova += e
     when != iova++
 rd@p(v, iova, d2, n2, ...)

@mdev_doublefetch_context1 depends on context && !report && !org@
expression E;
position mdev_doublefetch_user.p;
@@

* E@p

@script:python depends on report@
p << mdev_doublefetch_user.p;
@@

msg = ("mdev-doublefetch: the same user memory a second time: what was checked may "
       "have changed")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_doublefetch_user.p;
@@

msg = ("mdev-doublefetch: the same user memory a second time: what was checked may "
       "have changed")
coccilib.org.print_todo(p[0], msg)

@mdev_doublefetch_context2 depends on context && !report && !org@
expression E;
position mdev_doublefetch_guest.p;
@@

* E@p

@script:python depends on report@
p << mdev_doublefetch_guest.p;
@@

msg = ("mdev-doublefetch: the same guest memory a second time: what was checked may "
       "have changed")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_doublefetch_guest.p;
@@

msg = ("mdev-doublefetch: the same guest memory a second time: what was checked may "
       "have changed")
coccilib.org.print_todo(p[0], msg)
