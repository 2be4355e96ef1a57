noinst_LIBRARIES += src/casefile/libcasefile.a
src_casefile_libcasefile_a_CPPFLAGS = $(AM_CPPFLAGS)
src_casefile_libcasefile_a_SOURCES = \
  src/casefile/answers.c \
  src/casefile/casefile.c src/casefile/casefile.h \
  src/casefile/history.c \
  src/casefile/inquiry.c \
  src/casefile/old_domains.c \
  src/casefile/partners.c \
  src/casefile/practice.c \
  src/casefile/private.h \
  src/casefile/requests.c \
  src/casefile/services.c \
  src/casefile/settings.c src/casefile/shared.c src/casefile/shared.h \
  src/casefile/verifications.c
CASEFILE_LDADD = src/casefile/libcasefile.a $(STORE_LDADD)
