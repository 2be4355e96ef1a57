#include "src/base/suffix.h"

#include <libpsl.h>
#include <string.h>

#include "src/base/name.h"

/* The list compiled into libpsl: a constant of the library, loaded by nobody and freed by nobody. */
bool suffix_is_public(const char *name) {
  return *name && psl_is_public_suffix2(psl_builtin(), name, PSL_TYPE_ANY);
}

bool suffix_is_registry(const char *name) { return *name && psl_is_public_suffix2(psl_builtin(), name, PSL_TYPE_ICANN); }

bool suffix_is_listed(const char *name) { return *name && psl_is_public_suffix2(psl_builtin(), name, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE); }

const char *suffix_registrable(const char *name) {
  const char *domain = psl_registrable_domain(psl_builtin(), name);
  return domain ? domain : name;
}

/* The list is asked only where the ends do not settle it: no suffix reaches over two top-level domains. */
bool suffix_same(const char *a, const char *b) {
  if (strcmp(a, b) == 0) return true;
  if (strcmp(name_last_labels(a, 1), name_last_labels(b, 1)) != 0) return false;
  return name_equal(suffix_registrable(a), suffix_registrable(b));
}
