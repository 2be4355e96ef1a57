#ifndef CLI_NAMES_H
#define CLI_NAMES_H
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

/* The names of a batch: the words of the command line, or standard input line by line. A slow pipe never holds up the loop. */

struct names;
enum names_state { NAMES_LINE, NAMES_WAIT, NAMES_OVER };

/* `more` is called from the loop when a line may have come after NAMES_WAIT. The words are borrowed. */
struct names *names_of_words(const char **words, size_t count);
struct names *names_of_input(uv_loop_t *loop, void (*more)(void *context), void *context);
/* The next line, without its end, valid until the next call. A line that is too long is given as far as it goes; a NUL in it is given as SUB, which no name
 * can hold. What marks a file as UTF-8 at its head is no part of the line. */
enum names_state names_next(struct names *names, const char **out);
size_t names_line_number(const struct names *names); /* of the line that was given last; 0: it was a word of the command line */
int names_error(const struct names *names);          /* errno of what ended the reading before the end of the input; 0: nothing did */
void names_stop(struct names *names); /* no more: closes what lies on the loop */
void names_free(struct names **names);
#endif
