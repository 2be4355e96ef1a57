/* Settings: changes apply at once and are saved. */
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/settings.h"
#include "ui/wizard.h"

static void put_setting(struct wizard *wizard, struct page *page, const struct setting *setting) {
  if (!setting->choices[0].value) return;
  struct block *row = page_summary(page, setting->key, _(setting->title), setting_words(wizard->settings, setting));
  row->explain = _(setting->explain);
}

static void put_texts(struct wizard *wizard, struct page *page) {
  for (size_t i = 0; i < setting_count(); i++) {
    const struct setting *setting = setting_at(i);
    if (!setting->choices[0].value) form_field(wizard, page, setting->key, _(setting->title), _(setting->explain), setting_value(wizard->settings, setting->key));
  }
}

/* What we believe of the terminal: what a report of a fault needs. */
static void put_terminal(struct wizard *wizard, struct page *page) {
  const char *term = getenv("TERM");
  struct fault ignored;
  page_pair(page, _("Work is saved in"), text_safe_string(page->arena, casefile_folder(page->arena, &ignored)));
  page_pair(page, _("Your terminal"), arena_printf(page->arena, "%s, %s", term && *term ? text_safe_string(page->arena, term) : _("unknown"), *wizard->terminal ? wizard->terminal : _("line by line")));
  if (getenv("TMUX")) page_paragraph(page, _("tmux passes copies on only if its set-clipboard option is \"on\"."));
}

static void build(struct wizard *wizard, struct page *page) {
  form_summary(wizard, page);
  page_heading(page, _("Settings"));
  if (intl_has("cy")) page_summary(page, "language", _("Language"), strcmp(intl_language(), "cy") == 0 ? "Cymraeg" : "English")->explain = _("L switches it on every screen");
  for (size_t i = 0; i < setting_count(); i++) put_setting(wizard, page, setting_at(i));
  page_summary(page, "values", _("Values to ask for"), wizard->guidance_2020 ? _("Those of the 2020 guidance") : _("Today's advice"))->explain = _("For this run. Where the two differ, each page says so.");
  put_texts(wizard, page);
  page_blank(page);
  put_terminal(wizard, page);
  page->message = _("Changes apply at once.");
  page_can(page, ACTION_DEFAULT);
  page_can(page, ACTION_HELP);
}

static void save(struct wizard *wizard, const struct setting *setting) {
  struct fault fault = { "" };
  bool saved = settings_put(wizard->settings, setting->key, &fault);
  wizard->wishes.terminal = true;
  if (setting->of_network) live_forget_observers(wizard);
  wizard_say(wizard, "%s", !saved ? fault.text : setting->of_network ? _("Saved. Used from the next check on.") : _("Saved"));
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  const struct setting *setting = setting_find(id);
  struct ip ip;
  if (!setting) return false;
  struct arena *arena = arena_new_sized(1024);
  form_clear_errors(wizard);
  for (const char *at = text; *(at += strspn(at, " ,"));) {
    size_t length = strcspn(at, " ,"), host = strcspn(at, " ,:");
    const char *word = arena_strndup(arena, at, length);
    if (!ip_parse(word, &ip) && !ip_parse(arena_strndup(arena, at, host), &ip)) form_error(wizard, id, _("\"%s\" must be an IP address, such as 192.0.2.53"), text_safe_string(arena, word));
    at += length;
  }
  bool good = !form_error_count(wizard);
  if (good) {
    json_object_set_new(wizard->settings, setting->key, json_string(text));
    save(wizard, setting);
  }
  arena_free(&arena);
  return good;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  const struct setting *setting = setting_find(focus);
  if (action != ACTION_OPEN && action != ACTION_SELECT && action != ACTION_DEFAULT) return false;
  if (action == ACTION_DEFAULT) {
    if (!setting) {
      wizard_say(wizard, "%s", _("This one has no default"));
      return true;
    }
    setting_reset(wizard->settings, setting);
    if (!setting->choices[0].value) form_set(wizard, setting->key, "");
    save(wizard, setting);
  } else if (strcmp(focus, "language") == 0) {
    wizard_act(wizard, ACTION_LANGUAGE);
  } else if (strcmp(focus, "values") == 0) {
    wizard->guidance_2020 = !wizard->guidance_2020;
    live_forget_plan(wizard);
  } else if (setting && setting->choices[0].value) {
    setting_next(wizard->settings, setting);
    save(wizard, setting);
  } else {
    return false;
  }
  return true;
}

const struct screen screen_settings = { .name = "settings", .help = "settings", .build = build, .act = act, .keep = keep };
