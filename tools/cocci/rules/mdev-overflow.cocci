// SPDX-License-Identifier: GPL-2.0-only
/// Two numbers of a user are added and the sum is compared: it may have wrapped.
///
/// 0xfffffffe + 2 is 0, which is below every limit.
/// Do: check_add_overflow(), or compare one, then the other with what is left.
// Confidence: High
// Severity: error
// Class: C1
// Options: --no-includes
// Needs: copy_from_user

virtual report
virtual org
virtual context
virtual patch

@mdev_overflow_ok@
typedef u64;
identifier x, a, b;
binary operator op = {<, >, <=, >=};
expression e;
position ok;
@@

(
 (<+... \(x.a op e\|x.b op e\) ...+>) || <+... x.a +@ok x.b ...+>
|
 (u64)x.a +@ok x.b
|
 x.a +@ok x.b < x.a
|
 x.a +@ok x.b < x.b
)

// That it has wrapped is asked in the same condition, after the limit.
@mdev_overflow_late@
identifier x, a, b;
position ok;
@@

(
 (<+... x.a +@ok x.b ...+>) || <+... x.a + x.b < x.a ...+>
|
 (<+... x.a +@ok x.b ...+>) || <+... x.a + x.b < x.b ...+>
)

@mdev_overflow_r exists@
identifier x, a, b;
binary operator op = {<, >, <=, >=};
expression e, e2, lim;
position p != { mdev_overflow_ok.ok, mdev_overflow_late.ok };
@@

 copy_from_user(&x, ...)
 ... when != check_add_overflow(x.a, x.b, ...)
     when != check_add_overflow(x.b, x.a, ...)
     when != x.a op e
     when != x.b op e2
     when != vfio_set_irqs_validate_and_prepare(&x, ...)
(
 x.a +@p x.b > lim
|
 x.a +@p x.b >= lim
|
 lim < x.a +@p x.b
)

@mdev_overflow_context1 depends on context && !report && !org@
expression E;
position mdev_overflow_r.p;
@@

* E@p

@script:python depends on report@
p << mdev_overflow_r.p;
a << mdev_overflow_r.a;
b << mdev_overflow_r.b;
@@

msg = ("mdev-overflow: the user's %s + %s may wrap: check_add_overflow()") % (a, b)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_overflow_r.p;
a << mdev_overflow_r.a;
b << mdev_overflow_r.b;
@@

msg = ("mdev-overflow: the user's %s + %s may wrap: check_add_overflow()") % (a, b)
coccilib.org.print_todo(p[0], msg)
