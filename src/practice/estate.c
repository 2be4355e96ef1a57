#include "src/practice/lib.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/base/file.h"
#include "src/base/intl.h"
#include "src/base/mem.h"
#include "src/practice/provider.h"
#include "src/practice/servers.h"

enum { MOST_SCENARIO = 8 << 20, MOST_PARENT = 60 }; /* a socket's path has room for 107 characters */

struct sockets { struct socket_pair *dns, *smtp, *https; size_t dns_count, smtp_count, https_count; };

struct estate {
  struct arena *arena;
  struct scenario *scenario;
  struct certificates *certificates;
  struct sockets sockets;
  struct observe_options options;
  const char *folder;      /* of the CA file and the provider's socket; null until made */
  const char *provider;    /* path of that socket */
  int provider_socket;     /* -1: none */
  pid_t process;
};

const struct observe_options *estate_options(const struct estate *estate) { return &estate->options; }
const char *estate_provider(const struct estate *estate) { return estate->provider; }
pid_t estate_process(const struct estate *estate) { return estate->process; }

/* ---- the scenario's file ---- */

const char *scenario_path(struct arena *arena, const char *given, const char *name, struct fault *fault) {
  const char *path = given ? given : file_shipped(arena, arena_printf(arena, "practice/%s.scenario", name));
  if (!path) fault_set(fault, _("The practice scenario %s.scenario was not found. Name a file with --scenario"), name);
  return path;
}

struct scenario *scenario_load(const char *path, struct fault *fault) {
  struct fault why = { "" };
  size_t length;
  char *text = file_read(path, MOST_SCENARIO, &length, fault);
  if (!text) return NULL;
  struct scenario *scenario = scenario_read(text, length, &why);
  free(text);
  if (!scenario) fault_set(fault, "%s: %s", path, why.text);
  return scenario;
}

/* ---- sockets ---- */

static void add_address(struct socket_pair *pairs, size_t *count, const struct ip *address) {
  for (size_t i = 0; i < *count; i++)
    if (ip_equal(&pairs[i].address, address)) return;
  pairs[(*count)++] = (struct socket_pair){ *address, -1, -1 };
}

static void collect_dns(struct estate *estate) {
  const struct scenario *s = estate->scenario;
  size_t most = 1;
  for (size_t i = 0; i < s->zone_count; i++) most += s->zones[i].server_count;
  estate->sockets.dns = ARENA_ARRAY(estate->arena, struct socket_pair, most);
  struct ip resolver = { .family = 4, .bytes = { 127, 0, 0, 1 } };
  add_address(estate->sockets.dns, &estate->sockets.dns_count, &resolver);
  for (size_t i = 0; i < s->zone_count; i++)
    for (size_t n = 0; n < s->zones[i].server_count; n++) add_address(estate->sockets.dns, &estate->sockets.dns_count, &s->zones[i].servers[n].address);
}

static void collect_hosts(struct estate *estate) {
  const struct scenario *s = estate->scenario;
  struct sockets *sockets = &estate->sockets;
  sockets->smtp = ARENA_ARRAY(estate->arena, struct socket_pair, s->smtp_count + 1);
  sockets->https = ARENA_ARRAY(estate->arena, struct socket_pair, s->https_count + 1);
  for (size_t i = 0; i < s->smtp_count; i++) sockets->smtp[sockets->smtp_count++] = (struct socket_pair){ s->smtp[i].address, -1, -1 };
  for (size_t i = 0; i < s->https_count; i++) sockets->https[sockets->https_count++] = (struct socket_pair){ s->https[i].address, -1, -1 };
}

static bool bind_all(struct estate *estate, struct fault *fault) {
  struct sockets *sockets = &estate->sockets;
  struct observe_options *options = &estate->options;
  collect_dns(estate);
  collect_hosts(estate);
  bool good = sockets_bind(sockets->dns, sockets->dns_count, true, &options->dns_port, fault) &&
              sockets_bind(sockets->smtp, sockets->smtp_count, false, &options->smtp_port, fault) &&
              sockets_bind(sockets->https, sockets->https_count, false, &options->https_port, fault);
  if (good) options->resolvers = arena_printf(estate->arena, "127.0.0.1:%u", options->dns_port);
  return good;
}

