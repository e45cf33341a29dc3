// Exists because Swift imports C through a module map. cblas.h is found only through openblas.pc.
#include <cblas.h>
