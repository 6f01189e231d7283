// SPDX-License-Identifier: GPL-2.0-only
/// User memory is copied by hand in a driver on the SDK.
///
/// The SDK has checked and copied everything before it calls a driver: registers and regions come
/// by value, attributes as text, interrupts and capabilities not at all. A raw copy is unchecked.
/// Do: describe it in the model's tables; guest memory is read with mdk_pin() or mdk_dma_read().
// Confidence: High
// Severity: warning
// Class: C8
// Options: --no-includes
// Needs: mdk_model
// Needs: copy_to_user copy_from_user get_user put_user

virtual report
virtual org
virtual context
virtual patch

@mdk_raw_copy_model@
identifier m;
@@

 struct mdk_model m = { ... };

@mdk_raw_copy_r depends on mdk_raw_copy_model@
identifier cp = {copy_to_user, copy_from_user, __copy_to_user, __copy_from_user, get_user,
		 put_user, memdup_user, clear_user};
position p;
@@

 cp@p(...)

@mdk_raw_copy_context1 depends on context && !report && !org@
expression E;
position mdk_raw_copy_r.p;
@@

* E@p

@script:python depends on report@
p << mdk_raw_copy_r.p;
cp << mdk_raw_copy_r.cp;
@@

msg = ("mdk-raw-copy: %s() beside the SDK: nothing checked this access") % (cp)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdk_raw_copy_r.p;
cp << mdk_raw_copy_r.cp;
@@

msg = ("mdk-raw-copy: %s() beside the SDK: nothing checked this access") % (cp)
coccilib.org.print_todo(p[0], msg)
