#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "src/base/mem.h"
#include "src/practice/lib.h"

/* The estate's process, asked over real sockets. */

static const char world[] =
  "zone z.example\nserver ns1.z.example 127.0.7.5\ndns z.example TXT hello\nfault slow.z.example any delay=60\nfault quiet.z.example any silent\n"
  "smtp good.z.example 127.0.7.10\nsmtp old.z.example 127.0.7.11 tls=1.0\nsmtp plain.z.example 127.0.7.12 starttls=no\n"
  "smtp busy.z.example 127.0.7.13 banner=\"421 later\"\nsmtp slow.z.example 127.0.7.14 pace=5\nsmtp shut.z.example 127.0.7.15 close=connect\n"
  "smtp expired.z.example 127.0.7.16 certificate=expired\nsmtp self.z.example 127.0.7.17 certificate=self-signed\nsmtp name.z.example 127.0.7.18 certificate=wrong-name\n"
  "smtp chain.z.example 127.0.7.19 certificate=missing-intermediate\nsmtp weak.z.example 127.0.7.20 certificate=rsa-1024\n"
  "smtp private.z.example 127.0.7.21 certificate=private-ca\n"
  "https web.z.example 127.0.7.30\npage /policy type=\"text/plain; charset=us-ascii\"\n| version: STSv1\npage /big size=70000\npage /moved status=301 location=https://web.z.example/policy\n"
  "https rdap.z.example 127.0.7.31\npage /domain/z.example type=application/rdap+json\n| {}\n";

static struct estate *estate;
static const struct observe_options *options;

static int set_up(void **state) {
  struct fault fault = { "" };
  (void)state;
  signal(SIGPIPE, SIG_IGN);
  struct scenario *scenario = scenario_read(world, sizeof world - 1, &fault);
  estate = scenario ? estate_start(scenario, &fault) : NULL;
  if (!estate) print_error("%s\n", fault.text);
  if (estate) options = estate_options(estate);
  return estate ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  char *file = mem_strdup(options->ca_file);
  pid_t process = estate_process(estate);
  estate_stop(&estate);
  bool gone = access(file, F_OK) != 0 && kill(process, 0) != 0 && errno == ESRCH;
  free(file);
  return gone ? 0 : -1;
}

static int open_socket(const char *address, uint16_t port, int kind) {
  struct sockaddr_storage where;
  socklen_t length;
  struct ip ip = { .family = 0 };
  struct timeval limit = { .tv_sec = 5 };
  assert_true(ip_parse(address, &ip));
  ip_to_sockaddr(&ip, port, &where, &length);
  int fd = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  assert_int_equal(connect(fd, (const struct sockaddr *)&where, length), 0);
  return fd;
}

/* ---- DNS ---- */

static size_t query_bytes(const char *name, uint8_t out[512]) {
  struct buf wire = BUF_INIT(512);
  struct dns_query query = { .id = 4242, .name = name, .type = DNS_TYPE_TXT, .recursion_desired = true };
  assert_true(dns_write_query(&wire, &query));
  memcpy(out, wire.data, wire.length);
  size_t length = wire.length;
  buf_release(&wire);
  return length;
}

static void expect_hello(const uint8_t *bytes, size_t length, bool authoritative) {
  struct arena *arena = arena_new();
  struct dns_message message;
  assert_true(dns_parse(arena, bytes, length, &message));
  assert_int_equal(message.id, 4242);
  assert_int_equal(message.authoritative, authoritative);
  assert_int_equal(message.answers, 1);
  assert_string_equal(message.answer[0].txt.bytes, "hello");
  arena_free(&arena);
}

static void test_udp(void **state) {
  static const char *const servers[] = { "127.0.0.1", "127.0.7.5" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(servers); i++) {
    uint8_t query[512], answer[1500];
    size_t length = query_bytes("z.example", query);
    int fd = open_socket(servers[i], options->dns_port, SOCK_DGRAM);
    assert_int_equal(send(fd, query, length, 0), length);
    ssize_t got = recv(fd, answer, sizeof answer, 0);
    assert_true(got > 12);
    expect_hello(answer, (size_t)got, i == 1);
    close(fd);
  }
}

