/// A TFLite network run by LiteRT's C API: the peer of the int8 benchmarks.
///
/// The library comes from the `ai-edge-litert` wheel, which has no headers, and is opened at run time, so that nothing
/// of the package needs it to build. Its delegate XNNPACK runs on one thread, in the calling thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct litert_host litert_host;

/// Opens `library` and compiles `network` for the processor. NULL on failure: then `problem`, a buffer of `capacity`
/// characters, says what failed. A network that XNNPACK does not take whole is a failure, too.
litert_host *_Nullable litert_host_create(
    const char *_Nonnull library, const char *_Nonnull network, char *_Nonnull problem, size_t capacity);

/// Copies the input, `count` floats. False if the network's input has another size.
bool litert_host_set_input(litert_host *_Nonnull host, const float *_Nonnull values, size_t count);

/// Runs the network once. This is what is timed.
bool litert_host_run(litert_host *_Nonnull host);

/// Copies the output, `count` floats. False if it has another size.
bool litert_host_get_output(litert_host *_Nonnull host, float *_Nonnull values, size_t count);

/// Frees everything but the library, which cannot be unloaded safely.
void litert_host_destroy(litert_host *_Nullable host);
