#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/lib.h"
#include "src/cli/options.h"

/* Every option once: name, argument, groups of commands that take it, and its sentence in --help. */
static const struct cli_option options[] = {
  { "resolver", N_("ADDR[:PORT],…"), GROUP_NETWORK, OPTION_RESOLVER, N_("ask these DNS servers (default: this computer's)") },
  { "dns-port", N_("N"), GROUP_NETWORK, OPTION_DNS_PORT, N_("port of name servers that are asked directly (53)") },
  { "smtp-port", N_("N"), GROUP_NETWORK, OPTION_SMTP_PORT, N_("port of mail servers, for test networks (25)") },
  { "https-port", N_("N"), GROUP_NETWORK, OPTION_HTTPS_PORT, N_("port of web servers, for test networks (443)") },
  { "connect-to", N_("HOST:ADDR[:PORT]"), GROUP_NETWORK, OPTION_CONNECT_TO, N_("reach HOST at ADDR (repeatable; mail and web)") },
  { "ca-file", N_("FILE"), GROUP_NETWORK, OPTION_CA_FILE, N_("trust these certificate authorities instead of the system's") },
  { "timeout", N_("SECONDS"), GROUP_NETWORK, OPTION_TIMEOUT, N_("for one question (5)") },
  { "only", N_("TOPIC,…"), GROUP_NETWORK, OPTION_ONLY, N_("judge only these: ns mx address spf dkim dmarc tlsrpt mtasts tls dane gsi") },
  { "skip", N_("TOPIC,…"), GROUP_NETWORK, OPTION_SKIP, N_("judge all but these") },
  { "selector", N_("NAME"), GROUP_NETWORK | GROUP_DKIM_KEY, OPTION_SELECTOR, N_("a DKIM selector to look up, besides the well-known ones (repeatable)") },
  { "deep", NULL, GROUP_NETWORK, OPTION_DEEP, N_("make extra handshakes with mail servers to find weaker settings") },
  { "evidence", N_("FILE"), GROUP_NETWORK, OPTION_EVIDENCE, N_("judge what was saved in FILE; ask the network nothing") },
  { "save-evidence", N_("FILE"), GROUP_NETWORK, OPTION_SAVE_EVIDENCE, N_("keep all that was seen in FILE, as JSON") },
  { "earlier", N_("FILE"), GROUP_CHECK, OPTION_EARLIER, N_("compare with what was saved in FILE some time ago: keys that are old, policies that changed") },
  { "message", N_("FILE"), GROUP_CHECK, OPTION_MESSAGE, N_("verify the DKIM signatures of the message in FILE, as the domain sent it (-: standard input)") },
  { "format", N_("text|json"), GROUP_FORMAT | GROUP_DKIM_KEY, OPTION_FORMAT, N_("for people (text), or for programs") },
  { "format", N_("NAME"), GROUP_REQUEST, OPTION_FORMAT, N_("text markdown html csv json zone nsupdate route53 octodns dnscontrol (text)") },
  { "jobs", N_("N"), GROUP_BATCH | GROUP_PARTNERS, OPTION_JOBS, N_("domains examined at once in a batch") },
  { "resume", N_("FILE"), GROUP_BATCH, OPTION_RESUME, N_("leave out the domains that FILE, an earlier JSON output, holds already") },
  { "provider", N_("ID"), GROUP_REQUEST, OPTION_PROVIDER, N_("shape the request for this DNS host (default: the one recognised)") },
  { "output", N_("FILE"), GROUP_REQUEST | GROUP_DKIM_KEY | GROUP_PARTNERS, OPTION_OUTPUT, N_("write to FILE, which must not exist yet") },
  { "zone", N_("NAME"), GROUP_REQUEST, OPTION_ZONE, N_("only the changes of this zone (a request for each of several operators)") },
  { "request", N_("FILE"), GROUP_VERIFY, OPTION_REQUEST, N_("what was asked for: a change request in JSON (default: the newest in the domain's case)") },
  { "requester", N_("TEXT"), GROUP_REQUEST, OPTION_REQUESTER, N_("who asks for the change") },
  { "language", N_("en|cy"), GROUP_REQUEST | GROUP_WIZARD | GROUP_HELP, OPTION_LANGUAGE, N_("language of the text") },
  { "guidance", N_("today|2020"), GROUP_GUIDANCE | GROUP_WIZARD, OPTION_GUIDANCE, N_("today's advice, or the guidance of 2020 to the letter") },
  { "plain", NULL, GROUP_WIZARD, OPTION_PLAIN, N_("line by line, for screen readers and simple terminals") },
  { "colour", N_("auto|none|high"), GROUP_WIZARD, OPTION_COLOUR, N_("colours of the screen") },
  { "ascii", NULL, GROUP_WIZARD, OPTION_ASCII, N_("use no other signs than ASCII") },
  { "script", N_("FILE"), GROUP_WIZARD, OPTION_SCRIPT, N_("drive the wizard from a file, for tests") },
  { "ip", N_("ADDR"), GROUP_SPF, OPTION_IP, N_("address of the sending server") },
  { "sender", N_("ADDR"), GROUP_SPF, OPTION_SENDER, N_("envelope sender; empty for none") },
  { "helo", N_("NAME"), GROUP_SPF, OPTION_HELO, N_("name that the server gives in HELO") },
  { "domain", N_("DOMAIN"), GROUP_LINT, OPTION_DOMAIN, N_("the domain that the record is for") },
  { "search", N_("WORDS"), GROUP_HELP, OPTION_SEARCH, N_("find help pages by words") },
  { "value", NULL, GROUP_SHOW, OPTION_VALUE, N_("print the bare value only") },
  { "watch", NULL, GROUP_VERIFY, OPTION_WATCH, N_("look again until every record is live") },
  { "interval", N_("SECONDS"), GROUP_VERIFY, OPTION_INTERVAL, N_("time between two looks of --watch (30)") },
  { "scenario", N_("FILE"), GROUP_PRACTICE, OPTION_SCENARIO, N_("the practice estate's scenario file") },
  { "ports", N_("FILE"), GROUP_PRACTICE, OPTION_PORTS, N_("write the estate's addresses and ports to FILE, as JSON") },
  { "slip", N_("NAME"), GROUP_PROVIDER, OPTION_SLIP, N_("the practice provider makes this mistake") },
  { "delay", N_("SECONDS"), GROUP_PROVIDER, OPTION_DELAY, N_("the practice provider waits so long") },
  { "one-server", NULL, GROUP_PROVIDER, OPTION_ONE_SERVER, N_("the practice provider changes one name server only") },
  { "type", N_("rsa2048|rsa4096|ed25519"), GROUP_DKIM_KEY, OPTION_KEY_TYPE, N_("kind of key (rsa2048)") },
  { "mail-system", N_("ID"), GROUP_PARTNERS, OPTION_MAIL_SYSTEM, N_("write the exceptions list in this mail system's form") },
  { "help", NULL, ~0u, OPTION_HELP, N_("this help") },
};

