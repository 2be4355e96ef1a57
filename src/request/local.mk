noinst_LIBRARIES += src/request/librequest.a
src_request_librequest_a_CPPFLAGS = $(AM_CPPFLAGS)
src_request_librequest_a_SOURCES = \
  src/request/formats.c \
  src/request/lib.h \
  src/request/request.c \
  src/request/text.c \
  src/request/verify.c src/request/verify.h
REQUEST_LDADD = src/request/librequest.a $(PLAN_LDADD)
