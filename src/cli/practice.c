#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "src/cli/lib.h"
#include "src/practice/lib.h"
#include "src/practice/provider.h"

enum { MOST_REQUEST = 16 << 20 };

static struct estate *start(struct cli *cli, struct fault *fault) {
  const char *path = scenario_path(cli->arena, cli->scenario, "exampleshire", fault);
  struct scenario *scenario = path ? scenario_load(path, fault) : NULL;
  return scenario ? estate_start(scenario, fault) : NULL;
}

static bool write_ports(const struct estate *estate, const char *path, struct fault *fault) {
  json_t *json = estate_json(estate);
  char *text = json_dumps(json, JSON_INDENT(2) | JSON_ENSURE_ASCII);
  bool good = text && file_replace(path, text, strlen(text), fault);
  free(text);
  json_decref(json);
  return good;
}

static void print_estate(const struct estate *estate) {
  const struct observe_options *options = estate_options(estate);
  printf(_("The practice estate is running. Look at it with:\n"));
  printf("  --resolver %s --dns-port %u --smtp-port %u --https-port %u --ca-file %s\n", options->resolvers, options->dns_port, options->smtp_port,
         options->https_port, options->ca_file);
  printf(_("Stop it with Ctrl-C.\n"));
  fflush(stdout);
}

/* Waits for the signal to end, or for the estate's process to be gone. The signals are blocked before the estate starts, so none is lost. */
static int wait_for_end(const struct estate *estate, const sigset_t *signals) {
  for (;;) {
    int number = 0;
    if (sigwait(signals, &number) != 0) return EXIT_COULD_NOT_LOOK;
    if (number != SIGCHLD) return EXIT_NOTHING_FAILED;
    siginfo_t gone = { .si_pid = 0 };
    if (waitid(P_PID, (id_t)estate_process(estate), &gone, WEXITED | WNOHANG | WNOWAIT) != 0 || gone.si_pid != 0) return EXIT_COULD_NOT_LOOK;
  }
}

static int serve(struct cli *cli) {
  struct fault fault = { "" };
  sigset_t signals, before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &signals, &before);
  struct estate *estate = start(cli, &fault);
  bool good = estate && (!cli->ports || write_ports(estate, cli->ports, &fault));
  int status = EXIT_BAD_USAGE;
  if (good) {
    print_estate(estate);
    status = wait_for_end(estate, &signals);
    if (status) fault_set(&fault, _("The practice estate's process ended"));
  }
  estate_stop(&estate);
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (*fault.text) cli_refuse(&fault);
  return status;
}

/* ---- the provider ---- */

static json_t *read_json(const char *path, struct fault *fault) {
  struct fault why = { "" };
  size_t length;
  char *text = file_read(path, MOST_REQUEST, &length, fault);
  if (!text) return NULL;
  json_t *json = json_parse(text, length, &why);
  if (!json) fault_set(fault, "%s: %s", path, why.text);
  free(text);
  return json;
}

static bool provide(struct cli *cli, struct fault *fault) {
  json_t *ports = read_json(cli->ports, fault), *request = ports ? read_json(cli->words[1], fault) : NULL;
  json_t *order = request ? provider_order(request, cli->slip, cli->delay_ms, cli->one_server, fault) : NULL;
  size_t count = 0;
  bool good = order && provider_send(json_text(ports, "provider", ""), order, &count, fault);
  if (good && cli->delay_ms) printf(ngettext("%zu change will be published in %u seconds.\n", "%zu changes will be published in %u seconds.\n", count), count, cli->delay_ms / 1000);
  else if (good) printf(ngettext("%zu change is published.\n", "%zu changes are published.\n", count), count);
  json_decref(order);
  json_decref(request);
  json_decref(ports);
  return good;
}

static int provider(struct cli *cli) {
  struct fault fault = { "" };
  if (!cli->ports) fault_set(&fault, _("Name the running estate with --ports FILE, the file that mailstead practice serve wrote"));
  else if (cli->word_count != 2) fault_set(&fault, _("Name one change request: mailstead practice provider --ports FILE REQUEST.json"));
  else if (provide(cli, &fault)) return EXIT_NOTHING_FAILED;
  return cli_refuse(&fault);
}

int cli_practice(struct cli *cli) {
  struct fault fault = { "" };
  if (cli->word_count > 0 && strcmp(cli->words[0], "serve") == 0) return serve(cli);
  if (cli->word_count > 0 && strcmp(cli->words[0], "provider") == 0) return provider(cli);
  if (cli->practice) {
    fault_set(&fault, _("The practice estate is running already"));
    return cli_refuse(&fault);
  }
  struct estate *estate = start(cli, &fault);
  bool good = estate && (!cli->ports || write_ports(estate, cli->ports, &fault));
  int status = good ? cli_main(cli->rest_count, cli->rest, estate) : cli_refuse(&fault);
  estate_stop(&estate);
  return status;
}