size_t cli_option_count(void) { return MEM_COUNT(options); }
const struct cli_option *cli_option_at(size_t index) { return &options[index]; }

/* ---- values ---- */

static bool read_number(const char *text, uint64_t least, uint64_t most, uint64_t *out) {
  uint64_t value = 0;
  if (!is_digit(*text)) return false;
  for (; is_digit(*text); text++) {
    value = value * 10 + (uint64_t)(*text - '0');
    if (value > most) return false;
  }
  *out = value;
  return !*text && value >= least;
}

static bool read_port(const char *text, uint16_t *out, const char *option, struct fault *fault) {
  uint64_t value;
  if (!read_number(text, 1, 65535, &value)) {
    fault_set(fault, _("--%s must be a port number from 1 to 65535, not \"%s\""), option, text);
    return false;
  }
  *out = (uint16_t)value;
  return true;
}

static bool read_ms(const char *text, uint32_t *out, const char *option, struct fault *fault) {
  char *end;
  double seconds = is_digit(*text) || *text == '.' ? strtod(text, &end) : -1;
  if (seconds < 0 || *end || seconds > 3600) {
    fault_set(fault, _("--%s must be a number of seconds up to 3600, not \"%s\""), option, text);
    return false;
  }
  *out = (uint32_t)(seconds * 1000);
  return true;
}

