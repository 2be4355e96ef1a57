#include "checks/record/rdap.h"

#include <string.h>

#include "src/base/ctype.h"
#include "src/base/json.h"
#include "src/base/name.h"

enum { MOST_DEPTH = 4, MOST_TEXT = 1024 };

struct texts { const char **all; size_t count; };

static void add(struct arena *arena, struct texts *list, const char *text) {
  if (!*text || list->count == RDAP_MOST) return;
  for (size_t i = 0; i < list->count; i++)
    if (strcmp(list->all[i], text) == 0) return;
  list->all = arena_grow(arena, list->all, list->count, sizeof(const char *));
  list->all[list->count++] = text;
}

/* A string of JSON, cut to a length that anything sensible has. */
static const char *text_of(struct arena *arena, const json_t *value) {
  const char *text = json_is_string(value) ? json_string_value(value) : "";
  return arena_strndup(arena, text, strnlen(text, MOST_TEXT));
}

static bool in_list(const json_t *array, const char *word) {
  for (size_t i = 0; i < json_array_size(array); i++) {
    const json_t *value = json_array_get(array, i);
    if (json_is_string(value) && text_equal(json_string_value(value), word)) return true;
  }
  return false;
}

/* ---- times ---- */

static bool number(const char **at, unsigned digits, int *out) {
  *out = 0;
  for (unsigned i = 0; i < digits; i++) {
    if (!is_digit(**at)) return false;
    *out = *out * 10 + (*(*at)++ - '0');
  }
  return true;
}

static bool literal(const char **at, char wanted) {
  if (to_lower(**at) != wanted) return false;
  ++*at;
  return true;
}

/* Days from 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t days_of(int year, int month, int day) {
  int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
  int64_t year_of_era = y - era * 400, day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static bool read_offset(const char **at, int *out_minutes) {
  int hours = 0, minutes = 0;
  *out_minutes = 0;
  if (literal(at, 'z')) return true;
  bool behind = **at == '-';
  if (!behind && **at != '+') return false;
  ++*at;
  if (!number(at, 2, &hours) || !literal(at, ':') || !number(at, 2, &minutes) || hours > 23 || minutes > 59) return false;
  *out_minutes = (hours * 60 + minutes) * (behind ? -1 : 1);
  return true;
}

int64_t rdap_time(const char *text) {
  int year, month, day, hour, minute, second, offset;
  if (!number(&text, 4, &year) || !literal(&text, '-') || !number(&text, 2, &month) || !literal(&text, '-') || !number(&text, 2, &day)) return 0;
  if (!literal(&text, 't') && !literal(&text, ' ')) return 0;
  if (!number(&text, 2, &hour) || !literal(&text, ':') || !number(&text, 2, &minute) || !literal(&text, ':') || !number(&text, 2, &second)) return 0;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return 0;
  if (literal(&text, '.'))
    while (is_digit(*text)) text++;
  if (!read_offset(&text, &offset) || *text) return 0;
  return ((days_of(year, month, day) * 24 + hour) * 60 + minute - offset) * 60000 + (int64_t)second * 1000;
}

/* ---- a domain ---- */

static int64_t time_of(const json_t *events, const char *action) {
  for (size_t i = 0; i < json_array_size(events); i++) {
    const json_t *event = json_array_get(events, i);
    if (text_equal(json_text(event, "eventAction", ""), action)) return rdap_time(json_text(event, "eventDate", ""));
  }
  return 0;
}

/* The value of the first property of that name in a jCard, RFC 7095: ["vcard", [[name, {}, "text", value], ...]]. */
static const char *card_value(struct arena *arena, const json_t *entity, const char *property, size_t from, size_t *out_at) {
  const json_t *properties = json_array_get(json_object_get(entity, "vcardArray"), 1);
  for (size_t i = from; i < json_array_size(properties); i++) {
    const json_t *one = json_array_get(properties, i), *name = json_array_get(one, 0);
    if (!json_is_string(name) || !text_equal(json_string_value(name), property)) continue;
    *out_at = i + 1;
    return text_of(arena, json_array_get(one, 3));
  }
  return NULL;
}

/* What people call it: the organisation where it is told, else the name. */
static const char *entity_name(struct arena *arena, const json_t *entity) {
  size_t ignored;
  const char *organisation = card_value(arena, entity, "org", 0, &ignored), *name = card_value(arena, entity, "fn", 0, &ignored);
  return organisation && *organisation ? organisation : name ? name : "";
}

static void read_entities(struct arena *arena, const json_t *entities, unsigned depth, struct texts *contacts, struct rdap_domain *out) {
  for (size_t i = 0; depth < MOST_DEPTH && i < json_array_size(entities) && i < RDAP_MOST; i++) {
    const json_t *entity = json_array_get(entities, i);
    size_t at = 0;
    for (const char *mail = card_value(arena, entity, "email", 0, &at); mail; mail = card_value(arena, entity, "email", at, &at)) add(arena, contacts, mail);
    const json_t *roles = json_object_get(entity, "roles");
    if (!*out->registrar && in_list(roles, "registrar")) out->registrar = entity_name(arena, entity);
    if (!*out->registrant && in_list(roles, "registrant")) out->registrant = entity_name(arena, entity);
    read_entities(arena, json_object_get(entity, "entities"), depth + 1, contacts, out);
  }
}

