#ifndef CLI_RESUME_H
#define CLI_RESUME_H
#include <stdbool.h>
#include "src/base/fault.h"

/* The domains that an earlier output of a batch holds already. Its last line may have been cut: that domain is examined again. */
struct resume;

/* Null, with a fault: it cannot be read, or holds no report of a batch, or what it holds was judged for other topics than these. */
struct resume *resume_read(const char *path, unsigned topics, struct fault *fault);
bool resume_holds(const struct resume *resume, const char *domain);  /* `resume` may be null */
/* Where standard output goes on in that file, takes away the line that was cut, so that all of it can be read; a file that is not appended to gets an end
 * of line. `resume` may be null. */
void resume_mend_output(const struct resume *resume);
void resume_free(struct resume **resume);
#endif
