#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <stdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/lib.h"

static char folder[] = "/tmp/mailstead-test-XXXXXX";

static const char *in_folder(const char *name) {
  static char path[4][256];
  static unsigned turn;
  snprintf(path[turn % 4], sizeof path[0], "%s/%s", folder, name);
  return path[turn++ % 4];
}

static void assert_holds(const char *path, const char *expected) {
  struct fault fault = { "" };
  size_t length;
  char *text = file_read(path, 1 << 20, &length, &fault);
  assert_non_null(text);
  assert_int_equal(length, strlen(expected));
  assert_memory_equal(text, expected, length);
  free(text);
}

static void replaced_in_one_step(void **state) {
  struct fault fault = { "" };
  struct stat info;
  const char *path = in_folder("case.json");
  (void)state;
  assert_true(file_replace(path, "first", 5, &fault));
  assert_true(file_replace(path, "second", 6, &fault));
  assert_holds(path, "second");
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0600);
}

/* A disk that is full: the old file stays, nothing is left behind, and the fault names the file. */
static void full_disk_keeps_the_old_file(void **state) {
  struct fault fault = { "" };
  const char *path = in_folder("full.json");
  struct rlimit before, small;
  char big[8192];
  (void)state;
  memset(big, 'x', sizeof big);
  assert_true(file_replace(path, "old", 3, &fault));
  getrlimit(RLIMIT_FSIZE, &before);
  small = before;
  small.rlim_cur = 4096;
  setrlimit(RLIMIT_FSIZE, &small);
  bool replaced = file_replace(path, big, sizeof big, &fault);
  setrlimit(RLIMIT_FSIZE, &before);
  assert_false(replaced);
  assert_non_null(strstr(fault.text, "full.json"));
  assert_holds(path, "old");
}

static void created_once(void **state) {
  struct fault fault = { "" };
  const char *path = in_folder("key.pem");
  struct stat info;
  (void)state;
  assert_true(file_create(path, "one", 3, 0600, &fault));
  assert_false(file_create(path, "two", 3, 0600, &fault));
  assert_true(*fault.text);
  assert_holds(path, "one");
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0600);
}

static void reading_has_a_cap(void **state) {
  struct fault fault = { "" };
  size_t length;
  const char *path = in_folder("large");
  (void)state;
  assert_true(file_create(path, "0123456789", 10, 0644, &fault));
  assert_null(file_read(path, 9, &length, &fault));
  assert_non_null(strstr(fault.text, "large"));
  assert_null(file_read(in_folder("missing"), 9, &length, &fault));
  assert_null(file_read(folder, 9, &length, &fault)); /* a folder is no file */
  assert_true(file_is_there(path));
  assert_false(file_is_there(in_folder("missing")));
}

static void shipped_files_are_found(void **state) {
  struct arena *arena = arena_new();
  (void)state;
  assert_non_null(file_shipped(arena, "facts/services.json"));
  assert_null(file_shipped(arena, "facts/no-such-file.json"));
  arena_free(&arena);
}

static void json_keeps_bytes(void **state) {
  struct buf out = BUF_INIT(600);
  char bytes[256];
  (void)state;
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)i;
  json_t *json = json_bytes(bytes, sizeof bytes);
  char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
  json_decref(json);
  json = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
  assert_true(json_get_bytes(json, &out));
  assert_int_equal(out.length, sizeof bytes);
  assert_memory_equal(buf_string(&out), bytes, sizeof bytes);
  json_decref(json);
  free(text);
  buf_release(&out);
}

static void json_from_an_enemy(void **state) {
  struct fault fault = { "" };
  char deep[400];
  (void)state;
  memset(deep, '[', sizeof deep - 1);
  deep[sizeof deep - 1] = '\0';
  assert_null(json_parse(deep, strlen(deep), &fault));
  assert_true(*fault.text);
  static const char *const bad[] = { "", "{", "{\"a\":1,}", "nonsense", "{\"a\":\"\xff\"}", "[1] x" };
  for (size_t i = 0; i < MEM_COUNT(bad); i++) {
    fault.text[0] = '\0';
    if (json_parse(bad[i], strlen(bad[i]), &fault)) fail_msg("read: %s", bad[i]);
    assert_true(*fault.text && text_is_safe(fault.text));
  }
  static const char other_types[] = "{\"text\":7,\"number\":\"x\",\"flag\":1}";
  json_t *json = json_parse(other_types, strlen(other_types), &fault);
  assert_non_null(json);
  assert_string_equal(json_text(json, "text", "otherwise"), "otherwise"); /* of another type: as if it were not there */
  assert_int_equal(json_number(json, "number", -7), -7);
  assert_true(json_flag(json, "flag", true));
  json_decref(json);
}

static int make_folder(void **state) {
  (void)state;
  signal(SIGXFSZ, SIG_IGN);
  return mkdtemp(folder) ? 0 : 1;
}

static int remove_folder(void **state) {
  static const char *const names[] = { "case.json", "full.json", "key.pem", "large" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(names); i++) unlink(in_folder(names[i]));
  return rmdir(folder); /* fails when a temporary file was left behind */
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(replaced_in_one_step), cmocka_unit_test(full_disk_keeps_the_old_file), cmocka_unit_test(created_once), cmocka_unit_test(reading_has_a_cap),
    cmocka_unit_test(shipped_files_are_found), cmocka_unit_test(json_keeps_bytes), cmocka_unit_test(json_from_an_enemy),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
