noinst_LIBRARIES += src/guidance/libguidance.a
src_guidance_libguidance_a_CPPFLAGS = $(AM_CPPFLAGS)
src_guidance_libguidance_a_SOURCES = \
  src/guidance/help.c src/guidance/help.h \
  src/guidance/lib.h \
  src/guidance/status.c \
  src/guidance/steps.c
GUIDANCE_LDADD = src/guidance/libguidance.a src/casefile/libcasefile.a $(STORE_LDADD)
