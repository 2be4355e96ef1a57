#include "checks/facts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/base/intl.h"
#include "src/base/json_read.h"
#include "src/base/mem.h"
#include "src/base/text.h"

enum { MOST_FACTS = 4 << 20, MOST_LIST = 64, MOST_ROWS = 4096 };

/* ---- words ---- */

struct word { const char *name; int value; };
#define MARK_WORDS { "vendor", FACT_VENDOR }, { "observed", FACT_OBSERVED }, { "secondary", FACT_SECONDARY }, { "derived", FACT_DERIVED }, { "unverified", FACT_UNVERIFIED }

static const struct word marks[] = { MARK_WORDS, { NULL, 0 } };
static const struct word tris[] = { { "unknown", FACT_UNKNOWN }, { "no", FACT_NO }, { "yes", FACT_YES }, { NULL, 0 } };
static const struct word kinds[] = { { "mailboxes", SERVICE_MAILBOXES }, { "filtering", SERVICE_FILTERING }, { "cloud", SERVICE_CLOUD }, { "delivery", SERVICE_DELIVERY }, { "business", SERVICE_BUSINESS }, { NULL, 0 } };
static const struct word apexes[] = { { "either", APEX_EITHER }, { "at", APEX_AT }, { "empty", APEX_EMPTY }, { "full", APEX_FULL }, { "bind", APEX_BIND }, { NULL, 0 } };
static const struct word name_forms[] = { { "relative", NAME_RELATIVE }, { "full", NAME_FULL }, { "either", NAME_EITHER }, { "bind", NAME_BIND }, { NULL, 0 } };
static const struct word quotings[] = { { "raw", QUOTE_RAW }, { "quoted", QUOTE_QUOTED }, { "either", QUOTE_EITHER }, { NULL, 0 } };
static const struct word longs[] = { { "whole", LONG_WHOLE }, { "split", LONG_SPLIT }, { "unknown", LONG_UNKNOWN }, { NULL, 0 } };

const char *fact_mark_words(enum fact_mark mark) {
  switch (mark) {
  case FACT_VENDOR: return "";
  case FACT_OBSERVED: return _("seen in published DNS");
  case FACT_SECONDARY: return _("from a secondary source");
  case FACT_DERIVED: return _("derived from the standard or the vendor's text");
  case FACT_UNVERIFIED: break;
  }
  return _("unverified");
}

const char *service_kind_name(enum service_kind kind) { return kinds[kind].name; }

/* ---- reading: a row that cannot be read stops the file, with its id and member in the fault ---- */

struct reading {
  struct arena *arena;
  const char *id;
  unsigned line; /* where the row begins */
  char *problem; /* null: none yet */
};

static void refuse(struct reading *r, const char *member, const char *what) {
  struct text_argument arguments[] = { { "member", member }, { "row", r->id }, { "line", arena_printf(r->arena, "%u", r->line) }, { "what", what } };
  if (!r->problem) r->problem = text_fill(r->arena, _("line {line}: \"{member}\" of the row \"{row}\" {what}"), arguments, MEM_COUNT(arguments));
}

static const char *read_text(struct reading *r, const struct value *row, const char *member, const char *otherwise) {
  const struct value *value = value_get(row, member);
  if (!value) return otherwise;
  const char *text = value_string(value, NULL);
  if (!text) refuse(r, member, _("must be text"));
  return text ? arena_strdup(r->arena, text) : otherwise;
}

static int read_word(struct reading *r, const struct value *row, const char *member, const struct word *words, int otherwise) {
  const struct value *value = value_get(row, member);
  if (!value) return otherwise;
  const char *text = value_string(value, "");
  for (const struct word *word = words; word->name; word++)
    if (strcmp(word->name, text) == 0) return word->value;
  refuse(r, member, _("is not one of the words that may stand there"));
  return otherwise;
}

static unsigned read_number(struct reading *r, const struct value *row, const char *member) {
  int64_t value = value_number(row, member, 0);
  if (value < 0 || value > 1 << 24) refuse(r, member, _("must be a number from 0 to 16777216"));
  return value < 0 || value > 1 << 24 ? 0 : (unsigned)value;
}

static size_t list_size(struct reading *r, const struct value *list, const char *member) {
  if (list && !value_is(list, VALUE_ARRAY)) refuse(r, member, _("must be a list"));
  if (value_count(list) > MOST_LIST) refuse(r, member, _("has too many members"));
  return r->problem ? 0 : value_count(list);
}

