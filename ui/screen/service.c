/* One service: confirmed, corrected or added. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/inventory.h"
#include "ui/names.h"
#include "ui/wizard.h"

/* What the page is about: "have:INDEX", "found:NAME", "new". */
static bool is_known(struct wizard *wizard, size_t *out_index) {
  const char *argument = wizard_argument(wizard);
  bool have = strncmp(argument, "have:", 5) == 0;
  *out_index = have ? strtoul(argument + 5, NULL, 10) : SIZE_MAX;
  return have;
}

static struct casefile_service service_here(struct wizard *wizard, struct arena *arena) {
  size_t index;
  const char *argument = wizard_argument(wizard);
  struct casefile_service none = { .id = "", .name = "", .kind = "", .domain = wizard->domain, .addresses = "", .selectors = "", .spf = "", .contact = "", .changes = "", .seen = "" };
  if (is_known(wizard, &index)) return casefile_service_at(wizard->casefile, index);
  if (strncmp(argument, "found:", 6) != 0) return none;
  struct inquiry inquiry = casefile_inquiry(arena, wizard->casefile, wizard->domain);
  inquiry.facts = wizard_facts(wizard);
  struct inventory *inventory = inventory_make(arena, live_store(wizard), wizard->casefile, &inquiry);
  for (size_t i = 0; i < inventory->count; i++)
    if (inventory->entries[i].state == INVENTORY_FOUND && strcmp(inventory->entries[i].service.name, argument + 6) == 0) return inventory->entries[i].service;
  return none;
}

static void put_known(struct wizard *wizard, struct page *page, const struct casefile_service *service) {
  const struct service_facts *facts = *service->id ? facts_service_find(wizard_facts(wizard), service->id) : NULL;
  if (!facts) return;
  const char *mark = fact_mark_words(facts->mark);
  page_blank(page);
  page_section(page, *mark ? arena_printf(page->arena, "%s (%s)", _("What is known of it"), mark) : _("What is known of it"));
  if (*facts->note) page_paragraph(page, text_safe_string(page->arena, facts->note));
  if (*facts->dkim_where) page_pair(page, _("DKIM is switched on at"), text_safe_string(page->arena, facts->dkim_where));
  if (*facts->footers) page_pair(page, _("Footers"), text_safe_string(page->arena, facts->footers));
  if (facts->spf_aligns == FACT_NO) page_paragraph(page, _("Its envelope sender is its own domain, so its term in your SPF does nothing for DMARC."));
}

static void put_questions(struct wizard *wizard, struct page *page, size_t index, const struct casefile_service *service) {
  page_blank(page);
  page_section(page, _("Questions about it"));
  for (size_t i = 0; i < guidance_service_question_count(); i++) {
    const struct guidance_service_question *question = guidance_service_question_at(i);
    const char *answer = json_text(json_array_get(json_object_get(casefile_root(wizard->casefile), "services"), index), question->key, NULL);
    if (question->free_text || !guidance_concerns(question, service)) continue;
    const char *shown = !answer ? _("Not answered") : strcmp(answer, "yes") == 0 ? _("Yes") : strcmp(answer, "no") == 0 ? _("No") : _("Not known");
    page_item(page, arena_printf(page->arena, "ask:%s", question->key), words_fill(page->arena, _(question->text), "service", service->name), shown, ROLE_TEXT);
  }
}

static void put_fields(struct wizard *wizard, struct page *page, const struct casefile_service *service) {
  form_field(wizard, page, "name", _("Name"), _("As your colleagues know it"), service->name);
  page_blank(page);
  page_paragraph(page, _("Kind"));
  if (*service->kind && !form_choice(wizard, "kind")) form_choose(wizard, "kind", service->kind);
  for (size_t i = 0; casefile_kind_at(i); i++) form_option(wizard, page, "kind", casefile_kind_at(i), casefile_kind_title(casefile_kind_at(i)), "");
  page_blank(page);
  form_field(wizard, page, "domain", _("Sends as"), _("The domain or subdomain in the From line"), *service->domain ? service->domain : wizard->domain);
  form_field(wizard, page, "addresses", _("IP addresses it sends from"), _("With spaces between. Leave it empty when you do not know them, or when the provider has many"), service->addresses);
  form_field(wizard, page, "spf", _("What it needs in SPF"), _("Such as include:spf.provider.example. Leave it empty when you do not know"), service->spf);
  form_field(wizard, page, "selectors", _("DKIM selectors"), _("The s= of its DKIM-Signature header"), service->selectors);
  form_field(wizard, page, "contact", _("Who runs it"), _("A person, a team or the provider: whom we write to"), service->contact);
  form_field(wizard, page, "changes", _("Who can change its settings"), "", service->changes);
}

