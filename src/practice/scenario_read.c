#include "src/practice/scenario.h"

#include <openssl/ssl.h>
#include <string.h>

#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/mem.h"
#include "src/base/name.h"
#include "src/practice/words.h"

enum { MOST_MS = 600000, MOST_PAGE = 1 << 20, TTL_USUAL = 300 };

struct reading {
  struct scenario *scenario;
  struct arena *arena;
  struct zone *zone;         /* the zone whose servers are being listed */
  struct https_host *https;  /* the host whose pages are being listed */
  struct page *page;         /* the page whose body is being given */
  struct fault *fault;       /* without the line's number */
};

/* Says what is wrong with the line; false, so that a reader can end with it. */
__attribute__((format(printf, 2, 3))) static bool wrong(struct reading *r, const char *format, ...) {
  struct buf text = BUF_INIT(sizeof r->fault->text);
  va_list arguments;
  va_start(arguments, format);
  buf_vprintf(&text, format, arguments);
  va_end(arguments);
  fault_set(r->fault, "%s", buf_string(&text));
  buf_release(&text);
  return false;
}

/* ---- words with a fixed set of values ---- */

static const char *const certificate_words[] = { "good", "expired", "not-yet", "self-signed", "wrong-name", "missing-intermediate", "rsa-1024", "private-ca", "expires-soon" };
static const char *const close_words[] = { "never", "connect", "ehlo", "starttls", "handshake" };
static const char *const starttls_words[] = { "yes", "no", "refused", "broken" };


static bool choose(const char *const *words, size_t count, const char *value, unsigned *out) {
  for (unsigned i = 0; i < count; i++)
    if (strcmp(words[i], value) == 0) {
      *out = i;
      return true;
    }
  return false;
}

static bool read_version(const char *value, int *out) {
  static const char *const versions[] = { "1.0", "1.1", "1.2", "1.3" };
  static const int numbers[] = { TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION };
  unsigned at;
  if (!choose(versions, MEM_COUNT(versions), value, &at)) return false;
  *out = numbers[at];
  return true;
}

static bool read_flag(const struct word *word, const char *name, bool *out) {
  if (strcmp(word->text, name) != 0) return false;
  *out = true;
  return true;
}

static bool read_ms(const struct word *word, const char *key, uint32_t *out) {
  const char *value = word_value(word, key);
  return value && word_number(value, MOST_MS, out);
}

static bool read_behaviour_word(const struct word *word, struct behaviour *b) {
  return read_ms(word, "delay", &b->delay_ms) || read_flag(word, "silent", &b->silent) || read_flag(word, "refused", &b->refused) ||
         read_flag(word, "servfail", &b->servfail) || read_flag(word, "formerr", &b->formerr) || read_flag(word, "truncate", &b->truncate) ||
         read_flag(word, "garbage", &b->garbage) || read_flag(word, "wrong-id", &b->wrong_id) || read_flag(word, "no-tcp", &b->no_tcp) ||
         read_flag(word, "no-edns", &b->no_edns) || read_flag(word, "lame", &b->lame) || read_flag(word, "no-aa", &b->no_aa);
}

static bool read_tls_word(const struct word *word, struct tls_manner *tls) {
  const char *value = word_value(word, "tls");
  unsigned kind;
  if (value) return read_version(value, &tls->only_version);
  if (!(value = word_value(word, "certificate")) || !choose(certificate_words, MEM_COUNT(certificate_words), value, &kind)) return false;
  tls->certificate = kind;
  return true;
}

static bool read_close_word(const struct word *word, enum close_at *out) {
  const char *value = word_value(word, "close");
  unsigned at;
  if (!value || !choose(close_words, MEM_COUNT(close_words), value, &at)) return false;
  *out = at;
  return true;
}

/* ---- lines ---- */

static const char *read_name(struct reading *r, const struct word *word) {
  const char *name = strcmp(word->text, ".") == 0 ? "" : name_lower(r->arena, word->text);
  if (*name && !name_is_valid(name)) {
    wrong(r, _("\"%s\" is not a name"), word->text);
    return NULL;
  }
  return name;
}

static bool read_address(struct reading *r, const struct word *word, struct ip *out) {
  if (ip_parse(word->text, out) && ip_is_loopback(out)) return true;
  return wrong(r, _("\"%s\" is not a loopback address (127.0.0.1 to 127.255.255.254)"), word->text);
}

static bool line_title(struct reading *r, const struct words *words) {
  r->scenario->title = words->all[1].text;
  return true;
}

static bool line_resolver(struct reading *r, const struct words *words) {
  for (size_t i = 1; i < words->count; i++)
    if (!read_behaviour_word(&words->all[i], &r->scenario->resolver)) return wrong(r, _("\"%s\" is not known here"), words->all[i].text);
  return true;
}

