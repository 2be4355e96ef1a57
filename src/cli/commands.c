#include <locale.h>
#include <signal.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <string.h>
#include <sys/resource.h>

#include "src/cli/lib.h"
#include "src/practice/lib.h"
#include "src/cli/options.h"

const struct cli_command cli_commands[] = {
  { "check", cli_check, GROUP_NETWORK | GROUP_FORMAT | GROUP_BATCH | GROUP_CHECK, N_("check [OPTION…] DOMAIN…"), N_("examine domains live and report (-: names on standard input)"), SIZE_MAX },
  { "plan", cli_plan, GROUP_NETWORK | GROUP_FORMAT | GROUP_GUIDANCE, N_("plan [OPTION…] DOMAIN"), N_("every record that should change: now and wanted"), 1 },
  { "request", cli_request, GROUP_NETWORK | GROUP_REQUEST | GROUP_GUIDANCE, N_("request [OPTION…] DOMAIN"), N_("the change request for the registrar or DNS provider"), 1 },
  { "verify", cli_verify, GROUP_NETWORK | GROUP_FORMAT | GROUP_VERIFY, N_("verify [OPTION…] DOMAIN [FILE]"), N_("is what was requested (in the case, or in FILE as JSON) live on every authoritative server? Exit status 1 when something is published wrongly or became worse"), 2 },
  { "spf", cli_spf, GROUP_NETWORK | GROUP_FORMAT | GROUP_SPF, N_("spf [OPTION…] --ip ADDR [--sender ADDR] [--helo NAME] [DOMAIN]"), N_("the SPF result that a receiver would get"), 1 },
  { "lint", cli_lint, GROUP_LINT | GROUP_FORMAT, N_("lint [--domain DOMAIN] TYPE [VALUE|-]"), N_("judge a record's text by itself (spf dkim dmarc tlsrpt mtasts mtasts-policy tlsa), no network"), 2 },
  { "partners", cli_partners, GROUP_NETWORK | GROUP_FORMAT | GROUP_PARTNERS, N_("partners [OPTION…] FILE"), N_("which partner domains accept TLS 1.2 or later: the exceptions list (-: standard input)"), 1 },
  { "dkim-key", cli_dkim_key, GROUP_DKIM_KEY, N_("dkim-key [OPTION…] DOMAIN"), N_("make a DKIM key pair and the record to publish"), 1 },
  { "show", cli_show, GROUP_NETWORK | GROUP_SHOW | GROUP_GUIDANCE, N_("show [OPTION…] DOMAIN RECORD"), N_("one requested record (dmarc, spf, tlsrpt, mtasts, mx, dkim:SELECTOR), bare for scripts"), 2 },
  { "help", cli_help, GROUP_HELP, N_("help [TOPIC] [--search WORDS]"), N_("the help pages, and what each finding means by its id"), 1 },
  { "guidance", cli_guidance, GROUP_FORMAT, N_("guidance [--format json]"), N_("the guidance as the wizard walks it: sections, steps, tasks, and the ids they serve"), 0 },
  { "practice", cli_practice, GROUP_PRACTICE | GROUP_PROVIDER, N_("practice [--scenario FILE] [COMMAND…]"), N_("a practice estate on this computer: open the wizard there, or run a command (serve: keep it running; provider: publish a change request in it)"), 2 },
  { NULL, NULL, 0, NULL, NULL, 0 },
};

static const struct cli_command *find_command(const char *name) {
  for (const struct cli_command *command = cli_commands; command->name; command++)
    if (strcmp(command->name, name) == 0) return command;
  return NULL;
}

int cli_refuse(const struct fault *fault) {
  fprintf(stderr, "mailstead: %s\n", fault->text);
  return EXIT_BAD_USAGE;
}

static const struct cli_command *choose(int *argc, char ***argv, const struct cli_command *wizard) {
  const struct cli_command *command = *argc > 0 ? find_command((*argv)[0]) : NULL;
  if (!command) return wizard;
  --*argc;
  ++*argv;
  return command;
}

/* The wizard has no name: it is what runs when no command is given, with at most one domain; it tells by itself what a word too many may be. */
static const struct cli_command wizard_command = { "", cli_wizard, GROUP_NETWORK | GROUP_WIZARD | GROUP_GUIDANCE, N_("[OPTION…] [DOMAIN]"), N_("open the wizard"), SIZE_MAX };

/* An event loop without descriptors ends in an assertion of the library: what is allowed is used, and too little is refused. */
static bool have_descriptors(struct fault *fault) {
  enum { WANTED = 256, LEAST = 32 };
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= WANTED) return true;
  limit.rlim_cur = limit.rlim_max < WANTED ? limit.rlim_max : WANTED;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= LEAST) return true;
  fault_set(fault, _("Only %lu files may be open at once here, and mailstead needs %d: raise the limit (ulimit -n)"), (unsigned long)limit.rlim_cur, (int)LEAST);
  return false;
}

/* A closed descriptor would be taken by the next file or socket, which would then be written to as if it were the terminal. What holds its place
 * can be neither read nor written, so that using it fails as it should. */
static void hold_standard_descriptors(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) _exit(EXIT_BAD_USAGE);
}

int cli_main(int argc, char **argv, const struct estate *estate) {
  struct fault fault = { "" };
  bool want_help = false;
  hold_standard_descriptors();
  intl_init(NULL);
  signal(SIGPIPE, SIG_IGN);
  if (argc > 0 && strcmp(argv[0], "--version") == 0) {
    cli_print_version();
    return 0;
  }
  struct cli cli = { .arena = arena_new(), .topics = TOPICS_ALL, .practice = estate != NULL };
  if (estate) cli.observe = *estate_options(estate), cli.practice_provider = estate_provider(estate);
  cli.command = choose(&argc, &argv, &wizard_command);
  int status;
  if (!have_descriptors(&fault) || !cli_read(&cli, argc, argv, &want_help, &fault)) {
    status = cli_refuse(&fault);
  } else if (want_help) {
    cli_print_help(cli.command == &wizard_command ? NULL : cli.command);
    status = 0;
  } else {
    if (cli.language && strcmp(cli.language, "en") != 0 && !intl_has(cli.language))
      fprintf(stderr, "mailstead: %s\n", _("There is no catalogue of that language on this computer, so the text stays English."));
    if (cli.language && !(cli.command->groups & GROUP_REQUEST)) intl_set_language(cli.language); /* a request has a language of its own */
    status = cli.command->run(&cli);
  }
  arena_free(&cli.arena);
  return status;
}
