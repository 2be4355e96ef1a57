#include "src/base/suffix.h"

#include <libpsl.h>
#include <string.h>

#include "src/base/name.h"

/* The list compiled into libpsl: a constant of the library, loaded by nobody and freed by nobody. */
bool suffix_is_public(const char *name) {
  return *name && psl_is_public_suffix2(psl_builtin(), name, PSL_TYPE_ANY);
}

const char *suffix_of(const char *name) {
  const char *suffix = psl_unregistrable_domain(psl_builtin(), name);
  return suffix ? suffix : name_last_labels(name, 1);
}

const char *suffix_registrable(const char *name) {
  const char *domain = psl_registrable_domain(psl_builtin(), name);
  return domain ? domain : name;
}
