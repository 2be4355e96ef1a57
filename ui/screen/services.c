/* The services that send or receive for the domains: those confirmed, and those that DNS suggests. */
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/inventory.h"
#include "ui/wizard.h"

static struct inventory *inventory_here(struct wizard *wizard, struct arena *arena) {
  struct inquiry inquiry = casefile_inquiry(arena, wizard->casefile, wizard->domain);
  inquiry.facts = wizard_facts(wizard);
  return inventory_make(arena, live_store(wizard), wizard->casefile, &inquiry);
}

static const char *kind_words(struct arena *arena, const struct inventory_entry *entry) {
  const char *kind = casefile_kind_title(entry->service.kind);
  if (entry->state == INVENTORY_NOT_OURS) return _("Not ours");
  if (entry->state != INVENTORY_FOUND) return kind;
  return *entry->service.kind ? words_fill(arena, _("{kind}, found"), "kind", kind) : _("Found");
}

static const char *signs_words(const struct casefile_service *service) { return service->signs == TRI_YES ? _("Yes") : service->signs == TRI_NO ? _("No") : _("Not known"); }

static void put_entry(struct page *page, const struct table *table, const struct inventory_entry *entry) {
  const struct casefile_service *one = &entry->service;
  bool found = entry->state == INVENTORY_FOUND;
  const char *id = found ? arena_printf(page->arena, "found:%s", one->name) : arena_printf(page->arena, "have:%zu", entry->index);
  struct block *row = page_row(page, table, id);
  row->number = ++page->numbered;
  row->explain = found ? words_fill(page->arena, _("Seen in {where}. Enter confirms or corrects it; Space says that it is yours; - that it is not."), "where", entry->seen)
                       : *entry->seen ? words_fill(page->arena, _("Seen in {where}. Enter changes it."), "where", entry->seen) : _("Not seen in DNS. Enter changes it.");
  page_cell(row, 0, text_safe_string(page->arena, one->name), ROLE_TEXT);
  page_cell(row, 1, kind_words(page->arena, entry), found ? ROLE_NOTE : ROLE_TEXT);
  page_cell(row, 2, text_safe_string(page->arena, *one->addresses ? one->addresses : *one->spf ? one->spf : entry->seen), ROLE_TEXT);
  page_cell(row, 3, signs_words(one), one->signs == TRI_NO ? ROLE_WARN : ROLE_TEXT);
}

static void build(struct wizard *wizard, struct page *page) {
  struct inventory *inventory = inventory_here(wizard, page->arena);
  const char *complete = casefile_answer(wizard->casefile, "", "services-complete");
  page_heading(page, words_fill(page->arena, _("Which services send or receive email as {domain}?"), "domain", wizard->domain));
  page_paragraph(page, !live_store(wizard) ? _("Check the domain (r), and what is seen in its MX, SPF and DKIM records is suggested here.")
                       : inventory->found  ? _("We looked at your MX, SPF and DKIM records and suggest the ones marked found. They count only when you confirm them.")
                                           : _("Everything that is seen in your MX, SPF and DKIM records is on the list."));
  page_blank(page);
  const struct column columns[] = { { .title = _("Service"), .whole = true }, { .title = _("Kind"), .whole = true }, { .title = _("Sends from"), .drop = 1 }, { .title = _("Signs"), .whole = true } };
  const struct table *table = inventory->count ? page_table(page, columns, MEM_COUNT(columns)) : NULL;
  for (size_t i = 0; i < inventory->count; i++) put_entry(page, table, &inventory->entries[i]);
  if (inventory->count) page_blank(page);
  page_item(page, "add", _("Add a service that DNS cannot show"), "", ROLE_LINK);
  page_blank(page);
  page_paragraph(page, _("Have you listed them all? Think of newsletters, HR, finance, booking systems, scanners and scripts."));
  if (complete && !form_choice(wizard, "complete")) form_choose(wizard, "complete", complete);
  form_option(wizard, page, "complete", "yes", _("Yes, all of them"), inventory->found ? _("Those marked found are still to be confirmed") : "");
  form_option(wizard, page, "complete", "no", _("No, I will come back"), "");
  page_button(page, "continue", _("Continue"));
  page_can(page, ACTION_ADD);
  page_can(page, ACTION_SELECT);
  page_can(page, ACTION_REMOVE);
  page_can(page, ACTION_MESSAGE);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_HELP);
}

static void put_pair(struct page *page, const char *label, const char *value) {
  if (*value) page_pair(page, label, text_safe_string(page->arena, value));
}

/* All that is known of one service, seen or told. */
static void beside(struct wizard *wizard, const char *id, struct page *page) {
  bool found = text_starts(id, "found:"), have = text_starts(id, "have:");
  const struct inventory *inventory = found || have ? inventory_here(wizard, page->arena) : NULL;
  const struct inventory_entry *entry = NULL;
  for (size_t i = 0; inventory && i < inventory->count && !entry; i++) {
    const struct inventory_entry *one = &inventory->entries[i];
    if (found ? one->state == INVENTORY_FOUND && strcmp(one->service.name, id + 6) == 0 : one->state != INVENTORY_FOUND && one->index == strtoul(id + 5, NULL, 10)) entry = one;
  }
  if (!entry) return;
  const struct casefile_service *service = &entry->service;
  page_heading(page, text_safe_string(page->arena, service->name));
  page_paragraph(page, kind_words(page->arena, entry));
  page_blank(page);
  put_pair(page, _("Sends as"), service->domain);
  put_pair(page, _("Addresses"), service->addresses);
  put_pair(page, "SPF", service->spf);
  put_pair(page, _("DKIM selectors"), service->selectors);
  page_pair(page, _("Signs"), signs_words(service));
  put_pair(page, _("Who runs it"), service->contact);
  put_pair(page, _("Who can change it"), service->changes);
  put_pair(page, _("Seen in"), entry->seen);
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  struct fault fault = { "" };
  if (strcmp(id, "complete") != 0) return false;
  bool saved = casefile_set_answer(wizard->casefile, "", "services-complete", text, &fault);
  wizard_say_saved(wizard, saved, &fault);
  return saved;
}

