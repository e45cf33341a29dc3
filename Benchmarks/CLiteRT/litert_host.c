// See litert_host.h. The prototypes below are those of LiteRT 2.x that are called here, written down from its
// documentation: every handle is a pointer, every function returns 0 on success.
#include "litert_host.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void *handle;

enum { ACCELERATOR_CPU = 1, LOCK_READ = 0, LOCK_WRITE = 1 };

// Filled and read by the library alone; larger than any version's.
typedef struct {
  uint64_t opaque[32];
} tensor_type;

typedef struct {
  int (*LiteRtCreateEnvironment)(int option_count, const void *options, handle *environment);
  int (*LiteRtCreateModelFromFile)(handle environment, const char *path, handle *model);
  int (*LiteRtCreateOptions)(handle *options);
  int (*LiteRtSetOptionsHardwareAccelerators)(handle options, int accelerators);
  int (*LiteRtCreateOpaqueOptions)(const char *kind, void *text, void (*release)(void *), handle *options);
  int (*LiteRtAddOpaqueOptions)(handle options, handle opaque);
  int (*LiteRtCreateCompiledModel)(handle environment, handle model, handle options, handle *compiled);
  int (*LiteRtCompiledModelIsFullyAccelerated)(handle compiled, bool *whole);
  int (*LiteRtGetModelSignature)(handle model, size_t index, handle *signature);
  int (*LiteRtGetSignatureInputTensorByIndex)(handle signature, size_t index, handle *tensor);
  int (*LiteRtGetSignatureOutputTensorByIndex)(handle signature, size_t index, handle *tensor);
  int (*LiteRtGetRankedTensorType)(handle tensor, tensor_type *type);
  int (*LiteRtGetCompiledModelInputBufferRequirements)(handle compiled, size_t signature, size_t index, handle *needs);
  int (*LiteRtGetCompiledModelOutputBufferRequirements)(handle compiled, size_t signature, size_t index, handle *needs);
  int (*LiteRtCreateManagedTensorBufferFromRequirements)(
      handle environment, const tensor_type *type, handle needs, handle *buffer);
  int (*LiteRtGetTensorBufferPackedSize)(handle buffer, size_t *bytes);
  int (*LiteRtLockTensorBuffer)(handle buffer, void **address, int mode);
  int (*LiteRtUnlockTensorBuffer)(handle buffer);
  int (*LiteRtRunCompiledModel)(
      handle compiled, size_t signature, size_t input_count, handle *inputs, size_t output_count, handle *outputs);
  void (*LiteRtDestroyTensorBuffer)(handle buffer);
  void (*LiteRtDestroyCompiledModel)(handle compiled);
  void (*LiteRtDestroyOptions)(handle options);
  void (*LiteRtDestroyModel)(handle model);
  void (*LiteRtDestroyEnvironment)(handle environment);
} api;

struct litert_host {
  api api;
  handle environment, model, options, compiled, input, output;
};