/* A scenario's registry is asked in place of the real one: that is allowed only where the look is led to it by name. */
static void lead_to_registries(struct estate *estate) {
  const struct scenario *s = estate->scenario;
  struct connect_to *list = ARENA_ARRAY(estate->arena, struct connect_to, s->https_count + 1);
  for (size_t i = 0; i < s->https_count; i++) {
    char address[IP_TEXT];
    if (!observe_is_registry(s->https[i].host)) continue;
    ip_format(&s->https[i].address, address);
    list[estate->options.connect_to_count++] = (struct connect_to){ s->https[i].host, arena_strdup(estate->arena, address), estate->options.https_port };
  }
  estate->options.connect_to = list;
}

static void close_all(struct estate *estate) {
  sockets_close(estate->sockets.dns, estate->sockets.dns_count);
  sockets_close(estate->sockets.smtp, estate->sockets.smtp_count);
  sockets_close(estate->sockets.https, estate->sockets.https_count);
  if (estate->provider_socket >= 0) close(estate->provider_socket);
  estate->provider_socket = -1;
}

/* ---- the folder: CA file, provider's socket ---- */

static bool make_folder(struct estate *estate, struct fault *fault) {
  const char *parent = getenv("TMPDIR");
  char *folder = arena_printf(estate->arena, "%s/mailstead-practice-XXXXXX", parent && *parent && strlen(parent) <= MOST_PARENT ? parent : "/tmp");
  if (!mkdtemp(folder)) {
    fault_set(fault, _("No folder for the practice estate could be made at %s: %s"), folder, strerror(errno));
    return false;
  }
  estate->folder = folder;
  return true;
}

static bool listen_for_provider(struct estate *estate, struct fault *fault) {
  struct sockaddr_un where = { .sun_family = AF_UNIX };
  estate->provider = arena_printf(estate->arena, "%s/provider.sock", estate->folder);
  estate->provider_socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  memcpy(where.sun_path, estate->provider, strlen(estate->provider));
  if (estate->provider_socket >= 0 && bind(estate->provider_socket, (const struct sockaddr *)&where, sizeof where) == 0 && listen(estate->provider_socket, 8) == 0) return true;
  fault_set(fault, _("The practice provider's socket could not be made at %s: %s"), estate->provider, strerror(errno));
  return false;
}

static bool write_authority(struct estate *estate, struct fault *fault) {
  struct buf pem = BUF_INIT(16384);
  estate->options.ca_file = arena_printf(estate->arena, "%s/ca.pem", estate->folder);
  certificates_root_pem(estate->certificates, &pem);
  bool good = file_create(estate->options.ca_file, buf_string(&pem), pem.length, 0600, fault);
  buf_release(&pem);
  return good;
}

static void remove_folder(const struct estate *estate) {
  if (!estate->folder) return;
  if (estate->options.ca_file) unlink(estate->options.ca_file);
  if (estate->provider) unlink(estate->provider);
  rmdir(estate->folder);
}

/* ---- the process ---- */

static void on_end(uv_signal_t *handle, int number) {
  (void)number;
  uv_stop(handle->loop);
}

