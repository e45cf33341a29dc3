// Exists because Swift imports C through a module map.
#include <sqlite3.h>
