#include "checks/observe/connect.h"

#include <netinet/in.h>
#include <uv.h>

static bool machine_has_ipv6(void) {
  uv_interface_address_t *list = NULL;
  int count = 0;
  bool there = false;
  if (uv_interface_addresses(&list, &count) != 0) return false;
  for (int i = 0; i < count && !there; i++) {
    const struct sockaddr_in6 *address = &list[i].address.address6;
    if (address->sin6_family == AF_INET6 && !list[i].is_internal) there = !IN6_IS_ADDR_LINKLOCAL(&address->sin6_addr);
  }
  uv_free_interface_addresses(list, count);
  return there;
}

enum connect_outcome connect_outcome_of(int error, const struct ip *address) {
  switch (error) {
  case 0: return CONNECT_OK;
  case UV_ECONNREFUSED: return CONNECT_REFUSED;
  case UV_ETIMEDOUT: return CONNECT_TIMEOUT;
  case UV_EAFNOSUPPORT: return CONNECT_NO_FAMILY;
  case UV_EHOSTUNREACH: case UV_ENETUNREACH: case UV_EADDRNOTAVAIL: case UV_EHOSTDOWN: case UV_ENETDOWN:
    return address->family == 6 && !ip_is_loopback(address) && !machine_has_ipv6() ? CONNECT_NO_FAMILY : CONNECT_NO_ROUTE;
  case UV_EACCES: case UV_EPERM: return CONNECT_PROHIBITED;
  default: return CONNECT_OTHER;
  }
}
