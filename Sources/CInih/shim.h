// Exists because Swift imports C through a module map.
#include <ini.h>
