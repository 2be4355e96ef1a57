/* src/cli: one file per command; the only room that prints. Everything a command needs from the user comes in `struct cli`.
 * May use every room. */
#ifndef CLI_LIB_H
#define CLI_LIB_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "checks/examine.h"
#include "src/base/lib.h"

/* Exit status, a promise to users. */
enum { EXIT_NOTHING_FAILED = 0, EXIT_SOMETHING_FAILED = 1, EXIT_BAD_USAGE = 2, EXIT_COULD_NOT_LOOK = 3 };

/* Which options a command takes. */
enum cli_group {
  GROUP_NETWORK = 1, GROUP_FORMAT = 2, GROUP_REQUEST = 4, GROUP_GUIDANCE = 8, GROUP_WIZARD = 16, GROUP_SPF = 32, GROUP_VERIFY = 64,
  GROUP_LINT = 128, GROUP_PRACTICE = 256, GROUP_DKIM_KEY = 512, GROUP_HELP = 1024, GROUP_SHOW = 2048, GROUP_BATCH = 4096, GROUP_PARTNERS = 8192,
  GROUP_PROVIDER = 16384, GROUP_CHECK = 32768,
};

/* The command line as read. Strings are borrowed from argv or live in the arena. */
struct cli {
  struct arena *arena;
  const char *program;                         /* argv[0] */
  const struct cli_command *command;
  const char **words; size_t word_count;       /* what is not an option */
  char **rest; int rest_count;                 /* of `practice`: the command to run, untouched */

  struct observe_options observe;              /* connect_to in the arena */
  const char *evidence, *save_evidence;
  const char *earlier, *message;               /* check: evidence of an earlier run; a message that the domain sent */
  unsigned topics, left_out;                   /* --only, less --skip; --skip */
  const char **selectors; size_t selector_count;
  const char *format, *output, *provider, *language, *guidance;
  unsigned jobs;
  const char *resume;
  bool plain, ascii, value_only, watch, deep;
  const char *colour, *script;
  const char *ip, *sender, *helo;              /* spf */
  const char *domain_option;                   /* lint --domain */
  const char *search;                          /* help */
  const char *scenario, *ports;                /* practice */
  const char *slip; uint32_t delay_ms; bool one_server;
  const char *selector_name, *key_type;        /* dkim-key */
  const char *requester;
  const char *zone;                            /* request --zone */
  const char *request; uint32_t interval_ms;   /* verify */
  const char *mail_system;                     /* partners */
  bool practice;                               /* this run is against the practice estate: say so everywhere */
  const char *practice_provider;               /* the socket of its provider; null: no estate of our own */
  const struct facts *facts;                   /* what is known of services and DNS hosts; read at the first inquiry */
};

struct cli_command {
  const char *name;
  int (*run)(struct cli *cli);
  unsigned groups;
  const char *synopsis;                        /* "check [OPTION…] DOMAIN…" */
  const char *summary;                         /* one sentence, N_() */
  size_t most_words;                           /* words besides options that it takes */
};

extern const struct cli_command cli_commands[];

/* Reads the words after the command. False: one clear sentence in the fault. `want_help` when --help is among them. */
bool cli_read(struct cli *cli, int argc, char **argv, bool *want_help, struct fault *fault);
void cli_print_help(const struct cli_command *command); /* null: of the program */
void cli_print_version(void);
/* Prints "mailstead: SENTENCE" to stderr; gives EXIT_BAD_USAGE. */
int cli_refuse(const struct fault *fault);
/* Runs one command line (without the program's name): what main does, and `practice` does again. */
struct estate;
int cli_main(int argc, char **argv, const struct estate *estate /* of practice; null: none */);

/* ---- looking at one domain and waiting for it ---- */

struct live {                                  /* loop, observers and store of one run */
  uv_loop_t loop;
  struct observers *observers;
  struct store *store;
  struct store *earlier;                       /* what an earlier run saw, closed; null: none given */
  struct examination *examination;
  bool smtp_reachable, https_reachable, test_network, ask_registry; /* as evidence says */
  int64_t time;                                /* wall clock when the examination began; of evidence: when it was made */
  struct examination_figures figures;          /* likewise */
  bool has_evidence;
  char *evidence_domain;                       /* that it was made for; null without evidence */
};

bool live_open(struct live *live, struct cli *cli, struct fault *fault);
void live_close(struct live *live);
/* Examines and waits. The verdict belongs to the examination in `live`. */
const struct verdict *live_examine(struct live *live, struct inquiry *inquiry);
/* Runs a pure function until it misses nothing (see settle_start). */
void live_settle(struct live *live, void (*run)(struct store *, void *), void *context);
/* False, with a fault: the evidence that this run reads holds nothing about the domain. */
bool live_knows(const struct live *live, const struct cli *cli, const char *domain, struct fault *fault);
/* Writes the evidence file when one was asked for. */
bool live_save_evidence(struct live *live, const struct cli *cli, const char *domain, struct fault *fault);
/* The inquiry of a domain from the command line. Strings and facts in cli->arena; a file of facts that cannot be used is told on standard
 * error, once, and left out. */
struct inquiry cli_inquiry(struct cli *cli, const char *domain);
int cli_exit_status(const struct verdict *verdict);

/* ---- reports ---- */

enum { LONGEST_REPORT = 16 << 20 };

/* One line, with its end. */
void report_json(struct buf *out, const struct verdict *verdict, struct store *store, const struct inquiry *inquiry, const struct examination_figures *figures,
                 int64_t time);
void report_servers_json(struct buf *out, const struct store *store); /* its members "servers" and "servers_left_out" */
json_t *report_finding_json(struct arena *arena, const struct finding *finding);
void report_text(struct buf *out, const struct verdict *verdict, const struct inquiry *inquiry, const struct examination_figures *figures);
/* What was found of a domain after its report was written. In JSON a line of its own that has "amends" in place of "domain". */
void report_amendment_json(struct buf *out, const char *domain, const struct finding *finding);
void report_amendment_text(struct buf *out, const char *domain, const struct finding *finding);
bool print_buf(const struct buf *buf);         /* to standard output; false: it cannot be written */
bool print_json_line(json_t *json);            /* takes over the value */

/* ---- commands ---- */

int cli_check(struct cli *cli), cli_plan(struct cli *cli), cli_request(struct cli *cli), cli_show(struct cli *cli), cli_spf(struct cli *cli);
int cli_verify(struct cli *cli), cli_lint(struct cli *cli), cli_dkim_key(struct cli *cli), cli_practice(struct cli *cli), cli_partners(struct cli *cli);
int cli_wizard(struct cli *cli), cli_help(struct cli *cli), cli_guidance(struct cli *cli);
#endif
