#include "src/casefile/private.h"

/* Partner domains as they were tested last. */

json_t *casefile_partners(const struct casefile *casefile) { return casefile_member(casefile, "partners", true); }

bool casefile_put_partners(struct casefile *casefile, json_t *partners, struct fault *fault) {
  json_object_set_new(casefile->root, "partners", partners);
  return casefile_save(casefile, fault);
}
