// Exists because Swift's Glibc module is built without _GNU_SOURCE and so does not show these two calls of Linux.
// They are in every glibc since 2.27. Can be deleted when Glibc shows them.
#pragma once
#include <stddef.h>
#include <sys/signalfd.h>  // signals as something to read: not in Swift's Glibc module at all
#include <sys/types.h>

// A file in memory, without a name: memfd_create(2).
int memfd_create(const char *name, unsigned int flags);

// Copies what waits in one pipe to another without taking it out of the first: tee(2).
ssize_t tee(int from, int to, size_t length, unsigned int flags);

// MFD_CLOEXEC of <linux/memfd.h>.
enum { SERD_MFD_CLOEXEC = 1 };