static bool line_zone(struct reading *r, const struct words *words) {
  struct scenario *s = r->scenario;
  struct zone zone = { .serial = 1, .ttl = TTL_USUAL, .negative_ttl = TTL_USUAL };
  if (!(zone.name = read_name(r, &words->all[1]))) return false;
  zone.contact = name_join(r->arena, "hostmaster", zone.name);
  for (size_t i = 2; i < words->count; i++) {
    const struct word *word = &words->all[i];
    const char *value;
    if ((value = word_value(word, "serial")) && word_number(value, UINT32_MAX, &zone.serial)) continue;
    if ((value = word_value(word, "ttl")) && word_number(value, INT32_MAX, &zone.ttl)) continue;
    if ((value = word_value(word, "negative-ttl")) && word_number(value, INT32_MAX, &zone.negative_ttl)) continue;
    if ((value = word_value(word, "contact"))) zone.contact = name_lower(r->arena, value);
    else if (!read_flag(word, "authenticated", &zone.authenticated)) return wrong(r, _("\"%s\" is not known here"), word->text);
  }
  for (size_t i = 0; i < s->zone_count; i++)
    if (strcmp(s->zones[i].name, zone.name) == 0) return wrong(r, _("the zone %s is there already"), zone.name);
  s->zones = arena_grow(r->arena, s->zones, s->zone_count, sizeof *s->zones);
  s->zones[s->zone_count] = zone;
  r->zone = &s->zones[s->zone_count++];
  return true;
}

static bool line_server(struct reading *r, const struct words *words) {
  struct zone_server server = { .serial = r->zone ? r->zone->serial : 0 };
  if (!r->zone) return wrong(r, _("\"%s\" must follow a zone"), "server");
  if (!(server.host = read_name(r, &words->all[1])) || !read_address(r, &words->all[2], &server.address)) return false;
  for (size_t i = 3; i < words->count; i++) {
    const char *value = word_value(&words->all[i], "serial");
    if (value && word_number(value, UINT32_MAX, &server.serial)) continue;
    if (read_flag(&words->all[i], "hidden", &server.hidden)) continue;
    if (!read_behaviour_word(&words->all[i], &server.behaviour)) return wrong(r, _("\"%s\" is not known here"), words->all[i].text);
  }
  r->zone->servers = arena_grow(r->arena, r->zone->servers, r->zone->server_count, sizeof server);
  r->zone->servers[r->zone->server_count++] = server;
  return true;
}

static bool read_record(struct reading *r, const struct words *words, const struct ip *only_at) {
  struct dns_rr rr = { .ttl = TTL_USUAL };
  const struct zone *zone;
  size_t at = 2;
  if (words->count < 4) return wrong(r, _("%s needs a name, a type and data"), "dns");
  if (!(rr.owner = read_name(r, &words->all[1]))) return false;
  if ((zone = scenario_zone_of(r->scenario, rr.owner))) rr.ttl = zone->ttl;
  if (strcmp(words->all[at].text, "ttl") == 0) {
    if (!word_number(words->all[at + 1].text, INT32_MAX, &rr.ttl)) return wrong(r, _("\"%s\" is not a TTL"), words->all[at + 1].text);
    at += 2;
  }
  if (at + 1 >= words->count || !(rr.type = dns_type_from_name(words->all[at].text))) return wrong(r, _("\"%s\" is not a record type"), words->all[at < words->count ? at : 1].text);
  bool absent = only_at && words->count == at + 2 && strcmp(words->all[at + 1].text, "absent") == 0;
  if (!absent && !words_rdata(r->arena, words, at + 1, &rr, r->fault)) return false;
  scenario_add(r->scenario, &rr, only_at, absent);
  return true;
}

static bool line_dns(struct reading *r, const struct words *words) { return read_record(r, words, NULL); }

/* at ADDRESS dns …: what one server has in place of the others' data. */
static bool line_at(struct reading *r, const struct words *words) {
  struct ip address;
  struct words rest = { words->all + 2, words->count - 2 };
  if (!read_address(r, &words->all[1], &address)) return false;
  if (strcmp(words->all[2].text, "dns") != 0) return wrong(r, _("\"%s\" is not known here"), words->all[2].text);
  return read_record(r, &rest, &address);
}

static bool line_fault(struct reading *r, const struct words *words) {
  struct scenario *s = r->scenario;
  struct fault_rule rule = { .type = 0 };
  const char *name = read_name(r, &words->all[1]);
  if (!name) return false;
  rule.below = text_starts(name, "*.");
  rule.name = rule.below ? name + 2 : name;
  if (strcmp(words->all[2].text, "any") != 0 && !(rule.type = dns_type_from_name(words->all[2].text))) return wrong(r, _("\"%s\" is not a record type"), words->all[2].text);
  for (size_t i = 3; i < words->count; i++)
    if (!read_behaviour_word(&words->all[i], &rule.behaviour)) return wrong(r, _("\"%s\" is not known here"), words->all[i].text);
  s->faults = arena_grow(r->arena, s->faults, s->fault_count, sizeof rule);
  s->faults[s->fault_count++] = rule;
  return true;
}