/* A silent name and a delayed one do not hold up others: the answers come back in the order of their delays. */
static void test_delay_and_silence(void **state) {
  static const char *const names[] = { "quiet.z.example", "slow.z.example", "z.example" };
  uint8_t query[512], answer[1500];
  (void)state;
  int fd = open_socket("127.0.0.1", options->dns_port, SOCK_DGRAM);
  for (size_t i = 0; i < MEM_COUNT(names); i++) {
    size_t length = query_bytes(names[i], query);
    assert_int_equal(send(fd, query, length, 0), length);
  }
  ssize_t got = recv(fd, answer, sizeof answer, 0);
  assert_true(got > 12);
  expect_hello(answer, (size_t)got, false);
  got = recv(fd, answer, sizeof answer, 0);
  assert_true(got > 17 && memcmp(answer + 12, "\4slow", 5) == 0);
  close(fd);
}

static void read_all(int fd, uint8_t *out, size_t length) {
  for (size_t at = 0; at < length;) {
    ssize_t got = recv(fd, out + at, length - at, 0);
    assert_true(got > 0);
    at += (size_t)got;
  }
}

/* Two queries at once, the second in pieces. */
static void test_tcp(void **state) {
  uint8_t all[1200], query[512], head[2], answer[1500];
  size_t length = query_bytes("z.example", query), at = 0;
  (void)state;
  for (int i = 0; i < 2; i++) {
    all[at++] = (uint8_t)(length >> 8);
    all[at++] = (uint8_t)length;
    memcpy(all + at, query, length);
    at += length;
  }
  int fd = open_socket("127.0.7.5", options->dns_port, SOCK_STREAM);
  assert_int_equal(send(fd, all, at - 5, 0), at - 5);
  usleep(20000);
  assert_int_equal(send(fd, all + at - 5, 5, 0), 5);
  for (int i = 0; i < 2; i++) {
    read_all(fd, head, 2);
    size_t size = (size_t)head[0] << 8 | head[1];
    assert_true(size < sizeof answer);
    read_all(fd, answer, size);
    expect_hello(answer, size, true);
  }
  close(fd);
}

/* ---- SMTP and HTTPS ---- */

static void read_line(int fd, char *out, size_t room) {
  size_t at = 0;
  while (at + 1 < room && recv(fd, out + at, 1, 0) == 1 && out[at] != '\n') at++;
  out[at] = '\0';
}

/* The last line of a reply. */
static void read_reply(int fd, char *out, size_t room, bool *starttls) {
  do {
    read_line(fd, out, room);
    if (starttls && strstr(out, "STARTTLS")) *starttls = true;
  } while (strlen(out) > 3 && out[3] == '-');
}

static void say(int fd, const char *text) { assert_int_equal(send(fd, text, strlen(text), 0), strlen(text)); }

static void test_greetings(void **state) {
  static const struct { const char *address, *greeting; bool starttls; } rows[] = {
    { "127.0.7.10", "220 good.z.example", true }, { "127.0.7.12", "220 plain.z.example", false }, { "127.0.7.14", "220 slow.z.example", true },
    { "127.0.7.13", "421 later", false }, { "127.0.7.15", "", false },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    char line[512];
    bool starttls = false;
    int fd = open_socket(rows[i].address, options->smtp_port, SOCK_STREAM);
    read_reply(fd, line, sizeof line, NULL);
    if (strncmp(line, rows[i].greeting, strlen(rows[i].greeting)) != 0) fail_msg("%s: %s", rows[i].address, line);
    if (line[0] == '2') {
      say(fd, "EHLO me.example\r\n");
      read_reply(fd, line, sizeof line, &starttls);
      assert_int_equal(starttls, rows[i].starttls);
      say(fd, "MAIL FROM:<>\r\nQUIT\r\n");
      read_reply(fd, line, sizeof line, NULL);
      assert_memory_equal(line, "550", 3);
      read_reply(fd, line, sizeof line, NULL);
      assert_memory_equal(line, "221", 3);
    }
    close(fd);
  }
}

static SSL *shake(int fd, SSL_CTX *context, const char *host, int *result) {
  SSL *ssl = SSL_new(context);
  SSL_set1_host(ssl, host);
  SSL_set_tlsext_host_name(ssl, host);
  SSL_set_fd(ssl, fd);
  *result = SSL_connect(ssl);
  return ssl;
}

