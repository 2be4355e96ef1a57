#ifndef CLI_BATCH_H
#define CLI_BATCH_H
#include "src/cli/lib.h"

/* Examines the domains of the command line, or of standard input for "-", a bounded number at once, each reported as it finishes. What
 * domains share is asked once. Exit status as of check. */
int batch_run(struct cli *cli, bool as_json, struct fault *fault);
#endif