static void build(struct wizard *wizard, struct page *page) {
  size_t index;
  bool known = is_known(wizard, &index), found = strncmp(wizard_argument(wizard), "found:", 6) == 0;
  struct casefile_service service = service_here(wizard, page->arena);
  form_summary(wizard, page);
  page_heading(page, found ? words_fill(page->arena, _("Is {name} a service of yours?"), "name", service.name) : known ? text_safe_string(page->arena, service.name) : _("Add a service"));
  if (*service.seen) page_paragraph(page, words_fill(page->arena, _("Seen in {where}."), "where", service.seen));
  page_blank(page);
  put_fields(wizard, page, &service);
  page_blank(page);
  page_button(page, "save", found ? _("It is ours: save") : _("Save"));
  if (found || (known && service.state == CASEFILE_CONFIRMED)) page_button(page, "not-ours", _("It is not ours"));
  put_known(wizard, page, &service);
  if (known && service.state == CASEFILE_CONFIRMED) put_questions(wizard, page, index, &service);
  page_can(page, ACTION_MESSAGE);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_HELP);
}

/* ---- saving ---- */

static bool check_addresses(struct wizard *wizard, struct arena *arena) {
  const char **words;
  size_t count = names_words(arena, form_text(wizard, "addresses"), &words);
  for (size_t i = 0; i < count; i++) {
    struct ip ip;
    const char *slash = strchr(words[i], '/');
    if (ip_parse_n(words[i], slash ? (size_t)(slash - words[i]) : strlen(words[i]), &ip)) continue;
    form_error(wizard, "addresses", _("\"%s\" must be an IP address, such as 192.0.2.1"), text_safe_string(arena, words[i]));
    return false;
  }
  return true;
}

static bool read_form(struct wizard *wizard, struct arena *arena, struct casefile_service *service) {
  struct fault fault = { "" };
  form_clear_errors(wizard);
  const char *domain = name_from_user(arena, form_text(wizard, "domain"), &fault), *kind = form_choice(wizard, "kind");
  if (!*form_text(wizard, "name")) form_error(wizard, "name", "%s", _("Enter a name for the service"));
  if (!kind) form_error(wizard, "kind", "%s", _("Select what kind of service it is"));
  if (!domain) form_error(wizard, "domain", "%s", fault.text);
  check_addresses(wizard, arena);
  if (form_error_count(wizard)) return false;
  service->name = arena_strdup(arena, form_text(wizard, "name"));
  service->kind = arena_strdup(arena, kind);
  service->domain = domain;
  service->addresses = arena_strdup(arena, form_text(wizard, "addresses"));
  service->spf = arena_strdup(arena, form_text(wizard, "spf"));
  service->selectors = arena_strdup(arena, form_text(wizard, "selectors"));
  service->contact = arena_strdup(arena, form_text(wizard, "contact"));
  service->changes = arena_strdup(arena, form_text(wizard, "changes"));
  if (strcmp(kind, "filtering") == 0) service->filters = TRI_YES;
  return true;
}

static void put_away(struct wizard *wizard, struct casefile_service *service, const char *said) {
  struct fault fault = { "" };
  size_t index;
  is_known(wizard, &index);
  bool saved = casefile_put_service(wizard->casefile, index, service, &fault);
  live_forget_plan(wizard);
  if (saved) form_forget(wizard), wizard_back(wizard);
  wizard_say(wizard, "%s", saved ? said : fault.text);
}

static void save(struct wizard *wizard, bool ours) {
  struct arena *arena = arena_new();
  struct casefile_service service = service_here(wizard, arena);
  service.state = ours ? CASEFILE_CONFIRMED : CASEFILE_NOT_OURS;
  if (!ours) put_away(wizard, &service, _("Saved: not yours. u takes that back."));
  else if (read_form(wizard, arena, &service)) put_away(wizard, &service, _("Saved"));
  arena_free(&arena);
}

static void ask(struct wizard *wizard, const char *key, size_t index) {
  char argument[256];
  snprintf(argument, sizeof argument, "%s %zu", key, index);
  wizard_go(wizard, SCREEN_ANSWER, argument);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  size_t index;
  is_known(wizard, &index);
  if (action == ACTION_MESSAGE) {
    struct arena *arena = arena_new();
    wizard_go(wizard, SCREEN_LETTER, arena_printf(arena, "provider %s", service_here(wizard, arena).name));
    arena_free(&arena);
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "save") == 0) save(wizard, true);
  else if (strcmp(focus, "not-ours") == 0) save(wizard, false);
  else if (strncmp(focus, "ask:", 4) == 0) ask(wizard, focus + 4, index);
  else return false;
  return true;
}

const struct screen screen_service = { .name = "service", .help = "services", .build = build, .act = act };
