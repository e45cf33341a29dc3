// Exists because Swift imports C through a module map.
#include <systemd/sd-daemon.h>
