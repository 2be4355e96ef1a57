#ifndef OBSERVE_CONNECT_H
#define OBSERVE_CONNECT_H
#include <stdbool.h>
#include "checks/store.h"
#include "src/base/ip.h"

/* What a libuv error of a connection means. An IPv6 address that cannot be reached is this machine's lack when it has no IPv6. */
enum connect_outcome connect_outcome_of(int error, const struct ip *address);
#endif