/* A pattern is a string, or an object with "text" and, where it differs from the row, "mark" and "old". */
static const struct fact_pattern *read_patterns(struct reading *r, const struct value *row, const char *member, enum fact_mark mark, size_t *out_count) {
  const struct value *list = value_get(row, member);
  size_t count = list_size(r, list, member);
  struct fact_pattern *patterns = ARENA_ARRAY(r->arena, struct fact_pattern, count + 1), *next = patterns;
  VALUE_EACH(one, count ? list : NULL) {
    const char *text = value_is(one, VALUE_STRING) ? value_string(one, "") : value_text(one, "text", "");
    if (!*text || !text_is_safe(text)) refuse(r, member, _("holds a pattern that is empty or cannot be shown"));
    *next++ = (struct fact_pattern){ .text = arena_strdup(r->arena, text), .mark = (enum fact_mark)read_word(r, one, "mark", marks, (int)mark), .old = value_flag(one, "old", false),
                                     .tail = fact_tail(text) };
  }
  *out_count = count;
  return patterns;
}

static void read_dkim(struct reading *r, const struct value *row, struct service_facts *out) {
  const struct value *list = value_get(row, "dkim");
  size_t count = list_size(r, list, "dkim");
  struct fact_dkim *dkim = ARENA_ARRAY(r->arena, struct fact_dkim, count + 1), *next = dkim;
  VALUE_EACH(one, count ? list : NULL) {
    *next = (struct fact_dkim){ .selector = read_text(r, one, "selector", ""), .target = read_text(r, one, "cname", ""), .cname = value_get(one, "cname") != NULL,
                                .old = value_flag(one, "old", false) };
    if (!*next++->selector) refuse(r, "dkim", _("holds a selector that is empty"));
  }
  out->dkim = dkim;
  out->dkim_count = count;
}

static void read_service(struct reading *r, const struct value *row, struct service_facts *out) {
  enum fact_mark mark = (enum fact_mark)read_word(r, row, "mark", marks, FACT_UNVERIFIED);
  *out = (struct service_facts){
    .id = r->id, .name = read_text(r, row, "name", r->id), .kind = (enum service_kind)read_word(r, row, "kind", kinds, SERVICE_CLOUD),
    .spf_wanted = value_flag(row, "spf_wanted", false), .dkim_pair = value_flag(row, "pair", false), .dkim_bits = read_number(r, row, "bits"),
    .dkim_aligns = (enum fact_tri)read_word(r, row, "dkim_aligns", tris, FACT_UNKNOWN), .spf_aligns = (enum fact_tri)read_word(r, row, "spf_aligns", tris, FACT_UNKNOWN),
    .clustered = value_flag(row, "clustered", false), .own_reverse_dns = value_flag(row, "own_reverse_dns", false), .inbound_only = value_flag(row, "inbound_only", false),
    .dkim_where = read_text(r, row, "dkim_where", ""), .footers = read_text(r, row, "footers", ""), .note = read_text(r, row, "note", ""), .mark = mark,
  };
  out->mx = read_patterns(r, row, "mx", mark, &out->mx_count);
  out->spf = read_patterns(r, row, "spf", mark, &out->spf_count);
  read_dkim(r, row, out);
}

static void read_dns_host(struct reading *r, const struct value *row, struct dns_host_facts *out) {
  enum fact_mark mark = (enum fact_mark)read_word(r, row, "mark", marks, FACT_UNVERIFIED);
  *out = (struct dns_host_facts){
    .id = r->id, .name = read_text(r, row, "name", r->id), .apex = (enum host_apex)read_word(r, row, "apex", apexes, APEX_EITHER),
    .name_form = (enum host_name_form)read_word(r, row, "names", name_forms, NAME_RELATIVE), .quoting = (enum host_quoting)read_word(r, row, "quoting", quotings, QUOTE_RAW),
    .long_values = (enum host_long)read_word(r, row, "long", longs, LONG_UNKNOWN), .ttl_least = read_number(r, row, "ttl_least"), .txt_most = read_number(r, row, "txt_most"),
    .null_mx = (enum fact_tri)read_word(r, row, "null_mx", tris, FACT_UNKNOWN), .null_mx_mark = (enum fact_mark)read_word(r, row, "null_mx_mark", marks, FACT_UNVERIFIED),
    .refuses_empty_txt = value_flag(row, "refuses_empty_txt", false), .refuses_quotes = value_flag(row, "refuses_quotes", false), .refuses_backslash = value_flag(row, "refuses_backslash", false),
    .target_dot = value_flag(row, "target_dot", false), .by_ticket = value_flag(row, "by_ticket", false), .where = read_text(r, row, "where", ""), .note = read_text(r, row, "note", ""),
    .formats = read_text(r, row, "formats", ""), .mark = mark,
  };
  out->ns = read_patterns(r, row, "ns", mark, &out->ns_count);
}

static void read_mail_system(struct reading *r, const struct value *row, struct mail_system_facts *out) {
  const struct value *list = value_get(row, "settings");
  size_t count = list_size(r, list, "settings");
  struct mail_setting *settings = ARENA_ARRAY(r->arena, struct mail_setting, count + 1), *next = settings;
  VALUE_EACH(one, count ? list : NULL) {
    *next++ = (struct mail_setting){ .purpose = read_text(r, one, "purpose", ""), .setting = read_text(r, one, "setting", ""), .note = read_text(r, one, "note", ""),
                                     .mark = (enum fact_mark)read_word(r, one, "mark", marks, FACT_UNVERIFIED) };
  }
  *out = (struct mail_system_facts){ .id = r->id, .name = read_text(r, row, "name", r->id), .settings = settings, .setting_count = count };
}

/* ---- tables: a row whose id is there already replaces it ---- */

static const char *row_id(struct reading *r, const struct value *row) {
  const char *id = value_text(row, "id", "");
  r->id = "?";
  if (!*id) refuse(r, "id", _("must be text"));
  for (const char *c = id; *c; c++)
    if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-')) refuse(r, "id", _("may hold small letters, digits and hyphens only"));
  return arena_strdup(r->arena, id);
}

/* Copies the table, so that a file that fails half-way has changed nothing. */
static void *copy_table(struct arena *arena, const void *rows, size_t count, size_t more, size_t size) {
  char *copy = arena_zalloc(arena, count + more + 1, size);
  if (count) memcpy(copy, rows, count * size);
  return copy;
}

typedef void row_reader(struct reading *r, const struct value *row, void *out);

static void service_row(struct reading *r, const struct value *row, void *out) { read_service(r, row, out); }
static void dns_host_row(struct reading *r, const struct value *row, void *out) { read_dns_host(r, row, out); }
static void mail_system_row(struct reading *r, const struct value *row, void *out) { read_mail_system(r, row, out); }

/* Every kind of row begins with its id. */
static const char *id_at(const char *rows, size_t index, size_t size) {
  const char *id;
  memcpy(&id, rows + index * size, sizeof id);
  return id;
}

static void *read_table(struct reading *r, const struct value *json, const char *key, row_reader *read_row, const void *before, size_t *count, size_t size) {
  const struct value *list = value_get(json, key);
  size_t more = value_count(list);
  char *rows = copy_table(r->arena, before, *count, more, size);
  r->id = key;
  r->line = list ? list->line : 1;
  if (list && !value_is(list, VALUE_ARRAY)) refuse(r, key, _("must be a list"));
  if (more > MOST_ROWS) refuse(r, key, _("has too many members"));
  VALUE_EACH(row, list) {
    size_t at = 0;
    if (r->problem) break;
    r->line = row->line;
    r->id = row_id(r, row);
    while (at < *count && strcmp(id_at(rows, at, size), r->id) != 0) at++;
    read_row(r, row, rows + at * size);
    *count += at == *count;
  }
  return rows;
}

bool facts_read(struct arena *arena, struct facts *facts, const char *text, size_t length, const char *file_name, struct fault *fault) {
  struct fault why = { "" };
  struct arena *scratch = arena_new_sized(length * 2);
  const struct value *json = json_read(scratch, text, length, &why);
  struct reading r = { .arena = arena, .id = "-" };
  struct facts after = *facts;
  if (json && !value_is(json, VALUE_OBJECT)) fault_set(&why, "%s", _("it does not hold a JSON object"));
  if (value_is(json, VALUE_OBJECT)) {
    after.services = read_table(&r, json, "services", service_row, facts->services, &after.service_count, sizeof *facts->services);
    after.dns_hosts = read_table(&r, json, "dns_hosts", dns_host_row, facts->dns_hosts, &after.dns_host_count, sizeof *facts->dns_hosts);
    after.mail_systems = read_table(&r, json, "mail_systems", mail_system_row, facts->mail_systems, &after.mail_system_count, sizeof *facts->mail_systems);
    if (r.problem) fault_set(&why, "%s", text_safe_string(arena, r.problem));
  }
  bool good = value_is(json, VALUE_OBJECT) && !r.problem;
  if (good) *facts = after;
  else fault_set(fault, _("%s cannot be used: %s"), file_name, why.text);
  arena_free(&scratch);
  return good;
}

static void read_file(struct arena *arena, struct facts *facts, const char *path, struct fault *fault) {
  size_t length;
  char *text = path ? file_read_regular(path, MOST_FACTS, &length, fault) : NULL;
  if (text) facts_read(arena, facts, text, length, path, fault);
  free(text);
}

static const char *users_file(struct arena *arena) {
  const char *folder = file_user_folder(arena, "XDG_CONFIG_HOME", ".config"), *path = folder ? arena_printf(arena, "%s/facts.json", folder) : NULL;
  return path && access(path, F_OK) == 0 ? path : NULL;
}

struct facts *facts_load(struct arena *arena, struct fault *fault) {
  static const char *const shipped[] = { "facts/services.json", "facts/dns-hosts.json", "facts/mail-systems.json" };
  struct facts *facts = ARENA_NEW(arena, struct facts);
  for (size_t i = 0; i < MEM_COUNT(shipped); i++) read_file(arena, facts, file_shipped(arena, shipped[i]), fault);
  read_file(arena, facts, users_file(arena), fault);
  return facts;
}
