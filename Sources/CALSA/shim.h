// Exists because Swift imports C through a module map.
#include <alsa/asoundlib.h>
