noinst_LIBRARIES += checks/record/librecord.a
checks_record_librecord_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
checks_record_librecord_a_SOURCES = \
  checks/record/lib.h
RECORD_LDADD = checks/record/librecord.a $(BASE_LDADD) $(CRYPTO_LIBS)
