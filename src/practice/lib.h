/* src/practice: the practice estate, a small world of domains with faults: DNS (a resolver and name servers), SMTP with STARTTLS and HTTPS on
 * this computer's loopback addresses, from a scenario file. The only servers of the program. May use src/base and the options of
 * checks/observe. */
#ifndef PRACTICE_LIB_H
#define PRACTICE_LIB_H
#include <sys/types.h>
#include "checks/observe/lib.h"
#include "src/base/fault.h"
#include "src/base/json.h"
#include "src/practice/scenario.h"

struct estate;

/* Starts the scenario's servers in a process of their own, which ends with this one. They answer as soon as this returns. Takes the
 * scenario over in any case. Null and a fault when the sockets or certificates could not be had. */
struct estate *estate_start(struct scenario *scenario, struct fault *fault);
/* Ends the process and removes the CA file. Accepts null. */
void estate_stop(struct estate **estate);

/* How to look at this world: resolver, ports, CA file. Lives as long as the estate. */
const struct observe_options *estate_options(const struct estate *estate);
const char *estate_provider(const struct estate *estate); /* path of the provider's socket: see provider_send */
pid_t estate_process(const struct estate *estate);
/* Addresses, ports, hosts, the CA file and the provider's socket: what `practice serve --ports` writes. */
json_t *estate_json(const struct estate *estate);

/* The path of a scenario: `given` when it is not null, else the shipped file NAME.scenario in $MAILSTEAD_DATA/practice, the installed data
 * folder, or data/practice near the program. Null and a fault when there is none. In the arena. */
const char *scenario_path(struct arena *arena, const char *given, const char *name, struct fault *fault);
struct scenario *scenario_load(const char *path, struct fault *fault);
#endif