static SSL_CTX *client(void) {
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  assert_int_equal(SSL_CTX_load_verify_locations(context, options->ca_file, NULL), 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
  return context;
}

static void test_certificates(void **state) {
  static const struct { const char *address, *host; int version; long verify; } rows[] = {
    { "127.0.7.10", "good.z.example", TLS1_3_VERSION, X509_V_OK },
    { "127.0.7.11", "old.z.example", TLS1_VERSION, X509_V_OK },
    { "127.0.7.16", "expired.z.example", TLS1_3_VERSION, X509_V_ERR_CERT_HAS_EXPIRED },
    { "127.0.7.17", "self.z.example", TLS1_3_VERSION, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT },
    { "127.0.7.18", "name.z.example", TLS1_3_VERSION, X509_V_ERR_HOSTNAME_MISMATCH },
    { "127.0.7.19", "chain.z.example", TLS1_3_VERSION, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
    { "127.0.7.20", "weak.z.example", TLS1_3_VERSION, X509_V_OK },
    { "127.0.7.21", "private.z.example", TLS1_3_VERSION, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
  };
  (void)state;
  SSL_CTX *context = client();
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    char line[512];
    int result;
    int fd = open_socket(rows[i].address, options->smtp_port, SOCK_STREAM);
    read_reply(fd, line, sizeof line, NULL);
    say(fd, "STARTTLS\r\n");
    read_reply(fd, line, sizeof line, NULL);
    assert_memory_equal(line, "220", 3);
    SSL *ssl = shake(fd, context, rows[i].host, &result);
    assert_int_equal(result, 1);
    assert_int_equal(SSL_version(ssl), rows[i].version);
    long verify = SSL_get_verify_result(ssl);
    if (verify != rows[i].verify) fail_msg("%s: %s", rows[i].host, X509_verify_cert_error_string(verify));
    assert_int_equal(SSL_write(ssl, "EHLO me\r\n", 9), 9);
    assert_true(SSL_read(ssl, line, sizeof line) > 3 && memcmp(line, "250", 3) == 0);
    SSL_free(ssl);
    close(fd);
  }
  SSL_CTX_free(context);
}

static void test_pages(void **state) {
  static const struct { const char *path, *status, *holds; size_t least; } rows[] = {
    { "/policy", "HTTP/1.1 200 ", "charset=us-ascii", 20 }, { "/policy?x=1", "HTTP/1.1 200 ", "\r\n\r\nversion: STSv1\n", 20 },
    { "/big", "HTTP/1.1 200 ", "Content-Length: 70000", 70000 }, { "/moved", "HTTP/1.1 301 ", "Location: https://web.z.example/policy", 20 },
    { "/none", "HTTP/1.1 404 ", "", 20 },
  };
  (void)state;
  SSL_CTX *context = client();
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct buf reply = BUF_INIT(100000);
    char request[200], piece[4096];
    int result, got;
    int fd = open_socket("127.0.7.30", options->https_port, SOCK_STREAM);
    SSL *ssl = shake(fd, context, "web.z.example", &result);
    assert_int_equal(result, 1);
    assert_int_equal(SSL_get_verify_result(ssl), X509_V_OK);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: web.z.example\r\n\r\n", rows[i].path);
    assert_true(SSL_write(ssl, request, (int)strlen(request)) > 0);
    while ((got = SSL_read(ssl, piece, sizeof piece)) > 0) buf_bytes(&reply, piece, (size_t)got);
    assert_memory_equal(buf_string(&reply), rows[i].status, strlen(rows[i].status));
    assert_non_null(strstr(buf_string(&reply), rows[i].holds));
    assert_true(reply.length >= rows[i].least);
    buf_release(&reply);
    SSL_free(ssl);
    close(fd);
  }
  SSL_CTX_free(context);
}

static void test_ports_json(void **state) {
  json_t *json = estate_json(estate);
  (void)state;
  assert_int_equal(json_number(json, "version", 0), 1);
  assert_int_equal(json_number(json, "smtp_port", 0), options->smtp_port);
  assert_string_equal(json_text(json, "ca_file", ""), options->ca_file);
  const json_t *servers = json_object_get(json, "servers");
  assert_int_equal(json_array_size(json_object_get(servers, "smtp")), 12);
  assert_string_equal(json_text(json_array_get(json_object_get(servers, "dns"), 0), "address", ""), "127.0.7.5");
  json_decref(json);
}

/* Only the registry is led to by name; everything else is found in the DNS of this world. */
static void test_registry(void **state) {
  (void)state;
  assert_int_equal(options->connect_to_count, 1);
  assert_string_equal(options->connect_to[0].host, "rdap.z.example");
  assert_string_equal(options->connect_to[0].address, "127.0.7.31");
  assert_int_equal(options->connect_to[0].port, options->https_port);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_udp), cmocka_unit_test(test_delay_and_silence), cmocka_unit_test(test_tcp), cmocka_unit_test(test_greetings),
    cmocka_unit_test(test_certificates), cmocka_unit_test(test_pages), cmocka_unit_test(test_registry), cmocka_unit_test(test_ports_json),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
