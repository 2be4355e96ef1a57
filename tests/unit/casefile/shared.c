/* Settings and drafts: several copies of the program write to one file and lose nothing; what cannot be read is told with its place and kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/base/lib.h"
#include "src/casefile/casefile.h"
#include "src/casefile/shared.h"
#include "tests/support/folder.h"

enum { COPIES = 4, EACH = 25 };

static const char *in_folder(struct arena *arena, const char *name) {
  static unsigned number;
  static const char *folder;
  if (!folder) folder = test_folder();
  assert_non_null(folder);
  return arena_printf(arena, "%s/%u/%s", folder, number++, name);
}

static bool put_text(const char *path, const char *key, const char *text, struct fault *fault) {
  json_t *value = json_string(text);
  bool good = shared_put(path, key, value, fault);
  json_decref(value);
  return good;
}

static void copy_of_the_program(const char *path, int which) {
  struct fault fault = { "" };
  for (int i = 0; i < EACH; i++) {
    char key[32];
    snprintf(key, sizeof key, "%d-%d", which, i);
    if (!put_text(path, key, "kept", &fault)) _exit(1);
    if (i % 5 == 4 && !shared_put(path, key, NULL, &fault)) _exit(2);
  }
  _exit(0);
}

static void copies_lose_nothing(void **state) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  const char *path = in_folder(arena, "drafts.json");
  (void)state;
  for (int i = 0; i < COPIES; i++)
    if (fork() == 0) copy_of_the_program(path, i);
  for (int i = 0, status; i < COPIES; i++) {
    assert_true(wait(&status) > 0);
    assert_int_equal(status, 0);
  }
  json_t *all = shared_load(path, &fault);
  assert_int_equal(json_object_size(all), COPIES * EACH * 4 / 5);
  json_decref(all);
  arena_free(&arena);
}

/* Cut at every octet, and with every octet changed: told with the file, and kept beside when something is saved. */
static void damage_is_told_and_kept(void **state) {
  static const char text[] = "{\n \"colour\": \"none\",\n \"requester\": \"J\\u00f6 \\\"x\\\"\"\n}\n";
  struct arena *arena = arena_new();
  size_t refused = 0;
  (void)state;
  for (size_t i = 0; i < 2 * (sizeof text - 1); i++) {
    struct fault fault = { "" }, put = { "" };
    const char *path = in_folder(arena, "settings.json"), *aside = arena_printf(arena, "%s.damaged", path);
    char damaged[sizeof text];
    size_t length = i < sizeof text - 1 ? i : sizeof text - 1, after;
    memcpy(damaged, text, sizeof text);
    if (i >= sizeof text - 1) damaged[i - (sizeof text - 1)] ^= 0x55;
    assert_true(file_make_folders(arena_strndup(arena, path, (size_t)(strrchr(path, '/') - path)), &put));
    assert_true(file_create(path, damaged, length, 0600, &put));
    json_t *all = shared_load(path, &fault);
    assert_true(json_is_object(all));
    json_decref(all);
    if (*fault.text && (!strstr(fault.text, path) || !strstr(fault.text, "line ") || !text_is_safe(fault.text))) fail_msg("%zu: %s", i, fault.text);
    if (!put_text(path, "mouse", "on", &put)) fail_msg("%zu: %s", i, put.text);
    assert_int_equal(file_is_there(aside), *fault.text != '\0');
    char *kept = *fault.text ? file_read(aside, 1000, &after, &put) : NULL;
    if (*fault.text && (!kept || after != length || memcmp(kept, damaged, length) != 0)) fail_msg("%zu: not as it was", i);
    refused += kept != NULL;
    free(kept);
  }
  assert_true(refused > sizeof text);
  arena_free(&arena);
}

/* What is there and cannot be read is not written over, and nobody waits for it. */
static void no_file_is_left_alone(void **state) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  const char *path = in_folder(arena, "settings.json");
  struct stat status;
  (void)state;
  assert_true(file_make_folders(path, &fault)); /* a folder by its name */
  assert_false(put_text(path, "a", "b", &fault));
  assert_true(*fault.text);
  assert_int_equal(rmdir(path), 0);
  assert_int_equal(mkfifo(path, 0600), 0);
  json_decref(shared_load(path, &fault));
  assert_false(put_text(path, "a", "b", &fault));
  assert_int_equal(stat(path, &status), 0);
  assert_true(S_ISFIFO(status.st_mode));
  arena_free(&arena);
}

/* A link, as those have who keep their files elsewhere, stays one; so do owner and mode. */
static void links_stay(void **state) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  const char *path = in_folder(arena, "settings.json"), *real = in_folder(arena, "kept.json");
  struct stat status;
  (void)state;
  assert_true(put_text(real, "a", "b", &fault));
  assert_int_equal(chmod(real, 0640), 0);
  if (geteuid() == 0) assert_int_equal(chown(real, 65534, 65534), 0);
  assert_true(file_make_folders(arena_strndup(arena, path, (size_t)(strrchr(path, '/') - path)), &fault));
  assert_int_equal(symlink(real, path), 0);
  assert_true(put_text(path, "c", "d", &fault));
  assert_int_equal(lstat(path, &status), 0);
  assert_true(S_ISLNK(status.st_mode));
  assert_int_equal(stat(real, &status), 0);
  assert_int_equal(status.st_mode & 0777, 0640);
  if (geteuid() == 0) assert_int_equal(status.st_uid, 65534);
  json_t *all = shared_load(real, &fault);
  assert_int_equal(json_object_size(all), 2);
  json_decref(all);
  arena_free(&arena);
}

/* Two copies change different settings: both stay. A relative XDG folder is as good as none. */
static void settings_of_two_copies(void **state) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  const char *home = in_folder(arena, "home");
  (void)state;
  setenv("HOME", home, 1);
  setenv("XDG_CONFIG_HOME", "relative", 1);
  json_t *one = settings_load(&fault), *two = settings_load(&fault);
  json_object_set_new(one, "colour", json_string("none"));
  assert_true(settings_put(one, "colour", &fault));
  json_object_set_new(two, "mouse", json_string("on"));
  assert_true(settings_put(two, "mouse", &fault));
  json_decref(one);
  json_decref(two);
  json_t *both = settings_load(&fault);
  assert_string_equal(json_text(both, "colour", ""), "none");
  assert_string_equal(json_text(both, "mouse", ""), "on");
  assert_string_equal(fault.text, "");
  assert_true(file_is_there(arena_printf(arena, "%s/.config/mailstead/settings.json", home)));
  json_decref(both);
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(copies_lose_nothing), cmocka_unit_test(damage_is_told_and_kept), cmocka_unit_test(no_file_is_left_alone), cmocka_unit_test(links_stay), cmocka_unit_test(settings_of_two_copies) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
