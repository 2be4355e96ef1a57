/* A resolver that answers late, for benchmarks: hands each datagram on to a name server on this computer and gives the answer back after DELAY ms.
 * late PORT SERVER_PORT DELAY_MS: listens on 127.0.0.1:PORT until it is killed; says "ready" when it does. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { MOST_WAITING = 1 << 15, LARGEST = 1300, RECEIVE_BUFFER = 1 << 22 };

/* Answers in the order in which they came: all wait for the same time, so the first is due first. */
struct parcel { int64_t due_us; uint16_t to, length; uint8_t bytes[LARGEST]; };
static struct parcel ring[MOST_WAITING];
static uint32_t first, last;

/* Who asked, by the id under which the question was handed on; the id that it had itself. */
static struct asker { uint16_t port, id; } askers[65536];

static int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int open_socket(uint16_t port, uint16_t peer) {
  struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(peer), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), size = RECEIVE_BUFFER;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) != 0 || (peer && connect(fd, (struct sockaddr *)&there, sizeof there) != 0)) {
    perror("late");
    exit(1);
  }
  return fd;
}

static void take_questions(int front, int back) {
  static uint16_t next_id;
  uint8_t bytes[LARGEST];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  ssize_t got;
  while ((got = recvfrom(front, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size)) > 2) {
    uint16_t id = next_id++;
    askers[id].port = from.sin_port;
    memcpy(&askers[id].id, bytes, 2);
    memcpy(bytes, &id, 2);
    while (send(back, bytes, (size_t)got, 0) < 0) {}
  }
}

static void take_answers(int back, int64_t delay_us) {
  ssize_t got;
  while (last - first < MOST_WAITING) {
    struct parcel *parcel = &ring[last % MOST_WAITING];
    uint16_t id;
    if ((got = recv(back, parcel->bytes, LARGEST, 0)) <= 2) return;
    memcpy(&id, parcel->bytes, 2);
    memcpy(parcel->bytes, &askers[id].id, 2);
    parcel->to = askers[id].port;
    parcel->length = (uint16_t)got;
    parcel->due_us = now_us() + delay_us;
    last++;
  }
}

static void send_due(int front) {
  for (int64_t now = now_us(); first != last && ring[first % MOST_WAITING].due_us <= now; first++) {
    const struct parcel *parcel = &ring[first % MOST_WAITING];
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = parcel->to, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    (void)!sendto(front, parcel->bytes, parcel->length, 0, (struct sockaddr *)&to, sizeof to);
  }
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int front = open_socket((uint16_t)strtoul(argv[1], NULL, 10), 0), back = open_socket(0, (uint16_t)strtoul(argv[2], NULL, 10));
  int64_t delay_us = strtol(argv[3], NULL, 10) * 1000;
  struct pollfd both[] = { { .fd = front, .events = POLLIN }, { .fd = back, .events = POLLIN } };
  puts("ready");
  fflush(stdout);
  for (;;) {
    bool idle = first == last;
    int64_t wait_us = idle ? 0 : ring[first % MOST_WAITING].due_us - now_us();
    if (wait_us < 0) wait_us = 0; /* what is due already waits for nobody */
    struct timespec wait = { .tv_sec = wait_us / 1000000, .tv_nsec = wait_us % 1000000 * 1000 };
    ppoll(both, 2, idle ? NULL : &wait, NULL);
    take_questions(front, back);
    take_answers(back, delay_us);
    send_due(front);
  }
}