static void add_text(struct arena *arena, const char ***list, size_t *count, const char *text) {
  const char **grown = ARENA_ARRAY(arena, const char *, *count + 1);
  if (*count) memcpy(grown, *list, *count * sizeof *grown);
  grown[(*count)++] = text;
  *list = grown;
}

static bool read_timeout(const char *text, uint32_t *out, const char *option, struct fault *fault) {
  if (!read_ms(text, out, option, fault)) return false;
  if (*out == 0) fault_set(fault, _("--%s must be more than 0 seconds: no answer comes in no time"), option);
  return *out > 0;
}

/* A selector is one label or several (RFC 6376 section 3.1); providers use underscores too. The name of a whole record, which is what people copy, is cut to it. */
static bool read_selector(struct cli *cli, const char *text, struct fault *fault) {
  const char *name = name_lower(cli->arena, text), *rest = strstr(name, "._domainkey");
  const char *selector = rest ? arena_strndup(cli->arena, name, (size_t)(rest - name)) : name;
  bool good = name_is_valid(arena_printf(cli->arena, "%s._domainkey", selector)) && !selector[strspn(selector, "abcdefghijklmnopqrstuvwxyz0123456789-_.")];
  if (!good) {
    fault_set(fault, _("\"%.60s\" is no selector: use letters, digits and hyphens"), text);
    return false;
  }
  add_text(cli->arena, &cli->selectors, &cli->selector_count, selector);
  cli->selector_name = text;
  return true;
}

/* Told at once, and not when the first certificate is looked at. */
static bool read_ca_file(struct cli *cli, const char *path, struct fault *fault) {
  enum { MOST = 16 << 20 };
  size_t length;
  char *text = file_read(path, MOST, &length, fault);
  bool good = text && strstr(text, "-----BEGIN ");
  if (text && !good) fault_set(fault, _("%s holds no certificate in PEM form"), path);
  free(text);
  cli->observe.ca_file = path;
  return good;
}

static bool read_topics(const char *list, unsigned *out, const char *option, struct fault *fault) {
  unsigned topics = 0;
  while (*list) {
    char one[16];
    size_t length = strcspn(list, ",");
    enum topic topic;
    snprintf(one, sizeof one, "%.*s", (int)(length < 15 ? length : 15), list);
    if (!topic_from_name(one, &topic)) {
      fault_set(fault, _("--%s does not know the topic \"%s\". Topics: ns mx address spf dkim dmarc tlsrpt mtasts tls dane gsi"), option, one);
      return false;
    }
    topics |= 1u << topic;
    list += length;
    if (*list == ',') list++;
  }
  *out = topics;
  return true;
}

/* HOST:ADDR[:PORT], an IPv6 address in brackets, as curl has it; HOST may be empty: every host. */
static bool read_connect_to(struct cli *cli, const char *text, struct fault *fault) {
  const char *colon = strchr(text, ':');
  struct ip ip;
  uint16_t port = 0;
  if (!colon || !ip_parse_endpoint(colon + 1, &ip, &port)) {
    fault_set(fault, _("--connect-to must be HOST:ADDR or HOST:ADDR:PORT, not \"%s\""), text);
    return false;
  }
  char address[IP_TEXT];
  ip_format(&ip, address);
  size_t count = cli->observe.connect_to_count;
  struct connect_to *list = ARENA_ARRAY(cli->arena, struct connect_to, count + 1);
  if (count) memcpy(list, cli->observe.connect_to, count * sizeof *list);
  list[count] = (struct connect_to){ name_lower(cli->arena, arena_strndup(cli->arena, text, (size_t)(colon - text))), arena_strdup(cli->arena, address), port };
  cli->observe.connect_to = list;
  cli->observe.connect_to_count = count + 1;
  return true;
}

static bool one_of(const char *value, const char *choices, const char *option, struct fault *fault) {
  if (text_has_word(choices, value)) return true;
  fault_set(fault, _("--%s must be one of: %s"), option, choices);
  return false;
}

