// Exists because Swift's Glibc module is built without _GNU_SOURCE and so does not show these calls of Linux, nor
// eventfd, inotify (before Swift 6.1) and signalfd. They are in every glibc since 2.27. Can be deleted when Glibc shows
// them.
#pragma once
#include <elf.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/types.h>

// A file in memory, without a name: memfd_create(2).
int memfd_create(const char *name, unsigned int flags);

// Copies what waits in one pipe to another without taking it out of the first: tee(2).
ssize_t tee(int from, int to, size_t length, unsigned int flags);

// The name of a thread, at most 15 bytes: pthread_setname_np(3). The thread's id is an unsigned long in glibc.
int pthread_setname_np(unsigned long thread, const char *name);

// Gives free memory of the heap back to the kernel: malloc_trim(3).
int malloc_trim(size_t pad);

// The processors that a thread may use, a bit each: sched_getaffinity(2). 0 is this thread.
int sched_getaffinity(int thread, size_t size, void *set);

// The start of glibc's struct dl_phdr_info, and dl_iterate_phdr(3), which calls back for the program and each library.
struct serd_loaded_object {
  Elf64_Addr address;
  const char *name;
  const Elf64_Phdr *headers;
  Elf64_Half header_count;
};
typedef int serd_object_visitor(const struct serd_loaded_object *object, size_t size, void *context);
int serd_visit_loaded_objects(serd_object_visitor *visitor, void *context) __asm__("dl_iterate_phdr");

// MFD_CLOEXEC of <linux/memfd.h>.
enum { SERD_MFD_CLOEXEC = 1 };

// Flags that C has as enums of their own types.
static inline int serd_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
static inline int serd_inotify(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }
