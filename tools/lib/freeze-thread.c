// Stops one thread of a process, as a debugger does, until the process ends: freeze-thread THREAD. The other threads go
// on, which SIGSTOP could not do. Prints a line when the thread stands still. Needs root.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

int main(int count, char **arguments) {
  pid_t thread = count == 2 ? atoi(arguments[1]) : 0;
  if (ptrace(PTRACE_SEIZE, thread, NULL, NULL) || ptrace(PTRACE_INTERRUPT, thread, NULL, NULL)) {
    perror("freeze-thread");
    return 1;
  }
  waitpid(thread, NULL, __WALL);
  puts("frozen");
  fflush(stdout);
  // The end, which a tracer must see before the parent can.
  waitpid(thread, NULL, __WALL);
  return 0;
}
