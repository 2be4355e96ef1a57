noinst_LIBRARIES += src/plan/libplan.a
src_plan_libplan_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
src_plan_libplan_a_SOURCES = \
  src/plan/apply.c \
  src/plan/change.c \
  src/plan/choose.c \
  src/plan/clean.c \
  src/plan/dkim.c src/plan/dkim.h \
  src/plan/dkim_paste.c \
  src/plan/dkim_repair.c \
  src/plan/dmarc.c src/plan/dmarc.h \
  src/plan/dmarc_reports.c \
  src/plan/dmarc_text.c \
  src/plan/gsi.c \
  src/plan/lib.h \
  src/plan/mtasts.c \
  src/plan/mx.c \
  src/plan/plan.c \
  src/plan/pointers.c \
  src/plan/present.c \
  src/plan/private.h \
  src/plan/prove.c src/plan/prove.h \
  src/plan/prove_form.c \
  src/plan/prove_mail.c \
  src/plan/prove_secure.c \
  src/plan/read.c \
  src/plan/secure.c src/plan/secure.h \
  src/plan/spf.c src/plan/spf.h \
  src/plan/spf_limits.c \
  src/plan/spf_senders.c \
  src/plan/spf_terms.c \
  src/plan/tlsrpt.c \
  src/plan/zone.c
PLAN_LDADD = src/plan/libplan.a checks/libexamine.a $(OBSERVE_LDADD) $(JUDGE_LDADD)
