bin_PROGRAMS += mailstead
mailstead_CPPFLAGS = $(AM_CPPFLAGS) $(CARES_CFLAGS) $(CRYPTO_CFLAGS)
mailstead_SOURCES = \
  src/cli/batch.c src/cli/batch.h \
  src/cli/check.c \
  src/cli/commands.c \
  src/cli/dkim_key.c \
  src/cli/evidence.c src/cli/evidence.h \
  src/cli/help.c \
  src/cli/lib.h \
  src/cli/lint.c src/cli/lint.h \
  src/cli/lint_text.c \
  src/cli/live.c \
  src/cli/main.c \
  src/cli/name_set.c src/cli/name_set.h \
  src/cli/names.c src/cli/names.h \
  src/cli/options.c src/cli/options.h \
  src/cli/partners.c \
  src/cli/planned.c src/cli/planned.h \
  src/cli/request.c \
  src/cli/resume.c src/cli/resume.h \
  src/cli/practice.c \
  src/cli/report.c \
  src/cli/report_json.c \
  src/cli/report_servers.c \
  src/cli/spf.c \
  src/cli/usage.c \
  src/cli/verify.c \
  src/cli/wizard.c
mailstead_LDADD = src/practice/libpractice.a $(UI_LDADD)
