#include "tests/unit/request/hostile.h"

#include <string.h>

#include "src/base/lib.h"

const char hostile_requester[] = "Eve <script>alert(1)</script> *bold* [x](javascript:y) `code` \"'=cmd|' /C calc'!A0\r\n; evil. 300 IN TXT \"in\"\n# x\n// y\n*/ ${z} \xe2\x80\xa8u \x1b[31mred\x9b" "2J";

/* Texts; a number stands for that many octets of a pattern, with something that has to be escaped at the borders of its strings. */
static const struct { const char *text; size_t length; } values[] = {
  { "plain", 0 }, { "v=DMARC1; p=none; rua=mailto:a@hostile.example", 0 }, { "a\"b\"", 0 }, { "a\\b\\\\", 0 }, { "\\\"", 0 }, { "a;b;;", 0 }, { "caf\xc3\xa9 \xe2\x80\x93 \xe2\x80\x9cx\xe2\x80\x9d", 0 },
  { "\xff\xfe not utf-8", 0 }, { NULL, 255 }, { NULL, 256 }, { NULL, 510 }, { NULL, 511 }, { NULL, 600 }, { "=1+1", 0 }, { "+1", 0 }, { "-1", 0 }, { "@SUM(1)", 0 }, { "@", 0 },
  { "<script>alert(1)</script>", 0 }, { "</code></td></tr><h1>x</h1>", 0 }, { "one\ntwo\r\nthree", 0 }, { "a,b,\"c\",d", 0 }, { "*/ alert(1) //", 0 }, { "${x} `${y}` #{z}", 0 },
  { "``` ` ``", 0 }, { "trailing  ", 0 }, { "  leading", 0 }, { "tab\there", 0 }, { "", 0 }, { "\x7f\x01\x1b[31m", 0 }, { "# yaml: {a: [b]}", 0 }, { ": - ? | > ! % & * ' \"", 0 }, { "%s %n %d", 0 },
  { "\\065\\066 \\# 4 00", 0 }, { "\xe2\x80\xa8 line \xe2\x80\xae turned", 0 }, { "&amp; &lt;", 0 }, { "---", 0 }, { "$ORIGIN evil.example.", 0 }, { "( ) ;", 0 }, { "\xf0\x9f\x98\x80 smile", 0 }, { "'single'", 0 },
  { "\nsend\nzone evil.example.\n", 0 }, { "null", 0 }, { "1e9", 0 },
};

size_t hostile_count(void) { return MEM_COUNT(values); }

struct hostile_value hostile_at(struct arena *arena, size_t index) {
  size_t length = values[index].length ? values[index].length : strlen(values[index].text);
  char *bytes = arena_alloc(arena, length + 1);
  for (size_t i = 0; i < length; i++) bytes[i] = values[index].text ? values[index].text[i] : "\"\\;abcdefghij"[(i + 2) % 13];
  bytes[length] = '\0';
  return (struct hostile_value){ bytes, length };
}

static const char *data_of(struct arena *arena, uint16_t type, const char *value) {
  struct buf out = BUF_INIT(65536);
  if (type != DNS_TYPE_TXT) return value;
  zone_text_split(&out, value, strlen(value));
  const char *data = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return data;
}

static struct plan_change *add(struct arena *arena, struct plan *plan, enum plan_action action, const char *zone, const char *name, uint16_t type) {
  plan->changes = arena_grow(arena, plan->changes, plan->change_count, sizeof *plan->changes);
  struct plan_change *change = &plan->changes[plan->change_count++];
  static const char *why[] = { "spf-missing" };
  *change = (struct plan_change){ .action = action, .zone = zone, .name = name, .type = type, .ttl = 300, .ttl_later = 3600, .why = why, .why_count = 1,
                                  .section = "dns-dmarc", .order_why = "<i>Order</i> *why*.", .domain = "hostile.example", .sentence = "Hostile: <b>*why*</b> \"it\"; is.", .order = (int)plan->change_count, .present_known = true };
  const char *host = name_relative(arena, name, zone);
  change->host = host ? host : name;
  change->now = ARENA_ARRAY(arena, const char *, 4);
  change->now_data = ARENA_ARRAY(arena, const char *, 4);
  change->wanted = ARENA_ARRAY(arena, const char *, 4);
  change->kept_data = ARENA_ARRAY(arena, const char *, 4);
  return change;
}

static void now(struct arena *arena, struct plan_change *change, const char *value, uint32_t ttl) {
  change->now_data[change->now_count] = data_of(arena, change->type, value);
  change->now[change->now_count++] = value;
  change->now_ttl = change->set_ttl = ttl;
}

