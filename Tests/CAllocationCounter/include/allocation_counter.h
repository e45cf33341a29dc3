/// Counts the heap allocations of the whole program: this target defines malloc and its kin in front of glibc's.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// False in a build with a sanitizer, which has an allocator of its own: then nothing is counted.
bool allocation_counter_works(void);

/// Allocations and reallocations so far, by all threads. Frees are not counted.
int64_t allocation_count(void);

/// Stops the program where it next allocates (SIGTRAP), for a debugger to show who that was.
void allocation_trap(bool on);
