#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/casefile.h"

static enum tri tri_of(const char *answer) {
  if (!answer || strcmp(answer, "unknown") == 0) return TRI_UNKNOWN;
  return strcmp(answer, "yes") == 0 ? TRI_YES : TRI_NO;
}

static enum profile profile_of(const struct casefile *casefile, const char *domain) {
  enum tri sends = tri_of(casefile_answer(casefile, domain, "sends")), receives = tri_of(casefile_answer(casefile, domain, "receives"));
  if (sends == TRI_UNKNOWN || receives == TRI_UNKNOWN) return PROFILE_INFERRED;
  if (sends == TRI_YES) return receives == TRI_YES ? PROFILE_MAIL : PROFILE_SEND_ONLY;
  return receives == TRI_YES ? PROFILE_RECEIVE_ONLY : PROFILE_PARKED;
}

/* Words of a list as it was typed: parted by spaces, commas or lines. */
static size_t split(struct arena *arena, const char *text, const char ***out) {
  size_t count = 0;
  *out = NULL;
  while (text && *text) {
    size_t length = strcspn(text, " ,;\n\t");
    if (length) {
      *out = arena_grow(arena, *out, count, sizeof(const char *));
      (*out)[count++] = arena_strndup(arena, text, length);
    }
    text += length;
    text += strspn(text, " ,;\n\t");
  }
  return count;
}

static void add_addresses(struct arena *arena, const char *typed, const struct ip **out, size_t *count) {
  const char **words;
  size_t words_count = split(arena, typed, &words);
  struct ip *list = ARENA_ARRAY(arena, struct ip, *count + words_count + 1);
  if (*count) memcpy(list, *out, *count * sizeof *list);
  for (size_t i = 0; i < words_count; i++)
    if (ip_parse(words[i], &list[*count])) ++*count;
  *out = list;
}

static void add_services(struct arena *arena, const struct casefile *casefile, const char *domain, struct inquiry *inquiry) {
  const json_t *all = json_object_get(casefile_root(casefile), "services");
  struct inquiry_service *list = ARENA_ARRAY(arena, struct inquiry_service, json_array_size(all) + 1);
  for (size_t i = 0; i < json_array_size(all); i++) {
    const json_t *one = json_array_get(all, i);
    const char *sends_as = json_text(one, "domain", domain);
    if (!name_is_under(sends_as, domain)) continue;
    struct inquiry_service *service = &list[inquiry->service_count++];
    *service = (struct inquiry_service){ .id = arena_strdup(arena, json_text(one, "id", "")), .name = arena_strdup(arena, json_text(one, "name", "")), .domain = arena_strdup(arena, sends_as),
                                         .sends = true, .signs = tri_of(json_text(one, "signs", NULL)), .tls12 = tri_of(json_text(one, "tls12", NULL)),
                                         .filters = strcmp(json_text(one, "kind", ""), "filtering") == 0 };
    service->footers = service->filters && tri_of(casefile_answer(casefile, domain, "footers")) == TRI_YES;
    service->selector_count = split(arena, json_text(one, "selectors", ""), (const char ***)(void *)&service->selectors);
    add_addresses(arena, json_text(one, "addresses", ""), &inquiry->sending, &inquiry->sending_count);
  }
  inquiry->services = list;
}

struct inquiry casefile_inquiry(struct arena *arena, const struct casefile *casefile, const char *domain) {
  struct inquiry inquiry = { .domain = arena_strdup(arena, domain), .topics = TOPICS_ALL, .profile = profile_of(casefile, domain) };
  inquiry.selector_count = split(arena, casefile_answer(casefile, domain, "selectors"), (const char ***)(void *)&inquiry.selectors);
  add_addresses(arena, casefile_answer(casefile, domain, "sending"), &inquiry.sending, &inquiry.sending_count);
  inquiry.digital_service_count = split(arena, casefile_answer(casefile, domain, "digital-services"), (const char ***)(void *)&inquiry.digital_services);
  inquiry.old_domain_count = split(arena, casefile_answer(casefile, domain, "old-domains"), (const char ***)(void *)&inquiry.old_domains);
  const char *replacement = casefile_answer(casefile, domain, "replacement");
  inquiry.replacement = replacement ? arena_strdup(arena, replacement) : NULL;
  inquiry.old_domain_forwards = tri_of(casefile_answer(casefile, domain, "forwards")) == TRI_YES;
  inquiry.require_tls_govuk = tri_of(casefile_answer(casefile, "", "require-tls"));
  inquiry.opportunistic_tls = tri_of(casefile_answer(casefile, "", "opportunistic"));
  inquiry.inbound_tls_required = tri_of(casefile_answer(casefile, "", "inbound-tls"));
  inquiry.inbound_dmarc = tri_of(casefile_answer(casefile, "", "inbound-dmarc"));
  inquiry.inbound_spf = tri_of(casefile_answer(casefile, "", "inbound-spf"));
  inquiry.services_complete = tri_of(casefile_answer(casefile, "", "services-complete")) == TRI_YES;
  add_services(arena, casefile, domain, &inquiry);
  return inquiry;
}