/* The terminal stays with the parent: no reading, no writing, no end by ^C or by a closed window, which are the parent's to judge. */
static void leave_terminal(void) {
  sigset_t none;
  sigemptyset(&none);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null >= 0) {
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
  }
  signal(SIGINT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  signal(SIGTSTP, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  sigprocmask(SIG_SETMASK, &none, NULL); /* the parent may wait for signals with sigwait */
}

static void serve(struct estate *estate, pid_t parent) {
  uv_loop_t loop;
  uv_signal_t end;
  leave_terminal();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  uv_loop_init(&loop);
  uv_signal_init(&loop, &end);
  uv_signal_start(&end, on_end, SIGTERM);
  dns_servers_start(&loop, estate->scenario, estate->sockets.dns, estate->sockets.dns_count);
  smtp_servers_start(&loop, estate->scenario, estate->sockets.smtp, estate->certificates);
  https_servers_start(&loop, estate->scenario, estate->sockets.https, estate->certificates);
  provider_server_start(&loop, estate->scenario, estate->provider_socket);
  if (getppid() == parent) uv_run(&loop, UV_RUN_DEFAULT);
  remove_folder(estate);
  _exit(0);
}

static bool start_process(struct estate *estate, struct fault *fault) {
  pid_t parent = getpid();
  estate->process = fork();
  if (estate->process == 0) serve(estate, parent);
  if (estate->process < 0) fault_set(fault, _("The practice estate's process could not be started: %s"), strerror(errno));
  return estate->process > 0;
}

struct estate *estate_start(struct scenario *scenario, struct fault *fault) {
  struct arena *arena = arena_new();
  struct estate *estate = ARENA_NEW(arena, struct estate);
  estate->arena = arena;
  estate->scenario = scenario;
  estate->provider_socket = -1;
  estate->certificates = certificates_new(fault);
  bool good = estate->certificates && bind_all(estate, fault) && make_folder(estate, fault) && write_authority(estate, fault) &&
              listen_for_provider(estate, fault) && start_process(estate, fault);
  if (good) lead_to_registries(estate);
  close_all(estate); /* the child has its own */
  certificates_free(&estate->certificates);
  if (!good) estate_stop(&estate);
  return estate;
}

void estate_stop(struct estate **estate) {
  struct estate *old = *estate;
  if (!old) return;
  *estate = NULL;
  if (old->process > 0) {
    kill(old->process, SIGTERM);
    while (waitpid(old->process, NULL, 0) < 0 && errno == EINTR) {}
  }
  remove_folder(old);
  scenario_free(&old->scenario);
  struct arena *arena = old->arena;
  arena_free(&arena);
}

/* ---- what others may know ---- */

static json_t *hosts_json(const char *const *names, const struct ip *addresses, size_t count) {
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++) {
    char address[IP_TEXT];
    ip_format(&addresses[i], address);
    json_array_append_new(list, json_pack("{s:s, s:s}", "host", names[i], "address", address));
  }
  return list;
}

static void add_host(const char ***names, struct ip **addresses, struct arena *arena, size_t *count, const char *host, const struct ip *address) {
  *names = arena_grow(arena, *names, *count, sizeof **names);
  *addresses = arena_grow(arena, *addresses, *count, sizeof **addresses);
  (*names)[*count] = host;
  (*addresses)[(*count)++] = *address;
}

static json_t *servers_json(const struct estate *estate) {
  const struct scenario *s = estate->scenario;
  struct arena *arena = arena_new();
  const char **names = NULL;
  struct ip *addresses = NULL;
  size_t count = 0;
  json_t *servers = json_object();
  for (size_t i = 0; i < s->zone_count; i++)
    for (size_t n = 0; n < s->zones[i].server_count; n++) add_host(&names, &addresses, arena, &count, s->zones[i].servers[n].host, &s->zones[i].servers[n].address);
  json_object_set_new(servers, "dns", hosts_json(names, addresses, count));
  count = 0;
  for (size_t i = 0; i < s->smtp_count; i++) add_host(&names, &addresses, arena, &count, s->smtp[i].host, &s->smtp[i].address);
  json_object_set_new(servers, "smtp", hosts_json(names, addresses, count));
  count = 0;
  for (size_t i = 0; i < s->https_count; i++) add_host(&names, &addresses, arena, &count, s->https[i].host, &s->https[i].address);
  json_object_set_new(servers, "https", hosts_json(names, addresses, count));
  arena_free(&arena);
  return servers;
}

json_t *estate_json(const struct estate *estate) {
  const struct observe_options *options = &estate->options;
  return json_pack("{s:i, s:s, s:s, s:i, s:i, s:i, s:s, s:s, s:i, s:o}", "version", 1, "title", estate->scenario->title, "resolver", options->resolvers, "dns_port",
                   options->dns_port, "smtp_port", options->smtp_port, "https_port", options->https_port, "ca_file", options->ca_file,
                   "provider", estate->provider, "process",
                   (int)estate->process, "servers", servers_json(estate));
}