/* The focus goes on to the next proposal, so that a list is worked through with one key and no other row is hit by it. */
static void focus_after(struct wizard *wizard, const struct inventory *inventory, size_t index) {
  for (size_t n = 1; n < inventory->count; n++) {
    const struct inventory_entry *entry = &inventory->entries[(index + n) % inventory->count];
    if (entry->state != INVENTORY_FOUND) continue;
    wizard_focus(wizard, "found:", entry->service.name);
    return;
  }
  wizard_focus(wizard, "", "complete=yes");
}

/* Takes a proposal as it is, as ours or not. */
static void decide(struct wizard *wizard, const char *name, enum casefile_service_state state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct inventory *inventory = inventory_here(wizard, arena);
  for (size_t i = 0; i < inventory->count; i++) {
    const struct inventory_entry *entry = &inventory->entries[i];
    if (entry->state != INVENTORY_FOUND || strcmp(entry->service.name, name) != 0) continue;
    struct casefile_service service = entry->service;
    service.state = state;
    bool saved = casefile_put_service(wizard->casefile, SIZE_MAX, &service, &fault);
    live_forget_plan(wizard);
    if (saved) focus_after(wizard, inventory, i);
    const char *said = words_fill(arena, state == CASEFILE_CONFIRMED ? _("Saved: {name} is yours. u takes that back.") : _("Saved: {name} is not yours. u takes that back."), "name", entry->service.name);
    wizard_say(wizard, "%s", saved ? said : fault.text);
    break;
  }
  arena_free(&arena);
}

/* One that is ours becomes not ours; one that is not is taken off the list, and will be suggested again if it is seen. */
static void remove_one(struct wizard *wizard, size_t index) {
  struct fault fault = { "" };
  struct casefile_service service = casefile_service_at(wizard->casefile, index);
  bool ours = service.state == CASEFILE_CONFIRMED;
  service.state = CASEFILE_NOT_OURS;
  bool saved = ours && *service.seen ? casefile_put_service(wizard->casefile, index, &service, &fault) : casefile_remove_service(wizard->casefile, index, &fault);
  live_forget_plan(wizard);
  wizard_say(wizard, "%s", !saved ? fault.text : ours && *service.seen ? _("Marked as not ours, so that it is not suggested again. u takes that back.") : _("Taken off the list. u takes that back."));
}

/* One that was put aside as not ours is ours after all. */
static void confirm(struct wizard *wizard, size_t index) {
  struct fault fault = { "" };
  struct casefile_service service = casefile_service_at(wizard->casefile, index);
  if (service.state == CASEFILE_CONFIRMED) {
    wizard_say(wizard, "%s", _("It is on your list already. Enter changes it, - takes it off."));
    return;
  }
  service.state = CASEFILE_CONFIRMED;
  bool saved = casefile_put_service(wizard->casefile, index, &service, &fault);
  live_forget_plan(wizard);
  wizard_say(wizard, "%s", saved ? _("Saved: it is yours after all. u takes that back.") : fault.text);
}

static void message(struct wizard *wizard, const char *focus) {
  struct arena *arena = arena_new_sized(1024);
  const char *name = strncmp(focus, "have:", 5) == 0 ? casefile_service_at(wizard->casefile, strtoul(focus + 5, NULL, 10)).name : strncmp(focus, "found:", 6) == 0 ? focus + 6 : "";
  wizard_go(wizard, SCREEN_LETTER, arena_printf(arena, "provider %s", name));
  arena_free(&arena);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  bool found = strncmp(focus, "found:", 6) == 0, have = strncmp(focus, "have:", 5) == 0;
  if (action == ACTION_ADD || (action == ACTION_OPEN && strcmp(focus, "add") == 0)) wizard_go(wizard, SCREEN_SERVICE, "new");
  else if (action == ACTION_MESSAGE) message(wizard, focus);
  else if (action == ACTION_SELECT && found) decide(wizard, focus + 6, CASEFILE_CONFIRMED);
  else if (action == ACTION_SELECT && have) confirm(wizard, strtoul(focus + 5, NULL, 10));
  else if (action == ACTION_REMOVE && found) decide(wizard, focus + 6, CASEFILE_NOT_OURS);
  else if (action == ACTION_REMOVE && have) remove_one(wizard, strtoul(focus + 5, NULL, 10));
  else if (action == ACTION_OPEN && (found || have)) wizard_go(wizard, SCREEN_SERVICE, focus);
  else if (action == ACTION_OPEN && strcmp(focus, "continue") == 0) wizard_back(wizard);
  else return false;
  return true;
}

const struct screen screen_services = { .name = "services", .help = "services", .build = build, .act = act, .keep = keep, .beside = beside };
