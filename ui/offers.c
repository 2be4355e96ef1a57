#include "ui/offers.h"

#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help.h"
#include "src/letters/lib.h"
#include "ui/partners.h"

static const struct { const char *word; enum screen_id screen; const char *argument, *title; } offers[] = {
  { "services", SCREEN_SERVICES, "", N_("The list of services") },
  { "dns-hosts", SCREEN_HOSTS, "", N_("Who hosts the DNS of each zone, and how its form takes records") },
  { "migration", SCREEN_MIGRATION, "", N_("The way off the old names") },
  { "mail-system", SCREEN_SYSTEM, "", N_("Settings to enter in your mail system") },
  { "policy-file", SCREEN_POLICY, "", N_("The policy file to host") },
  { "dmarc-route", SCREEN_ROUTE, "", N_("Your route from p=none to reject") },
  { "spf-tree", SCREEN_SPF, "", N_("Who may send, as a tree") },
  { "subdomains", SCREEN_BELOW, "subdomains", N_("Subdomains and their records") },
  { "digital-services", SCREEN_BELOW, "digital-services", N_("Digital services and their DMARC") },
  { "nonsending", SCREEN_SILENT, "", N_("Domains that send nothing") },
  { "request", SCREEN_REQUEST, "", N_("The change request") },
  { "verify", SCREEN_VERIFY, "", N_("Are my changes live?") },
  { "partners", SCREEN_PARTNERS, "", N_("Test partner domains, and the exceptions list") },
  { "changed", SCREEN_CHANGED, "", N_("What changed since last time") },
  { "verify-message", SCREEN_MESSAGE, "", N_("Verify the DKIM signatures of a message") },
  { "secondary", SCREEN_SECONDARY, "", N_("Check the other mail servers") },
};

static void put_offer(struct page *page, const char *word) {
  if (strncmp(word, "help:", 5) == 0) page_item(page, arena_printf(page->arena, "offer:%s", word), words_fill(page->arena, _("Read: {title}"), "title", help_title(page->arena, word + 5)), "", ROLE_LINK);
  for (size_t i = 0; i < MEM_COUNT(offers); i++)
    if (strcmp(offers[i].word, word) == 0) page_item(page, arena_printf(page->arena, "offer:%s", word), _(offers[i].title), "", ROLE_LINK);
}

/* One for each old name that the domain replaces. */
static void put_letters_of_old_names(struct wizard *wizard, struct page *page, enum letter_kind kind) {
  const char *const *olds;
  size_t count = casefile_old_domains(page->arena, wizard->casefile, wizard->domain, &olds);
  for (size_t i = 0; i < count; i++)
    page_item(page, arena_printf(page->arena, "letter:%s %s", letter_id(kind), olds[i]), count > 1 ? arena_printf(page->arena, "%s: %s", letter_title(kind), text_safe_string(page->arena, olds[i])) : letter_title(kind), "", ROLE_LINK);
}

/* Partners are told of servers without TLS only where the check saw one (guidance: cloud-tls-ask-partners). */
static void put_letter(struct wizard *wizard, struct page *page, const char *id) {
  enum letter_kind kind;
  bool known = letter_from_id(id, &kind);
  if (known && letter_is_of_old_name(kind)) put_letters_of_old_names(wizard, page, kind);
  else if (known && (kind != LETTER_PARTNER || partners_have_to_be_told(wizard))) page_item(page, arena_printf(page->arena, "letter:%s", id), letter_title(kind), "", ROLE_LINK);
}

/* The next of words parted by spaces; null past the last. `at` may be null: there are none. */
static const char *next_word(struct arena *arena, const char **at) {
  const char *word = *at ? *at + strspn(*at, " ") : "";
  size_t length = strcspn(word, " ");
  *at = word + length;
  return length ? arena_strndup(arena, word, length) : NULL;
}

void offers_put(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  const char *screens = step->screens, *letters = step->letters, *word;
  if (!screens && !letters) return;
  page_blank(page);
  page_section(page, _("What helps with it"));
  while ((word = next_word(page->arena, &screens))) put_offer(page, word);
  while ((word = next_word(page->arena, &letters))) put_letter(wizard, page, word);
}

bool offers_leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  bool letter = text_starts(id, "letter:"), help = text_starts(id, "offer:help:");
  if (letter || help) {
    *out_screen = letter ? SCREEN_LETTER : SCREEN_HELP;
    *out_argument = id + strlen(letter ? "letter:" : "offer:help:");
    return true;
  }
  for (size_t i = 0; text_starts(id, "offer:") && i < MEM_COUNT(offers); i++) {
    if (strcmp(offers[i].word, id + strlen("offer:")) != 0) continue;
    const struct guidance_step *step = offers[i].screen == SCREEN_SYSTEM ? guidance_step_find(wizard_argument(wizard)) : NULL;
    *out_screen = offers[i].screen;
    *out_argument = step && step->settings ? step->settings : offers[i].argument;
    return true;
  }
  return false;
}
