#ifndef CLI_RESUME_H
#define CLI_RESUME_H
#include <stdbool.h>
#include "src/base/fault.h"

/* The domains that an earlier output of a batch holds already. Its last line may have been cut: that domain is examined again. */
struct resume;

struct resume *resume_read(const char *path, struct fault *fault); /* null: it cannot be opened */
bool resume_holds(const struct resume *resume, const char *domain);  /* `resume` may be null */
/* True: the file ends in the middle of a line and is the one that standard output appends to, so that a new line must be begun first. */
bool resume_cut_output(const struct resume *resume);
void resume_free(struct resume **resume);
#endif