static bool take_network(struct cli *cli, const struct cli_option *option, const char *value, struct fault *fault) {
  unsigned topics = 0;
  switch (option->key) {
  case OPTION_RESOLVER: cli->observe.resolvers = value; return true;
  case OPTION_DNS_PORT: return read_port(value, &cli->observe.dns_port, option->name, fault);
  case OPTION_SMTP_PORT: return read_port(value, &cli->observe.smtp_port, option->name, fault);
  case OPTION_HTTPS_PORT: return read_port(value, &cli->observe.https_port, option->name, fault);
  case OPTION_CONNECT_TO: return read_connect_to(cli, value, fault);
  case OPTION_CA_FILE: return read_ca_file(cli, value, fault);
  case OPTION_TIMEOUT: return read_timeout(value, &cli->observe.timeout_ms, option->name, fault);
  case OPTION_ONLY: return read_topics(value, &cli->topics, option->name, fault);
  case OPTION_SKIP:
    if (!read_topics(value, &topics, option->name, fault)) return false;
    cli->left_out |= topics;
    return true;
  case OPTION_SELECTOR: return read_selector(cli, value, fault);
  case OPTION_DEEP: cli->deep = true; return true;
  case OPTION_EVIDENCE: cli->evidence = value; return true;
  case OPTION_SAVE_EVIDENCE: cli->save_evidence = value; return true;
  default: return false;
  }
}

static bool take_other(struct cli *cli, const struct cli_option *option, const char *value, struct fault *fault) {
  uint64_t number;
  switch (option->key) {
  case OPTION_EARLIER: cli->earlier = value; return true;
  case OPTION_MESSAGE: cli->message = value; return true;
  case OPTION_FORMAT:
    cli->format = value;
    if (option->groups & GROUP_REQUEST || strcmp(value, "json") == 0 || strcmp(value, "text") == 0) return true;
    fault_set(fault, _("--format must be text or json"));
    return false;
  case OPTION_JOBS:
    if (!read_number(value, 1, 10000, &number)) {
      fault_set(fault, _("--jobs must be a number from 1 to 10000, not \"%s\""), value);
      return false;
    }
    cli->jobs = (unsigned)number;
    return true;
  case OPTION_RESUME: cli->resume = value; return true;
  case OPTION_PROVIDER: cli->provider = value; return true;
  case OPTION_OUTPUT: cli->output = value; return true;
  case OPTION_ZONE: cli->zone = value; return true;
  case OPTION_REQUEST: cli->request = value; return true;
  case OPTION_REQUESTER: cli->requester = value; return true;
  case OPTION_LANGUAGE: cli->language = value; return one_of(value, "en cy", option->name, fault);
  case OPTION_GUIDANCE: cli->guidance = value; return one_of(value, "today 2020", option->name, fault);
  case OPTION_PLAIN: cli->plain = true; return true;
  case OPTION_COLOUR: cli->colour = value; return one_of(value, "auto none high", option->name, fault);
  case OPTION_ASCII: cli->ascii = true; return true;
  case OPTION_SCRIPT: cli->script = value; return true;
  case OPTION_IP: cli->ip = value; return true;
  case OPTION_SENDER: cli->sender = value; return true;
  case OPTION_HELO: cli->helo = value; return true;
  case OPTION_DOMAIN: cli->domain_option = value; return true;
  case OPTION_SEARCH: cli->search = value; return true;
  case OPTION_VALUE: cli->value_only = true; return true;
  case OPTION_INTERVAL: return read_ms(value, &cli->interval_ms, option->name, fault);
  case OPTION_WATCH: cli->watch = true; return true;
  case OPTION_SCENARIO: cli->scenario = value; return true;
  case OPTION_PORTS: cli->ports = value; return true;
  case OPTION_SLIP: cli->slip = value; return true;
  case OPTION_DELAY: return read_ms(value, &cli->delay_ms, option->name, fault);
  case OPTION_ONE_SERVER: cli->one_server = true; return true;
  case OPTION_KEY_TYPE: cli->key_type = value; return one_of(value, "rsa2048 rsa4096 ed25519", option->name, fault);
  case OPTION_MAIL_SYSTEM: cli->mail_system = value; return true;
  default: return true;
  }
}

/* ---- reading ---- */

static const struct cli_option *option_named(const char *name, size_t length, unsigned groups) {
  for (size_t i = 0; i < MEM_COUNT(options); i++)
    if (options[i].groups & groups && strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0) return &options[i];
  return NULL;
}

