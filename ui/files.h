#ifndef UI_FILES_H
#define UI_FILES_H
#include "ui/wizard.h"

/* Texts that the wizard makes: shown line by line, offered for copying, saved without ever overwriting. */
void files_put_text(struct page *page, const char *title, const char *text, const char *file_name);
/* Saves in ~/mailstead as STEM.txt, or STEM-2.txt where that is taken, and says where. */
void files_save(struct wizard *wizard, const char *stem, const char *suffix, const char *text);
#endif
