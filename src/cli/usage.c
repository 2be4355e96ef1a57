#include <ares.h>
#include <idn2.h>
#include <libpsl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "src/cli/lib.h"
#include "src/cli/options.h"
#include "ui/lib.h"

static void print_option(const struct cli_option *option) {
  char left[64];
  snprintf(left, sizeof left, option->argument ? "  --%s %s" : "  --%s", option->name, option->argument ? _(option->argument) : "");
  size_t width = text_width(left);
  if (width > 26) printf("%s\n%28s%s\n", left, "", _(option->sentence));
  else printf("%s%*s%s\n", left, (int)(28 - width), "", _(option->sentence));
}

/* First what the command has for itself, then what all have that look at the network. */
static void print_options(unsigned groups) {
  printf("\n%s\n", _("Options:"));
  for (size_t i = 0; i < cli_option_count(); i++)
    if (cli_option_at(i)->groups & groups & ~(unsigned)GROUP_NETWORK) print_option(cli_option_at(i));
  if (groups & GROUP_NETWORK) printf("\n%s\n", _("Options of every command that looks at the network:"));
  for (size_t i = 0; groups & GROUP_NETWORK && i < cli_option_count(); i++)
    if (cli_option_at(i)->groups & GROUP_NETWORK && cli_option_at(i)->key != OPTION_HELP) print_option(cli_option_at(i));
}

static void print_commands(void) {
  printf(_("mailstead takes the administrator of a government email domain through the GOV.UK guidance\n"
           "\"Set up government email services securely\": it examines the domain live, says what is wrong and\n"
           "why, and writes the exact DNS change request. It changes nothing itself and sends no message.\n\n"));
  printf("%s\n  mailstead [OPTION…] [DOMAIN]\n      %s\n", _("Usage:"), _("open the wizard (on DOMAIN's case, if given)"));
  for (const struct cli_command *command = cli_commands; command->name; command++)
    printf("  mailstead %s\n      %s\n", _(command->synopsis), _(command->summary));
  printf("\n%s\n", _("mailstead COMMAND --help tells the options of one command. mailstead --version names the libraries."));
}

static void print_exit_status(void) {
  printf("\n%s\n", _("Exit status: 0 nothing failed; 1 at least one finding of severity fail; 2 the command line or an\n"
                     "input file is wrong; 3 something could not be looked at, and nothing that could be looked at failed."));
}

void cli_print_help(const struct cli_command *command) {
  if (command) printf("%s mailstead %s\n\n%s\n", _("Usage:"), _(command->synopsis), _(command->summary));
  else print_commands();
  print_options(command ? command->groups : GROUP_NETWORK | GROUP_WIZARD | GROUP_GUIDANCE);
  print_exit_status();
}

void cli_print_version(void) {
  const char *curl = observe_curl_version();
  printf("mailstead " PACKAGE_VERSION "\n");
  printf("libuv %s, c-ares %s, %s, jansson %s\n", uv_version_string(), ares_version(NULL), OpenSSL_version(OPENSSL_VERSION), jansson_version_str());
  printf("libcurl %s, libpsl %s, libidn2 %s, %s\n", curl ? curl : _("(not installed: MTA-STS policies cannot be fetched)"), psl_get_version(), idn2_check_version(NULL), ui_curses_version());
}
