#ifndef REQUEST_PRIVATE_H
#define REQUEST_PRIVATE_H
#include "src/base/lib.h"
#include "src/request/lib.h"

/* ---- making ---- */

void request_problem(struct arena *arena, struct request *request, const char *rule, const char *subject, const char *detail);
/* The host of a group: the user's choice, or by the zone's name servers. */
const struct dns_host_facts *request_host_of(const struct request_details *details, const struct plan_zone *zone, enum plan_contact contact, bool *out_chosen);
/* Sets the group's notes, and each item's host, TTLs, entered values and notes. */
void request_shape_group(struct arena *arena, struct request *request, struct request_group *group);
void request_shape_item(struct arena *arena, struct request *request, const struct request_group *group, struct request_item *item);
/* Null, or why this host does not take the change at all. */
const char *request_refusal(struct arena *arena, const struct dns_host_facts *host, const struct plan_change *change);
/* Sentences of one item: why, place, how, check, expect, undo. */
void request_word_item(struct arena *arena, const struct request_group *group, struct request_item *item);
const char *request_contact_heading(enum plan_contact contact);

/* ---- whole record sets, for interfaces that take no single values ---- */

/* One record set before and after all changes of the request; values in master-file form. */
struct request_set {
  const char *zone, *name;
  uint16_t type;
  enum plan_contact contact;
  bool known;                     /* what is there now could be looked up */
  uint32_t ttl_before, ttl;
  const char **before, **after; size_t before_count, after_count;
};
/* In the order of their first change, zone by zone. */
struct request_set *request_sets(struct arena *arena, const struct request *request, size_t *out_count);
/* The octets of a master-file TXT value, its strings joined. */
const char *request_unquoted(struct arena *arena, const char *data, size_t *out_length);

/* ---- writing ---- */

const char *request_action_word(enum plan_action action);              /* "CHANGE", translated */
const char *request_date(struct arena *arena, int64_t time);            /* "24 November 2026" */
const char *request_practice_words(void);
/* One comment line; what could end it is made safe. */
void request_comment(struct buf *out, const char *mark, const char *text);
/* The remarks that every format for machines begins with: reference, what it does, the TTL steps, what is left out. */
void request_machine_head(const struct request *request, struct buf *out, const char *mark, const char *use);
void request_line(struct buf *out, const char *name, uint32_t ttl, uint16_t type, const char *data); /* "_dmarc.x. 300 IN TXT …" */
/* The three steps, as sentences: what to lower first, the changes, what to raise afterwards. */
const char *request_step_lower(struct arena *arena, const struct request_group *group);
const char *request_step_change(struct arena *arena, const struct request_group *group);
const char *request_step_raise(const struct request_group *group);
/* "Zone x, served by ns1.x, ns2.x." */
const char *request_zone_words(struct arena *arena, const struct request_group *group);
/* What holds for every change, as paragraphs: null past the end. */
const char *request_rule_words(const struct request *request, size_t index);
/* What is for the requester alone, a sentence each: what was left out, then the tasks; null past the end, and for the file of one zone. With
 * `out_text` (not null): what a task has to use as it is, or "". */
const char *request_own_words(struct arena *arena, const struct request *request, size_t index, const char **out_text);
const char *request_ttl_line(struct arena *arena, const struct request_ttl *ttl);
/* A string literal in double quotation marks, pure ASCII. False (and nothing written): the octets are not UTF-8. */
bool request_literal_js(struct buf *out, const char *text, size_t length);
bool request_literal_yaml(struct buf *out, const char *text, size_t length);
const char *request_shell_word(struct arena *arena, const char *text);  /* quoted where a shell would read more into it */
#endif
