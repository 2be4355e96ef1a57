/* A list of partner domains as somebody pasted it: what is kept are domains, each once, and every note says what was typed. */
#include "src/request/partners.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_domains(const struct partner_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    const char *domain = list->domains[i];
    if (!name_is_valid(domain) || name_labels(domain) < 2 || !text_is_safe(domain)) abort();
    for (size_t n = 0; n < i && i < 200; n++)
      if (strcmp(list->domains[n], domain) == 0) abort();
  }
}

static void check_notes(const struct partner_list *list, size_t lines) {
  for (size_t i = 0; i < list->note_count; i++) {
    const struct partner_note *note = &list->notes[i];
    if (!note->typed || note->line == 0 || note->line > lines || (!note->domain && !(note->why && *note->why))) abort();
  }
}

static void check_lists(const struct partner_list *list) {
  static const char *const systems[] = { "postfix", "exchange-online", "exim" };
  struct partner_result results[64] = { { NULL } };
  size_t count = list->count < MEM_COUNT(results) ? list->count : MEM_COUNT(results);
  for (size_t i = 0; i < count; i++) results[i] = (struct partner_result){ .domain = list->domains[i], .needs_exception = i % 2, .valid_certificate = true, .host = list->domains[i], .reason = "" };
  for (size_t i = 0; i < MEM_COUNT(systems); i++) {
    struct buf out = BUF_INIT(1 << 20);
    (void)partners_write_list(&out, systems[i], PARTNERS_EXCEPTIONS, results, count);
    (void)partners_write_list(&out, systems[i], PARTNERS_VALID, results, count);
    partners_write_text(&out, results, count, NULL);
    for (size_t n = 0; n < out.length; n++)
      if ((unsigned char)out.data[n] < 0x20 && out.data[n] != '\n') abort();
    buf_release(&out);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  struct partner_list list;
  size_t lines = 1;
  for (size_t i = 0; i < size; i++) lines += data[i] == '\n' || data[i] == '\r';
  partners_read(arena, (const char *)data, size, &list);
  check_domains(&list);
  check_notes(&list, lines);
  check_lists(&list);
  arena_free(&arena);
  return 0;
}
