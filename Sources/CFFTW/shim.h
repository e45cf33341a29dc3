// Exists because Swift imports C through a module map. The library itself is found through fftw3f.pc.
#include <fftw3.h>
