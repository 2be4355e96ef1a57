#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/cli/lib.h"
#include "src/guidance/help.h"
#include "src/guidance/lib.h"
#include "ui/lib.h"

static bool wants_plain(const struct cli *cli) {
  const char *term = getenv("TERM");
  return cli->plain || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !term || !*term || strcmp(term, "dumb") == 0;
}

int cli_wizard(struct cli *cli) {
  struct fault fault = { "" };
  const char *domain = NULL;
  if (cli->word_count > 1 || (cli->word_count == 1 && !strchr(cli->words[0], '.'))) {
    fault_set(&fault, _("There is no command \"%s\". See mailstead --help"), text_safe_string(cli->arena, cli->words[0]));
    return cli_refuse(&fault);
  }
  if (cli->word_count == 1 && !(domain = name_from_user(cli->arena, cli->words[0], &fault))) return cli_refuse(&fault);
  struct ui_options options = { .domain = domain, .plain = wants_plain(cli), .ascii = cli->ascii, .practice = cli->practice, .colour = cli->colour, .script = cli->script,
                                .guidance_2020 = cli->guidance && strcmp(cli->guidance, "2020") == 0, .observe = &cli->observe };
  struct live live;
  struct ui_evidence evidence;
  if (cli->evidence) {
    if (!live_open(&live, cli, &fault)) return cli_refuse(&fault);
    evidence = (struct ui_evidence){ live.store, live.smtp_reachable, live.https_reachable, live.test_network, live.figures.questions, live.figures.elapsed_ms };
    options.evidence = &evidence;
  }
  int status = ui_run(&options, &fault);
  if (cli->evidence) live_close(&live);
  return *fault.text ? cli_refuse(&fault) : status;
}

int cli_guidance(struct cli *cli) {
  if (cli->format && strcmp(cli->format, "json") == 0) return print_json_line(guidance_json()) ? 0 : EXIT_BAD_USAGE;
  unsigned section = 0;
  printf(_("The guidance of %s, as the wizard walks it. Facts from GOV.UK under the Open Government Licence v3.0.\n"), GUIDANCE_DATE);
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    if (step->section != section) printf("\n%u  %s\n", step->section, guidance_section_title(step->section));
    section = step->section;
    printf("  %-22s %s\n%25s[%s]\n", step->id, _(step->title), "", step->ids);
  }
  return 0;
}

static int print_search(struct cli *cli) {
  struct help_hit hits[12];
  size_t count = help_search(cli->arena, cli->search, hits, 12);
  for (size_t i = 0; i < count; i++) printf("%-18s %s\n    ...%s...\n", hits[i].topic, hits[i].title, hits[i].excerpt);
  if (!count) printf("%s\n", _("Nothing was found. mailstead help lists all pages."));
  return 0;
}

int cli_help(struct cli *cli) {
  struct fault fault = { "" };
  if (cli->search) return print_search(cli);
  if (cli->word_count == 0) {
    size_t count;
    const char *const *topics = help_topics(&count);
    printf("%s\n\n", _("Help pages. Read one with: mailstead help TOPIC"));
    for (size_t i = 0; i < count; i++) printf("  %-18s %s\n", topics[i], help_title(cli->arena, topics[i]));
    return 0;
  }
  const char *text = help_text(cli->arena, cli->words[0]);
  const struct rule *rule = text ? NULL : rule_find(cli->words[0]);
  if (text) {
    fputs(text, stdout);
  } else if (rule) {
    printf("# %s\n\n%s\n\n%s\n\n%s\n\n%s\n", rule->id, _(rule->detail), *rule->meaning ? _(rule->meaning) : "", *rule->remedy ? _(rule->remedy) : "", rule->reference);
  } else {
    fault_set(&fault, _("There is no help page \"%s\". mailstead help lists them all"), text_safe_string(cli->arena, cli->words[0]));
    return cli_refuse(&fault);
  }
  return 0;
}
