noinst_LIBRARIES += src/letters/libletters.a
src_letters_libletters_a_CPPFLAGS = $(AM_CPPFLAGS)
src_letters_libletters_a_SOURCES = \
  src/letters/addresses.c \
  src/letters/letters.c \
  src/letters/lib.h \
  src/letters/operators.c \
  src/letters/outside.c \
  src/letters/parts.c \
  src/letters/parts.h \
  src/letters/private.h \
  src/letters/settings.c
LETTERS_LDADD = src/letters/libletters.a $(GUIDANCE_LDADD)
