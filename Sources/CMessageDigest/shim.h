// Exists because Swift imports C through a module map. libmd is in every Debian (dpkg needs it); used for SHA-256.
#include <sys/types.h>
#include <stdint.h>
#include <sha2.h>
