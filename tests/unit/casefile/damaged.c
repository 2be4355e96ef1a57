/* A case file that was damaged: cut at every octet it is refused, with its place; with a value of another kind it is refused or read; and always
 * it lies there afterwards as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/base/lib.h"
#include "src/casefile/casefile.h"

static char folder[] = "/tmp/mailstead-damaged-XXXXXX";
static const char sample[] =
  "{\"version\":1,\"kind\":\"mailstead case\",\"domains\":[{\"name\":\"example.gov.uk\",\"profile\":\"mail\"}],\n"
  " \"services\":[{\"id\":\"x\",\"name\":\"Payroll\",\"kind\":\"cloud\",\"domain\":\"example.gov.uk\",\"addresses\":\"192.0.2.1\",\"selectors\":\"s1\",\"sends\":\"yes\"}],\n"
  " \"answers\":{\"example.gov.uk\":{\"profile\":\"mail\",\"a\":true,\"n\":7}},\"tasks\":{\"example.gov.uk\":{\"t\":{\"done\":true,\"time\":1795544734301}}},\n"
  " \"history\":[{\"domain\":\"example.gov.uk\",\"time\":1795544734301,\"status\":\"fail\",\"findings\":[{\"rule\":\"spf-missing\",\"severity\":\"fail\"}]}],\n"
  " \"requests\":[{\"domain\":\"example.gov.uk\",\"time\":1795544734301,\"changes\":[{\"name\":\"_dmarc\",\"type\":\"TXT\",\"add\":[\"v=DMARC1; p=none\"]}]}],\n"
  " \"old_domains\":[{\"name\":\"example.gsi.gov.uk\",\"forwards\":true}],\"partners\":[\"a.gov.uk\"],\"unknown\":{\"kept\":[1.5,null]}}\n";

static const char *case_path(void) {
  static char path[128];
  snprintf(path, sizeof path, "%s/case.json", folder);
  return path;
}

static void write_case(const char *text, size_t length) {
  FILE *file = fopen(case_path(), "we");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, length, file), length);
  assert_int_equal(fclose(file), 0);
}

/* True: read. */
static bool open_and_look(const char *text, size_t length) {
  struct fault fault = { "" };
  size_t after_length;
  write_case(text, length);
  struct casefile *casefile = casefile_open(case_path(), &fault);
  bool good = casefile;
  if (!good && (!*fault.text || !text_is_safe(fault.text))) fail_msg("says nothing of %.*s", (int)length, text);
  casefile_close(&casefile);
  char *after = file_read(case_path(), 1 << 20, &after_length, &fault);
  if (!after || after_length != length || memcmp(after, text, length) != 0) fail_msg("was written over: %.*s", (int)length, text);
  free(after);
  return good;
}

static void whole_is_read(void **state) {
  (void)state;
  assert_true(open_and_look(sample, sizeof sample - 1));
}

static void cut_is_refused_and_kept(void **state) {
  (void)state;
  for (size_t cut = 0; cut + 2 < sizeof sample; cut++)
    if (open_and_look(sample, cut)) fail_msg("read: %.*s", (int)cut, sample);
}

/* Each value, wherever it stands, becomes one of another kind. */
static void other_kinds_do_no_harm(void **state) {
  static const char *const kinds[] = { "null", "true", "-1", "1e300", "\"\"", "[]", "{}", "[[]]", "9223372036854775807" };
  unsigned turn = 0;
  (void)state;
  for (const char *colon = strchr(sample, ':'); colon; colon = strchr(colon + 1, ':')) {
    const char *end = colon + 1 + (colon[1] == '"' ? strcspn(colon + 2, "\"") + 2 : strcspn(colon + 1, ",}]"));
    if (colon[1] == '[' || colon[1] == '{') end = colon + 1; /* handled by what it holds: put before it, it is no JSON and refused */
    struct buf out = BUF_INIT(8192);
    buf_bytes(&out, sample, (size_t)(colon + 1 - sample));
    buf_text(&out, kinds[turn++ % MEM_COUNT(kinds)]);
    buf_text(&out, end);
    (void)open_and_look(buf_string(&out), out.length);
    buf_release(&out);
  }
}

static int make_folder(void **state) {
  (void)state;
  return mkdtemp(folder) ? 0 : 1;
}

static int remove_folder(void **state) {
  char lock[160];
  (void)state;
  snprintf(lock, sizeof lock, "%s.lock", case_path());
  unlink(lock);
  unlink(case_path());
  return rmdir(folder); /* fails when something was left behind */
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(whole_is_read), cmocka_unit_test(cut_is_refused_and_kept), cmocka_unit_test(other_kinds_do_no_harm) };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
