/* Every format of a hostile request. Here JSON, Markdown and text are read back; with a folder as its argument the program writes all formats
 * and what they must say there, for tests/lab/formats.py, which reads them back with the tools that they are made for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <md4c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/request/private.h"
#include "src/request/requested.h"
#include "tests/unit/request/hostile.h"

static const int64_t when = (int64_t)1795428000 * 1000; /* 2026-11-23T10:00:00Z */

static struct request_details details(void) {
  return (struct request_details){ .requester = hostile_requester, .recipient = hostile_requester, .time = when, .number = 3 };
}

static void write_as(const char *format, struct arena *arena, const struct plan *plan, struct buf *out) {
  struct request_details about = details();
  struct request request = request_make(arena, plan, &about);
  request_format_find(format)->write(&request, out);
  assert_false(out->overflowed);
}

/* ---- read back here ---- */

static void same_texts(const char **a, size_t a_count, const char **b, size_t b_count) {
  assert_int_equal(a_count, b_count);
  for (size_t i = 0; i < a_count; i++) assert_string_equal(a[i], b[i]);
}

static const struct plan_change *change_of(const struct requested *requested, const struct plan_change *sought) {
  for (size_t i = 0; i < requested->count; i++) {
    const struct plan_change *change = &requested->changes[i];
    if (change->type == sought->type && change->action == sought->action && strcmp(change->name, sought->name) == 0) return change;
  }
  return NULL;
}

static void test_json(void **state) {
  struct arena *arena = arena_new();
  struct plan *plan = hostile_plan(arena);
  struct buf out = BUF_INIT(16 << 20);
  struct fault fault = { "" };
  struct requested requested;
  (void)state;
  write_as("json", arena, plan, &out);
  for (size_t i = 0; i < out.length; i++) assert_true(out.data[i] == '\n' || is_print(out.data[i]));
  json_t *json = json_parse(buf_string(&out), out.length, &fault);
  if (!json || !requested_read(arena, json, &requested, &fault)) fail_msg("%s", fault.text);
  assert_int_equal(requested.count, plan->change_count);
  assert_string_equal(requested.reference, "hostile.example-2026-11-23-3");
  assert_int_equal(requested.time, when);
  assert_int_equal(requested.due, when + (int64_t)REQUEST_DAYS * 86400000);
  for (size_t i = 0; i < plan->change_count; i++) {
    const struct plan_change *wanted = &plan->changes[i], *read = change_of(&requested, wanted);
    assert_non_null(read);
    assert_string_equal(read->zone, wanted->zone);
    assert_int_equal(read->now_ttl, wanted->now_ttl);
    same_texts(read->now, read->now_count, wanted->now, wanted->now_count);
    same_texts(read->wanted, read->wanted_count, wanted->wanted, wanted->wanted_count);
    same_texts(read->kept_data, read->kept_count, wanted->kept_data, wanted->kept_count);
  }
  json_decref(json);
  buf_release(&out);
  arena_free(&arena);
}

static void test_not_a_request(void **state) {
  static const char *const texts[] = { "{}", "[]", "{\"changes\":7}", "{\"changes\":[7]}", "{\"changes\":[{\"name\":\"a.example\",\"type\":\"TXT\",\"zone\":\"example\"}]}",
                                       "{\"changes\":[{\"name\":\"a.example\",\"type\":\"NONE\",\"zone\":\"example\",\"wanted\":[\"x\"]}]}",
                                       "{\"changes\":[{\"name\":\"a.example\",\"type\":\"TXT\",\"zone\":\"example\",\"wanted\":[7]}]}",
                                       "{\"changes\":[{\"name\":\"a..example\",\"type\":\"TXT\",\"zone\":\"example\",\"wanted\":[\"x\"]}]}" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(texts); i++) {
    struct arena *arena = arena_new();
    struct fault fault = { "" };
    struct requested requested;
    json_t *json = json_parse(texts[i], strlen(texts[i]), &fault);
    assert_non_null(json);
    assert_false(requested_read(arena, json, &requested, &fault));
    assert_true(*fault.text);
    json_decref(json);
    arena_free(&arena);
  }
}

