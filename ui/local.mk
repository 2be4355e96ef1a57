noinst_LIBRARIES += ui/libui.a
ui_libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURSES_CFLAGS) $(MD4C_CFLAGS)
ui_libui_a_SOURCES = \
  ui/actions.c ui/actions.h \
  ui/canvas.c ui/canvas.h \
  ui/curses.c \
  ui/field.c ui/field.h \
  ui/keys.c ui/keys.h \
  ui/layout.c \
  ui/lib.h \
  ui/markdown.c ui/markdown.h \
  ui/page.c ui/page.h \
  ui/plain.c \
  ui/script.c \
  ui/screen/checks.c \
  ui/screen/help.c \
  ui/screen/request.c \
  ui/screen/start.c \
  ui/screen/tasks.c \
  ui/wizard.c ui/wizard.h
UI_LDADD = ui/libui.a src/letters/libletters.a src/guidance/libguidance.a src/casefile/libcasefile.a $(REQUEST_LDADD) $(CURSES_LIBS) $(MD4C_LIBS)