/// The name of the first function that the library lacks, or NULL.
static const char *load(api *api, void *library) {
#define FIND(name)                                     \
  *(void **)&api->name = dlsym(library, #name); \
  if (api->name == NULL) return #name
  FIND(LiteRtCreateEnvironment);
  FIND(LiteRtCreateModelFromFile);
  FIND(LiteRtCreateOptions);
  FIND(LiteRtSetOptionsHardwareAccelerators);
  FIND(LiteRtCreateOpaqueOptions);
  FIND(LiteRtAddOpaqueOptions);
  FIND(LiteRtCreateCompiledModel);
  FIND(LiteRtCompiledModelIsFullyAccelerated);
  FIND(LiteRtGetModelSignature);
  FIND(LiteRtGetSignatureInputTensorByIndex);
  FIND(LiteRtGetSignatureOutputTensorByIndex);
  FIND(LiteRtGetRankedTensorType);
  FIND(LiteRtGetCompiledModelInputBufferRequirements);
  FIND(LiteRtGetCompiledModelOutputBufferRequirements);
  FIND(LiteRtCreateManagedTensorBufferFromRequirements);
  FIND(LiteRtGetTensorBufferPackedSize);
  FIND(LiteRtLockTensorBuffer);
  FIND(LiteRtUnlockTensorBuffer);
  FIND(LiteRtRunCompiledModel);
  FIND(LiteRtDestroyTensorBuffer);
  FIND(LiteRtDestroyCompiledModel);
  FIND(LiteRtDestroyOptions);
  FIND(LiteRtDestroyModel);
  FIND(LiteRtDestroyEnvironment);
#undef FIND
  return NULL;
}

/// What failed, or NULL.
static const char *compile(litert_host *host, const char *network) {
  const api *api = &host->api;
  if (api->LiteRtCreateEnvironment(0, NULL, &host->environment)) return "no environment";
  if (api->LiteRtCreateModelFromFile(host->environment, network, &host->model)) return "cannot read the network";
  if (api->LiteRtCreateOptions(&host->options)) return "no options";
  if (api->LiteRtSetOptionsHardwareAccelerators(host->options, ACCELERATOR_CPU)) return "no processor to run on";
  handle opaque = NULL;
  if (api->LiteRtCreateOpaqueOptions("xnnpack", strdup("num_threads = 1\n"), free, &opaque) ||
      api->LiteRtAddOpaqueOptions(host->options, opaque))
    return "cannot set one thread";
  if (api->LiteRtCreateCompiledModel(host->environment, host->model, host->options, &host->compiled))
    return "cannot compile the network";
  bool whole = false;
  if (api->LiteRtCompiledModelIsFullyAccelerated(host->compiled, &whole) || !whole)
    return "XNNPACK does not take all of the network";
  return NULL;
}

static const char *make_buffers(litert_host *host) {
  const api *api = &host->api;
  handle signature = NULL, input = NULL, output = NULL, input_needs = NULL, output_needs = NULL;
  tensor_type input_type, output_type;
  if (api->LiteRtGetModelSignature(host->model, 0, &signature) ||
      api->LiteRtGetSignatureInputTensorByIndex(signature, 0, &input) ||
      api->LiteRtGetSignatureOutputTensorByIndex(signature, 0, &output) ||
      api->LiteRtGetRankedTensorType(input, &input_type) || api->LiteRtGetRankedTensorType(output, &output_type))
    return "the network's signature cannot be read";
  if (api->LiteRtGetCompiledModelInputBufferRequirements(host->compiled, 0, 0, &input_needs) ||
      api->LiteRtGetCompiledModelOutputBufferRequirements(host->compiled, 0, 0, &output_needs) ||
      api->LiteRtCreateManagedTensorBufferFromRequirements(host->environment, &input_type, input_needs, &host->input) ||
      api->LiteRtCreateManagedTensorBufferFromRequirements(host->environment, &output_type, output_needs, &host->output))
    return "no input and output buffers";
  return NULL;
}

litert_host *litert_host_create(const char *library, const char *network, char *problem, size_t capacity) {
  void *opened = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (opened == NULL) {
    snprintf(problem, capacity, "%s", dlerror());
    return NULL;
  }
  litert_host *host = calloc(1, sizeof *host);
  if (host == NULL) return NULL;
  const char *failure = load(&host->api, opened);
  if (failure != NULL) {
    snprintf(problem, capacity, "%s has no %s", library, failure);
    free(host);
    return NULL;
  }
  failure = compile(host, network);
  if (failure == NULL) failure = make_buffers(host);
  if (failure == NULL) return host;
  snprintf(problem, capacity, "%s: %s", network, failure);
  litert_host_destroy(host);
  return NULL;
}

static bool copy(litert_host *host, handle buffer, int mode, float *values, const float *source, size_t count) {
  size_t bytes = 0;
  void *address = NULL;
  if (host->api.LiteRtGetTensorBufferPackedSize(buffer, &bytes) || bytes != count * sizeof(float)) return false;
  if (host->api.LiteRtLockTensorBuffer(buffer, &address, mode)) return false;
  if (mode == LOCK_WRITE) {
    memcpy(address, source, bytes);
  } else {
    memcpy(values, address, bytes);
  }
  return host->api.LiteRtUnlockTensorBuffer(buffer) == 0;
}

bool litert_host_set_input(litert_host *host, const float *values, size_t count) {
  return copy(host, host->input, LOCK_WRITE, NULL, values, count);
}

bool litert_host_get_output(litert_host *host, float *values, size_t count) {
  return copy(host, host->output, LOCK_READ, values, NULL, count);
}

bool litert_host_run(litert_host *host) {
  return host->api.LiteRtRunCompiledModel(host->compiled, 0, 1, &host->input, 1, &host->output) == 0;
}

void litert_host_destroy(litert_host *host) {
  if (host == NULL) return;
  const api *api = &host->api;
  if (host->output != NULL) api->LiteRtDestroyTensorBuffer(host->output);
  if (host->input != NULL) api->LiteRtDestroyTensorBuffer(host->input);
  if (host->compiled != NULL) api->LiteRtDestroyCompiledModel(host->compiled);
  if (host->options != NULL) api->LiteRtDestroyOptions(host->options);
  if (host->model != NULL) api->LiteRtDestroyModel(host->model);
  if (host->environment != NULL) api->LiteRtDestroyEnvironment(host->environment);
  free(host);
}
