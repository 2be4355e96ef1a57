#include <string.h>

#include "src/guidance/dmarc_route.h"
#include "src/letters/private.h"

static const struct { const char *id, *title, *subject; } kinds[LETTER_COUNT] = {
  [LETTER_FILTERING] = { "filtering", N_("Message to those who run filtering services"), N_("Email security for {domain}: what changes for our filtering services") },
  [LETTER_OWN] = { "own", N_("Message to those who run our own applications and scripts"), N_("Email security for {domain}: what changes for applications and scripts that send email") },
  [LETTER_CLOUD] = { "cloud", N_("Message to those who run cloud applications"), N_("Email security for {domain}: what changes for cloud applications that send email") },
  [LETTER_BUSINESS] = { "business", N_("Message to those who run line-of-business applications"), N_("Email security for {domain}: what changes for business applications that send email") },
  [LETTER_EVERYONE] = { "everyone", N_("Notice to the whole organisation"), N_("Our email becomes harder to forge") },
  [LETTER_PROVIDER] = { "provider", N_("Question to a provider about DKIM and SPF"), N_("DKIM and SPF for email that you send as {domain}") },
  [LETTER_PARTNER] = { "partner", N_("Message to a partner about TLS"), N_("Encrypting email between us") },
  [LETTER_DNS_PROVIDER] = { "dns-provider", N_("Message to the DNS provider about a request"), N_("DNS change request for {domain}: not complete yet") },
  [LETTER_ADDRESSES] = { "addresses", N_("Message to those who write to the old addresses"), N_("Our email addresses change: {domain} in place of {old}") },
  [LETTER_COLLEAGUES] = { "colleagues", N_("Message to colleagues about the new addresses"), N_("Your email address changes: {domain} in place of {old}") },
  [LETTER_PROCUREMENT] = { "procurement", N_("Wording for a purchase"), N_("Requirements for any service that sends or receives email for us") },
};

const char *letter_id(enum letter_kind kind) { return kinds[kind].id; }
const char *letter_title(enum letter_kind kind) { return _(kinds[kind].title); }

bool letter_from_id(const char *id, enum letter_kind *out) {
  for (unsigned i = 0; i < LETTER_COUNT; i++)
    if (strcmp(kinds[i].id, id) == 0) {
      *out = (enum letter_kind)i;
      return true;
    }
  return false;
}

bool letter_is_of_old_name(enum letter_kind kind) { return kind == LETTER_ADDRESSES || kind == LETTER_COLLEAGUES; }

bool letter_has_date(enum letter_kind kind) { return kind <= LETTER_EVERYONE || letter_is_of_old_name(kind); }

/* ---- paragraphs ---- */

void put_wrapped(struct buf *out, const char *first, const char *rest, const char *text) {
  enum { COLUMNS = 72 };
  for (const char *indent = first; *text; indent = rest) {
    size_t length = text_fit(text, COLUMNS - text_width(indent), NULL), back = length;
    if (text[length]) {
      while (back > 0 && text[back] != ' ') back--;
      length = back ? back : strcspn(text, " ");
    }
    buf_printf(out, "%s%.*s\n", indent, (int)length, text);
    text += length;
    while (*text == ' ') text++;
  }
}

static const char *filled(struct writing *w, const char *text, const char *name, const char *value) {
  const struct letter_input *input = w->input;
  struct text_argument arguments[] = { { "domain", input->domain }, { "when", *input->when ? text_safe_string(w->arena, input->when) : _("a date that we will tell you") },
                                       { "old", input->old_name ? text_safe_string(w->arena, input->old_name) : "" },
                                       { "until", input->until && *input->until ? text_safe_string(w->arena, input->until) : _("a date that we will tell you") }, { name ? name : "-", value ? value : "" } };
  return text_fill(w->arena, text, arguments, MEM_COUNT(arguments));
}

void put_gap(struct writing *w) { buf_char(&w->out, '\n'); }

void put_paragraph(struct writing *w, const char *text, const char *name, const char *value) {
  put_wrapped(&w->out, "", "", filled(w, text, name, value));
  put_gap(w);
}

void put_lead(struct writing *w, const char *text) { put_wrapped(&w->out, "", "", filled(w, text, NULL, NULL)); }

void put_point(struct writing *w, const char *text, const char *name, const char *value) { put_wrapped(&w->out, "- ", "  ", filled(w, text, name, value)); }

/* ---- the letter ---- */

struct letter letter_write(struct arena *arena, enum letter_kind kind, const struct letter_input *input) {
  struct writing w = { .arena = arena, .out = BUF_INIT(1 << 18), .input = input };
  const char *subject = filled(&w, _(kinds[kind].subject), NULL, NULL);
  buf_printf(&w.out, _("Subject: %s\n\n"), subject);
  switch (kind) {
  case LETTER_FILTERING:
  case LETTER_OWN:
  case LETTER_CLOUD:
  case LETTER_BUSINESS: write_operators(&w, kind); break;
  case LETTER_EVERYONE: write_everyone(&w); break;
  case LETTER_PROVIDER: write_provider(&w); break;
  case LETTER_PARTNER: write_partner(&w); break;
  case LETTER_DNS_PROVIDER: write_dns_provider(&w); break;
  case LETTER_PROCUREMENT: write_procurement(&w); break;
  case LETTER_ADDRESSES: write_addresses(&w); break;
  case LETTER_COLLEAGUES: write_colleagues(&w); break;
  case LETTER_COUNT: break;
  }
  if (kind != LETTER_PROCUREMENT) buf_printf(&w.out, "%s\n", *input->from ? text_safe_string(arena, input->from) : _("[your name and team]"));
  struct letter letter = { .subject = subject, .text = arena_strndup(arena, buf_string(&w.out), w.out.length), .services = w.services };
  buf_release(&w.out);
  return letter;
}
