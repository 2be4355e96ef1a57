/* On the practice estate: play the DNS provider, who carries the last request out, rightly or with a mistake that DNS desks make. */
#include <string.h>

#include "src/base/lib.h"
#include "src/request/slips.h"
#include "ui/verifies.h"
#include "ui/wizard.h"

static const char left_out[] = "left-out";

static const char *mistake_words(const char *slip) {
  enum slip found;
  return slip_from_name(slip, &found) ? slip_sentence(found) : strcmp(slip, left_out) == 0 ? _("the last record was forgotten") : "";
}

static const char *state_words(struct page *page, const struct casefile_practice *made) {
  if (!made) return _("Not carried out yet");
  return *made->slip ? words_fill(page->arena, _("Carried out with a mistake: {what}"), "what", mistake_words(made->slip)) : _("Carried out as asked");
}

static void put_mistakes(struct page *page) {
  page_blank(page);
  page_section(page, _("Or make a mistake in every record where it can be made"));
  for (enum slip slip = SLIP_NONE + 1; slip < SLIP_COUNT; slip++) page_item(page, arena_printf(page->arena, "slip:%s", slip_name(slip)), words_sentence(page->arena, slip_sentence(slip)), "", ROLE_TEXT);
  page_item(page, arena_printf(page->arena, "slip:%s", left_out), words_sentence(page->arena, mistake_words(left_out)), "", ROLE_TEXT);
}

static void build(struct wizard *wizard, struct page *page) {
  struct casefile_request request;
  struct casefile_practice made;
  page_heading(page, _("Play the DNS provider"));
  if (!wizard->options.provider || !casefile_last_request(wizard->casefile, wizard->domain, &request)) {
    page_paragraph(page, wizard->options.provider ? _("Nothing has been asked for yet. Save a change request first.") : _("Only on the practice estate can you play the provider: real DNS is changed by those who run it."));
    page_link(page, "request", _("The change request"));
    return;
  }
  bool any = casefile_last_practice(wizard->casefile, wizard->domain, request.reference, &made);
  page_paragraph(page, _("In practice you are also the one who gets the request. What you publish here stays on the practice estate, and is there again when you open this case another day."));
  page_blank(page);
  page_pair(page, _("Reference"), text_safe_string(page->arena, request.reference));
  page_pair(page, _("State"), state_words(page, any ? &made : NULL));
  page_blank(page);
  page_item(page, "right", any && *made.slip ? _("Correct it: publish every record as asked") : _("Publish every record as asked"), "", ROLE_TEXT);
  put_mistakes(page);
  page_can(page, ACTION_TASKS);
  page_can(page, ACTION_HELP);
}

static void show_outside(struct wizard *wizard) {
  wizard_back(wizard);
  if (ui_screen(wizard_place(wizard)->screen) != &screen_verify) wizard_go(wizard, SCREEN_VERIFY, "");
  wizard_focus(wizard, "", ""); /* from its top: what to do next stands there */
  wizard_place(wizard)->scroll = 0;
  verifies_start(wizard);
}

/* What was made before of the same request is taken back first, so that a correction leaves nothing of the mistake. */
static void carry_out(struct wizard *wizard, const char *slip) {
  struct fault fault = { "" };
  struct casefile_request request;
  struct casefile_practice before;
  const struct ui_provider *provider = wizard->options.provider;
  if (!provider || !casefile_last_request(wizard->casefile, wizard->domain, &request)) return;
  bool any = casefile_last_practice(wizard->casefile, wizard->domain, request.reference, &before);
  json_t *order = provider->carry_out(provider->context, casefile_last_changes(wizard->casefile, wizard->domain), slip, any ? before.order : NULL, &fault);
  bool kept = order && casefile_add_practice(wizard->casefile, wizard->domain, &(struct casefile_practice){ request.reference, slip ? slip : "", order }, &fault);
  if (order) show_outside(wizard);
  wizard_say(wizard, "%s", !order || !kept ? fault.text : slip ? _("Published, with the mistake. Now it is looked at from outside.") : _("Published as asked. Now it is looked at from outside."));
  json_decref(order);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "right") == 0) carry_out(wizard, NULL);
  else if (text_starts(focus, "slip:")) carry_out(wizard, focus + strlen("slip:"));
  else if (strcmp(focus, "request") == 0) wizard_go(wizard, SCREEN_REQUEST, "");
  else return false;
  return true;
}

const struct screen screen_provider = { .name = "provider", .help = "practice", .build = build, .act = act };
