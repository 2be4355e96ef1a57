#include "src/cli/batch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks/key_book.h"
#include "src/cli/name_set.h"
#include "src/cli/names.h"
#include "src/cli/resume.h"

enum {
  SHARED_ANSWERS = 1024, PROGRESS_MS = 500, FIRST_ARENA = 768,
  LEAST_JOBS = 16,  /* at once, whatever the network says */
  MOST_JOBS = 160,  /* unless --jobs says otherwise: enough for answers that take long */
  NEW_JOBS = 4,     /* begun in one turn of the loop: their questions show only at the next */
};

struct batch {
  struct cli *cli;
  uv_loop_t loop;
  struct observers *observers;
  struct names *names;
  struct resume *resume;
  struct name_set *met;          /* the domains of the list so far */
  struct key_book *keys;         /* DKIM keys of the domains that have been told */
  uv_signal_t signals[2];
  uv_timer_t progress;
  uv_prepare_t turn;             /* each turn of the loop begins domains while the network has room */
  bool as_json, interrupted, over, refused /* what is written is not taken any more */, unread /* the list could not be read to its end */, on_terminal;
  struct job *jobs;              /* those running */
  struct buf out;
  struct buf amendments;         /* of reports that were written before */
  unsigned running, finished, given_up, left_out, repeated, wrong, amended;
  unsigned counts[SEVERITY_SKIPPED + 1];
  uint64_t questions;
  int64_t started;
};

struct job {
  struct batch *batch;
  struct arena *arena;
  struct inquiry inquiry;
  struct examination *examination;
  int64_t time;
  struct job *next, **link;      /* `link` points to the pointer that points here */
};

/* ---- standard error ---- */

static void clear_progress(const struct batch *batch) {
  if (uv_is_active((const uv_handle_t *)&batch->progress)) fputs("\r\033[K", stderr);
}

static void on_progress(uv_timer_t *timer) {
  const struct batch *batch = timer->data;
  double seconds = (double)(clock_monotonic_ms() - batch->started) / 1000;
  fputc('\r', stderr);
  fprintf(stderr, _("%u finished, %u running, %.0f a second "), batch->finished, batch->running, seconds > 0 ? batch->finished / seconds : 0);
}

static void summary(const struct batch *batch) {
  const unsigned *counts = batch->counts;
  fprintf(stderr, _("%u domains: %u good, %u with warnings, %u with problems, %u that could not be looked at. %llu questions in %.1f seconds.\n"), batch->finished,
          counts[SEVERITY_PASS] + counts[SEVERITY_INFO], counts[SEVERITY_WARN], counts[SEVERITY_FAIL], counts[SEVERITY_UNKNOWN],
          (unsigned long long)batch->questions, (double)(clock_monotonic_ms() - batch->started) / 1000);
  if (batch->left_out) fprintf(stderr, _("%u were in the earlier output already.\n"), batch->left_out);
  if (batch->repeated) fprintf(stderr, _("%u lines named a domain that an earlier line had named.\n"), batch->repeated);
  if (batch->wrong) fprintf(stderr, _("%u lines were no domain names.\n"), batch->wrong);
  if (batch->amended) fprintf(stderr, _("%u DKIM keys stand at several domains; those told first have a second entry for it.\n"), batch->amended);
  if (batch->given_up) fprintf(stderr, _("%u that were under way were given up.\n"), batch->given_up);
}

/* ---- names ---- */

static void refuse(struct batch *batch, const struct fault *fault) {
  clear_progress(batch);
  cli_refuse(fault);
}

static void refuse_line(struct batch *batch, const struct fault *fault) {
  size_t number = names_line_number(batch->names);
  struct fault told = *fault;
  if (number) fault_set(&told, _("Line %zu: %s"), number, fault->text);
  refuse(batch, &told);
  batch->wrong++;
}

/* True: the domain has not been reported, nor named before. */
static bool is_new(struct batch *batch, const char *domain) {
  if (resume_holds(batch->resume, domain)) batch->left_out++;
  else if (!name_set_add(batch->met, domain, strlen(domain))) batch->repeated++;
  else return true;
  return false;
}

/* The next domain to examine, in `arena`; blank lines and comments are passed over, what is no domain is told on stderr. */
static enum names_state next_domain(struct batch *batch, struct arena *arena, const char **out) {
  const char *typed;
  enum names_state state;
  while ((state = names_next(batch->names, &typed)) == NAMES_LINE) {
    struct fault fault = { "" };
    while (is_space(*typed)) typed++;
    if (!*typed || *typed == '#') continue;
    *out = name_from_user(arena, typed, &fault);
    if (!*out) refuse_line(batch, &fault);
    else if (is_new(batch, *out)) return NAMES_LINE;
    arena_clear(arena);
  }
  if (state == NAMES_OVER && names_error(batch->names) && !batch->unread) {
    struct fault fault;
    fault_set(&fault, _("The list of domains could not be read: %s"), strerror(names_error(batch->names)));
    refuse(batch, &fault);
    batch->unread = true;
  }
  return state;
}

