/* The services that send or receive for the domains. */
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/names.h"
#include "ui/wizard.h"

static void build(struct wizard *wizard, struct page *page) {
  size_t count = casefile_service_count(wizard->casefile);
  form_summary(wizard, page);
  page_heading(page, _("Which services send email as your domains?"));
  page_blank(page);
  const struct column columns[] = { { .title = _("Service") }, { .title = _("Kind"), .whole = true }, { .title = _("Sends from"), .drop = 1 } };
  const struct table *table = count ? page_table(page, columns, MEM_COUNT(columns)) : NULL;
  for (size_t i = 0; i < count; i++) {
    struct casefile_service one = casefile_service_at(wizard->casefile, i);
    struct block *row = page_row(page, table, arena_printf(page->arena, "service:%zu", i));
    row->number = ++page->numbered;
    row->explain = _("- takes it off the list");
    page_cell(row, 0, text_safe_string(page->arena, one.name), ROLE_TEXT);
    page_cell(row, 1, casefile_kind_title(one.kind), ROLE_TEXT);
    page_cell(row, 2, text_safe_string(page->arena, one.addresses), ROLE_TEXT);
  }
  page_blank(page);
  form_field(wizard, page, "add", _("Add a service"), _("Name, kind (mailboxes, relay, filtering, own, cloud, delivery, business) and IP addresses"), "");
  page_button(page, "save", _("Add"));
  page_can(page, ACTION_REMOVE);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_HELP);
}

/* Words that name a kind, addresses, and the name from all others. */
static bool read_service(struct wizard *wizard, struct arena *arena, struct casefile_service *out) {
  struct buf name = BUF_INIT(512), addresses = BUF_INIT(2048);
  const char *kind = "own", **words;
  size_t count = names_words(arena, form_text(wizard, "add"), &words);
  for (size_t i = 0; i < count; i++) {
    struct ip ip;
    bool is_kind = false;
    for (size_t k = 0; casefile_kind_at(k); k++)
      if (text_equal(words[i], casefile_kind_at(k))) kind = casefile_kind_at(k), is_kind = true;
    if (ip_parse(words[i], &ip)) buf_printf(&addresses, addresses.length ? " %s" : "%s", words[i]);
    else if (!is_kind) buf_printf(&name, name.length ? " %s" : "%s", words[i]);
  }
  *out = (struct casefile_service){ .name = arena_strdup(arena, buf_string(&name)), .kind = kind, .addresses = arena_strdup(arena, buf_string(&addresses)), .domain = wizard->domain };
  buf_release(&name);
  buf_release(&addresses);
  return *out->name;
}

static void add(struct wizard *wizard) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct casefile_service service;
  form_clear_errors(wizard);
  if (!read_service(wizard, arena, &service)) {
    form_error(wizard, "add", "%s", _("Type the name of the service first"));
  } else {
    bool saved = casefile_put_service(wizard->casefile, SIZE_MAX, &service, &fault);
    if (saved) form_forget(wizard);
    wizard_say_saved(wizard, saved, &fault);
  }
  arena_free(&arena);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  struct fault fault = { "" };
  if (action == ACTION_REMOVE && strncmp(focus, "service:", 8) == 0) {
    casefile_remove_service(wizard->casefile, strtoul(focus + 8, NULL, 10), &fault);
    wizard_say(wizard, "%s", *fault.text ? fault.text : _("Taken off the list. u takes that back."));
    return true;
  }
  if (action != ACTION_OPEN || (strcmp(focus, "save") != 0 && strcmp(focus, "add") != 0)) return false;
  add(wizard);
  return true;
}

const struct screen screen_services = { .name = "services", .help = "services", .build = build, .act = act };
