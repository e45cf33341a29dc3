// Exists because Swift imports C through a module map.
#include <mpg123.h>
