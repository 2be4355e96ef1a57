noinst_LIBRARIES += ui/libui.a
ui_libui_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURSES_CFLAGS) $(MD4C_CFLAGS)
ui_libui_a_SOURCES = \
  ui/act.c \
  ui/actions.c ui/actions.h \
  ui/again.c ui/again.h \
  ui/beside.c ui/beside.h \
  ui/canvas.c ui/canvas.h \
  ui/curses.c \
  ui/details.c ui/details.h \
  ui/differs.c ui/differs.h \
  ui/drafts.c ui/drafts.h \
  ui/field.c ui/field.h \
  ui/files.c ui/files.h \
  ui/find.c \
  ui/form.c ui/form.h \
  ui/helps.c ui/helps.h \
  ui/job.c ui/job.h \
  ui/keyline.c \
  ui/keys.c ui/keys.h \
  ui/layout.c ui/layout.h \
  ui/lib.h \
  ui/lines.c ui/lines.h \
  ui/live.c ui/live.h \
  ui/markdown.c ui/markdown.h \
  ui/names.c ui/names.h \
  ui/offers.c ui/offers.h \
  ui/overview.c ui/overview.h \
  ui/page.c ui/page.h \
  ui/partners.c ui/partners.h \
  ui/plain.c \
  ui/plans.c ui/plans.h \
  ui/refs.c ui/refs.h \
  ui/round.c ui/round.h \
  ui/saving.c ui/saving.h \
  ui/screen/answer.c \
  ui/screen/below.c \
  ui/screen/changed.c \
  ui/screen/checks.c \
  ui/screen/detail.c \
  ui/screen/difference.c \
  ui/screen/differences.c \
  ui/screen/domains.c \
  ui/screen/finding.c \
  ui/screen/findings.c \
  ui/screen/gsi.c \
  ui/screen/help.c \
  ui/screen/hosts.c \
  ui/screen/index.c \
  ui/screen/letter.c \
  ui/screen/menu.c \
  ui/screen/message.c \
  ui/screen/migration.c \
  ui/screen/new.c \
  ui/screen/partners.c \
  ui/screen/policy.c \
  ui/screen/preview.c \
  ui/screen/provider.c \
  ui/screen/question.c \
  ui/screen/quit.c \
  ui/screen/record.c \
  ui/screen/records.c \
  ui/screen/request.c \
  ui/screen/route.c \
  ui/screen/saved.c \
  ui/screen/search.c \
  ui/screen/secondary.c \
  ui/screen/service.c \
  ui/screen/services.c \
  ui/screen/settings.c \
  ui/screen/silent.c \
  ui/screen/spf.c \
  ui/screen/start.c \
  ui/screen/step.c \
  ui/screen/system.c \
  ui/screen/task.c \
  ui/screen/tasks.c \
  ui/screen/verify.c \
  ui/screens.c ui/screens.h \
  ui/script.c \
  ui/settings.c ui/settings.h \
  ui/table.c \
  ui/terminal.c ui/terminal.h \
  ui/values.c ui/values.h \
  ui/verifies.c ui/verifies.h \
  ui/wizard.c ui/wizard.h \
  ui/words.c ui/words.h
UI_LDADD = ui/libui.a src/letters/libletters.a src/guidance/libguidance.a src/casefile/libcasefile.a $(REQUEST_LDADD) $(CURSES_LIBS) $(MD4C_LIBS)