static void kept(struct arena *arena, struct plan_change *change, const char *value) {
  change->kept_data[change->kept_count++] = data_of(arena, change->type, value);
  if (!change->set_ttl) change->set_ttl = 86400;
}

static void wanted(struct plan_change *change, const char *value) { change->wanted[change->wanted_count++] = value; }

static void add_values(struct arena *arena, struct plan *plan) {
  size_t count = MEM_COUNT(values);
  for (size_t i = 0; i < count; i++) {
    enum plan_action action = (enum plan_action)(i % 3);
    struct plan_change *change = add(arena, plan, action, "hostile.example", arena_printf(arena, "h%zu.hostile.example", i), DNS_TYPE_TXT);
    if (action != PLAN_ADD) now(arena, change, hostile_at(arena, (i + 7) % count).bytes, 7200);
    if (i % 2) kept(arena, change, hostile_at(arena, (i + 13) % count).bytes);
    if (action == PLAN_REMOVE) now(arena, change, hostile_at(arena, i).bytes, 7200);
    else wanted(change, hostile_at(arena, i).bytes);
  }
}

/* Two changes of one record set, an alias in place of text, mail servers, odd names, another operator. */
static void add_others(struct arena *arena, struct plan *plan) {
  static const char *const names[] = { "we\\032ird.hostile.example", "semi;colon.hostile.example", "quo\\\"te.hostile.example", "*._domainkey.hostile.example", "do$llar.hostile.example", "at@sign.hostile.example", "<b>.hostile.example", "`tick`.hostile.example" };
  struct plan_change *change = add(arena, plan, PLAN_REPLACE, "hostile.example", "hostile.example", DNS_TYPE_TXT);
  now(arena, change, "v=spf1 mx ?all", 86400);
  now(arena, change, "v=spf1 a ~all", 86400);
  kept(arena, change, "MS=ms123; \"quoted\"");
  kept(arena, change, "second text");
  wanted(change, "v=spf1 mx ~all");
  change = add(arena, plan, PLAN_REMOVE, "hostile.example", "hostile.example", DNS_TYPE_TXT);
  now(arena, change, "second text", 86400);
  kept(arena, change, "MS=ms123; \"quoted\"");
  kept(arena, change, "v=spf1 mx ?all");
  kept(arena, change, "v=spf1 a ~all");
  change = add(arena, plan, PLAN_REMOVE, "hostile.example", "s1._domainkey.hostile.example", DNS_TYPE_TXT);
  now(arena, change, "s1.dkim.mailer.example", 300);
  change = add(arena, plan, PLAN_ADD, "hostile.example", "s1._domainkey.hostile.example", DNS_TYPE_CNAME);
  wanted(change, "s1.dkim.mailer.example.");
  change = add(arena, plan, PLAN_REPLACE, "hostile.example", "hostile.example", DNS_TYPE_MX);
  now(arena, change, "20 old.hostile.example.", 3600);
  kept(arena, change, "10 mx1.hostile.example.");
  wanted(change, "15 mx2.hostile.example.");
  for (size_t i = 0; i < MEM_COUNT(names); i++) wanted(add(arena, plan, PLAN_ADD, "hostile.example", names[i], DNS_TYPE_TXT), "v=x; odd name");
  change = add(arena, plan, PLAN_REPLACE, "2.0.192.in-addr.arpa", "7.2.0.192.in-addr.arpa", DNS_TYPE_PTR);
  change->contact = CONTACT_ADDRESS_OWNER;
  now(arena, change, "wrong.hostile.example.", 3600);
  wanted(change, "mx2.hostile.example.");
  wanted(add(arena, plan, PLAN_ADD, "second.example", "_dmarc.second.example", DNS_TYPE_TXT), "v=DMARC1; p=reject");
}

struct plan *hostile_plan(struct arena *arena) {
  static const char *const servers[] = { "ns1.lab.gov.uk", "ns2.lab.gov.uk" };
  struct plan *plan = ARENA_NEW(arena, struct plan);
  plan->domain = "hostile.example";
  add_values(arena, plan);
  add_others(arena, plan);
  plan->zones = ARENA_ARRAY(arena, struct plan_zone, 1);
  plan->zones[plan->zone_count++] = (struct plan_zone){ "hostile.example", servers, MEM_COUNT(servers) };
  plan->tasks = ARENA_ARRAY(arena, struct plan_task, 1);
  plan->tasks[plan->task_count++] = (struct plan_task){ .id = "t", .sentence = "Do <i>this</i> & *that*", .text = "line one\r\n<script>\r\n", .section = "mtasts", .domain = "hostile.example" };
  return plan;
}
