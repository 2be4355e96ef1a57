#include "ui/saving.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/lib.h"

enum { EVERY_MS = 2000 };

const char *saving_trouble(const struct wizard *wizard) {
  const char *why = wizard->casefile ? casefile_unsaved(wizard->casefile) : NULL;
  return why ? why : form_undrafted(wizard) ? _("What you type cannot be saved now") : NULL;
}

bool saving_try(struct wizard *wizard) {
  struct fault ignored = { "" };
  bool troubled = saving_trouble(wizard) != NULL;
  form_draft(wizard);
  if (wizard->casefile && casefile_unsaved(wizard->casefile)) casefile_save(wizard->casefile, &ignored);
  bool good = !saving_trouble(wizard);
  if (troubled && good) wizard_say(wizard, "%s", _("Saved now: all that you answered is on the disk"));
  if (troubled == good) wizard->changed = true;
  return good;
}

static void on_time(uv_timer_t *timer) { (void)saving_try(timer->data); }

/* It keeps no loop running that has nothing else to wait for. */
void saving_start(struct wizard *wizard) {
  uv_timer_init(&wizard->loop, &wizard->saving_timer);
  wizard->saving_timer.data = wizard;
  uv_timer_start(&wizard->saving_timer, on_time, EVERY_MS, EVERY_MS);
  uv_unref((uv_handle_t *)&wizard->saving_timer);
}

void saving_stop(struct wizard *wizard) { uv_close((uv_handle_t *)&wizard->saving_timer, NULL); }

bool saving_copy(struct wizard *wizard, struct fault *fault) {
  const char *folder = getenv("TMPDIR");
  struct arena *arena = arena_new();
  bool good = false;
  if (!folder || *folder != '/') folder = "/tmp";
  for (unsigned number = 1; wizard->casefile && number < 100; number++) {
    const char *path = arena_printf(arena, "%s/mailstead-%s-%u.json", folder, wizard->domain, number);
    if (access(path, F_OK) == 0) continue;
    good = strlen(path) < sizeof wizard->copy && casefile_save_copy(wizard->casefile, path, fault);
    if (good) memcpy(wizard->copy, path, strlen(path) + 1);
    break;
  }
  arena_free(&arena);
  return good;
}

const char *saving_goodbye(const struct wizard *wizard, struct arena *arena) {
  struct casefile_request request;
  if (!wizard->casefile) return "";
  const char *path = text_safe_string(arena, casefile_path(wizard->casefile)), *why = saving_trouble(wizard);
  struct text_argument arguments[] = { { "case", path }, { "copy", text_safe_string(arena, wizard->copy) }, { "why", why ? text_safe_string(arena, why) : "" } };
  if (why && *wizard->copy) return text_fill(arena, _("Your latest answers are in {copy}, a copy of your case. When the trouble is over, move it to {case}\n"), arguments, 3);
  if (why) return text_fill(arena, _("Your latest answers were not saved. {why}\n"), arguments, 3);
  const char *saved = text_fill(arena, _("Your case is saved in {case}\n"), arguments, 3);
  if (!casefile_last_request(wizard->casefile, wizard->domain, &request)) return saved;
  return arena_printf(arena, "%s%s", saved, words_fill(arena, _("The last change request is {file}\n"), "file", request.file));
}
