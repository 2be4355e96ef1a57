#include "checks/observe/dns_servers.h"

#include <ares.h>
#include <netinet/in.h>
#include <string.h>

#include "src/base/intl.h"

enum { USUAL_PORT = 53 };

static size_t read_list(const char *list, struct dns_endpoint *out, struct fault *fault) {
  size_t count = 0;
  while (*list && count < MOST_RESOLVERS) {
    char one[IP_TEXT + 12];
    size_t length = strcspn(list, ",");
    size_t kept = length < sizeof one ? length : sizeof one - 1;
    memcpy(one, list, kept);
    one[kept] = '\0';
    out[count].port = USUAL_PORT;
    if (length != kept || !ip_parse_endpoint(one, &out[count].address, &out[count].port)) {
      fault_set(fault, _("\"%s\" is not the address of a DNS server. Give an IP address, with :PORT after it if it is not 53"), one);
      return 0;
    }
    count++;
    list += length;
    if (*list == ',') list++;
  }
  if (count == 0) fault_set(fault, _("No DNS server was given"));
  return count;
}

static struct dns_endpoint endpoint_of(const struct ares_addr_port_node *node) {
  struct dns_endpoint endpoint = { .address = { .family = node->family == AF_INET6 ? 6 : 4 }, .port = USUAL_PORT };
  if (node->family == AF_INET6) memcpy(endpoint.address.bytes, &node->addr.addr6, 16);
  else memcpy(endpoint.address.bytes, &node->addr.addr4, 4);
  if (node->udp_port) endpoint.port = (uint16_t)node->udp_port;
  return endpoint;
}

static size_t read_system(struct dns_endpoint *out, struct fault *fault) {
  ares_channel probe;
  struct ares_addr_port_node *servers = NULL;
  size_t count = 0;
  if (ares_init(&probe) == ARES_SUCCESS) {
    if (ares_get_servers_ports(probe, &servers) == ARES_SUCCESS) {
      for (struct ares_addr_port_node *at = servers; at && count < MOST_RESOLVERS; at = at->next) out[count++] = endpoint_of(at);
      ares_free_data(servers);
    }
    ares_destroy(probe);
  }
  if (count == 0) fault_set(fault, _("This computer has no DNS server set. Give one with --resolver"));
  return count;
}

size_t dns_servers_read(const char *list, struct dns_endpoint out[MOST_RESOLVERS], struct fault *fault) {
  return list ? read_list(list, out, fault) : read_system(out, fault);
}
