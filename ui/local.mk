noinst_LIBRARIES += ui/libui.a
ui_libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURSES_CFLAGS) $(MD4C_CFLAGS)
ui_libui_a_SOURCES = \
  ui/act.c \
  ui/actions.c ui/actions.h \
  ui/canvas.c ui/canvas.h \
  ui/curses.c \
  ui/drafts.c ui/drafts.h \
  ui/field.c ui/field.h \
  ui/find.c \
  ui/form.c ui/form.h \
  ui/helps.c ui/helps.h \
  ui/keyline.c \
  ui/keys.c ui/keys.h \
  ui/layout.c ui/layout.h \
  ui/lib.h \
  ui/lines.c ui/lines.h \
  ui/live.c ui/live.h \
  ui/markdown.c ui/markdown.h \
  ui/names.c ui/names.h \
  ui/page.c ui/page.h \
  ui/plain.c \
  ui/plans.c ui/plans.h \
  ui/refs.c ui/refs.h \
  ui/screen/checks.c \
  ui/screen/domains.c \
  ui/screen/finding.c \
  ui/screen/findings.c \
  ui/screen/gsi.c \
  ui/screen/help.c \
  ui/screen/index.c \
  ui/screen/menu.c \
  ui/screen/new.c \
  ui/screen/preview.c \
  ui/screen/question.c \
  ui/screen/quit.c \
  ui/screen/record.c \
  ui/screen/records.c \
  ui/screen/request.c \
  ui/screen/saved.c \
  ui/screen/search.c \
  ui/screen/services.c \
  ui/screen/settings.c \
  ui/screen/spf.c \
  ui/screen/start.c \
  ui/screen/step.c \
  ui/screen/tasks.c \
  ui/screens.c ui/screens.h \
  ui/script.c \
  ui/settings.c ui/settings.h \
  ui/table.c \
  ui/terminal.c ui/terminal.h \
  ui/values.c ui/values.h \
  ui/wizard.c ui/wizard.h \
  ui/words.c ui/words.h
UI_LDADD = ui/libui.a src/letters/libletters.a src/guidance/libguidance.a src/casefile/libcasefile.a $(REQUEST_LDADD) $(CURSES_LIBS) $(MD4C_LIBS)
