noinst_LIBRARIES += src/plan/libplan.a
src_plan_libplan_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
src_plan_libplan_a_SOURCES = \
  src/plan/lib.h \
  src/plan/plan.c \
  src/plan/plan_dmarc.c \
  src/plan/plan_other.c \
  src/plan/plan_spf.c \
  src/plan/present.c \
  src/plan/private.h
PLAN_LDADD = src/plan/libplan.a checks/libexamine.a $(OBSERVE_LDADD) $(JUDGE_LDADD)