struct markdown { struct buf block; const char *blocks[4096]; size_t count, headings, odd; struct arena *arena; bool in_code; };

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *context) {
  struct markdown *markdown = context;
  (void)detail;
  if (type == MD_BLOCK_CODE) {
    markdown->in_code = true;
    buf_clear(&markdown->block);
  }
  markdown->headings += type == MD_BLOCK_H;
  markdown->odd += type == MD_BLOCK_HTML || type == MD_BLOCK_QUOTE || type == MD_BLOCK_HR || type == MD_BLOCK_TABLE;
  return 0;
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *context) {
  struct markdown *markdown = context;
  (void)detail;
  if (type != MD_BLOCK_CODE) return 0;
  markdown->in_code = false;
  if (markdown->block.length && markdown->block.data[markdown->block.length - 1] == '\n') markdown->block.data[--markdown->block.length] = '\0';
  assert_true(markdown->count < MEM_COUNT(markdown->blocks));
  markdown->blocks[markdown->count++] = arena_strndup(markdown->arena, buf_string(&markdown->block), markdown->block.length);
  return 0;
}

static int on_span(MD_SPANTYPE type, void *detail, void *context) {
  struct markdown *markdown = context;
  (void)detail;
  markdown->odd += type != MD_SPAN_CODE;
  return 0;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context) {
  struct markdown *markdown = context;
  if (markdown->in_code) buf_bytes(&markdown->block, text, size);
  markdown->odd += type == MD_TEXT_HTML;
  return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context) {
  (void)type, (void)detail, (void)context;
  return 0;
}

static bool has_block(const struct markdown *markdown, const char *text) {
  for (size_t i = 0; i < markdown->count; i++)
    if (strcmp(markdown->blocks[i], text) == 0) return true;
  return false;
}

/* An indented code block gives its lines back but for blank ones: a value of spaces only, or none, is not shown but in its quoted form. */
static void test_markdown(void **state) {
  struct arena *arena = arena_new();
  struct plan *plan = hostile_plan(arena);
  struct buf out = BUF_INIT(16 << 20);
  struct markdown *markdown = ARENA_NEW(arena, struct markdown);
  buf_init(&markdown->block, 1 << 20);
  markdown->arena = arena;
  MD_PARSER parser = { .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_PERMISSIVEAUTOLINKS, .enter_block = on_enter_block, .leave_block = on_leave_block, .enter_span = on_span, .leave_span = leave_span, .text = on_text };
  (void)state;
  write_as("markdown", arena, plan, &out);
  assert_int_equal(md_parse(buf_string(&out), (MD_SIZE)out.length, &parser, markdown), 0);
  struct request_details about = details();
  struct request request = request_make(arena, plan, &about);
  for (size_t g = 0; g < request.group_count; g++)
    for (size_t i = 0; i < request.groups[g].item_count; i++) {
      const struct request_item *item = &request.groups[g].items[i];
      for (size_t n = 0; n < item->change->wanted_count; n++)
        if (!has_block(markdown, item->wanted[n].data)) fail_msg("%s: %s", item->full, item->wanted[n].data);
      for (size_t n = 0; n < item->change->now_count; n++)
        if (*item->now[n].entered && !has_block(markdown, item->now[n].entered)) fail_msg("%s: %s", item->full, item->now[n].entered);
      for (size_t n = 0; n < item->change->kept_count; n++) assert_true(has_block(markdown, item->change->kept_data[n]));
    }
  assert_int_equal(markdown->headings, 1 + request.group_count + request.item_count + 1);
  assert_int_equal(markdown->odd, 0);
  buf_release(&markdown->block);
  buf_release(&out);
  arena_free(&arena);
}