/* ---- jobs ---- */

/* Standard output that cannot be written any more ends the batch. */
static void write_report(struct batch *batch) {
  if (batch->on_terminal) clear_progress(batch);
  if (print_buf(&batch->out)) return;
  struct fault fault;
  fault_set(&fault, _("The report could not be written: %s"), strerror(errno));
  refuse(batch, &fault);
  batch->refused = batch->interrupted = true;
}

/* The report of the domain that had the key first is written: it gets an entry more. */
static void amend_first(const char *first, const char *later, void *context) {
  static const char between[] = "._domainkey.";
  struct batch *batch = context;
  struct arena *arena = arena_new();
  const char *end = strstr(first, between), *domain = end + sizeof between - 1;
  const struct rule *rule = rule_find("dkim-key-shared-domains");
  struct text_argument other = { "other", text_safe_string(arena, later) };
  struct finding finding = { .rule = rule, .topic = rule->topic, .severity = rule->severity, .arguments = &other, .argument_count = 1,
                             .subject = arena_strndup(arena, first, (size_t)(end - first)) };
  if (batch->as_json) report_amendment_json(&batch->amendments, domain, &finding);
  else report_amendment_text(&batch->amendments, domain, &finding);
  batch->amended++;
  arena_free(&arena);
}

/* A key that another domain of this batch has is found when all of this one is there: then it is judged once more. */
static const struct verdict *verdict_of(struct batch *batch, const struct job *job) {
  struct store *store = examination_store(job->examination);
  bool about_keys = job->inquiry.topics & 1u << TOPIC_DKIM;
  if (!about_keys || !key_book_note(batch->keys, store, job->inquiry.domain, amend_first, batch)) return examination_verdict(job->examination);
  struct inquiry *inquiry = ARENA_NEW(job->arena, struct inquiry);
  *inquiry = *examination_inquiry(job->examination);
  inquiry->keys = batch->keys;
  return examine_store(job->arena, store, inquiry);
}

static void report(struct batch *batch, const struct job *job) {
  const struct verdict *verdict = verdict_of(batch, job);
  struct examination_figures figures = examination_figures(job->examination);
  batch->questions += figures.questions;
  buf_clear(&batch->out);
  if (batch->as_json) {
    report_json(&batch->out, verdict, examination_store(job->examination), &job->inquiry, &figures, job->time);
  } else {
    report_text(&batch->out, verdict, &job->inquiry, &figures);
    buf_char(&batch->out, '\n');
  }
  buf_bytes(&batch->out, buf_string(&batch->amendments), batch->amendments.length);
  buf_clear(&batch->amendments);
  write_report(batch);
  if (batch->refused) return;
  batch->counts[verdict->status]++;
  batch->finished++;
}

static void job_free(struct job *job) {
  struct arena *arena = job->arena;
  if (job->next) job->next->link = job->link;
  *job->link = job->next;
  job->batch->running--;
  examination_free(&job->examination);
  arena_free(&arena);
}

static void give_up(struct batch *batch) {
  batch->given_up += batch->running;
  while (batch->jobs) job_free(batch->jobs);
}

static void on_done(struct examination *examination, void *context) {
  struct job *job = context;
  struct batch *batch = job->batch;
  (void)examination;
  report(batch, job);
  if (batch->refused) give_up(batch);
  else job_free(job);
}

static void start_job(struct batch *batch, struct arena *arena, const char *domain) {
  struct job *job = ARENA_NEW(arena, struct job);
  struct examination_events events = { .done = on_done, .context = job };
  job->batch = batch;
  job->arena = arena;
  job->inquiry = cli_inquiry(batch->cli, domain);
  job->inquiry.test_network = observers_test_network(batch->observers);
  job->time = clock_wall_ms();
  job->next = batch->jobs;
  job->link = &batch->jobs;
  if (job->next) job->next->link = &job->next;
  batch->jobs = job;
  job->examination = examination_start(&batch->loop, batch->observers, &job->inquiry, &events);
  batch->running++;
}

static void stop_handles(struct batch *batch) {
  if (batch->over) return;
  batch->over = true;
  clear_progress(batch);
  names_stop(batch->names);
  for (size_t i = 0; i < MEM_COUNT(batch->signals); i++) uv_close((uv_handle_t *)&batch->signals[i], NULL);
  uv_close((uv_handle_t *)&batch->progress, NULL);
  uv_close((uv_handle_t *)&batch->turn, NULL);
}

/* So many domains are under way as keep the processor busy or the window of questions full; more would only take memory. */
static bool wants_more(const struct batch *batch, unsigned begun) {
  unsigned most = batch->cli->jobs ? batch->cli->jobs : MOST_JOBS;
  if (batch->interrupted || batch->running >= most) return false;
  if (batch->running < LEAST_JOBS) return true;
  bool idle = uv_backend_timeout(&batch->loop) != 0;
  return begun < NEW_JOBS && (idle || begun > 0) && observers_have_room(batch->observers);
}

static void fill(struct batch *batch) {
  enum names_state state = NAMES_LINE;
  for (unsigned begun = 0; state == NAMES_LINE && wants_more(batch, begun); begun++) {
    struct arena *arena = arena_new_sized(FIRST_ARENA);
    const char *domain = NULL;
    state = next_domain(batch, arena, &domain);
    if (state == NAMES_LINE) start_job(batch, arena, domain);
    else arena_free(&arena);
  }
  if (batch->running == 0 && state != NAMES_WAIT) stop_handles(batch);
}

static void on_turn(uv_prepare_t *turn) { fill(turn->data); }

static void on_more_names(void *context) { fill(context); }

/* ---- interruption ---- */

/* The first signal lets the domains under way finish, the second gives them up. Either way the output is whole lines. */
static void on_signal(uv_signal_t *signal, int number) {
  struct batch *batch = signal->data;
  (void)number;
  clear_progress(batch);
  if (!batch->interrupted) {
    batch->interrupted = true;
    fprintf(stderr, "\n%s\n", _("Finishing the domains that are under way; once more gives them up. What is written can be used with --resume."));
  } else {
    give_up(batch);
  }
  if (batch->running == 0) stop_handles(batch);
}

/* ---- the whole ---- */

static int status_of(const struct batch *batch) {
  if (batch->wrong || batch->refused || batch->unread) return EXIT_BAD_USAGE;
  if (batch->counts[SEVERITY_FAIL]) return EXIT_SOMETHING_FAILED;
  return batch->counts[SEVERITY_UNKNOWN] || batch->interrupted ? EXIT_COULD_NOT_LOOK : EXIT_NOTHING_FAILED;
}

static void start_handles(struct batch *batch) {
  static const int numbers[] = { SIGINT, SIGTERM };
  for (size_t i = 0; i < MEM_COUNT(numbers); i++) {
    uv_signal_init(&batch->loop, &batch->signals[i]);
    batch->signals[i].data = batch;
    uv_signal_start(&batch->signals[i], on_signal, numbers[i]);
  }
  uv_timer_init(&batch->loop, &batch->progress);
  uv_prepare_init(&batch->loop, &batch->turn);
  batch->progress.data = batch->turn.data = batch;
  uv_prepare_start(&batch->turn, on_turn);
  if (isatty(STDERR_FILENO)) uv_timer_start(&batch->progress, on_progress, PROGRESS_MS, PROGRESS_MS);
  bool from_input = strcmp(batch->cli->words[0], "-") == 0;
  batch->names = from_input ? names_of_input(&batch->loop, on_more_names, batch) : names_of_words(batch->cli->words, batch->cli->word_count);
}

static void run(struct batch *batch) {
  observers_share(batch->observers, SHARED_ANSWERS);
  start_handles(batch);
  resume_mend_output(batch->resume);
  fill(batch);
  while (!batch->over) uv_run(&batch->loop, UV_RUN_ONCE);
  summary(batch);
  names_free(&batch->names);
}

int batch_run(struct cli *cli, bool as_json, struct fault *fault) {
  struct batch batch = { .cli = cli, .as_json = as_json, .started = clock_monotonic_ms(), .out = BUF_INIT(LONGEST_REPORT), .amendments = BUF_INIT(LONGEST_REPORT) };
  if (cli->resume && !(batch.resume = resume_read(cli->resume, cli->topics, fault))) return EXIT_BAD_USAGE;
  batch.keys = key_book_new();
  batch.met = name_set_new();
  batch.on_terminal = isatty(STDOUT_FILENO);
  uv_loop_init(&batch.loop);
  batch.observers = observers_new(&batch.loop, &cli->observe, fault);
  int status = EXIT_BAD_USAGE;
  if (batch.observers) {
    run(&batch);
    status = status_of(&batch);
  }
  key_book_free(&batch.keys);
  name_set_free(&batch.met);
  observers_free(&batch.observers);
  uv_run(&batch.loop, UV_RUN_DEFAULT);
  uv_loop_close(&batch.loop);
  buf_release(&batch.out);
  buf_release(&batch.amendments);
  resume_free(&batch.resume);
  return status;
}
