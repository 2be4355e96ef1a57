noinst_LIBRARIES += src/casefile/libcasefile.a
src_casefile_libcasefile_a_CPPFLAGS = $(AM_CPPFLAGS)
src_casefile_libcasefile_a_SOURCES = \
  src/casefile/casefile.c src/casefile/casefile.h \
  src/casefile/inquiry.c
CASEFILE_LDADD = src/casefile/libcasefile.a $(BASE_LDADD)
