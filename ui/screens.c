#include "ui/screens.h"

#define UI_SCREEN_ROW(id, name) [SCREEN_##id] = &screen_##name,
static const struct screen *const screens[SCREEN_COUNT] = { UI_SCREENS(UI_SCREEN_ROW) };

const struct screen *ui_screen(enum screen_id id) { return screens[id]; }
