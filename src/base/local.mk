noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
src_base_libbase_a_SOURCES = \
  src/base/arena.c src/base/arena.h \
  src/base/buf.c src/base/buf.h \
  src/base/clock.c src/base/clock.h \
  src/base/ctype.c src/base/ctype.h \
  src/base/cursor.c src/base/cursor.h \
  src/base/dnswire.c src/base/dnswire.h \
  src/base/fault.c src/base/fault.h \
  src/base/file.c src/base/file.h \
  src/base/intl.c src/base/intl.h \
  src/base/ip.c src/base/ip.h \
  src/base/json.c src/base/json.h \
  src/base/json_read.c src/base/json_read.h \
  src/base/json_write.c src/base/json_write.h \
  src/base/lib.h \
  src/base/mem.c src/base/mem.h \
  src/base/name.c src/base/name.h \
  src/base/suffix.c src/base/suffix.h \
  src/base/text.c src/base/text.h \
  src/base/zonetext.c src/base/zonetext.h
BASE_LDADD = src/base/libbase.a $(BASE_LIBS) $(UV_LIBS) $(UNISTRING_LIBS) $(LIBINTL)
