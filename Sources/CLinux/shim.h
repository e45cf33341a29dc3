// Exists because Swift's Glibc module is built without _GNU_SOURCE and so does not show these calls of Linux, nor eventfd, inotify
// (before Swift 6.1) and signalfd. They are in every glibc since 2.27. Can be deleted when Glibc shows them.
#pragma once
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

// MFD_CLOEXEC of <linux/memfd.h>.
enum { SERD_MFD_CLOEXEC = 1 };

// Flags that C has as enums of their own types.
static inline int serd_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
static inline int serd_inotify(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }
