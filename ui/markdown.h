#ifndef UI_MARKDOWN_H
#define UI_MARKDOWN_H
#include "ui/page.h"

/* Puts a Markdown text (md4c) on the page: headings, paragraphs, lists, code, tables as rows; links become numbered rows at the end, with the
 * id "topic:NAME". */
void markdown_put(struct page *page, const char *text);
#endif
