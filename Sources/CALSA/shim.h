// Exists because Swift imports C through a module map, and because Swift can neither take the address of a variadic C
// function nor write one.
#pragma once
#include <alsa/asoundlib.h>

static inline void serd_alsa_say_nothing(
    const char *file, int line, const char *function, int error, const char *format, ...) {
  (void)file, (void)line, (void)function, (void)error, (void)format;
}

// libasound writes to stderr whatever goes wrong inside it; after this it is silent. Its calls return the error anyway.
static inline void serd_alsa_silence(void) { snd_lib_error_set_handler(serd_alsa_say_nothing); }
