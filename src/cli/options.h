#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H
#include <stddef.h>

/* The table of options: the reader, --help and the manual page come from it. */
enum cli_option_key {
  OPTION_RESOLVER, OPTION_DNS_PORT, OPTION_SMTP_PORT, OPTION_HTTPS_PORT, OPTION_CONNECT_TO, OPTION_CA_FILE, OPTION_TIMEOUT, OPTION_ONLY, OPTION_SKIP,
  OPTION_SELECTOR, OPTION_DEEP, OPTION_EVIDENCE, OPTION_SAVE_EVIDENCE, /* up to here: looking at the network */
  OPTION_EARLIER, OPTION_MESSAGE, OPTION_FORMAT, OPTION_JOBS, OPTION_RESUME, OPTION_PROVIDER, OPTION_OUTPUT, OPTION_ZONE, OPTION_REQUEST, OPTION_REQUESTER, OPTION_LANGUAGE, OPTION_GUIDANCE, OPTION_PLAIN,
  OPTION_COLOUR, OPTION_ASCII, OPTION_SCRIPT, OPTION_IP, OPTION_SENDER, OPTION_HELO, OPTION_DOMAIN, OPTION_SEARCH, OPTION_VALUE, OPTION_WATCH, OPTION_INTERVAL,
  OPTION_SCENARIO, OPTION_PORTS, OPTION_SLIP, OPTION_DELAY, OPTION_ONE_SERVER, OPTION_KEY_TYPE, OPTION_MAIL_SYSTEM, OPTION_HELP,
};

struct cli_option {
  const char *name, *argument; /* argument null: none */
  unsigned groups;
  enum cli_option_key key;
  const char *sentence;
};

size_t cli_option_count(void);
const struct cli_option *cli_option_at(size_t index);
#endif
