#ifndef CLI_EVIDENCE_H
#define CLI_EVIDENCE_H
#include "src/cli/lib.h"

/* Evidence files: the store of one run with what the run knew besides, so that judging it again gives the same, byte for byte. See ARCHITECTURE.md for
 * the format. What is read comes from anybody: size, depth and count are limited. */
bool evidence_read(struct live *live, const char *path, struct fault *fault); /* closes the store: nothing is asked any more */
/* What an earlier run saw of the domain, to compare with; false and a fault also where it holds nothing about it. Released with `live`. */
bool evidence_read_earlier(struct live *live, const char *path, const char *domain, struct fault *fault);
#endif