static struct texts read_names(struct arena *arena, const json_t *name_servers) {
  struct texts names = { NULL, 0 };
  for (size_t i = 0; i < json_array_size(name_servers); i++)
    add(arena, &names, name_lower(arena, text_of(arena, json_object_get(json_array_get(name_servers, i), "ldhName"))));
  return names;
}

static struct texts read_statuses(struct arena *arena, const json_t *statuses) {
  struct texts words = { NULL, 0 };
  for (size_t i = 0; i < json_array_size(statuses); i++) add(arena, &words, name_lower(arena, text_of(arena, json_array_get(statuses, i))));
  return words;
}

static enum rdap_delegation delegation_of(const json_t *domain) {
  const json_t *told = json_object_get(json_object_get(domain, "secureDNS"), "delegationSigned");
  return json_is_true(told) ? RDAP_DELEGATION_SIGNED : json_is_false(told) ? RDAP_DELEGATION_UNSIGNED : RDAP_DELEGATION_NOT_TOLD;
}

const struct rdap_domain *rdap_domain_parse(struct arena *arena, const char *text, size_t length) {
  struct fault ignored;
  json_t *json = json_parse(text, length, &ignored);
  struct rdap_domain *domain = NULL;
  if (json_is_object(json) && text_equal(json_text(json, "objectClassName", ""), "domain")) {
    domain = ARENA_NEW(arena, struct rdap_domain);
    struct texts statuses = read_statuses(arena, json_object_get(json, "status")), servers = read_names(arena, json_object_get(json, "nameservers"));
    struct texts contacts = { NULL, 0 };
    domain->registrar = domain->registrant = "";
    read_entities(arena, json_object_get(json, "entities"), 0, &contacts, domain);
    domain->name = name_lower(arena, text_of(arena, json_object_get(json, "ldhName")));
    domain->registration = time_of(json_object_get(json, "events"), "registration");
    domain->expiration = time_of(json_object_get(json, "events"), "expiration");
    domain->delegation = delegation_of(json);
    domain->statuses = statuses.all;
    domain->status_count = statuses.count;
    domain->name_servers = servers.all;
    domain->name_server_count = servers.count;
    domain->contacts = contacts.all;
    domain->contact_count = contacts.count;
  }
  json_decref(json);
  return domain;
}

/* ---- where to ask ---- */

static const char *first_https(const json_t *addresses) {
  for (size_t i = 0; i < json_array_size(addresses); i++) {
    const json_t *address = json_array_get(addresses, i);
    if (json_is_string(address) && text_starts(json_string_value(address), "https://")) return json_string_value(address);
  }
  return NULL;
}

/* Labels of the longest entry of one service that the name lies under; 0: none. */
static size_t longest_match(struct arena *arena, const json_t *entries, const char *name) {
  size_t longest = 0;
  for (size_t i = 0; i < json_array_size(entries); i++) {
    const json_t *entry = json_array_get(entries, i);
    const char *suffix = json_is_string(entry) ? json_string_value(entry) : "";
    if (!*suffix || strlen(suffix) > MOST_TEXT || !name_is_under(name, name_lower(arena, suffix))) continue;
    size_t labels = name_labels(suffix);
    if (labels > longest) longest = labels;
  }
  return longest;
}

const char *rdap_base_of(struct arena *arena, const char *list, size_t length, const char *name) {
  struct fault ignored;
  json_t *json = json_parse(list, length, &ignored);
  const json_t *services = json_object_get(json, "services");
  const char *best = NULL;
  size_t longest = 0;
  for (size_t i = 0; i < json_array_size(services); i++) {
    const json_t *service = json_array_get(services, i);
    const char *address = first_https(json_array_get(service, 1));
    size_t labels = address ? longest_match(arena, json_array_get(service, 0), name) : 0;
    if (labels <= longest) continue;
    longest = labels;
    best = arena_strdup(arena, address);
  }
  json_decref(json);
  return best;
}

static bool path_byte(char c) { return is_print(c) && c != ' ' && c != '"' && c != '<' && c != '>' && c != '\\' && c != '#'; }

bool rdap_split_address(struct arena *arena, const char *address, const char **out_host, const char **out_path) {
  if (!text_starts(address, "https://")) return false;
  const char *host = address + 8;
  size_t length = strcspn(host, "/?#");
  const char *path = host[length] ? host + length : "/";
  for (const char *at = path; *at; at++)
    if (!path_byte(*at)) return false;
  *out_host = name_lower(arena, arena_strndup(arena, host, length));
  *out_path = arena_strdup(arena, path);
  return *path == '/' && strlen(path) < MOST_TEXT / 4 && name_is_host(*out_host);
}
