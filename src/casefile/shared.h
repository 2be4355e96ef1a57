#ifndef CASEFILE_SHARED_H
#define CASEFILE_SHARED_H
#include <jansson.h>
#include <stdbool.h>
#include "src/base/fault.h"

/* Small files of the user, one JSON object each, that several copies of the program may write to at once: settings, drafts. */

/* The object; an empty one when there is no file. One that cannot be read gives an empty one and a fault that says why, and where. The caller
 * drops the reference. */
json_t *shared_load(const char *path, struct fault *fault);
/* Sets one member (null: takes it out) in the file as it stands now, whoever wrote it. A file that is no JSON object is kept beside under another
 * name; one that cannot be read is left as it is. False and a fault: nothing was changed. Makes the folder. */
bool shared_put(const char *path, const char *key, const json_t *value, struct fault *fault);
#endif