static bool line_smtp(struct reading *r, const struct words *words) {
  struct scenario *s = r->scenario;
  struct smtp_host host = { .starttls = STARTTLS_OFFERED };
  if (!(host.host = read_name(r, &words->all[1])) || !read_address(r, &words->all[2], &host.address)) return false;
  for (size_t i = 3; i < words->count; i++) {
    const struct word *word = &words->all[i];
    const char *value;
    unsigned manner;
    if ((value = word_value(word, "banner"))) host.banner = value;
    else if ((value = word_value(word, "starttls")) && choose(starttls_words, MEM_COUNT(starttls_words), value, &manner)) host.starttls = manner;
    else if (!read_tls_word(word, &host.tls) && !read_close_word(word, &host.close) && !read_ms(word, "delay", &host.delay_ms) &&
             !read_ms(word, "pace", &host.pace_ms) && !read_flag(word, "silent", &host.silent) && !read_flag(word, "garbage", &host.garbage))
      return wrong(r, _("\"%s\" is not known here"), word->text);
  }
  s->smtp = arena_grow(r->arena, s->smtp, s->smtp_count, sizeof host);
  s->smtp[s->smtp_count++] = host;
  return true;
}

static bool line_https(struct reading *r, const struct words *words) {
  struct scenario *s = r->scenario;
  struct https_host host = { .close = CLOSE_NEVER };
  if (!(host.host = read_name(r, &words->all[1])) || !read_address(r, &words->all[2], &host.address)) return false;
  for (size_t i = 3; i < words->count; i++)
    if (!read_tls_word(&words->all[i], &host.tls) && !read_close_word(&words->all[i], &host.close) && !read_flag(&words->all[i], "silent", &host.silent))
      return wrong(r, _("\"%s\" is not known here"), words->all[i].text);
  s->https = arena_grow(r->arena, s->https, s->https_count, sizeof host);
  s->https[s->https_count] = host;
  r->https = &s->https[s->https_count++];
  return true;
}

static bool line_page(struct reading *r, const struct words *words) {
  if (!r->https) return wrong(r, _("\"%s\" must follow an HTTPS host"), "page");
  struct page *page = ARENA_NEW(r->arena, struct page);
  *page = (struct page){ .path = words->all[1].text, .status = 200, .type = "text/plain", .body = "" };
  for (size_t i = 2; i < words->count; i++) {
    const struct word *word = &words->all[i];
    const char *value;
    uint32_t number;
    if ((value = word_value(word, "status")) && word_number(value, 599, &number) && number >= 100) page->status = number;
    else if ((value = word_value(word, "size")) && word_number(value, MOST_PAGE, &number)) page->size = number;
    else if ((value = word_value(word, "type"))) page->type = *value ? value : NULL;
    else if ((value = word_value(word, "location"))) page->location = value;
    else if (!read_ms(word, "delay", &page->delay_ms) && !read_ms(word, "pace", &page->pace_ms)) return wrong(r, _("\"%s\" is not known here"), word->text);
  }
  page->next = r->https->pages;
  r->https->pages = page;
  r->page = page;
  return true;
}

static const struct line_kind { const char *word; size_t least; bool (*read)(struct reading *, const struct words *); } line_kinds[] = {
  { "title", 2, line_title }, { "resolver", 2, line_resolver }, { "zone", 2, line_zone }, { "server", 3, line_server }, { "dns", 2, line_dns }, { "at", 5, line_at },
  { "fault", 4, line_fault }, { "smtp", 3, line_smtp }, { "https", 3, line_https }, { "page", 2, line_page },
};

/* "| text": one line of the body of the page above, as it stands. */
static bool read_body(struct reading *r, const char *line, size_t length) {
  if (!r->page) return wrong(r, _("\"%s\" must follow a page"), "|");
  if (length && *line == ' ') line++, length--;
  r->page->body = arena_printf(r->arena, "%s%.*s\n", r->page->body, (int)length, line);
  return true;
}

