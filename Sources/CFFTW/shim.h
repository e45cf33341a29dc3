// Exists because Swift imports C through a module map. fftw3f is found through its own pkg-config file.
#include <fftw3.h>
