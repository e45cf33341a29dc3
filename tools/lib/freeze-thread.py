"""Stops one thread of a process, as a debugger does, until the process ends: freeze-thread.py THREAD

Prints a line when the thread stands still. The other threads go on, which SIGSTOP could not do. Needs root.
"""

import ctypes
import os
import sys

PTRACE_SEIZE, PTRACE_INTERRUPT, WALL = 0x4206, 0x4207, 0x40000000


def ptrace(libc, request, thread):
    if libc.ptrace(ctypes.c_ulong(request), ctypes.c_ulong(thread), None, None) != 0:
        raise OSError(ctypes.get_errno(), f"ptrace({request:#x}) of thread {thread}")


def main():
    thread = int(sys.argv[1])
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    ptrace(libc, PTRACE_SEIZE, thread)
    ptrace(libc, PTRACE_INTERRUPT, thread)
    os.waitpid(thread, WALL)
    print("frozen", flush=True)
    # A tracer that waits for the end lets the parent see it, too.
    os.waitpid(thread, WALL)


main()