static bool read_line(struct reading *r, const char *line, size_t length) {
  struct words words;
  while (length && is_space(*line)) line++, length--;
  while (length && is_space(line[length - 1])) length--;
  if (length && *line == '|') return read_body(r, line + 1, length - 1);
  if (!words_split(r->arena, line, length, &words, r->fault)) return false;
  if (words.count == 0) return true;
  r->page = NULL;
  for (size_t i = 0; i < MEM_COUNT(line_kinds); i++) {
    if (strcmp(words.all[0].text, line_kinds[i].word) != 0) continue;
    if (words.count < line_kinds[i].least) return wrong(r, _("there is too little after \"%s\""), line_kinds[i].word);
    return line_kinds[i].read(r, &words);
  }
  return wrong(r, _("\"%s\" begins no line that is known"), words.all[0].text);
}

/* ---- what follows from the lines ---- */

/* A line of the file gives such records, so none is made. */
static bool has_type(const struct scenario *s, const char *name, uint16_t type) {
  const struct node *node = scenario_node(s, name);
  for (const struct record *record = node ? node->records : NULL; record; record = record->next)
    if (record->rr.type == type && record->only_at.family == 0 && !record->made) return true;
  return false;
}

static bool is_there(const struct scenario *s, const struct dns_rr *rr) {
  const struct node *node = scenario_node(s, rr->owner);
  for (const struct record *at = node ? node->records : NULL; at; at = at->next)
    if (at->rr.type == rr->type && at->rr.data_length == rr->data_length && memcmp(at->rr.data, rr->data, rr->data_length) == 0) return true;
  return false;
}

static void add_made(struct scenario *s, struct dns_rr *rr) {
  struct buf wire = BUF_INIT(2048);
  if (dns_rdata_encode(&wire, rr)) {
    rr->data = (const uint8_t *)buf_string(&wire);
    rr->data_length = (uint16_t)wire.length;
    if (!is_there(s, rr)) scenario_add(s, rr, NULL, false)->made = true;
  }
  buf_release(&wire);
}

static void add_host(struct scenario *s, const char *host, const struct ip *address) {
  char reverse[80];
  uint16_t type = address->family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A;
  ip_reverse_name(address, reverse);
  if (!has_type(s, host, type) && !has_type(s, host, DNS_TYPE_CNAME)) {
    struct dns_rr rr = { .owner = host, .type = type, .ttl = TTL_USUAL, .address = *address };
    add_made(s, &rr);
  }
  if (!has_type(s, reverse, DNS_TYPE_PTR) && !has_type(s, reverse, DNS_TYPE_CNAME)) {
    struct dns_rr rr = { .owner = reverse, .type = DNS_TYPE_PTR, .ttl = TTL_USUAL, .target = host };
    add_made(s, &rr);
  }
}

static void add_zone(struct scenario *s, const struct zone *zone) {
  if (zone->server_count && !has_type(s, zone->name, DNS_TYPE_SOA)) {
    struct dns_rr rr = { .owner = zone->name, .type = DNS_TYPE_SOA, .ttl = zone->ttl };
    rr.soa.primary = zone->servers[0].host;
    rr.soa.contact = zone->contact;
    rr.soa.serial = zone->serial;
    rr.soa.refresh = 7200, rr.soa.retry = 900, rr.soa.expire = 1209600, rr.soa.minimum = zone->negative_ttl;
    add_made(s, &rr);
  }
  bool given = has_type(s, zone->name, DNS_TYPE_NS);
  for (size_t i = 0; i < zone->server_count && !given; i++) {
    struct dns_rr rr = { .owner = zone->name, .type = DNS_TYPE_NS, .ttl = zone->ttl, .target = zone->servers[i].host };
    if (!zone->servers[i].hidden) add_made(s, &rr);
  }
}

static void complete(struct scenario *s) {
  for (size_t i = 0; i < s->zone_count; i++) add_zone(s, &s->zones[i]);
  for (size_t i = 0; i < s->smtp_count; i++) add_host(s, s->smtp[i].host, &s->smtp[i].address);
  for (size_t i = 0; i < s->https_count; i++) add_host(s, s->https[i].host, &s->https[i].address);
  for (size_t i = 0; i < s->zone_count; i++)
    for (size_t n = 0; n < s->zones[i].server_count; n++) add_host(s, s->zones[i].servers[n].host, &s->zones[i].servers[n].address);
}

struct scenario *scenario_read(const char *text, size_t length, struct fault *fault) {
  struct arena *arena = arena_new();
  struct scenario *scenario = ARENA_NEW(arena, struct scenario);
  struct fault why = { "" };
  struct reading reading = { .scenario = scenario, .arena = arena, .fault = &why };
  scenario->arena = arena;
  scenario->title = "";
  size_t number = 1;
  for (const char *line = text, *end = text + length; line < end; number++) {
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    size_t size = (size_t)((stop ? stop : end) - line);
    if (!read_line(&reading, line, size)) {
      fault_set(fault, _("line %zu: %s"), number, why.text);
      scenario_free(&scenario);
      return NULL;
    }
    line += size + 1;
  }
  complete(scenario);
  return scenario;
}
