#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"
#include "checks/record/dkim_signature.h"

/* Where selectors come from: DNS cannot list them (check-rules 6.0). */

/* In order of likelihood for a public body in the United Kingdom. */
static const char *const well_known[] = {
  "selector1", "selector2", "google", "k1", "k2", "k3", "s1", "s2", "mte1", "mte2", "zendesk1", "zendesk2", "brevo1", "brevo2", "mail", "dkim", "default",
  "smtpapi", "zmail", "cm", "fd", "fs2", "hs1", "hs2", "pm", "eshot", "eshot2", "litesrv", "ml", "mandrill", "mimecast", "proofpoint", "fp01", "poppulo",
  "selector1-azurecomm-prod-net",
};

static struct dkim_selector *add(struct dkim_selector_list *list, const char *name) {
  for (size_t i = 0; i < list->count; i++)
    if (text_equal(list->all[i].name, name)) return &list->all[i];
  if (list->count == DKIM_SELECTORS_MOST || !*name) return NULL;
  list->all[list->count] = (struct dkim_selector){ .name = name };
  return &list->all[list->count++];
}

static void add_as(struct dkim_selector_list *list, const char *name, enum dkim_source source) {
  size_t before = list->count;
  struct dkim_selector *selector = add(list, name);
  if (selector && list->count > before) selector->source = source;
}

bool dkim_selector_is_fixed(const struct fact_dkim *row) { return !row->old && *row->selector && !strpbrk(row->selector, "<*"); }

static void add_fixed(struct dkim_selector_list *list, const struct service_facts *service, enum dkim_source source) {
  for (size_t i = 0; service && i < service->dkim_count; i++)
    if (dkim_selector_is_fixed(&service->dkim[i])) add_as(list, service->dkim[i].selector, source);
}

bool dkim_service_is_here(const struct inquiry *inquiry, const struct inquiry_service *service) {
  return !service->domain || !*service->domain || name_equal(service->domain, inquiry->domain);
}

const struct service_facts *dkim_service_facts(const struct inquiry *inquiry, const struct inquiry_service *service) {
  return inquiry->facts && service->id && *service->id ? facts_service_find(inquiry->facts, service->id) : NULL;
}

/* A signature on a message shows a selector that is in use. */
static void add_signed(struct dkim_selector_list *list, struct arena *arena, const struct inquiry *inquiry) {
  struct dkim_signature *signatures[DKIM_MOST_SIGNATURES];
  size_t count = inquiry->message ? dkim_signatures_find(arena, inquiry->message, signatures, DKIM_MOST_SIGNATURES) : 0;
  for (size_t i = 0; i < count; i++)
    if (name_equal(signatures[i]->domain, inquiry->domain)) add_as(list, signatures[i]->selector, DKIM_SOURCE_GIVEN);
}

static void add_told(struct dkim_selector_list *list, struct arena *arena, const struct inquiry *inquiry) {
  for (size_t i = 0; i < inquiry->selector_count; i++) add_as(list, inquiry->selectors[i], DKIM_SOURCE_GIVEN);
  add_signed(list, arena, inquiry);
  for (size_t i = 0; i < inquiry->service_count; i++) {
    const struct inquiry_service *service = &inquiry->services[i];
    if (!dkim_service_is_here(inquiry, service)) continue;
    for (size_t n = 0; n < service->selector_count; n++) add_as(list, service->selectors[n], DKIM_SOURCE_GIVEN);
  }
  for (size_t i = 0; i < inquiry->service_count; i++)
    if (inquiry->services[i].sends && dkim_service_is_here(inquiry, &inquiry->services[i]))
      add_fixed(list, dkim_service_facts(inquiry, &inquiry->services[i]), DKIM_SOURCE_SERVICE);
}

/* Services that show in MX and SPF. Both are asked for anyway, to know the domain's profile; what is not there yet is left out. */
static void add_recognised(struct dkim_selector_list *list, struct judgement *j) {
  const struct inquiry *inquiry = j->inquiry;
  if (!inquiry->facts) return;
  const struct dns_answer *mx = ask_dns(j, inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count; i++) add_fixed(list, facts_service_of_mx(inquiry->facts, mx->records[i].mx.host, inquiry->domain), DKIM_SOURCE_SEEN);
  const struct spf_record *record;
  if (!ask_spf(j, inquiry->domain, &record) || !record) return;
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    const char *text = term->qualifier_written ? term->text + 1 : term->text;
    add_fixed(list, facts_service_of_spf(inquiry->facts, text, inquiry->domain, NULL), DKIM_SOURCE_SEEN);
  }
}

static bool holds(const struct dkim_selector_list *list, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (text_equal(list->all[i].name, name)) return true;
  return false;
}

/* They differ from one another: only with what was there before are they compared. */
static void add_well_known(struct dkim_selector_list *list) {
  size_t before = list->count;
  for (size_t i = 0; i < MEM_COUNT(well_known) && list->count < DKIM_SELECTORS_MOST; i++)
    if (!holds(list, before, well_known[i]))
      list->all[list->count++] = (struct dkim_selector){ .name = well_known[i], .source = i < DKIM_LIKELIEST ? DKIM_SOURCE_LIKELIEST : DKIM_SOURCE_WELL_KNOWN };
}

void dkim_selectors_find(struct judgement *j, struct dkim_selector_list *out) {
  out->count = 0;
  add_told(out, j->arena, j->inquiry);
  add_recognised(out, j);
  add_well_known(out);
}

/* Nothing exists below a name that does not (RFC 8020): then only what is said or likely to be there is asked for, since some servers
 * answer so for names that are merely empty. */
void dkim_selectors_ask(struct judgement *j, struct dkim_selector_list *list, const struct dns_answer *apex) {
  const char *parent = ask_name(j, "_domainkey");
  for (size_t i = 0; i < list->count; i++) {
    bool now = list->all[i].source <= DKIM_SOURCE_SERVICE || (apex && (!answer_nothing_below(apex) || list->all[i].source <= DKIM_SOURCE_LIKELIEST));
    if (now) list->all[i].answer = ask_dns(j, name_join(j->arena, list->all[i].name, parent), DNS_TYPE_TXT);
  }
}

const struct dns_answer *dkim_ask_unused(struct judgement *j) {
  return ask_dns(j, ask_name(j, arena_printf(j->arena, "%s._domainkey", unused_label(j->arena, j->inquiry->domain))), DNS_TYPE_TXT);
}
