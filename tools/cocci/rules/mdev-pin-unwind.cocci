// SPDX-License-Identifier: GPL-2.0-only
/// A successful pin is lost on an error, or its result is misread.
///
/// vfio_pin_pages() returns how many pages it pinned: a positive number is success, and less than
/// what was asked for is not enough. Pages that stay pinned are charged to the user until the
/// device closes, and can block an unmap.
/// Do: compare the result with the number asked for; vfio_unpin_pages() on each later error.
// Confidence: High
// Severity: error
// Class: C15
// Options: --no-includes
// Needs: vfio_pin_pages

virtual report
virtual org
virtual context
virtual patch

@mdev_pin_unwind_zero@
identifier ret;
statement S;
position p;
@@

(
 if (vfio_pin_pages@p(...)) S
|
 ret = vfio_pin_pages@p(...);
 if (ret) S
|
 if (!vfio_pin_pages@p(...)) S
)

// "if (ret) unpin(ret);" gives back what there is, also where it is not run.
@mdev_pin_unwind_part exists@
identifier ret, un =~ "unpin|free|release|destroy|cleanup|put|undo|unmap";
expression E;
position p;
@@

(
 if (ret) { ... un(...); ... }
|
 if (ret > 0) { ... un(...); ... }
)
 ...
 return@p E;

@mdev_pin_unwind_lost exists@
identifier ret, un =~ "unpin|free|release|destroy|cleanup|put|undo|unmap";
expression n;
constant C;
position p != mdev_pin_unwind_part.p;
@@

 ret = vfio_pin_pages(..., n, ...);
(
 if (ret != n) { ... return ...; }
|
 if (ret < n) { ... return ...; }
|
 if (ret <= 0) { ... return ...; }
|
 if (ret < 0) { ... return ...; }
)
 ... when != un(...)
 return@p -C;

// One page is there or not; of several some may be, and this way out knows it.
@mdev_pin_unwind_one@
expression e1, e2;
position p;
@@

 vfio_pin_pages@p(e1, e2, 1, ...)

@mdev_pin_unwind_short exists@
identifier ret, un =~ "unpin|free|release|destroy|cleanup|put|undo|unmap";
expression e1, e2, n, E;
constant C;
statement S;
position q != mdev_pin_unwind_one.p;
position p != {mdev_pin_unwind_part.p, mdev_pin_unwind_lost.p};
@@

 ret = vfio_pin_pages@q(e1, e2, n, ...);
(
 if (\(ret != n\|ret < n\)) { ... when != un(...)
 return@p ret < 0 ? ret : E; }
|
 if (ret < 0) S
 if (\(ret != n\|ret < n\)) { ... when != un(...)
 return@p -C; }
)

@mdev_pin_unwind_partial exists@
identifier ret;
expression n;
statement S;
position p;
@@

 ret = vfio_pin_pages@p(..., n, ...);
 if (ret < 0) S
 ... when != n
     when != ret
 return ...;

@mdev_pin_unwind_context1 depends on context && !report && !org@
expression E;
position mdev_pin_unwind_zero.p;
@@

* E@p

@script:python depends on report@
p << mdev_pin_unwind_zero.p;
@@

msg = ("mdev-pin-unwind: vfio_pin_pages() returns the number of pages: compare it "
       "with what was asked for")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_pin_unwind_zero.p;
@@

msg = ("mdev-pin-unwind: vfio_pin_pages() returns the number of pages: compare it "
       "with what was asked for")
coccilib.org.print_todo(p[0], msg)

@mdev_pin_unwind_context2 depends on context && !report && !org@
expression E;
position mdev_pin_unwind_lost.p;
@@

* E@p

@script:python depends on report@
p << mdev_pin_unwind_lost.p;
@@

msg = ("mdev-pin-unwind: the pages stay pinned on this way out: vfio_unpin_pages()")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_pin_unwind_lost.p;
@@

msg = ("mdev-pin-unwind: the pages stay pinned on this way out: vfio_unpin_pages()")
coccilib.org.print_todo(p[0], msg)

@mdev_pin_unwind_context4 depends on context && !report && !org@
expression E;
position mdev_pin_unwind_short.p;
@@

* E@p

@script:python depends on report@
p << mdev_pin_unwind_short.p;
@@

msg = ("mdev-pin-unwind: some of the pages may be pinned on this way out, and stay so: "
       "vfio_unpin_pages()")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_pin_unwind_short.p;
@@

msg = ("mdev-pin-unwind: some of the pages may be pinned on this way out, and stay so: "
       "vfio_unpin_pages()")
coccilib.org.print_todo(p[0], msg)

@mdev_pin_unwind_context3 depends on context && !report && !org@
expression E;
position mdev_pin_unwind_partial.p;
@@

* E@p

@script:python depends on report@
p << mdev_pin_unwind_partial.p;
@@

msg = ("mdev-pin-unwind: vfio_pin_pages() may pin less than was asked for: compare "
       "the result with it")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_pin_unwind_partial.p;
@@

msg = ("mdev-pin-unwind: vfio_pin_pages() may pin less than was asked for: compare "
       "the result with it")
coccilib.org.print_todo(p[0], msg)