/* Every line that is not a value fits 72 columns, nothing but printable characters goes out, and each value stands alone on its line. */
static void test_text(void **state) {
  struct arena *arena = arena_new();
  struct plan *plan = hostile_plan(arena);
  struct buf out = BUF_INIT(16 << 20);
  struct request_details about = details();
  struct request request = request_make(arena, plan, &about);
  (void)state;
  write_as("text", arena, plan, &out);
  const char *text = buf_string(&out);
  assert_null(strpbrk(text, "\r\t\x1b\x7f"));
  assert_true(text_is_utf8(text, out.length));
  for (size_t g = 0; g < request.group_count; g++)
    for (size_t i = 0; i < request.groups[g].item_count; i++) {
      const struct request_item *item = &request.groups[g].items[i];
      for (size_t n = 0; n < item->change->wanted_count; n++) {
        assert_non_null(strstr(text, arena_printf(arena, ":\n%s\n", item->wanted[n].entered)));
        if (item->change->type == DNS_TYPE_TXT) assert_non_null(strstr(text, arena_printf(arena, ":\n%s\n", item->wanted[n].data)));
      }
    }
  for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
    const char *copy = arena_strndup(arena, line, strcspn(line, "\n"));
    bool value = *copy != ' ' && (*copy == '"' || strchr("0123456789", *copy) || strlen(copy) > 72);
    if (*copy == ' ' && strncmp(copy, "   Check:", 9) != 0 && strncmp(copy, "   ", 3) == 0 && !value && text_width(copy) > 72 && strncmp(copy, "     ", 5) != 0) fail_msg("%s", copy);
  }
  buf_release(&out);
  arena_free(&arena);
}

/* ---- for the other readers ---- */

static json_t *hex_list(const char *const *list, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++) {
    struct buf hex = BUF_INIT(1 << 20);
    for (const unsigned char *at = (const unsigned char *)list[i]; *at; at++) buf_printf(&hex, "%02x", *at);
    json_array_append_new(array, json_string(buf_string(&hex)));
    buf_release(&hex);
  }
  return array;
}

static json_t *truth(const struct plan *plan) {
  json_t *array = json_array();
  for (size_t i = 0; i < plan->change_count; i++) {
    char scratch[16];
    const struct plan_change *change = &plan->changes[i];
    json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:o, s:o, s:o}", "action", plan_action_name(change->action), "zone", change->zone, "name", change->name, "type",
                                           dns_type_name(change->type, scratch), "contact", plan_contact_name(change->contact), "ttl", (int)change->ttl, "now_ttl", (int)change->now_ttl, "now",
                                           hex_list(change->now, change->now_count), "wanted", hex_list(change->wanted, change->wanted_count), "kept_data", hex_list(change->kept_data, change->kept_count)));
  }
  return array;
}

static bool put_file(const char *folder, const char *name, const void *bytes, size_t length) {
  char *path = mem_printf("%s/%s", folder, name);
  struct fault fault = { "" };
  bool good = file_create(path, bytes, length, 0644, &fault);
  if (!good) fprintf(stderr, "%s\n", fault.text);
  free(path);
  return good;
}

static int write_all(const char *folder) {
  struct arena *arena = arena_new();
  struct plan *plan = hostile_plan(arena);
  json_t *json = truth(plan);
  char *text = json_dumps(json, 0);
  bool good = put_file(folder, "truth", text, strlen(text));
  for (size_t i = 0; request_format_at(i); i++) {
    struct buf out = BUF_INIT(16 << 20);
    write_as(request_format_at(i)->name, arena, plan, &out);
    good = put_file(folder, request_format_at(i)->name, buf_string(&out), out.length) && good;
    buf_release(&out);
  }
  free(text);
  json_decref(json);
  arena_free(&arena);
  return good ? 0 : 1;
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_json), cmocka_unit_test(test_not_a_request), cmocka_unit_test(test_markdown), cmocka_unit_test(test_text) };
  return argc > 1 ? write_all(argv[1]) : cmocka_run_group_tests(tests, NULL, NULL);
}