/* The option of that name, or the only one of `groups` that begins so; one of another command when these have none, so that it can be told. */
static const struct cli_option *option_find(const char *name, size_t length, unsigned groups, struct fault *fault) {
  const struct cli_option *found = option_named(name, length, groups), *prefix = NULL;
  if (!found) found = option_named(name, length, ~0u);
  for (size_t i = 0; !found && i < MEM_COUNT(options); i++) {
    if (!(options[i].groups & groups) || strncmp(options[i].name, name, length) != 0) continue;
    if (prefix) {
      fault_set(fault, _("--%.*s could be --%s or --%s. Write it out"), (int)length, name, prefix->name, options[i].name);
      return NULL;
    }
    prefix = &options[i];
  }
  if (!found && !prefix) fault_set(fault, _("There is no option --%.*s. See mailstead --help"), (int)(length > 80 ? 80 : length), name);
  return found ? found : prefix;
}

static bool read_option(struct cli *cli, int argc, char **argv, int *at, bool *want_help, struct fault *fault) {
  const char *name = argv[*at] + 2;
  size_t length = strcspn(name, "=");
  const char *value = name[length] ? name + length + 1 : NULL;
  const struct cli_option *option = length ? option_find(name, length, cli->command->groups, fault) : NULL;
  if (!option) return false;
  if (!(option->groups & cli->command->groups) && option->key != OPTION_HELP) {
    fault_set(fault, _("mailstead %s has no option --%s. See mailstead %s --help"), cli->command->name, option->name, cli->command->name);
    return false;
  }
  if (!option->argument && value) {
    fault_set(fault, _("--%s takes no value"), option->name);
    return false;
  }
  if (option->argument && !value) {
    if (*at + 1 >= argc) {
      fault_set(fault, _("--%s needs a value: %s"), option->name, _(option->argument));
      return false;
    }
    value = argv[++*at];
  }
  if (option->key == OPTION_HELP) *want_help = true;
  return option->key <= OPTION_SAVE_EVIDENCE ? take_network(cli, option, value, fault) : take_other(cli, option, value, fault);
}

/* An option before `practice`'s own command that is not practice's belongs to the wizard there. */
static bool is_for_the_estate(const struct cli *cli, const char *word) {
  struct fault ignored;
  size_t length = strcspn(word + 2, "=");
  const struct cli_option *option = length ? option_find(word + 2, length, ~0u, &ignored) : NULL;
  return cli->command->groups & GROUP_PRACTICE && cli->word_count == 0 && option && !(option->groups & GROUP_PRACTICE) && option->key != OPTION_HELP;
}

static bool read_words(struct cli *cli, int argc, char **argv, bool *want_help, struct fault *fault) {
  bool words_only = false;
  for (int at = 0; at < argc; at++) {
    const char *word = argv[at];
    if (!words_only && strcmp(word, "--") == 0) {
      words_only = true;
    } else if (!words_only && text_starts(word, "--") && is_for_the_estate(cli, word)) {
      cli->rest = argv + at;
      cli->rest_count = argc - at;
      return true;
    } else if (!words_only && text_starts(word, "--")) {
      if (!read_option(cli, argc, argv, &at, want_help, fault)) return false;
    } else if (!words_only && word[0] == '-' && word[1]) {
      if (strcmp(word, "-h") != 0) {
        fault_set(fault, _("There is no option %s. See mailstead --help"), word);
        return false;
      }
      *want_help = true;
    } else if (cli->command->groups & GROUP_PRACTICE && cli->word_count == 0 && strcmp(word, "serve") != 0 && strcmp(word, "provider") != 0) {
      cli->rest = argv + at;
      cli->rest_count = argc - at;
      return true;
    } else {
      add_text(cli->arena, &cli->words, &cli->word_count, word);
    }
  }
  return true;
}

bool cli_read(struct cli *cli, int argc, char **argv, bool *want_help, struct fault *fault) {
  if (!read_words(cli, argc, argv, want_help, fault)) return false;
  cli->topics &= ~cli->left_out;
  if (*want_help) return true;
  if (cli->word_count > cli->command->most_words) {
    const char *word = cli->words[cli->command->most_words];
    fault_set(fault, _("\"%.60s\" is one word too many. See mailstead %s --help"), word, cli->command->name);
    return false;
  }
  if (!cli->topics) fault_set(fault, _("--only and --skip leave no topic to look at"));
  return cli->topics != 0;
}
