/* The way to a resolver, and its temper, for tests and benchmarks: hands each datagram on to a name server on this computer and gives the answer back.
 *   relay SERVER_PORT [delay=MS] [loss=PERCENT] [rate=N] [over=drop|refused|servfail]
 * Answers come MS late; of questions and of answers PERCENT are lost; N questions are served in each whole second, and those over it are dropped or
 * answered with an error. It says the port of 127.0.0.1 on which it listens until it is killed. */
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

enum { MOST_WAITING = 1 << 15, LARGEST = 1300, RECEIVE_BUFFER = 1 << 22, SECOND_US = 1000000 };
enum { QUERY_RESPONSE = 0x80, SERVFAIL = 2, REFUSED = 5 }; /* RFC 1035 section 4.1.1 */

enum over { OVER_DROP, OVER_REFUSED, OVER_SERVFAIL };
static const char *const over_names[] = { "drop", "refused", "servfail" };

static struct {
  long delay_ms, loss, rate;
  enum over over;
} manner;

/* Answers in the order in which they came: all wait for the same time, so the first is due first. */
struct parcel { int64_t due_us; uint16_t to, length; uint8_t bytes[LARGEST]; };
static struct parcel ring[MOST_WAITING];
static uint32_t first, last;

/* Who asked, by the id under which the question was handed on; the id that it had itself. */
static struct asker { uint16_t port, id; } askers[65536];

static int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* xorshift32 */
static bool is_lost(void) {
  static uint32_t state = 2463534242;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return (long)(state % 1000) < manner.loss * 10;
}

static bool is_over_rate(void) {
  static int64_t second;
  static long served;
  int64_t now = now_us() / SECOND_US;
  if (!manner.rate) return false;
  if (now != second) served = 0;
  second = now;
  return served++ >= manner.rate;
}

static int open_socket(uint16_t peer) {
  struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(peer), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), size = RECEIVE_BUFFER;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) != 0 || (peer && connect(fd, (struct sockaddr *)&there, sizeof there) != 0)) {
    perror("relay");
    exit(1);
  }
  return fd;
}

static struct parcel *room_for_one(void) { return last - first < MOST_WAITING ? &ring[last % MOST_WAITING] : NULL; }

static void post(struct parcel *parcel, uint16_t to, size_t length) {
  parcel->to = to;
  parcel->length = (uint16_t)length;
  parcel->due_us = now_us() + manner.delay_ms * 1000;
  last++;
}

/* The question itself, marked as an answer that tells of no record. */
static void turn_away(const uint8_t *question, size_t length, uint16_t port) {
  struct parcel *parcel = room_for_one();
  if (manner.over == OVER_DROP || !parcel || length < 12) return;
  memcpy(parcel->bytes, question, length);
  parcel->bytes[2] = (uint8_t)(parcel->bytes[2] | QUERY_RESPONSE);
  parcel->bytes[3] = manner.over == OVER_REFUSED ? REFUSED : SERVFAIL;
  post(parcel, port, length);
}

static void take_questions(int front, int back) {
  static uint16_t next_id;
  uint8_t bytes[LARGEST];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  ssize_t got;
  while ((got = recvfrom(front, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size)) > 2) {
    if (is_lost()) continue;
    if (is_over_rate()) {
      turn_away(bytes, (size_t)got, from.sin_port);
      continue;
    }
    uint16_t id = next_id++;
    askers[id].port = from.sin_port;
    memcpy(&askers[id].id, bytes, 2);
    memcpy(bytes, &id, 2);
    while (send(back, bytes, (size_t)got, 0) < 0) {}
  }
}

static void take_answers(int back) {
  struct parcel *parcel;
  ssize_t got;
  while ((parcel = room_for_one()) && (got = recv(back, parcel->bytes, LARGEST, 0)) > 2) {
    uint16_t id;
    memcpy(&id, parcel->bytes, 2);
    memcpy(parcel->bytes, &askers[id].id, 2);
    if (!is_lost()) post(parcel, askers[id].port, (size_t)got);
  }
}

static void send_due(int front) {
  for (int64_t now = now_us(); first != last && ring[first % MOST_WAITING].due_us <= now; first++) {
    const struct parcel *parcel = &ring[first % MOST_WAITING];
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = parcel->to, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    (void)!sendto(front, parcel->bytes, parcel->length, 0, (struct sockaddr *)&to, sizeof to);
  }
}

static bool read_number(const char *word, const char *name, long *out) {
  size_t length = strlen(name);
  if (strncmp(word, name, length) != 0) return false;
  *out = strtol(word + length, NULL, 10);
  return true;
}

static bool read_over(const char *word) {
  if (strncmp(word, "over=", 5) != 0) return false;
  for (size_t i = 0; i < sizeof over_names / sizeof *over_names; i++) {
    if (strcmp(word + 5, over_names[i]) != 0) continue;
    manner.over = (enum over)i;
    return true;
  }
  return false;
}

static bool read_manner(int count, char **words) {
  for (int i = 0; i < count; i++)
    if (!read_number(words[i], "delay=", &manner.delay_ms) && !read_number(words[i], "loss=", &manner.loss) &&
        !read_number(words[i], "rate=", &manner.rate) && !read_over(words[i])) return false;
  return true;
}

static unsigned port_of(int fd) {
  struct sockaddr_in here = { 0 };
  socklen_t size = sizeof here;
  getsockname(fd, (struct sockaddr *)&here, &size);
  return ntohs(here.sin_port);
}

int main(int argc, char **argv) {
  if (argc < 2 || !read_manner(argc - 2, argv + 2)) return 2;
  int front = open_socket(0), back = open_socket((uint16_t)strtoul(argv[1], NULL, 10));
  struct pollfd both[] = { { .fd = front, .events = POLLIN }, { .fd = back, .events = POLLIN } };
  printf("%u\n", port_of(front));
  fflush(stdout);
  for (;;) {
    bool idle = first == last;
    int64_t wait_us = idle ? 0 : ring[first % MOST_WAITING].due_us - now_us();
    if (wait_us < 0) wait_us = 0; /* what is due already waits for nobody */
    struct timespec wait = { .tv_sec = wait_us / SECOND_US, .tv_nsec = wait_us % SECOND_US * 1000 };
    ppoll(both, 2, idle ? NULL : &wait, NULL);
    take_questions(front, back);
    take_answers(back);
    send_due(front);
  }
}
