#include "ui/names.h"

#include <string.h>

#include "src/base/lib.h"

#define PARTING " ,;\t\r\n"

size_t names_words(struct arena *arena, const char *text, const char ***out) {
  size_t count = 0;
  *out = NULL;
  for (const char *at = text; *(at += strspn(at, PARTING));) {
    size_t length = strcspn(at, PARTING);
    *out = arena_grow(arena, (void *)*out, count, sizeof **out);
    (*out)[count++] = arena_strndup(arena, at, length);
    at += length;
  }
  return count;
}

static const char *changed_sentence(struct arena *arena, const char *typed, const char *name) {
  struct text_argument arguments[] = { { "typed", text_safe_string(arena, typed) }, { "name", name } };
  return text_fill(arena, _("Taken \"{typed}\" as {name}."), arguments, 2);
}

static bool holds(const char *const *names, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

/* The domain that is meant by the name of a record in it ("_dmarc.example.gov.uk") or by the address of its website. */
static const char *mail_domain(const char *name) {
  for (const char *label = name; *label; label = name_parent(label))
    if (*label == '_' && name_labels(label) > 2) name = name_parent(label);
  const char *above = name_parent(name);
  bool website = strncmp(name, "www.", 4) == 0 && name_labels(above) > 1 && !suffix_is_public(above);
  return website ? above : name;
}

/* RFC 5321 section 4.1.2: each part begins and ends with a letter or a digit. */
static bool has_loose_hyphen(const char *name) {
  for (const char *label = name; *label; label = name_parent(label)) {
    size_t length = strcspn(label, ".");
    if (label[0] == '-' || label[length - 1] == '-') return true;
  }
  return false;
}

static const char *one_name(struct arena *arena, const char *typed, struct fault *fault) {
  const char *name = name_from_user(arena, typed, fault);
  if (!name) return NULL;
  if (!has_loose_hyphen(name)) return mail_domain(name);
  fault_set(fault, _("Domain \"%s\" cannot be one: no part of it may begin or end with a hyphen"), text_safe_string(arena, typed));
  return NULL;
}

bool names_read(struct arena *arena, const char *text, const char ***out, size_t *out_count, const char **out_changed, struct fault *fault) {
  const char **words, **names, *changed = "";
  size_t count = names_words(arena, text, &words), kept = 0;
  names = ARENA_ARRAY(arena, const char *, count + 1);
  for (size_t i = 0; i < count; i++) {
    const char *name = one_name(arena, words[i], fault);
    if (!name) return false;
    if (!*changed && suffix_is_registry(name)) changed = text_fill(arena, _("Others register names under {name}: is it the one that you mean?"), &(struct text_argument){ "name", name }, 1);
    if (!text_equal(name, words[i]) && !*changed) changed = changed_sentence(arena, words[i], name);
    if (!holds(names, kept, name)) names[kept++] = name;
  }
  *out = names;
  *out_count = kept;
  if (out_changed) *out_changed = changed;
  return true;
}
