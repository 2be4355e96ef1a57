#include "checks/record/rdap.h"

#include <string.h>

#include "src/base/ctype.h"
#include "src/base/json_read.h"
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
static const char *text_of(struct arena *arena, const struct value *value) {
  const char *text = value_string(value, "");
  return arena_strndup(arena, text, strnlen(text, MOST_TEXT));
}

static bool in_list(const struct value *array, const char *word) {
  VALUE_EACH(value, array)
    if (text_equal(value_string(value, ""), word)) return true;
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

static int64_t time_of(const struct value *events, const char *action) {
  VALUE_EACH(event, events)
    if (text_equal(value_text(event, "eventAction", ""), action)) return rdap_time(value_text(event, "eventDate", ""));
  return 0;
}

/* The properties of a jCard, RFC 7095: ["vcard", [[name, {}, "text", value], ...]]. */
static const struct value *card_of(const struct value *entity) { return value_at(value_get(entity, "vcardArray"), 1); }

static bool is_property(const struct value *property, const char *name) { return text_equal(value_string(value_at(property, 0), ""), name); }

static void read_mail(struct arena *arena, const struct value *entity, struct texts *contacts) {
  VALUE_EACH(property, card_of(entity))
    if (is_property(property, "email")) add(arena, contacts, text_of(arena, value_at(property, 3)));
}

static const char *card_text(struct arena *arena, const struct value *entity, const char *name) {
  VALUE_EACH(property, card_of(entity))
    if (is_property(property, name)) return text_of(arena, value_at(property, 3));
  return "";
}

/* What people call it: the organisation where it is told, else the name. */
static const char *entity_name(struct arena *arena, const struct value *entity) {
  const char *organisation = card_text(arena, entity, "org");
  return *organisation ? organisation : card_text(arena, entity, "fn");
}

static void read_entities(struct arena *arena, const struct value *entities, unsigned depth, struct texts *contacts, struct rdap_domain *out) {
  size_t read = 0;
  if (depth == MOST_DEPTH) return;
  VALUE_EACH(entity, entities) {
    if (read++ == RDAP_MOST) break;
    read_mail(arena, entity, contacts);
    const struct value *roles = value_get(entity, "roles");
    if (!*out->registrar && in_list(roles, "registrar")) out->registrar = entity_name(arena, entity);
    if (!*out->registrant && in_list(roles, "registrant")) out->registrant = entity_name(arena, entity);
    read_entities(arena, value_get(entity, "entities"), depth + 1, contacts, out);
  }
}

static struct texts read_names(struct arena *arena, const struct value *name_servers) {
  struct texts names = { NULL, 0 };
  VALUE_EACH(server, name_servers) add(arena, &names, name_lower(arena, text_of(arena, value_get(server, "ldhName"))));
  return names;
}

static struct texts read_statuses(struct arena *arena, const struct value *statuses) {
  struct texts words = { NULL, 0 };
  VALUE_EACH(status, statuses) add(arena, &words, name_lower(arena, text_of(arena, status)));
  return words;
}

static enum rdap_delegation delegation_of(const struct value *domain) {
  const struct value *told = value_get(value_get(domain, "secureDNS"), "delegationSigned");
  return value_is(told, VALUE_TRUE) ? RDAP_DELEGATION_SIGNED : value_is(told, VALUE_FALSE) ? RDAP_DELEGATION_UNSIGNED : RDAP_DELEGATION_NOT_TOLD;
}

const struct rdap_domain *rdap_domain_parse(struct arena *arena, const char *text, size_t length) {
  struct arena *scratch = arena_new_sized(length * 2);
  const struct value *json = json_read(scratch, text, length, NULL);
  struct rdap_domain *domain = NULL;
  if (text_equal(value_text(json, "objectClassName", ""), "domain")) {
    domain = ARENA_NEW(arena, struct rdap_domain);
    struct texts statuses = read_statuses(arena, value_get(json, "status")), servers = read_names(arena, value_get(json, "nameservers"));
    struct texts contacts = { NULL, 0 };
    domain->registrar = domain->registrant = "";
    read_entities(arena, value_get(json, "entities"), 0, &contacts, domain);
    domain->name = name_lower(arena, text_of(arena, value_get(json, "ldhName")));
    domain->registration = time_of(value_get(json, "events"), "registration");
    domain->expiration = time_of(value_get(json, "events"), "expiration");
    domain->delegation = delegation_of(json);
    domain->statuses = statuses.all;
    domain->status_count = statuses.count;
    domain->name_servers = servers.all;
    domain->name_server_count = servers.count;
    domain->contacts = contacts.all;
    domain->contact_count = contacts.count;
  }
  arena_free(&scratch);
  return domain;
}

/* ---- where to ask ---- */

static const char *first_https(const struct value *addresses) {
  VALUE_EACH(address, addresses)
    if (text_starts(value_string(address, ""), "https://")) return address->text;
  return NULL;
}

/* Labels of the longest entry of one service that the name lies under; 0: none. */
static size_t longest_match(struct arena *arena, const struct value *entries, const char *name) {
  size_t longest = 0;
  VALUE_EACH(entry, entries) {
    const char *suffix = value_string(entry, "");
    if (!*suffix || strlen(suffix) > MOST_TEXT || !name_is_under(name, name_lower(arena, suffix))) continue;
    size_t labels = name_labels(suffix);
    if (labels > longest) longest = labels;
  }
  return longest;
}

const char *rdap_base_of(struct arena *arena, const char *list, size_t length, const char *name) {
  struct arena *scratch = arena_new_sized(length * 2);
  const struct value *json = json_read(scratch, list, length, NULL);
  const struct value *services = value_get(json, "services");
  const char *best = NULL;
  size_t longest = 0;
  VALUE_EACH(service, services) {
    const char *address = first_https(value_at(service, 1));
    size_t labels = address ? longest_match(arena, value_at(service, 0), name) : 0;
    if (labels <= longest) continue;
    longest = labels;
    best = arena_strdup(arena, address);
  }
  arena_free(&scratch);
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
