#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/intl.h"
#include "src/practice/servers.h"

enum { LEAST_PORT = 20000, PORTS = 12000, MOST_TRIES = 64, BACKLOG = 256, UDP_BUFFER = 4 << 20 };

void sockets_close(struct socket_pair *pairs, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (pairs[i].udp >= 0) close(pairs[i].udp);
    if (pairs[i].tcp >= 0) close(pairs[i].tcp);
    pairs[i].udp = pairs[i].tcp = -1;
  }
}

static int open_socket(const struct ip *address, uint16_t port, int kind) {
  struct sockaddr_storage where;
  socklen_t length;
  int one = 1, room = UDP_BUFFER;
  ip_to_sockaddr(address, port, &where, &length);
  int fd = socket(where.ss_family, kind | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  if (kind == SOCK_STREAM) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  else setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (bind(fd, (const struct sockaddr *)&where, length) == 0 && (kind != SOCK_STREAM || listen(fd, BACKLOG) == 0)) return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

static bool try_port(struct socket_pair *pairs, size_t count, bool udp, uint16_t port) {
  for (size_t i = 0; i < count; i++) pairs[i].udp = pairs[i].tcp = -1;
  for (size_t i = 0; i < count; i++) {
    pairs[i].tcp = open_socket(&pairs[i].address, port, SOCK_STREAM);
    if (pairs[i].tcp >= 0 && udp) pairs[i].udp = open_socket(&pairs[i].address, port, SOCK_DGRAM);
    if (pairs[i].tcp >= 0 && (!udp || pairs[i].udp >= 0)) continue;
    int error = errno;
    sockets_close(pairs, count);
    errno = error;
    return false;
  }
  return true;
}

bool sockets_bind(struct socket_pair *pairs, size_t count, bool udp, uint16_t *port, struct fault *fault) {
  for (unsigned attempt = 0; attempt < MOST_TRIES; attempt++) {
    uint16_t chance = 0;
    if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance) chance = (uint16_t)(getpid() + (int)attempt * 7);
    *port = (uint16_t)(LEAST_PORT + chance % PORTS);
    if (try_port(pairs, count, udp, *port)) return true;
    if (errno != EADDRINUSE) break;
  }
  fault_set(fault, _("The practice estate cannot use this computer's loopback addresses: %s"), strerror(errno));
  return false;
}
