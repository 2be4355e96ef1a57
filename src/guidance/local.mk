noinst_LIBRARIES += src/guidance/libguidance.a
src_guidance_libguidance_a_CPPFLAGS = $(AM_CPPFLAGS)
src_guidance_libguidance_a_SOURCES = \
  src/guidance/asked.c \
  src/guidance/changes.c src/guidance/changes.h \
  src/guidance/describe.c \
  src/guidance/differences.c src/guidance/differences.h \
  src/guidance/dmarc_route.c src/guidance/dmarc_route.h \
  src/guidance/help.c src/guidance/help.h \
  src/guidance/help_rules.c src/guidance/help_rules.h \
  src/guidance/help_search.c \
  src/guidance/inventory.c src/guidance/inventory.h \
  src/guidance/lib.h \
  src/guidance/migration.c src/guidance/migration.h src/guidance/migration_private.h \
  src/guidance/migration_plan.c \
  src/guidance/options.c src/guidance/options.h \
  src/guidance/questions.c \
  src/guidance/secondary.c src/guidance/secondary.h \
  src/guidance/status.c \
  src/guidance/steps.c \
  src/guidance/steps_check.c \
  src/guidance/steps_cloud.c \
  src/guidance/steps_dns.c \
  src/guidance/steps_prepare.c \
  src/guidance/steps_psn.c \
  src/guidance/tables.h
GUIDANCE_LDADD = src/guidance/libguidance.a src/casefile/libcasefile.a $(PLAN_LDADD)
